"""One card for each face: what its expression resembles, and a bar for every expression.

Their style is in `pages/ui/live/live.css`, which the page loads.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import streamlit as st

from fer_core.labels import COLOURS, in_shown_order, look_of, shares_in_reading_order
from fer_core.recognition.answers import RecognizedFace
from pages.ui.certainty import set_in_words
from pages.ui.i18n import NOT_A_NUMBER, _, answer_name, format_number, format_probability
from pages.ui.signs import emotion_sign


def emotion_style(look: str) -> str:
    """Attribute of an element that shows the colour of a look; "unsure" is an outline without one."""
    colour = COLOURS[look]
    return f' style="--emotion:{colour}"' if colour else ' data-outline=""'


def _bar(label: str, labels: Sequence[str], probability: float | None, top: bool, rank: int = 0) -> str:
    look = look_of(label, labels)
    share = 0.0 if probability is None else 100 * float(probability)
    text = NOT_A_NUMBER if probability is None else format_probability(float(probability))
    return (
        f'<li class="{"top" if top else ""}"{_ranked(rank)} style="--emotion:{COLOURS[look]};--share:{share:.1f}%">'
        f"<span>{emotion_sign(look)}</span>"
        f"<span>{html.escape(answer_name(label, labels))}</span>"
        f'<i aria-hidden="true"></i><b>{html.escape(text)}</b></li>'
    )


def _ranked(rank: int) -> str:
    """Attribute with the place of a bar by its length, from 1: where room is short, the longest stay."""
    return f' data-rank="{rank}"' if rank else ""


def _change_bar(label: str, labels: Sequence[str], change: float, top: bool, rank: int = 0) -> str:
    """A bar from the middle to the right for more than neutral, to the left for less; in percentage points."""
    look = look_of(label, labels)
    points = round(100 * change)
    sign = "+" if points > 0 else "−" if points < 0 else ""
    left, width = (50.0 if change >= 0 else 50 + 50 * change), 50 * abs(change)
    return (
        f'<li class="change{" top" if top else ""}"{_ranked(rank)} '
        f'style="--emotion:{COLOURS[look]};--left:{left:.1f}%;--share:{width:.1f}%">'
        f"<span>{emotion_sign(look)}</span>"
        f"<span>{html.escape(answer_name(label, labels))}</span>"
        f'<i aria-hidden="true"></i><b>{sign}{format_number(abs(points))}</b></li>'
    )


def _far_card(face: RecognizedFace, labels: Sequence[str], note: str) -> str:
    """A face that is numbered and not named."""
    title = html.escape(_("Face {n}").format(n=face.number))
    bars = "".join(_bar(label, labels, None, False) for label in in_shown_order(labels))
    return (
        f'<section class="raut-live-face blank" aria-label="{title}"><header><b aria-hidden="true">{face.number}</b>'
        f"<p><small>{title}</small><span>{html.escape(note)}</span></p></header><ul>{bars}</ul></section>"
    )


def _card(face: RecognizedFace, labels: Sequence[str], note: str, change: np.ndarray | None) -> str:
    likely = face.prediction_set or (face.label,)
    values = shares_in_reading_order(labels, face.probabilities if change is None else change)
    bar = _bar if change is None else _change_bar
    longest_first = sorted(values, key=lambda label: -abs(values[label]))
    bars = "".join(
        bar(label, labels, value, label in likely, longest_first.index(label) + 1)
        for label, value in values.items()
    )
    if change is not None:
        scale = _(
            "The bars are differences from this face's neutral baseline, in percentage points: + more, − less, 0 as much."
        )
        bars = f'<li class="scale">{html.escape(scale)}</li>{bars}'
    if note:
        bars += f'<li class="note">⚠ {html.escape(note)}</li>'
    resembles = html.escape(f"{_('Expression')}:" if face.unsure else _("Expression resembles"))
    name = html.escape(answer_name(face.answer, labels))
    # The video says it, and no bar does.
    percent = "" if change is None or face.unsure else f" {html.escape(format_probability(face.probability))}"
    # Also where it is empty, so that the bars below do not jump when a second expression comes and goes.
    maybe = (
        ""
        if face.prediction_set is None
        else f"<small>{html.escape(set_in_words(face, tuple(values)))}</small>"
    )
    title = html.escape(_("Face {n}").format(n=face.number))
    look = look_of(face.answer, labels)
    return (
        f'<section class="raut-live-face"{emotion_style(look)} aria-label="{title}">'
        f'<header><b aria-hidden="true">{face.number}</b>'
        f"<p><small>{title}</small><span>{resembles} <strong>{name}</strong>{percent}</span>{maybe}</p>"
        f'<span class="sign">{emotion_sign(look)}</span></header>'
        f"<ul>{bars}</ul></section>"
    )


def face_cards(
    faces: Iterable[RecognizedFace],
    labels: Sequence[str],
    notes: Mapping[int, str] | None = None,
    changes: Mapping[int, np.ndarray] | None = None,
    too_small: Iterable[int] = (),
) -> None:
    """A card for each face, with a bar for each of the labels in the order of `in_shown_order`, so that no bar jumps.

    Args:
        faces: each with probabilities in the order of `labels`.
        labels: of the network, in its order.
        notes: number of a face to what makes it hard to read, already translated.
        changes: number of a face to its change from its neutral baseline, (C,): shown instead of probabilities.
        too_small: numbers of the faces that are not named; their note says why.
    """
    notes, changes, small = notes or {}, changes or {}, set(too_small)
    cards = "".join(
        _far_card(face, labels, notes.get(face.number, ""))
        if face.number in small
        else _card(face, labels, notes.get(face.number, ""), changes.get(face.number))
        for face in faces
    )
    st.html(f'<div class="raut-live-faces">{cards}</div>')


def blank_card(labels: Sequence[str], text: str) -> None:
    """What a card looks like before there is a face, with one sentence, already translated, at its head."""
    bars = "".join(_bar(label, labels, None, False) for label in in_shown_order(labels))
    st.html(
        '<div class="raut-live-faces"><section class="raut-live-face blank">'
        f"<header><p><span>{html.escape(text)}</span></p></header><ul>{bars}</ul></section></div>"
    )
