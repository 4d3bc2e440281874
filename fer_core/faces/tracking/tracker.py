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
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.faces.boxes import no_boxes, scale_boxes
from fer_core.faces.images import FACE_SIZE, square_crop
from fer_core.faces.search import FaceSearch, live_search
from fer_core.faces.tracking.looking import FrameScan, PlaceLook
from fer_core.faces.tracking.sliding import face_picture, find_picture
from fer_core.faces.tracking.steady_box import SteadyBox
from fer_core.faces.tracking.track import SAME_PLACE, Find, Track, assign, in_turn, overlap

LOOK_EVERY_S: Final = 0.22
"""Seconds from one look of the cascade near a face to the next, while its picture is found by sliding it."""

LOOKS_A_FRAME: Final = 3
"""Faces that the cascade looks for near their last place in one frame; with more of them they take turns."""

_SCAN_WHOLE_S: Final = 0.1  # frames that come as seldom as this leave time for a whole scan
_APART: Final = 0.1  # intersection over union with every known face below which a find is a new one


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


class FaceTracker:
    """Follows the faces of one video. For one thread at a time; each video has its own.

    Args:
        search: with which detectors and how thoroughly the whole frame is searched.
        shows_unconfirmed: give faces from the first frame on, for a caller who waits whether others confirm them.

    Raises:
        DetectionError: this OpenCV cannot load the cascade.
    """

    def __init__(self, search: FaceSearch | None = None, *, shows_unconfirmed: bool = False) -> None:
        self._tracks: list[Track] = []
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
        self._scan = FrameScan(search)
        self._place = PlaceLook(search)

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
        self._rescale((frame_gray.shape[1], frame_gray.shape[0]))
        parts = self._scan.due(
            now_s,
            doubt=not self._tracks or any(track.lost_s is not None for track in self._tracks),
            seldom=self._updated_s is None or now_s - self._updated_s >= _SCAN_WHOLE_S,
        )
        doubted = [track for track in self._tracks if not self._follow_by_picture(frame_gray, track, now_s)]
        # A part of a scan takes long enough: besides it only one face is looked for, and none to confirm it.
        looks = in_turn(doubted)[: 1 if parts else LOOKS_A_FRAME]
        if not looks and not parts:
            due = [track for track in self._tracks if now_s - track.looked_s >= LOOK_EVERY_S]
            looks = in_turn(due)[:1]
        self._look_near(frame_gray, looks, now_s)
        if parts:
            self._take_in(self._scan.look(frame_gray, parts), now_s)
        self._tracks = sorted(
            (track for track in self._tracks if track.is_remembered(now_s)), key=lambda track: track.number
        )
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

    def _rescale(self, size: tuple[int, int]) -> None:
        """WebRTC shrinks the video under load; the faces are then where they were, in fewer pixels."""
        if self._frame_size is not None and self._frame_size != size:
            for track in self._tracks:
                track.rescale(size[0] / self._frame_size[0], size[1] / self._frame_size[1])
            self._scan.restart()
        self._frame_size = size

    def _follow_by_picture(self, frame_gray: np.ndarray, track: Track, now_s: float) -> bool:
        """Whether the face's own picture is found near where it is expected; then it is followed there."""
        if track.picture_gray is None or track.lost_s is not None or not track.confirmed:
            return False
        box_xyxy = find_picture(frame_gray, track.picture_gray, track.box.expected(now_s))
        if box_xyxy is None:
            return False
        track.follow(box_xyxy, now_s)
        return True

    def _look_near(self, frame_gray: np.ndarray, tracks: list[Track], now_s: float) -> None:
        """Look for these faces where they are expected; each find belongs to one of them at most."""
        taken = [
            track.box.box_xyxy for track in self._tracks if track.seen_s == now_s and track not in tracks
        ]
        finds: list[Find] = []
        for track in tracks:
            track.looked_s = now_s
            for find in self._place.look(frame_gray, track.box.expected(now_s)):
                if not any(overlap(find.box_xyxy, other) > SAME_PLACE for other in taken):
                    finds.append(find)
                    taken.append(find.box_xyxy)
        for track in assign(tracks, finds, now_s)[0]:
            track.mark_lost(now_s)

    def _take_in(self, finds: list[Find], now_s: float) -> None:
        """What a scan found: faces that are out of sight get their place, others begin."""
        seen = [track.box.box_xyxy for track in self._tracks if track.seen_s == now_s]
        new = [find for find in finds if all(overlap(find.box_xyxy, box) <= SAME_PLACE for box in seen)]
        unseen = [track for track in self._tracks if track.seen_s < now_s]
        for find in assign(unseen, new, now_s, coarse=True)[1]:
            here = [track.box.expected(now_s) for track in self._tracks if track.seen_s == now_s]
            if all(overlap(find.box_xyxy, box) < _APART for box in here):
                box = SteadyBox(find.box_xyxy, now_s)
                self._tracks.append(Track(next(self._begun), self._free_number(), box, now_s, now_s))

    def _free_number(self) -> int:
        used = {track.number for track in self._tracks}
        return next(number for number in range(1, len(used) + 2) if number not in used)

    def _in_sight(self, scanned: bool, now_s: float, start: float) -> TrackedFaces:
        assert self._frame_size is not None
        visible = [
            track for track in self._tracks if track.is_in_sight(now_s, unconfirmed=self._shows_unconfirmed)
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
            frozenset(track.identity for track in self._tracks if not track.confirmed),
        )
