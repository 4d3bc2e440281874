"""Live video with what was found drawn in, in the viewer's language."""

from __future__ import annotations

import numpy as np

from fer_core.faces.boxes import mirrored_boxes
from fer_core.labels import look_of
from fer_core.recognition.captions import Captions
from fer_core.recognition.drawing import FaceDrawer, FaceMark
from fer_core.recognition.frames import LiveResult


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
            look_of(face.answer, result.labels),
            sign=not face.too_small,
        )
        for face in result.faces
    ]
    return drawer.draw(frame_bgr, marks, text_scale=text_scale)
