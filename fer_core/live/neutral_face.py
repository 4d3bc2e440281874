"""A person's own neutral face as the measure: how far each expression is from where it rests.

Some faces resemble "sad" or "angry" while they express nothing. Three seconds of a neutral look give the average
probability of each expression; bars can then show the difference from it, in percentage points. A difference and
not a ratio: a rise from 0.1 to 0.4% would be a fourfold one and means nothing.

The frames of the video are what is averaged, whatever the page beside it does, and time is what counts: a slow
computer gives fewer of them in the same three seconds. Only averages are kept, each with the track of its face: the
same number may later be another's.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from fer_core.recognition.frames import LiveFace, LiveResult

SECONDS: Final = 3.0
"""How long a person looks neutral."""
LONGEST_S: Final = 8.0
"""As long at most, where fewer than `FEWEST` frames came in three seconds."""
FEWEST: Final = 5
"""Frames that an average must have."""
LEAVE_AFTER_S: Final = 1.0
"""A face that is not in the frames for longer has left; so the tracker sees it."""
NO_PICTURE_S: Final = 4.0
"""Without a frame for longer, the camera gives none."""
FURTHEST: Final = 0.5
"""How far a face may move while it looks neutral, in widths of its box."""
LARGEST_CHANGE: Final = 1.4
"""How many times as large or as small it may become."""
CERTAIN: Final = 0.5
"""An average that gives so much to one other expression is not taken unasked: it outweighs all others together."""
TOLD_FOR_S: Final = 30.0
"""How long a failure is told."""

Why = Literal[
    "no_face", "lost", "crossed", "too_few", "moved", "too_far", "no_picture", "stopped", "network", "left"
]
"""Why there is no baseline. `lost`: this face left, others stayed; `crossed`: another face came so near that the two
may have been mixed up; `network`: another one reads the faces now; `left`: a baseline that was taken went with its
face."""


@dataclass(frozen=True)
class BaselineFailure:
    """A look that gave no baseline, or a baseline that was dropped.

    Attributes:
        number: of the face.
        why: as in `Why`.
        after_s: seconds from the beginning of the look.
        at_s: when, on the clock of `update`.
    """

    number: int
    why: Why
    after_s: float
    at_s: float


@dataclass(frozen=True)
class BaselineDoubt:
    """A look that resembles another expression more than a neutral one.

    Attributes:
        label: of that expression.
        probability: its average.
    """

    label: str
    probability: float


@dataclass(eq=False)
class _Look:
    number: int
    began_s: float
    began_at: np.ndarray | None = None  # (3,): middle and width of the box, in widths of the frame
    missing_since_s: float | None = None
    labels: tuple[str, ...] = ()
    total: np.ndarray = field(default_factory=lambda: np.zeros(0))  # float64 (C,)
    count: int = 0


@dataclass(eq=False)
class _Taken:
    number: int
    average: np.ndarray  # float64 (C,)
    missing_since_s: float | None = None


class NeutralBaselines:
    """The neutral faces of one video, by `LiveFace.track`. Thread-safe: frames come from one thread, readers from another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looks: dict[int, _Look] = {}
        self._doubted: dict[int, tuple[_Taken, BaselineDoubt]] = {}
        self._taken: dict[int, _Taken] = {}
        self._failures: list[BaselineFailure] = []
        self._newest_s: float | None = None

    def begin(self, track: int, number: int, now_s: float) -> None:
        """Start to average a face that looks neutral from now on; what there was of it is dropped.

        Args:
            track: of the face.
            number: of the face.
            now_s: on the clock of `update`.
        """
        with self._lock:
            self._drop(track)
            self._failures = [failure for failure in self._failures if failure.number != number]
            self._looks[track] = _Look(number, now_s)

    def update(self, result: LiveResult, now_s: float) -> None:
        """Take in the next frame.

        Args:
            result: what it showed.
            now_s: in seconds, on a clock that does not run backwards.
        """
        faces = {face.track: face for face in result.faces}
        with self._lock:
            paused = self._newest_s is not None and now_s - self._newest_s > NO_PICTURE_S
            self._newest_s = now_s
            for track, look in list(self._looks.items()):
                if paused and now_s - look.began_s > NO_PICTURE_S:
                    self._fail(track, "no_picture", now_s)
                else:
                    self._look_on(track, look, faces.get(track), result, now_s)
            for taken_by_track in (self._taken, {t: taken for t, (taken, _doubt) in self._doubted.items()}):
                for track, taken in list(taken_by_track.items()):
                    if track in faces:
                        taken.missing_since_s = None
                    elif taken.missing_since_s is None:
                        taken.missing_since_s = now_s
                    elif now_s - taken.missing_since_s > LEAVE_AFTER_S:
                        self._drop(track)
                        self._failures.append(BaselineFailure(taken.number, "left", SECONDS, now_s))

    def seconds_left(self, track: int, now_s: float) -> float | None:
        """Seconds that this face must still look neutral; None where no average is being taken."""
        with self._lock:
            self._note_a_pause(now_s)
            look = self._looks.get(track)
            return None if look is None else max(0.0, SECONDS - (now_s - look.began_s))

    def doubt(self, track: int) -> BaselineDoubt | None:
        """Which expression the look of this face resembles, where somebody must say whether it counts; else None."""
        with self._lock:
            return self._doubted[track][1] if track in self._doubted else None

    def accept(self, track: int) -> None:
        """Use the look of this face although it resembles another expression."""
        with self._lock:
            if track in self._doubted:
                self._taken[track] = self._doubted.pop(track)[0]

    def change(self, track: int, probabilities: np.ndarray) -> np.ndarray | None:
        """How far a face is from its neutral self.

        Args:
            track: of the face.
            probabilities: float (C,), summing to 1.

        Returns:
            float64 (C,), -1 to 1, summing to 0; None without a baseline for these expressions.
        """
        with self._lock:
            taken = self._taken.get(track)
        if taken is None or len(taken.average) != len(probabilities):
            return None
        return np.asarray(probabilities, np.float64) - taken.average

    def failures(self, now_s: float) -> list[BaselineFailure]:
        """Those of the last `TOLD_FOR_S` seconds, the oldest first; of each face the newest alone."""
        with self._lock:
            self._note_a_pause(now_s)
            newest = {f.number: f for f in self._failures if now_s - f.at_s <= TOLD_FOR_S}
            self._failures = list(newest.values())
            return list(self._failures)

    def forget(self, track: int) -> None:
        """Drop what is known of one face."""
        with self._lock:
            self._drop(track)

    def clear(self, why: Why, now_s: float) -> None:
        """Drop what is known of all faces.

        Args:
            why: what looks that are not over, and baselines that were taken, have failed of.
            now_s: on the clock of `update`.
        """
        with self._lock:
            for track in list(self._looks):
                self._fail(track, why, now_s)
            if why == "network":
                kept = [*self._taken.values(), *(taken for taken, _doubt in self._doubted.values())]
                self._failures += [BaselineFailure(taken.number, why, SECONDS, now_s) for taken in kept]
            self._taken.clear()
            self._doubted.clear()
            self._newest_s = None

    def _look_on(
        self, track: int, look: _Look, face: LiveFace | None, result: LiveResult, now_s: float
    ) -> None:
        """One more frame of a look."""
        if face is None:
            look.missing_since_s = now_s if look.missing_since_s is None else look.missing_since_s
            if now_s - look.missing_since_s > LEAVE_AFTER_S:
                self._fail(track, "lost" if result.faces else "no_face", now_s)
            return
        look.missing_since_s = None
        # Frames are made smaller while they come late: a place is a share of the frame.
        place = _place(face.box_xyxy, result.frame_size[0])
        look.began_at = place if look.began_at is None else look.began_at
        others = [_place(f.box_xyxy, result.frame_size[0]) for f in result.faces if f.track != track]
        if face.too_small:
            self._fail(track, "too_far", now_s)
        elif any(np.hypot(*(other - place)[:2]) < max(other[2], place[2]) for other in others):
            self._fail(track, "crossed", now_s)
        elif _moved(look.began_at, place):
            self._fail(track, "moved", now_s)
        else:
            if look.labels != result.labels:
                look.labels, look.total, look.count = result.labels, np.zeros(len(result.labels)), 0
            look.total = look.total + face.probabilities
            look.count += 1
            if now_s - look.began_s >= SECONDS and look.count >= FEWEST:
                self._finish(track, look)
            elif now_s - look.began_s > LONGEST_S:
                self._fail(track, "too_few", now_s)

    def _finish(self, track: int, look: _Look) -> None:
        del self._looks[track]
        taken = _Taken(look.number, look.total / look.count)
        top = int(taken.average.argmax())
        if look.labels[top] != "neutral" and taken.average[top] >= CERTAIN:
            self._doubted[track] = taken, BaselineDoubt(look.labels[top], float(taken.average[top]))
        else:
            self._taken[track] = taken

    def _fail(self, track: int, why: Why, now_s: float) -> None:
        look = self._looks.pop(track)
        self._failures.append(BaselineFailure(look.number, why, max(0.0, now_s - look.began_s), now_s))

    def _note_a_pause(self, now_s: float) -> None:
        """No frame comes, so none says that the looks have failed."""
        for track, look in list(self._looks.items()):
            if now_s - max(look.began_s, self._newest_s or look.began_s) > NO_PICTURE_S:
                self._fail(track, "no_picture", now_s)

    def _drop(self, track: int) -> None:
        self._looks.pop(track, None)
        self._doubted.pop(track, None)
        self._taken.pop(track, None)


def _place(box_xyxy: np.ndarray, frame_width: int) -> np.ndarray:
    """Middle and width of a box, in widths of the frame; float64 (3,)."""
    x1, y1, x2, y2 = (float(value) for value in box_xyxy)
    return np.array([(x1 + x2) / 2, (y1 + y2) / 2, max(1.0, x2 - x1)]) / frame_width


def _moved(began_at: np.ndarray, place: np.ndarray) -> bool:
    """Whether a face is elsewhere than where its look began."""
    ratio = place[2] / began_at[2]
    far = np.hypot(*(place - began_at)[:2]) > FURTHEST * began_at[2]
    return bool(far or not 1 / LARGEST_CHANGE <= ratio <= LARGEST_CHANGE)
