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

from fer_core.recognition.conformal import PredictionSets

TIME_CONSTANT_S: Final = 0.15
"""After that time, 63 % of a change can be seen; after 0.4 s, 93 %."""

STEP: Final = 0.25
"""By how much of the threshold a probability must pass it to get into the set or out of it."""

FORGET_AFTER_S: Final = 2.0
"""A face out of sight for that long begins anew; its number comes back within a second or never."""


@dataclass(eq=False)
class _Memory:
    probabilities: np.ndarray  # float64 (C,)
    members: np.ndarray | None  # bool (C,)
    seen_s: float


class SteadyAnswers:
    """The answers of one video. For one thread at a time.

    Args:
        sets: how sets are made; None for a network that was not calibrated.
    """

    def __init__(self, sets: PredictionSets | None) -> None:
        self._sets = sets
        self._faces: dict[int, _Memory] = {}

    def update(
        self, numbers: Sequence[int], probabilities: np.ndarray, now_s: float
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """The steady form of the next frame's answers.

        Args:
            numbers: N, each face's own.
            probabilities: float32 (N, C), rows sum to 1.
            now_s: time of the frame in seconds, on any clock that does not run backwards.

        Returns:
            float32 (N, C), rows sum to 1; and who belongs to the sets, bool (N, C), None without `sets`.
        """
        smooth = np.array(probabilities, np.float32)
        members = None if self._sets is None else np.zeros(smooth.shape, bool)
        for row, number in enumerate(numbers):
            before = self._faces.get(number)
            if before is not None and now_s - before.seen_s > FORGET_AFTER_S:
                before = None
            values = probabilities[row].astype(np.float64)
            if before is not None:
                # By time and not by frame: a slow computer must not show a face of two seconds ago.
                part = -math.expm1(-max(0.0, now_s - before.seen_s) / TIME_CONSTANT_S)
                values = before.probabilities + part * (values - before.probabilities)
            belongs = self._members(values, before)
            self._faces[number] = _Memory(values, belongs, now_s)
            smooth[row] = values
            if members is not None:
                members[row] = belongs
        self._faces = {
            number: face for number, face in self._faces.items() if now_s - face.seen_s <= FORGET_AFTER_S
        }
        return smooth, members

    def _members(self, probabilities: np.ndarray, before: _Memory | None) -> np.ndarray | None:
        if self._sets is None:
            return None
        if before is None or before.members is None:
            return self._sets.members(probabilities[None])[0]  # (C,) -> (1, C) -> (C,)
        threshold = self._sets.threshold
        needed = np.where(before.members, threshold * (1 - STEP), threshold * (1 + STEP))
        members = np.asarray(probabilities >= needed)
        members[probabilities.argmax()] = True
        return members
