"""Exact duplicates: FER2013 holds many pictures twice, also across its splits, some under different labels.

A network that saw a test picture's duplicate in training has seen the answer, so that a figure without the
duplicates belongs beside each figure.
"""

from __future__ import annotations

import numpy as np

from fer_core.datasets.fer2013 import Fer2013


def duplicate_rows(dataset: Fer2013, test_rows: np.ndarray, train_rows: np.ndarray) -> np.ndarray:
    """Mark the test pictures that are in the training rows, too, pixel for pixel.

    Args:
        test_rows: int (n,), positions in the data set.
        train_rows: int (m,), positions in the data set.

    Returns:
        bool (n,), True where the picture of that test row is also the picture of some training row.
    """
    trained = {dataset.images_gray[row].tobytes() for row in train_rows}
    return np.array([dataset.images_gray[row].tobytes() in trained for row in test_rows], dtype=bool)


def duplicate_groups(images_gray: np.ndarray) -> np.ndarray:
    """Number the groups of pictures that are the same in every pixel.

    Args:
        images_gray: uint8 (N, H, W).

    Returns:
        int32 (N,): groups from 0 on in the order of their first pictures, -1 for a picture without a duplicate.
    """
    firsts: dict[bytes, int] = {}
    first = np.array(
        [firsts.setdefault(image.tobytes(), row) for row, image in enumerate(images_gray)], np.int64
    )
    sizes = np.bincount(first, minlength=len(first))
    number = np.cumsum(sizes > 1) - 1
    return np.where(sizes[first] > 1, number[first], -1).astype(np.int32)
