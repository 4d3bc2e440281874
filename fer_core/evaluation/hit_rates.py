"""Unbiased hit rates (Wagner 1993, doi:10.1007/BF00987006): hits, allowing for how often an expression is answered.

Hu = TP² / ((TP + FN) (TP + FP)), which is sensitivity times precision. By chance it is the share of pictures with the
label times the share of answers with it.

The interval is that of the delta method on the logit scale. The logarithm of Hu does not change where all counts are
multiplied by one number, so for counts that are drawn together its variance is
TP (2 / TP - 1 / (TP + FN) - 1 / (TP + FP))² + FN / (TP + FN)² + FP / (TP + FP)². Where Hu is 0 or 1 that says nothing,
and the interval is the product of Wilson's for sensitivity and precision.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from fer_core.evaluation.figures import LEVEL, Estimate, share_estimate
from fer_core.evaluation.metrics import checked_confusion, one_vs_rest_counts


@dataclass(frozen=True)
class HitRate:
    """The unbiased hit rate of one class.

    Attributes:
        rate: with its interval; NaN for a class without pictures or without answers.
        chance: what it would be by chance, with as many pictures and answers; NaN without any picture.
    """

    rate: Estimate
    chance: float


def unbiased_hit_rates(confusion: np.ndarray, level: float = LEVEL) -> tuple[HitRate, ...]:
    """The unbiased hit rate of each class.

    Args:
        confusion: int (C, C), rows are the true classes.
        level: probability that each interval is to cover by itself, between 0 and 1.

    Raises:
        ValueError: no such matrix.
    """
    matrix = checked_confusion(confusion)
    counts = one_vs_rest_counts(matrix)
    return tuple(
        _hit_rate(int(tp), int(fp), int(fn), int(matrix.sum()), level)
        for tp, fp, fn in zip(counts.tp, counts.fp, counts.fn, strict=True)
    )


def _hit_rate(tp: int, fp: int, fn: int, total: int, level: float) -> HitRate:
    labels, answers = tp + fn, tp + fp
    chance = labels * answers / total**2 if total else math.nan
    if not labels or not answers:
        return HitRate(Estimate(math.nan, math.nan, math.nan, labels), chance)
    rate = tp**2 / (labels * answers)
    if rate in (0.0, 1.0):
        found, meant = share_estimate(tp, labels, level), share_estimate(tp, answers, level)
        return HitRate(Estimate(rate, found.low * meant.low, found.high * meant.high, labels), chance)
    variance = tp * (2 / tp - 1 / labels - 1 / answers) ** 2 + fn / labels**2 + fp / answers**2
    half = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(variance) / (1 - rate)
    logit = math.log(rate / (1 - rate))
    low, high = (1 / (1 + math.exp(-(logit + way * half))) for way in (-1, 1))
    return HitRate(Estimate(rate, low, high, labels), chance)
