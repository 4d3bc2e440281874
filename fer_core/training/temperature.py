"""Temperature scaling: one number that makes a network as sure of itself as it is right.

Guo et al. 2017 (arXiv:1706.04599). Dividing the logits by a temperature changes no answer, only how sure it
sounds.
"""

from __future__ import annotations

import math

import numpy as np

from fer_core.networks.shipping import PROBABILITY_FLOOR

_GOLDEN = (math.sqrt(5) - 1) / 2


def fit_temperature(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The temperature with the smallest negative log-likelihood, between 0.2 and 5.

    Args:
        probabilities: float (N, C), rows sum to 1, of an uncalibrated network.
        labels: int (N,), the true classes.

    Raises:
        ValueError: no sample, or the shapes do not fit.
    """
    if probabilities.ndim != 2 or len(probabilities) != len(labels) or not len(labels):
        raise ValueError(
            f"Expected (N, C) probabilities and N labels, N at least 1. Received: {probabilities.shape} and "
            f"{np.shape(labels)}"
        )
    logits = np.log(np.maximum(np.asarray(probabilities, np.float64), PROBABILITY_FLOOR))
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        scaled = logits / math.exp(log_temperature)
        scaled -= scaled.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[rows, labels]))

    # Golden-section search: the loss has one minimum in 1 / temperature.
    low, high = math.log(0.2), math.log(5.0)
    while high - low > 1e-4:
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return math.exp((low + high) / 2)
