"""One player and the faces of a quiz, one after the other; an answer that was given stays as it is."""

from __future__ import annotations

import threading
from typing import Final

from fer_core.quiz.kept import Kept
from fer_core.quiz.question import CANNOT_TELL, Answer, Quiz

MOST_GAMES: Final = 500
"""That a server keeps at a time; ten faces take 25 kB."""
IDLE_S: Final = 7200.0
"""A game that nobody looked at for so long is erased."""


class Game:
    """How far one player is. Thread-safe: a browser may show it in two tabs.

    Whatever changes it says at which place it was meant, counted from 0, and does nothing where the player is elsewhere
    by then: a key that is pressed twice counts once.

    Attributes:
        quiz: the faces.
        asks_sure: whether an answer also says how sure the player is that most of the voters see the same; faces that
            nobody voted on are never asked about that.
    """

    def __init__(self, quiz: Quiz, *, asks_sure: bool = False) -> None:
        self.quiz = quiz
        self.asks_sure = asks_sure
        self._lock = threading.Lock()
        self._answers: list[Answer | None] = [None] * len(quiz)
        self._place = 0
        self._chosen: str | None = None

    @property
    def place(self) -> int:
        """The question that the player is at, from 0; `len(quiz)` is the end, where the results are."""
        return self._place

    @property
    def at_end(self) -> bool:
        return self._place == len(self.quiz)

    @property
    def answers(self) -> tuple[Answer | None, ...]:
        """One for each question; None where the player has not answered."""
        with self._lock:
            return tuple(self._answers)

    @property
    def answered(self) -> int:
        """How many questions have an answer: the first ones."""
        with self._lock:
            return self._answered()

    @property
    def chosen(self) -> str | None:
        """The option that waits for how sure the player is; None where none waits."""
        return self._chosen

    def choose(self, at: int, option: str) -> None:
        """Answer a question; where the player is asked how sure, the answer waits for that and can still be changed.

        Args:
            at: the question.
            option: one of `quiz.options`.

        Raises:
            ValueError: another option.
        """
        if option not in self.quiz.options:
            raise ValueError(f"option: expected one of {self.quiz.options}. Received: {option!r}")
        with self._lock:
            if not self._is_open(at):
                return
            if self.asks_sure and option != CANNOT_TELL and self.quiz.questions[at].voters:
                self._chosen = option
            else:
                self._settle(at, Answer(option))

    def say_how_sure(self, at: int, sure: float) -> None:
        """Complete the chosen answer; nothing happens where none waits.

        Args:
            at: the question.
            sure: one of `SURENESS`.

        Raises:
            ValueError: another sureness.
        """
        with self._lock:
            if self._is_open(at) and self._chosen is not None:
                self._settle(at, Answer(self._chosen, sure))

    def go(self, at: int, to: int) -> None:
        """Go to another place: to an answered question, the first that has no answer, or the end.

        The results need one answer at least. Nothing happens where a place cannot be gone to.
        """
        with self._lock:
            answered = self._answered()
            reachable = 0 <= to < len(self.quiz) and to <= answered or to == len(self.quiz) and answered > 0
            if at == self._place and reachable:
                self._place = to
                self._chosen = None

    def _is_open(self, at: int) -> bool:
        return at == self._place < len(self.quiz) and self._answers[at] is None

    def _settle(self, at: int, answer: Answer) -> None:
        self._answers[at] = answer
        self._chosen = None

    def _answered(self) -> int:
        return sum(answer is not None for answer in self._answers)


GAMES: Final[Kept[Game]] = Kept(MOST_GAMES, IDLE_S)
"""The games of this server."""
