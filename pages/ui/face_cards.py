"""One card for each face: what its expression resembles, and a bar for every expression.

Their style is in `assets/webcam.css`, which the page loads.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import streamlit as st

from fer_core.labels import EMOTIONS
from pages.ui.i18n import NOT_A_NUMBER, _, emotion_name, format_probability


class Face(Protocol):
    """A face of a video or of a photo."""

    @property
    def number(self) -> int: ...

    @property
    def label(self) -> str: ...

    @property
    def probability(self) -> float: ...

    @property
    def probabilities(self) -> np.ndarray: ...


def _bar(code: str, probability: float | None, top: bool) -> str:
    share = 0.0 if probability is None else 100 * float(probability)
    text = NOT_A_NUMBER if probability is None else format_probability(float(probability))
    return (
        f'<li class="{"top" if top else ""}" style="--emotion:{EMOTIONS[code].colour};--share:{share:.1f}%">'
        f'<span aria-hidden="true">{EMOTIONS[code].sign}</span>'
        f"<span>{html.escape(emotion_name(code))}</span>"
        f'<i aria-hidden="true"></i><b>{html.escape(text)}</b></li>'
    )


def _card(face: Face, labels: Sequence[str]) -> str:
    emotion = EMOTIONS[face.label]
    bars = "".join(
        _bar(code, probability, code == face.label)
        for code, probability in zip(labels, face.probabilities, strict=True)
    )
    resembles, name = html.escape(_("Expression resembles")), html.escape(emotion_name(face.label))
    title = html.escape(_("Face {n}").format(n=face.number))
    return (
        f'<section class="raut-live-face" style="--emotion:{emotion.colour}" aria-label="{title}">'
        f'<header><b aria-hidden="true">{face.number}</b>'
        f"<p><small>{title}</small><span>{resembles} <strong>{name}</strong></span></p>"
        f'<span class="sign" aria-hidden="true">{emotion.sign}</span></header><ul>{bars}</ul></section>'
    )


def face_cards(faces: Iterable[Face], labels: Sequence[str]) -> None:
    """A card for each face, with a bar for each of the labels in their own order, so that no bar jumps.

    Args:
        faces: each with probabilities in the order of `labels`.
        labels: codes of the expressions.
    """
    cards = "".join(_card(face, labels) for face in faces)
    st.html(f'<div class="raut-live-faces">{cards}</div>')


def blank_card(labels: Sequence[str], text: str) -> None:
    """What a card looks like before there is a face, with one sentence, already translated, at its head."""
    bars = "".join(_bar(code, None, False) for code in labels)
    st.html(
        '<div class="raut-live-faces"><section class="raut-live-face blank">'
        f"<header><p><span>{html.escape(text)}</span></p></header><ul>{bars}</ul></section></div>"
    )
