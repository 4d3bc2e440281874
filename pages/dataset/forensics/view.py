"""View "Forensics": what is wrong with the data set, each finding with a figure, a list of rows, and its pictures."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.filters import Filter
from fer_core.datasets.rows import RowTable
from pages.dataset import selection, sheet
from pages.dataset.filter_bar import filter_bar
from pages.dataset.forensics.figures import FIGURES
from pages.dataset.forensics.findings import Finding, findings_for
from pages.dataset.grid import SIZES, Shown, picture_grid
from pages.dataset.pictures import SIZE_KEY, chosen_network
from pages.dataset.words import column_name, value_words
from pages.ui.address.controls import choose_part
from pages.ui.address.parameters import put, text_of_address
from pages.ui.charts import Column, csv_button
from pages.ui.guard import guarded_page
from pages.ui.i18n import _, format_number, ngettext

FINDING = "finding"
"""Parameter of the address: which finding is shown."""

_CONTROL = "dataset_finding"

_LISTED = 1000
"""Rows of the list; the CSV has all."""


def render(table: RowTable, chosen: Filter, dataset: Fer2013 | None) -> None:
    """One finding at a time; the filter of the page leaves out rows of its list."""
    findings = findings_for(table)
    asked = text_of_address(FINDING)
    code = asked if asked in findings else next(iter(findings))
    opened = selection.opened_row(table)
    if opened is not None:
        finding = findings[code]
        sheet.render(table, dataset, opened, _positions(finding, table, chosen), chosen_network(table))
        return
    names = {each: _(one.name) for each, one in findings.items()}
    choose_part(_("Finding"), names, code, lambda each: put({FINDING: each}), key=_CONTROL, hidden=True)
    finding = findings[code]
    filter_bar(table, chosen)
    positions = _positions(finding, table, chosen)
    left, right = st.columns([5, 7], gap="medium")
    with left:
        FIGURES[finding.id](table, chosen)
    with right:
        _pictures(finding, table, chosen, dataset, positions)
    _list(finding, table, positions)


def _positions(finding: Finding, table: RowTable, chosen: Filter) -> np.ndarray:
    rows = finding.rows(table)
    return rows[chosen.mask(table)[rows]]


def _pictures(
    finding: Finding, table: RowTable, chosen: Filter, dataset: Fer2013 | None, positions: np.ndarray
) -> None:
    if not len(positions):
        st.info(_("No picture of this list meets the filter."), icon=":material/filter_alt_off:")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="forensics_head"):
        text = ngettext("**{n}** picture", "**{n}** pictures", len(positions))
        st.markdown(text.format(n=format_number(len(positions))), width="content")
        st.button(
            _("Filter by this finding"),
            icon=":material/filter_alt:",
            key="forensics_filter",
            on_click=_show_pictures,
            args=(finding.shows(table),),
            help=_("Shows these pictures in the view Pictures, beside all figures"),
        )
    text = repr((finding.id, chosen.to_query(), len(table), dataset is None))
    key = hashlib.sha256(text.encode()).hexdigest()[:12]
    _grid(Shown(table, dataset, positions, key, chosen_network(table), _size()))


def _size() -> str:
    size = st.session_state.get(SIZE_KEY)
    return size if size in SIZES else "medium"


@st.fragment
@guarded_page()
def _grid(shown: Shown) -> None:
    if selection.opened_row(shown.table) is not None:
        st.rerun()
    picture_grid(shown)


def _show_pictures(wanted: Filter) -> None:
    selection.set_filter(wanted)
    selection.show_view("pictures")


def _list(finding: Finding, table: RowTable, positions: np.ndarray) -> None:
    """The rows with what it takes to judge them; a click on one opens its sheet."""
    names = [each for each in ("row", "split", "label", "vote", *finding.columns) if table.has(each)]
    shown = positions[:_LISTED]
    with st.expander(_("List with row numbers"), icon=":material/list:", expanded=False):
        cells = {name: [value_words(table, name, int(at)) for at in shown] for name in names}
        event = st.dataframe(
            {
                column_name(name): cells[name] if name != "row" else table.values("row")[shown]
                for name in names
            },
            hide_index=True,
            key=f"forensics_list_{finding.id}",
            on_select="rerun",
            selection_mode="single-row",
            height=300,
        )
        if len(positions) > _LISTED:
            st.caption(
                _("The first {n} of {of} rows; the file has all.").format(
                    n=format_number(_LISTED), of=format_number(len(positions))
                )
            )
        csv_button(
            [Column(name, _plain(table, name, positions)) for name in names],
            key=f"forensics_csv_{finding.id}",
            filename=f"fer2013-{finding.id}",
        )
    picked = event.selection.rows if event else []
    if picked and picked[0] < len(shown):
        selection.open_row(int(table.values("row")[shown[picked[0]]]))
        st.rerun()


def _plain(table: RowTable, name: str, positions: np.ndarray) -> list[object]:
    """As programs read them: codes and numbers."""
    values = table.texts(name) if table.codes(name) else table.values(name)
    return list(values[positions].tolist())
