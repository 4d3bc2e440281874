"""Many candidates around one face become one, each with a say: BlazeFace's form of non-maximum suppression.

Bazarevsky et al. 2019 (arXiv:1907.05047), section 3.4: the mean of overlapping candidates, weighted by their scores,
trembles less from frame to frame than the best of them alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.faces.boxes import POINTS, box_areas, iou

_OTHER_SIDE: Final = {"right": "left", "left": "right"}
_MIRRORED_POINTS: Final = [
    POINTS.index("_".join(_OTHER_SIDE.get(word, word) for word in point.split("_"))) for point in POINTS
]


@dataclass(frozen=True, eq=False)
class Candidates:
    """Places that may be faces."""

    boxes_xyxy: np.ndarray
    """float32 (N, 4), in pixels, perhaps beyond the picture's border."""
    points_xy: np.ndarray
    """float32 (N, 6, 2), in pixels, in the order of `fer_core.faces.boxes.POINTS`."""
    scores: np.ndarray
    """float32 (N,), 0 to 1."""

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, which: np.ndarray) -> Candidates:
        """Those at some positions, or where a mask says so."""
        return Candidates(self.boxes_xyxy[which], self.points_xy[which], self.scores[which])

    def moved(self, scale: float, offset_xy: tuple[float, float]) -> Candidates:
        """The same in pixels of another picture: times `scale`, then `offset_xy` added."""
        offset = np.array(offset_xy, np.float32)
        return Candidates(
            (self.boxes_xyxy * scale + np.tile(offset, 2)).astype(np.float32),
            (self.points_xy * scale + offset).astype(np.float32),
            self.scores,
        )

    def mirrored(self, width: float) -> Candidates:
        """The same in a picture of so many pixels whose left and right are exchanged."""
        boxes = self.boxes_xyxy.copy()
        boxes[:, [0, 2]] = width - boxes[:, [2, 0]]
        points = self.points_xy[:, _MIRRORED_POINTS].copy()  # the right eye is the left one in a mirror
        points[..., 0] = width - points[..., 0]
        return Candidates(boxes, points, self.scores)


def no_candidates() -> Candidates:
    """Nothing that may be a face."""
    return Candidates(np.empty((0, 4), np.float32), np.empty((0, 6, 2), np.float32), np.empty(0, np.float32))


def joined(lists: list[Candidates]) -> Candidates:
    """All candidates of several lists, in their order."""
    every = [no_candidates(), *lists]
    return Candidates(
        np.concatenate([each.boxes_xyxy for each in every]),
        np.concatenate([each.points_xy for each in every]),
        np.concatenate([each.scores for each in every]),
    )


def overlap_of_smaller(boxes_a_xyxy: np.ndarray, boxes_b_xyxy: np.ndarray) -> np.ndarray:
    """What every box of one list shares with every box of the other, as a part of the smaller one of the two.

    Args:
        boxes_a_xyxy: (N, 4), pixels.
        boxes_b_xyxy: (M, 4), pixels.

    Returns:
        float64 (N, M), 0 to 1; 1 where one lies within the other, 0 where one has no area.
    """
    a = np.asarray(boxes_a_xyxy, np.float64).reshape(-1, 1, 4)
    b = np.asarray(boxes_b_xyxy, np.float64).reshape(1, -1, 4)
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])  # (N, M, 2)
    shared = np.clip(sides, 0, None).prod(axis=2)
    smaller = np.minimum(box_areas(boxes_a_xyxy)[:, None], box_areas(boxes_b_xyxy)[None, :])
    return np.divide(shared, smaller, out=np.zeros_like(shared), where=smaller > 0)


def suppress(candidates: Candidates, least_iou: float) -> Candidates:
    """Make one candidate of those that overlap the best one, then of those that overlap the best of the rest, and so on.

    Args:
        candidates: in any order.
        least_iou: intersection over union from which a candidate is the same face as a better one; 0 to 1.

    Returns:
        The means, weighted by the scores, with the highest score of each; by score, the best one first.
    """
    if len(candidates) < 2:
        return candidates
    left = np.argsort(-candidates.scores, kind="stable")
    kept: list[Candidates] = []
    while len(left):
        overlap = iou(candidates.boxes_xyxy[left[:1]], candidates.boxes_xyxy[left])[0]
        same = overlap >= least_iou
        same[0] = True  # a candidate without an area overlaps nothing, not even itself
        group = candidates[left[same]]
        shares = (group.scores / group.scores.sum()).astype(np.float32)
        kept.append(
            Candidates(
                np.tensordot(shares, group.boxes_xyxy, 1)[None],
                np.tensordot(shares, group.points_xy, 1)[None],
                group.scores[:1],
            )
        )
        left = left[~same]
    return joined(kept)
