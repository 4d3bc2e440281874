"""Faces followed through a video: a thorough look now and then, a quick one near the last place in between.

Scanning a whole frame is what costs (20 ms and more); looking for one face where it was a moment ago costs
about a millisecond. Each face keeps its number while it moves.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fer_core.faces.boxes import FaceDetections, iou, no_boxes, scale_boxes
from fer_core.faces.detection import DetectionSettings, HaarFaceDetector

LIVE_DETECTION: Final = DetectionSettings(scale_factor=1.2, neighbours=4, smallest_face=0.1, working_size=400)
"""Settings for video: coarser than for photos, since the next frame offers another chance."""

SCAN_EVERY: Final = 15
"""Frames from one scan of the whole picture to the next, while every known face is in sight."""

SCAN_EVERY_IN_DOUBT: Final = 3
"""The same while no face is known or one was lost from sight."""

_SURROUNDINGS: Final = 0.5  # the quick look reaches this far around the last box, in sides of the box
_NEAR_SIZE: Final = 72  # pixels: the face is then about 36 wide; 96 took 1.7 times as long and found no more
_NEAR_SMALLEST: Final = 0.35  # of the surroundings: a face may shrink by a third from frame to frame
_HITS_TO_SHOW: Final = 2  # what one frame alone takes for a face is mostly none
_MISSES_TO_HIDE: Final = 5  # frames; the box stays that long where a blink or a blur hides the face
_MISSES_TO_FORGET: Final = 15  # frames; a face that comes back sooner keeps its number
_SAME_PLACE: Final = 0.6  # IoU above which a difference is the cascade's jitter, which is then halved
_SAME_FACE: Final = 0.4  # IoU above which two tracks follow one face


@dataclass(frozen=True, eq=False)
class TrackedFaces:
    """The faces in sight in one frame. None is a result, not an error."""

    boxes_xyxy: np.ndarray
    """int32 (N, 4), pixels of the frame, in the order of `numbers`."""
    numbers: tuple[int, ...]
    """Each face's own, from 1, ascending; the same from frame to frame."""
    frame_size: tuple[int, int]
    """Width, height of the frame, in pixels."""
    scanned: bool
    """Whether the whole frame was searched, and not only the places of known faces."""
    elapsed_ms: float
    """Time the search took, in milliseconds."""

    def __len__(self) -> int:
        return len(self.numbers)

    def detections(self) -> FaceDetections:
        """The boxes as a detector gives them, for its `crops`."""
        return FaceDetections(self.boxes_xyxy, self.frame_size, self.elapsed_ms)


@dataclass(eq=False)
class _Track:
    number: int
    box_xyxy: np.ndarray  # float64 (4,): halved steps add up below a pixel
    hits: int = 1
    misses: int = 0

    def follow(self, found_xyxy: np.ndarray) -> None:
        found = found_xyxy.astype(np.float64)
        if iou(self.box_xyxy, found)[0, 0] > _SAME_PLACE:
            found = (self.box_xyxy + found) / 2
        self.box_xyxy = found
        self.hits += 1
        self.misses = 0


class FaceTracker:
    """Follows the faces of one video. For one thread at a time; each video has its own.

    Args:
        settings: how thoroughly the whole frame is searched.

    Raises:
        DetectionError: this OpenCV cannot load the cascade.
    """

    def __init__(self, settings: DetectionSettings = LIVE_DETECTION) -> None:
        self.detector = HaarFaceDetector(settings)
        self._near = HaarFaceDetector(
            replace(settings, scale_factor=1.1, smallest_face=_NEAR_SMALLEST, working_size=_NEAR_SIZE)
        )
        self._tracks: list[_Track] = []
        self._frames_since_scan: int | None = None
        self._frame_size: tuple[int, int] | None = None

    def update(self, frame_gray: np.ndarray) -> TrackedFaces:
        """The faces in the next frame.

        Args:
            frame_gray: uint8 (H, W), 0-255; its size may change from one frame to the next.

        Returns:
            Faces that were seen in at least two frames, so that a stray hit does not flash up.

        Raises:
            ValueError: another shape or dtype.
        """
        if frame_gray.ndim != 2 or frame_gray.dtype != np.uint8 or frame_gray.size == 0:
            raise ValueError(f"Expected uint8 (H, W). Received: {frame_gray.dtype} {frame_gray.shape}")
        start = time.perf_counter()
        self._take_size((frame_gray.shape[1], frame_gray.shape[0]))
        for track in self._tracks:
            self._look_near(frame_gray, track)
        scan = self._scan_is_due()
        if scan:
            self._match(self.detector.detect(frame_gray).boxes_xyxy)
            self._frames_since_scan = 0
        self._forget()
        return self._in_sight(scan, start)

    def _take_size(self, size: tuple[int, int]) -> None:
        """WebRTC shrinks the video under load; the faces are then where they were, in fewer pixels."""
        if self._frame_size not in (None, size):
            for track in self._tracks:
                track.box_xyxy = scale_boxes(track.box_xyxy, self._frame_size, size)[0].astype(np.float64)
        self._frame_size = size

    def _look_near(self, frame_gray: np.ndarray, track: _Track) -> None:
        height, width = frame_gray.shape
        x1, y1, x2, y2 = track.box_xyxy
        reach = _SURROUNDINGS * (x2 - x1)
        left, top = max(0, round(x1 - reach)), max(0, round(y1 - reach))
        right, bottom = min(width, round(x2 + reach)), min(height, round(y2 + reach))
        track.misses += 1
        if right <= left or bottom <= top:
            return
        found = self._near.detect(frame_gray[top:bottom, left:right]).boxes_xyxy
        if not len(found):
            return
        found = found + np.array([left, top, left, top], dtype=np.int32)
        overlap = iou(track.box_xyxy, found)[0]
        if overlap.max() > 0:
            track.follow(found[int(overlap.argmax())])

    def _scan_is_due(self) -> bool:
        if self._frames_since_scan is None:
            return True
        self._frames_since_scan += 1
        doubt = not self._tracks or any(track.misses for track in self._tracks)
        return self._frames_since_scan >= (SCAN_EVERY_IN_DOUBT if doubt else SCAN_EVERY)

    def _match(self, found_xyxy: np.ndarray) -> None:
        """Give what a scan found to the faces that lack a place, nearest first; the rest are new faces."""
        seen = [track for track in self._tracks if not track.misses]
        new = [box for box in found_xyxy if not any(_overlaps(track.box_xyxy, box) for track in seen)]
        lost = [track for track in self._tracks if track.misses]
        pairs = sorted(
            (_distance(track.box_xyxy, box), t, b)
            for t, track in enumerate(lost)
            for b, box in enumerate(new)
        )
        taken_tracks: set[int] = set()
        taken_boxes: set[int] = set()
        for distance, t, b in pairs:
            if distance < 1 and t not in taken_tracks and b not in taken_boxes:
                lost[t].follow(new[b])
                taken_tracks.add(t)
                taken_boxes.add(b)
        for b, box in enumerate(new):
            if b not in taken_boxes:
                self._tracks.append(_Track(self._free_number(), box.astype(np.float64)))

    def _free_number(self) -> int:
        used = {track.number for track in self._tracks}
        return next(number for number in range(1, len(used) + 2) if number not in used)

    def _forget(self) -> None:
        kept: list[_Track] = []
        for track in sorted(self._tracks, key=lambda track: (track.misses, -track.hits)):
            fresh = track.misses <= (_MISSES_TO_FORGET if track.hits >= _HITS_TO_SHOW else 0)
            twin = any(iou(track.box_xyxy, other.box_xyxy)[0, 0] > _SAME_FACE for other in kept)
            if fresh and not twin:
                kept.append(track)
        self._tracks = sorted(kept, key=lambda track: track.number)

    def _in_sight(self, scanned: bool, start: float) -> TrackedFaces:
        assert self._frame_size is not None
        shown = [t for t in self._tracks if t.hits >= _HITS_TO_SHOW and t.misses <= _MISSES_TO_HIDE]
        boxes = no_boxes()
        if shown:
            boxes = scale_boxes(np.stack([t.box_xyxy for t in shown]), self._frame_size, self._frame_size)
        numbers = tuple(track.number for track in shown)
        return TrackedFaces(boxes, numbers, self._frame_size, scanned, (time.perf_counter() - start) * 1000)


def _overlaps(first_xyxy: np.ndarray, second_xyxy: np.ndarray) -> bool:
    return bool(iou(first_xyxy, second_xyxy)[0, 0] > 0.1)


def _distance(first_xyxy: np.ndarray, second_xyxy: np.ndarray) -> float:
    """Between the centres, in sides of the larger box; infinite when one is twice as large as the other."""
    sides = sorted(float(box[2] - box[0]) for box in (first_xyxy, second_xyxy))
    if sides[1] > 2 * sides[0]:
        return float("inf")
    step = (first_xyxy[:2] + first_xyxy[2:]) / 2 - (second_xyxy[:2] + second_xyxy[2:]) / 2
    return float(np.hypot(*step)) / sides[1]
