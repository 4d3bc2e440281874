"""Files that are written whole or not at all, and output that can no longer be written."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TextIO


def partial_file(path: Path) -> Path:
    """The file beside `path` that holds its content until that is complete."""
    return path.with_name("partial-" + path.name)


def write_whole(path: Path, content: str | bytes | memoryview) -> None:
    """Write a file beside its place and put it there in one step; until then the earlier one stays.

    For one writer at a time: two that write the same file together can spoil each other's.

    Args:
        path: in a folder that exists.
        content: text is written in UTF-8, with its line ends as they are.

    Raises:
        OSError: with `path` as its file name; the disk is full, or the folder cannot be written.
    """
    partial = partial_file(path)
    try:
        partial.write_bytes(content.encode() if isinstance(content, str) else content)
        os.replace(partial, path)
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # the partial one means nothing to a reader
        raise
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def discard_unwritten_output(stream: TextIO) -> None:
    """Discard what a stream could not write: Python would try again when it ends, and fail with a traceback."""
    with contextlib.suppress(OSError, ValueError):  # another stream in its place has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
