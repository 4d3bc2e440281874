"""The box of one face, steady: the jitter of what finds it is smoothed away, its movement is not."""

from __future__ import annotations

from typing import Final

import numpy as np

# Of x, y and side, tried out on composed clips (test_tracker.py): the box of a still face trembles by 0.8% of
# its side at most, also in a dark room's noise, and that of a face which crosses the picture lags by 3%.
_STILL_HZ: Final = np.array(
    [0.3, 0.3, 0.06]
)  # what is faster than this in a still box is the cascade's jitter
_STILL_SPEED: Final = np.array([0.2, 0.2, 0.2])  # sides a second that this jitter feigns
_MOVING_HZ: Final = np.array([12.0, 12.0, 2.0])  # is added for each side a second beyond
_SPEED_HZ: Final = np.array([1.0, 1.0, 0.2])  # how quickly the speed itself is believed


class SteadyBox:
    """A box whose jitter is smoothed away, little while it moves and much while it is still.

    The 1 euro filter (Casiez, Roussel, Vogel 2012), over the box's centre and side in one: the cascade's jitter
    is a few hundredths of the side, and a face that is followed with a delay looks worse than one that trembles.
    """

    def __init__(self, box_xyxy: np.ndarray, now_s: float) -> None:
        self.values = centre_and_side(box_xyxy)  # float64 (3,)
        self.speed = np.zeros(3)  # in pixels a second
        self._times_s = np.full(3, now_s)  # when each value was found last
        self._finds = np.ones(3)

    def follow(self, box_xyxy: np.ndarray, now_s: float, *, coarse: bool = False) -> None:
        """Take in the box (4,) where the face was found at a time in seconds; a coarse find says nothing of its side."""
        seconds = np.maximum(now_s - self._times_s, 1e-3)
        step = centre_and_side(box_xyxy) - self.values
        observed = np.array([1.0, 1.0, 0.0 if coarse else 1.0])
        self.speed += observed * _smoothing_factor(_SPEED_HZ, seconds) * (step / seconds - self.speed)
        moving = np.hypot(*self.speed[:2])
        relative = np.array([moving, moving, abs(self.speed[2])]) / max(self.values[2], 1.0)
        cutoff_hz = _STILL_HZ + _MOVING_HZ * np.maximum(0.0, relative - _STILL_SPEED)
        self._finds += observed
        # The first finds count alike: otherwise the very first one, right or wrong, would stay for a second.
        gain = np.maximum(_smoothing_factor(cutoff_hz, seconds), 1.0 / self._finds)
        self.values = self.values + observed * gain * step
        self._times_s = np.where(observed > 0, now_s, self._times_s)

    def expected(self, now_s: float) -> np.ndarray:
        """Return the box, float64 (4,), where the face should be at that time in seconds."""
        x, y = self.values[:2] + self.speed[:2] * (now_s - self._times_s[0])
        return _box(x, y, self.values[2])

    @property
    def box_xyxy(self) -> np.ndarray:
        """The smoothed box where the face was last: float64 (4,), in pixels."""
        return _box(*self.values)


def centre_and_side(box_xyxy: np.ndarray) -> np.ndarray:
    """Return centre x, centre y and the mean of width and height of a box: float64 (3,), in pixels."""
    x1, y1, x2, y2 = (float(value) for value in box_xyxy)
    return np.array([(x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1 + y2 - y1) / 2])


def _smoothing_factor(cutoff_hz: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """By how much a low-pass filter of first order moves towards a value in that time, 0 to 1."""
    return 1.0 / (1.0 + 1.0 / (2 * np.pi * cutoff_hz * seconds))


def _box(x: float, y: float, side: float) -> np.ndarray:
    """float64 (4,) of the square with that centre."""
    return np.array([x - side / 2, y - side / 2, x + side / 2, y + side / 2])
