"""How a frame of a video is looked at: all of it in parts, or a place where a face is expected."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from fer_core.faces.haar import HaarFaceDetector
from fer_core.faces.search import FaceSearch
from fer_core.faces.tracking.track import Find

SCAN_EVERY_S: Final = 0.5
"""Seconds from one scan of the whole picture to the next, while every known face is in sight.

While no face is known or one was lost from sight, the next one begins at once.
"""

SCAN_PARTS: Final = 3
"""Frames that share a scan. Whole, it took 19 ms of a processor core where all else in a frame takes 5."""

_SURROUNDINGS: Final = 0.5  # the quick look reaches this far around the expected box, in sides of the box
_NEAR_SIZE: Final = 72  # pixels: the face is then about 36 wide; 96 took 1.7 times as long and found no more
_NEAR_SMALLEST: Final = 0.35  # of the surroundings: a face may shrink by a third from frame to frame


class FrameScan:
    """Looks for faces in the whole frame, a part of the sizes in each of some frames. For one video.

    Args:
        search: how thoroughly.

    Raises:
        DetectionError: this OpenCV cannot load the cascade.
    """

    def __init__(self, search: FaceSearch) -> None:
        self._haar = HaarFaceDetector(search.haar)
        self._hits: list[np.ndarray] = []  # of the scan that is under way, one array a part
        self._began_s: float | None = None

    def restart(self) -> None:
        """Drop what was found so far: the frame's size has changed."""
        self._hits = []

    def due(self, now_s: float, *, doubt: bool, seldom: bool) -> range:
        """The parts to do in this frame.

        Args:
            now_s: when it was taken.
            doubt: no face is known, or one is out of sight.
            seldom: frames come so seldom that a whole scan takes no other's time.
        """
        done = len(self._hits)
        if not done:
            if not doubt and self._began_s is not None and now_s - self._began_s < SCAN_EVERY_S - 1e-6:
                return range(0)
            self._began_s = now_s
        return range(done, SCAN_PARTS if seldom else done + 1)

    def look(self, frame_gray: np.ndarray, parts: range) -> list[Find]:
        """Do these parts; with the last one of a scan come the faces of all of them."""
        reduced = self._haar.reduce(frame_gray)
        self._hits += [self._haar.hits(reduced, part, SCAN_PARTS) for part in parts]
        if len(self._hits) < SCAN_PARTS:
            return []
        boxes = self._haar.group(np.concatenate(self._hits), reduced)
        self._hits = []
        return [Find(box_xyxy.astype(np.float64)) for box_xyxy in boxes]


class PlaceLook:
    """Looks for faces around a place of a frame.

    Args:
        search: as for `FrameScan`.

    Raises:
        DetectionError: this OpenCV cannot load the cascade.
    """

    def __init__(self, search: FaceSearch) -> None:
        self._haar = HaarFaceDetector(
            replace(search.haar, scale_factor=1.1, smallest_face=_NEAR_SMALLEST, working_size=_NEAR_SIZE)
        )

    def look(self, frame_gray: np.ndarray, box_xyxy: np.ndarray) -> list[Find]:
        """The faces around a box (4,), in pixels of the frame."""
        height, width = frame_gray.shape
        x1, y1, x2, y2 = box_xyxy
        reach = _SURROUNDINGS * (x2 - x1)
        left, top = max(0, round(x1 - reach)), max(0, round(y1 - reach))
        right, bottom = min(width, round(x2 + reach)), min(height, round(y2 + reach))
        if right <= left or bottom <= top:
            return []
        boxes = self._haar.detect(frame_gray[top:bottom, left:right]).boxes_xyxy
        return [Find(box.astype(np.float64) + np.array([left, top, left, top])) for box in boxes]
