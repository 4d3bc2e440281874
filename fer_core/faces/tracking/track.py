"""One face of a video: where it was found, its number, and whether it is in sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.faces.boxes import iou
from fer_core.faces.tracking.steady_box import SteadyBox, centre_and_side

FORGET_AFTER_S: Final = 1.0
"""A face that comes back sooner keeps its number."""

SAME_PLACE: Final = 0.5
"""Intersection over union from which two finds of one frame are one face."""

_HIDE_AFTER_S: Final = 0.2  # the box stays that long where a blink or a blur hides the face
_HITS_TO_SHOW: Final = 2  # what one frame alone takes for a face is mostly none
_REACH: Final = 1.0  # a face moves at most so far from where it is expected, in sides of its box


@dataclass(frozen=True, eq=False)
class Find:
    """A face that a detector found in one frame."""

    box_xyxy: np.ndarray
    """float64 (4,), pixels of the frame, as FER2013 cuts faces; perhaps beyond the border."""


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

    def rescale(self, x: float, y: float) -> None:
        """The frame's size has changed by these factors."""
        factors = np.array([x, y, (x + y) / 2])  # of centre x, centre y, side
        self.box.values = self.box.values * factors
        self.box.speed = self.box.speed * factors


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
