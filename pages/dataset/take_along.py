"""The selected pictures: how many, all of the filter or none of them, and their rows as a table to take home."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.datasets.filters import Filter
from fer_core.datasets.orders import Order
from fer_core.datasets.rows import RowTable
from pages.dataset import selection
from pages.ui.i18n import _, format_number, ngettext


def selected_bar(table: RowTable, positions: np.ndarray, chosen: Filter, order: Order) -> None:
    """What stands above the grid.

    Args:
        table: of the whole set.
        positions: int (n,), the rows of the filter in the order shown.
        chosen: the filter.
        order: in which they stand.
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


def _select_none() -> None:
    selection.select(np.empty(0, np.int64), only=True)
