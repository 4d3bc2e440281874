"""Behind "More" in the view "Pictures": what is not always needed."""

from __future__ import annotations

import streamlit as st

from fer_core.datasets.filters import Condition, Filter
from fer_core.datasets.orders import Order
from fer_core.datasets.rows import RowTable
from pages.dataset import selection
from pages.dataset.copied_link import link_button
from pages.dataset.words import network_name
from pages.ui.choices import keep_choice
from pages.ui.i18n import N_, _

SIZE_NAMES = {"small": N_("Small"), "medium": N_("Medium"), "large": N_("Large")}
_JUMP, _FIRST, _LAST, _SEED = "dataset_jump", "dataset_first_row", "dataset_last_row", "dataset_seed"


def more_controls(table: RowTable, chosen: Filter, order: Order, has_pictures: bool) -> None:
    """Jump to a row, a range of rows, shuffle, size of pictures, network, link.

    Args:
        table: of the whole set.
        chosen: the filter.
        order: of the pictures.
        has_pictures: whether there are any to be larger or smaller.
    """
    last = int(table.values("row").max())
    st.number_input(_("Go to row"), 0, last, None, key=_JUMP, on_change=_jump, args=(chosen, table))
    condition = chosen.of("row")
    low, high = (None, None) if condition is None else (condition.low, condition.high)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for key, label, value in ((_FIRST, _("Rows from"), low), (_LAST, _("to"), high)):
            st.session_state[key] = None if value is None else int(value)
            st.number_input(label, 0, last, key=key, on_change=_rows, args=(chosen,), width=130)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if _SEED not in st.session_state or order.seed is not None:
            st.session_state[_SEED] = 1 if order.seed is None else order.seed
        st.number_input(_("Seed"), 0, 2**32 - 1, key=_SEED, width=130)
        st.button(_("Shuffle"), icon=":material/shuffle:", on_click=_shuffle)
    if has_pictures:
        st.segmented_control(
            _("Size of the pictures"),
            list(SIZE_NAMES),
            default="medium",
            required=True,
            format_func={size: _(name) for size, name in SIZE_NAMES.items()}.__getitem__,
            key="dataset_size",
            persist_state="session",
        )
    if len(table.networks) > 1:
        keep_choice("dataset_network")
        st.selectbox(
            _("Answers of the network"),
            list(table.networks),
            format_func={each: network_name(each) for each in table.networks}.__getitem__,
            key="dataset_network",
            persist_state="session",
        )
    link_button()


def _jump(chosen: Filter, table: RowTable) -> None:
    row = st.session_state[_JUMP]
    if row is None:
        return
    row = int(row)
    position = table.values("row").searchsorted(row)
    if not chosen.mask(table)[position]:
        selection.set_filter(Filter())  # the row is not among those of the filter; undo brings that back
    selection.show_row(row)
    st.session_state[_JUMP] = None


def _rows(chosen: Filter) -> None:
    low, high = st.session_state[_FIRST], st.session_state[_LAST]
    if low is None and high is None:
        selection.set_filter(chosen.without("row"))
    else:
        selection.set_filter(chosen.replaced(Condition("row", low=low, high=high)))


def _shuffle() -> None:
    selection.set_order(Order(seed=int(st.session_state[_SEED] or 0)))
