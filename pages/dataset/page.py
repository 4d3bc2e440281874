"""Data set: how many pictures of each expression there are, how they look, and what is wrong with them.

Each view is a module with `render(table, chosen, dataset)`: the table of rows, the filter of the address, and the
pictures where FER2013 is on this computer. All of them share filter and selection (`pages/dataset/selection.py`).
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.filters import Filter
from fer_core.datasets.rows import RowTable
from pages.dataset import map as face_map
from pages.dataset import pictures, selection, statistics
from pages.dataset.forensics import view as forensics_view
from pages.dataset.forensics.leakage import leak_switch
from pages.dataset.material import material
from pages.dataset.report import view as report
from pages.dataset.review import view as review
from pages.dataset.style import page_style
from pages.ui.address.controls import choose_part
from pages.ui.charts import result_style
from pages.ui.i18n import N_, _

View = Callable[[RowTable, Filter, Fer2013 | None], None]

VIEWS: dict[str, tuple[str, View]] = {
    "pictures": (N_("Pictures"), pictures.render),
    "statistics": (N_("Statistics"), statistics.render),
    "forensics": (N_("Forensics"), forensics_view.render),
    "map": (N_("Map"), face_map.render),
    "review": (N_("Review"), review.render),
    "report": (N_("Report"), report.render),
}
"""Code of each view, as the address has it, to its name and what shows it."""


def render() -> None:
    result_style()
    page_style()
    head = st.container(key="dataset_head", horizontal=True, vertical_alignment="center", gap="medium")
    with head:
        st.title(_("Data set"), anchor=False, width="content")
        view = selection.view_of_address(tuple(VIEWS))
        names = {code: _(name) for code, (name, _show) in VIEWS.items()}
        choose_part(_("View"), names, view, selection.show_view, key=selection.VIEW, hidden=True)
    table, dataset = material()
    chosen = selection.filter_of_address(table)
    with head:
        leak_switch(table, chosen)
    _name, show = VIEWS[view]
    show(table, chosen, dataset)


render()
