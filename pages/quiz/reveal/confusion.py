"""The confusion matrix of the player or the class: what most annotators chose in rows, what was answered in columns."""

from __future__ import annotations

import streamlit as st

from fer_core.evaluation.metrics import row_rates
from fer_core.plain_text import in_plotly
from fer_core.plots import SHADES, confusion_heatmap
from fer_core.quiz.agreement import confusion_of
from pages.quiz.reveal.round import Round
from pages.quiz.reveal.words import answer_words, look_of_answer
from pages.ui.charts import Column, current_theme, show_chart
from pages.ui.i18n import _, format_number, format_percent


def confusion_section(round_: Round) -> None:
    """Nothing where nobody voted on any of the faces."""
    found = confusion_of(round_.asked, round_.quiz)
    if not found.counts.sum():
        return
    st.subheader(_("Confusion matrix"), anchor=False)
    size = range(len(found.codes))
    names = [answer_words(code) for code in found.codes]
    looks = [look_of_answer(code) for code in found.codes]
    figure = confusion_heatmap(
        row_rates(found.counts),
        texts=[[format_number(found.counts[i, j]) if found.counts[i, j] else "" for j in size] for i in size],
        hovers=[
            [
                _("annotators: {annotators}<br>answer: {answer}<br>{n} of {of} answers").format(
                    annotators=in_plotly(names[i]),
                    answer=in_plotly(names[j]),
                    n=format_number(found.counts[i, j]),
                    of=format_number(found.counts[i].sum()),
                )
                for j in size
            ]
            for i in size
        ],
        codes=looks,
        names=dict(zip(looks, map(in_plotly, names), strict=True)),
        true_name=_("What most annotators chose"),
        answer_name=_("Your answer") if round_.alone else _("Answers of the class"),
        scale_name=_("Shade: share of the row"),
        scale_texts={share: format_percent(share, 0) for share in SHADES},
        theme=current_theme(),
    )
    show_chart(
        figure,
        key=f"{round_.key}_confusion",
        filename="quiz-confusion",
        columns=[
            Column(_("What most annotators chose"), names, codes=looks),
            *(Column(names[j], found.counts[:, j].tolist(), code=looks[j]) for j in size),
        ],
        alt=_(
            "Confusion matrix of the answers against what most annotators chose; the table below has its numbers"
        ),
        provenance=round_.provenance,
    )
    st.caption(
        _(
            "The diagonal counts the answers in agreement. Where annotators chose two answers equally often, an answer stands in "
            "its own row if it is one of them, else in the row of the first."
        )
    )
