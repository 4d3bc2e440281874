"""Processes for trainings: a new one for each, of which one may wait loaded while somebody is at the lab."""

from __future__ import annotations

import threading
import time
from typing import Final

from fer_core.lab.task import Prepare
from fer_core.lab.worker import Work, Worker, WorkerEndedError

IDLE_S: Final = 600.0
"""A process that waits without being wanted any more ends after so long."""


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
        self._until_s = 0.0
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
            self._until_s = time.monotonic() + self._idle_s
            if any(worker is not None and worker.alive for worker in (self._spare, self._taken)):
                return
            spare = self._spare = Worker(self._work)
            self._changed.clear()
        threading.Thread(target=self._keep, args=(spare,), name="lab spare process", daemon=True).start()

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
        try:
            spare.send(Prepare())
        except WorkerEndedError:
            return
        while True:
            with self._lock:
                if self._spare is not spare:
                    return
                left_s = self._until_s - time.monotonic()
                if left_s <= 0 or not spare.alive:
                    self._spare = None
                    break
            self._changed.wait(left_s)
        spare.end()
