"""How many may watch at once: everybody's video takes its share of this computer, and too many ruin it for all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from weakref import WeakKeyDictionary


class Viewers:
    """The places for viewers whose video runs. A viewer without frames for a while has left. Thread-safe.

    Args:
        limit: gives the number of places; called at each use, so that whoever comes sees the error of a setting that cannot
            be read.
        quiet_s: seconds without a frame after which a place is free again.
        clock: seconds that only ever grow.
    """

    def __init__(
        self, limit: Callable[[], int], quiet_s: float = 10.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._quiet_s = quiet_s
        self._clock = clock
        self._lock = threading.Lock()
        # Weak: what a closed tab leaves behind takes its entry with it.
        self._heard_s: WeakKeyDictionary[object, float] = WeakKeyDictionary()

    def enter(self, viewer: object) -> bool:
        """Take a place, or keep the one this viewer has, and tell of a frame; False when all are taken."""
        limit = self._limit()
        with self._lock:
            if self._others(viewer) >= limit:
                return False
            self._heard_s[viewer] = self._clock()
            return True

    def leave(self, viewer: object) -> None:
        """Give the place back; nothing happens without one."""
        with self._lock:
            self._heard_s.pop(viewer, None)

    def has_room(self, viewer: object) -> bool:
        """Whether `enter` would let this viewer in just now."""
        limit = self._limit()
        with self._lock:
            return self._others(viewer) < limit

    def lapsed(self, viewer: object) -> bool:
        """Whether this viewer had a place, fell silent, and others have taken all of them."""
        limit = self._limit()
        with self._lock:
            return viewer in self._heard_s and self._others(viewer) >= limit

    def quiet_s(self, viewer: object) -> float:
        """Seconds since this viewer was heard of; 0 before it enters and after it has left."""
        with self._lock:
            now_s = self._clock()
            return now_s - self._heard_s.get(viewer, now_s)

    def _others(self, viewer: object) -> int:
        oldest_s = self._clock() - self._quiet_s
        return sum(heard_s >= oldest_s and other is not viewer for other, heard_s in self._heard_s.items())
