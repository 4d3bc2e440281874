"""Files that people name: the endings of pictures, what a folder or a pattern means, and reading one file.

The same for the command line, the pages and the data set. Links are followed, and a folder that is reached by two ways
is looked through once, so that loops end. What is no regular file, such as a named pipe, is never waited for.
"""

from __future__ import annotations

import errno
import fnmatch
import glob
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

PICTURE_ENDINGS: Final = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".mpo", ".png", ".webp", ".heic", ".heif", ".hif", ".avif",
    ".gif", ".bmp", ".tif", ".tiff",
)  # fmt: skip
"""What is taken out of a folder, in any case; a file that is named itself may be called anything."""

SIDECAR_ENDINGS: Final = (".aae", ".dop", ".json", ".lrv", ".pp3", ".thm", ".xmp")
"""Of files that cameras and programs put beside a photo, with its settings or a preview of it."""

_SYSTEM_FILES: Final = frozenset(
    ("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r", "__macosx")
)
_COMPANIONS: Final = _SYSTEM_FILES | {
    "@eadir", "#recycle", "@recycle", "#snapshot", "@recently-snapshot", "$recycle.bin",
    "system volume information", "lost+found",
}  # fmt: skip

COMPANION_PATTERN: Final = (
    rf"(^|/)(\.(?!\.?(?:/|$))[^/]*|{'|'.join(map(re.escape, sorted(_COMPANIONS)))})(/|$)"
    rf"|({'|'.join(map(re.escape, SIDECAR_ENDINGS))})$"
)
"""Regular expression, for browsers too and whatever the case, for the path of a file that `is_companion_path` means."""

_ANY_FOLDERS: Final = "**"
_A_FILE: Final[frozenset[int]] = frozenset()
_NOTHING: Final[set[int]] = set()

OnClosed = Callable[[str, OSError], None]
"""Called with a folder that cannot be read, and why."""


class FileTooLargeError(Exception):
    """A file that is larger than what is read.

    Args:
        size_bytes: of it, as far as is known.
    """

    def __init__(self, size_bytes: int) -> None:
        super().__init__(size_bytes)
        self.size_bytes = size_bytes


def is_picture_name(name: str) -> bool:
    """Say whether a file of this name is taken for a picture."""
    return name.lower().endswith(PICTURE_ENDINGS)


def is_companion(name: str) -> bool:
    """Say whether a file or folder of this name is hidden, or put there by a system or a storage device."""
    return name.startswith(".") or name.lower() in _COMPANIONS


def is_companion_path(path: str) -> bool:
    """Say whether a file, or a folder that it lies in, is a companion, or has the ending of a sidecar.

    Args:
        path: with `/` between its parts.
    """
    return re.search(COMPANION_PATTERN, path, re.IGNORECASE) is not None


def is_system_file(path: str) -> bool:
    """Say whether a system put this file there, so that people never see it: a part of what is a companion.

    Args:
        path: with `/` between its parts.
    """
    parts = path.lower().split("/")
    return not _SYSTEM_FILES.isdisjoint(parts) or parts[-1].startswith(("._", ".ds_store"))


def folder_entries(folder: str) -> list[os.DirEntry[str]]:
    """What lies in a folder, by name, without companions.

    Raises:
        OSError: the folder cannot be read.
    """
    return [entry for entry in _all_entries(folder) if not is_companion(entry.name)]


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Say whether this is a folder, or a link to one; a link that leads nowhere is none.

    Raises:
        OSError: a link in a circle, or into a folder that cannot be read.
    """
    return entry.is_dir()


def read_regular_file(path: str, at_most: int) -> bytes:
    """Read the content of a regular file; nothing else is opened or waited for.

    Args:
        path: of the file; links are followed.
        at_most: bytes.

    Raises:
        FileTooLargeError: it has more bytes, whatever the system says of its size.
        OSError: it cannot be opened or read, or is no regular file.
    """
    _check_regular(os.stat(path), path)  # before it is opened: opening a device may do something
    # It may have become another one since. Without O_NONBLOCK, opening a pipe waits for its other end.
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    )
    with open(os.open(path, flags | getattr(os, "O_CLOEXEC", 0)), "rb", buffering=0) as file:
        facts = os.fstat(file.fileno())
        _check_regular(facts, path)
        if facts.st_size > at_most:
            raise FileTooLargeError(facts.st_size)
        content = file.read(facts.st_size + 1) or b""
        if len(content) == facts.st_size > 0:
            return content
        pieces = [content]  # a file that grows, or one of /proc, whose size is 0
        size = len(content)
        while piece := file.read(min(1 << 20, at_most + 1 - size)):
            pieces.append(piece)
            size += len(piece)
            if size > at_most:
                raise FileTooLargeError(size)
    return b"".join(pieces)


def is_pattern(path: Path) -> bool:
    """Say whether the path has signs of a pattern and is not the name of something that exists."""
    return glob.has_magic(str(path)) and not os.path.lexists(path)


def files_of(path: Path, on_closed: OnClosed) -> Iterator[tuple[str, str]]:
    """Yield the pictures of a folder and its folders, or the files that a pattern matches, in the order of their names.

    In a pattern, `*`, `?` and `[...]` stand for parts of a name and `**` for any folders on the way. What exists under
    the very name is meant by it, brackets or not. A folder that matches stands for its pictures, and so does a last
    part that ends in `*`: it leaves out files with other endings. Companions are left out.

    Args:
        path: a folder or a pattern.
        on_closed: told of folders on the way that cannot be read; the others are.

    Returns:
        Pairs of the path as it is to be shown, and the real one, which is the same for two links to one file. A file may
        come twice.
    """
    base, parts = path.anchor, path.parts[1:] if path.anchor else path.parts
    while parts and os.path.lexists(os.path.join(base, parts[0])):
        base, parts = os.path.join(base, parts[0]), parts[1:]
    return _Walk(parts, on_closed).files(base)


class _Walk:
    """One walk through the folders below a place.

    A state is the number of parts of the pattern that are done. A folder has several, since `**` may also stand for no
    folder; where all parts are done, everything below is meant.
    """

    def __init__(self, parts: tuple[str, ...], on_closed: OnClosed) -> None:
        self._parts = tuple(os.path.normcase(part) for part in parts)
        self._only_below = False
        while self._parts and self._parts[-1] == _ANY_FOLDERS:
            self._parts, self._only_below = self._parts[:-1], True
        self._matches = tuple(re.compile(fnmatch.translate(part)).match for part in self._parts)
        self._end = len(self._parts)
        self._on_closed = on_closed

    def files(self, base: str) -> Iterator[tuple[str, str]]:
        if not os.path.isdir(base or "."):
            return
        real, states = os.path.realpath(base or "."), self._with_next({0})
        seen = {(real, states)}
        # Not by recursion: folders may be deeper than Python's stack.
        walks = [self._in_folder(base, real, states)]
        while walks:
            found = next(walks[-1], None)
            if found is None:
                walks.pop()
                continue
            path, real, states_below = found
            if not states_below:
                yield path, real
            elif (real, states_below) not in seen:
                seen.add((real, states_below))
                walks.append(self._in_folder(path, real, states_below))

    def _with_next(self, states: set[int]) -> frozenset[int]:
        """Also those that are reached where `**` stands for no folder."""
        for state in tuple(states):
            while state < self._end and self._parts[state] == _ANY_FOLDERS:
                state += 1
                states.add(state)
        return frozenset(states)

    def _in_folder(
        self, folder: str, real: str, states: frozenset[int]
    ) -> Iterator[tuple[str, str, frozenset[int]]]:
        """Yield path, real path and states; a file that is meant has no states."""
        try:
            entries = _all_entries(folder or ".")
        except OSError as error:
            self._on_closed(folder or ".", error)
            return
        below = {state for state in states if state == self._end or self._parts[state] == _ANY_FOLDERS}
        by_name = states - below
        names = {os.path.normcase(entry.name) for entry in entries} if by_name else set()
        exact = {state for state in by_name if self._parts[state] in names}
        for entry in entries:
            name = entry.name
            reached = self._reached(name, by_name, exact) if by_name else _NOTHING
            hidden = is_companion(name)
            if hidden and not reached:
                continue
            is_picture = is_picture_name(name)
            path = os.path.join(folder, name)
            try:
                is_dir = entry.is_dir()
            except OSError as error:  # a link in a circle, or into a closed folder
                if error.errno == errno.EACCES and not is_picture:
                    self._on_closed(path, error)
                is_dir = False
            wanted: frozenset[int] | None
            if is_dir:
                wanted = self._with_next(reached if hidden else reached | below)
            elif self._end in reached and not self._only_below:
                wanted = (
                    _A_FILE if is_picture or self._end - 1 in exact or self._parts[-1][-1] != "*" else None
                )
            else:
                wanted = _A_FILE if is_picture and self._end in below and not hidden else None
            if wanted is None or (is_dir and not wanted):
                continue
            # On Windows a junction, which is a folder, leads elsewhere and is no symbolic link.
            leads_elsewhere = entry.is_symlink() or (is_dir and os.name == "nt")
            yield path, os.path.realpath(path) if leads_elsewhere else os.path.join(real, name), wanted

    def _reached(self, name: str, states: frozenset[int], exact: set[int]) -> set[int]:
        """The states after this name."""
        name = os.path.normcase(name)
        return {
            state + 1
            for state in states
            if (
                name == self._parts[state]
                if state in exact
                else self._matches[state](name)
                and (not is_companion(name) or (name.startswith(".") and self._parts[state].startswith(".")))
            )
        }


def _all_entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: os.path.normcase(entry.name))


def _check_regular(facts: os.stat_result, path: str) -> None:
    if stat.S_ISDIR(facts.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(facts.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", path)
