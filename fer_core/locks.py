"""Locks that another process sees, and that end with the process that holds them, however it ends."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL, ELOOP
from pathlib import Path
from typing import IO, Final

LOCK_FILE: Final = ".raut-lock"
"""Name of the file in a folder of which `locked_folder` speaks."""

_FAR_BEHIND: Final = 1 << 40
"""Where Windows locks: what is locked there cannot be read by others, and no file of ours is as long."""


class InUseError(OSError):
    """Another process holds the lock."""


def open_locked(path: Path) -> IO[bytes]:
    """Open a file for reading and writing, made where missing; until it is closed, nobody else opens it so.

    On a file system that knows no locks the file is opened all the same.

    Raises:
        InUseError: another process, or another place in this one, has opened it so.
        OSError: it is a link or no file, or cannot be opened.
    """
    flags = os.O_RDWR | os.O_CREAT
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):  # as far as the system has them
        flags |= getattr(os, name, 0)
    while True:
        if os.path.islink(path):  # Windows has no O_NOFOLLOW
            raise OSError(ELOOP, "a link", str(path))
        number = os.open(path, flags, 0o666)
        try:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise OSError(EINVAL, "no ordinary file", str(path))
            _lock(number, path)
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(number), os.stat(path)):
                    return os.fdopen(number, "r+b")
        except BaseException:
            os.close(number)
            raise
        os.close(number)  # whoever held it has removed it meanwhile


def remove_locked(path: Path, file: IO[bytes]) -> None:
    """Close and remove what `open_locked` has opened."""
    if sys.platform == "win32":  # which removes no open file
        file.close()
        path.unlink(missing_ok=True)
    else:  # the lock ends last, or the file of the next holder were removed
        path.unlink(missing_ok=True)
        file.close()


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Inside, nobody else is in here with the same folder.

    Raises:
        InUseError: another process is.
        OSError: the folder cannot be written.
    """
    path = folder / LOCK_FILE
    file = open_locked(path)
    try:
        yield
    finally:
        remove_locked(path, file)


def _lock(number: int, path: Path) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(number, _FAR_BEHIND, os.SEEK_SET)
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise InUseError(error.errno, "in use", str(path)) from error
        finally:
            os.lseek(number, 0, os.SEEK_SET)
    else:
        import fcntl

        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUseError(error.errno, "in use", str(path)) from error
        except OSError:  # a file system without locks
            return
