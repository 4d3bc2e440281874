"""Anchors of a single-shot detector: where in the picture each of its answers is measured from (Liu et al. 2016)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np


def anchor_centres(side: int, strides: Sequence[int], anchors_a_layer: int) -> np.ndarray:
    """Centres of the anchors of a square picture, in the order of the network's answers.

    A layer lays a grid over the picture, one cell for `stride` pixels. Neighbouring layers of one stride share its
    cells: all answers of a cell follow each other, then come those of the next one to the right.

    Args:
        side: of the picture, in pixels.
        strides: of each layer, in pixels.
        anchors_a_layer: answers that a layer gives for a cell.

    Returns:
        float32 (N, 2): x, y in pixels of the picture.

    Raises:
        ValueError: a stride that does not divide the side.
    """
    if any(side % stride for stride in strides):
        raise ValueError(f"Expected strides that divide {side}. Received: {list(strides)}")
    centres = [np.empty((0, 2), np.float32)]
    for stride, layers in groupby(strides):
        cells = (np.arange(side // stride, dtype=np.float32) + 0.5) * stride
        x, y = np.meshgrid(cells, cells)
        grid = np.stack([x.ravel(), y.ravel()], axis=1)  # (cells, 2), row by row
        centres.append(np.repeat(grid, anchors_a_layer * len(list(layers)), axis=0))
    return np.concatenate(centres)
