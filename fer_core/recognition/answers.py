"""From faces to answers, the same way for photos, live video and video files.

A network gives probabilities. `predictions` makes answers of them: the most probable label, the set of expressions
that the face may show, and whether that set is too large for a sure answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from fer_core.faces.pose import is_turned_away
from fer_core.labels import UNSURE
from fer_core.recognition.conformal import LARGEST_SURE_SET, PredictionSets, set_codes


class Answerer(Protocol):
    """What is known of a network that reads faces: one of `models/`, or one that a class trained."""

    @property
    def id(self) -> str:
        """What tables call it."""

    @property
    def name(self) -> str:
        """How people call it."""

    @property
    def task(self) -> str:
        """`fer2013`, `ferplus`, or `lab` for classes that people chose."""

    @property
    def labels(self) -> tuple[str, ...]:
        """C codes of expressions, or class names, in the order of its outputs."""

    @property
    def expressions(self) -> tuple[str, ...]:
        """The same in the order in which people read them: `fer_core.labels.in_shown_order`."""

    @property
    def parameters(self) -> int:
        """All of them, running statistics included."""

    @property
    def checksum(self) -> str | None:
        """SHA-256 of what answers, in hexadecimal: figures belong to it or not. None where it is unknown."""


class Recognizes(Protocol):
    """What reads faces; `LitertRecognizer` does."""

    @property
    def labels(self) -> tuple[str, ...]:
        """C codes of expressions, or class names, in the order of the probabilities."""

    @property
    def prediction_sets(self) -> PredictionSets | None:
        """How sets are made of probabilities; None for a network that was not calibrated."""

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        """float32 (N, C), rows sum to 1, for crops, uint8 (N, 48, 48)."""


@dataclass(frozen=True, eq=False, slots=True)
class Prediction:
    """What a network answers to one face, wherever that face comes from.

    Raises:
        ValueError: a prediction set that does not hold the label.
    """

    probabilities: np.ndarray
    """float32 (C,), summing to 1, in the order of the network's labels."""
    label: str
    """The most probable of the labels; in a video, the one that is named: see `SteadyAnswers`."""
    probability: float
    """That of `label`, 0 to 1."""
    prediction_set: tuple[str, ...] | None = None
    """Codes of what the face may show: `label`, then the others by probability. None without calibration."""
    largest_sure: int = LARGEST_SURE_SET
    """How many codes the set of a sure answer may hold: `PredictionSets.largest_sure` of the network."""

    def __post_init__(self) -> None:
        if self.prediction_set is not None and self.label not in self.prediction_set:
            raise ValueError(f"Expected a set with {self.label!r}. Received: {self.prediction_set}")

    @property
    def unsure(self) -> bool | None:
        """Whether the set holds more than `largest_sure` codes; None where the network has no sets."""
        return None if self.prediction_set is None else len(self.prediction_set) > self.largest_sure

    @property
    def answer(self) -> str:
        """The code that a reader is shown: `unsure`, or else `label`."""
        return UNSURE if self.unsure else self.label


@dataclass(frozen=True, eq=False)
class RecognizedFace:
    """One face of a photo or of a frame, with its answer."""

    number: int
    """The face's own, from 1: drawn at the box and named in the table."""
    box_xyxy: np.ndarray
    """int32 (4,), pixels of the picture the right way up, in its own size."""
    prediction: Prediction
    """What the network answers to it."""
    found_by: str = field(default="haar", kw_only=True)
    """What found it: "haar", "blazeface", "both", or "hand" where a person drew its box."""
    points_xy: np.ndarray | None = field(default=None, kw_only=True)
    """float32 (6, 2): its points as in `fer_core.faces.boxes.POINTS`, pixels of the picture; None where none are known."""
    turn_degrees: float = field(default=0.0, kw_only=True)
    """By how much it was turned upright before it was read, in degrees, counter-clockwise; 0 for one left as it was."""

    @property
    def probabilities(self) -> np.ndarray:
        """As in `Prediction`."""
        return self.prediction.probabilities

    @property
    def label(self) -> str:
        """As in `Prediction`."""
        return self.prediction.label

    @property
    def probability(self) -> float:
        """As in `Prediction`."""
        return self.prediction.probability

    @property
    def prediction_set(self) -> tuple[str, ...] | None:
        """As in `Prediction`."""
        return self.prediction.prediction_set

    @property
    def turned_away(self) -> bool:
        """Whether it is turned away so far that its expression is read clearly less well; False without points."""
        return is_turned_away(self.points_xy)

    @property
    def unsure(self) -> bool | None:
        """As in `Prediction`; True for a face that is turned away."""
        return True if self.turned_away else self.prediction.unsure

    @property
    def answer(self) -> str:
        """As in `Prediction`; `unsure` for a face that is turned away."""
        return UNSURE if self.unsure else self.label


def read_faces(faces_gray: np.ndarray, recognizer: Recognizes) -> tuple[Prediction, ...]:
    """The network's answers to cropped faces.

    Args:
        faces_gray: uint8 (N, 48, 48), 0-255; N may be 0.
        recognizer: the network that reads them.

    Returns:
        N predictions, in the order of the faces.

    Raises:
        ValueError: another shape or dtype.
    """
    return predictions(recognizer.predict(faces_gray), recognizer)


def predictions(
    probabilities: np.ndarray,
    recognizer: Recognizes,
    *,
    label_indices: Sequence[int] | np.ndarray | None = None,
    members: np.ndarray | None = None,
) -> tuple[Prediction, ...]:
    """The answers that follow from probabilities.

    Args:
        probabilities: float32 (N, C), rows sum to 1; N may be 0.
        recognizer: the network that they come from.
        label_indices: int (N,), the labels that are named; None for the most probable ones. A video hands them in,
            because it does not change the label with every frame.
        members: bool (N, C), the sets, with the label in each; None for those of the network's threshold. A video
            hands them in for the same reason. Without calibration there are no sets.

    Returns:
        N predictions, in the order of the rows.

    Raises:
        ValueError: a set without its label.
    """
    labels, sets = recognizer.labels, recognizer.prediction_sets
    if label_indices is None:
        label_indices = probabilities.argmax(axis=1)
    if sets is None:
        members = None
    elif members is None:
        members = sets.members(probabilities)
    largest_sure = LARGEST_SURE_SET if sets is None else sets.largest_sure
    return tuple(
        Prediction(row, labels[index], float(row[index]), _label_first(codes, labels[index]), largest_sure)
        for row, index, codes in zip(
            probabilities, label_indices, set_codes(members, probabilities, labels), strict=True
        )
    )


def _label_first(codes: tuple[str, ...] | None, label: str) -> tuple[str, ...] | None:
    """A label that is not the most probable one any more still leads its set; a set without it stays as it is."""
    if codes is None or label == codes[0] or label not in codes:
        return codes
    return (label, *(code for code in codes if code != label))
