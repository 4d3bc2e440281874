"""How sure a network is against how often it is right: calibration, prediction sets, "unsure"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fer_core.evaluation.metrics import json_number
from fer_core.recognition.conformal import PredictionSets

BINS = 15
DRAWS = 4000
CHANCE_LEVEL = 0.95
"""Share of the cases that what chance does is told for."""


def calibration_bins(probabilities: np.ndarray, labels: np.ndarray, bins: int = BINS) -> dict[str, list[Any]]:
    """Answers by how sure they are, in bins of equal width over 0 to 1.

    Args:
        probabilities: float (N, C), rows sum to 1.
        labels: int (N,), the true classes.
        bins: number of them.

    Returns:
        {"count" int, "confidence" mean probability of the answers, "accuracy" share of them that is right},
        a list of `bins` each; None in an empty bin.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)  # (low, high]
    counts = np.bincount(place, minlength=bins)
    sums = (np.bincount(place, weights=values, minlength=bins) for values in (confidence, right))
    means = [[float(s / n) if n else None for s, n in zip(total, counts, strict=True)] for total in sums]
    return {"count": counts.tolist(), "confidence": means[0], "accuracy": means[1]}


def expected_calibration_error(bins: dict[str, list[Any]]) -> float:
    """Mean distance between how sure the answers of a bin are and how often they are right.

    Naeini et al. 2015; arXiv:1706.04599. Weighted by the answers in each bin; NaN without any.

    Args:
        bins: from `calibration_bins`.
    """
    total = sum(bins["count"])
    if not total:
        return float("nan")
    rows = zip(bins["count"], bins["confidence"], bins["accuracy"], strict=True)
    return float(sum(n * abs(sure - right) for n, sure, right in rows if n) / total)


@dataclass(frozen=True, eq=False)
class PerfectCalibration:
    """What chance alone makes of a network whose answers are right exactly as often as they are sure.

    Attributes:
        mean_error: its mean expected calibration error with as many answers; NaN without any.
        most_error: below this in 95 of 100 cases.
        ranges: for each bin the share of right answers in 95 of 100 cases, lowest and highest; None where empty.
    """

    mean_error: float
    most_error: float
    ranges: list[tuple[float, float] | None]


def perfect_calibration(bins: dict[str, list[Any]], draws: int = DRAWS) -> PerfectCalibration:
    """Consistency resampling (Bröcker and Smith 2007, doi:10.1175/WAF993.1), bin by bin.

    Within a bin all answers count as equally sure, which makes chance larger than it is by less than 0.2%
    with 15 bins.

    Args:
        bins: from `calibration_bins`.
        draws: how often the answers are drawn anew, the same ones with every call.
    """
    counts = np.array(bins["count"])
    total = counts.sum()
    if not total:
        return PerfectCalibration(float("nan"), float("nan"), [None] * len(counts))
    sure = np.array([0.0 if share is None else share for share in bins["confidence"]])
    # An answer's probability is the largest of a row and may exceed 1 by rounding.
    right = np.random.default_rng(0).binomial(counts, np.clip(sure, 0.0, 1.0), (draws, len(counts)))
    errors = np.abs(right - counts * sure).sum(axis=1) / total
    low, high = np.quantile(right, (0.5 - CHANCE_LEVEL / 2, 0.5 + CHANCE_LEVEL / 2), axis=0)
    return PerfectCalibration(
        float(errors.mean()),
        float(np.quantile(errors, CHANCE_LEVEL)),
        [
            (float(a / n), float(b / n)) if n else None
            for a, b, n in zip(low, high, counts.tolist(), strict=True)
        ],
    )


def certainty_figures(
    probabilities: np.ndarray, labels: np.ndarray, names: tuple[str, ...], sets: PredictionSets | None
) -> dict[str, Any]:
    """What `evaluation.json` says of a split beyond counts.

    Args:
        probabilities: float (N, C), in the order of `names`.
        labels: int (N,), positions in `names`.
        names: class codes.
        sets: how sets are made; None where nothing was calibrated yet.

    Returns:
        {"calibration": {"ece", "bins"}} and, with sets, "prediction_sets": {"coverage" (share of sets that
        hold the true label), "coverage_by_class", "mean_size", "sizes" (how many sets have 1, 2, ... members)}
        and "unsure": {"share", "error_when_sure", "error_when_unsure"}; None where undefined.
    """
    bins = calibration_bins(probabilities, labels)
    figures: dict[str, Any] = {
        "calibration": {"ece": json_number(expected_calibration_error(bins)), "bins": bins}
    }
    if sets is None:
        return figures
    members = sets.members(probabilities)
    held = members[np.arange(len(labels)), labels]
    by_class = {name: _mean(held[labels == position]) for position, name in enumerate(names)}
    sizes = members.sum(axis=1)
    wrong = probabilities.argmax(axis=1) != labels
    unsure = sets.unsure(probabilities)
    return {
        **figures,
        "prediction_sets": {
            "coverage": _mean(held),
            "coverage_by_class": by_class,
            "mean_size": _mean(sizes),
            "sizes": np.bincount(sizes, minlength=len(names) + 1)[1:].tolist(),
        },
        "unsure": {
            "share": _mean(unsure),
            "error_when_sure": _mean(wrong[~unsure]),
            "error_when_unsure": _mean(wrong[unsure]),
        },
    }


def _mean(values: np.ndarray) -> float | None:
    return float(values.mean()) if len(values) else None
