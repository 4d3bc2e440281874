"""Calibration of the player or the class beside the network's: how sure against how often in agreement."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from fer_core.plain_text import in_plotly
from fer_core.plots import SureLine, SurePoint, sureness_diagram
from fer_core.quiz.sureness import SureRater, network_by_sureness, players_by_sureness, stored_calibration
from pages.quiz.reveal.round import Round
from pages.ui.charts import Column, current_theme, show_chart
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, format_percent, format_range, ngettext

_NO_INTERVAL = (math.nan, math.nan)


@dataclass(frozen=True)
class _Group:
    """Answers of about the same sureness: shares from 0 to 1, and the ends of an interval, NaN where there is none."""

    sure: float
    answers: int
    agreed: float
    ends: tuple[float, float]


@dataclass(frozen=True)
class _Line:
    """One who answers, with the calibration error, 0 to 1."""

    name: str
    groups: tuple[_Group, ...]
    error: float


def sureness_section(round_: Round) -> None:
    """Nothing where nobody said how sure; the network's stored evaluation stands beside its few answers here."""
    lines = tuple(_lines(round_))
    if not lines:
        return
    with_network = round_.shows("network")
    title = _("Calibration of people and of the network") if with_network else _("Calibration of people")
    st.subheader(title, anchor=False)
    st.markdown(
        _(
            "Whoever is calibrated is in agreement as often as they are sure: of all answers with 75%, three of four. A "
            "point below the diagonal means too sure, above it not sure enough."
        )
    )
    every = [(line.name, group) for line in lines for group in line.groups]
    show_chart(
        sureness_diagram(
            [
                SureLine(in_plotly(line.name), [_point(group) for group in line.groups])
                for line in lines
            ],
            theme=current_theme(),
            sure_name=_("How sure"),
            agreed_name=_("Agreement with the votes"),
            diagonal_name=_("as often as sure"),
        ),
        key=f"{round_.key}_sureness",
        filename="quiz-calibration",
        columns=[
            Column(_("Who answers"), [name for name, _group in every]),
            Column(_("How sure"), [group.sure for _name, group in every], percent=True, decimals=1),
            Column(_("Answers (n)"), [group.answers for _name, group in every]),
            Column(
                _("Agreement with the votes"), [group.agreed for _name, group in every], percent=True, decimals=1,
                intervals=[group.ends for _name, group in every],
            ),
        ],
        alt=_("How often answers agree with the votes, by how sure they were; the table below has the numbers"),
        provenance=round_.provenance,
    )  # fmt: skip
    errors = "; ".join(f"{escape_markdown(line.name)} {format_percent(line.error)}" for line in lines)
    st.markdown(f"{_('Calibration error')}: {errors}.")
    text = _(
        "The calibration error is the mean distance from the diagonal; of few answers most of it is chance. Bars are 95% "
        "confidence intervals over the faces. “I cannot tell” has no sureness."
    )
    if any(math.isnan(group.ends[0]) for _name, group in every):
        text += " " + _(
            "The many images are the network’s stored test, where agreement is with the test labels."
        )
    st.caption(text)


def _lines(round_: Round) -> Iterator[_Line]:
    """The people first; nothing where none of them said how sure."""
    players = players_by_sureness(round_.asked)
    if not players.groups:
        return
    yield _line(round_.name("players"), players)
    if not round_.shows("network"):
        return
    network = network_by_sureness(round_.asked, round_.quiz.network)
    text = ngettext("Network, {n} face", "Network, {n} faces", network.answers)
    yield _line(text.format(n=format_number(network.answers)), network)
    stored = stored_calibration(round_.quiz.network)
    if stored is not None:
        yield _Line(
            _("Network, {n} images ({split})").format(n=format_number(stored.pictures), split=stored.split),
            tuple(_Group(sure, count, right, _NO_INTERVAL) for sure, right, count in stored.groups),
            stored.error,
        )


def _line(name: str, rater: SureRater) -> _Line:
    groups = (_Group(each.sure, each.answers, each.agreed.value, each.agreed.ends) for each in rater.groups)
    return _Line(name, tuple(groups), rater.error)


def _point(group: _Group) -> SurePoint:
    words = ngettext("{n} answer, {sure} sure: {agreed}", "{n} answers, {sure} sure: {agreed}", group.answers)
    text = words.format(
        n=format_number(group.answers),
        sure=format_percent(group.sure, 0),
        agreed=format_percent(group.agreed, 0),
    )
    if math.isnan(group.ends[0]):
        return SurePoint(group.sure, group.agreed, None, in_plotly(text))
    text = f"{text} ({format_range(*group.ends, 0)})"
    return SurePoint(group.sure, group.agreed, group.ends, in_plotly(text))
