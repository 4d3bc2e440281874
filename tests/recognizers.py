"""Every stand-in for a network that answers at once and as the test expects.

All of them can be asked what `ExpressionRecognizer` can. Whoever needs no network of its own gets the seven
expressions of FER2013.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from fer_core.errors import NetworkError
from fer_core.labels import FER2013_LABELS
from fer_core.recognition.conformal import PredictionSets

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo

SURELY_SAD = np.array([0.02, 0.01, 0.03, 0.0004, 0.9176, 0.01, 0.012], np.float32)
"""Probabilities in the order of `FER2013_LABELS`."""


class FixedRecognizer:
    """Gives every face the same probabilities."""

    shares: np.ndarray = SURELY_SAD
    prediction_sets: PredictionSets | None = None

    def __init__(self, network: NetworkInfo | None = None) -> None:
        self.network = network
        self.labels: tuple[str, ...] = FER2013_LABELS if network is None else network.labels

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        return np.tile(self.shares, (len(faces_gray), 1))


class SureRecognizer(FixedRecognizer):
    """Calls every face sad, and counts over all of its kind what they were asked."""

    calls = 0

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        SureRecognizer.calls += 1
        return super().predict(faces_gray)


class WaitingRecognizer(SureRecognizer):
    """Answers the first face at once, and the others when `go` is set."""

    def __init__(self, network: NetworkInfo | None = None) -> None:
        super().__init__(network)
        self.go = threading.Event()
        self.asked = 0

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        self.asked += 1
        if self.asked > 1:
            assert self.go.wait(20)
        return super().predict(faces_gray)


class HappyRecognizer(FixedRecognizer):
    """Gives happy seven tenths, and every other expression the same share of the rest."""

    shares = np.array([0.05, 0.05, 0.05, 0.7, 0.05, 0.05, 0.05], np.float32)


class EvenRecognizer(FixedRecognizer):
    """Finds all expressions equally probable."""

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        return np.full((len(faces_gray), len(self.labels)), 1 / len(self.labels), np.float32)


class ThreeLabelRecognizer(FixedRecognizer):
    """Knows three expressions and finds the first a little more probable than the others."""

    shares = np.array([0.4, 0.3, 0.3], np.float32)

    def __init__(self) -> None:
        super().__init__()
        self.labels = ("angry", "happy", "sad")


class DoubtingRecognizer(FixedRecognizer):
    """Finds three expressions nearly as probable as each other, so that a set holds all three."""

    shares = np.array([0.25, 0.04, 0.3, 0.03, 0.35, 0.02, 0.01], np.float32)
    prediction_sets = PredictionSets(threshold=0.2, level=0.9, split="made up", n=10)


class WaveringRecognizer(DoubtingRecognizer):
    """Answers as `DoubtingRecognizer`, with a threshold that leaves two expressions in the set."""

    prediction_sets = PredictionSets(threshold=0.28, level=0.9, split="made up", n=10)


class FlickeringRecognizer(DoubtingRecognizer):
    """Finds three expressions probable enough for a set, and every other time, beginning with the first, two."""

    shares = np.array([0.21, 0.04, 0.3, 0.03, 0.39, 0.02, 0.01], np.float32)
    fewer = np.array([0.19, 0.04, 0.3, 0.03, 0.41, 0.02, 0.01], np.float32)

    def __init__(self, network: NetworkInfo | None = None) -> None:
        super().__init__(network)
        self.calls = 0

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        self.calls += 1
        return np.tile(self.fewer if self.calls % 2 else self.shares, (len(faces_gray), 1))


class MeanRecognizer(FixedRecognizer):
    """Answers by the mean of the pixels, so that a crop that was mixed up shows."""

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        assert faces_gray.dtype == np.uint8
        assert faces_gray.shape[1:] == (48, 48)
        means = faces_gray.mean(axis=(1, 2)) / 255
        scores = np.exp(-10 * np.abs(np.linspace(0, 1, 7)[None] - means[:, None]))
        return (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)


class BrokenRecognizer(FixedRecognizer):
    """Fails as a network whose file is damaged."""

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        raise NetworkError("The network is damaged.")


class RecordingRecognizer(FixedRecognizer):
    """Gives happy eight tenths, keeps the faces of every call in `batches`, and raises `error` where one is given."""

    def __init__(self, labels: tuple[str, ...] = FER2013_LABELS, error: Exception | None = None) -> None:
        super().__init__()
        self.labels = labels
        self.error = error
        self.batches: list[np.ndarray] = []

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        self.batches.append(faces_gray)
        if self.error is not None:
            raise self.error
        answer = np.full((len(faces_gray), len(self.labels)), 0.2 / (len(self.labels) - 1), np.float32)
        answer[:, self.labels.index("happy")] = 0.8
        return answer


class FirstPixelRecognizer(FixedRecognizer):
    """Answers the class whose number is the first pixel, and keeps in `asked` how many faces came in each call."""

    def __init__(self, network: NetworkInfo) -> None:
        super().__init__(network)
        self.asked: list[int] = []

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        self.asked.append(len(faces_gray))
        probabilities = np.zeros((len(faces_gray), len(self.labels)), np.float32)
        names = [FER2013_LABELS[pixel] for pixel in faces_gray[:, 0, 0]]
        for row, name in enumerate(names):
            probabilities[row, self.labels.index(name)] = 1
        return probabilities
