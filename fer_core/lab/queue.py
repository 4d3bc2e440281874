"""Whose turn it is: one training at a time for all visitors of a server, in the order in which they came."""

from __future__ import annotations

import threading
from typing import Final

from fer_core.errors import N_, TrainingError

MOST_IN_QUEUE: Final = 40
"""Trainings, the one that runs among them: more than a class has computers."""


class QueueFullError(TrainingError):
    """So many trainings wait already that another one would wait for hours."""


class Queue:
    """Trainings in the order in which they came; the first one runs. Thread-safe.

    Args:
        most: trainings in it, the one that runs among them.
    """

    def __init__(self, most: int = MOST_IN_QUEUE) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._turns: list[Turn] = []

    def enter(self) -> Turn:
        """Stand at the end.

        Raises:
            QueueFullError: too many wait.
        """
        with self._lock:
            if len(self._turns) >= self._most:
                raise QueueFullError(
                    N_("Too many trainings are waiting on this computer. Try again in a few minutes.")
                )
            turn = Turn(self)
            self._turns.append(turn)
            return turn

    def position(self, turn: Turn) -> int:
        """How many are before it; 0 also for one that has left."""
        with self._lock:
            return self._turns.index(turn) if turn in self._turns else 0

    def leave(self, turn: Turn) -> None:
        """Let the others move up; nothing happens the second time."""
        with self._lock:
            if turn in self._turns:
                self._turns.remove(turn)


class Turn:
    """A place in the queue, from `Queue.enter` until `leave`."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    @property
    def position(self) -> int:
        """How many are before this one; 0: it is its turn."""
        return self._queue.position(self)

    def leave(self) -> None:
        """Let the others move up; nothing happens the second time."""
        self._queue.leave(self)
