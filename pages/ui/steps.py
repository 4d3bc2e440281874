"""What explains a search and an answer on several pages: a numbered list of steps, and the points of a face in words."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import streamlit as st

from fer_core.faces.boxes import POINTS
from fer_core.faces.upright import roll_degrees
from pages.ui.i18n import N_, _, format_number

POINT_NAMES = {
    "right_eye": N_("right eye"),
    "left_eye": N_("left eye"),
    "nose": N_("nose"),
    "mouth": N_("mouth"),
    "right_ear": N_("right ear"),
    "left_ear": N_("left ear"),
}
"""Each of `POINTS` for readers."""


def step_list(steps: Sequence[tuple[str, str, str]]) -> None:
    """Numbered steps side by side, down on a phone: a picture as HTML, a heading and a sentence for each."""
    items = "".join(
        f"<li>{figure}<strong>{number}. {html.escape(title)}</strong>"
        f'<span class="raut-text">{html.escape(text)}</span></li>'
        for number, (figure, title, text) in enumerate(steps, start=1)
    )
    st.html(f'<ol class="raut-steps">{items}</ol>')


def points_in_words(points_xy: np.ndarray) -> str:
    """The numbers of a face's points, (6, 2), as they are drawn, with their names, and how far the face is tilted."""
    names = ", ".join(f"{number} {_(POINT_NAMES[name])}" for number, name in enumerate(POINTS, start=1))
    tilt = abs(float(roll_degrees(points_xy[None])[0]))
    return _("{names}, as the person has them. Tilted by {degrees}°.").format(
        names=names, degrees=format_number(tilt)
    )
