"""Faces followed through a video: a thorough look now and then, quick ones near the last place in between.

Scanning a whole frame is what costs (with the cascade 10 ms and more, with BlazeFace 7). The cascade near one face
costs 2 to 3 ms, BlazeFace 1, and sliding the face's own picture over the surroundings of its last place a tenth of one.
So the picture is slid in every frame, a detector confirms every face several times a second, and the whole frame is
scanned twice a second, in parts: each of some frames that follow each other looks for faces of some sizes, or with the
other detector, so that none takes long. Each face keeps its number while it moves.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from fer_core.faces.boxes import POINTS, no_boxes, scale_boxes
from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import FACE_SIZE
from fer_core.faces.one_face import same_faces
from fer_core.faces.search import FaceSearch, live_search
from fer_core.faces.tracking.looking import Frame, FrameScan, PlaceLook
from fer_core.faces.tracking.sliding import face_picture, find_picture
from fer_core.faces.tracking.steady_box import SteadyBox
from fer_core.faces.tracking.track import SAME_PLACE, Find, Track, assign, in_turn, overlap

LOOK_EVERY_S: Final = 0.22
"""Seconds from one look of the cascade near a face to the next, while its picture is found by sliding it."""

LOOK_OFTEN_S: Final = 0.1
"""As `LOOK_EVERY_S` for BlazeFace, which takes half the time, and says how a face is tilted."""

LOOKS_A_FRAME: Final = 3
"""Faces that a detector looks for near their last place in one frame; with more of them they take turns."""

SCAN_WHOLE_S: Final = 0.1
"""Frames that come as seldom as this, in seconds, leave time for a whole scan."""
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
    points_xy: np.ndarray = field(default_factory=lambda: np.empty((0, len(POINTS), 2), np.float32))
    """float32 (N, 6, 2), as in `FaceDetections`, moved along with each box since BlazeFace found them; NaN without."""
    found_by: tuple[str, ...] = ()
    """Which detector found each face within the last moments: "haar", "blazeface" or "both"."""
    turns_degrees: tuple[float, ...] = ()
    """By how much each is turned upright before it is recognised, smoothed; 0 for one that is left as it is."""
    turned_away: tuple[bool, ...] = ()
    """Whether each is turned away too far to be read, smoothed."""

    def __len__(self) -> int:
        return len(self.numbers)


class FaceTracker:
    """Follows the faces of one video. For one thread at a time; each video has its own.

    Args:
        search: with which detectors and how thoroughly the whole frame is searched.
        shows_unconfirmed: give faces from the first frame on, for a caller who waits whether others confirm them.

    Raises:
        DetectionError: this OpenCV cannot load the cascade, or the file of a network is missing or damaged.
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
        self._detector = FaceDetector(search)
        self._scan = FrameScan(search)
        self._place = PlaceLook(search)

    def update(
        self, frame_gray: np.ndarray, now_s: float | None = None, frame_bgr: np.ndarray | None = None
    ) -> TrackedFaces:
        """Find and follow the faces in the next frame.

        Args:
            frame_gray: uint8 (H, W), 0-255; its size may change from one frame to the next.
            now_s: when it was taken, in seconds, on a clock that does not run backwards; None for now.
            frame_bgr: the same frame in colour, uint8 (H, W, 3), for BlazeFace; None where there is none.

        Returns:
            Faces that were seen in at least two frames (not so a stray hit), or all with `shows_unconfirmed`.

        Raises:
            ValueError: another shape or dtype.
        """
        if frame_gray.ndim != 2 or frame_gray.dtype != np.uint8 or frame_gray.size == 0:
            raise ValueError(f"Expected uint8 (H, W). Received: {frame_gray.dtype} {frame_gray.shape}")
        start = time.perf_counter()
        now_s = time.monotonic() if now_s is None else now_s
        frame = Frame(frame_gray, frame_bgr)
        self._rescale(frame.size)
        parts = self._scan.due(
            frame.size,
            now_s,
            doubt=not self._tracks or any(track.lost_s is not None for track in self._tracks),
            seldom=self._updated_s is None or now_s - self._updated_s >= SCAN_WHOLE_S,
        )
        doubted = [track for track in self._tracks if not self._follow_by_picture(frame_gray, track, now_s)]
        # A part of the cascade's scan takes long enough: besides it only one face is looked for, and none to confirm it.
        busy, quick = bool(parts) and self.search.uses_haar, self.search.uses_blazeface
        looks = in_turn(doubted)[: 1 if busy else LOOKS_A_FRAME]
        if not looks and (quick or not parts):
            pause_s = LOOK_OFTEN_S if quick else LOOK_EVERY_S
            looks = in_turn([track for track in self._tracks if now_s - track.looked_s >= pause_s])[:1]
        self._look_near(frame, looks, now_s)
        for finds in self._scan.look(frame, parts):
            self._take_in(finds, now_s)
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
            box_xyxy, turn = tracked.boxes_xyxy[row], tracked.turns_degrees[row]
            faces[place] = self._detector.crop(frame_gray, box_xyxy, turn)
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

    def _look_near(self, frame: Frame, tracks: list[Track], now_s: float) -> None:
        """Look for these faces where they are expected; each find belongs to one of them at most."""
        taken = [
            track.box.box_xyxy for track in self._tracks if track.seen_s == now_s and track not in tracks
        ]
        finds: list[Find] = []
        for track in tracks:
            track.looked_s = now_s
            for found in self._place.look(frame, track.box.expected(now_s), known=track.confirmed):
                known = len(finds)
                for find in found:
                    if not any(overlap(find.box_xyxy, other) > SAME_PLACE for other in taken):
                        finds.append(find)
                        taken.append(find.box_xyxy)
                if len(finds) > known:
                    break  # the other detector need not look
        for track in assign(tracks, finds, now_s)[0]:
            track.mark_lost(now_s)

    def _take_in(self, finds: list[Find], now_s: float) -> None:
        """What a scan found: faces in sight are confirmed, those out of sight get their place, others begin."""
        seen = [track for track in self._tracks if track.seen_s == now_s]
        unseen = [track for track in self._tracks if track.seen_s < now_s]
        new = []
        for find in finds:
            again = [track for track in seen if track.is_found_again(find, now_s)]
            for track in again:
                track.note(find, now_s)
            if not again:
                new.append(find)
        for find in assign(unseen, new, now_s, coarse=True)[1]:
            here = [track.box.expected(now_s) for track in self._tracks if track.seen_s == now_s]
            if all(_apart(find.box_xyxy, box) for box in here):
                box = SteadyBox(find.box_xyxy, now_s)
                track = Track(next(self._begun), self._free_number(), box, now_s, now_s)
                track.note(find, now_s)
                self._tracks.append(track)

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
            np.array([track.points_xy(now_s) for track in visible], np.float32).reshape(-1, len(POINTS), 2),
            tuple(track.found_by(now_s) for track in visible),
            tuple(track.turn_degrees(self.search.upright_from_degrees, now_s) for track in visible),
            tuple(track.is_turned_away(now_s) for track in visible),
        )


def _apart(first_xyxy: np.ndarray, second_xyxy: np.ndarray) -> bool:
    """Whether two boxes, (4,) each, are two faces beside each other."""
    return (
        overlap(first_xyxy, second_xyxy) < _APART
        and not same_faces(first_xyxy[None], second_xyxy[None])[0, 0]
    )
