"""Live video: a frame in, numbered faces with probabilities out.

Nothing here knows where frames come from or what shows them; `fer_core/live/session.py` has what a page works with.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import cv2
import numpy as np

from fer_core.faces.search import FaceSearch
from fer_core.faces.tracking.tracker import SCAN_WHOLE_S, FaceTracker, TrackedFaces
from fer_core.labels import UNSURE
from fer_core.recognition.answers import RecognizedFace, Recognizes, predictions
from fer_core.recognition.steadying import TIME_CONSTANT_S, SteadyAnswers

READ_A_FRAME = 1
"""Faces that the network reads in one frame, those apart that are new: they take turns.

Reading costs more than all else together, and three faces at 30 frames a second are then read ten times a second each.
"""

READ_EVERY_S = 1 / 16
"""Seconds until a face may be read again: its answer is smoothed over longer, and a fast camera shows nothing new."""


@dataclass(frozen=True, eq=False)
class LiveFace(RecognizedFace):
    """One face of one frame; it keeps its number from frame to frame.

    Its prediction is smoothed over time: the label stays until another expression is clearly more probable.
    """

    too_small: bool = field(default=False, kw_only=True)
    """The face has too few pixels to be read: it is numbered, and its answer is "unsure"."""
    turned_away: bool = field(default=False, kw_only=True)
    """As in `RecognizedFace`, smoothed over time."""
    track: int = field(default=0, kw_only=True)
    """Which of all faces ever begun it is: a number may go to another face."""

    @property
    def unsure(self) -> bool | None:
        """As in `RecognizedFace`; True for a face that is too small."""
        return True if self.too_small else super().unsure

    @property
    def answer(self) -> str:
        """As in `RecognizedFace`; `unsure` for a face that is too small."""
        return UNSURE if self.too_small else super().answer


@dataclass(frozen=True, eq=False)
class LiveResult:
    """What one frame showed. No face is a result, not an error."""

    faces: tuple[LiveFace, ...]
    """By number, ascending."""
    labels: tuple[str, ...]
    frame_size: tuple[int, int]
    """Width, height in pixels."""
    scanned: bool
    """Whether a part of the whole frame's scan was done, and not only a search at the places of known faces."""
    detection_ms: float
    recognition_ms: float
    unconfirmed: frozenset[int] = frozenset()
    """Those faces, by `track`, that were seen in one frame only so far, in sight or not."""


class LiveAnalyzer:
    """Faces and expressions in the frames of one video. For one thread at a time.

    Args:
        recognizer: the network that reads the faces.
        search: how faces are looked for; None for `live_search()`.
        reads_a_frame: faces that the network reads in one frame, new ones apart.
        read_every_s: seconds until a face is read again; 0 for every frame.
        smoothing_s: time constant of the smoothing over time, in seconds.
        shows_unconfirmed: as for `FaceTracker`.

    Raises:
        DetectionError: this OpenCV cannot load the face cascade.
    """

    def __init__(
        self,
        recognizer: Recognizes,
        search: FaceSearch | None = None,
        *,
        reads_a_frame: int = READ_A_FRAME,
        read_every_s: float = READ_EVERY_S,
        smoothing_s: float = TIME_CONSTANT_S,
        shows_unconfirmed: bool = False,
    ) -> None:
        self._reads_a_frame = reads_a_frame
        self._read_every_s = read_every_s
        self._tracker = FaceTracker(search, shows_unconfirmed=shows_unconfirmed)
        self._track_of: dict[int, int] = {}
        self._waited = False
        self._before_s: float | None = None  # when the frame before this one was taken
        self.set_recognizer(recognizer, smoothing_s)

    def set_recognizer(self, recognizer: Recognizes, smoothing_s: float = TIME_CONSTANT_S) -> None:
        """Read faces with another network from the next frame on; they keep their numbers, and lose their answers.

        Args:
            recognizer: the network that reads the faces.
            smoothing_s: time constant of the smoothing over time, in seconds.
        """
        self.recognizer = recognizer
        self._steady = SteadyAnswers(len(recognizer.labels), recognizer.prediction_sets, smoothing_s)

    def set_search(self, search: FaceSearch) -> None:
        """Look for faces in another way from the next frame on; those in sight keep their numbers and their answers."""
        self._tracker.use(search)

    def analyze(self, frame_bgr: np.ndarray, now_s: float | None = None) -> LiveResult:
        """The faces in the next frame.

        Args:
            frame_bgr: uint8 (H, W, 3), 0-255; its size may change from one frame to the next.
            now_s: when it was taken, in seconds; None for now. What is smoothed depends on it.

        Returns:
            The faces in sight, each with the number it keeps while it moves.

        Raises:
            ValueError: another shape or dtype.
        """
        if (
            frame_bgr.ndim != 3
            or frame_bgr.shape[2] != 3
            or frame_bgr.dtype != np.uint8
            or not frame_bgr.size
        ):
            raise ValueError(f"Expected uint8 (H, W, 3). Received: {frame_bgr.dtype} {frame_bgr.shape}")
        start = time.perf_counter()
        frame_s = time.monotonic() if now_s is None else now_s
        frame_gray = cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2GRAY)  # (H, W, 3) -> (H, W)
        tracked = self._tracker.update(frame_gray, frame_s, frame_bgr)
        for number, track in zip(tracked.numbers, tracked.tracks, strict=True):
            if self._track_of.get(number, track) != track:
                self._steady.forget(number)
            self._track_of[number] = track
        self._steady.note_in_sight(tracked.numbers, frame_s)
        due = self._steady.due(
            tracked.numbers, self._reads_now(tracked, frame_s), frame_s - self._read_every_s
        )
        crops = self._tracker.crops(frame_gray, tracked, due)
        detected = time.perf_counter()
        if due:
            self._steady.update(
                [tracked.numbers[row] for row in due], self.recognizer.predict(crops), frame_s
            )
        steady = self._steady.rows(tracked.numbers)
        answers = predictions(
            steady.probabilities, self.recognizer, label_indices=steady.label_indices, members=steady.members
        )
        faces = tuple(
            LiveFace(
                number,
                tracked.boxes_xyxy[row],
                answers[row],
                track=tracked.tracks[row],
                found_by=tracked.found_by[row],
                points_xy=None if np.isnan(tracked.points_xy[row]).any() else tracked.points_xy[row],
                turn_degrees=tracked.turns_degrees[row],
                turned_away=tracked.turned_away[row],
            )
            for row, number in enumerate(tracked.numbers)
        )
        recognized = time.perf_counter()
        return LiveResult(
            faces,
            self.recognizer.labels,
            tracked.frame_size,
            tracked.scanned,
            (detected - start) * 1000,
            (recognized - detected) * 1000,
            tracked.unconfirmed,
        )

    def _reads_now(self, tracked: TrackedFaces, now_s: float) -> int:
        """How many known faces are read in this frame.

        A pass of BlazeFace over the frame takes as long as reading two faces, so in live video they wait for the next
        frame, but never for two, and not where frames come seldom.
        """
        before_s, self._before_s = self._before_s, now_s
        often = before_s is not None and now_s - before_s < SCAN_WHOLE_S
        busy = tracked.scanned and self._tracker.search.uses_blazeface and self._read_every_s > 0 and often
        self._waited = busy and not self._waited
        return 0 if self._waited else self._reads_a_frame
