"""Maps side by side, large, with the number of each place: the reader moves over them and chooses a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from pages.network.map_pictures import is_signed, limit_of, shades, url_of
from pages.ui.i18n import _, format_number

_HERE = Path(__file__)


@dataclass(frozen=True, eq=False)
class LargeMap:
    """One of the maps.

    Attributes:
        values: float32 (H, W).
        caption: below it, translated.
        words: what a screen reader says of it, translated.
        limit: what is white; None for its own largest value.
        window: columns and rows of it that one place of the main map is made of; None for the main map, which is
            one, and for a map of which nothing is marked.
        step: places of it from one window to the next.
        offset: column and row of the first window; negative in the padding.
    """

    values: np.ndarray
    caption: str
    words: str
    limit: float | None = None
    window: tuple[int, int] | None = None
    step: int = 1
    offset: tuple[int, int] = (0, 0)


def large_maps(
    before: Sequence[LargeMap],
    main: LargeMap,
    place: tuple[int, int],
    *,
    facts: Sequence[str],
    of: str,
    key: str,
    on_choose: Callable[[int, int], None],
) -> None:
    """Show them.

    Args:
        before: the maps that the main one is made of.
        main: in which a place is chosen.
        place: row and column of the chosen one.
        facts: beside them, a line each, translated.
        of: another text for each other map, so that a press on one that is gone does not count.
        key: unique on the page.
        on_choose: called with row and column, before the page is drawn.
    """
    rows, columns = main.values.shape

    def chose() -> None:
        said = getattr(st.session_state[key], "choose", None)
        if not (isinstance(said, Mapping) and said.get("of") == of):
            return
        y, x = said.get("y"), said.get("x")
        if isinstance(y, int) and isinstance(x, int) and 0 <= y < rows and 0 <= x < columns:
            on_choose(y, x)

    part = st.components.v2.component(
        "network_large_maps",
        html='<div class="maps"></div>',
        css=_HERE.with_name("big_map.css").read_text("utf-8"),
        js=_HERE.with_name("big_map.js").read_text("utf-8"),
    )
    part(
        key=key,
        data={
            "of": of,
            "y": place[0],
            "x": place[1],
            "facts": list(facts),
            "place": _("Row {y}, column {x}: {value}"),
            "maps": [*(_described(one, active=False) for one in before), _described(main, active=True)],
        },
        on_choose_change=chose,
    )


def _described(one: LargeMap, *, active: bool) -> dict[str, object]:
    rows, columns = one.values.shape
    limit = limit_of(one.values) if one.limit is None else one.limit
    return {
        "picture": url_of(shades(one.values, limit, signed=is_signed(one.values))),
        "caption": one.caption,
        "words": one.words,
        "rows": rows,
        "columns": columns,
        "active": active,
        "window": None if one.window is None else list(one.window),
        "step": one.step,
        "offset": list(one.offset),
        "values": [format_number(value, 3) for value in one.values.ravel().tolist()] if active else [],
    }
