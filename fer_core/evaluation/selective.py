"""Accuracy against confidence: how often a network is right where it answers only what it is confident of.

The share of pictures that it answers is called coverage, the curve of accuracy over it a risk-coverage curve
(El-Yaniv and Wiener 2010): risk is the share of wrong answers among those given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from fer_core.evaluation.answers import SplitAnswers
from fer_core.evaluation.figures import Estimate, share_estimate

COVERAGES: Final = tuple(tenth / 10 for tenth in range(1, 11))
"""Shares answered that a table lists."""


@dataclass(frozen=True)
class CoveragePoint:
    """What holds if only the most confident answers are given.

    Attributes:
        answered: number of pictures that are answered.
        coverage: their share of all, 0 to 1.
        limit: least confidence of an answer among them.
        accuracy: share of right answers among them, with Wilson's interval.
    """

    answered: int
    coverage: float
    limit: float
    accuracy: Estimate


@dataclass(frozen=True, eq=False)
class RiskCoverage:
    """Accuracy over the share answered, from the most confident answers on; arrays are float64 (P,) and read-only.

    Attributes:
        coverage: share of pictures that are answered, rising to 1. Equally confident answers are given together.
        accuracy: share of right answers among them.
        limit: least confidence among them.
        answered: int64 (P,), their number.
    """

    coverage: np.ndarray
    accuracy: np.ndarray
    limit: np.ndarray
    answered: np.ndarray

    def at(self, coverage: float) -> CoveragePoint:
        """The first point that answers at least this share of the pictures, 0 to 1.

        Raises:
            ValueError: a share that is none, or there is no picture.
        """
        if not 0 <= coverage <= 1 or not len(self.coverage):
            raise ValueError(f"coverage: expected 0 to 1, of at least one picture. Received: {coverage}")
        return self._point(int(np.searchsorted(self.answered, round(coverage * self.answered[-1], 6))))

    def from_limit(self, limit: float) -> CoveragePoint | None:
        """What holds if an answer needs this confidence, 0 to 1; None where no answer has it."""
        reached = int((self.limit >= limit).sum())
        return self._point(reached - 1) if reached else None

    def table(self, coverages: Sequence[float] = COVERAGES) -> tuple[CoveragePoint, ...]:
        """The points of these shares, none twice; () without a picture."""
        if not len(self.coverage):
            return ()
        return tuple(dict.fromkeys(self.at(coverage) for coverage in coverages))

    def _point(self, place: int) -> CoveragePoint:
        answered = int(self.answered[place])
        right = round(float(self.accuracy[place]) * answered)
        return CoveragePoint(
            answered,
            float(self.coverage[place]),
            float(self.limit[place]),
            share_estimate(right, answered),
        )


@lru_cache(maxsize=128)
def risk_coverage(answers: SplitAnswers) -> RiskCoverage:
    """The curve of a network on a split; kept for the answers that were asked for last."""
    confidence = answers.probabilities.max(axis=1).astype(np.float64)
    order = np.argsort(-confidence, kind="stable")
    limits, right = confidence[order], answers.right[order].cumsum()
    ends = np.flatnonzero(np.append(np.diff(limits) != 0, True)[: answers.n])  # of equally confident answers
    answered = ends + 1
    accuracy = right[ends] / answered
    arrays = answered / max(answers.n, 1), accuracy, limits[ends], answered
    for array in arrays:
        array.setflags(write=False)
    return RiskCoverage(*arrays)
