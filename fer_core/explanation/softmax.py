"""From scores to probabilities, step by step, as a shipped network computes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fer_core.networks.shipping import PROBABILITY_FLOOR


@dataclass(frozen=True, eq=False)
class SoftmaxSteps:
    """A softmax worked out.

    Attributes:
        exponentials: float64 (C,), e to the power of each score, divided by the temperature first.
        total: their sum.
        shares: float64 (C,), exponentials divided by the total: they add up to 1.
    """

    exponentials: np.ndarray
    total: float
    shares: np.ndarray


def softmax_steps(scores: np.ndarray, temperature: float = 1.0) -> SoftmaxSteps:
    """The softmax of some scores.

    Args:
        scores: float (C,), from -700 to 700 after the division: e to the power of more is no float64.
        temperature: divides the scores (Guo et al. 2017, arXiv:1706.04599); above 0.

    Raises:
        ValueError: a temperature of 0 or below.
    """
    if not temperature > 0:
        raise ValueError(f"Expected a temperature above 0. Received: {temperature}")
    exponentials = np.exp(np.asarray(scores, np.float64) / temperature)
    total = float(exponentials.sum())
    return SoftmaxSteps(exponentials, total, exponentials / total)


def answer_of_scores(
    scores: np.ndarray, mirror_scores: np.ndarray | None, temperature: float = 1.0
) -> np.ndarray:
    """What a shipped network makes of its scores: `fer_core.networks.shipping` in numbers.

    The temperature comes last: it divides the logarithms of the probabilities. Without a mirror image that is the
    same as dividing the scores.

    Args:
        scores: float (C,), of the face.
        mirror_scores: float (C,), of its mirror image; None for a network that takes the face only.
        temperature: of the network, above 0; 1 changes nothing.

    Returns:
        float64 (C,), adds up to 1.
    """
    both = [scores] if mirror_scores is None else [scores, mirror_scores]
    mean = np.mean([softmax_steps(each).shares for each in both], axis=0)
    if temperature == 1.0:
        return np.asarray(mean)
    return softmax_steps(np.log(np.maximum(mean, PROBABILITY_FLOOR)), temperature).shares
