"""A desk of the lab, and trainings that are watched: queue, stop, death of the process, and what is kept of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import psutil
import pytest

from fer_core.lab.desk import LENIENCY_S, MOST_NETWORKS, Desk, DeskError, Desks
from fer_core.lab.queue import Queue, QueueFullError
from fer_core.lab.supervision import Bounds
from fer_core.lab.task import LabTaskError, Prepare, TrainingTask
from fer_core.lab.training import LabTraining
from fer_core.lab.worker import WorkerEndedError
from fer_core.lab.workers import Workers
from tests.clock import Clock
from tests.fer_core.lab import fake_work
from tests.fer_core.lab.fake_work import task_that

SOON_S = 60.0
"""A process of this kind starts within a second; the computer may be busy."""


def until(holds: Callable[[], bool]) -> None:
    end_s = time.monotonic() + SOON_S
    while not holds():
        assert time.monotonic() < end_s, "did not come about"
        time.sleep(0.02)


class Lab:
    """Desks with processes that learn nothing."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.clock = Clock()
        self.workers = Workers(fake_work.work)
        self.desks = Desks(self.workers, Queue(), bounds, clock=self.clock)

    def desk(self) -> Desk:
        desk = self.desks.find(self.desks.open())
        assert desk is not None
        return desk

    def process(self) -> psutil.Process:
        """Of the training that runs."""
        until(lambda: self.workers.taken is not None and self.workers.taken.process_id is not None)
        assert self.workers.taken is not None
        return psutil.Process(self.workers.taken.process_id)


def start(desk: Desk, seed: int) -> LabTraining:
    return desk.start(lambda: task_that(seed), task_that(seed).settings, "Ours")


def over(training: LabTraining) -> LabTraining:
    assert training.wait(SOON_S)
    return training


@pytest.fixture
def lab() -> Iterator[Lab]:
    made = Lab()
    yield made
    made.workers.dismiss()


# --- trainings --------------------------------------------------------------------------------------------


def test_a_training_gives_a_network_that_is_used_at_once(lab: Lab) -> None:
    desk = lab.desk()
    training = over(start(desk, fake_work.FINISHES))
    assert (training.phase, training.end, training.error) == ("ended", "finished", None)
    assert [row["epoch"] for row in training.rows] == [1, 2]
    assert [point.epoch for point in training.progress] == [1, 2]
    assert training.learnt == (0, 1) and len(training.shown_probabilities) == 2
    (network,) = desk.networks
    assert network is training.network and network is desk.network_in_use
    assert (network.name, network.content, network.figures.end) == ("Ours", b"whole", "finished")
    assert network.figures.learnt == (3, 3) and network.figures.test.n == 4 and network.figures.frames is None
    assert lab.workers.taken is not None and not lab.workers.taken.alive


def test_stop_keeps_what_there_is(lab: Lab) -> None:
    training = start(lab.desk(), fake_work.WAITS_FOR_STOP)
    until(lambda: len(training.rows) == 2)
    assert training.running
    training.stop()
    assert over(training).network is not None
    assert (training.end, training.error) == ("stopped", None)


def test_a_process_that_does_not_stop_is_ended_and_its_last_epoch_kept() -> None:
    lab = Lab(Bounds(stopping_s=0.2))
    training = start(lab.desk(), fake_work.IGNORES_STOP)
    until(lambda: len(training.rows) == 2)
    training.stop()
    network = over(training).network
    assert network is not None and network.content == b"built anew"
    assert (training.end, training.error, network.figures.end) == ("stopped", None, "stopped")


def test_a_training_that_takes_too_long_is_stopped_and_kept() -> None:
    lab = Lab(Bounds(learning_s=0.2))
    training = over(start(lab.desk(), fake_work.WAITS_FOR_STOP))
    assert training.network is not None and training.network.figures.end == training.end == "time"


def test_a_process_that_is_killed_leaves_its_last_epoch_and_a_sentence(lab: Lab) -> None:
    desk = lab.desk()
    training = start(desk, fake_work.WAITS_FOR_STOP)
    until(lambda: len(training.rows) == 2)
    lab.process().kill()
    network = over(training).network
    assert network is not None and network is desk.network_in_use
    assert (
        network.content == b"built anew"
        and network.weights.keys() == fake_work.weights_of(network.settings).keys()
    )
    assert (network.figures.kept_epoch, network.figures.end, network.figures.seconds) == (2, "died", 4.0)
    assert str(training.error) == (
        "The training’s process ended by itself. The network is kept as it was after epoch 2."
    )


def test_a_process_that_runs_out_of_memory_leaves_its_last_epoch_and_says_so(lab: Lab) -> None:
    training = over(start(lab.desk(), fake_work.RUNS_OUT_OF_MEMORY))
    assert training.network is not None and training.network.figures.end == training.end == "memory"
    assert str(training.error).startswith("The memory ran out, and the training ended. The network is kept")


def test_a_process_that_dies_before_the_first_epoch_leaves_a_sentence(lab: Lab) -> None:
    training = over(start(lab.desk(), fake_work.DIES_AT_ONCE))
    assert (training.network, training.end) == (None, "died")
    assert "before the first epoch was complete" in str(training.error)


def test_what_the_process_refuses_and_faces_that_are_not_there_are_sentences(lab: Lab) -> None:
    desk = lab.desk()
    assert str(over(start(desk, fake_work.REFUSES)).error) == "Not these faces."

    def no_faces() -> TrainingTask:
        raise LabTaskError("There are none.")

    training = over(desk.start(no_faces, task_that(fake_work.FINISHES).settings, "Ours"))
    assert (training.network, str(training.error)) == (None, "There are none.")
    assert over(start(desk, fake_work.FINISHES)).network is not None  # the queue has gone on


def test_a_process_that_never_begins_is_ended() -> None:
    lab = Lab(Bounds(loading_s=0.2))
    training = over(start(lab.desk(), fake_work.NEVER_BEGINS))
    assert (training.network, training.end) == (None, "time") and "too long to begin" in str(training.error)
    assert lab.workers.taken is not None and not lab.workers.taken.alive


def test_stop_before_anything_was_learnt_ends_at_once(lab: Lab) -> None:
    training = start(lab.desk(), fake_work.NEVER_BEGINS)
    until(lambda: training.task is not None)
    training.stop()
    assert (over(training).network, training.end, training.error) == (None, "stopped", None)


# --- the queue --------------------------------------------------------------------------------------------


def test_two_visitors_train_one_after_the_other_and_see_their_place(lab: Lab) -> None:
    first = start(lab.desk(), fake_work.WAITS_FOR_STOP)
    until(lambda: len(first.rows) == 2)
    second, third = start(lab.desk(), fake_work.FINISHES), start(lab.desk(), fake_work.FINISHES)
    assert [each.position for each in (first, second, third)] == [0, 1, 2]
    assert second.phase == third.phase == "waiting" and second.running
    second.stop()
    assert over(second).end == "stopped" and second.network is None
    until(lambda: third.position == 1)
    first.stop()
    assert over(third).network is not None and over(first).network is not None


def test_a_desk_trains_one_network_at_a_time(lab: Lab) -> None:
    desk = lab.desk()
    training = start(desk, fake_work.WAITS_FOR_STOP)
    with pytest.raises(DeskError, match="not over yet"):
        start(desk, fake_work.FINISHES)
    assert desk.training is training
    training.stop()
    over(training)


def test_a_full_queue_says_so() -> None:
    queue = Queue(2)
    turns = [queue.enter(), queue.enter()]
    with pytest.raises(QueueFullError):
        queue.enter()
    turns[0].leave()
    turns[0].leave()
    assert turns[1].position == 0 and queue.enter().position == 1


# --- desks ------------------------------------------------------------------------------------------------


def test_a_reload_finds_its_desk_and_another_token_does_not(lab: Lab) -> None:
    token, other = lab.desks.open(), lab.desks.open()
    desk = lab.desks.find(token)
    assert desk is not None and desk is not lab.desks.find(other)
    assert lab.desks.find("") is None and lab.desks.find(token[:-1]) is None
    assert len(token) >= 43 and token != other


def test_a_desk_is_erased_when_its_sessions_are_gone_for_90_seconds(lab: Lab) -> None:
    token, there = lab.desks.open(), {"first": True, "second": False}
    desk = lab.desks.find(token)
    assert desk is not None
    desk.faces.add_class("smile")
    desk.faces.add_photo("smile", np.zeros((48, 48), np.uint8))
    lab.desks.attend(token, "first", lambda: there["first"])
    lab.clock.now_s += 10 * LENIENCY_S
    lab.desks.look()
    assert lab.desks.find(token) is desk and not lab.desks.somebody_is_away()
    there["first"] = False
    assert lab.desks.somebody_is_away()
    lab.clock.now_s += LENIENCY_S - 1
    lab.desks.look()
    lab.desks.attend(token, "second", lambda: there["second"])  # it has loaded the page again
    there["second"] = True
    lab.clock.now_s += LENIENCY_S - 1
    lab.desks.look()
    assert lab.desks.find(token) is desk and desk.faces.classes == ("smile",)
    there["second"] = False
    lab.clock.now_s += LENIENCY_S
    assert lab.desks.look() == 0
    assert lab.desks.find(token) is None and desk.faces.classes == () and desk.faces.bursts == ()


def test_a_training_ends_with_its_desk_and_survives_a_reload(lab: Lab) -> None:
    token, there = lab.desks.open(), {"page": True}
    desk = lab.desks.find(token)
    assert desk is not None
    lab.desks.attend(token, "page", lambda: there["page"])
    training = start(desk, fake_work.WAITS_FOR_STOP)
    until(lambda: len(training.rows) == 2)
    process = lab.process()
    there["page"] = False
    lab.clock.now_s += LENIENCY_S - 1
    lab.desks.look()
    assert process.is_running() and training.running
    lab.clock.now_s += 1
    lab.desks.look()
    assert over(training).network is None and training.task is None
    until(lambda: not process.is_running())


def test_erased_faces_end_the_training_on_them_but_not_one_on_fer2013(lab: Lab) -> None:
    desk = lab.desk()
    own = task_that(fake_work.WAITS_FOR_STOP, way="own")
    training = desk.start(lambda: own, own.settings, "Ours")
    until(lambda: len(training.rows) == 2)
    process = lab.process()
    desk.erase_faces()
    assert over(training).network is None and training.task is None
    until(lambda: not process.is_running())
    training = start(desk, fake_work.WAITS_FOR_STOP)
    until(lambda: len(training.rows) == 2)
    desk.erase_faces()
    training.stop()
    assert over(training).network is not None


def test_a_desk_keeps_so_many_networks_and_the_one_in_use(lab: Lab) -> None:
    desk = lab.desk()
    for _ in range(2):
        over(start(desk, fake_work.FINISHES))
    first, second = desk.networks
    assert desk.in_use == second.id
    desk.use(first.id)
    desk.use("no such")
    assert desk.network_in_use is first
    for number in range(MOST_NETWORKS):
        desk.add(replace(first, id=f"more {number}"))
        if number == 0:
            desk.use(first.id)
    assert len(desk.networks) == MOST_NETWORKS and desk.networks[-1].id == f"more {MOST_NETWORKS - 1}"
    desk.remove(desk.networks[-1].id)
    assert desk.in_use == f"more {MOST_NETWORKS - 2}"


# --- the process ------------------------------------------------------------------------------------------


def test_a_process_that_waits_is_taken_and_ends_when_nobody_asks_for_it() -> None:
    workers = Workers(fake_work.work, idle_s=0.3)
    workers.prepare()
    spare = workers.spare
    assert spare is not None
    workers.prepare()
    assert workers.spare is spare
    assert workers.take() is spare and spare.alive
    workers.prepare()
    assert workers.spare is None  # not beside one that trains
    spare.end()
    workers.prepare()
    waiting = workers.spare
    assert waiting is not None
    until(lambda: not waiting.alive)
    assert workers.spare is None
    with pytest.raises(WorkerEndedError):
        waiting.send(Prepare())


def test_the_process_gives_way_to_everything_else(lab: Lab) -> None:
    training = start(lab.desk(), fake_work.WAITS_FOR_STOP)
    until(lambda: len(training.rows) == 2)
    assert lab.process().nice() >= 10
    training.stop()
    over(training)
