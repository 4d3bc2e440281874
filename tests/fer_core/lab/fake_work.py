"""What a process of the lab does in tests: what the seed of the settings says, without learning anything."""

from __future__ import annotations

import os
import signal
import time
from multiprocessing.connection import Connection

import numpy as np

from fer_core.lab.cost import weight_shapes
from fer_core.lab.network import End
from fer_core.lab.settings import LabSettings, Way
from fer_core.lab.task import (
    BuildTask,
    Built,
    EpochDone,
    FaceSet,
    LabTaskError,
    Loaded,
    Prepare,
    Progress,
    Refused,
    Stop,
    Trained,
    TrainingTask,
)
from fer_core.lab.worker import OUT_OF_MEMORY

FINISHES, WAITS_FOR_STOP, IGNORES_STOP, RUNS_OUT_OF_MEMORY, DIES_AT_ONCE, REFUSES, NEVER_BEGINS = range(7)
"""Seeds. All but the last four tell of two epochs first."""
EPOCHS = 2
CLASSES = ("happy", "sad")


def settings_that(seed: int, way: Way = "fer2013") -> LabSettings:
    return LabSettings(way, CLASSES, epochs=EPOCHS, seed=seed)


def faces(count: int) -> FaceSet:
    return FaceSet(
        np.zeros((count, 48, 48), np.uint8), np.arange(count) % len(CLASSES), np.arange(count, dtype=np.int64)
    )


def task_that(seed: int, way: Way = "fer2013") -> TrainingTask:
    return TrainingTask(settings_that(seed, way), faces(6), faces(4), shown=(0, 1))


def weights_of(settings: LabSettings) -> dict[str, np.ndarray]:
    shapes = weight_shapes(settings.architecture, len(settings.classes))
    return {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}


def row(epoch: int) -> dict[str, float]:
    return {"epoch": epoch, "loss": 1.0, "accuracy": 0.5, "val_loss": 1.0, "val_accuracy": 0.5,
            "learning_rate": 0.1, "seconds": 2.0}  # fmt: skip


def half(count: int) -> np.ndarray:
    return np.full((count, len(CLASSES)), 0.5, np.float32)


def trained(task: TrainingTask, end: End) -> Trained:
    rows = tuple(row(epoch + 1) for epoch in range(EPOCHS))
    weights = weights_of(task.settings)
    return Trained(b"whole", weights, half(len(task.test)), None, rows, EPOCHS, 4.0, "this one", end)


def work(connection: Connection) -> None:
    while True:
        message = connection.recv()
        if isinstance(message, Prepare):
            connection.send(Loaded())
        elif isinstance(message, BuildTask):
            count = len(message.test) if message.test is not None else 0
            connection.send(Built(b"built anew", half(count), None))
        elif isinstance(message, TrainingTask):
            _train(connection, message)


def _train(connection: Connection, task: TrainingTask) -> None:
    seed = task.settings.seed
    if seed == DIES_AT_ONCE:
        os.kill(os.getpid(), signal.SIGKILL)
    if seed == REFUSES:
        connection.send(Refused(LabTaskError("Not these faces.")))
        return
    if seed == NEVER_BEGINS:
        time.sleep(60)
    for epoch in range(EPOCHS):
        connection.send(Progress(epoch + 1, EPOCHS, 5, 5, 1.0, 0.5, (0, 1), 2.0 * (epoch + 1)))
        connection.send(EpochDone(row(epoch + 1), half(2), weights_of(task.settings)))
    if seed == RUNS_OUT_OF_MEMORY:
        os._exit(OUT_OF_MEMORY)
    while seed == IGNORES_STOP:
        time.sleep(60)
    if seed == WAITS_FOR_STOP:
        while not isinstance(connection.recv(), Stop):
            pass
    connection.send(trained(task, "stopped" if seed == WAITS_FOR_STOP else "finished"))
