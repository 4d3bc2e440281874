"""Step 1 of the lesson on the paper's figures: test pictures that were also learnt."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fer_core.datasets.rows import RowTable
from fer_core.datasets.votes import majority_labels
from fer_core.evaluation.evaluate import TRAINING_SPLIT_OF
from fer_core.evaluation.figures import Estimate, share_estimate
from fer_core.evaluation.paper_lesson import LeakedRow, leaked_rows, same_label_share
from fer_core.evaluation.paper_rows import PaperRow
from fer_core.paper import PAPER_RESULTS, PAPER_SPLIT
from fer_core.plain_text import in_plotly
from fer_core.plots import Pair, paired_shares
from pages.training.accuracy.answer_list import DATASET_PAGE
from pages.training.points import in_points, points_range
from pages.ui.blocks import term
from pages.ui.charts import Column, current_theme, show_chart
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, format_percent, format_range
from pages.ui.teaching.question import ask

LITTLE, MUCH = 0.05, 0.15
"""Differences between the options of the question: 5 and 15 percentage points."""


def leakage_step(rows: Sequence[PaperRow], table: RowTable) -> None:
    """What duplicates add to the accuracy of each network.

    Args:
        rows: of the table of the paper's results.
        table: all rows of FER2013 in their order, with groups of duplicates and votes.
    """
    found = leaked_rows(rows, table)
    if not found:
        st.info(
            _("None of the paper's networks was measured on the pictures of FER2013 that this step needs."),
            icon=":material/rule:",
        )
        return
    # Of those that are trained as the paper describes, the one that learnt most by heart.
    first = next((each for each in found if each.row.recipe.id in PAPER_RESULTS), found[0])
    whole, exact, without = (
        first.leakage.whole,
        first.leakage.without_exact,
        first.leakage.without,
    )
    st.markdown(
        _(
            "{n} of the {of} test pictures of the paper are also among its training pictures: {exact} in every pixel, and "
            "{near} nearly, for example brighter, mirrored or moved by a pixel. A network may have seen their "
            "answers in training. This is called leakage."
        ).format(
            n=format_number(first.leakage.on_duplicates.n),
            of=format_number(whole.n),
            exact=format_number(whole.n - exact.n),
            near=format_number(exact.n - without.n),
        )
    )
    term("duplicate")
    is_open = ask(
        f"lesson_leakage_{first.row.recipe.id}",
        _(
            "“{network}” is right on {training} of its training pictures, and on {others} of the test pictures without a "
            "duplicate. How often is it right on those with a duplicate?"
        ).format(
            network=escape_markdown(_(first.row.title)),
            training=format_percent(first.row.learnt),
            others=format_percent(without.accuracy),
        ),
        {
            "less": _("less often"),
            "same": _("about as often: up to {n} points more").format(n=format_number(100 * LITTLE)),
            "more": _("{low} to {high} points more often").format(
                low=format_number(100 * LITTLE), high=format_number(100 * MUCH)
            ),
            "much": _("over {n} points more often").format(n=format_number(100 * MUCH)),
        },
        _option(first.difference.value),
        _("On {share} of them, which is {difference} percentage points more (95% interval: {range}).").format(
            share=format_percent(first.leakage.on_duplicates.accuracy),
            difference=in_points(first.difference.value),
            range=points_range(*first.difference.ends),
        ),
    )
    if is_open:
        _answer(found, first, table)


def _option(difference: float) -> str:
    if difference < 0:
        return "less"
    return "same" if difference < LITTLE else "more" if difference < MUCH else "much"


def _answer(found: Sequence[LeakedRow], first: LeakedRow, table: RowTable) -> None:
    last = found[-1]
    series = (_("test pictures without a duplicate"), _("with a duplicate in the training data"))
    show_chart(
        paired_shares(
            [
                Pair(
                    in_plotly(_(each.row.title)),
                    (each.leakage.without.accuracy, each.leakage.on_duplicates.accuracy),
                    _hovers(each, series),
                    text=_("{points} points").format(points=in_points(each.difference.value, sign=True)),
                )
                for each in found
            ],
            series=series,
            theme=current_theme(),
        ),
        key="lesson_leakage",
        filename="raut-paper-leakage",
        columns=_columns(found),
        alt=_("Accuracy of {n} networks on test pictures with and without a duplicate in the training data").format(
            n=format_number(len(found))
        ),
    )  # fmt: skip
    st.markdown(
        _(
            "With all test pictures the accuracy of “{network}” is {whole}; without those that have a duplicate it is {without}. "
            "Only the second figure says how often it is right on new pictures."
        ).format(
            network=escape_markdown(_(first.row.title)),
            whole=format_percent(first.leakage.whole.accuracy),
            without=format_percent(first.leakage.without.accuracy),
        )
    )
    if last is not first:
        st.markdown(
            _(
                "The networks are in the order of their training accuracy. “{network}” has the lowest ({training}) and learnt "
                "least by heart. On duplicates it is right by {points} percentage points more often: so much can also be "
                "because the duplicates are easier pictures."
            ).format(
                network=escape_markdown(_(last.row.title)),
                training=format_percent(last.row.learnt),
                points=in_points(last.difference.value),
            )
            if last.difference.value >= 0
            else _("The networks are in the order of their training accuracy.")
        )
    labels = majority_labels(table.values("votes"))
    same = same_label_share(table, PAPER_SPLIT, TRAINING_SPLIT_OF[PAPER_SPLIT], labels)
    with st.expander(_("How this is computed"), icon=":material/calculate:"):
        st.markdown(
            _(
                "Exact duplicates are the same in every pixel. Near duplicates were found by computer, by a fingerprint "
                "of the picture and the correlation of the pixels; the page Data set shows them. {same} of the {n} pictures "
                "with a duplicate ({share}) have the label that all of their duplicates in the training data have. The "
                "intervals are those of Wilson (1927), and of Newcombe (1998) for differences."
            ).format(
                same=format_number(same.right), n=format_number(same.n), share=format_percent(same.accuracy)
            )
        )
        st.page_link(
            DATASET_PAGE,
            label=_("Leakage on the page Data set"),
            icon=":material/grid_view:",
            query_params={"view": "forensics", "finding": "leakage"},
        )


def _hovers(each: LeakedRow, series: Sequence[str]) -> list[str]:
    parts = (each.leakage.without, each.leakage.on_duplicates)
    return [
        f"{name}: {format_percent(part.accuracy)} ({format_range(*share_estimate(part.right, part.n).ends)}), "
        f"n = {format_number(part.n)}"
        for name, part in zip(series, parts, strict=True)
    ]


def _columns(found: Sequence[LeakedRow]) -> list[Column]:
    def shares(name: str, estimates: Sequence[Estimate]) -> Column:
        values = [each.value for each in estimates]
        return Column(name, values, percent=True, decimals=1, intervals=[each.ends for each in estimates])

    def part(name: str, which: str) -> Column:
        answered = [getattr(each.leakage, which) for each in found]
        return shares(name, [share_estimate(one.right, one.n) for one in answered])

    return [
        Column(_("Network"), [_(each.row.title) for each in found]),
        Column(_("Training, Raut"), [each.row.learnt for each in found], percent=True, decimals=1),
        part(_("With a duplicate"), "on_duplicates"),
        part(_("Without a duplicate"), "without"),
        shares(_("Difference (points)"), [each.difference for each in found]),
        part(_("All test pictures"), "whole"),
        part(_("Without exact duplicates"), "without_exact"),
    ]
