"""View "Statistics": splits, the paper's table and figure, and what is known about labels, votes and pictures."""

from __future__ import annotations

import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.filters import Filter
from fer_core.datasets.rows import RowTable
from pages.dataset.counts import headline, paper_section, splits_section, whole_set
from pages.dataset.filter_bar import filter_bar
from pages.dataset.legend import legend_section
from pages.dataset.material import is_shipped
from pages.dataset.mean_faces import faces_section
from pages.dataset.measures import measures_section, votes_section
from pages.ui.i18n import _, format_number


def render(table: RowTable, chosen: Filter, dataset: Fer2013 | None) -> None:
    """First what is counted in all of FER2013, then what the filter leaves of the set at hand."""
    counts = whole_set()
    st.markdown(
        _(
            "FER2013 has {n} grey pictures of faces, 48×48 pixels each, collected from the web in 2013. Each "
            "has one of {classes} labels."
        ).format(n=format_number(sum(counts.values())), classes=format_number(len(counts)))
        + " "
        + _("The label comes from the word that the picture was searched with, checked by people.")
    )
    headline()
    splits_section()
    legend_section()
    paper_section()
    st.header(_("Figures of the filter"), anchor=False)
    st.markdown(
        _(
            "From here on the figures are those of the pictures that meet the filter, of the set that comes with Raut."
        )
        if is_shipped(table)
        else _(
            "From here on the figures are those of the pictures that meet the filter, of the set on this computer."
        )
    )
    filter_bar(table, chosen, _("Click a bar or a cell: it filters."))
    votes_section(table, chosen)
    faces_section(table, chosen, dataset)
    measures_section(table, chosen)
