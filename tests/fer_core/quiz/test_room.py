"""A room, in every order of what phones and teachers do: no answer counts twice, late or in another's name, none is lost."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from fer_core.quiz import room as room_module
from fer_core.quiz.question import CANNOT_TELL, SURENESS, Answer
from fer_core.quiz.room import MOST_PHONES, PRESENT_S, Action, Phase, Room, RoomError, Stage, Tally
from tests.clock import Clock
from tests.fer_core.quiz.rounds import CODES, made_quiz

QUESTIONS = 2
TALK = [action for action in Action if action not in (Action.SKIP, Action.FINISH)]
"""All that goes on to the end of a round, question by question."""
PHASES = list(Phase)
ANSWERS = [
    Answer(CANNOT_TELL),
    *(Answer(code, sure) for code in CODES[:3] for sure in (None, SURENESS[0], SURENESS[3])),
]
ONWARD = {
    Phase.LOBBY: (Action.START,),
    Phase.ASKING: (Action.SHOW, Action.REVEAL),
    Phase.REVEALED: (Action.NEXT,),
}
LOBBY = Stage(Phase.LOBBY)
ASKING = Stage(Phase.ASKING)


def order(stage: Stage) -> tuple[bool, int, int, int]:
    """Stages in the order in which a round goes through them; the summary may come at any time, and is the last."""
    return (stage.phase is Phase.SUMMARY, stage.question, stage.vote, PHASES.index(stage.phase))


def go(room: Room, *actions: Action) -> Stage:
    for action in actions:
        room.step(action, room.stage)
    return room.stage


# --- every order of what happens --------------------------------------------------------------------------


class AnyRound(RuleBasedStateMachine):
    """Phones and two teachers' tabs do anything, some of it too late, beside a book of what must have come of it."""

    phones = Bundle("phones")

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.room = Room("48217390", made_quiz(QUESTIONS), True, self.clock)
        self.stages = [LOBBY]
        self.tokens: set[str] = set()
        self.book: dict[tuple[int, int], dict[str, Answer]] = {}
        self.closed: dict[tuple[int, int], Tally] = {}

    @initialize(target=phones)
    def first_phone(self) -> str:
        return self.join()

    @initialize(step=st.sampled_from((False, True, True)))
    def start(self, step: bool) -> None:
        if step:
            self.step(Action.START, 0)

    @rule(target=phones)
    def join(self) -> str:
        token = self.room.join(None)
        assert token not in self.tokens, "a token is shared"
        self.tokens.add(token)
        return token

    @rule(token=phones)
    def come_back(self, token: str) -> None:
        assert self.room.join(token) == token

    @rule(token=phones, answer=st.sampled_from(ANSWERS), ago=st.sampled_from((0, 0, 0, 1, 2)))
    def answer(self, token: str, answer: Answer, ago: int) -> None:
        at = self.stages[max(len(self.stages) - 1 - ago, 0)]
        counts = at == self.stages[-1] and at.phase is Phase.ASKING
        assert self.room.answer(token, at, answer) is counts
        if counts:
            self.book.setdefault((at.question, at.vote), {})[token] = answer

    @rule(answer=st.sampled_from(ANSWERS))
    def answer_of_a_stranger(self, answer: Answer) -> None:
        assert not self.room.answer("x" * 43, self.stages[-1], answer)

    @rule(action=st.sampled_from(Action), ago=st.integers(0, 2))
    def step(self, action: Action, ago: int) -> None:
        before = self.stages[-1]
        at = self.stages[max(len(self.stages) - 1 - ago, 0)]
        after = self.room.step(action, at)
        assert after == self.room.stage
        if after == before:
            return
        assert at == before, "a press that came too late did something"
        assert order(after) > order(before), "a stage came back"
        self.stages.append(after)
        if action is Action.SKIP:
            for vote in (1, 2):
                self.book.pop((before.question, vote), None)
                self.closed.pop((before.question, vote), None)
        elif before.phase is Phase.ASKING:
            place = (before.question, before.vote)
            self.closed[place] = self.room.tally(*place)

    @precondition(lambda self: self.stages[-1].phase is not Phase.SUMMARY)
    @rule(draw=st.integers(0, 1))
    def go_on(self, draw: int) -> None:
        at = self.stages[-1]
        talk = (Action.REVEAL,) if at.vote == 2 else (Action.AGAIN, Action.REVEAL)
        possible = ONWARD.get(at.phase, talk)
        self.step(possible[draw % len(possible)], 0)
        assert self.stages[-1] != at

    @rule(seconds=st.integers(1, 10))
    def wait(self, seconds: int) -> None:
        self.clock.now_s += seconds

    @invariant()
    def every_answer_counts_once(self) -> None:
        for question in range(QUESTIONS):
            for vote in (1, 2):
                answers = self.book.get((question, vote), {})
                tally = self.room.tally(question, vote)
                assert list(tally.counts) == list(self.room.quiz.options)
                said = [answer.option for answer in answers.values()]
                assert tally.counts == {option: said.count(option) for option in tally.counts}
                sure = [(answer.sure, answer.option) for answer in answers.values()]
                assert tally.by_sureness == {
                    level: {option: sure.count((level, option)) for option in tally.counts}
                    for level in SURENESS
                }
                for token in self.tokens:
                    assert self.room.answer_of(token, question, vote) == answers.get(token)

    @invariant()
    def nothing_changes_after_the_answers_are_shown(self) -> None:
        for (question, vote), tally in self.closed.items():
            assert self.room.tally(question, vote) == tally

    @invariant()
    def counts_are_those_of_the_present_stage(self) -> None:
        stage = self.stages[-1]
        assert self.room.answered == len(self.book.get((stage.question, stage.vote), {}))
        assert self.room.joined == len(self.tokens)
        assert 0 <= self.room.present <= self.room.joined
        assert self.room.asked == len({at.question for at in self.stages if at.phase is not Phase.LOBBY})


TestAnyRound = AnyRound.TestCase
TestAnyRound.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)


# --- several threads at a time ----------------------------------------------------------------------------


def slow_clock() -> float:
    """Lets other threads go on: a room asks for the time between looking and writing."""
    time.sleep(0.0001)
    return time.monotonic()


def together(*work: Callable[[], None]) -> None:
    start = threading.Barrier(len(work))

    def run(one: Callable[[], None]) -> None:
        start.wait(10)
        one()

    with ThreadPoolExecutor(len(work)) as pool:
        for future in [pool.submit(run, one) for one in work]:
            future.result(20)


class Busy:
    """A room that phones and teachers use at the same time, and what each of them saw."""

    def __init__(self, seed: int) -> None:
        self.room = Room("48217390", made_quiz(QUESTIONS), True, slow_clock)
        self.seed = seed
        self.accepted: dict[str, list[tuple[Stage, Answer]]] = {}
        self.frozen: list[Tally] = []

    def phone(self, token: str, number: int) -> Callable[[], None]:
        draw = random.Random(self.seed * 100 + number)
        log = self.accepted.setdefault(token, [])

        def work() -> None:
            seen = LOBBY
            while seen.phase is not Phase.SUMMARY:
                at = self.room.stage
                assert order(at) >= order(seen), "a stage came back"
                seen = at
                if at.phase is not Phase.ASKING:
                    time.sleep(0.0001)
                answer = draw.choice(ANSWERS)
                if self.room.answer(token, at, answer):
                    log.append((at, answer))

        return work

    def teacher(self, number: int) -> Callable[[], None]:
        draw = random.Random(self.seed * 100 + 50 + number)

        def work() -> None:
            at = LOBBY
            while at.phase is not Phase.SUMMARY:
                time.sleep(draw.random() * 0.001)
                at = self.room.step(draw.choice(TALK), self.room.stage)
                if at.phase not in (Phase.LOBBY, Phase.ASKING):
                    self.frozen.append(self.room.tally(at.question, at.vote))

        return work


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_phones_and_two_teachers_at_the_same_time_lose_no_answer_and_count_none_twice_or_late(
    seed: int,
) -> None:
    busy = Busy(seed)
    room = busy.room
    tokens = [room.join(None) for _ in range(3)]
    shared = tokens[-1]  # a tab that was duplicated
    phones = [busy.phone(token, number) for number, token in enumerate([*tokens, shared])]
    together(*phones, busy.teacher(1), busy.teacher(2))
    for question in range(QUESTIONS):
        for vote in (1, 2):
            answered = 0
            for token in tokens:
                counted = [
                    answer
                    for at, answer in busy.accepted[token]
                    if (at.question, at.vote) == (question, vote)
                ]
                answered += bool(counted)
                kept = room.answer_of(token, question, vote)
                if token == shared:
                    assert kept in counted if counted else kept is None
                else:
                    assert kept == (counted[-1] if counted else None)
            assert room.tally(question, vote).answers == answered
    for tally in busy.frozen:
        assert room.tally(tally.question, tally.vote) == tally, (
            "an answer came in after the answers were shown"
        )


def test_phones_that_join_at_the_same_time_are_never_more_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_module, "MOST_PHONES", 5)
    room = Room("48217390", made_quiz(), False, slow_clock)
    tokens: list[str] = []

    def phone() -> None:
        for _ in range(3):
            try:
                tokens.append(room.join(None))
            except RoomError:
                continue

    together(*[phone] * 8)
    assert len(tokens) == len(set(tokens)) == room.joined == 5


# --- one by one -------------------------------------------------------------------------------------------


def test_a_round_goes_from_the_lobby_over_two_votes_to_the_reveal_and_after_the_last_face_to_the_summary() -> (
    None
):
    room = Room("48217390", made_quiz(2), False)
    stages = [
        go(room, action)
        for action in (
            Action.START,
            Action.SHOW,
            Action.AGAIN,
            Action.SHOW,
            Action.REVEAL,
            Action.NEXT,
            Action.REVEAL,
            Action.NEXT,
        )
    ]
    assert stages == [
        Stage(Phase.ASKING, 0, 1),
        Stage(Phase.SHOWN, 0, 1),
        Stage(Phase.ASKING, 0, 2),
        Stage(Phase.SHOWN, 0, 2),
        Stage(Phase.REVEALED, 0, 2),
        Stage(Phase.ASKING, 1, 1),
        Stage(Phase.REVEALED, 1, 1),
        Stage(Phase.SUMMARY, 1, 1),
    ]


@pytest.mark.parametrize(
    ("before", "possible"),
    [
        ((), {Action.START}),
        ((Action.START,), {Action.SHOW, Action.REVEAL, Action.SKIP, Action.FINISH}),
        ((Action.START, Action.SHOW), {Action.AGAIN, Action.REVEAL, Action.SKIP, Action.FINISH}),
        ((Action.START, Action.SHOW, Action.AGAIN, Action.SHOW), {Action.REVEAL, Action.SKIP, Action.FINISH}),
        ((Action.START, Action.REVEAL), {Action.NEXT, Action.FINISH}),
        ((Action.START, Action.FINISH), set()),
    ],
)
def test_at_each_stage_only_what_belongs_to_it_does_something(
    before: tuple[Action, ...], possible: set[Action]
) -> None:
    moved = set()
    for action in Action:
        room = Room("48217390", made_quiz(), False)
        at = go(room, *before)
        if room.step(action, at) != at:
            moved.add(action)
    assert moved == possible


def test_the_class_says_what_it_says_last_and_the_first_vote_is_kept() -> None:
    room = Room("48217390", made_quiz(), False)
    phone, other = room.join(None), room.join(None)
    go(room, Action.START)
    assert room.answer(phone, room.stage, Answer("sad"))
    assert room.answer(other, room.stage, Answer("fear"))
    go(room, Action.SHOW, Action.AGAIN)
    assert room.last_vote(0) == 1  # nobody has answered again yet
    assert room.answer(phone, room.stage, Answer("fear"))
    assert (room.last_vote(0), room.last_vote(1)) == (2, 1)
    assert (room.tally(0, 1).counts["sad"], room.tally(0, 1).counts["fear"]) == (1, 1)
    assert (room.tally(0, 2).counts["sad"], room.tally(0, 2).counts["fear"]) == (0, 1)


def test_a_face_that_is_skipped_loses_its_answers_and_no_other_does() -> None:
    room = Room("48217390", made_quiz(2), False)
    phone = room.join(None)
    go(room, Action.START)
    assert room.answer(phone, room.stage, Answer("sad"))
    go(room, Action.REVEAL, Action.NEXT)
    for vote in (1, 2):
        assert room.answer(phone, room.stage, Answer("fear"))
        go(room, Action.SHOW)
        assert room.tally(1, vote).answers == 1
        go(room, Action.AGAIN)
    assert go(room, Action.SKIP) == Stage(Phase.SUMMARY, 1, 2)
    assert [room.tally(1, vote).answers for vote in (1, 2)] == [0, 0]
    assert room.answer_of(phone, 0, 1) == Answer("sad")


def test_a_phone_that_was_not_heard_of_for_a_while_is_not_present_but_keeps_its_place() -> None:
    clock = Clock()
    room = Room("48217390", made_quiz(), False, clock)
    phone, other = room.join(None), room.join(None)
    clock.now_s += PRESENT_S
    room.see(other)
    room.see("nobody")
    assert (room.present, room.joined) == (2, 2)
    clock.now_s += 0.1
    assert (room.present, room.joined) == (1, 2)
    go(room, Action.START)
    assert room.answer(phone, room.stage, Answer("sad"))
    assert room.present == 2


def test_a_token_of_another_room_or_of_nobody_is_given_a_new_place() -> None:
    room, other = (Room(code, made_quiz(), False) for code in ("48217390", "11112222"))
    token = other.join(None)
    assert not room.knows(token)
    assert room.join(token) != token
    assert room.join("") != ""
    assert room.joined == 2


def test_a_full_room_says_so_and_lets_those_back_who_are_in() -> None:
    room = Room("48217390", made_quiz(), False)
    tokens = [room.join(None) for _ in range(MOST_PHONES)]
    with pytest.raises(RoomError, match=f"full: {MOST_PHONES} phones"):
        room.join(None)
    assert room.join(tokens[0]) == tokens[0]


@pytest.mark.parametrize(
    ("asks_sure", "answer"), [(True, Answer("smile")), (True, Answer("")), (False, Answer("sad", 0.5))]
)
def test_an_answer_that_was_not_asked_for_is_refused(asks_sure: bool, answer: Answer) -> None:
    room = Room("48217390", made_quiz(), asks_sure)
    phone = room.join(None)
    go(room, Action.START)
    with pytest.raises(ValueError, match="Received"):
        room.answer(phone, room.stage, answer)
    assert room.answered == 0


def test_a_room_that_ended_has_forgotten_everything_and_takes_nothing() -> None:
    room = Room("48217390", made_quiz(), False)
    phone = room.join(None)
    at = go(room, Action.START)
    assert room.answer(phone, at, Answer("sad"))
    room.end()
    assert room.ended
    assert not room.knows(phone)
    assert room.answer_of(phone, 0, 1) is None
    assert room.tally(0, 1).answers == room.joined == 0
    assert not room.answer(phone, at, Answer("sad"))
    assert room.step(Action.SHOW, at) == at
    with pytest.raises(RoomError, match="ended"):
        room.join(phone)
