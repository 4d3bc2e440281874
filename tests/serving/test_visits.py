from __future__ import annotations

import pytest

from serving.visits import CODELESS_S, GREET_S, WAIT_S, WORK_S, Limits, State, Visit, Visits, network_of
from tests.clock import Clock

LIMITS = Limits(overall=12, of_network=6, reserved=2, codeless=5, codeless_of_network=3)


class Crowd:
    """Visitors by names; `closed` holds whose connections were closed, in that order."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.visits = Visits(LIMITS, self.clock)
        self.closed: list[str] = []

    def come(
        self, name: str, host: str = "10.0.0.1", state: State | None = None, local: bool = False
    ) -> Visit | None:
        """A connection, a second after the one before; in the state that it is to have."""
        self.clock.now_s += 1
        peer = (host, 1000 + sum(name.encode()))
        visit = self.visits.arrive(peer, is_local=local, close=lambda: self.closed.append(name))
        if state is not None:
            self.visits.move(peer, state)
        return visit


@pytest.fixture
def crowd() -> Crowd:
    return Crowd()


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.168.1.7", "192.168.1.7"),
        ("::ffff:192.168.1.7", "192.168.1.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::1"),
        ("::1", "::/64"),
    ],
)
def test_a_visitor_with_many_ipv6_addresses_is_one(host: str, network: str) -> None:
    assert network_of(host) == network


def test_whoever_waited_longest_gives_way_to_a_newcomer_of_the_same_network(crowd: Crowd) -> None:
    for name in "abcdef":
        assert crowd.come(name)
    assert crowd.come("g")
    assert crowd.closed == ["a"]
    assert len(crowd.visits) == LIMITS.of_network


def test_a_connection_that_is_being_answered_gives_way_only_after_a_while(crowd: Crowd) -> None:
    for name in "abcdef":
        crowd.come(name, state=State.WORKING)
        crowd.clock.now_s -= 1
    assert crowd.come("g") is None
    assert crowd.closed == []
    crowd.clock.now_s += WORK_S
    assert crowd.come("h")
    assert crowd.closed == ["a"]


def test_a_newcomer_is_spared_for_a_moment_where_an_answer_takes_long(crowd: Crowd) -> None:
    for name in "abcde":
        crowd.come(name, state=State.WORKING)
    crowd.clock.now_s += WORK_S
    crowd.come("newcomer")
    crowd.clock.now_s -= 1
    crowd.come("next")
    assert crowd.closed == ["a"]
    crowd.clock.now_s += GREET_S
    crowd.come("last")
    assert crowd.closed == ["a", "newcomer"]


def test_whoever_is_in_is_no_burden_to_the_network_and_never_gives_way(crowd: Crowd) -> None:
    for name in "abcdef":
        crowd.come(name, state=State.IN)
    crowd.clock.now_s += 10 * CODELESS_S
    for name in "ghijkl":
        assert crowd.come(name)
    assert crowd.come("m")
    assert crowd.closed == ["g"]


def test_where_all_places_are_taken_the_network_that_has_most_gives_way(crowd: Crowd) -> None:
    for name in "abcdef":
        crowd.come(name, "10.0.0.1")
    for name in "ghijkl":
        crowd.come(name, "10.0.0.2")
    assert crowd.come("z", "10.0.0.3")
    assert crowd.closed == ["a"]
    assert len(crowd.visits) == LIMITS.overall


def test_this_computer_has_places_of_its_own(crowd: Crowd) -> None:
    for number, name in enumerate("abcdefghijkl"):
        crowd.come(name, f"10.0.0.{number}", State.IN)
    assert crowd.come("m", "10.0.0.99") is None
    assert crowd.come("n", "127.0.0.1", local=True)
    assert crowd.come("o", "127.0.0.1", local=True)
    assert crowd.closed == []


def test_a_connection_without_a_whole_request_ends(crowd: Crowd) -> None:
    crowd.come("slow")
    crowd.come("busy", state=State.WORKING)
    crowd.come("in", state=State.IN)
    crowd.clock.now_s += WAIT_S
    crowd.visits.tidy()
    assert crowd.closed == ["slow"]


def test_the_time_begins_anew_after_each_answer(crowd: Crowd) -> None:
    visit = crowd.come("a", state=State.WORKING)
    assert visit
    crowd.clock.now_s += 5 * WAIT_S
    crowd.visits.move(visit.peer, State.WAITING)
    crowd.clock.now_s += WAIT_S - 1
    crowd.visits.tidy()
    assert crowd.closed == []
    crowd.clock.now_s += 1
    crowd.visits.tidy()
    assert crowd.closed == ["a"]


def test_an_answer_that_is_still_on_its_way_is_not_cut_off(crowd: Crowd) -> None:
    visit = crowd.come("slow phone", state=State.WORKING)
    assert visit
    sending = True
    visit.is_sending = lambda: sending
    crowd.visits.move(visit.peer, State.WAITING)
    crowd.clock.now_s += 20 * WAIT_S
    crowd.visits.tidy()
    assert crowd.closed == []
    sending = False
    crowd.visits.tidy()
    crowd.clock.now_s += WAIT_S
    crowd.visits.tidy()
    assert crowd.closed == ["slow phone"]


def test_a_page_without_the_code_ends_after_some_minutes_and_one_with_it_does_not(crowd: Crowd) -> None:
    crowd.come("stranger", state=State.CODELESS)
    visit = crowd.come("friend", state=State.CODELESS)
    assert visit
    spoken: list[bool] = []
    visit.let_speak = lambda: spoken.append(True)
    crowd.visits.move(visit.peer, State.IN)
    assert spoken == [True]
    crowd.clock.now_s += CODELESS_S
    crowd.visits.tidy()
    assert crowd.closed == ["stranger"]


def test_pages_without_the_code_are_bounded_for_a_network_and_for_all(crowd: Crowd) -> None:
    for name in "abcd":
        crowd.come(name, "10.0.0.1", State.CODELESS)
    assert crowd.closed == ["a"]
    for name in "gh":
        crowd.come(name, "10.0.0.2", State.CODELESS)
    assert crowd.closed == ["a"]
    crowd.come("i", "10.0.0.3", State.CODELESS)
    assert crowd.closed == ["a", "b"]


def test_what_has_left_is_counted_no_more_and_may_leave_twice(crowd: Crowd) -> None:
    visit = crowd.come("a")
    assert visit
    crowd.visits.leave(visit)
    crowd.visits.leave(visit)
    assert len(crowd.visits) == 0
    again = crowd.come("a")
    assert again
    crowd.visits.leave(visit)
    assert len(crowd.visits) == 1
    assert crowd.come("a")  # the same port: the one before is gone, whatever it says
    assert crowd.closed == ["a"]
    assert len(crowd.visits) == 1


def test_a_connection_that_nobody_counted_is_left_alone(crowd: Crowd) -> None:
    crowd.visits.move(("10.0.0.9", 1), State.IN)
    crowd.visits.move(None, State.WORKING)
    assert len(crowd.visits) == 0


@pytest.mark.parametrize("open_files", [256, 1024, 4096, 20_000, 1_048_576])
def test_the_bounds_leave_files_for_everything_else(open_files: int) -> None:
    limits = Limits.within(open_files)
    assert limits.overall + limits.reserved + 3 * limits.codeless <= open_files * 2 // 3
    assert 0 < limits.codeless_of_network < limits.codeless < limits.of_network < limits.overall


def test_a_class_behind_one_address_fits() -> None:
    limits = Limits.within(4096)
    assert limits.of_network >= 60 * 8
    assert limits.codeless_of_network >= 2 * 60
