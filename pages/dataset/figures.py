"""Figures that filter, as the views of the page show them; `figures.js` draws them and hears the clicks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import streamlit as st

from fer_core.datasets.columns import CERTAINTY, PREDICTED, SPLIT_CODES, column
from fer_core.datasets.filters import Filter
from fer_core.datasets.rows import RowTable
from pages.dataset import selection
from pages.dataset.figure.kinds import Bars, Figure, Histogram, Matrix, Networks
from pages.dataset.figure.texts import edges_of, reading_order
from pages.ui.i18n import language

_HERE = Path(__file__)
_OF_THE_TABLE = (
    "label", "vote", "split", "agreement", "entropy", "duplicates", "leaked", "doubt", "not_a_face", "undetected",
    "brightness", "contrast", "sharpness",
)  # fmt: skip


def figures_of(table: RowTable, network: str) -> dict[str, Figure]:
    """Every figure that the table has the numbers for, by its id, in the order of the list to choose from.

    Args:
        table: of the whole set.
        network: id of the one whose answers are shown; "" for none.
    """
    found: list[Figure] = []
    for column_id in _OF_THE_TABLE:
        if table.has(column_id):
            found.append(_figure(table, column_id))
            if column_id == "vote":
                found.append(_matrix(table, "label", "vote"))
    if table.networks:
        found.append(Networks(tuple(table.networks)))
    if network:
        found.append(_matrix(table, "label", f"{PREDICTED}:{network}"))
        found.append(_figure(table, f"{PREDICTED}:{network}"))
        found.append(_figure(table, f"{CERTAINTY}:{network}"))
    return {figure.id: figure for figure in found}


def show_figure(figure: Figure, table: RowTable, chosen: Filter, key: str) -> None:
    """Draw a figure whose parts filter.

    Args:
        figure: which one.
        table: of the whole set.
        chosen: the filter as it stands.
        key: unique on the page.
    """
    part = st.components.v2.component(
        "dataset_figure",
        html='<div class="figure"></div>',
        css=_HERE.with_name("figures.css").read_text("utf-8"),
        js=_HERE.with_name("figures.js").read_text("utf-8"),
    )

    def picked() -> None:
        said = getattr(st.session_state[key], "pick", None)
        if not isinstance(said, Mapping) or said.get("figure") != figure.id:
            return  # of a figure that was there before; and what comes from a browser may be anything
        low, high = said.get("from"), said.get("to")
        if isinstance(low, int) and isinstance(high, int) and 0 <= low <= high < parts:
            selection.set_filter(figure.after(chosen, low, high, said.get("more") is True))

    data = figure.data(table, chosen)
    words = data["words"]
    parts = len(words) if isinstance(words, list) else 0
    part(
        key=key,
        data={"id": figure.id, "title": figure.title, "language": language(), **data},
        on_pick_change=picked,
    )


def _figure(table: RowTable, column_id: str) -> Figure:
    codes = table.codes(column_id)
    if not codes:
        return Histogram(column_id, _edges(table, column_id))
    if column_id == "split":
        codes = tuple(code for at, code in enumerate(SPLIT_CODES) if (table.values("split") == at).any())
    return Bars(column_id, reading_order(codes))


def _matrix(table: RowTable, down: str, across: str) -> Matrix:
    return Matrix(down, across, reading_order(table.codes(down)), reading_order(table.codes(across)))


@lru_cache(maxsize=64)  # tables are few, live long and are compared by identity
def _edges(table: RowTable, column_id: str) -> tuple[float, ...]:
    values = np.asarray(table.values(column_id))
    if column_id.startswith(CERTAINTY):
        return tuple(round(each * 0.05, 2) for each in range(21))
    return edges_of(values, whole=column(column_id).kind == "whole")
