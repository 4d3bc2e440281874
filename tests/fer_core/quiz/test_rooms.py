"""The rooms of a server: codes that nobody guesses, bounds, and two idle hours after which all of it is gone."""

from __future__ import annotations

import gc
import random
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from fer_core.quiz import rooms as rooms_module
from fer_core.quiz.question import Answer
from fer_core.quiz.room import Action, Room, RoomError
from fer_core.quiz.rooms import IDLE_S, MOST_ENDED, MOST_ROOMS, Rooms
from tests.clock import Clock
from tests.fer_core.quiz.rounds import made_quiz


def test_a_room_is_found_by_its_code_as_people_type_it_and_by_its_teachers_token() -> None:
    rooms = Rooms()
    token, room = rooms.open(made_quiz(), True)
    _, other = rooms.open(made_quiz(), False)
    code = room.code
    assert (
        rooms.find(code)
        is rooms.find(f" {code[:4]} {code[4:]} ")
        is rooms.find(f"{code[:4]}-{code[4:]}")
        is room
    )
    assert rooms.of_host(token) is room
    assert rooms.find(other.code) is other
    assert (room.asks_sure, other.asks_sure) == (True, False)


@pytest.mark.parametrize("typed", ["", " ", "4821739", "é", "x" * 10_000])
def test_what_is_no_code_finds_no_room(typed: str) -> None:
    rooms = Rooms()
    rooms.open(made_quiz(), False)
    assert rooms.find(typed) is None
    assert rooms.of_host(typed) is None


def test_codes_are_eight_digits_and_of_one_room_each_also_when_teachers_open_at_the_same_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = rooms_module.new_code()
    assert len(code) == 8 and code.isdecimal()
    monkeypatch.setattr(rooms_module, "new_code", lambda: f"{random.randrange(8):08d}")
    rooms = Rooms()
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: rooms.open(made_quiz(), False), range(8)))
    assert len({room.code for _, room in opened}) == len({token for token, _ in opened}) == 8


def test_every_code_is_compared_whichever_room_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = Rooms()
    codes = [rooms.open(made_quiz(), False)[1].code for _ in range(4)]
    compared: list[bytes] = []
    compare = rooms_module.hmac.compare_digest
    monkeypatch.setattr(
        rooms_module.hmac, "compare_digest", lambda one, two: compared.append(one) or compare(one, two)
    )
    for typed in (codes[0], codes[-1], "nothing"):
        compared.clear()
        rooms.find(typed)
        assert compared == [code.encode() for code in codes]


def test_one_room_too_many_is_refused_and_one_that_ends_makes_place() -> None:
    rooms = Rooms()
    tokens = [rooms.open(made_quiz(), False)[0] for _ in range(MOST_ROOMS)]
    with pytest.raises(RoomError, match=f"{MOST_ROOMS} rooms are open"):
        rooms.open(made_quiz(), False)
    rooms.end(tokens[0])
    rooms.open(made_quiz(), False)


def test_a_room_ends_after_two_hours_without_an_action_whoever_looks_at_it() -> None:
    assert IDLE_S == 2 * 3600
    clock = Clock()
    rooms = Rooms(clock)
    token, room = rooms.open(made_quiz(), False)

    def almost_over() -> None:
        clock.now_s += IDLE_S - 1
        assert rooms.of_host(token) is rooms.find(room.code) is room

    almost_over()
    phone = room.join(None)
    almost_over()
    room.step(Action.START, room.stage)
    almost_over()
    assert room.answer(phone, room.stage, Answer("sad"))
    almost_over()
    assert room.join(phone) == phone
    almost_over()
    for _ in range(3):  # polls, and presses that do nothing
        room.see(phone)
        assert (room.present, room.tally(0, 1).answers) == (1, 1)
        room.step(Action.START, room.stage)
        room.answer("nobody", room.stage, Answer("sad"))
    clock.now_s += 1
    assert rooms.find(room.code) is None
    assert rooms.of_host(token) is None
    assert room.ended


@pytest.mark.parametrize("way", ["ended", "idle"])
def test_the_code_of_a_room_that_has_ended_is_known_for_two_hours(way: str) -> None:
    clock = Clock()
    rooms = Rooms(clock)
    token, room = rooms.open(made_quiz(), False)
    assert not rooms.has_ended(room.code)
    if way == "ended":
        rooms.end(token)
    else:
        clock.now_s += IDLE_S
        assert len(rooms) == 0
    assert rooms.has_ended(f" {room.code[:4]} {room.code[4:]}")
    assert rooms.find(room.code) is None
    assert not rooms.has_ended("") and not rooms.has_ended(f"{(int(room.code) + 1) % 10**8:08d}")
    clock.now_s += IDLE_S
    assert not rooms.has_ended(room.code)


def test_no_more_codes_of_ended_rooms_are_known_than_so_many() -> None:
    rooms = Rooms()
    codes = []
    for _ in range(MOST_ENDED + 2):
        token, room = rooms.open(made_quiz(), False)
        codes.append(room.code)
        rooms.end(token)
    assert [rooms.has_ended(code) for code in codes] == [False, False, *[True] * MOST_ENDED]


@pytest.mark.parametrize("way", ["ended", "idle"])
def test_a_room_that_ended_is_gone_from_memory_with_its_answers(way: str) -> None:
    clock = Clock()
    rooms = Rooms(clock)
    token, room = rooms.open(made_quiz(), False)
    rooms.open(made_quiz(), False)
    phone = room.join(None)
    answer = Answer("sad")
    room.step(Action.START, room.stage)
    assert room.answer(phone, room.stage, answer)
    alive: list[weakref.ref[Room | Answer]] = [weakref.ref(room), weakref.ref(answer)]
    del answer
    assert alive[1]() is not None
    code = room.code
    if way == "ended":
        rooms.end(token)
    else:
        clock.now_s += IDLE_S
    assert rooms.find(code) is None
    assert alive[1]() is None, "a page that still holds the room would hold its answers"
    del room
    gc.collect()
    assert alive[0]() is None
