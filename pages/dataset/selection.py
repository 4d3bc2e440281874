"""What is chosen on the page Data set, for all of its views: filter and order, which stand in the address, the picture
whose sheet is open, and the rows that are selected.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fer_core.datasets.filters import Filter, column_of
from fer_core.datasets.orders import SHUFFLE, SORT, Order
from fer_core.datasets.rows import RowTable
from pages.ui.address.parameters import put, text_of_address
from pages.ui.guard import show_error

SHEET = "sheet"
"""Parameter of the address: row number of the picture whose sheet is open."""

VIEW = "view"
"""Parameter of the address and key of the control: which view of the page is shown."""

_SELECTED_KEY = "dataset_selected"
_EARLIER_KEY = "dataset_earlier_filters"
_FOCUS_KEY = "dataset_focus"
_STEPS_BACK = 50


# --- the view ----------------------------------------------------------------------------------------


def view_of_address(views: Sequence[str]) -> str:
    """Code of the view that the address names; the first where it names none."""
    named = text_of_address(VIEW)
    return named if named in views else views[0]


def show_view(view: str) -> None:
    """Go to a view; to be called in a callback, before the page is drawn."""
    put({VIEW: view})


# --- filter and order --------------------------------------------------------------------------------


def filter_of_address(table: RowTable) -> Filter:
    """The filter that the address names; a sentence for each parameter that it cannot keep."""
    chosen, problems = Filter.from_query(st.query_params.to_dict(), table)
    for problem in problems:
        show_error(problem)
    return chosen


def order_of_address(table: RowTable) -> Order:
    """In which order the address wants the pictures."""
    order, problems = Order.from_query(st.query_params.to_dict(), table)
    for problem in problems:
        show_error(problem)
    return order


def set_filter(chosen: Filter, *, remember: bool = True) -> None:
    """Another filter, in the address and for every view.

    Args:
        chosen: the new one.
        remember: whether `undo` brings back the one before.
    """
    before = _filter_in_address()
    if remember and before != chosen.to_query():
        earlier = st.session_state.setdefault(_EARLIER_KEY, [])
        earlier.append(before)
        del earlier[:-_STEPS_BACK]
    put({**dict.fromkeys(before), **chosen.to_query()})


def can_undo() -> bool:
    """Whether there was another filter before this one."""
    return bool(st.session_state.get(_EARLIER_KEY))


def undo() -> None:
    """The filter as it was before its last change."""
    earlier = st.session_state.get(_EARLIER_KEY)
    if earlier:
        before = earlier.pop()
        put({**dict.fromkeys(_filter_in_address()), **before})


def _filter_in_address() -> dict[str, str]:
    return {name: text for name, text in st.query_params.to_dict().items() if column_of(name) is not None}


def set_order(order: Order) -> None:
    """Another order, in the address."""
    put({SORT: None, SHUFFLE: None, **order.to_query()})


def shown_positions(table: RowTable, chosen: Filter, order: Order) -> np.ndarray:
    """The rows of the filter in their order: int64 (n,), positions in the table."""
    return order.positions(table, chosen.mask(table))


# --- the sheet of one picture ------------------------------------------------------------------------


def opened_row(table: RowTable) -> int | None:
    """Position in the table of the picture whose sheet is open; None where there is none."""
    text = text_of_address(SHEET)
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        return None
    found = np.flatnonzero(table.values("row") == int(text))
    return int(found[0]) if len(found) else None


def open_row(row: int) -> None:
    """Open the sheet of a picture, by its row number."""
    put({SHEET: str(row)})


def close_row() -> None:
    """Back to the grid, at the picture whose sheet was open."""
    text = text_of_address(SHEET)
    if text.isdecimal():
        show_row(int(text))
    put({SHEET: None})


def show_row(row: int) -> None:
    """Bring a picture of the grid into sight, by its row number."""
    turn = st.session_state.get(_FOCUS_KEY, (0, 0))[1] + 1
    st.session_state[_FOCUS_KEY] = (row, turn)


def row_to_show() -> tuple[int, int]:
    """Row number that the grid should bring into sight, and a number that grows with each such wish; -1, 0: none."""
    row, turn = st.session_state.get(_FOCUS_KEY, (-1, 0))
    return int(row), int(turn)


# --- selected rows -----------------------------------------------------------------------------------


def selected_rows() -> np.ndarray:
    """Row numbers of the selected pictures, rising: int64 (n,)."""
    return np.asarray(st.session_state.get(_SELECTED_KEY, np.empty(0, np.int64)))


def select(rows: np.ndarray, *, on: bool = True, only: bool = False) -> None:
    """Select pictures, or take them out of the selection.

    Args:
        rows: their row numbers.
        on: False takes them out.
        only: nothing but them.
    """
    before = np.empty(0, np.int64) if only else selected_rows()
    change = np.union1d if on else np.setdiff1d
    st.session_state[_SELECTED_KEY] = change(before, np.asarray(rows, np.int64))
