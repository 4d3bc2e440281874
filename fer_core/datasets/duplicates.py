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
