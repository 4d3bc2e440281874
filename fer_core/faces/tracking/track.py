"""One face of a video: where it was found, its number, and whether it is in sight."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from fer_core.faces.boxes import POINTS, iou
from fer_core.faces.one_face import same_faces
from fer_core.faces.pose import turned_away_from, turns_away
from fer_core.faces.tracking.steady_box import SteadyBox, centre_and_side
from fer_core.faces.upright import roll_degrees

FORGET_AFTER_S: Final = 1.0
"""A face that comes back sooner keeps its number."""

SAME_PLACE: Final = 0.5
"""Intersection over union from which two finds of one frame are one face."""

_HIDE_AFTER_S: Final = 0.2  # the box stays that long where a blink or a blur hides the face
_HITS_TO_SHOW: Final = 2  # what one frame alone takes for a face is mostly none
_REACH: Final = 1.0  # a face moves at most so far from where it is expected, in sides of its box
_FOUND_BY_FOR_S: Final = 0.75  # a detector that scans every half second is named without gaps
_POINTS_FOR_S: Final = 0.5  # points that were found longer ago say nothing of the face as it is now
_ROLL_TIME_CONSTANT_S: Final = 0.1  # of the smoothing of a face's tilt
_AWAY_STEP: Final = (
    0.85  # a face that was turned away is, until it is turned by less than so much of the limit
)
_TURN_STEP_DEGREES: Final = 3.0  # a face that was turned upright is, until it is tilted by so much less


@dataclass(frozen=True, eq=False)
class Find:
    """A face that a detector found in one frame."""

    box_xyxy: np.ndarray
    """float64 (4,), pixels of the frame, as FER2013 cuts faces; perhaps beyond the border."""
    found_by: str = "haar"
    """The detector: "haar" or "blazeface"."""
    points_xy: np.ndarray | None = None
    """float32 (6, 2), in the order of `fer_core.faces.boxes.POINTS`, pixels of the frame; None of a detector without."""


@dataclass(eq=False)
class Track:
    """What is known of one face."""

    identity: int
    """Which of all faces ever begun it is."""
    number: int
    """Its own among those that are known; free again for another once it is forgotten."""
    box: SteadyBox
    seen_s: float
    """When it was in sight last."""
    looked_s: float
    """When a detector looked for it last."""
    hits: int = 1
    """How often a detector found it."""
    lost_s: float | None = None
    """Since when it was looked for in vain."""
    picture_gray: np.ndarray | None = None
    """For `find_picture`: as a detector found it last."""
    found_s: dict[str, float] = field(default_factory=dict)
    """When each detector found it last."""
    turned: bool = False
    """Whether it was turned upright in the frame before."""
    _points: tuple[np.ndarray, np.ndarray] | None = (
        None  # as they were found, with centre and side of the box
    )
    _roll: complex | None = None  # as a direction, smoothed
    _away: float = 0.0  # as by `turns_away`, smoothed
    _was_away: bool = False

    def redetected(self, find: Find, now_s: float, *, coarse: bool) -> None:
        """Take in where a detector found it; a coarse find says nothing of its size."""
        if self.lost_s is None:
            self.box.follow(find.box_xyxy, now_s, coarse=coarse)
        else:  # it went on behind something: no path leads from the old place to the new one
            speed = self.box.speed
            self.box = SteadyBox(find.box_xyxy, now_s)
            self.box.speed = speed
        self.seen_s, self.lost_s = now_s, None
        self.hits += 1
        self.note(find, now_s)

    def note(self, find: Find, now_s: float) -> None:
        """Take in who found it, and its points."""
        before_s = self.found_s.get("blazeface")
        self.found_s[find.found_by] = now_s
        if find.points_xy is None:
            return
        self._points = find.points_xy, self.box.values.copy()
        degrees = float(roll_degrees(find.points_xy[None])[0])
        direction = complex(math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))
        away = float(np.nan_to_num(turns_away(find.points_xy[None])[0]))
        if self._roll is None or before_s is None or now_s - before_s > _POINTS_FOR_S:
            self._roll, self._away = direction, away
        else:
            weight = -math.expm1(-max(0.0, now_s - before_s) / _ROLL_TIME_CONSTANT_S)
            self._roll += weight * (direction - self._roll)
            self._away += weight * (away - self._away)

    def follow(self, box_xyxy: np.ndarray, now_s: float) -> None:
        """Its picture is there; whether that is still a face is for a detector to say."""
        self.box.follow(box_xyxy, now_s, coarse=True)
        self.seen_s = now_s

    def mark_lost(self, now_s: float) -> None:
        """It was looked for in vain."""
        if self.lost_s is None:
            self.lost_s = now_s

    @property
    def confirmed(self) -> bool:
        """Whether it was found in more than one frame."""
        return self.hits >= _HITS_TO_SHOW

    def is_remembered(self, now_s: float) -> bool:
        """Whether it keeps its number."""
        return self.lost_s is None or (self.confirmed and now_s - self.seen_s <= FORGET_AFTER_S)

    def is_in_sight(self, now_s: float, *, unconfirmed: bool) -> bool:
        """Whether it is shown; with `unconfirmed` also where no second frame has confirmed it."""
        return (self.confirmed and now_s - self.seen_s < _HIDE_AFTER_S) or (
            unconfirmed and not self.confirmed and self.seen_s == now_s
        )

    def is_found_again(self, find: Find, now_s: float) -> bool:
        """Whether a find of a frame in which it was seen already is this face."""
        if overlap(find.box_xyxy, self.box.box_xyxy) > SAME_PLACE:
            return True
        # Two detectors agree less about a face than one does with itself.
        return find.found_by not in self.detectors(now_s) and bool(
            same_faces(find.box_xyxy[None], self.box.box_xyxy[None])[0, 0]
        )

    def detectors(self, now_s: float) -> frozenset[str]:
        """Those that found it in the last scan or look, or else the last one that did."""
        last_s = max(self.found_s.values())
        return frozenset(
            name
            for name, found_s in self.found_s.items()
            if found_s == last_s or now_s - found_s < _FOUND_BY_FOR_S
        )

    def found_by(self, now_s: float) -> str:
        """As in `FaceDetections`: "haar", "blazeface" or "both"."""
        names = self.detectors(now_s)
        return "both" if len(names) > 1 else next(iter(names))

    def points_xy(self, now_s: float) -> np.ndarray:
        """float32 (6, 2): its points, moved along with its box since they were found; NaN where none are known."""
        if self._points is None or now_s - self.found_s["blazeface"] > _POINTS_FOR_S:
            return np.full((len(POINTS), 2), np.nan, np.float32)
        points_xy, place = self._points
        here = self.box.values
        return np.asarray(here[:2] + (points_xy - place[:2]) * (here[2] / place[2]), np.float32)

    def turn_degrees(self, from_degrees: float | None, now_s: float) -> float:
        """By how much it is turned upright, 0 for not at all; to be asked once a frame.

        Args:
            from_degrees: tilt from which a face is turned; None for no face.
            now_s: of the frame.
        """
        if from_degrees is None or self._roll is None or np.isnan(self.points_xy(now_s)).any():
            self.turned = False
            return 0.0
        roll = math.degrees(math.atan2(self._roll.imag, self._roll.real))
        self.turned = abs(roll) >= from_degrees - (_TURN_STEP_DEGREES if self.turned else 0.0)
        return roll if self.turned else 0.0

    def is_turned_away(self, now_s: float) -> bool:
        """Whether it is turned away too far to be read, smoothed over time; to be asked once a frame."""
        limit = turned_away_from()
        if limit is None or np.isnan(self.points_xy(now_s)).any():
            self._was_away = False
        else:
            self._was_away = abs(self._away) >= limit * (_AWAY_STEP if self._was_away else 1.0)
        return self._was_away

    def rescale(self, x: float, y: float) -> None:
        """The frame's size has changed by these factors."""
        factors = np.array([x, y, (x + y) / 2])  # of centre x, centre y, side
        self.box.values = self.box.values * factors
        self.box.speed = self.box.speed * factors
        if self._points is not None:
            self._points = self._points[0] * factors[:2], self._points[1] * factors


def assign(
    tracks: list[Track], finds: list[Find], now_s: float, *, coarse: bool = False
) -> tuple[list[Track], list[Find]]:
    """Give finds to faces, nearest to where each is expected first.

    Returns:
        Faces without a find, and finds that belong to no face, both in their order.
    """
    pairs = sorted(
        (_distance(track.box.expected(now_s), find.box_xyxy), t, f)
        for t, track in enumerate(tracks)
        for f, find in enumerate(finds)
    )
    free_tracks, free_finds = set(range(len(tracks))), set(range(len(finds)))
    for distance, t, f in pairs:
        if distance < _REACH and t in free_tracks and f in free_finds:
            tracks[t].redetected(finds[f], now_s, coarse=coarse)
            free_tracks.remove(t)
            free_finds.remove(f)
    return [tracks[t] for t in sorted(free_tracks)], [finds[f] for f in sorted(free_finds)]


def in_turn(tracks: list[Track]) -> list[Track]:
    """Those that were looked at longest ago first."""
    return sorted(tracks, key=lambda track: track.looked_s)


def overlap(first_xyxy: np.ndarray, second_xyxy: np.ndarray) -> float:
    """Intersection over union of two boxes, (4,) each."""
    return float(iou(first_xyxy, second_xyxy)[0, 0])


def _distance(first_xyxy: np.ndarray, second_xyxy: np.ndarray) -> float:
    """Between the centres, in sides of the larger box; infinite when one is twice as large as the other."""
    first, second = centre_and_side(first_xyxy), centre_and_side(second_xyxy)
    smaller, larger = sorted((first[2], second[2]))
    if larger > 2 * smaller:
        return float("inf")
    return float(np.hypot(*(first[:2] - second[:2]))) / larger
