from __future__ import annotations

import threading

import pytest

from fer_core.codes import new_code, normalized, spoken
from serving.access import (
    LONGEST,
    SHORTEST,
    TRIES_OVERALL,
    TRIES_PER_CLIENT,
    WINDOW_S,
    Gatekeeper,
    Opens,
    is_code,
)
from tests.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gatekeeper(clock: Clock) -> Gatekeeper:
    return Gatekeeper(clock)


def test_a_new_code_is_digits_in_two_groups_and_different_each_time() -> None:
    codes = {new_code() for _ in range(50)}
    assert len(codes) == 50
    for code in codes:
        assert code.isdigit() and len(code) == SHORTEST
        assert spoken(code) == f"{code[:4]} {code[4:]}"


@pytest.mark.parametrize("typed", ["48217390", "4821 7390", " 4821-7390\n", "４８２１７３９０"])
def test_a_code_is_the_same_however_people_write_it(typed: str) -> None:
    assert is_code(typed, "48217390")
    assert is_code("KELAS-7b kami", "kelas7BKAMI")


@pytest.mark.parametrize(
    "typed", ["", " ", "4821739", "482173900", "48217391", "é8217390", "4821 7390" + " " * 200]
)
def test_anything_else_is_not_the_code(typed: str) -> None:
    assert not is_code(typed, "48217390")


def test_an_empty_code_is_never_right() -> None:
    assert normalized(" - ") == ""
    assert not is_code("", "")
    assert not is_code(" - ", "--")


def test_the_sixth_try_within_a_minute_waits_even_when_it_is_right(
    gatekeeper: Gatekeeper, clock: Clock
) -> None:
    for _ in range(TRIES_PER_CLIENT):
        assert gatekeeper.wait_s("a") == 0
        assert not gatekeeper.try_code("a", "wrong", "right")
        clock.now_s += 1
    assert gatekeeper.wait_s("a") == WINDOW_S - TRIES_PER_CLIENT
    assert not gatekeeper.try_code("a", "right", "right")
    clock.now_s += WINDOW_S - TRIES_PER_CLIENT
    assert gatekeeper.wait_s("a") == 0
    assert gatekeeper.try_code("a", "right", "right")


def test_asking_while_waiting_does_not_make_the_wait_longer(gatekeeper: Gatekeeper, clock: Clock) -> None:
    for _ in range(TRIES_PER_CLIENT + 20):
        gatekeeper.try_code("a", "wrong", "right")
    clock.now_s += WINDOW_S
    assert gatekeeper.wait_s("a") == 0


def test_one_client_does_not_lock_the_others_out(gatekeeper: Gatekeeper) -> None:
    for _ in range(TRIES_PER_CLIENT):
        gatekeeper.try_code("a", "wrong", "right")
    assert gatekeeper.wait_s("b") == 0
    assert gatekeeper.try_code("b", "right", "right")
    assert gatekeeper.try_code(None, "right", "right")


def test_a_class_behind_one_address_may_type_the_right_code_at_once(gatekeeper: Gatekeeper) -> None:
    assert all(gatekeeper.try_code("192.168.1.1", "right", "right") for _ in range(40))


def test_a_browser_on_this_computer_is_counted_too(gatekeeper: Gatekeeper) -> None:
    for _ in range(TRIES_PER_CLIENT):
        gatekeeper.try_code(None, "wrong", "right")
    assert gatekeeper.wait_s(None) > 0


def test_a_new_address_for_every_try_does_not_get_round_the_bound(
    gatekeeper: Gatekeeper, clock: Clock
) -> None:
    for client in range(1000):
        gatekeeper.try_code(f"fd00::{client:x}", "wrong", "right")
    assert gatekeeper.wait_s("192.168.1.7") == WINDOW_S
    assert len(gatekeeper._wrong) == TRIES_OVERALL
    clock.now_s += WINDOW_S
    assert gatekeeper.try_code("192.168.1.7", "right", "right")


def test_tries_at_the_same_moment_are_all_counted(gatekeeper: Gatekeeper) -> None:
    together = threading.Barrier(16)

    def many() -> None:
        together.wait()
        for _ in range(50):
            gatekeeper.try_code("a", "wrong", "right")

    threads = [threading.Thread(target=many) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(gatekeeper._wrong) == TRIES_PER_CLIENT


def test_a_session_is_admitted_by_its_own_id_only(gatekeeper: Gatekeeper) -> None:
    gatekeeper.admit("one")
    assert gatekeeper.is_admitted("one")
    assert not gatekeeper.is_admitted("two")
    assert not gatekeeper.is_admitted("")


def is_rooms(typed: str) -> bool:
    return normalized(typed) == "11112222"


def test_one_try_finds_the_access_code_or_a_room(gatekeeper: Gatekeeper) -> None:
    assert gatekeeper.try_code("a", "4821 7390", "48217390", is_rooms) is Opens.EVERYTHING
    assert gatekeeper.try_code("a", "1111-2222", "48217390", is_rooms) is Opens.A_ROOM
    assert gatekeeper.try_code("a", "11112222", "11112222", is_rooms) is Opens.EVERYTHING
    assert gatekeeper.try_code("a", "11112222", "48217390") is None
    assert len(gatekeeper._wrong) == 1


def test_where_there_is_no_access_code_a_room_is_all_that_opens(gatekeeper: Gatekeeper) -> None:
    assert gatekeeper.try_code(None, "11112222", "", is_rooms) is Opens.A_ROOM
    assert gatekeeper.try_code(None, "", "", is_rooms) is None


def test_rooms_give_no_tries_beyond_the_five(gatekeeper: Gatekeeper, clock: Clock) -> None:
    for try_ in range(TRIES_PER_CLIENT):
        assert not gatekeeper.try_code("a", f"{try_:08d}", "48217390", is_rooms)
    assert not gatekeeper.try_code("a", "11112222", "48217390", is_rooms)
    assert gatekeeper.try_code("b", "11112222", "48217390", is_rooms)
    clock.now_s += WINDOW_S
    assert gatekeeper.try_code("a", "11112222", "48217390", is_rooms)


def test_a_long_text_is_compared_with_no_room(gatekeeper: Gatekeeper) -> None:
    assert not gatekeeper.try_code("a", "11112222" + " " * 2 * LONGEST, "48217390", is_rooms)


def test_the_guest_of_a_room_is_in_and_not_admitted(gatekeeper: Gatekeeper) -> None:
    gatekeeper.admit("guest", Opens.A_ROOM)
    assert gatekeeper.is_in("guest") and not gatekeeper.is_admitted("guest")
    gatekeeper.admit("guest")
    assert gatekeeper.is_in("guest") and gatekeeper.is_admitted("guest")
    gatekeeper.forget("guest")
    assert not gatekeeper.is_in("guest") and not gatekeeper.is_admitted("guest")
