"""The view "Paper" of the page Training: the paper's results beside ours, and what makes such figures too high.

The lesson has three steps. Which one is shown stands in the address as `lesson`.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.shipped import shipped_rows
from fer_core.errors import DatasetError, RautError
from fer_core.training.recipes.registry import RECIPES
from pages.training.paper.by_heart import by_heart_step
from pages.training.paper.choosing import choosing_step
from pages.training.paper.leakage import leakage_step
from pages.training.paper.table import paper_beside_ours, rows_of
from pages.training.selection import Chosen
from pages.ui.address.controls import choose_part
from pages.ui.address.parameters import put, text_of_address
from pages.ui.guard import show_error
from pages.ui.i18n import N_, _

LESSON: Final = "lesson"
"""Parameter of the address: number of the step that is shown, from 1; none for the tables."""

_TABLES: Final = "tables"

PARTS: Final = {
    _TABLES: N_("Tables 2 and 3"),
    "1": N_("1 Leakage"),
    "2": N_("2 Choosing by the test"),
    "3": N_("3 Overfitting"),
}
"""Code of each part to its name, in the order in which a class goes through them."""


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    part = _part_of_address()
    names = {code: _(name) for code, name in PARTS.items()}
    choose_part(_("Part of the lesson"), names, part, _go, key="paper_lesson", hidden=True)
    rows, table = rows_of(chosen.all), _table_or_none()
    if part == _TABLES:
        st.header(_("The paper and Raut"), anchor=False)
        st.markdown(
            _(
                "Ekawati et al. (2024) report three networks. Here they are trained again with its data, labels, "
                "number of epochs and learning rate, as far as its text and figures state them. What it does not "
                "state, such as the batch size (here {batch}), is Raut's choice."
            ).format(batch=RECIPES["paper-small"].batch_size)
        )
        paper_beside_ours(rows, chosen.all, table)
    elif part == "1":
        st.header(_("Leakage: test pictures that were learnt"), anchor=False)
        if table is not None:
            leakage_step(rows, table)
    elif part == "2":
        st.header(_("Choosing by the test set"), anchor=False)
        choosing_step(rows, chosen.all)
    else:
        st.header(_("Overfitting: training pictures learnt by heart"), anchor=False)
        by_heart_step(rows, chosen)
    _before_and_next(part)


def _part_of_address() -> str:
    """The part that the address names; the tables, and a sentence, where it names one that there is not."""
    named = text_of_address(LESSON)
    if named in PARTS and named != _TABLES:
        return named
    if named:
        show_error(RautError(N_("The lesson has no step “{name}”; its steps are 1, 2 and 3."), name=named))
    return _TABLES


def _go(part: str) -> None:
    """Put a part into the address; to be called in a callback."""
    put({LESSON: None if part == _TABLES else part})


def _before_and_next(part: str) -> None:
    """Buttons to the part before and after this one."""
    codes = list(PARTS)
    at = codes.index(part)
    with st.container(horizontal=True):
        if at > 0:
            before = codes[at - 1]
            st.button(
                _("Back: {part}").format(part=_(PARTS[before])),
                icon=":material/arrow_back:",
                key="lesson_back",
                on_click=_go,
                args=(before,),
            )
        # After the last step comes what the class began with.
        following = codes[(at + 1) % len(codes)]
        st.button(
            _("Next: {part}").format(part=_(PARTS[following])),
            icon=":material/arrow_forward:",
            type="primary",
            key="lesson_next",
            on_click=_go,
            args=(following,),
        )


def _table_or_none() -> RowTable | None:
    """The table of FER2013's rows that ships; None, and the reason shown, where it is damaged."""
    try:
        return shipped_rows()
    except DatasetError as error:
        show_error(error)
        return None
