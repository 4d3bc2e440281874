"""The table that sets the paper beside Raut, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from fer_core.cards.markdown import hours_and_minutes
from fer_core.datasets.rows import RowTable
from fer_core.evaluation.paper_lesson import leaked_rows, official_test
from fer_core.evaluation.paper_rows import PaperRow, PaperShortfall, below_the_paper, paper_rows
from fer_core.evaluation.repetition import read_repetitions
from fer_core.evaluation.report import Report
from fer_core.networks import PRETRAINED
from fer_core.paper import CHOOSING_HALVES, PAPER_EPOCHS, PAPER_RESULTS, PAPER_SPLIT
from fer_core.plain_text import in_plotly
from fer_core.plots import Pair, paired_shares
from fer_core.training.recipes.registry import RECIPES
from pages.training.networks import NetworkResults
from pages.training.selection import link_to
from pages.ui.charts import Column, current_theme, show_chart, show_table
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, format_percent, ngettext

Answers = Callable[[PaperRow], float | None]
"""A share of a row of the table; None where there is none."""


def rows_of(everyone: Sequence[NetworkResults]) -> list[PaperRow]:
    """The paper's results, row by row, and what the same networks reach here."""
    return paper_rows(_paper_row(results) for results in everyone if results.info.id in RECIPES)


def paper_beside_ours(
    rows: Sequence[PaperRow], everyone: Sequence[NetworkResults], table: RowTable | None
) -> None:
    """The paper's tables beside ours; the longer explanations can be unfolded.

    Args:
        rows: from `rows_of`.
        everyone: all networks.
        table: all rows of FER2013 in their order; None where it cannot be read.
    """
    _tables_2_and_3([row for row in rows if row.recipe.id in PAPER_RESULTS], table)
    _short_of_the_paper(rows)
    _beyond_the_paper(everyone, {row.recipe.id for row in rows})
    _every_training(rows)
    with st.expander(_("How to read these figures"), icon=":material/help:"):
        _explanations(rows)
        shipped = {results.info.id for results in everyone}
        further = [RECIPES[name].title for name in PRETRAINED if name not in shipped]
        if further:
            st.markdown(
                _("The paper names further networks to try. Not trained here yet: {names}.").format(
                    names=", ".join(further)
                )
            )


def _shares(name: str, rows: Sequence[PaperRow], values: Answers, decimals: int = 2) -> Column:
    return Column(name, [values(row) for row in rows], percent=True, decimals=decimals)


def _tables_2_and_3(rows: Sequence[PaperRow], table: RowTable | None) -> None:
    """Test and training accuracy of the paper's three networks, without duplicates and on the official split, too."""
    official = {row.recipe.id: official_test(row, table) if table is not None else None for row in rows}
    leaked = {each.row.recipe.id: each for each in leaked_rows(rows, table)} if table is not None else {}

    def without_near(row: PaperRow) -> float | None:
        found = leaked.get(row.recipe.id)
        return found.leakage.without.accuracy if found else None

    def of_official(row: PaperRow) -> float | None:
        found = official[row.recipe.id]
        return found.without.accuracy if found else None

    show_table(
        [
            Column(_("Network"), [_(row.title) for row in rows]),
            _shares(_("Test, paper"), rows, _printed_test),
            _shares(_("Test, Raut"), rows, _test),
            _shares(_("Without exact duplicates"), rows, _without_duplicates),
            _shares(_("Without near duplicates, too"), rows, without_near),
            _shares(_("Official FER+ test, without duplicates"), rows, of_official),
            _shares(_("Training, paper"), rows, _printed_training),
            _shares(_("Training, Raut"), rows, lambda row: row.learnt),
        ],
        key="paper_tables",
        filename="raut-paper-tables-2-and-3",
    )
    whole = next((row.measured for row in rows if row.measured), None)
    apart = next((found for found in official.values() if found), None)
    if whole is not None and apart is not None:
        st.caption(
            _(
                "The paper tests with PublicTest and PrivateTest together ({n} pictures). The official test of FER+ is "
                "PrivateTest alone, with pictures of which more than half of the annotators chose one expression "
                "({official}; {without} without duplicates). It is part of the paper's test."
            ).format(
                n=format_number(whole.n),
                official=format_number(apart.whole.n),
                without=format_number(apart.without.n),
            )
        )


def _printed_test(row: PaperRow) -> float | None:
    return row.printed.test_accuracy if row.printed else None


def _printed_training(row: PaperRow) -> float | None:
    return row.printed.training_accuracy if row.printed else None


def _test(row: PaperRow) -> float | None:
    return row.measured.accuracy if row.measured else None


def _without_duplicates(row: PaperRow) -> float | None:
    return row.without_duplicates.accuracy if row.without_duplicates else None


def _every_training(rows: Sequence[PaperRow]) -> None:
    """A line for each training of one of the paper's networks, with what the paper prints for it."""
    series = (_("paper"), "Raut", _("Raut, without duplicates"))
    comparable = [row for row in rows if row.printed]
    values = [(_printed_test(row), _test(row), _without_duplicates(row)) for row in comparable]
    st.subheader(_("Test accuracy of every training"), anchor=False)
    show_chart(
        paired_shares(
            [
                Pair(
                    in_plotly(_(row.title)),
                    each,
                    [f"{name}: {format_percent(share, 2)}" for name, share in zip(series, each, strict=True)],
                )
                for row, each in zip(comparable, values, strict=True)
            ],
            series=series,
            theme=current_theme(),
        ),
        key="paper_results",
        filename="raut-paper",
        columns=[
            Column(_("Network"), [_(row.title) for row in rows]),
            _shares(_("Test, paper"), rows, _printed_test),
            _shares(_("Test, Raut"), rows, _test),
            _shares(_("Test without duplicates, Raut"), rows, _without_duplicates),
            _shares(_("Best epoch, Raut"), rows, lambda row: row.best[0] if row.best else None),
            Column(_("Best epoch, number"), [row.best[1] if row.best else None for row in rows]),
            _shares(_("Training, paper"), rows, _printed_training),
            _shares(_("Training, Raut"), rows, lambda row: row.learnt),
            Column(_("Epochs, Raut"), [len(row.history) or None for row in rows]),
            Column(
                _("Time, paper (h:min)"),
                [hours_and_minutes(row.printed.seconds if row.printed else None) for row in rows],
            ),
            Column(_("Time, Raut (h:min)"), [hours_and_minutes(row.seconds) for row in rows]),
            Column(_("Parameters"), [row.parameters for row in rows]),
            Column(_("Measured on"), [row.split for row in rows]),
        ],
        alt=_("Test accuracy of {n} trainings of the paper's networks, beside what the paper prints").format(
            n=format_number(len(comparable))
        ),
    )


def _explanations(rows: Sequence[PaperRow]) -> None:
    """What the columns of the tables mean, and how the trainings differ."""
    st.markdown(_("The paper trained each of its networks for {count} epochs.").format(count=PAPER_EPOCHS))
    if any(row.best for row in rows):
        st.markdown(
            _(
                "“Best epoch” is what the test pictures gave during the training. Choosing the epoch by them "
                "would make the figure too high, so the shipped network is that of the last epoch. The best "
                "epoch was also measured before the weights were stored as 8-bit numbers, which moves an "
                "accuracy by a few tenths of a percentage point, up or down."
            )
        )
    if any(row.learnt for row in rows):
        st.markdown(
            _(
                "“Training, Raut” is counted while the network learns, in its last epoch. In a tuned training the "
                "pictures are changed and parts of the network are left out, so it can be lower than the test."
            )
        )
    machines = {row.machine: None for row in rows if row.seconds and row.machine}
    if machines:
        st.markdown(
            _(
                "“Time, Raut” is the median epoch times the number of epochs, so that pauses do not count, and of "
                "several trainings it is the quickest. A training that shared its computer with other work took "
                "longer, and one on a GPU counts only where there is no other. Measured on {machines}."
            ).format(machines=escape_markdown("; ".join(machines)))
        )
    if any(row.recipe.id not in PAPER_RESULTS for row in rows):
        st.markdown(
            _(
                "“Batches of 16”: trained as the paper describes, with fewer pictures in each step; the paper "
                "does not state its batch size. “Ten times the rate”: trained as the paper describes, with a "
                "learning rate of 1e-4 in place of 1e-5 and nothing else changed. “Tuned”: the same layers, "
                "trained otherwise: dropout, changed copies of the pictures, the votes of ten annotators for "
                "each picture in place of one label, the optimizer Muon in place of Adam with a learning rate "
                "that falls from 1e-3, averaged weights, and half the epochs. “Seven expressions”: FER2013's own "
                "labels, with as many pictures of each as in the paper's Table 1. For fear and disgust Raut had "
                "to draw at random which ones, as the paper does not say. The paper gives no result for that "
                "table."
            )
        )
    if any(row.measured is None for row in rows):
        st.markdown(_("– : this network has not been trained here yet."))


def _paper_row(results: NetworkResults) -> PaperRow:
    return PaperRow(
        RECIPES[results.info.id],
        results.info,
        results.report if isinstance(results.report, Report) else None,
        results.history if isinstance(results.history, list) else (),
        read_repetitions(results.info),
    )


def _short_of_the_paper(rows: Sequence[PaperRow]) -> None:
    """What the paper's learning rate does not reach, and whether a higher one does."""
    below = below_the_paper(rows)
    if not below:
        return
    st.markdown(
        _(
            "**Trained as the paper describes, with batch size {batch}, its networks reach lower accuracies "
            "here than the paper reports.** The paper does not state its batch size."
        ).format(batch=below[0].row.recipe.batch_size)
    )
    with st.expander(_("What each of them reaches, and what other trainings give"), icon=":material/list:"):
        st.markdown("\n".join(f"- {_reached(network)}" for network in below))
        link_to(
            _("See the curves of the three networks"), "curves", [network.row.recipe.id for network in below]
        )


def _reached(below: PaperShortfall) -> str:
    """How far one of the paper's networks got, the paper's own figures, and what other trainings of it give."""
    row = below.row
    printed, measured, rise = row.printed, row.measured, row.rise
    line = _(
        "**{network}**: after {epochs} epochs {training} of the training pictures are right and {test} of the test "
        "pictures; the paper has {paper_training} and {paper_test}."
    ).format(
        network=escape_markdown(_(row.title)),
        epochs=format_number(len(row.history)),
        training=format_percent(row.learnt),
        test=format_percent(measured.accuracy if measured else None),
        paper_training=format_percent(printed.training_accuracy if printed else None),
        paper_test=format_percent(printed.test_accuracy if printed else None),
    )
    if rise:
        line += " " + ngettext(
            "Its training accuracy rose by {points} percentage points in the last epoch.",
            "Its training accuracy rose by {points} percentage points in the last {n} epochs.",
            rise[1],
        ).format(n=format_number(rise[1]), points=format_number(100 * rise[0], 1))
    smaller, faster, tuned = below.small_batches, below.faster, below.tuned
    if smaller and smaller.measured:
        line += " " + _("In batches of {batch}: {training} and {test}.").format(
            batch=smaller.recipe.batch_size,
            training=format_percent(smaller.learnt),
            test=format_percent(smaller.measured.accuracy),
        )
    if faster and faster.measured:
        line += " " + _("With ten times the learning rate: {training} and {test}.").format(
            training=format_percent(faster.learnt), test=format_percent(faster.measured.accuracy)
        )
    if tuned and tuned.measured:
        line += " " + _("Tuned: {test} of the test pictures.").format(
            test=format_percent(tuned.measured.accuracy)
        )
    return line


def _beyond_the_paper(everyone: Sequence[NetworkResults], in_table: set[str]) -> None:
    """One sentence on the network that is right most often on the paper's test pictures and is none of its own."""
    others = [
        (part.accuracy, part.n, results)
        for results in everyone
        if results.info.id not in in_table and isinstance(results.report, Report)
        for part in [results.report.splits.get(PAPER_SPLIT)]
        if part is not None
    ]
    if others:
        accuracy, count, best = max(others, key=lambda other: other[0])
        line = _("On the same {n} test pictures, **{network}** has an accuracy of {accuracy}.").format(
            n=format_number(count),
            network=escape_markdown(_(best.info.name)),
            accuracy=format_percent(accuracy),
        )
        if best.info.watched_split in CHOOSING_HALVES:
            line += " " + _(
                "Half of these pictures were also used to choose its epoch, so this figure is a little too high."
            )
        st.markdown(line)
