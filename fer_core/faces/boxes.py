"""Boxes around faces: frozen values in pixels of the original frame, and the arithmetic on them.

A box is `xyxy`: left, top, right, bottom, of which right and bottom lie just outside. The case without
a face, shape (0, 4), is an ordinary one for every function here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

POINTS: Final = ("right_eye", "left_eye", "nose", "mouth", "right_ear", "left_ear")
"""What the points of a face are, in their order; right and left are those of the person."""


@dataclass(frozen=True, eq=False)
class FaceDetections:
    """What a detector found in one picture. No face is a result, not an error.

    Boxes are in the order of `left_to_right`, so that numbers on the picture are easy to find and stay the
    same each time the picture is analysed.
    """

    boxes_xyxy: np.ndarray
    """int32 (N, 4), pixels of the original frame, inside it, each with an area."""
    frame_size: tuple[int, int]
    """Width, height of the original frame, in pixels."""
    elapsed_ms: float
    """Time the detection took, in milliseconds."""
    points_xy: np.ndarray = field(default_factory=lambda: np.empty((0, len(POINTS), 2), np.float32))
    """float32 (N, 6, 2): where the points of each face lie, in the order of `POINTS`, in pixels of the original frame,
    perhaps outside it; NaN for a face of which no detector gave points. Left out, there are none."""
    scores: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    """float32 (N,), 0 to 1: BlazeFace's score of each face; NaN where only the cascade found it. Left out, all are NaN."""
    found_by: tuple[str, ...] = ()
    """What found each face: "haar", "blazeface" or "both". Left out, all are "haar"."""

    def __post_init__(self) -> None:
        boxes = self.boxes_xyxy
        count = len(boxes)
        for name, left_out in (
            ("points_xy", np.full((count, len(POINTS), 2), np.nan, np.float32)),
            ("scores", np.full(count, np.nan, np.float32)),
            ("found_by", ("haar",) * count),
        ):
            if count and not len(getattr(self, name)):
                object.__setattr__(self, name, left_out)
        if not len(self.points_xy) == len(self.scores) == len(self.found_by) == count:
            raise ValueError(f"Expected points, a score and a detector for each of {count} boxes.")
        if boxes.ndim != 2 or boxes.shape[1] != 4 or boxes.dtype != np.int32:
            raise ValueError(f"Expected int32 (N, 4). Received: {boxes.dtype} {boxes.shape}")
        width, height = self.frame_size
        inside = (boxes[:, :2] >= 0).all() and (boxes[:, 2] <= width).all() and (boxes[:, 3] <= height).all()
        if not inside or (boxes[:, 2:] <= boxes[:, :2]).any():
            raise ValueError(f"Expected boxes inside {self.frame_size}. Received: {boxes.tolist()}")

    def __len__(self) -> int:
        return len(self.boxes_xyxy)


def no_boxes() -> np.ndarray:
    """Return int32 (0, 4): the boxes of a picture without a face."""
    return np.empty((0, 4), dtype=np.int32)


def xywh_to_xyxy(boxes_xywh: np.ndarray) -> np.ndarray:
    """Convert left, top, width, height to left, top, right, bottom; (N, 4) of the same dtype."""
    boxes = np.asarray(boxes_xywh).reshape(-1, 4)
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)


def scale_boxes(boxes_xyxy: np.ndarray, from_size: tuple[int, int], to_size: tuple[int, int]) -> np.ndarray:
    """Convert boxes of one size of a picture to pixels of another, clamped to it, each at least one pixel wide.

    Args:
        boxes_xyxy: (N, 4), pixels of a frame of `from_size`.
        from_size: width, height.
        to_size: width, height, at least 1 each.

    Returns:
        int32 (N, 4), pixels of a frame of `to_size`.
    """
    factors = np.array([to_size[0] / from_size[0], to_size[1] / from_size[1]] * 2)
    boxes = np.rint(np.asarray(boxes_xyxy, dtype=np.float64).reshape(-1, 4) * factors).astype(np.int32)
    limits = np.array(to_size, dtype=np.int32)
    boxes[:, :2] = np.clip(boxes[:, :2], 0, limits - 1)
    boxes[:, 2:] = np.clip(boxes[:, 2:], boxes[:, :2] + 1, limits)
    return boxes


def mirrored_boxes(boxes_xyxy: np.ndarray, width: int) -> np.ndarray:
    """Return where the boxes lie in the picture as a mirror shows it; (N, 4) of the same dtype.

    Args:
        boxes_xyxy: (N, 4), pixels.
        width: of the picture, in pixels.
    """
    boxes = np.array(boxes_xyxy).reshape(-1, 4)
    boxes[:, [0, 2]] = width - boxes[:, [2, 0]]
    return boxes


def left_to_right(boxes_xyxy: np.ndarray) -> np.ndarray:
    """Sort the boxes in the order that they are numbered: from left to right, and from top to bottom in a column.

    Faces are in one column when their centres lie within half a face of its leftmost; otherwise a pixel
    more or less would decide whether the upper or the lower of two faces comes first.
    """
    return boxes_xyxy[left_to_right_order(boxes_xyxy)]


def left_to_right_order(boxes_xyxy: np.ndarray) -> np.ndarray:
    """The order in which `left_to_right` has the boxes: int64 (N,), positions in the list."""
    if len(boxes_xyxy) < 2:
        return np.arange(len(boxes_xyxy))
    centres_x = (boxes_xyxy[:, 0] + boxes_xyxy[:, 2]) / 2
    centres_y = (boxes_xyxy[:, 1] + boxes_xyxy[:, 3]) / 2
    half_face = float(np.median(boxes_xyxy[:, 2] - boxes_xyxy[:, 0])) / 2
    columns = np.zeros(len(boxes_xyxy), dtype=np.int64)
    column, begins = 0, -np.inf
    for index in np.argsort(centres_x, kind="stable"):
        if centres_x[index] - begins > half_face:
            column, begins = column + 1, float(centres_x[index])
        columns[index] = column
    return np.lexsort((centres_x, centres_y, columns))


def box_areas(boxes_xyxy: np.ndarray) -> np.ndarray:
    """Return the areas of boxes (N, 4): float64 (N,), square pixels."""
    boxes = np.asarray(boxes_xyxy, dtype=np.float64).reshape(-1, 4)
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def iou(boxes_a_xyxy: np.ndarray, boxes_b_xyxy: np.ndarray) -> np.ndarray:
    """Return the intersection over union of every box of one list with every box of the other.

    Args:
        boxes_a_xyxy: (N, 4), pixels.
        boxes_b_xyxy: (M, 4), pixels.

    Returns:
        float64 (N, M), 0 to 1; 0 where both boxes have no area.
    """
    a = np.asarray(boxes_a_xyxy, dtype=np.float64).reshape(-1, 1, 4)
    b = np.asarray(boxes_b_xyxy, dtype=np.float64).reshape(1, -1, 4)
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])  # (N, M, 2)
    overlap = np.clip(sides, 0, None).prod(axis=2)
    union = box_areas(a)[:, None] + box_areas(b)[None, :] - overlap
    return np.divide(overlap, union, out=np.zeros_like(overlap), where=union > 0)
