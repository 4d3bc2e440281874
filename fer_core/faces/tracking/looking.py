"""How a frame of a video is looked at: all of it in parts, or a place where a face is expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import cv2
import numpy as np

from fer_core.faces.blazeface import BlazeFaceDetector
from fer_core.faces.boxes import left_to_right_order
from fer_core.faces.detection import face_boxes
from fer_core.faces.haar import HaarFaceDetector
from fer_core.faces.search import BlazeFaceSettings, FaceSearch
from fer_core.faces.suppression import Candidates
from fer_core.faces.tracking.track import Find

SCAN_EVERY_S: Final = 0.5
"""Seconds from one scan of the whole picture to the next, while every known face is in sight.

While no face is known or one was lost from sight, the next one begins at once, or `SCAN_AGAIN_S` after it began.
"""

SCAN_AGAIN_S: Final = 0.1
"""Seconds from one scan of BlazeFace to the next at least: as long as the cascade takes for one in parts."""

SCAN_PARTS: Final = 3
"""Frames that share a scan of the cascade. Whole, it took 19 ms of a processor core where all else in a frame takes 5.

BlazeFace has as many parts as it looks at squares."""

_SURROUNDINGS: Final = 0.5  # the quick look reaches this far around the expected box, in sides of the box
_NEAR_SIZE: Final = 72  # pixels: the face is then about 36 wide; 96 took 1.7 times as long and found no more
_NEAR_SMALLEST: Final = 0.35  # of the surroundings: a face may shrink by a third from frame to frame
_NEAR_MODEL: Final = "short_range"  # a pass takes an eighth of that of "back"
_NEAR_SCORE: Final = 0.5  # a face that is known already may be seen less well
_CONFIRM_SCORE: Final = 0.7  # what a scan found is a face where the look at its place says so


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame as the detectors look at it."""

    gray: np.ndarray
    """uint8 (H, W)."""
    bgr: np.ndarray | None = None
    """The same in colour, uint8 (H, W, 3); None where there is none."""

    @property
    def size(self) -> tuple[int, int]:
        """Width, height, in pixels."""
        return self.gray.shape[1], self.gray.shape[0]

    @cached_property
    def rgb(self) -> np.ndarray:
        """uint8 (H, W, 3), or `gray` where there is no colour; made when BlazeFace looks, which it does not always."""
        return self.gray if self.bgr is None else np.asarray(cv2.cvtColor(self.bgr, cv2.COLOR_BGR2RGB))


class FrameScan:
    """Looks for faces in the whole frame, a part of it or of the sizes in each of some frames. For one video.

    Args:
        search: with which detectors and how thoroughly.

    Raises:
        DetectionError: this OpenCV cannot load the cascade, or the file of a network is missing or damaged.
    """

    def __init__(self, search: FaceSearch) -> None:
        self._haar = HaarFaceDetector(search.haar) if search.uses_haar else None
        self._blazeface = BlazeFaceDetector(search.blazeface) if search.uses_blazeface else None
        self._done = 0  # parts of the scan that is under way
        self._hits: list[np.ndarray] = []  # of the cascade in it, one array a part
        self._began_s: float | None = None

    def restart(self) -> None:
        """Drop what was found so far: the frame's size has changed."""
        self._done, self._hits = 0, []

    def due(self, size: tuple[int, int], now_s: float, *, doubt: bool, seldom: bool) -> range:
        """The parts to do in this frame.

        Args:
            size: width, height of the frame, in pixels.
            now_s: when it was taken.
            doubt: no face is known, or one is out of sight.
            seldom: frames come so seldom that a whole scan takes no other's time.
        """
        if not self._done:
            pause_s = SCAN_EVERY_S if not doubt else SCAN_AGAIN_S if self._haar is None else 0.0
            if self._began_s is not None and now_s - self._began_s < pause_s - 1e-6:
                return range(0)
            self._began_s = now_s
        parts = len(self._places(size)) + (SCAN_PARTS if self._haar is not None else 0)
        return range(self._done, parts if seldom else self._done + 1)

    def look(self, frame: Frame, parts: range) -> Iterator[list[Find]]:
        """Do these parts, and give the faces of each detector as soon as it is through with a picture.

        BlazeFace comes first, square by square; the cascade's faces come with the last part.
        """
        places = self._places(frame.size)
        for part in parts:
            if self._blazeface is not None and part < len(places):
                yield _of_blazeface(self._blazeface.look_at(frame.rgb, places[part]))
        sizes = [part - len(places) for part in parts if part >= len(places)]
        self._done = parts.stop
        if self._haar is None:
            if self._done >= len(places):
                self.restart()
        elif sizes:
            reduced = self._haar.reduce(frame.gray)
            self._hits += [self._haar.hits(reduced, part, SCAN_PARTS) for part in sizes]
            if len(self._hits) == SCAN_PARTS:
                boxes = self._haar.group(np.concatenate(self._hits), reduced)
                self.restart()
                yield [Find(box_xyxy.astype(np.float64)) for box_xyxy in boxes]

    def _places(self, size: tuple[int, int]) -> list[np.ndarray | None]:
        return [] if self._blazeface is None else self._blazeface.places(size)


class PlaceLook:
    """Looks for faces around a place of a frame.

    Args:
        search: as for `FrameScan`.

    Raises:
        DetectionError: as for `FrameScan`.
    """

    def __init__(self, search: FaceSearch) -> None:
        self._haar = self._blazeface = self._confirming = None
        if search.uses_haar:
            self._haar = HaarFaceDetector(
                replace(search.haar, scale_factor=1.1, smallest_face=_NEAR_SMALLEST, working_size=_NEAR_SIZE)
            )
        if search.uses_blazeface:
            confirm_score = search.blazeface.confirm_score or _CONFIRM_SCORE
            self._blazeface = BlazeFaceDetector(BlazeFaceSettings(_NEAR_MODEL, _NEAR_SCORE))
            self._confirming = BlazeFaceDetector(BlazeFaceSettings(_NEAR_MODEL, confirm_score))

    def look(self, frame: Frame, box_xyxy: np.ndarray, *, known: bool) -> Iterator[list[Find]]:
        """The faces around a box, as one detector after the other sees them: BlazeFace, then the cascade.

        Args:
            frame: to look at.
            box_xyxy: float64 (4,), pixels of the frame.
            known: whether a face was seen there more than once.
        """
        width, height = frame.size
        x1, y1, x2, y2 = box_xyxy
        reach = _SURROUNDINGS * (x2 - x1)
        left, top = max(0, round(x1 - reach)), max(0, round(y1 - reach))
        right, bottom = min(width, round(x2 + reach)), min(height, round(y2 + reach))
        if right <= left or bottom <= top:
            return
        blazeface = self._blazeface if known else self._confirming
        if blazeface is not None:
            yield _of_blazeface(blazeface.look_near(frame.rgb, box_xyxy, _SURROUNDINGS))
        if self._haar is not None:
            boxes = self._haar.detect(frame.gray[top:bottom, left:right]).boxes_xyxy
            yield [Find(box.astype(np.float64) + np.array([left, top, left, top])) for box in boxes]


def _of_blazeface(found: Candidates) -> list[Find]:
    boxes = face_boxes(found)
    # As the cascade's: faces that come into sight together are numbered from left to right.
    return [Find(boxes[row], "blazeface", found.points_xy[row]) for row in left_to_right_order(boxes)]
