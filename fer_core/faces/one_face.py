"""One face, one box: which boxes of one or of two detectors are the same face."""

from __future__ import annotations

from typing import Final

import numpy as np

from fer_core.faces.boxes import iou
from fer_core.faces.suppression import overlap_of_smaller

SAME_IOU: Final = 0.35
"""Intersection over union from which two boxes are one face."""

SAME_WITHIN: Final = 0.7
"""Share of the smaller box within the other from which two boxes are one face."""


def same_faces(boxes_a_xyxy: np.ndarray, boxes_b_xyxy: np.ndarray) -> np.ndarray:
    """Which boxes of one list show the same face as which of the other.

    Args:
        boxes_a_xyxy: (N, 4), pixels.
        boxes_b_xyxy: (M, 4), pixels.

    Returns:
        bool (N, M).
    """
    return (iou(boxes_a_xyxy, boxes_b_xyxy) >= SAME_IOU) | (
        overlap_of_smaller(boxes_a_xyxy, boxes_b_xyxy) >= SAME_WITHIN
    )


def distinct(boxes_xyxy: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Positions of the boxes that are left when of those that show one face only the best stays.

    Args:
        boxes_xyxy: (N, 4), pixels.
        scores: (N,), higher is better; of equal ones the first stays.

    Returns:
        int64 (K,), ascending.
    """
    same = same_faces(boxes_xyxy, boxes_xyxy)
    kept: list[int] = []
    for row in np.argsort(-np.asarray(scores, np.float64), kind="stable"):
        if not any(same[row, other] for other in kept):
            kept.append(int(row))
    return np.array(sorted(kept), np.int64)
