"""Live video that keeps up: smaller and fewer frames while they come late, the full size again later.

What a frame costs after it was taken is mostly its encoding for the way back, then the network; measured at
640x480, one face, one core: encoding 3.0 ms, analysis 1.9 ms, conversions 0.9 ms, drawing 0.3 ms. Encoding and
conversions go with the number of pixels (320x240: 1.3 and 0.6 ms), so size comes first and rate last. What is
renewed beside the video costs time on the same processor, and waits longer with each step.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """How large and how many frames of one video are analysed, and how often the page is renewed."""

    longest_side: int | None
    """Pixels; larger frames are made smaller before the analysis. None: as they come."""
    every: int
    """1: each frame is analysed; 2: each second."""
    wait: float
    """How many times as long as usual the page waits until it renews what stands beside the video."""


EFFORTS = (Effort(None, 1, 1.0), Effort(480, 1, 1.5), Effort(320, 1, 2.0), Effort(320, 2, 3.0))
"""From the full effort to the least."""

LATE_S = 0.25
"""Smoothed age above which frames come late: people see that a face answers late from about there."""
IN_TIME_S = 0.1
FRAME_S = 1 / 30
"""Time for one frame at the camera's rate."""
SMOOTHED_OVER_S = 0.4
HEAVIEST = 0.4
"""The newest frame's share in the smoothed figures at most."""
LATE_FOR_S = 0.7
"""Seconds of lateness before the effort goes down: one slow frame alone changes nothing."""
BETWEEN_STEPS_S = 2.0
"""A step shows its effect after this long; no second one before."""
NEW_CLOCK_S = 10.0
"""A time stamp that is off by more belongs to another camera or a new start of its clock."""
CLIMB_AFTER_S = 10.0
"""Seconds in time before more is tried."""
LONGEST_WAIT_S = 160.0
DRIFT = 2e-4
"""Seconds a second by which clocks of camera and server may part."""


class Pace:
    """Chooses the effort for one video from how late its frames come. For one thread at a time.

    Frames that are late or take too long to work on lower the effort, one step at a time. It climbs back
    after a while in time; when a climb has to be taken back, the next is tried only after twice as long.
    """

    def __init__(self) -> None:
        self._level = 0
        self._age_s = 0.0
        self._work_s = 0.0
        self._least_offset_s = 0.0
        self._seen_s: float | None = None
        self._changed_s = 0.0
        self._in_time_since_s = 0.0
        self._not_late_s = 0.0
        self._climb_after_s = CLIMB_AFTER_S
        self._climbed = False

    @property
    def effort(self) -> Effort:
        """The effort for the next frame."""
        return EFFORTS[self._level]

    def note(self, taken_s: float, now_s: float, work_s: float) -> None:
        """Take in the times of a frame that was worked on, and choose the effort for the next.

        Args:
            taken_s: the camera's time stamp, seconds since any moment.
            now_s: when the work on it began, in seconds of a clock that only grows.
            work_s: how long the work took.
        """
        offset_s = now_s - taken_s
        if self._seen_s is None or offset_s - self._least_offset_s > NEW_CLOCK_S:
            self._changed_s = self._in_time_since_s = self._not_late_s = now_s
            self._least_offset_s = offset_s
        else:
            # The quickest frame so far counts as in time.
            self._least_offset_s = min(
                offset_s, self._least_offset_s + DRIFT * max(0.0, now_s - self._seen_s)
            )
        since_s = FRAME_S if self._seen_s is None else max(0.0, now_s - self._seen_s)
        share = min(since_s / SMOOTHED_OVER_S, HEAVIEST)
        self._seen_s = now_s
        self._age_s += share * (offset_s - self._least_offset_s - self._age_s)
        self._work_s += share * (work_s - self._work_s)
        self._choose(now_s)

    def _choose(self, now_s: float) -> None:
        late = self._age_s > LATE_S or self._work_s > FRAME_S
        if late or self._age_s > IN_TIME_S or self._work_s > FRAME_S / 2:
            self._in_time_since_s = now_s
        if not late:
            self._not_late_s = now_s
        if now_s - self._changed_s < BETWEEN_STEPS_S:
            return
        if now_s - self._not_late_s > LATE_FOR_S and self._level < len(EFFORTS) - 1:
            if self._climbed and now_s - self._changed_s < CLIMB_AFTER_S:
                self._climb_after_s = min(2 * self._climb_after_s, LONGEST_WAIT_S)
            self._step(1, now_s)
        elif self._level and now_s - self._in_time_since_s >= self._climb_after_s:
            self._step(-1, now_s)

    def _step(self, by: int, now_s: float) -> None:
        self._level += by
        self._climbed = by < 0
        self._changed_s = self._in_time_since_s = now_s
