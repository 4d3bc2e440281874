"""The map of what in a face speaks for an answer, drawn over the face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import streamlit as st

from fer_core.explanation.grad_cam import GradCam, overlay
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, answer_in_a_sentence, format_probability

SIDE: Final = 384
"""Pixels of an enlarged face."""


def show_map(
    cam: GradCam, face_gray: np.ndarray, label: str, labels: Sequence[str], probabilities: np.ndarray
) -> bool:
    """The face with the map over it.

    Args:
        cam: of the network that read the face.
        face_gray: uint8 (48, 48), 0-255.
        label: the answer whose map it is.
        labels: of the network, in its order.
        probabilities: float (C,), what the network answered, in that order.

    Returns:
        Whether anything in this face speaks for that answer.
    """
    heat = cam.heat(face_gray, label)
    caption = _("Yellow: what speaks most for {expression} ({probability})").format(
        expression=answer_in_a_sentence(label, labels),
        probability=format_probability(float(probabilities[labels.index(label)])),
    )
    st.image(overlay(face_gray, heat, SIDE), caption=escape_markdown(caption), alt=caption, width="stretch")
    return bool(heat.any())
