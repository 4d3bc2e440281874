"""What is written beside a face in a video, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fer_core.labels import UNSURE
from fer_core.recognition.answers import RecognizedFace


@dataclass(frozen=True)
class Captions:
    """What is written at a face, in the reader's language.

    The thread that draws into the video does not know the reader's language, so all texts are made beforehand.

    Raises:
        ValueError: another number of texts than 101.
    """

    names: Mapping[str, str]
    """Code of the expression, or name of the class, to what is written."""
    percents: tuple[str, ...]
    """101 texts: position p is shown for a probability that rounds to p per cent."""

    def __post_init__(self) -> None:
        if len(self.percents) != 101:
            raise ValueError(f"Expected 101 texts, for 0 to 100 per cent. Received: {len(self.percents)}")

    def text(self, label: str, probability: float) -> str:
        """The name and the percentage: "happy", 0.731 -> "Happy 73%"."""
        # Python's float, as the pages round it: 32 bits of 0.725 times 100 may be 72.5 or a little more.
        return f"{self.names[label]} {self.percents[round(100 * float(probability))]}"

    def face_text(self, face: RecognizedFace) -> str:
        """The text of the face's answer; "unsure" has no probability of its own and stands alone."""
        return self.names[UNSURE] if face.unsure else self.text(face.label, face.probability)
