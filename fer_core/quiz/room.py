"""A room: one round of a class, from the lobby to the summary, with what the phones answered.

Nothing about a phone is known but a token that nobody can guess, and nothing leaves the memory of the server. A stage never
comes back, so whoever acts says at which stage: a press that comes twice, or too late, does nothing.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from fer_core.errors import N_, RautError
from fer_core.quiz.question import SURENESS, Answer, Quiz

MOST_PHONES: Final = 200
"""Of one room."""
PRESENT_S: Final = 6.0
"""A phone counts as present for so long after it was heard of."""
MOST_VOTES: Final = 2
"""On one question: before and after talking."""


class RoomError(RautError):
    """Something that a room cannot do just now; the sentence says what to do."""


class Phase(Enum):
    """What a room is doing."""

    LOBBY = "lobby"
    """Phones join; nothing was asked yet."""
    ASKING = "asking"
    """Answers are taken."""
    SHOWN = "shown"
    """What the class answered is shown, and nothing else."""
    REVEALED = "revealed"
    """Votes, network and label are shown, too."""
    SUMMARY = "summary"
    """The round is over, and looked back on."""


class Action(Enum):
    """What a teacher does."""

    START = "start"
    """Ask the first question."""
    SHOW = "show"
    """Take no more answers, and show those of the class."""
    AGAIN = "again"
    """Ask the same question once more, after talking."""
    REVEAL = "reveal"
    """Take no more answers, and show what voters, network and label say."""
    NEXT = "next"
    """Ask the next question; after the last one, look back."""
    SKIP = "skip"
    """Ask the next question instead of this one, and erase what was answered to it; after the last one, look back."""
    FINISH = "finish"
    """Ask no more, and look back."""


@dataclass(frozen=True)
class Stage:
    """Where a round is.

    Attributes:
        phase: what happens.
        question: that it happens to, from 0; in the lobby 0, in the summary the last one that was asked.
        vote: 1, or 2 after talking.
    """

    phase: Phase
    question: int = 0
    vote: int = 1


@dataclass(frozen=True)
class Tally:
    """How a class answered a question in one vote.

    Attributes:
        question: from 0.
        vote: 1 or 2.
        counts: answers by option, every one in the order of `Quiz.options`.
        by_sureness: answers by how sure, and then by option: every one of `SURENESS`, and in it every option. Those
            that did not say how sure they are stand in `counts` alone.
    """

    question: int
    vote: int
    counts: Mapping[str, int]
    by_sureness: Mapping[float, Mapping[str, int]]

    @property
    def answers(self) -> int:
        """All of them."""
        return sum(self.counts.values())


class Room:
    """One round of a class. Thread-safe: everything is done under one lock, and what comes out are values.

    Attributes:
        code: that phones join with.
        quiz: what is asked.
        asks_sure: whether phones are asked how sure they are.

    Args:
        code: see above.
        quiz: see above.
        asks_sure: see above.
        clock: seconds that never go back.
    """

    def __init__(
        self, code: str, quiz: Quiz, asks_sure: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.code, self.quiz, self.asks_sure = code, quiz, asks_sure
        self._clock = clock
        self._lock = threading.Lock()
        self._stage = Stage(Phase.LOBBY)
        self._seen_s: dict[str, float] = {}
        self._answers: dict[tuple[int, int], dict[str, Answer]] = {}
        self._acted_s = clock()
        self._ended = False
        self._shows_network = True

    @property
    def stage(self) -> Stage:
        """Where the round is now."""
        return self._stage

    @property
    def acted_s(self) -> float:
        """When somebody last did something, by the room's clock: opened, joined, answered or went on."""
        return self._acted_s

    @property
    def ended(self) -> bool:
        """Whether the room was closed; its answers are gone then."""
        return self._ended

    @property
    def shows_network(self) -> bool:
        """Whether a reveal shows what the network says, on the projector and on the phones."""
        return self._shows_network

    def show_network(self, shown: bool) -> None:
        """Let reveals show what the network says, or not."""
        self._shows_network = shown

    @property
    def joined(self) -> int:
        """How many phones ever joined."""
        with self._lock:
            return len(self._seen_s)

    @property
    def present(self) -> int:
        """How many phones were heard of within the last `PRESENT_S` seconds."""
        with self._lock:
            now_s = self._clock()
            return sum(now_s - seen_s <= PRESENT_S for seen_s in self._seen_s.values())

    @property
    def answered(self) -> int:
        """How many phones answered the present question in the present vote."""
        with self._lock:
            return len(self._answers.get((self._stage.question, self._stage.vote), ()))

    @property
    def asked(self) -> int:
        """How many questions were asked so far, the present one included."""
        stage = self._stage
        return 0 if stage.phase is Phase.LOBBY else stage.question + 1

    def join(self, token: str | None) -> str:
        """A phone comes, or comes back.

        Args:
            token: that it was given before; anything else is taken for none.

        Returns:
            Its token: the same for one that is known, which keeps its place, otherwise a new one.

        Raises:
            RoomError: the room is full, or has ended.
        """
        with self._lock:
            if self._ended:
                raise RoomError(N_("This room has ended, and all answers are erased. Ask for a new code."))
            if token is None or token not in self._seen_s:
                if len(self._seen_s) >= MOST_PHONES:
                    raise RoomError(
                        N_(
                            "This room is full: {most} phones have joined. Answer together with somebody who is in."
                        ),
                        most=MOST_PHONES,
                    )
                token = secrets.token_urlsafe(32)
            self._acted_s = self._seen_s[token] = self._clock()
            return token

    def knows(self, token: str) -> bool:
        """Whether a phone with that token has joined."""
        with self._lock:
            return token in self._seen_s

    def see(self, token: str) -> None:
        """A phone was heard of; nothing happens where it has not joined."""
        with self._lock:
            if token in self._seen_s:
                self._seen_s[token] = self._clock()

    def answer(self, token: str, at: Stage, answer: Answer) -> bool:
        """A phone answers; a later answer in the same vote takes the place of the earlier one.

        Args:
            token: of the phone.
            at: the stage that the phone showed.
            answer: one of the quiz's options, with how sure where the room asks for it.

        Returns:
            Whether it counts. It does not where the round has gone on, nothing is asked, or the phone has not joined.

        Raises:
            ValueError: an answer that the quiz has no option for, or how sure where nobody asked.
        """
        if answer.option not in self.quiz.options:
            raise ValueError(f"option: expected one of {self.quiz.options}. Received: {answer.option!r}")
        if answer.sure is not None and not self.asks_sure:
            raise ValueError(f"sure: expected None in this room. Received: {answer.sure}")
        with self._lock:
            if self._stage != at or at.phase is not Phase.ASKING or token not in self._seen_s:
                return False
            self._acted_s = self._seen_s[token] = self._clock()
            self._answers.setdefault((at.question, at.vote), {})[token] = answer
            return True

    def answer_of(self, token: str, question: int, vote: int) -> Answer | None:
        """What a phone answered; None where it did not."""
        with self._lock:
            return self._answers.get((question, vote), {}).get(token)

    def step(self, action: Action, at: Stage) -> Stage:
        """The teacher goes on.

        Args:
            action: what to do.
            at: the stage that the teacher's page showed. Nothing happens where the round has gone on since, or where
                this action does not belong to that stage.

        Returns:
            The stage after it.
        """
        with self._lock:
            after = None if self._ended or self._stage != at else self._after(action, at)
            if after is not None:
                self._acted_s = self._clock()
                self._stage = after
                if action is Action.SKIP:
                    for vote in range(1, MOST_VOTES + 1):
                        self._answers.pop((at.question, vote), None)
            return self._stage

    def _after(self, action: Action, at: Stage) -> Stage | None:
        phase, question, vote = at.phase, at.question, at.vote
        match action:
            case Action.START if phase is Phase.LOBBY:
                return Stage(Phase.ASKING)
            case Action.SHOW if phase is Phase.ASKING:
                return Stage(Phase.SHOWN, question, vote)
            case Action.AGAIN if phase is Phase.SHOWN and vote < MOST_VOTES:
                return Stage(Phase.ASKING, question, vote + 1)
            case Action.REVEAL if phase in (Phase.ASKING, Phase.SHOWN):
                return Stage(Phase.REVEALED, question, vote)
            case Action.NEXT if phase is Phase.REVEALED:
                return self._next(question, vote)
            case Action.SKIP if phase in (Phase.ASKING, Phase.SHOWN):
                return self._next(question, vote)
            case Action.FINISH if phase not in (Phase.LOBBY, Phase.SUMMARY):
                return Stage(Phase.SUMMARY, question, vote)
        return None

    def _next(self, question: int, vote: int) -> Stage:
        if question + 1 < len(self.quiz):
            return Stage(Phase.ASKING, question + 1)
        return Stage(Phase.SUMMARY, question, vote)

    def last_vote(self, question: int) -> int:
        """The last vote on a question in which anybody answered: what the class says; 1 where nobody did."""
        with self._lock:
            return max((vote for asked, vote in self._answers if asked == question), default=1)

    def tally(self, question: int, vote: int) -> Tally:
        """How the class answered a question in one vote; all counts are 0 where nobody did.

        Args:
            question: from 0.
            vote: 1 or 2.
        """
        with self._lock:
            answers = tuple(self._answers.get((question, vote), {}).values())
        counts = dict.fromkeys(self.quiz.options, 0)
        by_sureness = {sure: dict(counts) for sure in SURENESS}
        for answer in answers:
            counts[answer.option] += 1
            if answer.sure is not None:
                by_sureness[answer.sure][answer.option] += 1
        return Tally(question, vote, counts, by_sureness)

    def end(self) -> None:
        """Close the room: nobody joins or answers any more, and phones and answers are forgotten."""
        with self._lock:
            self._ended = True
            self._seen_s, self._answers = {}, {}
