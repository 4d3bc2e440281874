"""What the process of the lab does: it takes tasks from the server, one after the other, and answers with messages."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

from fer_core.errors import RautError
from fer_core.lab.head import learn_head
from fer_core.lab.network import End
from fer_core.lab.scratch import build, learn_from_scratch, load_tensorflow
from fer_core.lab.task import (
    BuildTask,
    Loaded,
    Prepare,
    Refused,
    Stop,
    ToWorker,
    Trained,
    TrainingTask,
)
from fer_core.machine import resident_mb

LEFT_OUT: Final = ("jax", "pandas", "sklearn")
"""Packages that TensorFlow and Keras import where they are there, and do without here: a third of the time that they
take to load, 4.3 of 13.2 s on a busy computer."""


@dataclass(frozen=True)
class WorkerLimits:
    """What a training may take; at a bound it ends, and what it has learnt is kept.

    Attributes:
        seconds: of learning.
        memory_mb: that the process has resident, asked after each step. Unknown where there is no `/proc`.
        threads: of the processor, for measuring and for the features of a head; those of TensorFlow are set by
            `TF_NUM_INTRAOP_THREADS` and `TF_NUM_INTEROP_THREADS` before it is loaded.
        head_epoch_s: an epoch of a head takes at least so long, so that people can watch it.
    """

    seconds: float = 1200.0
    memory_mb: float = 2800.0
    threads: int = 2
    head_epoch_s: float = 0.1


def run_worker(connection: Connection, limits: WorkerLimits | None = None) -> None:
    """Do what comes over the connection until the other side closes it.

    `Prepare` is answered with `Loaded`; a `TrainingTask` with `Loaded`, `Progress`, `EpochDone` and at last `Trained` or
    `Refused`; a `BuildTask` with `Built` or `Refused`. `Stop` ends the training that is going on.

    Any other error ends the process, and whoever started it keeps the last epoch that it told of.

    Args:
        connection: takes `ToWorker` and gives `FromWorker`.
        limits: of each training.

    Raises:
        EOFError: the other side was closed, which ends this process.
        ConnectionError: likewise, while something was being sent.
    """
    for package in LEFT_OUT:
        sys.modules.setdefault(package, None)  # type: ignore[arg-type]  # its import now fails
    worker = _Worker(connection, limits or WorkerLimits())
    while True:
        worker.do(connection.recv())


class _Worker:
    def __init__(self, connection: Connection, limits: WorkerLimits) -> None:
        self._connection = connection
        self._limits = limits

    def do(self, task: ToWorker) -> None:
        try:
            if isinstance(task, Prepare):
                load_tensorflow()
                self._connection.send(Loaded())
            elif isinstance(task, TrainingTask):
                self._connection.send(self._learn(task))
            elif isinstance(task, BuildTask):
                self._connection.send(build(task, threads=self._limits.threads))
        except RautError as error:
            self._connection.send(Refused(error.without_traceback()))

    def _learn(self, task: TrainingTask) -> Trained:
        send, ends = self._connection.send, ending(self._connection, self._limits)
        threads = self._limits.threads
        if task.settings.method == "head":
            return learn_head(task, send, ends, threads=threads, epoch_s=self._limits.head_epoch_s)
        return learn_from_scratch(task, send, ends, threads=threads)


def ending(connection: Connection, limits: WorkerLimits) -> Callable[[], End | None]:
    """A function that says whether the training that begins now ends, and how.

    It takes what comes over the connection meanwhile.

    Raises:
        EOFError: when it is called: the other side was closed.
    """
    began_s = time.monotonic()

    def end() -> End | None:
        while connection.poll():
            if isinstance(connection.recv(), Stop):
                return "stopped"
        if time.monotonic() - began_s > limits.seconds:
            return "time"
        return "memory" if (resident_mb() or 0.0) > limits.memory_mb else None

    return end
