"""One card for each face: what its expression resembles, and a bar for every expression.

Their style is in `assets/webcam.css`, which the page loads.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

import streamlit as st

from fer_core.labels import EMOTIONS
from fer_core.recognition.answers import RecognizedFace
from pages.ui.certainty_views import set_in_words
from pages.ui.i18n import NOT_A_NUMBER, _, emotion_name, format_probability


def emotion_sign(code: str) -> str:
    """The sign as HTML; that of "unsure" is white and gets an outline, so that it is seen on paper, too."""
    sign = EMOTIONS[code].sign
    return sign if EMOTIONS[code].colour else f'<span class="raut-outlined">{sign}</span>'


def emotion_style(code: str) -> str:
    """Attribute of an element that shows the expression's colour; "unsure" is an outline without one."""
    colour = EMOTIONS[code].colour
    return f' style="--emotion:{colour}"' if colour else ' data-outline=""'


def _bar(code: str, probability: float | None, top: bool) -> str:
    share = 0.0 if probability is None else 100 * float(probability)
    text = NOT_A_NUMBER if probability is None else format_probability(float(probability))
    return (
        f'<li class="{"top" if top else ""}" style="--emotion:{EMOTIONS[code].colour};--share:{share:.1f}%">'
        f'<span aria-hidden="true">{EMOTIONS[code].sign}</span>'
        f"<span>{html.escape(emotion_name(code))}</span>"
        f'<i aria-hidden="true"></i><b>{html.escape(text)}</b></li>'
    )


def _card(face: RecognizedFace, labels: Sequence[str]) -> str:
    likely = face.prediction_set or (face.label,)
    bars = "".join(
        _bar(code, probability, code in likely)
        for code, probability in zip(labels, face.probabilities, strict=True)
    )
    resembles = html.escape(f"{_('Expression')}:" if face.unsure else _("Expression resembles"))
    name = html.escape(emotion_name(face.answer))
    # Also where it is empty, so that the bars below do not jump when a second expression comes and goes.
    maybe = "" if face.prediction_set is None else f"<small>{html.escape(set_in_words(face, labels))}</small>"
    title = html.escape(_("Face {n}").format(n=face.number))
    return (
        f'<section class="raut-live-face"{emotion_style(face.answer)} aria-label="{title}">'
        f'<header><b aria-hidden="true">{face.number}</b>'
        f"<p><small>{title}</small><span>{resembles} <strong>{name}</strong></span>{maybe}</p>"
        f'<span class="sign" aria-hidden="true">{emotion_sign(face.answer)}</span></header>'
        f"<ul>{bars}</ul></section>"
    )


def face_cards(faces: Iterable[RecognizedFace], labels: Sequence[str]) -> None:
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
