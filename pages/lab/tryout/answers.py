"""What a network answers to a face: its classes as bars, beside those of the shipped network where it knows the same."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import streamlit as st

from fer_core.labels import COLOURS, are_expressions, look_of
from fer_core.recognition.answers import Prediction, read_faces
from pages.lab.tryout.in_use import InUse
from pages.ui.face_cards import emotion_style
from pages.ui.i18n import NOT_A_NUMBER, _, expression_words, format_number, format_probability
from pages.ui.signs import emotion_html

OPEN_BARS = 3
"""Faces whose bars are in sight from the start; of more faces they are opened one by one."""
CROP_SIDE = 96
"""Pixels: a screen with doubled pixels shows the 48 of the crop without smearing."""


def comparable(used: InUse, other: InUse | None) -> dict[str, str]:
    """Label of the network in use to the code of the same expression in the shipped one; {} where one has none.

    A class's own names count where each is the name of an expression, in either language.
    """
    if other is None or used.of_lab is None:
        return {}
    words, expressions = expression_words(), are_expressions(used.labels)
    codes = {label: label if expressions else words.get(label.casefold(), "") for label in used.labels}
    if not set(codes.values()) <= set(other.labels) or len(set(codes.values())) < len(codes):
        return {}
    return codes


@dataclass(frozen=True)
class Bar:
    """One class of a face.

    Attributes:
        name: as HTML.
        colour: #RRGGBB; "" for none.
        share: of the network in use, 0 to 1; None for a class that it does not know.
        other: of the shipped network; None where it is not shown.
    """

    name: str
    colour: str
    share: float | None
    other: float | None = None


def face_bars(used: InUse, probabilities: np.ndarray, shipped_shares: dict[str, float] | None) -> list[Bar]:
    """The bars of one face, in the order in which people read the classes.

    Args:
        used: the network in use.
        probabilities: float32 (C,), of its labels.
        shipped_shares: label to the shipped network's share, "" to that of all other expressions; None without it.
    """
    shares = dict(zip(used.labels, map(float, probabilities), strict=True))
    bars = [
        Bar(
            emotion_html(label, used.labels),
            COLOURS[look_of(label, used.labels)],
            shares[label],
            None if shipped_shares is None else shipped_shares[label],
        )
        for label in used.shown_labels
    ]
    if shipped_shares is not None and shipped_shares[""] > 0:
        bars.append(Bar(html.escape(_("Other expressions")), "", None, shipped_shares[""]))
    return bars


def shipped_shares(codes: dict[str, str], other: InUse, probabilities: np.ndarray) -> dict[str, float] | None:
    """What the shipped network gives to the classes of the one in use, and "" to all others; None without such classes.

    Args:
        codes: from `comparable`.
        other: the shipped network.
        probabilities: float32 (C,), of its labels.
    """
    if not codes:
        return None
    of_code = dict(zip(other.labels, map(float, probabilities), strict=True))
    shares = {label: of_code[code] for label, code in codes.items()}
    rest = [share for code, share in of_code.items() if code not in codes.values()]
    return {**shares, "": sum(rest)}


def bars_html(bars: Sequence[Bar], most: int) -> str:
    """The bars as a table; the network in use in colour, the shipped one below it as an outline.

    Args:
        bars: of one face.
        most: place of the most probable one.
    """
    rows = "".join(_bar_html(bar, first=place == most) for place, bar in enumerate(bars))
    return f'<table class="raut-bars lab-bars">{rows}</table>'


def _bar_html(bar: Bar, *, first: bool) -> str:
    tracks, figures = _track(bar.share), f"<span>{_figure(bar.share)}</span>"
    if bar.other is not None:
        tracks += _track(bar.other, " shipped")
        figures += f'<span class="shipped">{_figure(bar.other)}</span>'
    colour = bar.colour or "currentColor"
    return (
        f'<tr{" class=first" if first else ""} style="--emotion:{colour}"><th scope="row">{bar.name}</th>'
        f"<td>{tracks}</td><td>{figures}</td></tr>"
    )


def _track(share: float | None, kind: str = "") -> str:
    if share is None:
        return f'<span class="track none{kind}"></span>'
    return f'<span class="track{kind}"><i style="--share:{100 * share:.1f}%"></i></span>'


def _figure(share: float | None) -> str:
    return html.escape(NOT_A_NUMBER if share is None else format_probability(share))


def show_answers(used: InUse, other: InUse | None, faces_gray: np.ndarray) -> None:
    """A row for each face: the crop, the most probable class, and the bars.

    Args:
        used: the network in use.
        other: the shipped one, for comparison; None where there is none.
        faces_gray: uint8 (N, 48, 48), N from 1.
    """
    codes = comparable(used, other)
    answers = read_faces(faces_gray, used.recognizer)
    others = other.recognizer.predict(faces_gray) if other is not None and codes else None
    legend = legend_html() if codes else ""
    rows = []
    for place, (face, answer) in enumerate(zip(faces_gray, answers, strict=True)):
        shares = None
        if other is not None and others is not None:
            shares = shipped_shares(codes, other, others[place])
        rows.append(
            _face_html(
                place + 1, face, used, answer, shares, single=len(faces_gray) == 1, is_open=place < OPEN_BARS
            )
        )
    st.html(f'{legend}<ol class="raut-faces lab-faces">{"".join(rows)}</ol>')


def legend_html() -> str:
    """Which bar is whose."""
    own, shipped = html.escape(_("Your network")), html.escape(_("Raut's own network"))
    return f'<p class="lab-legend"><span><i></i>{own}</span><span class="shipped"><i></i>{shipped}</span></p>'


def _face_html(
    number: int,
    face_gray: np.ndarray,
    used: InUse,
    answer: Prediction,
    shares: dict[str, float] | None,
    *,
    single: bool,
    is_open: bool,
) -> str:
    unsure = bool(answer.unsure)
    bars = face_bars(used, answer.probabilities, shares)
    most = max(range(len(used.labels)), key=lambda place: bars[place].share or 0.0)
    saw = html.escape(_("What the network was shown: the face in grey, 48×48 pixels"))
    lead = (
        _("Expression")
        if unsure
        else _("Expression resembles")
        if are_expressions(used.labels)
        else _("Most like the class")
    )
    kind = " single" if single else ""
    numbered = "" if single else f'<span class="number">{html.escape(format_number(number))}</span>'
    share = "" if unsure else html.escape(format_probability(answer.probability))
    return (
        f'<li{emotion_style(look_of(answer.answer, used.labels))}><div class="raut-face{kind}">{numbered}'
        f'<img src="{crop_url(face_gray)}" alt="{saw}" title="{saw}">'
        f'<span><span class="lead">{html.escape(lead)}</span><em>{emotion_html(answer.answer, used.labels)}</em></span>'
        f'<span class="share">{share}</span></div>'
        f"<details{' open' if is_open else ''}><summary>{html.escape(_('All probabilities'))}</summary>"
        f"{bars_html(bars, most)}</details></li>"
    )


def crop_url(face_gray: np.ndarray) -> str:
    """A face as the address of an image.

    Args:
        face_gray: uint8 (48, 48).
    """
    enlarged = cv2.resize(face_gray, (CROP_SIDE, CROP_SIDE), interpolation=cv2.INTER_NEAREST)
    _ok, png = cv2.imencode(".png", enlarged)
    return "data:image/png;base64," + base64.b64encode(png.tobytes()).decode("ascii")
