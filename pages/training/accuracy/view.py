"""The view "Accuracy" of the page Training: a network's confusion matrix, whose cells open, and its figures by expression."""

from __future__ import annotations

import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.errors import RautError
from fer_core.evaluation.comparison import comparable
from fer_core.evaluation.report import Report, SplitReport
from pages.training.accuracy import address
from pages.training.accuracy.classes import figures_per_class
from pages.training.accuracy.headline import accuracy_line, how_far_to_trust
from pages.training.accuracy.matrix import NUMBERS, Shown, difference_shown, matrix_shown
from pages.training.accuracy.matrix_picture import matrix_picture
from pages.training.accuracy.matrix_table import matrix_table
from pages.training.accuracy.opened import opened_pictures
from pages.training.accuracy.ranking import ranking_curves
from pages.training.accuracy.rows import Cell, known_rows
from pages.training.controls import one_network, second_network, split_choice
from pages.training.measured import Measured, duplicates_switch, measured_part, stored_answers
from pages.training.networks import NetworkResults, figures_to_take
from pages.training.selection import Chosen
from pages.ui.address.controls import choose_part
from pages.ui.guard import escape_markdown
from pages.ui.i18n import NOT_A_NUMBER, _, error_sentence
from pages.ui.resources import dataset_or_none


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    results = chosen.main
    numbers = address.shown_numbers()
    with st.container(horizontal=True, vertical_alignment="bottom", key="accuracy_controls"):
        one_network(chosen)
        split_choice(chosen)
        names = {code: _(name) for code, name in NUMBERS.items()}
        choose_part(_("Numbers in the cells"), names, numbers, address.set_numbers, key="training_numbers")
        more = st.popover(_("More"), icon=":material/tune:")
    with more:
        second_network(chosen)
        duplicates_switch(chosen)
        figures_to_take(results, key="accuracy_figures")
    measured = measured_part(chosen, results)
    if measured is None:
        return
    part = measured.part
    accuracy_line(part, measured.whole)
    dataset = _dataset_or_error()
    opened = address.open_cell(part.labels)
    left, right = st.columns([6, 5], gap="large")
    with left:
        st.subheader(_("Confusion matrix"), anchor=False)
        _matrix(chosen, measured, numbers, opened)
        how_far_to_trust(results, part, measured.whole)
    with right:
        opened_pictures(results, part, known_rows(part, measured.answers), opened, dataset)
    figures_per_class(results, part)
    ranking_curves(measured)


def _dataset_or_error() -> Fer2013 | RautError | None:
    """FER2013, None, or what is wrong with it: only the pictures need it."""
    try:
        return dataset_or_none()
    except RautError as error:
        return error


def _matrix(chosen: Chosen, measured: Measured, numbers: str, opened: Cell | None) -> None:
    """The matrix in the chosen numbers; where two networks cannot be subtracted, the reason and the counts."""
    results, part = measured.results, measured.part
    shown: Shown | None = None
    title = _("Confusion matrix of {network} on {split}").format(
        network=_(results.info.name), split=part.name
    )
    if numbers == "difference":
        found = _other(chosen, measured)
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


def _other(chosen: Chosen, measured: Measured) -> tuple[NetworkResults, SplitReport] | str:
    """The second network and how it answered the same pictures, or why there is no difference to show."""
    if len(chosen.networks) < 2:
        return _("Choose the second network under “More”: the matrix then shows how the two differ.")
    other = chosen.networks[1]
    name, split = escape_markdown(_(other.info.name)), escape_markdown(measured.part.name)
    splits = other.report.splits if isinstance(other.report, Report) else {}
    theirs = splits.get(measured.part.name)
    if theirs is None:
        return _(
            "{network} was not measured on {split} but on {splits}. Numbers of different pictures or labels are not "
            "subtracted from each other."
        ).format(network=name, split=split, splits=escape_markdown(", ".join(splits)) or NOT_A_NUMBER)
    answers = stored_answers(other, measured.part.name)
    if measured.leaves_out_duplicates:
        theirs = theirs.without_duplicates
        answers = answers.without_duplicates if answers is not None else None
        if theirs is None:
            return _("{network} was not measured without the duplicates.").format(network=name)
    reason = comparable(measured.part, theirs, (measured.answers, answers))
    return (other, theirs) if reason is None else escape_markdown(error_sentence(reason))
