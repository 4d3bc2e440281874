"""Calibration of a network before and after its temperature, on the pictures of a split."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from fer_core.evaluation.answers import SplitAnswers
from fer_core.evaluation.certainty import (
    PerfectCalibration,
    calibration_bins,
    expected_calibration_error,
    perfect_calibration,
)


@dataclass(frozen=True, eq=False)
class Calibration:
    """How far the confidence of answers is from how often they are right.

    Attributes:
        bins: from `fer_core.evaluation.certainty.calibration_bins`.
        error: expected calibration error, 0 to 1; NaN without a picture.
        chance: what chance alone makes of a perfectly calibrated network with as many answers.
        confidence: mean probability of the answers, 0 to 1; NaN without a picture.
        log_loss: mean negative logarithm of the probability of the true label, which a temperature is fitted to;
            NaN without a picture.
        brier: mean over the pictures of the sum of squared distances between the probabilities and the true label, 0
            to 2 (Brier 1950); NaN without a picture.
    """

    bins: dict[str, list[Any]]
    error: float
    chance: PerfectCalibration
    confidence: float
    log_loss: float
    brier: float


@dataclass(frozen=True, eq=False)
class TemperatureEffect:
    """Calibration with and without the temperature of a network.

    Attributes:
        temperature: that the logits are divided by; 1 where there is none.
        before: without it.
        after: as the network ships; the same value as `before` where the temperature is 1.
    """

    temperature: float
    before: Calibration
    after: Calibration


@lru_cache(maxsize=128)
def temperature_effect(answers: SplitAnswers) -> TemperatureEffect:
    """Calibration before and after the temperature; kept for the answers that were asked for last."""
    after = calibration_of(answers.probabilities, answers.true)
    if answers.temperature == 1.0:
        return TemperatureEffect(1.0, after, after)
    return TemperatureEffect(answers.temperature, calibration_of(answers.uncalibrated(), answers.true), after)


def calibration_of(probabilities: np.ndarray, true: np.ndarray) -> Calibration:
    """Calibration of these answers.

    Args:
        probabilities: float (N, C), rows sum to 1.
        true: int (N,), the true classes.
    """
    bins = calibration_bins(probabilities, true)
    exact = probabilities.astype(np.float64)
    of_truth = exact[np.arange(len(true)), true]
    distances = (exact**2).sum(axis=1) - 2 * of_truth + 1
    return Calibration(
        bins=bins,
        error=expected_calibration_error(bins),
        chance=perfect_calibration(bins),
        confidence=_mean(exact.max(axis=1)),
        log_loss=_mean(-np.log(np.maximum(of_truth, np.finfo(np.float64).tiny))),
        brier=_mean(distances),
    )


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")
