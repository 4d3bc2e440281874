"""ROC and precision-recall curves of each class against the others, their areas, and the intervals of those.

Curves and areas are scikit-learn's: the area under a ROC curve, and the average precision for a precision-recall
curve, which joins its points by steps (Davis and Goadrich 2006: straight lines would promise too much).

Intervals come from what each single picture moves an area by: for the area under a ROC curve that is the variance of
DeLong et al. (1988), doi:10.2307/2531595, for average precision the infinitesimal jackknife (Efron 1982). They are
formed on the logit scale, so that they stay between 0 and 1. Of a macro area, the mean over the classes, the same
gives the variance, since the moves of one picture in all classes are known. Nothing is drawn at random. An interval
that would have no width, as where an area is exactly 1, is NaN.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from fer_core.evaluation.answers import SplitAnswers
from fer_core.evaluation.figures import LEVEL, Estimate

POINTS = 200
"""Of a curve as it is drawn: those of a ROC curve that are left out lie within a hundredth of an axis of the others."""


@dataclass(frozen=True, eq=False)
class ClassCurves:
    """One class against all others; every array is float64 and read-only, and empty where the class has no curve.

    Attributes:
        label: code of the class.
        n: pictures with this label.
        others: pictures with another label.
        roc: (P, 3), from (0, 0) to (1, 1): false positive rate, sensitivity, and the limit that the probability must
            reach for that; infinite at the first point, where nothing counts as the class.
        precision_recall: (P, 3), recall from 0 to 1: recall, precision, and the limit; infinite at the first point.
        area: under the ROC curve; NaN for a class that no picture has, or that all have.
        average_precision: area under the precision-recall curve; NaN likewise.
    """

    label: str
    n: int
    others: int
    roc: np.ndarray
    precision_recall: np.ndarray
    area: Estimate
    average_precision: Estimate

    @property
    def chance_precision(self) -> float:
        """Average precision of a network that guesses: the share of pictures with this label."""
        whole = self.n + self.others
        return self.n / whole if whole else math.nan


@dataclass(frozen=True, eq=False)
class Curves:
    """All curves of a network on a split.

    Attributes:
        classes: in the order of `SplitAnswers.labels`.
        macro_area, macro_average_precision: means over the classes, each counting alike; NaN where one of them is.
    """

    classes: tuple[ClassCurves, ...]
    macro_area: Estimate
    macro_average_precision: Estimate


@lru_cache(maxsize=128)
def curves_of(answers: SplitAnswers, level: float = LEVEL) -> Curves:
    """Both curves of each class, as the network ships; kept for the answers that were asked for last.

    Args:
        answers: of one split.
        level: probability that each interval is to cover by itself, between 0 and 1.
    """
    classes: list[ClassCurves] = []
    area_moves, precision_moves = (np.full((len(answers.labels), answers.n), math.nan) for _ in range(2))
    for place, label in enumerate(answers.labels):
        positive = answers.true == place
        scores = answers.probabilities[:, place].astype(np.float64)
        if positive.any() and not positive.all():
            area_moves[place] = _area_moves(scores, positive)
            precision_moves[place] = _precision_moves(scores, positive)
        classes.append(
            _class_curves(label, scores, positive, area_moves[place], precision_moves[place], level)
        )
    return Curves(
        tuple(classes),
        _macro([each.area for each in classes], area_moves, level),
        _macro([each.average_precision for each in classes], precision_moves, level),
    )


def thinned(curve: np.ndarray, points: int = POINTS) -> np.ndarray:
    """The curve with at most so many of its points, its ends among them, spread evenly along its length.

    Args:
        curve: float (P, 3), as `ClassCurves` has it.
        points: 2 or more.
    """
    if len(curve) <= points:
        return curve
    along = np.concatenate([[0.0], np.abs(np.diff(curve[:, :2], axis=0)).sum(axis=1).cumsum()])
    wanted = np.linspace(0, along[-1], points)[:-1]
    return curve[np.unique(np.append(np.searchsorted(along, wanted), len(curve) - 1))]


def _class_curves(
    label: str,
    scores: np.ndarray,
    positive: np.ndarray,
    area_moves: np.ndarray,
    precision_moves: np.ndarray,
    level: float,
) -> ClassCurves:
    n, others = int(positive.sum()), int((~positive).sum())
    if not n or not others:
        nothing, undefined = np.empty((0, 3)), Estimate(math.nan, math.nan, math.nan, n)
        return ClassCurves(label, n, others, nothing, nothing, undefined, undefined)
    # Slow to import, and only wanted where curves are shown.
    from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_curve

    false_rate, true_rate, limits = roc_curve(positive, scores)
    precision, recall, of_precision = precision_recall_curve(positive, scores, drop_intermediate=True)
    steps = np.column_stack([recall, precision, np.append(of_precision, math.inf)])[::-1]
    roc = np.column_stack([false_rate, true_rate, limits])
    for curve in (roc, steps):
        curve.setflags(write=False)
    area, average = float(auc(false_rate, true_rate)), float(average_precision_score(positive, scores))
    return ClassCurves(
        label, n, others, roc, steps,
        _estimate(area, _variance(area_moves), n, level),
        _estimate(average, _variance(precision_moves), n, level),
    )  # fmt: skip


def _area_moves(scores: np.ndarray, positive: np.ndarray) -> np.ndarray:
    """float64 (N,): by what each picture moves the area under the ROC curve; DeLong's structural components.

    They are scaled such that the sum of their squares is DeLong's variance.
    """
    m, n = int(positive.sum()), int((~positive).sum())
    share = np.empty(len(scores))
    # Of a picture with the label: the share of the others that it is above. Of another: of those that are above it.
    share[positive] = _share_below(scores[positive], scores[~positive])
    share[~positive] = 1 - _share_below(scores[~positive], scores[positive])
    moves = np.empty_like(share)
    for kind, size in ((positive, m), (~positive, n)):
        # With one picture of a kind the variance is unknown; 0 is what it would be of the other kind alone.
        moves[kind] = (share[kind] - share[kind].mean()) / math.sqrt(size * max(size - 1, 1))
    return moves


def _share_below(scores: np.ndarray, others: np.ndarray) -> np.ndarray:
    """float64: of the others, the share below each of the scores; equal ones count half."""
    ordered = np.sort(others)
    below = (np.searchsorted(ordered, scores, side) for side in ("left", "right"))
    return np.asarray(sum(below) / (2 * len(others)))


def _precision_moves(scores: np.ndarray, positive: np.ndarray) -> np.ndarray:
    """float64 (N,): by what each picture moves the average precision, the derivative after its weight."""
    order = np.argsort(-scores, kind="stable")
    right, ordered = positive[order], scores[order]
    last = np.searchsorted(-ordered, -ordered, side="right") - 1  # equal scores are reached together
    found, reached = right.cumsum()[last], last + 1.0
    precision = found / reached
    total = right.sum()
    average = float(precision[right].sum() / total)
    # A picture changes the precision at its own place and at all below it where a picture with the label lies.
    first = np.searchsorted(-ordered, -ordered, side="left")

    def from_here_on(values: np.ndarray) -> np.ndarray:
        sums = np.where(right, values, 0.0)[::-1].cumsum()[::-1]
        return np.asarray(sums[first])

    below = right * from_here_on(1 / reached) - from_here_on(precision / reached)
    moves = np.empty(len(scores))
    moves[order] = (np.where(right, precision - average, 0.0) + below) / total
    return moves


def _variance(moves: np.ndarray) -> float:
    return float((moves**2).sum())


def _estimate(value: float, variance: float, n: int, level: float) -> Estimate:
    if not variance > 1e-18 or not 0 < value < 1:
        return Estimate(value, math.nan, math.nan, n)
    logit = math.log(value / (1 - value))
    half = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(variance) / (value * (1 - value))
    low, high = (1 / (1 + math.exp(-(logit + way * half))) for way in (-1, 1))
    return Estimate(value, low, high, n)


def _macro(estimates: Sequence[Estimate], moves: np.ndarray, level: float) -> Estimate:
    """The mean of areas; `moves` float64 (C, N) are those of each picture in each class."""
    value = float(np.mean([each.value for each in estimates]))
    n = moves.shape[1]
    if math.isnan(value):
        return Estimate(value, value, value, n)
    return _estimate(value, _variance(moves.mean(axis=0)), n, level)
