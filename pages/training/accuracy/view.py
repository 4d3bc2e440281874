"""The view "Accuracy" of the page Training: a network's confusion matrix, whose cells open, and its figures by expression."""

from __future__ import annotations

import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.errors import RautError
from fer_core.evaluation.answers import SplitAnswers, read_answers
from fer_core.evaluation.report import SplitReport
from pages.training.accuracy import address
from pages.training.accuracy.classes import figures_per_class
from pages.training.accuracy.headline import accuracy_line, how_far_to_trust
from pages.training.accuracy.matrix import NUMBERS, Shown, difference_shown, matrix_shown, no_difference
from pages.training.accuracy.matrix_picture import matrix_picture
from pages.training.accuracy.matrix_table import matrix_table
from pages.training.accuracy.opened import opened_pictures
from pages.training.accuracy.rows import Cell, known_rows
from pages.training.controls import one_network, part_or_reason, second_network, split_choice
from pages.training.networks import NetworkResults, figures_to_take
from pages.training.selection import Chosen
from pages.ui.guard import show_error
from pages.ui.i18n import _
from pages.ui.resources import dataset_or_none

_NUMBERS_KEY, _DUPLICATES_KEY = "training_numbers", "training_duplicates"


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    results = chosen.main
    numbers = address.shown_numbers()
    with st.container(horizontal=True, vertical_alignment="bottom", key="accuracy_controls"):
        one_network(chosen)
        split_choice(chosen)
        st.session_state[_NUMBERS_KEY] = numbers
        st.segmented_control(
            _("Numbers in the cells"),
            list(NUMBERS),
            required=True,
            format_func={code: _(name) for code, name in NUMBERS.items()}.__getitem__,
            key=_NUMBERS_KEY,
            on_change=lambda: address.set_numbers(str(st.session_state[_NUMBERS_KEY])),
        )
        more = st.popover(_("More"), icon=":material/tune:")
    whole = part_or_reason(chosen, results)
    with more:
        _more(chosen, whole)
    if whole is None:
        return
    left_out = address.leaves_out_duplicates()
    part = (whole.without_duplicates if left_out else None) or whole
    answers = _answers(results, part, left_out and part is not whole)
    accuracy_line(part, whole)
    dataset = _dataset_or_error()
    opened = address.open_cell(part.labels)
    left, right = st.columns([6, 5], gap="large")
    with left:
        st.subheader(_("Confusion matrix"), anchor=False)
        _matrix(chosen, part, numbers, opened, without=part is not whole)
        how_far_to_trust(results, part, whole)
    with right:
        opened_pictures(results, part, known_rows(part, answers), opened, dataset)
    figures_per_class(results, part)


def _more(chosen: Chosen, part: SplitReport | None) -> None:
    second_network(chosen)
    if part is not None and part.without_duplicates is not None:
        st.session_state[_DUPLICATES_KEY] = address.leaves_out_duplicates()
        st.toggle(
            _("Without duplicates of the training images"),
            key=_DUPLICATES_KEY,
            on_change=lambda: address.leave_out_duplicates(bool(st.session_state[_DUPLICATES_KEY])),
            help=_(
                "Leaves out the test images that have an exact duplicate among the images that the network learnt "
                "from."
            ),
        )
    figures_to_take(chosen.main, key="accuracy_figures")


def _answers(results: NetworkResults, part: SplitReport, without_duplicates: bool) -> SplitAnswers | None:
    """The stored answers to the pictures of that part; None where there are none, and a sentence for damaged ones."""
    try:
        stored = read_answers(results.info)
    except RautError as error:
        show_error(error)
        return None
    found = stored.splits.get(part.name) if stored is not None else None
    return found.without_duplicates if found is not None and without_duplicates else found


def _dataset_or_error() -> Fer2013 | RautError | None:
    """FER2013, None, or what is wrong with it: only the pictures need it."""
    try:
        return dataset_or_none()
    except RautError as error:
        return error


def _matrix(chosen: Chosen, part: SplitReport, numbers: str, opened: Cell | None, *, without: bool) -> None:
    """The matrix in the chosen numbers; where two networks cannot be subtracted, the reason and the counts."""
    results = chosen.main
    shown: Shown | None = None
    title = _("Confusion matrix of {network} on {split}").format(
        network=_(results.info.name), split=part.name
    )
    if numbers == "difference":
        found = _other(chosen, part, without)
        if isinstance(found, str):
            st.info(found, icon=":material/compare_arrows:")
            numbers = "counts"
        else:
            other, theirs = found
            names = _(results.info.name), _(other.info.name)
            shown = difference_shown((names[0], part), (names[1], theirs))
            title = _("Difference of the confusion matrices of {first} and {second} on {split}").format(
                first=names[0], second=names[1], split=part.name
            )
    if shown is None:
        shown = matrix_shown(part, numbers)
    matrix_table(
        shown,
        part.confusion,
        opened,
        title=title,
        tell=lambda cell: address.set_cell(part.labels, None if cell == opened else cell),
    )
    matrix_picture(results, part, shown, numbers, title)


def _other(chosen: Chosen, part: SplitReport, without: bool) -> tuple[NetworkResults, SplitReport] | str:
    """The second network and how it answered the same pictures, or why there is no difference to show."""
    if len(chosen.networks) < 2:
        return _("Choose the second network under “More”: the matrix then shows how the two differ.")
    other = chosen.networks[1]
    whole = no_difference(part, chosen.main, other, without_duplicates=without)
    return whole if isinstance(whole, str) else (other, whole)
