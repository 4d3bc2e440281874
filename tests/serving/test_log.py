from __future__ import annotations

import io
import logging

import pytest

from serving.log import BURST, EVERY_S, LONGEST, Sparing
from tests.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(clock: Clock) -> tuple[logging.Logger, io.StringIO]:
    written = io.StringIO()
    logger = logging.Logger("visitors")
    sparing = Sparing(clock)
    for _ in range(2):  # two handlers of one logger: a record is counted once
        handler = logging.StreamHandler(written)
        handler.addFilter(sparing)
        logger.addHandler(handler)
    return logger, written


def complain(logger: logging.Logger, what: str = "x") -> None:
    logger.warning("No more files: %s", what)


def test_what_repeats_is_counted_and_not_written(
    log: tuple[logging.Logger, io.StringIO], clock: Clock
) -> None:
    logger, written = log
    for number in range(1234 + BURST):
        complain(logger, str(number))
    assert written.getvalue().count("\n") == 2 * BURST
    clock.now_s += EVERY_S
    complain(logger, "last")
    complain(logger, "too early")
    assert written.getvalue().splitlines()[2 * BURST :] == ["No more files: last (… 1,234 more of these)"] * 2
    clock.now_s += EVERY_S
    complain(logger, "later")
    assert written.getvalue().splitlines()[-1] == "No more files: later (… 1 more of these)"


def test_a_flood_of_one_kind_hides_no_other(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    for _ in range(100):
        complain(logger)
    logger.error("Something else")
    assert "Something else" in written.getvalue()


def test_a_message_is_cut(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    complain(logger, "x" * 100_000)
    assert len(written.getvalue()) < 2 * (LONGEST + 10)


def test_a_warning_has_no_traceback_and_an_error_has(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    try:
        int("no number")
    except ValueError as error:
        logger.warning("A visitor's", exc_info=error)
        assert written.getvalue().splitlines()[0].startswith("A visitor's (ValueError: invalid literal")
        assert "Traceback" not in written.getvalue()
        logger.exception("Raut's")
    assert "Traceback" in written.getvalue()
