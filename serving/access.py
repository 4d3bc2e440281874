"""The access code and the codes of rooms: how they are compared, and kept from being guessed.

State lives in the process, not in a session: whoever reloads the page gets a new session, and with it would
get new tries.
"""

from __future__ import annotations

import hmac
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import Enum

from fer_core.codes import normalized

SHORTEST = 8
LONGEST = 64
"""Letters and digits of a code; more than this is not looked at, whatever a visitor's program sends."""

CONNECTION_HEADER = "X-Raut-Connection"
"""Set by `serving.door` for each page that connects, and by nobody else: the page names its connection by it."""

TRIES_PER_CLIENT = 5
TRIES_OVERALL = 60
WINDOW_S = 60.0
"""Wrong tries that a minute allows. 60 a minute for eight hours reach 0.03 % of the codes of eight digits."""


class Opens(Enum):
    """What a code lets a visitor into."""

    EVERYTHING = "everything"
    """The access code: all pages."""
    A_ROOM = "a room"
    """The code of a room of the quiz: that room, and nothing else."""


def is_code(typed: str, code: str) -> bool:
    """Whether they are the same; takes equally long wherever they differ. An empty code is never right."""
    expected = normalized(code)
    if not expected or len(typed) > 2 * LONGEST:
        return False
    return hmac.compare_digest(normalized(typed).encode(), expected.encode())


class Gatekeeper:
    """Lets right codes in, and wrong ones five times a minute for a client, sixty times for all together.

    The overall bound is there because a computer can have thousands of addresses, IPv6 ones above all. It
    also bounds what is remembered. Safe to call from several threads.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: deque[tuple[float, str | None]] = deque()  # (when, client), oldest first
        self._admitted: set[str] = set()
        self._guests: set[str] = set()  # of a room

    def wait_s(self, client: str | None) -> int:
        """Whole seconds until this client may try again; 0 when it may now."""
        with self._lock:
            return self._wait_s(client)

    def _wait_s(self, client: str | None) -> int:
        now = self._clock()
        while self._wrong and self._wrong[0][0] <= now - WINDOW_S:
            self._wrong.popleft()
        own = [when for when, who in self._wrong if who == client]
        blocking = [
            times[-limit]
            for times, limit in ((own, TRIES_PER_CLIENT), ([w for w, _ in self._wrong], TRIES_OVERALL))
            if len(times) >= limit
        ]
        return math.ceil(max(blocking) + WINDOW_S - now) if blocking else 0

    def try_code(
        self, client: str | None, typed: str, code: str, is_rooms: Callable[[str], bool] | None = None
    ) -> Opens | None:
        """What a code opens; None where it is wrong, which counts. While the client has to wait, nothing is right.

        Args:
            client: network address; None, as for a browser on this computer, is a client like any other.
            typed: what the visitor typed.
            code: the access code; "" where there is none.
            is_rooms: whether a code is that of a room, in the same time whatever the code; None where there are none.
        """
        # Counted and compared in one go: many sessions at once get no tries beyond the limit, nor one more for rooms.
        with self._lock:
            if self._wait_s(client):
                return None
            is_access, is_room = is_code(typed, code), False
            if is_rooms is not None and len(typed) <= 2 * LONGEST:
                is_room = is_rooms(typed)
            if is_access or is_room:
                return Opens.EVERYTHING if is_access else Opens.A_ROOM
            self._wrong.append((self._clock(), client))
            return None

    def admit(self, known: str, opens: Opens = Opens.EVERYTHING) -> None:
        """Remember a session or a connection that typed a code, for `serving.door`, which sees into neither."""
        (self._admitted if opens is Opens.EVERYTHING else self._guests).add(known)

    def is_admitted(self, known: str) -> bool:
        """Whether this session or connection typed the access code."""
        return known in self._admitted

    def is_in(self, known: str) -> bool:
        """Whether this session or connection typed the access code, or that of a room."""
        return known in self._admitted or known in self._guests

    def forget(self, known: str) -> None:
        """A connection has ended."""
        self._admitted.discard(known)
        self._guests.discard(known)


GATEKEEPER = Gatekeeper()
"""The one of this process."""
