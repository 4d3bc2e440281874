"""The pictures of the filter in their order, or lines for them where the data set is not here.

The part in the browser (`grid.js`) holds as many places as there are rows, and asks for windows of `WINDOW` rows as
they come into sight: a window is one sprite and what stands below each of its pictures. Arrow keys reach each picture,
Enter and a click open it, the space bar, the tick and a click with Ctrl or Shift select.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.rows import RowTable
from fer_core.labels import FER2013_LABELS
from pages.dataset import selection
from pages.dataset.sprites import ACROSS, WINDOW, sprite_url
from pages.dataset.words import class_code, class_name
from pages.ui.i18n import _, format_probability

KEY = "dataset_grid"
SIZES = {"small": 64, "medium": 88, "large": 132}
"""Pixels of a picture's side, at usual size of text."""
_WANTED_KEY = "dataset_grid_wanted"
_HERE = Path(__file__)


@dataclass(frozen=True, eq=False)
class Shown:
    """What the grid shows.

    Attributes:
        table: of the whole set.
        dataset: the pictures of the same rows; None: lines instead.
        positions: int (n,), of the rows in the table, in the order shown.
        order: a text that is another one for each other order.
        network: whose answers stand in lines; "" for none.
        size: one of `SIZES`.
    """

    table: RowTable
    dataset: Fer2013 | None
    positions: np.ndarray
    order: str
    network: str
    size: str


def picture_grid(shown: Shown) -> None:
    """The grid itself; to be called in a fragment, which runs again for each window."""
    rows = shown.table.values("row")[shown.positions]
    row, turn = selection.row_to_show()
    places = np.flatnonzero(rows == row)
    focus = int(places[0]) if len(places) else -1
    first = max(focus, 0) // WINDOW
    wanted = st.session_state.get(_WANTED_KEY, ("", ()))
    asked = wanted[1] if wanted[0] == shown.order else (first - 1, first, first + 1)
    last = -(-len(rows) // WINDOW)
    part = st.components.v2.component(
        "dataset_grid",
        html='<div class="grid" role="listbox" aria-multiselectable="true"></div>',
        css=_HERE.with_name("grid.css").read_text("utf-8"),
        js=_HERE.with_name("grid.js").read_text("utf-8"),
    )

    def told(name: str) -> Mapping[str, object]:
        """What the browser said, which may be anything and of an order that is over."""
        value = getattr(st.session_state[KEY], name, None)
        return value if isinstance(value, Mapping) and value.get("order") == shown.order else {}

    def want() -> None:
        numbers = told("want").get("windows")
        if isinstance(numbers, list):
            st.session_state[_WANTED_KEY] = (shown.order, tuple(n for n in numbers if isinstance(n, int))[:6])

    def select() -> None:
        said = told("select")
        low, high = said.get("from"), said.get("to")
        if isinstance(low, int) and isinstance(high, int) and 0 <= low <= high < len(rows):
            selection.select(rows[low : high + 1], on=said.get("on") is True)

    def open_sheet() -> None:
        row = told("open").get("row")
        if isinstance(row, int):
            selection.open_row(row)

    part(
        key=KEY,
        data={
            "order": shown.order,
            "count": len(rows),
            "window": WINDOW,
            "across": ACROSS,
            "size": SIZES[shown.size],
            "list": shown.dataset is None,
            "windows": [_window(shown, number) for number in asked if 0 <= number < last],
            "selected": _bits(np.isin(rows, selection.selected_rows())),
            "focus": {"at": focus, "turn": turn},
            **_words(shown),
        },
        on_want_change=want,
        on_select_change=select,
        on_open_change=open_sheet,
    )


def _window(shown: Shown, number: int) -> dict[str, object]:
    """`WINDOW` rows: row number, label, vote or -1, prediction or -1, certainty in words."""
    positions = shown.positions[number * WINDOW : (number + 1) * WINDOW]
    table = shown.table
    votes = table.values("vote")[positions] if table.has("vote") else np.full(len(positions), -1)
    predicted, certainty = np.full(len(positions), -1), [""] * len(positions)
    if table.has(f"predicted:{shown.network}"):
        predicted = table.values(f"predicted:{shown.network}")[positions]
        certainty = [
            format_probability(float(value))
            for value in table.values(f"certainty:{shown.network}")[positions]
        ]
    columns = (table.values("row")[positions], table.values("label")[positions], votes, predicted)
    return {
        "number": number,
        "sprite": "" if shown.dataset is None else sprite_url(shown.dataset.images_gray[positions]),
        "items": [
            [*values, text]
            for *values, text in zip(*(column.tolist() for column in columns), certainty, strict=True)
        ],
    }


def _words(shown: Shown) -> dict[str, object]:
    def named(codes: tuple[str, ...]) -> list[dict[str, str]]:
        return [{"code": class_code(code), "name": class_name(code)} for code in codes]

    network = shown.network
    return {
        "labels": named(FER2013_LABELS),
        "votes": named(shown.table.codes("vote")),
        "predictions": named(shown.table.codes(f"predicted:{network}")) if network else [],
        "texts": {
            "grid": _("Pictures of the filter"),
            "row": _("row {n}"),
            "label": _("Label"),
            "vote": _("FER+ majority"),
            "predicted": _("Prediction"),
            "loading": _("is being fetched"),
        },
    }


def _bits(flags: np.ndarray) -> str:
    """bool (n,) as text, eight to a byte."""
    return base64.b64encode(np.packbits(flags).tobytes()).decode()
