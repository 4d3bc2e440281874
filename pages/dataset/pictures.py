"""View "Pictures": figures that filter on the left, the pictures of the filter on the right, both in sight."""

from __future__ import annotations

import hashlib

import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.filters import Filter
from fer_core.datasets.orders import Order
from fer_core.datasets.rows import RowTable
from pages.dataset import selection, sheet
from pages.dataset.figures import figures_of, show_figure
from pages.dataset.filter_bar import filter_bar
from pages.dataset.grid import SIZES, Shown, picture_grid
from pages.dataset.more import more_controls
from pages.dataset.take_along import selected_bar
from pages.dataset.words import column_name
from pages.ui.blocks import no_dataset_card
from pages.ui.choices import keep_choice
from pages.ui.guard import guarded_page
from pages.ui.i18n import _
from pages.ui.resources import networks

NETWORK_KEY = "dataset_network"
SIZE_KEY = "dataset_size"
_FIGURE_KEYS = ("dataset_figure_1", "dataset_figure_2")
_NO_FIGURE = "none"


def render(table: RowTable, chosen: Filter, dataset: Fer2013 | None) -> None:
    """The grid, or the sheet of one picture where the address names its row."""
    order = selection.order_of_address(table)
    positions = selection.shown_positions(table, chosen, order)
    network = chosen_network(table)
    opened = selection.opened_row(table)
    if opened is not None:
        sheet.render(table, dataset, opened, positions, network)
        return

    filter_bar(table, chosen, _("Click a bar or a cell: it filters."))
    left, right = st.columns([5, 9], gap="medium")
    with left:
        _figures(table, chosen, network)
    with right:
        _order_controls(table, chosen, order, dataset is not None)
        if dataset is None:
            _without_pictures()
        if not len(positions):
            st.info(_("No picture meets this filter."), icon=":material/filter_alt_off:")
            return
        text = repr((chosen.to_query(), order.to_query(), len(table), dataset is None))
        key = hashlib.sha256(text.encode()).hexdigest()[:12]
        size = st.session_state.get(SIZE_KEY)
        shown = Shown(table, dataset, positions, key, network, size if size in SIZES else "medium")
        _grid(shown, chosen, order)


def chosen_network(table: RowTable) -> str:
    """Id of the network whose answers the view shows; "" where the table has none."""
    kept = str(st.session_state.get(NETWORK_KEY, ""))
    # The default network comes first among those that are here.
    offered = [info.id for info in networks() if info.id in table.networks] or list(table.networks)
    return kept if kept in table.networks else next(iter(offered), "")


@st.fragment
@guarded_page()
def _grid(shown: Shown, chosen: Filter, order: Order) -> None:
    """Runs alone for each window and each selection; a sheet is another page."""
    if selection.opened_row(shown.table) is not None:
        st.rerun()
    selected_bar(shown.table, shown.positions, chosen, order, has_pictures=shown.dataset is not None)
    picture_grid(shown)


def _figures(table: RowTable, chosen: Filter, network: str) -> None:
    figures = figures_of(table, network)
    titles = {code: figure.title for code, figure in figures.items()} | {_NO_FIGURE: _("No second figure")}
    second = "label*vote" if "label*vote" in figures else _NO_FIGURE
    for key, first, options in zip(
        _FIGURE_KEYS, ("label", second), (list(figures), [*figures, _NO_FIGURE]), strict=True
    ):
        if st.session_state.get(key) not in options:
            st.session_state[key] = first
        keep_choice(key, network)
        shown = st.selectbox(
            _("Figure"),
            options,
            format_func=titles.__getitem__,
            key=key,
            label_visibility="collapsed",
        )
        if shown in figures:
            show_figure(figures[shown], table, chosen, f"{key}_drawn")


def _order_controls(table: RowTable, chosen: Filter, order: Order, has_pictures: bool) -> None:
    """What the pictures are sorted by, and behind "More" whatever is not always needed."""
    key = "dataset_sort"
    columns = [each for each in table.column_ids() if each != "votes"]
    names = {each: _("Sorted by: {column}").format(column=column_name(each)) for each in columns}
    # The address may have changed beside the control.
    st.session_state[key] = "" if order.seed is not None else order.column
    keep_choice(key)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="dataset_order"):
        st.selectbox(
            _("Sort by"),
            ["", *columns],
            format_func=({"": _("Shuffled")} | names).__getitem__,
            key=key,
            label_visibility="collapsed",
            on_change=_sort,
            args=(order,),
            width="stretch",
        )
        downwards = order.descending and order.seed is None
        st.button(
            _("Sort upwards") if downwards else _("Sort downwards"),
            icon=":material/arrow_downward:" if downwards else ":material/arrow_upward:",
            key="dataset_direction",
            disabled=order.seed is not None,
            on_click=selection.set_order,
            args=(Order(order.column, not order.descending),),
        )
        with st.popover(_("More"), icon=":material/tune:"):
            more_controls(table, chosen, order, has_pictures)


def _sort(order: Order) -> None:
    column = st.session_state["dataset_sort"]
    if column == "":
        selection.set_order(Order(seed=1))
    else:
        selection.set_order(Order(column, order.descending))


def _without_pictures() -> None:
    with st.container(key="dataset_no_pictures", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            _("The pictures are not here: each row has its label, FER+ majority and prediction instead."),
            width="stretch",
        )
        with st.popover(_("How to get FER2013"), type="tertiary"):
            no_dataset_card()
