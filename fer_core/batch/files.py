"""Which files are meant by what a person typed: files, folders, and patterns."""

from __future__ import annotations

import glob
import os.path
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

PHOTO_ENDINGS: Final = frozenset(
    (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".gif", ".bmp", ".tif", ".tiff")
)
"""What is taken out of a folder; a file that is named itself may be called anything."""


def photo_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield files as they are named, the photos of folders and of their folders, and the matches of patterns.

    Each folder and pattern (such as `*.jpg`) comes in the order of its names. A path that is nothing of these is given back as it
    is: whoever opens it says why that fails.
    """
    for path in paths:
        # Not the methods of `Path`, which raise where a folder on the way is closed.
        if os.path.isdir(path):
            yield from (file for file in sorted(path.rglob("*")) if file.suffix.lower() in PHOTO_ENDINGS)
        elif not os.path.exists(path) and (matches := sorted(glob.glob(str(path), recursive=True))):
            yield from photo_files([Path(name) for name in matches])
        else:
            yield path
