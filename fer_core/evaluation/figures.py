"""The figures that follow from a confusion matrix, each with its confidence interval.

- A share of counted pictures (accuracy, sensitivity, specificity, precision) has the score interval of Wilson
  (1927), doi:10.1080/01621459.1927.10502953.
- F1 = 2 TP / (2 TP + FP + FN) = 2 J / (1 + J), where J = TP / (TP + FP + FN) is such a share; its interval is
  that of J, carried over.
- A mean over the classes puts their intervals together as Zou and Donner (2008), doi:10.1002/sim.3095, do. The
  sensitivities of classes are independent of each other, and so are the precisions. The F1 scores are not, since
  one wrong answer lowers two of them: their correlations come from the delta method.

All of it allows for which pictures are in the test, and not for what another training would give. Nothing is drawn
at random. Undefined is NaN: a share of no picture, and a mean over classes of which one has no value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from fer_core.evaluation.metrics import checked_confusion, one_vs_rest_counts

LEVEL = 0.95
"""Probability that the published intervals are to cover."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval.

    Attributes:
        value: 0 to 1; NaN where it is undefined, and then the ends are, too.
        low, high: ends of the interval.
        n: how many pictures it is counted over.
    """

    value: float
    low: float
    high: float
    n: int

    @property
    def is_defined(self) -> bool:
        return not math.isnan(self.value)

    @property
    def ends(self) -> tuple[float, float]:
        """Lower and upper end."""
        return self.low, self.high


@dataclass(frozen=True)
class ClassFigures:
    """One class against all others.

    Attributes:
        n: pictures with this label, the support.
        tp, tn, fp, fn: counts that add up to all pictures.
        sensitivity: also called recall, TP / (TP + FN).
        specificity: TN / (TN + FP).
        precision: TP / (TP + FP); undefined for a class that is never answered.
        f1: 2 TP / (2 TP + FP + FN); 0 for a class that occurs and is never found.
    """

    n: int
    tp: int
    tn: int
    fp: int
    fn: int
    sensitivity: Estimate
    specificity: Estimate
    precision: Estimate
    f1: Estimate


@dataclass(frozen=True)
class Figures:
    """All that follows from a confusion matrix.

    Attributes:
        classes: in the order of the matrix.
        accuracy: share of right answers.
        balanced_accuracy: mean of the sensitivities, which is also the macro average of recall.
        macro_precision, macro_f1: means of the classes, each counting alike.
    """

    classes: tuple[ClassFigures, ...]
    accuracy: Estimate
    balanced_accuracy: Estimate
    macro_precision: Estimate
    macro_f1: Estimate


def share_estimate(part: float, whole: int, level: float = LEVEL) -> Estimate:
    """A share with its Wilson interval; NaN of nothing.

    Args:
        part: 0 to `whole`; no whole number where it is a sum of shares, as in `share_of_groups`.
        whole: number of pictures.
        level: probability that the interval is to cover, between 0 and 1.

    Raises:
        ValueError: a part that is none.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"part: expected 0 to {whole}. Received: {part}")
    if not whole:
        return Estimate(math.nan, math.nan, math.nan, 0)
    z2 = NormalDist().inv_cdf((1 + level) / 2) ** 2
    middle = (part + z2 / 2) / (whole + z2)
    half = math.sqrt(z2 * (part * (whole - part) / whole + z2 / 4)) / (whole + z2)
    # A share of 0 or 1 is an end of its own interval, which rounding would move by a hair.
    low = 0.0 if part == 0 else middle - half
    return Estimate(part / whole, low, 1.0 if part == whole else middle + half, whole)


def share_of_groups(right: np.ndarray, groups: np.ndarray, level: float = LEVEL) -> Estimate:
    """The share of right answers with an interval that counts each group as one picture.

    Pictures of one group, such as the frames of one recording, are nearly the same picture: a hundred of them tell little
    more than one, and an interval over pictures would be far too narrow. Over groups it is the widest that can be meant,
    right where all pictures of a group are answered alike. With each picture in a group of its own it is Wilson's.

    Args:
        right: bool (N,), whether each picture was answered right.
        groups: (N,), which group each is of.
        level: probability that the interval is to cover, between 0 and 1.

    Returns:
        the share of the N pictures, with `n` the number of groups; NaN of nothing.

    Raises:
        ValueError: the lengths differ.
    """
    if right.shape != groups.shape or right.ndim != 1:
        raise ValueError(f"Expected (N,) and (N,). Received: {right.shape} and {groups.shape}")
    count = len(np.unique(groups))
    return share_estimate(float(right.mean()) * count if count else 0, count, level)


def figures_of(confusion: np.ndarray, level: float = LEVEL) -> Figures:
    """Every figure of a confusion matrix.

    Args:
        confusion: int (C, C), rows are the true classes.
        level: probability that each interval is to cover by itself, between 0 and 1.

    Raises:
        ValueError: no such matrix.
    """
    matrix = checked_confusion(confusion)
    total = int(matrix.sum())
    counts = one_vs_rest_counts(matrix)
    classes = tuple(
        _class_figures(*map(int, cells), level=level)
        for cells in zip(counts.tp, counts.tn, counts.fp, counts.fn, strict=True)
    )
    independent = np.eye(len(matrix))
    f1 = [each.f1 for each in classes]
    correlations = _f1_correlations(matrix) if all(each.is_defined for each in f1) else independent
    return Figures(
        classes=classes,
        accuracy=share_estimate(int(np.trace(matrix)), total, level),
        balanced_accuracy=_mean([each.sensitivity for each in classes], independent, total),
        macro_precision=_mean([each.precision for each in classes], independent, total),
        macro_f1=_mean(f1, correlations, total),
    )


def _class_figures(tp: int, tn: int, fp: int, fn: int, *, level: float) -> ClassFigures:
    overlap = share_estimate(tp, tp + fp + fn, level)
    value, low, high = (2 * share / (1 + share) for share in (overlap.value, overlap.low, overlap.high))
    return ClassFigures(
        n=tp + fn,
        tp=tp,
        tn=tn,
        fp=fp,
        fn=fn,
        sensitivity=share_estimate(tp, tp + fn, level),
        specificity=share_estimate(tn, tn + fp, level),
        precision=share_estimate(tp, tp + fp, level),
        f1=Estimate(value, low, high, overlap.n),
    )


def _mean(estimates: Sequence[Estimate], correlations: np.ndarray, n: int) -> Estimate:
    """The mean of estimates of which each has an interval of its own; NaN where one of them is.

    Args:
        estimates: C of them.
        correlations: float (C, C).
        n: how many pictures all of them are counted over.
    """
    values = np.array([each.value for each in estimates])
    below = values - [each.low for each in estimates]
    above = [each.high for each in estimates] - values
    mean = float(values.mean())
    if math.isnan(mean):
        return Estimate(mean, mean, mean, n)
    down, up = (
        math.sqrt(max(0.0, float(side @ correlations @ side))) / len(values) for side in (below, above)
    )
    return Estimate(mean, max(0.0, mean - down), min(1.0, mean + up), n)


def _f1_correlations(matrix: np.ndarray) -> np.ndarray:
    """float (C, C): how the F1 scores of the classes move together, by the delta method for a multinomial.

    A class whose F1 is 0 or 1 has no variance to tell a correlation from, and counts as independent.
    """
    size = len(matrix)
    cells = matrix / matrix.sum()
    right = np.diag(cells)
    both = cells.sum(axis=0) + cells.sum(axis=1)  # F1 = 2 right / both
    gradients = np.zeros((size, size, size))  # of each F1 after each cell
    for k in range(size):
        lower = 2 * right[k] / both[k] ** 2
        gradients[k, k, :] -= lower
        gradients[k, :, k] -= lower
        gradients[k, k, k] += 2 / both[k]
    slopes = gradients.reshape(size, -1)  # (C, C, C) -> (C, C * C)
    weights = cells.ravel()
    means = slopes @ weights
    covariance = (slopes * weights) @ slopes.T - np.outer(means, means)
    spread = np.sqrt(np.clip(np.diag(covariance), 0.0, None))
    product = np.outer(spread, spread)
    correlations = np.eye(size)
    np.divide(covariance, product, out=correlations, where=product > 1e-15)
    np.fill_diagonal(correlations, 1.0)
    return correlations
