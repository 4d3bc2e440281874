"""Places for viewers: the limit, giving back, silence."""

from __future__ import annotations

import gc

from fer_core.live.viewers import Viewers
from tests.clock import Clock


class Viewer:
    """Stands in for a session."""


def test_the_fifth_waits_until_one_of_four_has_left() -> None:
    viewers, people = Viewers(lambda: 4), [Viewer() for _ in range(5)]
    assert [viewers.enter(person) for person in people] == [True, True, True, True, False]
    assert not viewers.has_room(people[4])
    assert viewers.has_room(people[0])
    assert viewers.enter(people[0])
    viewers.leave(people[2])
    assert viewers.has_room(people[4])
    assert viewers.enter(people[4])
    assert not viewers.enter(people[2])


def test_who_sends_no_frames_for_a_while_loses_the_place_to_who_waits() -> None:
    clock, silent, waiting = Clock(), Viewer(), Viewer()
    viewers = Viewers(lambda: 1, quiet_s=10, clock=clock)
    assert viewers.enter(silent)
    clock.now_s += 10
    assert not viewers.enter(waiting)
    clock.now_s += 0.1
    assert viewers.enter(waiting)
    assert not viewers.enter(silent)


def test_a_silent_viewer_gets_the_place_back_if_nobody_took_it() -> None:
    clock, silent = Clock(), Viewer()
    viewers = Viewers(lambda: 1, quiet_s=10, clock=clock)
    viewers.enter(silent)
    clock.now_s += 60
    assert viewers.quiet_s(silent) == 60
    assert viewers.enter(silent)
    assert viewers.quiet_s(silent) == 0


def test_nobody_is_quiet_before_the_start_and_after_the_end() -> None:
    clock, viewer = Clock(), Viewer()
    viewers = Viewers(lambda: 1, clock=clock)
    assert viewers.quiet_s(viewer) == 0
    viewers.enter(viewer)
    viewers.leave(viewer)
    viewers.leave(viewer)
    clock.now_s += 5
    assert viewers.quiet_s(viewer) == 0


def test_what_is_gone_from_memory_holds_no_place() -> None:
    viewers, gone = Viewers(lambda: 1), Viewer()
    viewers.enter(gone)
    del gone
    gc.collect()
    assert viewers.has_room(Viewer())


def test_the_limit_is_read_anew() -> None:
    limits = [1]
    viewers, first, second = Viewers(lambda: limits[0]), Viewer(), Viewer()
    viewers.enter(first)
    assert not viewers.enter(second)
    limits[0] = 2
    assert viewers.enter(second)


def test_a_place_lapses_only_when_others_took_all_and_comes_back_with_the_next_frame() -> None:
    clock, silent, other, new = Clock(), Viewer(), Viewer(), Viewer()
    viewers = Viewers(lambda: 1, quiet_s=10, clock=clock)
    viewers.enter(silent)
    clock.now_s += 60
    assert not viewers.lapsed(silent), "nobody wanted it"
    assert viewers.enter(other)
    assert viewers.lapsed(silent)
    assert not viewers.lapsed(new), "it never had one"
    assert not viewers.lapsed(other)
    assert not viewers.enter(silent)
    assert viewers.lapsed(silent), "a frame in vain changes nothing"
    viewers.leave(other)
    assert viewers.enter(silent)
    assert not viewers.lapsed(silent)
    viewers.leave(silent)
    viewers.enter(other)
    assert not viewers.lapsed(silent), "it left of its own accord"
