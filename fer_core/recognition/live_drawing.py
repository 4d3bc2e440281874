"""Live video with what was found drawn in, in the viewer's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fer_core.faces.boxes import mirrored_boxes
from fer_core.labels import UNSURE
from fer_core.recognition.answers import RecognizedFace
from fer_core.recognition.drawing import FaceDrawer, FaceMark
from fer_core.recognition.live import LiveResult


@dataclass(frozen=True)
class Captions:
    """What is written at a face, in the reader's language.

    The thread of the video knows no reader, so the page hands over all it can come to need.
    """

    names: Mapping[str, str]
    """Code of the expression to its name."""
    percents: tuple[str, ...]
    """101 texts: position p is shown for a probability that rounds to p per cent."""

    def __post_init__(self) -> None:
        if len(self.percents) != 101:
            raise ValueError(f"Expected 101 texts, for 0 to 100 per cent. Received: {len(self.percents)}")

    def text(self, label: str, probability: float) -> str:
        """ "happy", 0.731 -> "Happy 73 %"."""
        return f"{self.names[label]} {self.percents[round(100 * probability)]}"

    def face_text(self, face: RecognizedFace) -> str:
        """The face's answer; "unsure" has no probability of its own and stands alone."""
        return self.names[UNSURE] if face.unsure else self.text(face.label, face.probability)


def draw_result(
    drawer: FaceDrawer,
    frame_bgr: np.ndarray,
    result: LiveResult,
    captions: Captions,
    *,
    mirrored: bool = False,
    text_scale: float = 1.0,
) -> np.ndarray:
    """The frame with box, number, sign and answer at each face; drawn on in place if possible.

    Args:
        drawer: draws them.
        frame_bgr: uint8 (H, W, 3), the frame that was analysed, turned already if it is shown as in a mirror.
        result: what was found in it, before it was turned.
        captions: names and percentages.
        mirrored: whether the frame was turned left to right.
        text_scale: by how much the text is larger than usual.

    Returns:
        uint8 (H, W, 3), BGR.
    """
    marks = [
        FaceMark(
            mirrored_boxes(face.box_xyxy, result.frame_size[0])[0] if mirrored else face.box_xyxy,
            face.number,
            "" if face.too_small else captions.face_text(face),
            face.answer,
            sign=not face.too_small,
        )
        for face in result.faces
    ]
    return drawer.draw(frame_bgr, marks, text_scale=text_scale)
