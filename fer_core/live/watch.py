"""Whether a camera that still sends frames shows anything in them.

A camera that is unplugged, covered or taken by another program goes on as far as a browser tells: it sends frames of one
colour, mostly black. A real picture has a sensor's noise, also in a dark room. A camera that repeats its last frame
cannot be told from a still scene: the browser's encoder makes small differences of its own.
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
_SAMPLED_SIDE: Final = 60  # points of the shorter side that are looked at; a grid of them keeps the noise


class PictureWatch:
    """Follows the frames of one camera. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Begin anew, with another video."""
        with self._lock:
            self._flat_since_s: float | None = None

    def note(self, frame_bgr: np.ndarray, now_s: float | None = None) -> None:
        """Take in the next frame.

        Args:
            frame_bgr: uint8 (H, W, 3).
            now_s: when it came, in seconds on a clock that does not run backwards; None for now.
        """
        now_s = time.monotonic() if now_s is None else now_s
        step = max(1, min(frame_bgr.shape[:2]) // _SAMPLED_SIDE)
        flat = bool(frame_bgr[::step, ::step].std(axis=(0, 1)).max() < FLAT_STD)
        with self._lock:
            if not flat:
                self._flat_since_s = None
            elif self._flat_since_s is None:
                self._flat_since_s = now_s

    def is_flat(self, now_s: float | None = None) -> bool:
        """Whether the frames have been of one colour for over `FLAT_AFTER_S`."""
        now_s = time.monotonic() if now_s is None else now_s
        with self._lock:
            return self._flat_since_s is not None and now_s - self._flat_since_s > FLAT_AFTER_S
