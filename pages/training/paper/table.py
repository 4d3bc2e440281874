"""The table that sets the paper beside Raut, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from fer_core.cards.markdown import hours_and_minutes
from fer_core.evaluation.paper_rows import PaperRow, PaperShortfall, below_the_paper, paper_rows
from fer_core.evaluation.repetition import read_repetitions
from fer_core.evaluation.report import Report
from fer_core.networks import PRETRAINED
from fer_core.paper import CHOOSING_HALVES, PAPER_EPOCHS, PAPER_RESULTS, PAPER_SPLIT
from fer_core.training.recipes.registry import RECIPES
from pages.training.networks import NetworkResults
from pages.ui.charts import Column, show_table
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, format_percent, ngettext


def paper_beside_ours(everyone: Sequence[NetworkResults]) -> None:
    """The paper's results, row by row, and what the same networks reach here."""
    rows = paper_rows(_paper_row(results) for results in everyone if results.info.id in RECIPES)

    def figures(name: str, values: Callable[[PaperRow], float | None]) -> Column:
        return Column(name, [values(row) for row in rows], percent=True, decimals=2)

    columns = [
        Column(_("Network"), [_(row.title) for row in rows]),
        figures(_("Test, paper"), lambda row: row.printed.test_accuracy if row.printed else None),
        figures(_("Test, Raut"), lambda row: row.measured.accuracy if row.measured else None),
        figures(
            _("Test without duplicates, Raut"),
            lambda row: row.without_duplicates.accuracy if row.without_duplicates else None,
        ),
        figures(_("Best epoch, Raut"), lambda row: row.best[0] if row.best else None),
        Column(_("Best epoch, number"), [row.best[1] if row.best else None for row in rows]),
        figures(_("Training, paper"), lambda row: row.printed.training_accuracy if row.printed else None),
        figures(_("Training, Raut"), lambda row: row.learnt),
        Column(_("Epochs, Raut"), [len(row.history) or None for row in rows]),
        Column(
            _("Time, paper (h:min)"),
            [hours_and_minutes(row.printed.seconds if row.printed else None) for row in rows],
        ),
        Column(_("Time, Raut (h:min)"), [hours_and_minutes(row.seconds) for row in rows]),
        Column(_("Parameters"), [row.parameters for row in rows]),
        Column(_("Measured on"), [row.split for row in rows]),
    ]
    show_table(columns, key="paper_results", filename="raut-paper")
    st.caption(_("The paper trained each of its networks for {count} epochs.").format(count=PAPER_EPOCHS))
    if any(row.best for row in rows):
        st.caption(
            _(
                "“Best epoch” is what the test pictures gave during the training. Choosing the epoch by them "
                "would make the figure too high, so the shipped network is that of the last epoch. The best "
                "epoch was also measured before the weights were stored as 8-bit numbers, which moves an "
                "accuracy by a few tenths of a percentage point, up or down."
            )
        )
    if any(row.learnt for row in rows):
        st.caption(
            _(
                "“Training, Raut” is counted while the network learns, in its last epoch. In a tuned training the "
                "pictures are changed and parts of the network are left out, so it can be lower than the test."
            )
        )
    machines = {row.machine: None for row in rows if row.seconds and row.machine}
    if machines:
        st.caption(
            _(
                "“Time, Raut” is the median epoch times the number of epochs, so that pauses do not count, and of "
                "several trainings it is the quickest. A training that shared its computer with other work took "
                "longer, and one on a GPU counts only where there is no other. Measured on {machines}."
            ).format(machines=escape_markdown("; ".join(machines)))
        )
    if any(row.recipe.id not in PAPER_RESULTS for row in rows):
        st.caption(
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
        st.caption(_("– : this network has not been trained here yet."))
    _short_of_the_paper(rows)
    _beyond_the_paper(everyone, {row.recipe.id for row in rows})
    shipped = {results.info.id for results in everyone}
    further = [RECIPES[name].title for name in PRETRAINED if name not in shipped]
    if further:
        st.caption(
            _("The paper names further networks to try. Not trained here yet: {names}.").format(
                names=", ".join(further)
            )
        )


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
    lines = [_reached(network) for network in below]
    st.markdown(
        _(
            "**Trained as the paper describes, with batch size {batch}, its networks reach lower accuracies "
            "here than the paper reports.** The paper does not state its batch size. To see how another "
            "training differs, lay both over each other in the view “Curves”."
        ).format(batch=below[0].row.recipe.batch_size)
        + "\n\n"
        + "\n".join(f"- {line}" for line in lines)
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
