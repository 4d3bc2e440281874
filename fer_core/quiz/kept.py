"""Things of people who have no account, such as a game or a room: in the memory of the server, and nowhere else.

Each belongs to a token that nobody can guess, and that a browser keeps. There are never more than so many, and what nobody
uses any more is let go of.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from fer_core.errors import N_, RautError

LOOK_EVERY_S: Final = 20.0

T = TypeVar("T")


class FullError(RautError):
    """No more things are kept; the sentence says what to do."""


class Kept(Generic[T]):
    """Things by token. Thread-safe.

    Args:
        most: that are kept at a time.
        idle_s: after which a thing that nobody used is let go of.
        used_s: when a thing was used last, by `clock`; None where each `find` is a use.
        gone: what is done with a thing that has been let go of or removed, outside of any lock.
        full: the error where no more fit.
        name: of the thread that lets go of things.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        most: int,
        idle_s: float,
        *,
        used_s: Callable[[T], float] | None = None,
        gone: Callable[[T], None] | None = None,
        full: Callable[[], RautError] | None = None,
        name: str = "quiz",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._idle_s, self._clock = most, idle_s, clock
        self._used_s, self._gone, self._full = used_s, gone, full or _too_many
        self._name = name
        self._lock = threading.Lock()
        self._things: dict[str, T] = {}
        self._found_s: dict[str, float] = {}
        self._keeper: threading.Thread | None = None

    def add(self, thing: T) -> str:
        """Keep a thing; the token that it belongs to.

        Raises:
            RautError: no more fit; the one that `full` makes.
        """
        self.look()
        with self._lock:
            if len(self._things) >= self._most:
                raise self._full()
            token = secrets.token_urlsafe(32)
            self._things[token], self._found_s[token] = thing, self._clock()
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name=self._name, daemon=True)
                self._keeper.start()
        return token

    def find(self, token: str) -> T | None:
        """The thing of a token; None where there is none, or it has been let go of."""
        self.look()
        with self._lock:
            thing = self._things.get(token)
            if thing is not None:
                self._found_s[token] = self._clock()
            return thing

    def all(self) -> tuple[T, ...]:
        """Everything that is kept, oldest first; that is no use of it."""
        self.look()
        with self._lock:
            return tuple(self._things.values())

    def remove(self, token: str) -> None:
        """Let go of a thing; nothing happens where there is none."""
        with self._lock:
            thing = self._things.pop(token, None)
            self._found_s.pop(token, None)
        if thing is not None and self._gone is not None:
            self._gone(thing)

    def look(self) -> int:
        """Let go of what nobody used for too long; how many are left."""
        with self._lock:
            now_s = self._clock()
            idle = [
                token
                for token, thing in self._things.items()
                if now_s - (self._found_s[token] if self._used_s is None else self._used_s(thing))
                >= self._idle_s
            ]
            things = [self._things.pop(token) for token in idle]
            for token in idle:
                del self._found_s[token]
            left = len(self._things)
        if self._gone is not None:
            for thing in things:
                self._gone(thing)
        return left

    def _keep(self) -> None:
        while True:
            time.sleep(LOOK_EVERY_S)
            self.look()
            with self._lock:
                if not self._things:
                    self._keeper = None
                    return


def _too_many() -> RautError:
    return FullError(N_("Too many people play on this computer just now. Try again in a few minutes."))
