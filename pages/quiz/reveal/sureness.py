"""Calibration of the player or the class beside the network's: how sure against how often in agreement."""

from __future__ import annotations

import streamlit as st

from fer_core.plain_text import in_plotly
from fer_core.plots import SureLine, SurePoint, sureness_diagram
from fer_core.quiz.sureness import (
    SureAnswers,
    SureRater,
    network_by_sureness,
    players_by_sureness,
    stored_calibration,
)
from pages.quiz.reveal.round import Round
from pages.ui.charts import Column, current_theme, show_chart
from pages.ui.i18n import _, format_number, format_percent, format_range, ngettext


def sureness_section(round_: Round) -> None:
    """Nothing where nobody said how sure; the network's stored evaluation stands beside its few answers here."""
    players = players_by_sureness(round_.asked)
    if not players.groups:
        return
    network = network_by_sureness(round_.asked, round_.quiz.network)
    stored = stored_calibration(round_.quiz.network)
    st.subheader(_("Calibration of people and of the network"), anchor=False)
    people = _("You") if round_.alone else _("Class")
    here = ngettext("Network, {n} face", "Network, {n} faces", network.answers).format(
        n=format_number(network.answers)
    )
    lines = [SureLine(in_plotly(people), _points(players)), SureLine(in_plotly(here), _points(network))]
    names = [people] * len(players.groups) + [here] * len(network.groups)
    rows = [
        (group.sure, group.answers, group.agreed.value, group.agreed.ends)
        for group in (*players.groups, *network.groups)
    ]
    sentences = [_error(people, players.error), _error(here, network.error)]
    if stored is not None:
        kept = _("Network, {n} images ({split})").format(n=format_number(stored.pictures), split=stored.split)
        lines.append(
            SureLine(
                in_plotly(kept),
                [
                    SurePoint(sure, right, None, in_plotly(_of_bin(sure, right, count)))
                    for sure, right, count in stored.groups
                ],
            )
        )
        names += [kept] * len(stored.groups)
        rows += [(sure, count, right, (float("nan"), float("nan"))) for sure, right, count in stored.groups]
        sentences.append(_error(kept, stored.error))
    st.markdown(
        _(
            "Whoever is calibrated is in agreement as often as they are sure: of all answers with 75%, three of four. A "
            "point below the diagonal means too sure, above it not sure enough."
        )
    )
    show_chart(
        sureness_diagram(
            lines,
            theme=current_theme(),
            sure_name=_("How sure"),
            agreed_name=_("Agreement with the votes"),
            diagonal_name=_("as often as sure"),
        ),
        key=f"{round_.key}_sureness",
        filename="quiz-calibration",
        columns=[
            Column(_("Who answers"), names),
            Column(_("How sure"), [sure for sure, *_rest in rows], percent=True, decimals=1),
            Column(_("Answers (n)"), [count for _sure, count, *_rest in rows]),
            Column(
                _("Agreement with the votes"), [value for *_rest, value, _ends in rows], percent=True, decimals=1,
                intervals=[ends for *_rest, ends in rows],
            ),
        ],
        alt=_("How often answers agree with the votes, by how sure they were; the table below has the numbers"),
        provenance=round_.provenance,
    )  # fmt: skip
    st.markdown(f"{_('Calibration error')}: " + "; ".join(sentences) + ".")
    st.caption(
        _(
            "The calibration error is the mean distance from the diagonal. Bars are 95% confidence intervals over the faces. “I "
            "cannot tell” has no sureness. The many images are the network’s stored test, where agreement is with the test labels."
        )
    )


def _points(rater: SureRater) -> list[SurePoint]:
    return [
        SurePoint(each.sure, each.agreed.value, each.agreed.ends, in_plotly(_of_group(each)))
        for each in rater.groups
    ]


def _of_group(group: SureAnswers) -> str:
    return f"{_of_bin(group.sure, group.agreed.value, group.answers)} ({format_range(*group.agreed.ends, 0)})"


def _of_bin(sure: float, agreed: float, count: int) -> str:
    return ngettext("{n} answer, {sure} sure: {agreed}", "{n} answers, {sure} sure: {agreed}", count).format(
        n=format_number(count), sure=format_percent(sure, 0), agreed=format_percent(agreed, 0)
    )


def _error(name: str, error: float) -> str:
    return f"{name} {format_percent(error)}"
