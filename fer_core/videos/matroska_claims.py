"""The parts of a Matroska or WebM file of which FFmpeg makes much more than their bytes, before FFmpeg sees them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fer_core.videos.claim_limits import MAX_TEXTS, hold

MAX_ATTACHMENTS: Final = 900
"""Tracks and attached files of a Matroska file; a film with fonts for its subtitles has some 200."""
MAX_ELEMENTS: Final = 5_000_000
"""Elements of the outermost levels; those of a recording without sizes, ten hours of it, are 3 million."""
_MAX_BYTES: Final = {
    0x114D9B74: 1 << 17, 0x1549A966: 1 << 20, 0x1654AE6B: 1 << 24, 0x1254C367: 1 << 20, 0x1043A770: 1 << 20,
    0x1C53BB6B: 1 << 23,
}  # fmt: skip
"""SeekHead, Info, Tracks, Tags, Chapters and Cues: FFmpeg takes up to fifty times their bytes."""
_SEGMENT, _TRACKS, _TAGS, _ATTACHMENTS = 0x18538067, 0x1654AE6B, 0x1254C367, 0x1941A469
_TAG, _SIMPLE_TAG = 0x7373, 0x67C8


def check_matroska(content: bytes) -> None:
    """Look at all elements of the outermost levels.

    Args:
        content: of the file; it may be cut short.

    Raises:
        ClaimError: an element is too large, or has too many parts.
    """
    parts = texts = 0
    taken = dict.fromkeys(_MAX_BYTES, 0)
    for count, (identity, begin, end) in enumerate(_top_elements(content)):
        hold("elements", count, MAX_ELEMENTS)
        if identity in taken:
            taken[identity] += end - begin
            hold(f"bytes of element {identity:X}", taken[identity], _MAX_BYTES[identity])
        if identity in (_TRACKS, _ATTACHMENTS):
            for _child in _elements(content, begin, end):
                parts += 1
                hold("tracks and attachments", parts, MAX_ATTACHMENTS)
        elif identity == _TAGS:
            waiting = [(begin, end)]
            while waiting:
                for child, child_begin, child_end in _elements(content, *waiting.pop()):
                    texts += child == _SIMPLE_TAG
                    hold("texts", texts, MAX_TEXTS)
                    if child in (_TAG, _SIMPLE_TAG):
                        waiting.append((child_begin, child_end))


def _top_elements(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Elements of the segments, those of clusters without a size among them."""
    for identity, begin, end in _elements(content, 0, len(content)):
        if identity != _SEGMENT:
            continue
        yield from _elements(content, begin, end)


def _elements(content: bytes, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(id, begin of the content, end) of the elements there; one without a size is entered."""
    at = begin
    while at < end:
        length = 9 - content[at].bit_length()  # of the id: one more than there are zeros in front
        if length > 4:
            return
        identity = int.from_bytes(content[at : at + length], "big")
        at += length
        if at >= end:
            return
        length = 9 - content[at].bit_length()
        if length > 8:
            return
        size = int.from_bytes(content[at : at + length], "big") & ((1 << 7 * length) - 1)
        at += length
        unknown = size == (1 << 7 * length) - 1
        yield identity, at, end if unknown else min(end, at + size)
        if unknown and identity == _SEGMENT:
            return
        at += 0 if unknown else size
