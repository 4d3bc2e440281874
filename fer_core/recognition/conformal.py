"""Beyond one label: the set of expressions that holds the true one nine times out of ten, and "unsure".

Split conformal prediction (Vovk et al. 2005; the threshold on 1 - p of the true class is Sadinle et al. 2019,
arXiv:1609.00451). On faces like those that it was calibrated with, the set holds the true label in at least
`level` of the cases, whatever the network; photos of another kind carry no such promise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fer_core.errors import NetworkError
from fer_core.store.folder import read_evaluation
from fer_core.store.network import NetworkInfo

PREDICTION_SETS = "prediction_sets"
"""Key in `evaluation.json`."""

LEVEL = 0.9
LARGEST_SURE_SET = 2
"""More expressions than this in the set, and the answer is "unsure": it cannot be narrowed down to two. See also
`PredictionSets.largest_sure`."""


@dataclass(frozen=True)
class PredictionSets:
    """The rule that makes a set of expressions of each face's probabilities.

    Attributes:
        threshold: an expression belongs to the set from this probability on.
        level: share of faces whose set is to hold the true label.
        split: where the threshold was fitted.
        n: number of pictures that it was fitted on.

    Raises:
        ValueError: a threshold beyond 0 to 1, or a level that is not between them.
    """

    threshold: float
    level: float
    split: str
    n: int

    def __post_init__(self) -> None:
        if not (0.0 <= self.threshold <= 1.0 and 0.0 < self.level < 1.0):
            raise ValueError(
                f"Expected a threshold of 0 to 1 and a level between them. Received: {self.threshold} and "
                f"{self.level}"
            )

    @property
    def largest_sure(self) -> int:
        """How many expressions the set of a sure answer may hold.

        `LARGEST_SURE_SET`, but 1 for a threshold that three cannot reach together: such a network keeps its promise
        with hardly more than one expression a face, and two are much.
        """
        return LARGEST_SURE_SET if (LARGEST_SURE_SET + 1) * self.threshold <= 1.0 else 1

    def members(self, probabilities: np.ndarray) -> np.ndarray:
        """Which expressions belong to the set of each face; the most probable one always does.

        Where none reaches the threshold the face is unlike those that the sets were fitted on, and the set holds
        one more than a sure answer may.

        Args:
            probabilities: float (N, C), rows sum to 1.

        Returns:
            bool (N, C).
        """
        return self.filled(probabilities >= self.threshold, probabilities)

    def filled(self, members: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
        """The members, where a face that has none gets its most probable ones: one more than a sure answer may have.

        Args:
            members: bool (N, C).
            probabilities: float (N, C).

        Returns:
            bool (N, C), a new array.
        """
        (empty_rows,) = np.nonzero(~members.any(axis=1))
        most_probable = np.argsort(-probabilities[empty_rows], axis=1, kind="stable")[
            :, : self.largest_sure + 1
        ]
        filled = members.copy()
        filled[empty_rows[:, None], most_probable] = True
        return filled

    def unsure(self, probabilities: np.ndarray) -> np.ndarray:
        """Whether the set of each face, of probabilities (N, C), holds more than `largest_sure` expressions: bool (N,)."""
        return np.asarray(self.members(probabilities).sum(axis=1) > self.largest_sure)


def set_codes(
    members: np.ndarray | None, probabilities: np.ndarray, labels: Sequence[str]
) -> list[tuple[str, ...] | None]:
    """Turn the sets into codes, the most probable expression first.

    Args:
        members: bool (N, C), from `PredictionSets.members`; None where the network has no sets.
        probabilities: float (N, C).
        labels: C codes.

    Returns:
        N sets, each None without `members`; equally probable expressions stand in the order of `labels`.
    """
    if members is None:
        return [None] * len(probabilities)
    orders = np.argsort(-probabilities, axis=1, kind="stable")  # (N, C) positions
    return [
        tuple(labels[position] for position in order if row[position])
        for order, row in zip(orders, members, strict=True)
    ]


def fit_prediction_sets(
    probabilities: np.ndarray, labels: np.ndarray, split: str, level: float = LEVEL
) -> PredictionSets:
    """Find the threshold that gives sets of that level.

    Args:
        probabilities: float (N, C), answers for pictures that were not learnt from.
        labels: int (N,), the true classes.
        split: what those pictures are called.
        level: between 0 and 1.

    Raises:
        ValueError: no picture, or the shapes do not fit.
    """
    count = len(labels)
    if probabilities.ndim != 2 or len(probabilities) != count or not count:
        raise ValueError(
            f"Expected (N, C) probabilities and N labels, N at least 1. Received: {probabilities.shape} and "
            f"{np.shape(labels)}"
        )
    scores = np.sort(1.0 - np.asarray(probabilities, np.float64)[np.arange(count), labels])
    # One more than the share of n, because the new face counts as well.
    position = math.ceil((count + 1) * level)
    threshold = 0.0 if position > count else 1.0 - scores[position - 1]
    return PredictionSets(threshold=float(threshold), level=level, split=split, n=count)


def read_prediction_sets(network: NetworkInfo) -> PredictionSets | None:
    """The rule that a network's evaluation holds; None where it was not calibrated with these weights."""
    try:
        evaluation = read_evaluation(network)
        if evaluation.get("checksum") != network.checksum:
            return None
        return PredictionSets(**evaluation[PREDICTION_SETS])
    except (NetworkError, KeyError, TypeError, ValueError):
        return None


def calibration_of(network: NetworkInfo) -> Literal["both", "sets", "probabilities", "not"]:
    """What of a network was fitted to how often it is right: its probabilities (a temperature), its sets, or both."""
    scaled = network.record.temperature not in (None, 1.0)
    if read_prediction_sets(network) is not None:
        return "both" if scaled else "sets"
    return "probabilities" if scaled else "not"
