"""Whether a camera that still sends frames shows anything in them.

A camera that is unplugged, covered or taken by another program goes on as far as a browser tells: it sends black frames,
frames of one colour, or the last one over and over. A real picture has a sensor's noise, also in a dark room.
"""

from __future__ import annotations

import threading
import time
from typing import Final

import numpy as np

FLAT_STD: Final = 1.5
"""Grey levels: the standard deviation of a colour over the frame under which it shows nothing."""
FLAT_AFTER_S: Final = 1.0
"""Seconds of frames of one colour after which there is no picture: a camera that begins gives some of them."""
FROZEN_AFTER_S: Final = 3.0
"""Seconds of the very same frame after which it stands still: a busy browser repeats one for a moment."""
_SAMPLED_SIDE: Final = 60  # points of the shorter side that are looked at; a grid of them keeps the noise


class PictureWatch:
    """Follows the frames of one camera. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Begin anew, with another video."""
        with self._lock:
            self._sample: np.ndarray | None = None
            self._flat_since_s: float | None = None
            self._same_since_s: float | None = None

    def note(self, frame_bgr: np.ndarray, now_s: float | None = None) -> None:
        """Take in the next frame.

        Args:
            frame_bgr: uint8 (H, W, 3).
            now_s: when it came, in seconds on a clock that does not run backwards; None for now.
        """
        now_s = time.monotonic() if now_s is None else now_s
        step = max(1, min(frame_bgr.shape[:2]) // _SAMPLED_SIDE)
        sample = frame_bgr[::step, ::step].copy()
        flat = bool(sample.reshape(-1, sample.shape[-1]).std(axis=0).max() < FLAT_STD)
        with self._lock:
            same = self._sample is not None and np.array_equal(sample, self._sample)
            self._sample = sample
            if not flat:
                self._flat_since_s = None
            elif self._flat_since_s is None:
                self._flat_since_s = now_s
            if not same or self._same_since_s is None:
                self._same_since_s = now_s

    def is_flat(self, now_s: float | None = None) -> bool:
        """Whether the frames have been of one colour for over `FLAT_AFTER_S`."""
        with self._lock:
            return self._lasts(self._flat_since_s, FLAT_AFTER_S, now_s)

    def is_frozen(self, now_s: float | None = None) -> bool:
        """Whether the frames have been the very same for over `FROZEN_AFTER_S`."""
        with self._lock:
            return self._lasts(self._same_since_s, FROZEN_AFTER_S, now_s)

    @staticmethod
    def _lasts(since_s: float | None, after_s: float, now_s: float | None) -> bool:
        now_s = time.monotonic() if now_s is None else now_s
        return since_s is not None and now_s - since_s > after_s
