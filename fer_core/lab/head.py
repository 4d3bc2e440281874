"""A head: softmax regression on the features of a network that ships, learnt in NumPy within seconds.

The network below it stays as it is. It has learnt from thousands of faces what is worth looking at in one, so that some
dozens of faces of a class are enough for a classification of its features. Of a network that averages a face with its
mirror image, as the default one does, a face and its mirror image have the same features: no head on it can tell left
from right.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.errors import N_
from fer_core.explanation.features import LARGEST_BATCH, FeatureReader
from fer_core.lab.head_litert import head_litert
from fer_core.lab.network import End
from fer_core.lab.settings import LabSettings
from fer_core.lab.task import (
    MOST_LEARNT_SHOWN,
    EpochDone,
    FaceSet,
    LabTaskError,
    Loaded,
    Progress,
    Trained,
    TrainingTask,
    no_faces,
)
from fer_core.machine import processor_name
from fer_core.store.folder import find_network, read_litert, sha256
from fer_core.training.history import COLUMNS

EPOCHS: Final = 30
BATCH_SIZE: Final = 32
LEARNING_RATE: Final = 0.001
"""What a head begins with; chosen in docs/experiments/lab-own-faces.md, like `L2`."""
L2: Final = 0.3
"""Weight of half the sum of the squared weights, of features with mean 0 and spread 1."""
PROGRESS_EVERY_S: Final = 0.25
KERNEL, BIAS = "kernel", "bias"
"""Names of the weights: float32 (D, C) and (C,)."""


@dataclass(frozen=True, eq=False)
class HeadBase:
    """The network whose features a head reads.

    Attributes:
        id: of the network.
        checksum: SHA-256 of its LiteRT file.
        content: the LiteRT file.
    """

    id: str
    checksum: str
    content: bytes

    def litert(self, weights: Mapping[str, np.ndarray]) -> bytes:
        """The LiteRT file of a head with these weights on this network.

        Raises:
            ValueError: weights of another network.
        """
        return head_litert(self.content, weights[KERNEL], weights[BIAS])


def head_base(name: str | None = None) -> HeadBase:
    """The network of that id, or the default one.

    Raises:
        NetworkError: there is none, or its files are missing or damaged.
    """
    network = find_network(name)
    content = read_litert(network)
    return HeadBase(network.id, sha256(content), content)


def learn_head(
    task: TrainingTask,
    send: Callable[[Loaded | Progress | EpochDone], None],
    ends: Callable[[], End | None] = lambda: None,
    *,
    threads: int = 1,
    epoch_s: float = 0.0,
) -> Trained:
    """Learn a head on the default network and measure it.

    Args:
        task: of the method `head`.
        send: takes what is told meanwhile.
        ends: asked now and then; anything but None ends the training after the epoch that is complete.
        threads: of the processor, for reading features.
        epoch_s: an epoch takes at least so many seconds, so that people can watch it. These waits do not count in
            the seconds that are told of the training and of its epochs.

    Raises:
        LabTaskError: it was ended before an epoch was complete.
        NetworkError: the default network is missing, damaged, or has no features that can be read.
    """
    began_s = time.monotonic()
    base = head_base()
    reader = FeatureReader(base.content, base.id, threads)
    train, test, frames = (
        _features(reader, part, ends) for part in (task.train, task.test, task.frames or no_faces())
    )
    send(Loaded())
    head = SoftmaxRegression(train, task.train.labels, task.settings)
    probabilities = head.probabilities(test)
    history: list[dict[str, float]] = []
    computing_s, learning_s = time.monotonic() - began_s, time.monotonic()
    told_s, end = -np.inf, ends()
    while end is None and len(history) < task.settings.epochs:
        epoch_began_s = time.monotonic()
        for step, (batch, loss, accuracy) in enumerate(head.epoch(), 1):
            now_s = time.monotonic()
            if now_s - told_s >= PROGRESS_EVERY_S:
                told_s = now_s
                place = (len(history) + 1, task.settings.epochs, step, head.steps)
                learnt = tuple(map(int, batch[:MOST_LEARNT_SHOWN]))
                send(Progress(*place, loss, accuracy, learnt, now_s - learning_s))
        probabilities = head.probabilities(test)
        val_loss, val_accuracy = _figures(probabilities, task.test.labels)
        seconds = time.monotonic() - epoch_began_s
        rate = task.settings.learning_rate
        row = (len(history) + 1, loss, accuracy, val_loss, val_accuracy, rate, seconds)
        history.append(dict(zip(COLUMNS, row, strict=True)))
        computing_s += seconds
        send(EpochDone(history[-1], probabilities[list(task.shown)], head.weights()))
        if len(history) < task.settings.epochs:
            time.sleep(max(0.0, epoch_s - seconds))
            end = ends()
    if not history:
        raise _ended_early()
    weights = head.weights()
    return Trained(
        content=base.litert(weights),
        weights=weights,
        test_probabilities=probabilities,
        frames_probabilities=None if task.frames is None else head.probabilities(frames),
        history=tuple(history),
        kept_epoch=len(history),
        seconds=computing_s,
        machine=f"{processor_name()}, {os.cpu_count()} cores, NumPy {np.__version__}",
        end=end or "finished",
        base=(base.id, base.checksum),
    )


class SoftmaxRegression:
    """A linear classification of features, learnt with Adam (Kingma and Ba 2015, arXiv:1412.6980) from zeros.

    Args:
        features: float32 (N, D), N at least 1.
        labels: int64 (N,).
        settings: batch size, learning rate, seed (of the order of the faces) and number of classes are used.
        l2: weight of half the sum of the squared weights.
    """

    def __init__(
        self, features: np.ndarray, labels: np.ndarray, settings: LabSettings, l2: float = L2
    ) -> None:
        self.classes = len(settings.classes)
        self._mean = features.mean(axis=0)
        spread = features.std(axis=0)
        # A feature that hardly moves in a few faces may move further in others: it is not blown up to the same spread.
        self._scale = 1 / np.maximum(spread, 0.3 * max(float(np.sqrt(np.mean(spread**2))), 1e-6))
        self._inputs = np.asarray((features - self._mean) * self._scale, np.float32)
        self._targets = np.eye(self.classes, dtype=np.float32)[labels]
        self._settings = settings
        self._l2 = l2
        self._rng = np.random.default_rng(settings.seed)
        # The last row is the bias; only the others are held small.
        self._values = np.zeros((features.shape[1] + 1, self.classes), np.float32)
        self._moments = np.zeros((2, *self._values.shape), np.float32)
        self._steps_done = 0
        self.steps = -(-len(features) // settings.batch_size)
        """In an epoch."""

    def epoch(self) -> Iterator[tuple[np.ndarray, float, float]]:
        """Learn from every face once.

        Yields:
            After each step: positions of the faces in its batch, and loss and accuracy, means over the faces of the
            epoch so far, each before its step.
        """
        order = self._rng.permutation(len(self._inputs))
        losses, right, seen = 0.0, 0, 0
        for start in range(0, len(order), self._settings.batch_size):
            batch = order[start : start + self._settings.batch_size]
            inputs, targets = self._inputs[batch], self._targets[batch]
            probabilities = _softmax(inputs @ self._values[:-1] + self._values[-1])
            losses += float(-np.log(np.maximum((probabilities * targets).sum(axis=1), 1e-12)).sum())
            right += int((probabilities.argmax(axis=1) == targets.argmax(axis=1)).sum())
            seen += len(batch)
            self._step(inputs, (probabilities - targets) / len(batch))
            yield batch, losses / seen, right / seen

    def _step(self, inputs: np.ndarray, errors: np.ndarray) -> None:
        gradient = np.vstack([inputs.T @ errors + self._l2 * self._values[:-1], errors.sum(axis=0)])
        self._steps_done += 1
        first, second = self._moments
        first += 0.1 * (gradient - first)
        second += 0.001 * (gradient**2 - second)
        unbiased = first / (1 - 0.9**self._steps_done)
        spread = np.sqrt(second / (1 - 0.999**self._steps_done))
        self._values -= self._settings.learning_rate * unbiased / (spread + 1e-7)

    def weights(self) -> dict[str, np.ndarray]:
        """For features as they are read: float32 `kernel` (D, C) and `bias` (C,)."""
        kernel = self._values[:-1] * self._scale[:, None]
        bias = self._values[-1] - self._mean @ kernel
        return {KERNEL: np.asarray(kernel, np.float32), BIAS: np.asarray(bias, np.float32)}

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """float32 (N, C), of features (N, D)."""
        weights = self.weights()
        return _softmax(features @ weights[KERNEL] + weights[BIAS])


def _features(reader: FeatureReader, part: FaceSet, ends: Callable[[], End | None]) -> np.ndarray:
    """float32 (N, D); the training can be ended meanwhile."""
    parts = [reader.features(part.faces_gray[:0])]
    for start in range(0, len(part), LARGEST_BATCH):
        if ends() is not None:
            raise _ended_early()
        parts.append(reader.features(part.faces_gray[start : start + LARGEST_BATCH]))
    return np.concatenate(parts)


def _ended_early() -> LabTaskError:
    return LabTaskError(N_("The training was ended before it had learnt anything. Start it again."))


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


def _figures(probabilities: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Mean loss and accuracy; NaN without faces."""
    if not len(labels):
        return float("nan"), float("nan")
    true = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(true, 1e-12)).mean()), float(
        (probabilities.argmax(axis=1) == labels).mean()
    )
