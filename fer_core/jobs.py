"""Work that goes on in a thread beside a page: how far it is, how long it still takes, and what came of it so far.

The page asks and takes; the thread never calls back into a page, whose run may be over by then.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from fer_core.errors import N_, RautError

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class Job(Generic[Result]):
    """One piece of work in a thread of its own, which starts at once and never keeps the program from ending.

    The work is a function that gets the job. It asks `should_continue` before each step and returns where the answer is
    no, hands over what it made with `add`, and says with `report` how far it is within a long step. All the rest is for
    the owner, who may be in any other thread.

    Args:
        work: does it all. What it raises becomes `error`.
        name: of the thread, which the log mentions.
        total: where `done` ends, in the unit of the work: photos, seconds of a video, batches of a training. None where
            nobody knows.
        lives: whether the reader's session is still there; asked before each step.
        leniency_s: for so many seconds the session may be gone and come back; 0 ends the work at the first no.
        estimate_after_s: before so many seconds no time left is named, because the first steps say little.
        clock: seconds, never backwards.
    """

    def __init__(
        self,
        work: Callable[[Job[Result]], None],
        *,
        name: str,
        total: float | None = None,
        lives: Callable[[], bool] = lambda: True,
        leniency_s: float = 0.0,
        estimate_after_s: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total = total
        self._lives, self._leniency_s = lives, leniency_s
        self._estimate_after_s, self._clock = estimate_after_s, clock
        self._cancel = threading.Event()
        self._cut_short = False
        self._error: RautError | None = None
        self._lock = threading.Lock()
        self._results: list[Result] = []
        self._steps = 0
        self._done = 0.0
        self._begin_s = self._lived_s = clock()
        # As an argument, which the thread forgets at its end, and with it all that the work holds on to.
        self._thread = threading.Thread(target=self._run, args=(work,), name=name, daemon=True)
        self._thread.start()

    # --- for the work ---------------------------------------------------------------------------------

    def should_continue(self) -> bool:
        """Whether to begin the next step; False once it was cancelled or the reader's session has gone."""
        if self._lives():
            self._lived_s = self._clock()
        elif self._clock() - self._lived_s >= self._leniency_s:
            self._cancel.set()
        self._cut_short = self._cancel.is_set()
        return not self._cut_short

    def add(self, result: Result, done: float | None = None) -> None:
        """Hand over the result of a step.

        Args:
            result: for the owner, who takes it when it suits.
            done: as for `report`; None for the number of results.
        """
        with self._lock:
            self._results.append(result)
            self._steps += 1
        self._done = self._steps if done is None else done

    def report(self, done: float) -> None:
        """Say how far the work is, in the unit of `total`; cheap enough for many times a second."""
        self._done = done

    # --- for the owner --------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """The thread is at work."""
        return self._thread.is_alive()

    @property
    def cancelled(self) -> bool:
        """Steps were left out, after `cancel` or because the reader's session has gone."""
        return self._cut_short

    @property
    def error(self) -> RautError | None:
        """Why it ended early, as a sentence for the reader; without a traceback, which would hold pictures."""
        return self._error

    @property
    def finished(self) -> bool:
        """All of it was done."""
        return not self.running and not self._cut_short and self._error is None

    @property
    def steps(self) -> int:
        """Number of results so far, also of those that were taken."""
        return self._steps

    @property
    def done(self) -> float:
        """How far it is, in the unit of `total`."""
        return self._done

    @property
    def share(self) -> float | None:
        """How far it is, 0 to 1; None without a `total`."""
        return min(1.0, self._done / self.total) if self.total else None

    def seconds_left(self, more: float = 0.0) -> float | None:
        """About how long it still takes; None while nothing can be said.

        Args:
            more: work that will follow, in the unit of `total`.
        """
        gone_s = self._clock() - self._begin_s
        if not self.total or not self._done or gone_s < self._estimate_after_s:
            return None
        return gone_s / self._done * max(0.0, self.total - self._done + more)

    def take(self) -> list[Result]:
        """The results since they were last taken, in order."""
        with self._lock:
            results, self._results = self._results, []
        return results

    def cancel(self) -> None:
        """Let it end after the present step; what is done can be taken."""
        self._cancel.set()

    def wait(self, seconds: float | None = None) -> None:
        """Until it has ended, at most so long."""
        self._thread.join(seconds)

    def _run(self, work: Callable[[Job[Result]], None]) -> None:
        try:
            work(self)
        except Exception as error:  # noqa: BLE001 - a thread has nobody to raise to
            self._error = error_to_keep(
                error,
                RautError(
                    N_(
                        "Something went wrong that should not have. Reload the page and try again; the server's log "
                        "has the details."
                    )
                ),
            )


def error_to_keep(error: Exception, unexpected: RautError) -> RautError:
    """An error as it can be kept and shown: a sentence, without a traceback, which would hold pictures.

    Args:
        error: that was caught. Where it carries no sentence it is logged, traceback and all.
        unexpected: what to say in that case.
    """
    if isinstance(error, RautError):
        return error.without_traceback()
    logger.error("%s", unexpected, exc_info=error)
    return unexpected
