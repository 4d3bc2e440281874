"""Step 2 of the lesson on the paper's figures: an epoch that is chosen by the test pictures."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fer_core.evaluation.figures import share_estimate
from fer_core.evaluation.paper_lesson import ChoiceRow, KeptApart, choice_rows, kept_apart
from fer_core.evaluation.paper_rows import PaperRow
from fer_core.evaluation.report import Report, SplitReport
from fer_core.plain_text import in_plotly
from fer_core.plots import Pair, paired_shares
from pages.training.networks import NetworkResults
from pages.training.points import in_points
from pages.ui.blocks import term
from pages.ui.charts import Column, current_theme, show_chart, show_table
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, format_percent, format_range, ngettext
from pages.ui.teaching.question import ask

LITTLE, MUCH = 0.02, 0.05
"""Gains between the options of the question: 2 and 5 percentage points."""


def choosing_step(rows: Sequence[PaperRow], everyone: Sequence[NetworkResults]) -> None:
    """What the best epoch by the test adds, beside what another seed does, and how Raut chooses.

    Args:
        rows: of the table of the paper's results.
        everyone: all networks.
    """
    found = choice_rows(rows)
    if not found:
        st.info(
            _("The test pictures were monitored in the training of none of these networks."),
            icon=":material/rule:",
        )
        return
    most = max(found, key=lambda each: each.gain)
    st.markdown(
        _(
            "After each epoch of these trainings, the network also answered the test pictures. What is reported can be the "
            "accuracy of the last epoch, or that of the best one. Who takes the best one chooses by the test."
        )
    )
    with st.container(horizontal=True):
        term("epoch")
        term("seed")
        term("confidence_interval")
    is_open = ask(
        f"lesson_choosing_{most.row.recipe.id}",
        _(
            "{n} trainings of the paper's networks were monitored like this. By how much does the best epoch lie above the "
            "last one, at most?"
        ).format(n=format_number(len(found))),
        {
            "none": _("not at all"),
            "little": _("up to {n} percentage points").format(n=format_number(100 * LITTLE)),
            "more": _("{low} to {high} points").format(
                low=format_number(100 * LITTLE), high=format_number(100 * MUCH)
            ),
            "much": _("more than {n} points").format(n=format_number(100 * MUCH)),
        },
        _option(most.gain),
        _(
            "By {points} percentage points: “{network}” has {best} in epoch {epoch} and {last} in epoch {epochs}, the last."
        ).format(
            points=in_points(most.gain),
            network=escape_markdown(_(most.row.title)),
            best=format_percent(most.best),
            epoch=format_number(most.best_epoch),
            last=format_percent(most.last),
            epochs=format_number(most.epochs),
        ),
    )
    if is_open:
        _answer(found, most)
        _how_raut_chooses(everyone)


def _option(gain: float) -> str:
    if gain == 0:
        return "none"
    return "little" if gain <= LITTLE else "more" if gain <= MUCH else "much"


def _answer(found: Sequence[ChoiceRow], most: ChoiceRow) -> None:
    series = (_("last epoch"), _("best epoch by the test"))
    show_chart(
        paired_shares(
            [
                Pair(
                    in_plotly(_(each.row.title)),
                    (each.last, each.best),
                    _hovers(each),
                    band=(each.spread.lowest, each.spread.highest) if each.spread else None,
                    text=_("{points} points").format(points=in_points(each.gain, sign=True)),
                )
                for each in found
            ],
            series=series,
            theme=current_theme(),
            band_name=_("trainings with different seeds"),
        ),
        key="lesson_choosing",
        filename="raut-paper-best-epoch",
        columns=_columns(found),
        alt=_(
            "Accuracy of {n} networks in the last epoch and in the best one by the test, and the range of several seeds"
        ).format(n=format_number(len(found))),
    )
    seeds = [each for each in found if each.spread]
    higher = sum(each.gain > 0 for each in found)
    lines = [
        _(
            "In {n} of {of} trainings the best epoch is above the last one, and in none below it: the best of many figures "
            "cannot be lower than one of them. So the choice makes the figure too high even where the epochs differ by "
            "chance alone."
        ).format(n=format_number(higher), of=format_number(len(found)))
    ]
    if seeds:
        widest = max(seeds, key=lambda each: each.spread.width if each.spread else 0.0)
        width = widest.spread.width if widest.spread else 0.0
        lines.append(
            _(
                "The same training with another seed moves the accuracy by up to {width} points (“{network}”). Which pictures are "
                "in the test counts, too: the 95% confidence interval of the last epoch of “{most}” is {low} to {high}%."
            ).format(
                width=in_points(width),
                network=escape_markdown(_(widest.row.title)),
                low=format_number(100 * most.low, 1),
                high=format_number(100 * most.high, 1),
                most=escape_markdown(_(most.row.title)),
            )
        )
    st.markdown("\n".join(f"- {line}" for line in lines))


def _how_raut_chooses(everyone: Sequence[NetworkResults]) -> None:
    """The split that chose beside the one that was kept for the end, for each network with both."""
    found = [
        one
        for results in everyone
        if isinstance(results.report, Report) and (one := kept_apart(results.info, results.report)) is not None
    ]  # fmt: skip
    if not found:
        return
    st.subheader(_("Chosen by other pictures than those of the test"), anchor=False)
    st.markdown(
        _(
            "These networks chose their epoch by one split, and another one was kept for the end. Both figures are from the "
            "same weights."
        )
    )
    holds = sum(one.difference.low <= 0 <= one.difference.high for one in found)
    show_table(
        [
            Column(_("Network"), [_(one.info.name) for one in found]),
            Column(_("Epoch"), [one.epoch for one in found]),
            _accuracies(_("Split that chose"), [one.chosen for one in found]),
            _accuracies(_("Split kept for the end"), [one.tested for one in found]),
            _differences(found),
            Column(_("Splits"), [f"{one.chosen.name}, {one.tested.name}" for one in found]),
        ],
        key="lesson_kept_apart",
        filename="raut-chosen-and-kept",
    )
    st.caption(
        ngettext(
            "{n} of the {of} intervals of the difference holds 0: there, chance alone explains the difference.",
            "{n} of the {of} intervals of the difference hold 0: there, chance alone can explain the difference.",
            holds,
        ).format(n=format_number(holds), of=format_number(len(found)))
    )


def _accuracies(name: str, parts: Sequence[SplitReport]) -> Column:
    estimates = [share_estimate(int(part.confusion.trace()), part.n) for part in parts]
    return Column(
        name, [each.value for each in estimates], percent=True, decimals=1,
        intervals=[each.ends for each in estimates],
    )  # fmt: skip


def _differences(found: Sequence[KeptApart]) -> Column:
    return Column(
        _("Difference (points)"), [one.difference.value for one in found], percent=True, decimals=1,
        intervals=[one.difference.ends for one in found],
    )  # fmt: skip


def _hovers(each: ChoiceRow) -> list[str]:
    seeds = ""
    if each.spread:
        seeds = "<br>" + _("{n} seeds: {range}").format(
            n=format_number(each.spread.trainings),
            range=format_range(each.spread.lowest, each.spread.highest),
        )
    return [
        _("epoch {n}: {share}").format(n=format_number(epoch), share=format_percent(share)) + seeds
        for epoch, share in ((each.epochs, each.last), (each.best_epoch, each.best))
    ]


def _columns(found: Sequence[ChoiceRow]) -> list[Column]:
    def shares(name: str, values: list[float | None]) -> Column:
        return Column(name, values, percent=True, decimals=1)

    return [
        Column(_("Network"), [_(each.row.title) for each in found]),
        Column(
            _("Last epoch"), [each.last for each in found], percent=True, decimals=1,
            intervals=[(each.low, each.high) for each in found],
        ),
        shares(_("Best epoch, Raut"), [each.best for each in found]),
        Column(_("Best epoch, number"), [each.best_epoch for each in found]),
        shares(_("Gained by the choice"), [each.gain for each in found]),
        shares(_("Seeds, lowest"), [each.spread.lowest if each.spread else None for each in found]),
        shares(_("Seeds, highest"), [each.spread.highest if each.spread else None for each in found]),
        Column(_("Trainings"), [each.spread.trainings if each.spread else 1 for each in found]),
    ]  # fmt: skip
