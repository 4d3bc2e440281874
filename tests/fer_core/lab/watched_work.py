"""What the process of the lab does; from the moment that it gets faces, opening a file to write into it fails."""

from __future__ import annotations

import os
import sys
from multiprocessing.connection import Connection
from typing import Any, cast

from fer_core.lab.process import run_worker
from fer_core.lab.task import TrainingTask

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_has_faces = False


def _refuse_writing(event: str, arguments: tuple[Any, ...]) -> None:
    if not _has_faces:
        return
    if event == "open":
        path, mode, flags = arguments
        writes = set(mode) & set("wax+") if isinstance(mode, str) else flags & _WRITING
        if writes and not isinstance(path, int) and str(path) != os.devnull:
            raise AssertionError(f"writes {path}")
    elif event in ("os.mkdir", "tempfile.mkstemp", "tempfile.mkdtemp"):
        raise AssertionError(f"{event} {arguments}")


class _Watched:
    """A connection, of which the first training begins the watch."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def recv(self) -> Any:
        global _has_faces
        message = self._connection.recv()
        _has_faces = _has_faces or isinstance(message, TrainingTask)
        return message

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def work(connection: Connection) -> None:
    sys.addaudithook(_refuse_writing)
    run_worker(cast(Connection, _Watched(connection)))


def writing_work(connection: Connection) -> None:
    """Writes a file when it has faces: what `work` must notice."""
    sys.addaudithook(_refuse_writing)
    _Watched(connection).recv()
    with open("somewhere", "w"):
        pass
