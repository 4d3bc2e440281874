"""The pictures of FER2013 with their labels, by split and expression."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.splits import Split, available_splits, class_counts, split
from fer_core.errors import RautError
from fer_core.labels import FERPLUS_LABELS, TASK_LABELS, in_reading_order
from pages.ui.blocks import no_dataset_card
from pages.ui.choices import keep_choice
from pages.ui.guard import show_error
from pages.ui.i18n import N_, _, emotion_name, format_number, ngettext
from pages.ui.picture_grid import GridPicture, page_bounds, pages_of, picture_grid
from pages.ui.resources import dataset_or_none

VOTE_NAMES = {"unknown": N_("no clear expression"), "NF": N_("not a face")}


def pictures_section() -> None:
    """The pictures themselves, where the reader has them."""
    st.header(_("Look at the pictures"), anchor=False)
    try:
        dataset = dataset_or_none()
        if dataset is None:
            no_dataset_card()
            return
        names = available_splits(dataset)
    except RautError as error:
        show_error(error)
        st.markdown(_("The charts above do not need it: they show counts that come with Raut."))
        return
    where, which = st.columns(2)
    name = where.selectbox(_("Pictures of"), names, key="sample_split", persist_state="session")
    part = split(dataset, name)
    counts = class_counts(part)
    everything = "all"
    expression_key = f"sample_expression_{part.task}"
    keep_choice(expression_key, name)
    code = which.selectbox(
        _("Expression"),
        [everything, *in_reading_order(counts)],
        format_func=lambda code: _("All") if code == everything else f"{emotion_name(code)} ({format_number(counts[code])})",
        key=expression_key,
        persist_state="session",
    )  # fmt: skip
    labels = TASK_LABELS[part.task]
    chosen = np.arange(len(part)) if code == everything else np.flatnonzero(part.labels == labels.index(code))
    if not len(chosen):
        st.info(
            _("{split} has no picture of “{expression}”.").format(split=name, expression=emotion_name(code))
        )
        return
    page_key = f"sample_page_{name}_{code}"
    page = min(int(st.session_state.get(page_key, 1)), pages_of(len(chosen)))
    here = page_bounds(page, len(chosen))
    st.caption(
        ngettext("{first} to {last} of {n} picture", "{first} to {last} of {n} pictures", len(chosen)).format(
            first=format_number(here.start + 1), last=format_number(here.stop), n=format_number(len(chosen))
        )
    )
    picture_grid([_sample(dataset, part, int(position)) for position in chosen[here]])
    st.pagination(pages_of(len(chosen)), key=page_key)
    st.caption(
        _(
            "The label comes from the word that the picture was searched with, checked by people. Do you "
            "agree?"
        )
        + " "
        + (
            _("Row numbers are those of fer2013.csv, the first picture being row 0.")
            if dataset.form == "csv"
            else _("Rows are numbered as read from the folders.")
        )
    )


def _sample(dataset: Fer2013, part: Split, position: int) -> GridPicture:
    row = int(part.rows[position])
    label = TASK_LABELS[part.task][part.labels[position]]
    more, codes = None, tuple[str, ...]()
    if dataset.votes is not None:
        lines, codes = _votes(dataset.votes[row])
        more = (_("FER+ votes"), lines)
    return GridPicture(
        dataset.images_gray[row],
        _("row {n}").format(n=int(dataset.rows[row])),
        (emotion_name(label),),
        more,
        (label,),
        codes,
    )


def _votes(votes: np.ndarray) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What ten people saw, most votes first, and the expression that each line names."""
    names = [*(emotion_name(code) for code in FERPLUS_LABELS), *(_(name) for name in VOTE_NAMES.values())]
    codes = [*FERPLUS_LABELS, *("" for _name in VOTE_NAMES)]
    order = [i for i in np.argsort(-votes.astype(int), kind="stable") if votes[i]]
    if not order:
        return (_("no votes"),), ("",)
    lines = tuple(f"{format_number(int(votes[i]))} × {names[i]}" for i in order)
    return lines, tuple(codes[i] for i in order)
