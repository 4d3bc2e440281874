"""The rooms of a server: opened by teachers, found by their codes, and gone after two idle hours."""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Callable
from typing import Final

from fer_core.codes import new_code, normalized
from fer_core.errors import N_
from fer_core.quiz.kept import Kept
from fer_core.quiz.question import Quiz
from fer_core.quiz.room import Room, RoomError

MOST_ROOMS: Final = 30
MOST_ENDED: Final = 300
"""Codes of rooms that have ended are known for two hours, the newest ones: who was in one has not guessed."""
IDLE_S: Final = 2 * 3600.0
"""A room ends after so long without an action: nobody opened it, joined, answered or went on."""


class Rooms:
    """Rooms by the token of the teacher who opened them. Thread-safe.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._opening, self._ending = threading.Lock(), threading.Lock()
        self._ended_s: dict[str, float] = {}  # code to when, oldest first
        self._kept: Kept[Room] = Kept(
            MOST_ROOMS,
            IDLE_S,
            used_s=lambda room: room.acted_s,
            gone=self._close,
            full=_too_many,
            name="quiz rooms",
            clock=clock,
        )

    def open(self, quiz: Quiz, asks_sure: bool) -> tuple[str, Room]:
        """A new room, in the lobby.

        Args:
            quiz: what will be asked.
            asks_sure: whether phones are asked how sure they are.

        Returns:
            The token that its teacher goes on with, and the room.

        Raises:
            RoomError: there are too many.
        """
        with self._opening:  # so that no two rooms have one code
            taken = {*(room.code for room in self._kept.all()), *self._ended_s}
            code = new_code()
            while code in taken:
                code = new_code()
            room = Room(code, quiz, asks_sure, self._clock)
            return self._kept.add(room), room

    def __len__(self) -> int:
        """How many are open."""
        return len(self._kept.all())

    def of_host(self, token: str) -> Room | None:
        """The room of a teacher's token; None where there is none, or it has ended."""
        return self._kept.find(token)

    def find(self, code: str) -> Room | None:
        """The room of a code as somebody typed it; None where there is none, or it has ended.

        How long this takes tells nothing about the codes: all of them are compared, each in constant time.
        """
        typed = normalized(code).encode()
        found = None
        for room in self._kept.all():
            if hmac.compare_digest(room.code.encode(), typed):
                found = room
        return found

    def has_ended(self, code: str) -> bool:
        """Whether a room of that code, as somebody typed it, ended within the last two hours."""
        with self._ending:
            ended_s = self._ended_s.get(normalized(code))
            return ended_s is not None and self._clock() - ended_s < IDLE_S

    def _close(self, room: Room) -> None:
        room.end()
        with self._ending:
            self._ended_s[room.code] = self._clock()
            while len(self._ended_s) > MOST_ENDED:
                del self._ended_s[next(iter(self._ended_s))]

    def end(self, host_token: str) -> None:
        """Close the room of a teacher's token, and forget its answers; nothing happens where there is none."""
        self._kept.remove(host_token)


def _too_many() -> RoomError:
    return RoomError(
        N_(
            "{most} rooms are open on this computer, and no more fit. End one that is over, or try again later."
        ),
        most=MOST_ROOMS,
    )


ROOMS: Final = Rooms()
"""Those of this server."""
