"""Processes for trainings: a new one for each, of which one may wait loaded while somebody is at the lab."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from fer_core.lab.task import BuildTask, Built, Prepare, Refused
from fer_core.lab.worker import Work, Worker, WorkerEndedError

IDLE_S: Final = 600.0
"""A process that waits without being wanted any more ends after so long."""
AGAIN_AFTER_S: Final = 60.0
"""Where a process that waits ends by itself, no other is made ready before."""
LOOK_EVERY_S: Final = 2.0
BUILDING_S: Final = 180.0
"""A process that has not built the file of weights by then is ended."""
LISTEN_S: Final = 0.1
"""For so long a process is listened to before anything else is looked at."""


class Workers:
    """Gives processes, and keeps one ready where that is wanted: TensorFlow takes 5 to 10 seconds to load.

    Args:
        work: what a process does.
        idle_s: how long one waits that nobody asks for.
    """

    def __init__(self, work: Work, idle_s: float = IDLE_S) -> None:
        self._work = work
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._spare: Worker | None = None
        self._taken: Worker | None = None
        self._until_s = self._not_before_s = 0.0
        self._changed = threading.Event()

    @property
    def taken(self) -> Worker | None:
        """The process that was given last."""
        return self._taken

    @property
    def spare(self) -> Worker | None:
        """The process that waits; None without one."""
        return self._spare

    def prepare(self) -> None:
        """Somebody is at the lab: have a process ready, and keep it ready from now on for `idle_s`.

        Not beside one that trains, which needs the processor and the memory.
        """
        with self._lock:
            now_s = time.monotonic()
            self._until_s = now_s + self._idle_s
            if now_s < self._not_before_s or any(
                worker is not None and worker.alive for worker in (self._spare, self._taken)
            ):
                return
            spare = self._spare = Worker(self._work)
            self._changed.clear()
        threading.Thread(target=self._keep, args=(spare,), name="lab spare process", daemon=True).start()

    def build(
        self, task: BuildTask, should_continue: Callable[[], bool], seconds: float = BUILDING_S
    ) -> Built | Refused | None:
        """Have a file built by a process that does nothing else.

        Args:
            task: the weights, and what to measure with.
            should_continue: asked while it works; it ends at the first no.
            seconds: that it may take.

        Returns:
            What the process says; None where it ended, took too long, or is not to continue.
        """
        end_s = time.monotonic() + seconds
        worker = self.take()
        try:
            worker.send(task)
            while time.monotonic() < end_s and should_continue():
                message = worker.receive(LISTEN_S)
                if isinstance(message, Built | Refused):
                    return message
        except WorkerEndedError:
            pass
        finally:
            worker.end()
        return None

    def take(self) -> Worker:
        """A process for one training, which the caller ends; the one that waits, if there is one."""
        with self._lock:
            spare, self._spare = self._spare, None
            self._changed.set()
            self._taken = spare if spare is not None and spare.alive else Worker(self._work)
            return self._taken

    def dismiss(self) -> None:
        """End the one that waits."""
        with self._lock:
            spare, self._spare = self._spare, None
            self._changed.set()
        if spare is not None:
            spare.end()

    def _keep(self, spare: Worker) -> None:
        with suppress(WorkerEndedError):
            spare.send(Prepare())
        while True:
            with self._lock:
                if self._spare is not spare:
                    return
                now_s = time.monotonic()
                if not spare.alive:
                    self._not_before_s = now_s + AGAIN_AFTER_S
                if now_s >= self._until_s or not spare.alive:
                    self._spare = None
                    break
            self._changed.wait(min(self._until_s - now_s, LOOK_EVERY_S))
        spare.end()
