"""Standard input, output and error of a command: there, of any encoding, and safe to look at."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
from errno import EBADF
from typing import TextIO

from fer_core.errors import visible


def prepare_standard_streams() -> None:
    """Make sure that a program can write what it likes to its standard streams; call it first.

    Characters that the encoding of a stream lacks are written as escapes (`\\u0414`). A closed stream gets its number
    back, so that no file gets it, into which error messages would go then: what is written to standard error
    vanishes, and writing to standard output fails as it does on a closed one.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                os.set_inheritable(os.open(os.devnull, flags), True)  # the lowest free number: this one
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - as long as the process
    if sys.stdout is None:
        sys.stdout = _text_stream(1)
    if sys.stderr is None:
        sys.stderr = _text_stream(2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # else somebody has put another in its place
            stream.reconfigure(errors="backslashreplace")
    if logging.lastResort is not None:  # writes to standard error what no program has a place for
        logging.lastResort.setFormatter(_VisibleFormatter())


def output_is_closed() -> bool:
    """Whether nobody can write to the standard output that this process was started with."""
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError):  # somebody has put another in its place
        return False
    try:
        os.write(number, b"")
    except OSError as error:
        return error.errno == EBADF
    return False


def tell(message: object) -> None:
    """Write a line to standard error; where that fails, nobody is told, and the work goes on."""
    try:
        print(message, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        discard_unwritten_output(sys.stderr)


def discard_unwritten_output(stream: TextIO) -> None:
    """Discard what a stream could not write: Python would try again when it ends, and fail with a traceback."""
    with contextlib.suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())  # another stream in its place has no number


class _VisibleFormatter(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name in the base class
        return visible(super().formatMessage(record))


def _text_stream(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", closefd=False)
