"""A network that a class trained, with what was measured of it. It lives in memory, and nowhere else until it is saved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

import numpy as np

from fer_core import __version__
from fer_core.lab.settings import LabSettings
from fer_core.labels import in_shown_order

End = Literal["finished", "stopped", "time", "memory", "died"]
"""How a training ended: all epochs, by the class, at a bound, or with its process."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What a network says to faces that it is measured with.

    Attributes:
        true: int64 (N,), positions in the classes.
        probabilities: float32 (N, C), rows sum to 1.
        origins: int64 (N,), what each face comes from: the burst or photo, or the row of `fer2013.csv`.

    Raises:
        ValueError: the shapes do not fit.
    """

    true: np.ndarray
    probabilities: np.ndarray
    origins: np.ndarray

    def __post_init__(self) -> None:
        if self.probabilities.ndim != 2 or not (
            len(self.true) == len(self.probabilities) == len(self.origins)
        ):
            raise ValueError(
                f"Expected N, (N, C) and N. Received: {self.true.shape}, {self.probabilities.shape}, "
                f"{self.origins.shape}"
            )

    @property
    def n(self) -> int:
        """Number of faces."""
        return len(self.true)

    @property
    def right(self) -> np.ndarray:
        """bool (N,): whether the most probable class is the true one."""
        return np.asarray(self.probabilities.argmax(axis=1) == self.true)

    @property
    def accuracy(self) -> float | None:
        """Share of right answers, 0 to 1; None without faces."""
        return float(self.right.mean()) if self.n else None

    @property
    def confusion(self) -> np.ndarray:
        """int64 (C, C): true classes by row, answers by column."""
        count = self.probabilities.shape[1]
        matrix = np.zeros((count, count), np.int64)
        np.add.at(matrix, (self.true, self.probabilities.argmax(axis=1)), 1)
        return matrix


@dataclass(frozen=True, eq=False)
class Condition:
    """Faces that were recorded to break a network, such as another person or with the lamp off.

    Attributes:
        name: what was changed, in the words of the class.
        answers: of the network to them.
    """

    name: str
    answers: Answers


@dataclass(frozen=True, eq=False)
class LabFigures:
    """What was measured of a network of the lab.

    Attributes:
        history: a row for each epoch: `epoch, loss, accuracy, val_loss, val_accuracy, learning_rate, seconds`.
        test: pictures of PublicTest, or faces of bursts and photos that were not learnt from.
        frames: faces of the same bursts that were learnt from, but not themselves learnt: the flattering figure. None
            for FER2013, and where no burst has frames enough.
        conditions: what was recorded later to break it.
        learnt: faces that it learnt from, for each class.
        kept_epoch: whose weights these are, from 1.
        seconds: that the training took.
        machine: on which, in words.
        end: how it ended.
    """

    history: tuple[Mapping[str, float], ...]
    test: Answers
    frames: Answers | None
    conditions: tuple[Condition, ...]
    learnt: tuple[int, ...]
    kept_epoch: int
    seconds: float
    machine: str
    end: End


@dataclass(frozen=True, eq=False)
class LabNetwork:
    """A network of the lab: it reads faces like one that ships.

    Attributes:
        id: of this network among those of the same visitor.
        name: as the class calls it.
        settings: it was trained with; `settings.classes` are its labels.
        content: LiteRT file, float32 (N, 48, 48, 1) grey 0-255 -> float32 (N, C), that this computer has made.
        weights: name of each array to float32 values, which with the settings make the network anew.
        figures: what was measured of it.
        made: when, with its zone.
        base: id and SHA-256 of the network whose features a head reads; None for one from scratch.
        from_file: it was loaded, so that its figures are those of the file, and not measured here.
        raut_version: that trained it.
    """

    id: str
    name: str
    settings: LabSettings
    content: bytes
    weights: Mapping[str, np.ndarray]
    figures: LabFigures
    made: datetime
    base: tuple[str, str] | None = field(default=None)
    from_file: bool = field(default=False, kw_only=True)
    raut_version: str = field(default=__version__, kw_only=True)

    @property
    def labels(self) -> tuple[str, ...]:
        """Class codes or names, in output order."""
        return self.settings.classes

    @property
    def expressions(self) -> tuple[str, ...]:
        """The same in the order in which people read them."""
        return in_shown_order(self.labels)

    @property
    def task(self) -> str:
        """What tells it from networks that ship."""
        return "lab"

    @property
    def parameters(self) -> int:
        """All that were learnt; those of the base of a head are not among them."""
        return sum(int(values.size) for values in self.weights.values())

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of classes, base and weights, in hexadecimal: the same for a network that was saved and loaded."""
        digest = hashlib.sha256(repr((self.labels, self.base)).encode())
        for name in sorted(self.weights):
            values = np.ascontiguousarray(self.weights[name], "<f4")
            digest.update(repr((name, values.shape)).encode())
            digest.update(values.tobytes())
        return digest.hexdigest()
