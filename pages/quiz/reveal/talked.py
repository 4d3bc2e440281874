"""Before and after talking: the faces that a class voted on twice."""

from __future__ import annotations

import math

import streamlit as st

from fer_core.plain_text import in_plotly
from fer_core.plots import Pair, paired_shares
from fer_core.quiz.agreement import Talked, talked_about
from pages.quiz.reveal.round import Round
from pages.ui.charts import Column, current_theme, show_chart
from pages.ui.i18n import _, format_number, format_percent


def talked_section(round_: Round) -> None:
    """Nothing where no face was voted on twice."""
    found = talked_about(round_.asked)
    if not found:
        return
    st.subheader(_("Before and after talking"), anchor=False)
    names = [_("Face {n}").format(n=format_number(each.number + 1)) for each in found]
    voted = [(name, each) for name, each in zip(names, found, strict=True) if each.agreed is not None]
    series = [_("before talking"), _("after talking")]
    shown = voted or list(zip(names, found, strict=True))
    what = _("Agreement with the votes") if voted else _("Two of the class say the same")
    figure = paired_shares(
        [_pair(name, (each.agreed or each.same) if voted else each.same) for name, each in shown],
        series=series,
        theme=current_theme(),
        whole=True,
    )
    figure.update_xaxes(title_text=what)
    show_chart(
        figure,
        key=f"{round_.key}_talked",
        filename="quiz-before-and-after-talking",
        columns=[
            Column(_("Face"), names),
            *(
                Column(
                    f"{_('Agreement with the votes')}, {series[at]}",
                    [None if each.agreed is None else each.agreed[at] for each in found], percent=True,
                )
                for at in (0, 1)
            ),
            *(
                Column(
                    f"{_('Two of the class say the same')}, {series[at]}", [each.same[at] for each in found], percent=True
                )
                for at in (0, 1)
            ),
        ],
        alt=_("Agreement with the votes of each face before and after talking; the table below has the numbers"),
        provenance=round_.provenance,
    )  # fmt: skip
    st.caption(_summary(found))


def _pair(name: str, shares: tuple[float, float]) -> Pair:
    before, after = shares
    words = [
        in_plotly(f"{name}: {format_percent(share, 0)}")
        for share in (before, after)
    ]  # fmt: skip
    known = [None if math.isnan(share) else share for share in (before, after)]
    return Pair(in_plotly(name), known, words)


def _summary(found: tuple[Talked, ...]) -> str:
    """How often talking brought a class together, and how often towards the annotators: two different things."""
    same = [each.same for each in found if not any(map(math.isnan, each.same))]
    agreed = [each.agreed for each in found if each.agreed is not None]
    return _(
        "After talking, two of the class said the same more often for {same} of {same_of} faces. They were in agreement with the "
        "votes more often for {agreed} of {agreed_of}. Agreeing with each other is not the same as agreeing with the annotators."
    ).format(
        same=format_number(sum(after > before for before, after in same)),
        same_of=format_number(len(same)),
        agreed=format_number(sum(after > before for before, after in agreed)),
        agreed_of=format_number(len(agreed)),
    )
