"""The ten votes of FER+ (Barsoum et al. 2016, arXiv:1608.01041) as labels and as distributions."""

from __future__ import annotations

import numpy as np

from fer_core.labels import FER2013_LABELS

VOTE_COLUMNS: tuple[str, ...] = (
    "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF",
)  # fmt: skip
"""In the order of `fer2013new.csv`; the first eight are those of `FERPLUS_LABELS`, NF is "not a face"."""

_EXPRESSIONS = 8


def majority_labels(votes: np.ndarray) -> np.ndarray:
    """Return the expression with the most votes, in the order of `FERPLUS_LABELS`.

    All ten columns take part and the first one wins a tie; a picture whose largest vote is `unknown` or
    `NF` has no label. This is the reading that gives the counts of the paper's results.

    Args:
        votes: uint8 (N, 10).

    Returns:
        int8 (N,), 0 to 7, and -1 for a picture without a label.

    Raises:
        ValueError: another shape.
    """
    if votes.ndim != 2 or votes.shape[1] != len(VOTE_COLUMNS):
        raise ValueError(f"votes: expected (N, 10). Received: {votes.shape}")
    labels = votes.argmax(axis=1).astype(np.int8)
    labels[(labels >= _EXPRESSIONS) | (votes.sum(axis=1) == 0)] = -1
    return labels


def strict_majority_labels(votes: np.ndarray) -> np.ndarray:
    """Return the expression with more than half of the votes: the majority rule of the FER+ paper.

    Single votes are left out first, as outliers. A picture without such a majority, or whose majority is
    `unknown` or `NF`, has no label.

    Source: Barsoum et al. 2016 (arXiv:1608.01041) and the code that they published with it.

    Args:
        votes: uint8 (N, 10).

    Returns:
        int8 (N,), 0 to 7, and -1 for a picture without a label.
    """
    counted = np.where(votes > 1, votes, 0).astype(np.int64)
    labels = counted.argmax(axis=1).astype(np.int8)
    labels[(labels >= _EXPRESSIONS) | (2 * counted.max(axis=1) <= counted.sum(axis=1))] = -1
    return labels


def vote_shares(votes: np.ndarray) -> np.ndarray:
    """Turn the votes into a distribution to learn from, single votes left out as in the FER+ paper.

    Args:
        votes: uint8 (N, 10).

    Returns:
        float32 (N, 8), rows sum to 1 in the order of `FERPLUS_LABELS`; a picture whose largest vote is
        `unknown` or `NF` has a row of zeros.
    """
    labels = majority_labels(votes)
    shares = np.where(votes > 1, votes, 0)[:, :_EXPRESSIONS].astype(np.float32)
    shares[labels < 0] = 0.0
    totals = shares.sum(axis=1, keepdims=True)
    # Where all votes differ nothing is left: the largest one stands for all.
    all_single = (totals[:, 0] == 0) & (labels >= 0)
    shares[all_single, labels[all_single]] = 1.0
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1.0), np.float32)


def labels_by_votes(votes: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Estimate the FER2013 label of each picture from its votes: a denoised form of the labels.

    FER2013's labels came from the search that found a picture, and a network with room for it learns their
    errors by heart. Where a picture's votes are known, most of what its label can say is in them. A
    multinomial logistic regression of the labels on the votes, fitted on these same pictures: with two dozen
    numbers a class it cannot learn one by heart.

    Args:
        votes: uint8 (N, 10), in the order of `VOTE_COLUMNS`.
        labels: int (N,), positions in `FER2013_LABELS`, at least two different ones.

    Returns:
        float32 (N, 7), rows sum to 1; a class that no picture has gets 0.
    """
    from sklearn.linear_model import LogisticRegression

    shares = votes / np.maximum(votes.sum(axis=1, keepdims=True), 1)
    # The logarithm lets several columns speak together; half a vote in ten keeps it finite.
    features = np.concatenate([shares, np.log(shares + 0.05)], axis=1)  # (N, 10) -> (N, 20)
    regression = LogisticRegression(max_iter=1000).fit(features, labels)
    probabilities = np.zeros((len(labels), len(FER2013_LABELS)), np.float32)
    probabilities[:, regression.classes_] = regression.predict_proba(features)
    return probabilities
