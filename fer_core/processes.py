"""Worker processes that end with the process that started them, however that ends."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any

_PR_SET_PDEATHSIG = 1  # of Linux
_without_program = threading.Lock()
"""Held by the thread for whose process the program is out of sight."""


class _Process(SpawnProcess):
    def start(self) -> None:
        with _without_program:
            program, nothing = sys.modules["__main__"], ModuleType("__main__")
            sys.modules["__main__"] = nothing
            try:
                super().start()
            finally:
                if (
                    sys.modules["__main__"] is nothing
                ):  # Streamlit puts another one there for each run of a page
                    sys.modules["__main__"] = program


class WorkerContext(SpawnContext):
    """Starts processes anew that import what they are given to do, and not the program that starts them.

    A fork of a process whose libraries have threads may wait for them forever; and a program that was not written to be
    imported would do its work again in each of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._started: list[SpawnProcess] = []
        if sys.platform != "win32":
            # Python's own helper takes no notice of other signals either, and its end would be a page of tracebacks.
            earlier = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
            resource_tracker.ensure_running()
            signal.pthread_sigmask(signal.SIG_SETMASK, earlier)

    def Process(self, *args: Any, **settings: Any) -> SpawnProcess:  # type: ignore[override]  # noqa: N802 - its name
        """Make a process; of the base class this is an attribute, called in the same way."""
        process = _Process(*args, **settings)
        self._started.append(process)
        return process

    def terminate(self) -> None:
        """End all processes that were started, whatever they are doing."""
        for process in self._started:
            if process.is_alive():
                process.terminate()


def begin_worker() -> None:
    """Call this first in a process of a pool, as its initializer.

    The process ends as soon as its parent is gone. Of an interruption from the keyboard, and of the end of the
    terminal, which reach all processes, it takes no notice: its parent decides what they mean.

    On Linux the thread that starts the process counts as the parent, so it must live as long as the work.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is None:  # called in a process that nobody has started for work
        return
    if sys.platform == "linux":  # also while a library keeps all threads of Python waiting
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
