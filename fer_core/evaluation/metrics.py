"""Accuracy, sensitivity and specificity from counts: pure NumPy, undefined is NaN and never 0.

Their intervals, and what else follows from a confusion matrix, are in `fer_core.evaluation.figures`.

Definitions as in the paper (Ekawati et al. 2024), one class against the rest: TP, TN, FP and FN are counted
for each class, sensitivity = TP / (TP + FN), specificity = TN / (TN + FP).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class OneVsRest:
    """Counts of each class against all the others; every array is int64 (C,)."""

    tp: np.ndarray
    tn: np.ndarray
    fp: np.ndarray
    fn: np.ndarray


def confusion_matrix(labels: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """How often each label was answered with each label.

    Args:
        labels: int (N,), the true classes, 0 to `n_classes` - 1.
        predicted: int (N,), the answers.
        n_classes: C, 1 or more.

    Returns:
        int64 (C, C), rows are the true classes, columns the answers.

    Raises:
        ValueError: lengths differ, a value is outside of the classes, or no integer.
    """
    true, answer = np.asarray(labels), np.asarray(predicted)
    if true.ndim != 1 or true.shape != answer.shape:
        raise ValueError(f"Expected two arrays of one length. Received: {true.shape} and {answer.shape}")
    if n_classes < 1:
        raise ValueError(f"n_classes: expected 1 or more. Received: {n_classes}")
    for name, values in (("labels", true), ("predicted", answer)):
        if values.size and not np.issubdtype(values.dtype, np.integer):
            raise ValueError(f"{name}: expected integers. Received: {values.dtype}")
        if values.size and not (0 <= values.min() and values.max() < n_classes):
            raise ValueError(
                f"{name}: expected 0 to {n_classes - 1}. Received: {values.min()} to {values.max()}"
            )
    flat = true.astype(np.int64) * n_classes + answer.astype(np.int64)
    return np.bincount(flat, minlength=n_classes * n_classes).reshape(n_classes, n_classes)


def checked_confusion(confusion: object) -> np.ndarray:
    """The matrix as int64 (C, C).

    Raises:
        ValueError: it is not square, or an entry is no count.
    """
    matrix = np.asarray(confusion)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"confusion: expected (C, C). Received: {matrix.shape}")
    if not np.issubdtype(matrix.dtype, np.integer) or matrix.min() < 0:
        raise ValueError("confusion: expected counts, whole numbers from 0")
    return matrix.astype(np.int64)


def one_vs_rest_counts(confusion: np.ndarray) -> OneVsRest:
    """TP, TN, FP and FN of each class.

    Args:
        confusion: int (C, C), rows are the true classes.
    """
    matrix = checked_confusion(confusion)
    tp = np.diag(matrix).copy()
    fn = matrix.sum(axis=1) - tp
    fp = matrix.sum(axis=0) - tp
    return OneVsRest(tp=tp, tn=matrix.sum() - tp - fn - fp, fp=fp, fn=fn)


def accuracy(confusion: np.ndarray) -> float:
    """Share of right answers, 0 to 1; NaN without a sample."""
    matrix = checked_confusion(confusion)
    total = int(matrix.sum())
    return float(np.trace(matrix) / total) if total else float("nan")


def class_accuracy(confusion: np.ndarray) -> np.ndarray:
    """float64 (C,): (TP + TN) / all, one class against the rest; NaN without a sample.

    High for a rare class even where none of it is found, which is why sensitivity belongs beside it.
    """
    counts = one_vs_rest_counts(confusion)
    right = counts.tp + counts.tn
    return _share(right, right + counts.fp + counts.fn)


def sensitivity(confusion: np.ndarray) -> np.ndarray:
    """float64 (C,): of the samples of a class, the share that was found; NaN for a class without samples."""
    counts = one_vs_rest_counts(confusion)
    return _share(counts.tp, counts.tp + counts.fn)


def specificity(confusion: np.ndarray) -> np.ndarray:
    """float64 (C,): of the samples of other classes, the share left alone; NaN where there are no others."""
    counts = one_vs_rest_counts(confusion)
    return _share(counts.tn, counts.tn + counts.fp)


def row_rates(confusion: np.ndarray) -> np.ndarray:
    """float64 (C, C): each row as shares of its sum; a row of a class without samples is NaN."""
    matrix = checked_confusion(confusion)
    return _share(matrix, np.broadcast_to(matrix.sum(axis=1, keepdims=True), matrix.shape))


def column_rates(confusion: np.ndarray) -> np.ndarray:
    """float64 (C, C): each column as shares of its sum; a column of a class that is never answered is NaN."""
    return row_rates(checked_confusion(confusion).T).T


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    share = np.full(part.shape, np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def json_number(value: float) -> float | None:
    """The figure as `evaluation.json` holds it, None where it is undefined: JSON has no NaN."""
    return None if math.isnan(value) else value
