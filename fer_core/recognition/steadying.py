"""Steady answers for a moving picture: probabilities smoothed over time, sets that do not flicker.

A camera's noise moves every probability a little in every frame. Smoothing takes most of that away, and an
expression that sits at the threshold of the prediction set needs a clear step to get in or out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.faces.tracking.track import FORGET_AFTER_S
from fer_core.recognition.conformal import PredictionSets

TIME_CONSTANT_S: Final = 0.15
"""After that time, 63% of a change can be seen; after 0.4 s, 93%."""

STEP: Final = 0.25
"""By how much of the threshold a probability must pass it to get into the set or out of it."""

LABEL_LEAD: Final = 0.1
"""By how much another expression must be more probable than the one that is named to take its place."""


@dataclass(frozen=True, eq=False)
class SteadyRows:
    """Answers for some faces, in their order.

    Attributes:
        probabilities: float32 (N, C), rows sum to 1.
        label_indices: int (N,), positions of the expressions that are named; each belongs to its set.
        members: bool (N, C), the expressions in the sets; None without calibration.
    """

    probabilities: np.ndarray
    label_indices: np.ndarray
    members: np.ndarray | None


@dataclass(eq=False)
class _Memory:
    probabilities: np.ndarray  # float64 (C,)
    label: int
    reached: np.ndarray | None  # bool (C,), the expressions that reached the threshold of the sets
    read_s: float
    seen_s: float


class SteadyAnswers:
    """The answers of one video. For one thread at a time.

    Args:
        classes: C, how many expressions there are.
        sets: how sets are made; None for a network that was not calibrated.
        time_constant_s: of the smoothing, in seconds.
    """

    def __init__(
        self, classes: int, sets: PredictionSets | None, time_constant_s: float = TIME_CONSTANT_S
    ) -> None:
        self._classes = classes
        self._sets = sets
        self._time_constant_s = time_constant_s
        self._faces: dict[int, _Memory] = {}

    def due(self, numbers: Sequence[int], count: int, before_s: float = math.inf) -> list[int]:
        """Choose the faces that are read in this frame: all new ones, then those that were read longest ago.

        Args:
            numbers: of the faces in sight.
            count: how many at most, new ones not counted: a face without an answer cannot wait.
            before_s: a face that was read later than this is not read.

        Returns:
            Their positions in `numbers`, ascending.
        """
        new = [row for row, number in enumerate(numbers) if number not in self._faces]
        known = [
            row
            for row, number in enumerate(numbers)
            if number in self._faces and self._faces[number].read_s <= before_s
        ]
        known.sort(key=lambda row: self._faces[numbers[row]].read_s)
        return sorted(new + known[: max(0, count - len(new))])

    def update(self, numbers: Sequence[int], probabilities: np.ndarray, now_s: float) -> SteadyRows:
        """Smooth the probabilities of the faces that were read in the next frame.

        Args:
            numbers: N, each face's own.
            probabilities: float32 (N, C), rows sum to 1.
            now_s: time of the frame in seconds, on any clock that does not run backwards.

        Returns:
            The answers to these faces, in their order.
        """
        for number, row in zip(numbers, probabilities, strict=True):
            before = self._faces.get(number)
            values = row.astype(np.float64)
            if before is not None:
                # By time and not by frame: a slow computer must not show a face of two seconds ago.
                weight = -math.expm1(-max(0.0, now_s - before.read_s) / self._time_constant_s)
                values = before.probabilities + weight * (values - before.probabilities)
            label = self._label(values, before)
            self._faces[number] = _Memory(values, label, self._reached(values, before), now_s, now_s)
        return self.rows(numbers)

    def note_in_sight(self, numbers: Sequence[int], now_s: float) -> None:
        """Note which faces are in sight, and forget those whose number the tracker may give to another.

        To be called once a frame, before `due`.

        Args:
            numbers: of the faces in sight.
            now_s: time of the frame, on the clock of `update`.
        """
        for number in numbers:
            if number in self._faces and now_s - self._faces[number].seen_s <= FORGET_AFTER_S:
                self._faces[number].seen_s = now_s
        self._faces = {
            number: face for number, face in self._faces.items() if now_s - face.seen_s <= FORGET_AFTER_S
        }

    def forget(self, number: int) -> None:
        """Forget a face whose number has gone to another."""
        self._faces.pop(number, None)

    def rows(self, numbers: Sequence[int]) -> SteadyRows:
        """The present answers to these faces.

        Raises:
            KeyError: a face that was never read, or is forgotten.
        """
        faces = [self._faces[number] for number in numbers]
        shape = (len(faces), self._classes)
        probabilities = np.array([face.probabilities for face in faces], np.float32).reshape(shape)
        labels = np.array([face.label for face in faces], np.intp)
        members = None
        if self._sets is not None:
            reached = np.array([face.reached for face in faces], bool).reshape(shape)
            members = self._sets.filled(reached, probabilities)
            members[np.arange(len(faces)), labels] = True
        return SteadyRows(probabilities, labels, members)

    def _label(self, probabilities: np.ndarray, before: _Memory | None) -> int:
        best = int(probabilities.argmax())
        if before is None or probabilities[best] - probabilities[before.label] >= LABEL_LEAD:
            return best
        return before.label

    def _reached(self, probabilities: np.ndarray, before: _Memory | None) -> np.ndarray | None:
        if self._sets is None:
            return None
        needed = np.full(self._classes, self._sets.threshold)
        if before is not None and before.reached is not None:
            needed *= np.where(before.reached, 1 - STEP, 1 + STEP)
            # Of a threshold near 1, that step more would be out of reach.
            needed = np.minimum(needed, (1 + self._sets.threshold) / 2)
        return np.asarray(probabilities >= needed)
