"""What happens to a training beside the page: it waits for its turn, is given to a process, and is watched to its end.

Whatever becomes of the process, the training ends, a sentence says how, and the last complete epoch is kept.
"""

from __future__ import annotations

import dataclasses
import math
import os
import platform
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from fer_core.errors import N_, TrainingError
from fer_core.jobs import Job, error_to_keep
from fer_core.lab.head import HeadBase, head_base
from fer_core.lab.litert import measured_answers
from fer_core.lab.network import End, LabNetwork
from fer_core.lab.queue import Turn
from fer_core.lab.task import (
    BuildTask,
    Built,
    Loaded,
    Prepare,
    Progress,
    Refused,
    Stop,
    Trained,
    TrainingTask,
)
from fer_core.lab.training import LabTraining, MakeTask
from fer_core.lab.worker import Worker, WorkerEndedError
from fer_core.lab.workers import BUILDING_S, LISTEN_S, Workers
from fer_core.machine import processor_name


class LabProcessError(TrainingError):
    """The process of a training ended by itself; the sentence says why and what is kept."""


class _AbandonedError(Exception):
    """Nobody waits for the training any more."""


@dataclass(frozen=True)
class _Lost:
    """The process is gone without a network, or was ended because it did not answer."""

    why: End


@dataclass(frozen=True)
class Bounds:
    """Seconds that a training may take.

    Attributes:
        loading_s: then a process that has not begun to learn is ended.
        learning_s: then it is stopped, and what it has learnt is measured.
        stopping_s: a process that was told to stop has so long to measure and write the network; then it is ended.
        building_s: a process that writes the network of one that died has so long.
    """

    loading_s: float = 600.0
    learning_s: float = 1200.0
    stopping_s: float = 90.0
    building_s: float = BUILDING_S


@dataclass(frozen=True)
class Supervision:
    """Sees one training through.

    Attributes:
        training: what is shown of it.
        turn: its place in the queue, which it leaves when its process is gone.
        workers: give the process.
        keep: takes the network.
        bounds: of time.
    """

    training: LabTraining
    turn: Turn
    workers: Workers
    keep: Callable[[LabNetwork], None]
    bounds: Bounds = Bounds()

    def start(self, make_task: MakeTask) -> None:
        """Begin, in a thread of its own.

        Args:
            make_task: gathers the faces when it is the training's turn.
        """

        def work(job: Job[None]) -> None:
            try:
                self._see_through(job, make_task)
            except _AbandonedError:
                self.training.finish("stopped")
            except Exception as error:  # noqa: BLE001 - the page waits for the end, whatever it is
                unexpected = LabProcessError(
                    N_(
                        "The training ended in a way that it should not have. Start it again; the server’s log has "
                        "the details."
                    )
                )
                self.training.finish(None, error_to_keep(error, unexpected))
            finally:
                self.turn.leave()

        Job(work, name="lab training", lives=lambda: not self.training.abandoned)

    def _see_through(self, job: Job[None], make_task: MakeTask) -> None:
        training = self.training
        while self.turn.position:
            if training.stopping or not job.should_continue():
                training.finish("stopped")
                return
            time.sleep(LISTEN_S)
        training.load()
        worker = self.workers.take()
        try:
            if training.settings.method == "scratch":
                with suppress(WorkerEndedError):  # `_learn` finds that out
                    worker.send(Prepare())  # it loads while the faces are gathered
            task = make_task()
            training.begin(task)
            said = self._learn(job, worker, task)
        finally:
            worker.end()
        if isinstance(said, Refused):
            training.finish("stopped" if training.stopping else None, said.error)
        elif isinstance(said, Trained):
            self._finish(said, task, _last_epoch_kept(said.end, said.kept_epoch))
        else:
            self._finish_lost(job, said, task)

    def _learn(self, job: Job[None], worker: Worker, task: TrainingTask) -> Trained | Refused | _Lost:
        training = self.training
        asked: End | None = None
        begun_s, end_s = time.monotonic(), math.inf
        # For the answer to `Prepare`: until then nobody takes the task, and this thread would wait without looking.
        waits = task.settings.method == "scratch"
        try:
            if not waits:
                worker.send(task)
            while time.monotonic() < end_s:
                if not job.should_continue():
                    raise _AbandonedError
                if asked is None:
                    loads = training.phase == "loading"
                    late_s = begun_s + (self.bounds.loading_s if loads else self.bounds.learning_s)
                    asked = "stopped" if training.stopping else "time" if time.monotonic() > late_s else None
                    if asked is not None and loads:
                        break  # there is nothing to keep
                    if asked is not None:
                        training.measure()
                        worker.send(Stop())
                        end_s = time.monotonic() + self.bounds.stopping_s
                message = worker.receive(LISTEN_S)
                if isinstance(message, Trained):
                    return dataclasses.replace(message, end=asked or message.end)
                if isinstance(message, Refused):
                    return message
                if waits and isinstance(message, Loaded):
                    waits = False
                    worker.send(task)
                if message is not None:
                    if isinstance(message, Progress) and training.phase == "loading":
                        begun_s = time.monotonic()
                    training.hear(message)
        except WorkerEndedError as ended:
            return _Lost(asked or ended.why)
        return _Lost(asked or "died")

    def _finish(self, trained: Trained, task: TrainingTask, error: LabProcessError | None) -> None:
        self.keep(self.training.keep(trained, task, datetime.now().astimezone()))
        self.training.finish(trained.end, error)

    def _finish_lost(self, job: Job[None], lost: _Lost, task: TrainingTask) -> None:
        """The process is gone without a network: make one of the last epoch that it told of."""
        training = self.training
        rows, weights = training.rows, training.weights
        if weights is None:
            training.finish(lost.why, _nothing_kept(lost.why))
            return
        training.measure()
        base = head_base() if task.settings.method == "head" else None
        built = self._build(job, task, weights) if base is None else _built_head(base, task, weights)
        if built is None or built.test_probabilities is None:
            training.finish(lost.why, _only_curves_kept())
            return
        trained = Trained(
            content=built.content,
            weights=weights,
            test_probabilities=built.test_probabilities,
            frames_probabilities=built.frames_probabilities,
            history=tuple(rows),
            kept_epoch=len(rows),
            seconds=sum(row["seconds"] for row in rows),
            machine=f"{processor_name()}, {os.cpu_count()} cores, {platform.system()}",
            end=lost.why,
            base=None if base is None else (base.id, base.checksum),
        )
        self._finish(trained, task, _last_epoch_kept(lost.why, len(rows)))

    def _build(self, job: Job[None], task: TrainingTask, weights: Mapping[str, np.ndarray]) -> Built | None:
        """The network of these weights, measured by a process of its own; None where that ends as well."""
        task_to_build = BuildTask(task.settings, weights, task.test, task.frames)
        said = self.workers.build(task_to_build, job.should_continue, self.bounds.building_s)
        if said is None and not job.should_continue():
            raise _AbandonedError
        return said if isinstance(said, Built) else None


def _built_head(base: HeadBase, task: TrainingTask, weights: Mapping[str, np.ndarray]) -> Built:
    """As `_build`, of a head, which takes a moment and no TensorFlow."""
    content = base.litert(weights)
    frames = None if task.frames is None else measured_answers(content, task.frames)
    return Built(content, measured_answers(content, task.test), frames)


def _nothing_kept(why: End) -> LabProcessError | None:
    if why == "memory":
        return LabProcessError(
            N_(
                "The memory ran out before the first epoch was complete. Take fewer pictures or a smaller network, and "
                "start again."
            )
        )
    if why == "died":
        return LabProcessError(
            N_("The training’s process ended by itself before the first epoch was complete. Start again.")
        )
    if why == "time":
        return LabProcessError(
            N_(
                "The training took too long to begin, and was ended: this computer is busy with other things. Close "
                "other programs, and start again."
            )
        )
    return None


def _last_epoch_kept(why: End, epoch: int) -> LabProcessError | None:
    if why == "memory":
        return LabProcessError(
            N_(
                "The memory ran out, and the training ended. The network is kept as it was after epoch {epoch}. Take "
                "fewer pictures or a smaller network to train longer."
            ),
            epoch=epoch,
        )
    if why == "died":
        return LabProcessError(
            N_("The training’s process ended by itself. The network is kept as it was after epoch {epoch}."),
            epoch=epoch,
        )
    return None


def _only_curves_kept() -> LabProcessError:
    return LabProcessError(
        N_(
            "The training’s process ended by itself, and its network could not be written. The curves are kept."
        )
    )
