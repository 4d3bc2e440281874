"""Worker processes that end with the process that started them, however that ends."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import wait

_PR_SET_PDEATHSIG = 1  # of Linux


def begin_worker() -> None:
    """Call this first in a process of a pool, as its initializer.

    The process ends as soon as its parent is gone. Of an interruption from the keyboard, and of the end of the
    terminal, which reach all processes, it takes no notice: its parent decides what they mean.
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
