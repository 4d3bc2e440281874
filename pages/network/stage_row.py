"""The stages of a network in their order, as cards or as one narrow line; each opens the step "stage" with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.ui.i18n import _

_HERE = Path(__file__)


@dataclass(frozen=True)
class Bar:
    """One expression of a card: its code, its share from 0 to 1, and whether it is the largest."""

    code: str
    share: float
    top: bool


@dataclass(frozen=True)
class Card:
    """What is shown of one stage; all translated.

    Attributes:
        name: "Convolution 2".
        shape: "48×48×32".
        text: what it does; "" in a narrow line.
        picture: address of an image; "" for none.
        words: what the picture or the bars show, for a screen reader.
        bars: instead of a picture.
        more: a last line.
    """

    name: str
    shape: str
    text: str = ""
    picture: str = ""
    words: str = ""
    bars: tuple[Bar, ...] = ()
    more: str = ""


def stage_row(
    cards: Sequence[Card],
    *,
    of: str,
    key: str,
    on_open: Callable[[int], None],
    chosen: int = -1,
    narrow: bool = False,
) -> None:
    """The stages.

    Args:
        cards: in order.
        of: another text for each other network, so that a press on one that is gone does not count.
        key: unique on the page.
        on_open: called with the place of the stage that was pressed, before the page is drawn.
        chosen: place of the one that is open; -1 for none.
        narrow: one line, that is pushed sideways.
    """

    def opened() -> None:
        said = getattr(st.session_state[key], "open", None)
        at = said.get("at") if isinstance(said, Mapping) and said.get("of") == of else None
        if isinstance(at, int) and 0 <= at < len(cards):
            on_open(at)

    part = st.components.v2.component(
        "network_stage_row",
        html="<ol></ol>",
        css=_HERE.with_name("stage_row.css").read_text("utf-8"),
        js=_HERE.with_name("stage_row.js").read_text("utf-8"),
    )
    part(
        key=key,
        data={
            "of": of,
            "chosen": chosen,
            "narrow": narrow,
            "title": _("Stages of the network"),
            "stages": [
                {
                    "name": card.name,
                    "shape": card.shape,
                    "text": card.text,
                    "picture": card.picture,
                    "words": card.words,
                    "bars": [{"code": bar.code, "share": bar.share, "top": bar.top} for bar in card.bars]
                    or None,
                    "more": card.more,
                }
                for card in cards
            ],
        },
        on_open_change=opened,
    )
