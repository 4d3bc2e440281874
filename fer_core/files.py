"""Files that are written whole or not at all, at the place that a path leads to, and nowhere else."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL, EISDIR
from pathlib import Path
from typing import IO


def written_file(path: Path) -> Path:
    """The file, there or to come, that is written where `path` is: a link leads to its target and stays.

    Raises:
        OSError: `path` leads to a folder, a device, a pipe or a socket, or in a circle.
    """
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:  # also a link to a file that is not there
        return Path(os.path.realpath(path))
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(EINVAL, "no ordinary file", str(path))
    return Path(os.path.realpath(path))


@contextmanager
def replaced_whole(path: Path, mode: int | None = None) -> Iterator[IO[bytes]]:
    """A stream whose content takes the place of a file in one step at the end; until then the earlier one stays.

    What is written lies meanwhile in the same folder, under a name that nobody can guess. Of several writers at
    once the last one counts.

    Args:
        path: in a folder that exists.
        mode: permissions of the file; None for those of the one that is replaced, or of any new file.

    Raises:
        OSError: with `path` as its file name; the disk is full, the folder cannot be written, or `path` leads to
            something that is no file.
    """
    file = written_file(path)
    temporary = file.with_name(f".raut-{secrets.token_hex(8)}.tmp")
    try:
        stream = _new_file(temporary, file, mode)
        try:
            with stream:
                yield stream
            os.replace(temporary, file)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        if error.filename in (None, str(temporary)):  # that one means nothing to a reader
            error.filename, error.filename2 = str(path), None
        raise


def write_whole(path: Path, content: str | bytes | memoryview, mode: int | None = None) -> None:
    """Write a file as `replaced_whole` does.

    Args:
        path, mode: as there.
        content: text is written in UTF-8, with its line ends as they are.

    Raises:
        OSError: as there.
    """
    with replaced_whole(path, mode) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


def check_folder(file: Path) -> None:
    """Make sure that a new file can be made beside `file`, by making one.

    Raises:
        OSError: it cannot be: the folder is missing, or is not to be written.
    """
    probe = file.with_name(f".raut-{secrets.token_hex(8)}.tmp")
    _new_file(probe, file, None).close()
    probe.unlink()


def _new_file(new: Path, earlier: Path, mode: int | None) -> IO[bytes]:
    """A file that nobody else has made, with the permissions of `earlier` where no `mode` is given."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)  # a link is no new file either
    number = os.open(new, flags, 0o666 if mode is None else mode)
    if mode is None and sys.platform != "win32":
        with contextlib.suppress(OSError):  # a new one, or of another owner, whose it cannot be made
            kept = os.stat(earlier)
            os.fchmod(number, stat.S_IMODE(kept.st_mode))
            os.fchown(number, kept.st_uid, kept.st_gid)
    return os.fdopen(number, "wb")
