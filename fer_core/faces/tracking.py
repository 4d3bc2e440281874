"""Faces followed through a video: a thorough look now and then, quick ones near the last place in between.

Scanning a whole frame with the cascade is what costs (10 ms and more). The cascade near one face costs 2 to 3 ms, and
sliding the face's own picture over the surroundings of its last place a tenth of one. So the picture is slid in
every frame, the cascade confirms every face four times a second, and the whole frame is scanned twice a second, in
parts: each of some frames that follow each other looks for faces of some sizes, so that none takes long. Each face
keeps its number while it moves.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fer_core.faces.boxes import iou, no_boxes, scale_boxes
from fer_core.faces.haar import HaarFaceDetector
from fer_core.faces.images import FACE_SIZE, square_crop
from fer_core.faces.search import FaceSearch, live_search
from fer_core.faces.sliding import face_picture, find_picture
from fer_core.faces.steady_box import SteadyBox, centre_and_side

SCAN_EVERY_S: Final = 0.5
"""Seconds from one scan of the whole picture to the next, while every known face is in sight.

While no face is known or one was lost from sight, the next one begins at once.
"""

SCAN_PARTS: Final = 3
"""Frames that share a scan. Whole, it took 19 ms of a processor core where all else in a frame takes 5."""

LOOK_EVERY_S: Final = 0.22
"""Seconds from one look of the cascade near a face to the next, while its picture is found by sliding it."""

LOOKS_A_FRAME: Final = 3
"""Faces that the cascade looks for near their last place in one frame; with more of them they take turns."""

FORGET_AFTER_S: Final = 1.0
"""A face that comes back sooner keeps its number."""

_SCAN_WHOLE_S: Final = 0.1  # frames that come as seldom as this leave time for a whole scan
_HIDE_AFTER_S: Final = 0.2  # the box stays that long where a blink or a blur hides the face
_HITS_TO_SHOW: Final = 2  # what one frame alone takes for a face is mostly none
_SURROUNDINGS: Final = 0.5  # the quick look reaches this far around the expected box, in sides of the box
_NEAR_SIZE: Final = 72  # pixels: the face is then about 36 wide; 96 took 1.7 times as long and found no more
_NEAR_SMALLEST: Final = 0.35  # of the surroundings: a face may shrink by a third from frame to frame
_SAME_PLACE: Final = 0.5  # IoU from which two finds are one face
_REACH: Final = 1.0  # a face moves at most so far from where it is expected, in sides of its box


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
    """Whether a part of a scan was done, and not only a search at the places of known faces."""
    elapsed_ms: float
    """Time the search took, in milliseconds."""
    tracks: tuple[int, ...] = ()
    """Which of all faces ever begun each of `numbers` is: a number may go to another face."""
    unconfirmed: frozenset[int] = frozenset()
    """Those of all faces that were seen in one frame only so far, in sight or not."""

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(eq=False)
class _Track:
    identity: int
    number: int
    box: SteadyBox
    seen_s: float
    looked_s: float
    hits: int = 1
    lost_s: float | None = None  # since when it was looked for in vain
    picture_gray: np.ndarray | None = None  # for `find_picture`: as the cascade found it last

    def redetected(self, box_xyxy: np.ndarray, now_s: float, *, coarse: bool) -> None:
        if self.lost_s is None:
            self.box.follow(box_xyxy, now_s, coarse=coarse)
        else:  # it went on behind something: no path leads from the old place to the new one
            speed = self.box.speed
            self.box = SteadyBox(box_xyxy, now_s)
            self.box.speed = speed
        self.seen_s, self.lost_s = now_s, None
        self.hits += 1

    def follow(self, box_xyxy: np.ndarray, now_s: float) -> None:
        """Its picture is there; whether that is still a face is for the cascade to say."""
        self.box.follow(box_xyxy, now_s, coarse=True)
        self.seen_s = now_s

    def mark_lost(self, now_s: float) -> None:
        if self.lost_s is None:
            self.lost_s = now_s


class FaceTracker:
    """Follows the faces of one video. For one thread at a time; each video has its own.

    Args:
        search: with which detectors and how thoroughly the whole frame is searched.
        shows_unconfirmed: give faces from the first frame on, for a caller who waits whether others confirm them.

    Raises:
        DetectionError: this OpenCV cannot load the cascade.
    """

    def __init__(self, search: FaceSearch | None = None, *, shows_unconfirmed: bool = False) -> None:
        self._tracks: list[_Track] = []
        self._begun = itertools.count(1)
        self._shows_unconfirmed = shows_unconfirmed
        self.use(live_search() if search is None else search)
        self._updated_s: float | None = None
        self._frame_size: tuple[int, int] | None = None

    def use(self, search: FaceSearch) -> None:
        """Search like this from the next frame on, which is scanned; known faces keep their numbers.

        Also those that a search like this would not find: they are followed as long as they look like a face.
        """
        self.search = search
        self.detector = HaarFaceDetector(search.haar)
        self._near = HaarFaceDetector(
            replace(search.haar, scale_factor=1.1, smallest_face=_NEAR_SMALLEST, working_size=_NEAR_SIZE)
        )
        self._hits: list[np.ndarray] = []  # of the scan that is under way, one array a part
        self._scan_began_s: float | None = None

    def update(self, frame_gray: np.ndarray, now_s: float | None = None) -> TrackedFaces:
        """Find and follow the faces in the next frame.

        Args:
            frame_gray: uint8 (H, W), 0-255; its size may change from one frame to the next.
            now_s: when it was taken, in seconds, on a clock that does not run backwards; None for now.

        Returns:
            Faces that were seen in at least two frames (not so a stray hit), or all with `shows_unconfirmed`.

        Raises:
            ValueError: another shape or dtype.
        """
        if frame_gray.ndim != 2 or frame_gray.dtype != np.uint8 or frame_gray.size == 0:
            raise ValueError(f"Expected uint8 (H, W). Received: {frame_gray.dtype} {frame_gray.shape}")
        start = time.perf_counter()
        now_s = time.monotonic() if now_s is None else now_s
        self._rescale_tracks((frame_gray.shape[1], frame_gray.shape[0]))
        parts = self._parts_due(now_s)
        doubted = [track for track in self._tracks if not self._follow_by_picture(frame_gray, track, now_s)]
        # A part of a scan takes long enough: besides it only one face is looked for, and none to confirm it.
        looks = _in_turn(doubted)[: 1 if parts else LOOKS_A_FRAME]
        if not looks and not parts:
            due = [track for track in self._tracks if now_s - track.looked_s >= LOOK_EVERY_S]
            looks = _in_turn(due)[:1]
        self._look_near(frame_gray, looks, now_s)
        if parts:
            self._scan(frame_gray, parts, now_s)
        self._forget(now_s)
        for track in self._tracks:
            if track.looked_s == now_s and track.seen_s == now_s:
                track.picture_gray = face_picture(frame_gray, track.box.box_xyxy)
        self._updated_s = now_s
        return self._in_sight(bool(parts), now_s, start)

    def crops(self, frame_gray: np.ndarray, tracked: TrackedFaces, rows: list[int]) -> np.ndarray:
        """Cut out faces of a frame, uint8 (H, W), as a network sees them: uint8 (N, 48, 48), in the order of `rows`."""
        faces = np.empty((len(rows), FACE_SIZE, FACE_SIZE), np.uint8)
        for place, row in enumerate(rows):
            faces[place] = square_crop(frame_gray, tracked.boxes_xyxy[row], self.search.haar.margin)
        return faces

    def _rescale_tracks(self, size: tuple[int, int]) -> None:
        """WebRTC shrinks the video under load; the faces are then where they were, in fewer pixels."""
        if self._frame_size is not None and self._frame_size != size:
            factors = np.array([size[0] / self._frame_size[0], size[1] / self._frame_size[1]])
            scale = np.append(factors, factors.mean())  # x, y, side
            for track in self._tracks:
                track.box.values = track.box.values * scale
                track.box.speed = track.box.speed * scale
            self._hits = []
        self._frame_size = size

    def _parts_due(self, now_s: float) -> range:
        """The parts of a scan to do in this frame."""
        done = len(self._hits)
        if not done:
            doubt = not self._tracks or any(track.lost_s is not None for track in self._tracks)
            if (
                not doubt
                and self._scan_began_s is not None
                and now_s - self._scan_began_s < SCAN_EVERY_S - 1e-6
            ):
                return range(0)
            self._scan_began_s = now_s
        seldom = self._updated_s is None or now_s - self._updated_s >= _SCAN_WHOLE_S
        return range(done, SCAN_PARTS if seldom else done + 1)

    def _scan(self, frame_gray: np.ndarray, parts: range, now_s: float) -> None:
        """Do these parts of a scan; the last one gives faces that are out of sight their place, or begins new ones."""
        reduced = self.detector.reduce(frame_gray)
        self._hits += [self.detector.hits(reduced, part, SCAN_PARTS) for part in parts]
        if len(self._hits) < SCAN_PARTS:
            return
        scanned_xyxy = self.detector.group(np.concatenate(self._hits), reduced)
        self._hits = []
        seen_boxes = [track.box.box_xyxy for track in self._tracks if track.seen_s == now_s]
        new = np.array(
            [
                box
                for box in scanned_xyxy
                if not any(_overlap(box, other) > _SAME_PLACE for other in seen_boxes)
            ]
        )
        unseen = [track for track in self._tracks if track.seen_s < now_s]
        unassigned = self._assign(unseen, new.reshape(-1, 4), now_s, coarse=True)[1]
        self._begin(new[unassigned], now_s)

    def _follow_by_picture(self, frame_gray: np.ndarray, track: _Track, now_s: float) -> bool:
        """Whether the face's own picture is found near where it is expected; then it is followed there."""
        if track.picture_gray is None or track.lost_s is not None or track.hits < _HITS_TO_SHOW:
            return False
        box_xyxy = find_picture(frame_gray, track.picture_gray, track.box.expected(now_s))
        if box_xyxy is None:
            return False
        track.follow(box_xyxy, now_s)
        return True

    def _look_near(self, frame_gray: np.ndarray, tracks: list[_Track], now_s: float) -> None:
        """Look for these faces where they are expected; each find belongs to one of them at most."""
        if not tracks:
            return
        finds: list[np.ndarray] = [
            track.box.box_xyxy for track in self._tracks if track.seen_s == now_s and track not in tracks
        ]
        seen_count = len(finds)
        for track in tracks:
            track.looked_s = now_s
            for box in self._detect_near(frame_gray, track.box.expected(now_s)):
                if not any(_overlap(box, other) > _SAME_PLACE for other in finds):
                    finds.append(box)
        for track in self._assign(tracks, np.array(finds[seen_count:]).reshape(-1, 4), now_s)[0]:
            track.mark_lost(now_s)

    def _detect_near(self, frame_gray: np.ndarray, box_xyxy: np.ndarray) -> np.ndarray:
        height, width = frame_gray.shape
        x1, y1, x2, y2 = box_xyxy
        reach = _SURROUNDINGS * (x2 - x1)
        left, top = max(0, round(x1 - reach)), max(0, round(y1 - reach))
        right, bottom = min(width, round(x2 + reach)), min(height, round(y2 + reach))
        if right <= left or bottom <= top:
            return no_boxes()
        detected_xyxy = self._near.detect(frame_gray[top:bottom, left:right]).boxes_xyxy
        return detected_xyxy + np.array([left, top, left, top], dtype=np.int32)

    def _assign(
        self, tracks: list[_Track], found_xyxy: np.ndarray, now_s: float, *, coarse: bool = False
    ) -> tuple[list[_Track], list[int]]:
        """Give finds to faces, nearest to where each is expected first.

        Returns:
            Faces without a find, and positions of the finds that belong to no face.
        """
        pairs = sorted(
            (_distance(track.box.expected(now_s), box), t, b)
            for t, track in enumerate(tracks)
            for b, box in enumerate(found_xyxy)
        )
        free_tracks, free_boxes = set(range(len(tracks))), set(range(len(found_xyxy)))
        for distance, t, b in pairs:
            if distance < _REACH and t in free_tracks and b in free_boxes:
                tracks[t].redetected(found_xyxy[b], now_s, coarse=coarse)
                free_tracks.remove(t)
                free_boxes.remove(b)
        return [tracks[t] for t in sorted(free_tracks)], sorted(free_boxes)

    def _begin(self, found_xyxy: np.ndarray, now_s: float) -> None:
        """New faces, where none is known."""
        for box in found_xyxy:
            if all(_overlap(box, t.box.expected(now_s)) < 0.1 for t in self._tracks if t.seen_s == now_s):
                number = self._free_number()
                self._tracks.append(_Track(next(self._begun), number, SteadyBox(box, now_s), now_s, now_s))

    def _free_number(self) -> int:
        used = {track.number for track in self._tracks}
        return next(number for number in range(1, len(used) + 2) if number not in used)

    def _forget(self, now_s: float) -> None:
        self._tracks = sorted(
            (
                track
                for track in self._tracks
                if track.lost_s is None
                or (track.hits >= _HITS_TO_SHOW and now_s - track.seen_s <= FORGET_AFTER_S)
            ),
            key=lambda track: track.number,
        )

    def _in_sight(self, scanned: bool, now_s: float, start: float) -> TrackedFaces:
        assert self._frame_size is not None
        visible = [
            track
            for track in self._tracks
            if (track.hits >= _HITS_TO_SHOW and now_s - track.seen_s < _HIDE_AFTER_S)
            or (self._shows_unconfirmed and track.hits < _HITS_TO_SHOW and track.seen_s == now_s)
        ]
        boxes = no_boxes()
        if visible:
            # Where each was seen last: an expectation that fails would make the box slide.
            boxes_xyxy = np.stack([track.box.box_xyxy for track in visible])
            boxes = scale_boxes(boxes_xyxy, self._frame_size, self._frame_size)
        return TrackedFaces(
            boxes,
            tuple(track.number for track in visible),
            self._frame_size,
            scanned,
            (time.perf_counter() - start) * 1000,
            tuple(track.identity for track in visible),
            frozenset(track.identity for track in self._tracks if track.hits < _HITS_TO_SHOW),
        )


def _in_turn(tracks: list[_Track]) -> list[_Track]:
    """Those that were looked at longest ago first."""
    return sorted(tracks, key=lambda track: track.looked_s)


def _overlap(first_xyxy: np.ndarray, second_xyxy: np.ndarray) -> float:
    return float(iou(first_xyxy, second_xyxy)[0, 0])


def _distance(first_xyxy: np.ndarray, second_xyxy: np.ndarray) -> float:
    """Between the centres, in sides of the larger box; infinite when one is twice as large as the other."""
    first, second = centre_and_side(first_xyxy), centre_and_side(second_xyxy)
    smaller, larger = sorted((first[2], second[2]))
    if larger > 2 * smaller:
        return float("inf")
    return float(np.hypot(*(first[:2] - second[:2]))) / larger
