"""A log that no visitor can fill: what repeats is counted."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

BURST = 5
"""Records of a kind that are written at once."""
EVERY_S = 60.0
"""After those, one in this time."""
LONGEST = 2000
"""Characters of a message: a visitor may ask for a very long address."""


@dataclass
class _Kind:
    tokens: float
    at: float
    left_out: int = 0


class Sparing(logging.Filter):
    """Lets the first few records of a kind pass, then one a minute, which says how many were left out.

    A kind is the line of code that writes the record: what a visitor sends cannot make new ones. Called with the
    handler's lock held, by several threads at once only for several handlers; a miscount by one does no harm.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[tuple[str, str, int], _Kind] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        passes: bool | None = getattr(record, "passes", None)
        if passes is None:  # else another handler had this record before
            passes = record.passes = self._passes(record)
        return passes

    def _passes(self, record: logging.LogRecord) -> bool:
        now = self._clock()
        kind = self._kinds.setdefault((record.name, record.pathname, record.lineno), _Kind(BURST, now))
        kind.tokens = min(BURST, kind.tokens + (now - kind.at) / EVERY_S)
        kind.at = now
        if kind.tokens < 1:
            kind.left_out += 1
            return False
        kind.tokens -= 1
        message = record.getMessage()
        if record.levelno <= logging.WARNING and record.exc_info and record.exc_info[0] is not None:
            # What a visitor sent was wrong, and not Raut: where that was found is of no use.
            message = f"{message} ({record.exc_info[0].__name__}: {record.exc_info[1]})"
            record.exc_info = record.exc_text = None
        if len(message) > LONGEST:
            message = f"{message[:LONGEST]}…"
        if kind.left_out:
            message = f"{message} (… {kind.left_out:,} more of these)"
            kind.left_out = 0
        record.msg, record.args = message, ()
        return True


def _handlers() -> Iterator[logging.Handler]:
    loggers = [logging.root, *logging.root.manager.loggerDict.values()]
    for logger in loggers:
        if isinstance(logger, logging.Logger):  # else a name that only has others below it
            yield from logger.handlers
    if logging.lastResort is not None:
        yield logging.lastResort


def spare_the_log(sparing: Sparing) -> None:
    """Put the filter before everything that writes a log in this process by now."""
    for handler in set(_handlers()):
        handler.addFilter(sparing)
