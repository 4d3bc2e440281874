"""The confusion matrix as a table whose cells open; `matrix_table.js` draws it and hears clicks and keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from fer_core.plots import cell_text_colour, shade
from pages.training.accuracy.matrix import Shown
from pages.training.accuracy.rows import Cell
from pages.ui.i18n import _, emotion_name, format_number

KEY = "training_matrix"
_HERE = Path(__file__)
_THEMES = ("light", "dark")


def matrix_table(
    shown: Shown, confusion: np.ndarray, opened: Cell | None, *, title: str, tell: Callable[[Cell], None]
) -> None:
    """Draw it.

    Args:
        shown: numbers and shades.
        confusion: int (C, C), the counts, of which the sums of rows and columns are shown.
        opened: the cell that is open.
        title: what a screen reader says of the table.
        tell: is called with a cell that was clicked, before the page is drawn.
    """
    size = len(shown.labels)
    part = st.components.v2.component(
        "training_matrix",
        html='<div class="matrix"></div>',
        css=_HERE.with_suffix(".css").read_text("utf-8"),
        js=_HERE.with_suffix(".js").read_text("utf-8"),
    )
    name = ",".join(shown.labels)

    def clicked() -> None:
        said = getattr(st.session_state[KEY], "open", None)
        if not isinstance(said, Mapping) or said.get("matrix") != name:
            return  # of a matrix that was there before; and what comes from a browser may be anything
        at = said.get("at")
        if isinstance(at, int) and 0 <= at < size * size:
            tell((at // size, at % size))

    part(
        key=KEY,
        data={
            "id": name,
            "title": title,
            "corner": _("Label"),
            "answers": shown.answer_name,
            "names": [{"code": code, "name": emotion_name(code)} for code in shown.labels],
            "cells": [[_cell(shown, i, j) for j in range(size)] for i in range(size)],
            "sums": {
                "name": _("Sum"),
                "down": _texts(confusion.sum(axis=1)),
                "across": _texts(confusion.sum(axis=0)),
                "all": format_number(int(confusion.sum())),
            }
            if shown.largest is None
            else None,
            "legend": {
                "name": shown.scale_name,
                "stops": [_colours(shade, step / 10, shown) for step in range(11)]
                if shown.largest is None
                else [_colours(shade, shown.largest * step / 5, shown) for step in range(-5, 6)],
                "ticks": list(shown.scale.values()),
            },
            "open": -1 if opened is None else opened[0] * size + opened[1],
        },
        on_open_change=clicked,
    )


def _cell(shown: Shown, row: int, column: int) -> dict[str, object]:
    value = float(np.nan_to_num(shown.shades[row, column]))
    return {
        "text": shown.texts[row][column],
        "facts": list(shown.facts[row][column]),
        "back": _colours(shade, value, shown),
        "front": _colours(cell_text_colour, value, shown),
    }


def _colours(of: Callable[..., str], value: float, shown: Shown) -> list[str]:
    """In the light theme and in the dark one."""
    signed = shown.largest is not None
    return [of(value / (shown.largest or 1), theme, signed=signed) for theme in _THEMES]


def _texts(counts: Sequence[int] | np.ndarray) -> list[str]:
    return [format_number(int(count)) for count in counts]
