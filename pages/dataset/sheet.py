"""The sheet of one picture: all that is known about it, and the next and the previous one of the filter."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.datasets.columns import PREDICTED, RIGHT
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.rows import RowTable
from pages.dataset import selection
from pages.dataset.sheet_keys import listen_to_keys
from pages.dataset.sheet_parts import answers, duplicates, facts, large_picture, maps, nearest, votes
from pages.ui.i18n import _, format_number
from pages.ui.resources import networks


def render(
    table: RowTable, dataset: Fer2013 | None, position: int, positions: np.ndarray, network: str
) -> None:
    """Show it.

    Args:
        table: of the whole set.
        dataset: the pictures of the same rows, or None.
        position: of the picture in the table.
        positions: int (n,), the rows of the filter in their order: what "next" means.
        network: whose answer is explained; "" for none.
    """
    row = int(table.values("row")[position])
    places = np.flatnonzero(positions == position)
    place = int(places[0]) if len(places) else None

    def step(by: int) -> None:
        if by == 0:
            selection.close_row()
        elif place is not None and 0 <= place + by < len(positions):
            selection.open_row(int(table.values("row")[positions[place + by]]))

    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="dataset_sheet_head"):
        st.button(
            _("Back to the pictures"),
            icon=":material/grid_view:",
            key="sheet_back",
            on_click=step,
            args=(0,),
            help=_("Or the key Esc"),
        )
        st.button(
            _("Previous"), icon=":material/arrow_back:", key="sheet_previous", on_click=step, args=(-1,),
            disabled=not place, help=_("Or the key ←"),
        )  # fmt: skip
        st.button(
            _("Next"), icon=":material/arrow_forward:", key="sheet_next", on_click=step, args=(1,),
            disabled=place is None or place == len(positions) - 1, help=_("Or the key →"),
        )  # fmt: skip
        if place is not None:
            where = _("{i} of {n} in this filter").format(
                i=format_number(place + 1), n=format_number(len(positions))
            )
        else:
            where = _("not in this filter")
        st.markdown(f"**{_('Row {n}').format(n=row)}** · {where}", width="content")
    listen_to_keys(row, step)
    left, middle, right = st.columns([3, 4, 5], gap="medium")
    with left, st.container(key="sheet_left"):
        if dataset is not None:
            large_picture(dataset.images_gray[position], row)
        facts(table, position)
    with middle:
        _heading(_why_title(table, position, network))
        if dataset is not None and network:
            maps(table, dataset.images_gray[position], position, network)
        if dataset is not None and networks():
            st.page_link(
                "pages/network/page.py",
                label=_("See how the network sees this face"),
                icon=":material/hub:",
                query_params={"face": f"row:{row}", **({"network": network} if network else {})},
            )
        votes(table, position)
        nearest(table, dataset, position)
        duplicates(table, dataset, position)
    with right:
        _heading(_("Answers of the networks"))
        answers(table, dataset, position)


def _why_title(table: RowTable, position: int, network: str) -> str:
    """What the column that explains is called: of a wrong answer "Why wrong?"."""
    if network and table.has(f"{RIGHT}:{network}") and table.values(f"{RIGHT}:{network}")[position] == 0:
        return _("Why wrong?")
    return (
        _("Why this answer?")
        if network and table.has(f"{PREDICTED}:{network}")
        else _("Votes and duplicates")
    )


def _heading(text: str) -> None:
    st.subheader(text, anchor=False)
