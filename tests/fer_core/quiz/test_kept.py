"""What is kept by token: never more than fits, gone when nobody uses it, and found by whoever has the token alone."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from fer_core.errors import RautError
from fer_core.quiz import kept as kept_module
from fer_core.quiz.kept import FullError, Kept
from tests.clock import Clock


class Thing:
    used_s = 0.0


def until(holds: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end_s, "did not come about"
        time.sleep(0.005)


def test_a_thing_is_found_by_its_token_alone() -> None:
    kept: Kept[Thing] = Kept(3, 60)
    first, second = Thing(), Thing()
    tokens = kept.add(first), kept.add(second)
    assert [kept.find(token) for token in tokens] == [first, second]
    assert kept.find("") is kept.find(tokens[0][:-1]) is None
    assert kept.all() == (first, second)


def test_tokens_cannot_be_guessed() -> None:
    kept: Kept[Thing] = Kept(200, 60)
    tokens = [kept.add(Thing()) for _ in range(200)]
    assert len(set(tokens)) == 200
    assert {len(token) for token in tokens} == {43}  # 256 bits


def test_no_more_are_kept_than_fit_also_from_several_threads() -> None:
    def slow() -> float:
        time.sleep(0.0002)
        return 0.0

    kept: Kept[Thing] = Kept(5, 60, clock=slow)

    def add(_: int) -> bool:
        try:
            return bool(kept.add(Thing()))
        except FullError:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(24))) == len(kept.all()) == 5


def test_the_owner_says_what_is_said_where_no_more_fit() -> None:
    kept: Kept[Thing] = Kept(0, 60, full=lambda: RautError("Come back tomorrow."))
    with pytest.raises(RautError, match="tomorrow"):
        kept.add(Thing())


def test_what_nobody_finds_for_too_long_is_gone_and_makes_room() -> None:
    clock = Clock()
    gone: list[Thing] = []
    kept: Kept[Thing] = Kept(2, 60, gone=gone.append, clock=clock)
    used, idle = Thing(), Thing()
    used_token, idle_token = kept.add(used), kept.add(idle)
    clock.now_s += 59.9
    assert kept.find(used_token) is used
    assert kept.all() == (used, idle)  # no use
    clock.now_s += 0.1
    assert kept.find(idle_token) is None
    assert gone == [idle]
    assert kept.find(kept.add(Thing())) is not None
    assert kept.find(used_token) is used


def test_where_things_say_when_they_were_used_finding_them_is_no_use() -> None:
    clock = Clock()
    kept: Kept[Thing] = Kept(2, 60, used_s=lambda thing: thing.used_s, clock=clock)
    thing = Thing()
    thing.used_s = clock.now_s
    token = kept.add(thing)
    clock.now_s += 50
    assert kept.find(token) is thing
    thing.used_s = clock.now_s
    clock.now_s += 59
    assert kept.find(token) is thing
    clock.now_s += 1
    assert kept.find(token) is None


def test_what_is_removed_is_gone_once() -> None:
    gone: list[Thing] = []
    kept: Kept[Thing] = Kept(2, 60, gone=gone.append)
    thing = Thing()
    token = kept.add(thing)
    kept.remove(token)
    kept.remove(token)
    assert kept.find(token) is None
    assert gone == [thing]


def test_what_is_idle_goes_without_anybody_asking_and_the_thread_that_sees_to_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_module, "LOOK_EVERY_S", 0.01)
    clock = Clock()
    kept: Kept[Thing] = Kept(2, 60, name="keeper of the test", clock=clock)

    def runs() -> bool:
        return any(thread.name == "keeper of the test" for thread in threading.enumerate())

    for _ in range(2):  # and begins again
        thing = Thing()
        kept.add(thing)
        alive = weakref.ref(thing)
        del thing
        assert alive() is not None and runs()
        clock.now_s += 60
        until(lambda alive=alive: alive() is None)  # type: ignore[misc]
        until(lambda: not runs())
