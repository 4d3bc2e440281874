"""How well nearest pictures survive: in fewer numbers, and on a map in two dimensions."""

from __future__ import annotations

import numpy as np

_BLOCK = 256  # pictures whose distances to all others are in memory at once


def nearest_in(values: np.ndarray, rows: np.ndarray, count: int, groups: np.ndarray) -> np.ndarray:
    """The pictures nearest to some pictures by Euclidean distance, without themselves and their exact duplicates.

    Args:
        values: float32 (N, K), of all pictures.
        rows: int (n,), the pictures whose neighbours are asked for.
        count: how many each.
        groups: int (N,), the same number for exact duplicates and for no other pictures; see `groups_of_equal`.

    Returns:
        int64 (n, count), positions in `values`, the nearest first.

    Raises:
        ValueError: fewer pictures of other groups than `count`.
    """
    if len(values) - np.bincount(groups).max(initial=0) < count:
        raise ValueError(f"count: expected at most the number of other pictures. Received: {count}")
    squares = np.einsum("nk,nk->n", values, values)
    found = []
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        distances = squares - 2 * (values[block] @ values.T)  # less the square of each asked one
        distances[groups[block][:, None] == groups] = np.inf
        nearest = np.argpartition(distances, count - 1, axis=1)[:, :count]
        order = np.take_along_axis(distances, nearest, axis=1).argsort(axis=1, kind="stable")
        found.append(np.take_along_axis(nearest, order, axis=1))
    return np.concatenate(found)


def groups_of_equal(values: np.ndarray) -> np.ndarray:
    """Number rows such that equal ones, and no others, have the same number: int64 (N,), from 0 on.

    Args:
        values: (N, K).
    """
    _rows, groups = np.unique(values, axis=0, return_inverse=True)
    return groups.reshape(-1)


def share_among(few: np.ndarray, many: np.ndarray) -> float:
    """The share of each row's numbers in `few` that the same row of `many` holds, on average.

    Args:
        few: int (n, a).
        many: int (n, b), no number twice in a row.
    """
    return float((few[:, :, None] == many[:, None, :]).any(axis=2).mean())


def purity(neighbours: np.ndarray, rows: np.ndarray, labels: np.ndarray) -> float:
    """The share of neighbours that have the label of the picture itself, on average.

    Args:
        neighbours: int (n, count).
        rows: int (n,), the pictures that these are the neighbours of.
        labels: int (N,).
    """
    return float((labels[neighbours] == labels[rows][:, None]).mean())
