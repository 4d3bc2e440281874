"""What a file may claim at most, whatever its container, and the error where it claims more."""

from __future__ import annotations

from typing import Final

MAX_ENTRIES: Final = 8_000_000
"""Samples of all tracks: a day at 30 frames a second with sound has 6.6 million. FFmpeg takes about 35 bytes for each."""
MAX_TRACKS: Final = 200
"""Tracks of an MP4 or AVI; a film in all languages has some 60."""
MAX_TEXTS: Final = 2_000
"""Titles, artists and other texts about the file: FFmpeg compares each with all before it."""


class ClaimError(ValueError):
    """The file claims what it cannot hold, or more than is read; the text says which number it is."""


def hold(what: str, count: int, most: int) -> None:
    """Raise a ClaimError where there are more than so many."""
    if count > most:
        raise ClaimError(f"{count} {what}; at most {most} are read")
