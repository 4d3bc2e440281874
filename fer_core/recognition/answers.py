"""What was read in one face: probabilities, the most probable label, and the set that it may be."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fer_core.labels import UNSURE
from fer_core.recognition.conformal import LARGEST_SURE_SET


@dataclass(frozen=True, eq=False)
class RecognizedFace:
    """One face of a photo or of a frame, with its answer.

    Raises:
        ValueError: a prediction set without the most probable label.
    """

    number: int
    """The face's own, from 1: drawn at the box and named in the table."""
    box_xyxy: np.ndarray
    """int32 (4,), pixels of the picture the right way up, in its own size."""
    probabilities: np.ndarray
    """float32 (C,), summing to 1, in the order of the result's `labels`."""
    label: str
    """The most probable of the labels."""
    prediction_set: tuple[str, ...] | None = field(default=None, kw_only=True)
    """Codes of what the face may show, the most probable first; None where the network has no sets."""
    largest_sure: int = field(default=LARGEST_SURE_SET, kw_only=True)
    """How many of them a sure answer may have: `PredictionSets.largest_sure` of the network."""

    def __post_init__(self) -> None:
        if self.prediction_set is not None and self.label not in self.prediction_set:
            raise ValueError(f"Expected a set with {self.label!r}. Received: {self.prediction_set}")

    @property
    def probability(self) -> float:
        """That of `label`, 0 to 1."""
        return float(self.probabilities.max())

    @property
    def unsure(self) -> bool | None:
        """The set cannot be narrowed down to `largest_sure`; None where the network has no sets."""
        return None if self.prediction_set is None else len(self.prediction_set) > self.largest_sure

    @property
    def answer(self) -> str:
        """Code of what is shown: `unsure`, or else `label`."""
        return UNSURE if self.unsure else self.label
