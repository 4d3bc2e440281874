"""Work beside a page: progress, time left, cancelling, errors, an end with the session, results in order."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable

import numpy as np
import pytest

from fer_core.errors import RautError, VideoError
from fer_core.jobs import Job, error_to_keep
from tests.clock import Clock


class Steps:
    """Work of numbered steps, each of which the test lets happen."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._may = threading.Semaphore(0)
        self._made = threading.Semaphore(0)

    def __call__(self, job: Job[int]) -> None:
        for number in range(self.count):
            assert self._may.acquire(timeout=20)
            if not job.should_continue():
                return
            job.add(number)
            self._made.release()

    def let(self, steps: int) -> None:
        """Let so many more happen, and wait for them."""
        for _step in range(steps):
            self._may.release()
            assert self._made.acquire(timeout=20)

    def let_ask(self) -> None:
        """Let it ask once more whether to continue."""
        self._may.release()


def ended(work: Callable[[Job[int]], None], **options: object) -> Job[int]:
    job: Job[int] = Job(work, name="test", **options)  # type: ignore[arg-type]
    job.wait(20)
    assert not job.running
    return job


def in_a_row(count: int) -> Callable[[Job[int]], None]:
    def work(job: Job[int]) -> None:
        for number in range(count):
            if not job.should_continue():
                return
            job.add(number)

    return work


# --- how far it is ---------------------------------------------------------------------------------------


def test_progress_is_a_number_of_steps_and_a_share() -> None:
    steps = Steps(4)
    job = Job(steps, name="test", total=4)
    assert (job.steps, job.done, job.share) == (0, 0, 0.0)
    assert job.running and not job.finished
    steps.let(3)
    assert (job.steps, job.done, job.share) == (3, 3, 0.75)
    steps.let(1)
    job.wait(20)
    assert (job.share, job.finished, job.cancelled, job.error) == (1.0, True, False, None)


@pytest.mark.parametrize("total", [None, 0, 0.0])
def test_without_a_total_there_is_neither_a_share_nor_a_time(total: float | None) -> None:
    job = ended(in_a_row(3), total=total)
    assert (job.share, job.seconds_left(), job.steps) == (None, None, 3)


def test_the_unit_is_that_of_the_work_and_more_than_all_is_all() -> None:
    def seconds_of_a_video(job: Job[int]) -> None:
        job.add(1, done=2.5)
        job.add(2, done=10.5)

    job = ended(seconds_of_a_video, total=10.0)
    assert (job.steps, job.done, job.share, job.seconds_left()) == (2, 10.5, 1.0, 0.0)


def test_a_long_step_says_how_far_it_is_before_it_has_a_result() -> None:
    reported, go_on = threading.Event(), threading.Event()

    def training(job: Job[str]) -> None:
        for batch in range(1, 31):
            job.report(batch / 10)
        reported.set()
        assert go_on.wait(20)
        job.add("epoch 1", done=4)

    job = Job(training, name="test", total=8)
    assert reported.wait(20)
    assert (job.share, job.steps, job.take()) == (3 / 8, 0, [])
    go_on.set()
    job.wait(20)
    assert (job.share, job.take()) == (0.5, ["epoch 1"])


def test_the_time_left_is_that_of_the_steps_so_far() -> None:
    clock, steps = Clock(), Steps(4)
    job = Job(steps, name="test", total=4, clock=clock)
    clock.now_s += 7
    assert job.seconds_left() is None, "no step is done"
    steps.let(1)
    clock.now_s += 1
    assert job.seconds_left() == 24.0
    assert job.seconds_left(more=2) == 40.0, "with what follows"
    steps.let(3)
    assert job.seconds_left() == 0.0


def test_no_time_is_named_before_something_can_be_said() -> None:
    clock, steps = Clock(), Steps(2)
    job = Job(steps, name="test", total=2, estimate_after_s=2.0, clock=clock)
    steps.let(1)
    clock.now_s += 1.9
    assert job.seconds_left() is None
    clock.now_s += 0.1
    assert job.seconds_left() == pytest.approx(2.0)
    steps.let(1)


# --- cancelling ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps_before", [0, 2, 3])
def test_cancelling_leaves_out_the_steps_that_follow(steps_before: int) -> None:
    steps = Steps(4)
    job = Job(steps, name="test", total=4)
    steps.let(steps_before)
    job.cancel()
    steps.let_ask()
    job.wait(20)
    assert not job.running and job.cancelled and not job.finished
    assert job.error is None
    assert job.take() == list(range(steps_before)), "what is done is kept"


def test_the_present_step_is_finished_and_kept() -> None:
    def work(job: Job[int]) -> None:
        for number in range(3):
            if not job.should_continue():
                return
            if number == 1:
                job.cancel()
            job.add(number)

    assert ended(work).take() == [0, 1]


def test_cancelling_when_all_is_done_changes_nothing() -> None:
    job = ended(in_a_row(2))
    job.cancel()
    assert job.finished and not job.cancelled

    def cancelled_in_its_last_step(job: Job[int]) -> None:
        in_a_row(2)(job)
        job.cancel()

    job = ended(cancelled_in_its_last_step)
    assert job.finished and not job.cancelled and job.take() == [0, 1]


# --- errors ----------------------------------------------------------------------------------------------


def test_an_error_with_a_sentence_stays_what_it_is(caplog: pytest.LogCaptureFixture) -> None:
    def work(job: Job[int]) -> None:
        job.add(1)
        raise VideoError("{name} is broken", name="a.mp4")

    job = ended(work)
    assert type(job.error) is VideoError and str(job.error) == "a.mp4 is broken"
    assert job.error.__traceback__ is job.error.__context__ is None
    assert job.take() == [1] and not job.finished and not job.cancelled
    assert not caplog.records


def test_an_error_that_nobody_expected_becomes_a_sentence_and_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def work(job: Job[int]) -> None:
        job.add(1)
        raise ArithmeticError("secret")

    job = ended(work)
    assert type(job.error) is RautError and "should not have" in str(job.error)
    assert "secret" not in str(job.error)
    assert job.error.__traceback__ is job.error.__context__ is job.error.__cause__ is None
    assert job.take() == [1]
    (record,) = caplog.records
    assert record.exc_info is not None and record.exc_info[0] is ArithmeticError


def test_another_sentence_can_stand_for_what_nobody_expected(caplog: pytest.LogCaptureFixture) -> None:
    instead = RautError("This photo ({name}) failed.", name="a.png")
    assert error_to_keep(KeyError("a"), instead) is instead
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_an_error_in_asking_for_the_session_is_an_error_of_the_job() -> None:
    def lives() -> bool:
        raise RuntimeError("no server")

    assert isinstance(ended(in_a_row(2), lives=lives).error, RautError)


# --- the reader's session --------------------------------------------------------------------------------


def test_it_ends_with_the_session() -> None:
    answers = iter([True, True, False, True])
    job = ended(in_a_row(9), lives=lambda: next(answers))
    assert job.cancelled and not job.finished
    assert job.take() == [0, 1]


def test_a_session_that_comes_back_in_time_costs_nothing() -> None:
    clock, there = Clock(), [True]

    def work(job: Job[int]) -> None:
        for number in range(6):
            there[0] = number in (0, 3)
            clock.now_s += 50  # away for 100 s, then back, then away for 100 s
            if not job.should_continue():
                return
            job.add(number)

    job = ended(work, lives=lambda: there[0], leniency_s=120.0, clock=clock)
    assert job.finished and job.take() == [0, 1, 2, 3, 4, 5]


def test_a_session_that_stays_away_ends_it_when_the_time_is_over() -> None:
    clock = Clock()

    def work(job: Job[int]) -> None:
        for number in range(6):
            if not job.should_continue():
                return
            job.add(number)
            clock.now_s += 50

    job = ended(work, lives=lambda: clock.now_s < 140, leniency_s=120.0, clock=clock)
    assert job.cancelled and job.take() == [0, 1, 2]


# --- results, threads, memory ----------------------------------------------------------------------------


def test_results_come_in_order_and_each_once() -> None:
    steps = Steps(5)
    job = Job(steps, name="test")
    assert job.take() == []
    steps.let(2)
    assert job.take() == [0, 1]
    assert job.take() == []
    steps.let(3)
    job.wait(20)
    assert job.take() == [2, 3, 4] and job.steps == 5


def test_no_result_is_lost_while_they_are_taken() -> None:
    job = Job(in_a_row(20_000), name="test")
    taken: list[int] = []
    while job.running:
        taken += job.take()
    assert taken + job.take() == list(range(20_000))


def test_waiting_ends_with_the_work_or_with_the_time() -> None:
    steps = Steps(1)
    job = Job(steps, name="test")
    job.wait(0.01)
    assert job.running
    steps.let(1)
    job.wait()
    assert job.finished


def test_no_thread_is_left_and_none_keeps_the_program_from_ending() -> None:
    before = threading.active_count()
    steps = Steps(1)
    job = Job(steps, name="a job of this test")
    (thread,) = [one for one in threading.enumerate() if one.name == "a job of this test"]
    assert thread.daemon
    steps.let(1)
    job.wait(20)
    assert threading.active_count() == before


def test_what_the_work_held_goes_with_its_end() -> None:
    picture = np.zeros(10)
    held = weakref.ref(picture)

    def work(job: Job[int], picture: np.ndarray = picture) -> None:
        raise VideoError("{n} pixels", n=picture.size)

    job = Job(work, name="test")
    del work, picture
    job.wait(20)
    gc.collect()
    assert job.error is not None and held() is None
