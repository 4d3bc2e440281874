"""JSON values that several readers share, and files that are parsed once for each change."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

Value = TypeVar("Value")

COARSEST_CLOCK_S = 2.0
"""Times of change on some file systems (FAT) have no finer steps: a file may change once more within one."""


class ReadOnlyDict(dict[str, Any]):
    """A JSON object that nobody can change; equal to the dictionary with the same content."""

    def _refuse(self, *_args: Any, **_settings: Any) -> NoReturn:
        raise TypeError("This object is shared and cannot be changed. Make a copy: dict(...)")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[ReadOnlyDict], tuple[dict[str, Any]]]:
        return type(self), (dict(self),)


def read_only(value: Any) -> Any:
    """A JSON value whose objects and arrays, nested ones too, cannot be changed: arrays become tuples."""
    if isinstance(value, dict):
        return ReadOnlyDict({key: read_only(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(read_only(item) for item in value)
    return value


class ParsedFiles(Generic[Value]):
    """What files hold, parsed once for each file and change of it; for any number of threads.

    A file counts as changed when its time of change, its size or its number on the disk is another one. What is
    wrong with a file is not kept: each reader meets the error of `parse`.

    Args:
        parse: what a file holds, as a value that its readers can share; its errors and those of reading the file
            reach the reader.
        limit: files that are kept, those that were asked for last.
    """

    def __init__(self, parse: Callable[[Path], Value], limit: int = 256) -> None:
        self._parse = parse
        self._limit = limit
        self._kept: OrderedDict[Path, tuple[tuple[int, int, int], Value]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, path: Path) -> Value:
        """The content of this file as it is now.

        Raises:
            OSError: the file is missing or cannot be read.
        """
        path = path.absolute()
        with self._lock:
            facts = path.stat()
            version = facts.st_mtime_ns, facts.st_size, facts.st_ino
            kept = self._kept.get(path)
            if kept is not None and kept[0] == version:
                self._kept.move_to_end(path)
                return kept[1]
            self._kept.pop(path, None)
            began = time.time()
            value = self._parse(path)
            if began - facts.st_mtime > COARSEST_CLOCK_S:
                self._kept[path] = version, value
                while len(self._kept) > self._limit:
                    self._kept.popitem(last=False)
            return value
