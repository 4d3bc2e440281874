"""Agreement with the votes, with what so few faces can tell, and how often each two raters say the same."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.plain_text import in_plotly
from fer_core.plots import SHADES, confusion_heatmap
from fer_core.plots.forensics import Accuracies, accuracy_intervals
from fer_core.quiz.agreement import MANY_FACES, PairAgreement, Standing, pair_agreements, standings
from fer_core.quiz.results import RATERS, Rater
from pages.quiz.reveal.round import Round
from pages.ui.charts import Column, current_theme, show_chart
from pages.ui.i18n import _, format_number, format_percent, format_range, ngettext


def agreement_section(round_: Round) -> None:
    """How often each rater says what most annotators say, with the intervals of these faces and of a hundred."""
    st.subheader(_("Agreement with the votes"), anchor=False)
    found = tuple(each for each in standings(round_.asked) if round_.shows(each.rater))
    if not found:
        st.markdown(
            _(
                "No annotator has voted on these faces, so nobody is in agreement with the votes. Below stands how often people "
                "and the network say the same."
            )
        )
        return
    players = found[0].estimate
    st.markdown(
        ngettext(
            "**{n} face tells almost nothing.** The share of {players} is {share}, and anything from {range} fits it. With "
            "{many} faces and the same share it would be {range_many}.",
            "**{n} faces tell little.** The share of {players} is {share}, and anything from {range} fits it. With {many} "
            "faces and the same share it would be {range_many}.",
            players.n,
        ).format(
            n=format_number(players.n),
            players=_in_words("players", round_),
            share=format_percent(players.value, 0),
            range=format_range(players.low, players.high, 0),
            many=format_number(MANY_FACES),
            range_many=format_range(*found[0].at_many.ends, 0),
        )
    )
    played = ngettext("{n} face, as played", "{n} faces, as played", players.n).format(
        n=format_number(players.n)
    )
    many = _("the same share over {n} faces").format(n=format_number(MANY_FACES))
    figure = accuracy_intervals(
        [
            Accuracies(
                in_plotly(f"{_name(each, round_)}: {format_percent(each.estimate.value, 0)}"),
                [(each.estimate.value, *each.estimate.ends), (each.at_many.value, *each.at_many.ends)],
                [
                    in_plotly(_interval(each.estimate.ends, played)),
                    in_plotly(_interval(each.at_many.ends, many)),
                ],
            )
            for each in found
        ],
        series=[played, many],
        theme=current_theme(),
    )
    figure.update_xaxes(range=[-0.015, 1.03], title_text=_("Agreement with the votes"))
    show_chart(
        figure,
        key=f"{round_.key}_agreement",
        filename="quiz-agreement",
        columns=[
            Column(_("Who answers"), [_name(each, round_) for each in found]),
            Column(_("Faces"), [each.estimate.n for each in found]),
            _shares(_("Agreement with the votes"), found, at_many=False),
            _shares(_("over {n} faces").format(n=format_number(MANY_FACES)), found, at_many=True),
        ],
        alt=_(
            "Agreement with the votes and its intervals at these faces and at a hundred; the table below has the numbers"
        ),
        provenance=round_.provenance,
    )
    st.caption(_explained(round_))


def pairs_section(round_: Round) -> None:
    """How often one answer of each of two raters is the same."""
    found = [pair for pair in pair_agreements(round_.asked) if round_.shows(pair.first, pair.second)]
    if not found:
        return
    st.subheader(_("Who says the same, over all faces"), anchor=False)
    raters = [rater for rater in RATERS if any(rater in (pair.first, pair.second) for pair in found)]
    of_pair = {(pair.first, pair.second): pair for pair in found}
    table = [[of_pair.get((a, b)) or of_pair.get((b, a)) for b in raters] for a in raters]
    names = [round_.name(rater) for rater in raters]
    figure = confusion_heatmap(
        np.array([[np.nan if pair is None else pair.estimate.value for pair in row] for row in table]),
        texts=[
            ["–" if pair is None else format_percent(pair.estimate.value, 0) for pair in row] for row in table
        ],
        hovers=[[_hover(pair, round_) for pair in row] for row in table],
        codes=raters,
        names=dict(zip(raters, map(in_plotly, names), strict=True)),
        true_name="",
        answer_name="",
        scale_name="",
        scale_texts={share: format_percent(share, 0) for share in SHADES},
        theme=current_theme(),
    )
    show_chart(
        figure,
        key=f"{round_.key}_pairs",
        filename="quiz-pairs",
        columns=[
            Column(_("Who is compared"), [f"{round_.name(pair.first)} – {round_.name(pair.second)}" for pair in found]),
            Column(_("Faces"), [pair.estimate.n for pair in found]),
            Column(
                _("Same answer"), [pair.estimate.value for pair in found], percent=True, decimals=1,
                intervals=[pair.estimate.ends for pair in found],
            ),
        ],
        alt=_("How often each two say the same; the table below has the numbers"),
        provenance=round_.provenance,
    )  # fmt: skip
    text = _(
        "The share of the faces for which both say the same; of several people, how often one of them does. The annotators beside themselves are two of the ten."
    )
    if not round_.alone:
        text += " " + _("The class beside itself is two of you.")
    st.caption(text)


def _in_words(rater: Rater, round_: Round) -> str:
    """Who answers, within a sentence."""
    if rater == "players":
        return _("your answers") if round_.alone else _("the class")
    return round_.name(rater)


def _name(each: Standing, round_: Round) -> str:
    """Who answers, with what of several people is counted."""
    if each.rater == "voters":
        return _("One annotator, on average")
    if each.rater == "players" and not round_.alone:
        return _("One of the class, on average")
    return round_.name(each.rater)


def _shares(name: str, found: tuple[Standing, ...], *, at_many: bool) -> Column:
    estimates = [each.at_many if at_many else each.estimate for each in found]
    return Column(
        name,
        [each.value for each in estimates],
        percent=True,
        decimals=1,
        intervals=[each.ends for each in estimates],
    )


def _interval(ends: tuple[float, float], of: str) -> str:
    return _("{range} ({of})").format(range=format_range(*ends, 0), of=of)


def _hover(pair: PairAgreement | None, round_: Round) -> str:
    if pair is None:
        return _("gives one answer to each face")
    lines = (
        f"{round_.name(pair.first)} – {round_.name(pair.second)}: {format_percent(pair.estimate.value)}",
        format_range(*pair.estimate.ends),
        ngettext("{n} face", "{n} faces", pair.estimate.n).format(n=format_number(pair.estimate.n)),
    )
    return "<br>".join(map(in_plotly, lines))


def _explained(round_: Round) -> str:
    parts = [
        _(
            "In agreement is an answer that most of the ten annotators chose; where two are equally frequent, either. “I cannot "
            "tell” is in agreement only where most annotators could not tell either (“no clear expression”, “not a face”)."
        ),
        _("An annotator is compared with the other nine. Lines are 95% confidence intervals (Wilson)."),
    ]
    if not round_.alone:
        parts.append(_("The intervals count faces, not answers: a larger class does not make them narrower."))
    return " ".join(parts)
