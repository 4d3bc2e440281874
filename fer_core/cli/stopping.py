"""Signals that end a program, met as Ctrl+C is: what is done is kept, and a sentence says so."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGTERM", "SIGHUP", "SIGBREAK")  # as far as the system has them


@contextmanager
def signals_as_interruptions() -> Iterator[list[int]]:
    """Inside, SIGTERM and the end of the terminal raise `KeyboardInterrupt`, the first time.

    What somebody else has seen to stays as it is, so `nohup` keeps its meaning.

    Yields:
        The numbers of the signals that came.
    """
    came: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        came.append(number)
        if len(came) == 1:
            raise KeyboardInterrupt

    replaced = []
    if threading.current_thread() is threading.main_thread():  # no other may
        for name in _NAMES:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, interrupt)
                replaced.append(number)
    try:
        yield came
    finally:
        for number in replaced:
            signal.signal(number, signal.SIG_DFL)
