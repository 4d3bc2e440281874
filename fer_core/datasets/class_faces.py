"""Mean and standard-deviation face of pictures: what a class looks like on average, and where its faces differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fer_core.datasets.fer2013 import IMAGE_SIDE
from fer_core.datasets.rows import RowTable

_AT_ONCE = 2048  # pictures, whose squares are summed in 64 bits


@dataclass(frozen=True, eq=False)
class MeanFace:
    """The mean of some pictures, point by point, and how far they are from it."""

    mean: np.ndarray
    """float32 (48, 48), grey levels; NaN without a picture."""
    deviation: np.ndarray
    """float32 (48, 48), standard deviation in grey levels; NaN without a picture."""
    n: int
    """How many pictures."""


def mean_face(images_gray: np.ndarray, mask: np.ndarray | None = None) -> MeanFace:
    """Mean and standard deviation of each point, over some pictures.

    Args:
        images_gray: uint8 (N, 48, 48).
        mask: bool (N,), the pictures that count; None: all.
    """
    which = np.arange(len(images_gray)) if mask is None else np.flatnonzero(mask)
    shape = (IMAGE_SIDE, IMAGE_SIDE)
    if not len(which):
        return MeanFace(np.full(shape, np.nan, np.float32), np.full(shape, np.nan, np.float32), 0)
    sums, squares = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for start in range(0, len(which), _AT_ONCE):
        some = images_gray[which[start : start + _AT_ONCE]]
        sums += some.sum(axis=0, dtype=np.int64)
        squares += np.einsum("nij,nij->ij", some, some, dtype=np.int64, casting="unsafe")
    mean = sums / len(which)
    variance = np.maximum(squares / len(which) - mean**2, 0.0)
    return MeanFace(mean.astype(np.float32), np.sqrt(variance).astype(np.float32), len(which))


def faces_of_classes(table: RowTable, images_gray: np.ndarray, column_id: str) -> dict[str, MeanFace]:
    """The mean face of each class, by its code.

    Args:
        table: of the data set.
        images_gray: uint8 (N, 48, 48), its pictures, row by row.
        column_id: a class, such as "label" or "vote".

    Raises:
        DatasetError: the table does not have the column.
    """
    held = table.values(column_id)
    return {
        code: mean_face(images_gray, held == number) for number, code in enumerate(table.codes(column_id))
    }
