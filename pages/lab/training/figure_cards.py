"""Figures large enough for the back of a room, each with what it was counted over."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fer_core.evaluation.figures import Estimate
from pages.ui.i18n import _, format_percent, format_range


@dataclass(frozen=True)
class FigureCard:
    """One figure.

    Attributes:
        estimate: a share with its interval.
        title: what it is, translated.
        counted: over which faces, translated.
        further: one more line, translated; "" for none.
        kind: "honest" with a thick frame, "flattering" with a dashed one.
    """

    estimate: Estimate
    title: str
    counted: str
    further: str = ""
    kind: str = "honest"


def figure_cards(cards: Sequence[FigureCard]) -> None:
    """The figures beside each other, or below each other where there is no room."""
    items = "".join(
        f'<div class="raut-lab-{card.kind}"><dt>{html.escape(format_percent(card.estimate.value, 0))}</dt>'
        f"<dd><b>{html.escape(card.title)}</b>{''.join(f'<br>{html.escape(line)}' for line in _lines(card))}</dd></div>"
        for card in cards
    )
    st.html(f'<dl class="raut-lab-figures">{items}</dl>')


def _lines(card: FigureCard) -> list[str]:
    interval = _("95% interval: {range}").format(range=format_range(*card.estimate.ends, 0))
    return [line for line in (card.counted, interval, card.further) if line]
