"""The selected pictures: how many, all of the filter or none of them, a round of the quiz, and their rows as a table."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.audit.row_tables import Chosen, column_sources, rows_zip
from fer_core.datasets.filters import Filter
from fer_core.datasets.orders import Order
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.shipped import shipped_statistics
from fer_core.quiz.choice import MOST_QUESTIONS, SetChoice
from pages.dataset import selection
from pages.dataset.material import is_shipped
from pages.ui.charts import now_here
from pages.ui.i18n import _, format_number, language, ngettext, speaking


def selected_bar(
    table: RowTable, positions: np.ndarray, chosen: Filter, order: Order, *, has_pictures: bool
) -> None:
    """What stands above the grid.

    Args:
        table: of the whole set.
        positions: int (n,), the rows of the filter in the order shown.
        chosen: the filter.
        order: in which they stand.
        has_pictures: whether the data set is on this computer.
    """
    rows = table.values("row")[positions]
    selected = selection.selected_rows()
    among = int(np.isin(rows, selected).sum())
    with st.container(key="dataset_selected", horizontal=True, vertical_alignment="center", gap="small"):
        if len(selected):
            text = ngettext("{n} selected", "{n} selected", len(selected)).format(
                n=format_number(len(selected))
            )
            if among < len(selected):
                text += " " + _("({n} of them in this filter)").format(n=format_number(among))
            st.markdown(f"**{text}**", width="content")
        if among < len(rows):
            st.button(
                _("Select all"), key="select_all", type="tertiary", on_click=selection.select, args=(rows,)
            )
        if len(selected):
            st.button(_("Select none"), key="select_none", type="tertiary", on_click=_select_none)
        if len(positions):
            taken = Chosen(table, chosen, order)
            if len(selected):  # it goes along whole, also what this filter does not show
                places = np.flatnonzero(np.isin(table.values("row"), selected))
                taken = Chosen(table, Filter(), order, tuple(places.tolist()))
            if has_pictures:
                _quiz(table, taken.positions() if len(selected) else positions, selected=len(selected) > 0)
            _download(table, taken, selected=len(selected) > 0)


def _quiz(table: RowTable, positions: np.ndarray, *, selected: bool) -> None:
    """A round of the quiz with the pictures at these positions, in their order; the first ones where there are many."""
    label, explained = (
        _("Quiz with these faces"),
        _("Asks which expression each picture shows, on the page Quiz."),
    )
    if len(positions) > MOST_QUESTIONS:
        label = _("Quiz with the first {n} faces").format(n=format_number(MOST_QUESTIONS))
        explained = (
            _("A round has at most {n} pictures: the first of the {all} selected ones, in the order shown.")
            if selected
            else _(
                "A round has at most {n} pictures: the first of the {all} in this filter, in the order shown."
            )
        ).format(n=format_number(MOST_QUESTIONS), all=format_number(len(positions)))
    if st.button(label, key="dataset_quiz", icon=":material/quiz:", type="tertiary", help=explained):
        rows = table.values("row")[positions[:MOST_QUESTIONS]]
        choice = SetChoice("rows", rows=tuple(int(row) for row in rows))
        st.switch_page("pages/quiz/page.py", query_params=choice.to_query())


def _download(table: RowTable, taken: Chosen, *, selected: bool) -> None:
    """The chosen rows: every column in the order shown, with a codebook."""
    made = now_here()
    provenance = taken.provenance(
        made, "FER2013" if is_shipped(table) else _("the data set on this computer")
    )
    sources = column_sources(shipped_statistics()) if is_shipped(table) else None
    spoken = language()

    def content() -> bytes:
        with speaking(spoken):  # written outside of a run of the page
            return rows_zip(taken, provenance, _, sources)

    st.download_button(
        _("Download the selection") if selected else _("Download these rows"),
        content,
        file_name=provenance.file_name("fer2013-rows", "zip"),
        mime="application/zip",
        key="dataset_download",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help=_(
            "A zip with rows.csv, every column in the order shown, and codebook.csv, which explains them."
        ),
    )


def _select_none() -> None:
    selection.select(np.empty(0, np.int64), only=True)
