"""A made-up desk with made-up networks, as the column “training” reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from fer_core.errors import RautError
from fer_core.lab.network import Answers, Condition, End, LabFigures, LabNetwork
from fer_core.lab.settings import LabSettings
from fer_core.lab.task import FaceSet, Progress, TrainingTask

FER2013 = LabSettings("fer2013", ("happy", "sad", "surprise"), epochs=4)
OWN = LabSettings("own", ("smile", "frown"), method="head", epochs=4)


def answers(true: Sequence[int], given: Sequence[int], origins: Sequence[int], classes: int) -> Answers:
    """Each answer with a probability of 0.9."""
    probabilities = np.full((len(true), classes), 0.1 / (classes - 1), np.float32)
    probabilities[np.arange(len(true)), np.array(given, int)] = 0.9
    return Answers(np.array(true, np.int64), probabilities, np.array(origins, np.int64))


def network(
    number: int = 1,
    settings: LabSettings = FER2013,
    *,
    name: str = "",
    test: Answers | None = None,
    frames: Answers | None = None,
    conditions: tuple[Condition, ...] = (),
    end: End = "finished",
    epochs: int = 4,
) -> LabNetwork:
    """A network of 5 test pictures of which 3 are right, unless others are given."""
    count = len(settings.classes)
    rows = tuple(
        {"epoch": epoch, "loss": 1 / epoch, "accuracy": 0.5 + epoch / 20, "val_loss": 1.1 / epoch,
         "val_accuracy": 0.4 + epoch / 20, "learning_rate": 0.002, "seconds": 3.0}
        for epoch in range(1, epochs + 1)
    )  # fmt: skip
    if test is None:
        test = answers([0, 0, 1, 1, 0], [0, 1, 1, 0, 0], range(5), count)
    figures = LabFigures(rows, test, frames, conditions, (40,) * count, epochs, 12.0, "Gamelan", end)
    return LabNetwork(
        str(number), name or f"Training {number}", settings, b"", {}, figures, datetime(2026, 11, 28, tzinfo=UTC)
    )  # fmt: skip


def own_network(number: int = 1, **settings: Any) -> LabNetwork:
    """By frame 9 of 10 are right, by burst 6 of 10, of two bursts."""
    true = [0] * 5 + [1] * 5
    return network(
        number,
        OWN,
        test=answers(true, [0] * 5 + [0] * 4 + [1], [7] * 5 + [8] * 5, 2),
        frames=answers(true, [0] * 5 + [1] * 4 + [0], [3] * 5 + [4] * 5, 2),
        **settings,
    )


def task(settings: LabSettings = FER2013, faces: int = 15) -> TrainingTask:
    """Grey faces; the test is as large as what is learnt, and 3 of it are shown."""
    labels = np.arange(faces, dtype=np.int64) % len(settings.classes)
    part = FaceSet(np.full((faces, 48, 48), 90, np.uint8), labels, np.arange(faces, dtype=np.int64))
    return TrainingTask(settings, part, part, None, (0, 1, 2))


@dataclass
class MadeUpTraining:
    """As `fer_core.lab.training.LabTraining` looks to a page."""

    settings: LabSettings = FER2013
    phase: str = "learning"
    position: int = 0
    running: bool = True
    stopping: bool = False
    progress: list[Progress] = field(default_factory=list)
    rows: list[dict[str, float]] = field(default_factory=list)
    task: TrainingTask | None = None
    shown_probabilities: tuple[np.ndarray, ...] = ()
    learnt: tuple[int, ...] = ()
    seconds_left: float | None = None
    error: RautError | None = None
    network: LabNetwork | None = None
    stops: int = 0

    def stop(self) -> None:
        self.stops += 1


@dataclass
class MadeUpDesk:
    """As `fer_core.lab.desk.Desk` looks to a page."""

    networks: list[LabNetwork] = field(default_factory=list)
    training: MadeUpTraining | None = None
    in_use: str | None = None
    started: list[tuple[LabSettings, str]] = field(default_factory=list)
    refuses: RautError | None = None

    def network(self, network_id: str) -> LabNetwork | None:
        return next((one for one in self.networks if one.id == network_id), None)

    def use(self, network_id: str) -> None:
        self.in_use = network_id

    def add(self, changed: LabNetwork) -> None:
        self.networks = [changed if one.id == changed.id else one for one in self.networks]

    def remove(self, network_id: str) -> None:
        self.networks = [one for one in self.networks if one.id != network_id]

    def start(self, _make_task: object, settings: LabSettings, name: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.started.append((settings, name))
