"""A person's own neutral face as the measure: how far each expression is from where it rests.

Some faces resemble "sad" or "angry" while they express nothing. Three seconds of a neutral look give the average
probability of each expression; bars can then show the difference from it, in percentage points. A difference and
not a ratio: a rise from 0.1 to 0.4 % would be a fourfold one and means nothing.

Only averages are kept, and only while the face keeps its number: after that, the number may be another's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

SECONDS: Final = 3.0
"""How long a person looks neutral."""

LEAVE_AFTER_S: Final = 1.0
"""A face out of sight for longer has lost its number, and its baseline with it."""


@dataclass(eq=False)
class _Sum:
    began_s: float
    total: np.ndarray  # float64 (C,)
    count: int = 0


class NeutralBaselines:
    """The neutral faces of one session, by the number of the face. For one thread at a time."""

    def __init__(self) -> None:
        self._averaging: dict[int, _Sum] = {}
        self._averages: dict[int, np.ndarray] = {}
        self._seen_s: dict[int, float] = {}

    def begin(self, number: int, now_s: float) -> None:
        """Start to average a face that looks neutral from now on; its baseline, if it had one, is dropped.

        Args:
            number: of the face.
            now_s: on the clock of `update`.
        """
        self._averages.pop(number, None)
        self._averaging[number] = _Sum(now_s, np.zeros(0))
        self._seen_s[number] = now_s

    def update(self, probabilities: Mapping[int, np.ndarray], now_s: float) -> None:
        """Take in the faces in sight; call it several times a second.

        Args:
            probabilities: number of each face that can be read to its probabilities, float (C,).
            now_s: in seconds, on a clock that does not run backwards.
        """
        for number, row in probabilities.items():
            # It came back with a number that had been free: whose face it is, nobody knows.
            if now_s - self._seen_s.get(number, now_s) > LEAVE_AFTER_S:
                self.forget(number)
            self._seen_s[number] = now_s
            average_so_far = self._averaging.get(number)
            if average_so_far is not None:
                if len(average_so_far.total) != len(row):  # the first, or another set of expressions
                    average_so_far.total, average_so_far.count = np.zeros(len(row)), 0
                average_so_far.total = average_so_far.total + row
                average_so_far.count += 1
                if now_s - average_so_far.began_s >= SECONDS:
                    self._averages[number] = average_so_far.total / average_so_far.count
                    del self._averaging[number]
        for number in [n for n, seen_s in self._seen_s.items() if now_s - seen_s > LEAVE_AFTER_S]:
            self.forget(number)

    def seconds_left(self, number: int, now_s: float) -> float | None:
        """Seconds that this face must still look neutral; None where no average is being taken."""
        average_so_far = self._averaging.get(number)
        return None if average_so_far is None else max(0.0, SECONDS - (now_s - average_so_far.began_s))

    def change(self, number: int, probabilities: np.ndarray) -> np.ndarray | None:
        """How far a face is from its neutral self.

        Args:
            number: of the face.
            probabilities: float (C,), summing to 1.

        Returns:
            float64 (C,), -1 to 1, summing to 0; None without a baseline for these expressions.
        """
        average = self._averages.get(number)
        if average is None or len(average) != len(probabilities):
            return None
        return np.asarray(probabilities, np.float64) - average

    def forget(self, number: int) -> None:
        """Drop what is known of one face."""
        self._averaging.pop(number, None)
        self._averages.pop(number, None)
        self._seen_s.pop(number, None)

    def clear(self) -> None:
        """Drop what is known of all faces: the session has ended, or another network reads them."""
        self._averaging.clear()
        self._averages.clear()
        self._seen_s.clear()
