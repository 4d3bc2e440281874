"""The block of the page Training that sets accuracy against time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from fer_core.errors import RautError
from fer_core.evaluation.report import Report, SplitReport
from fer_core.evaluation.speed import Pace, SpeedReport
from fer_core.networks import PRETRAINED
from fer_core.plain_text import in_plotly
from fer_core.plots import Mark, accuracy_against_speed
from fer_core.store.network import NetworkInfo
from pages.training.networks import NetworkResults
from pages.ui.charts import Column, current_theme, show_chart
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import N_, _, format_date, format_number, format_percent

GROUPS = {
    "own": N_("Raut's own"),
    "paper": N_("the paper's three"),
    "further": N_("the paper's further work"),
}
"""Where a network comes from."""

Family = tuple[str, int]
"""Name of a split and number of its pictures: only what was measured on the same ones can be compared."""


def accuracy_and_speed(everyone: Sequence[NetworkResults], speed: SpeedReport | RautError | None) -> None:
    """A chart for one split at a time, with its table, and how the times were measured."""
    if isinstance(speed, RautError):
        show_error(speed)
        return
    if speed is None or not any(results.pace for results in everyone):
        st.info(
            _(
                "How long the networks take for a face has not been measured yet. Measure it: "
                "`python -m fer_core speed`"
            ),
            icon=":material/timer:",
        )
        return
    families = families_of(everyone)
    if not families:
        st.info(_("No network has been evaluated yet."), icon=":material/rule:")
        return
    family = families[0]
    if len(families) > 1:
        chosen = st.segmented_control(
            _("Measured on"),
            range(len(families)),
            default=0,
            required=True,
            format_func=lambda index: escape_markdown(family_name(families[index], everyone)),
            key="training_speed_split",
            persist_state="session",
        )
        family = families[chosen or 0]
    members = members_of(family, everyone)
    _chart(family, [member for member in members if member[0].pace], speed)
    _left_out(
        _("Not in the chart, because their time was not measured: {names}."),
        [results for results, _part in members if not results.pace],
    )
    _left_out(
        _("Not in the chart, because they have not been evaluated: {names}."),
        [results for results in everyone if results.headline is None],
    )
    st.caption(
        _(
            "Time for one face on one thread, on {machine} with {cores} cores, {date}, LiteRT {litert}: the "
            "median of {rounds} rounds in which all networks took turns. Reference: the paper's smallest "
            "network ({parameters} parameters) in float32, {ms} ms in the same run. On another computer the "
            "times differ."
        ).format(
            machine=escape_markdown(speed.machine),
            cores=format_number(speed.cores),
            date=format_date(date.fromisoformat(speed.date)),
            litert=escape_markdown(speed.litert),
            rounds=format_number(speed.rounds),
            parameters=format_number(speed.reference_parameters),
            ms=format_number(speed.reference_ms, 2),
        )
    )


"""Both with the day first."""


def families_of(everyone: Sequence[NetworkResults]) -> list[Family]:
    """Those that stand for some network, in the order of the networks."""
    headlines = [results.headline for results in everyone]
    return list(dict.fromkeys((part.name, part.n) for part in headlines if part is not None))


def members_of(
    family: Family, everyone: Sequence[NetworkResults]
) -> list[tuple[NetworkResults, SplitReport]]:
    """Every network that was measured on those pictures, also if another split stands for it."""
    name, count = family
    found = [
        (results, results.report.splits[name])
        for results in everyone
        if isinstance(results.report, Report) and name in results.report.splits
    ]
    return [(results, part) for results, part in found if part.n == count]


def family_name(family: Family, everyone: Sequence[NetworkResults]) -> str:
    """ "PrivateTest (7 expressions)"; a split's name belongs to one set of labels."""
    _shown, part = members_of(family, everyone)[0]
    return _("{split} ({n} expressions)").format(split=family[0], n=format_number(len(part.labels)))


def group_of(info: NetworkInfo) -> str:
    """A key of `GROUPS`, by the architecture."""
    architecture = info.recipe.architecture or info.id
    if architecture in PRETRAINED:
        return "further"
    return "paper" if architecture.startswith("paper-") else "own"


def _chart(family: Family, members: Sequence[tuple[NetworkResults, SplitReport]], speed: SpeedReport) -> None:
    name, count = family
    rows = [(results, part, pace) for results, part in members if (pace := results.pace) is not None]
    rows.sort(key=lambda row: -row[1].accuracy)
    if not rows:
        st.info(
            _("No network that was measured on {split} has a measured time.").format(
                split=escape_markdown(name)
            ),
            icon=":material/timer:",
        )
        return
    figure = accuracy_against_speed(
        [
            Mark(
                name=in_plotly(_(results.info.name)),
                ms=pace.ms,
                accuracy=part.accuracy,
                group=_(GROUPS[group_of(results.info)]),
                hover=_hover(results, part, pace),
            )
            for results, part, pace in rows
        ],
        groups=[_(words) for words in GROUPS.values()],
        theme=current_theme(),
        title=_("{split}: {n} pictures").format(split=in_plotly(name), n=format_number(count)),
        ms_name=_("Milliseconds a face; left is faster"),
        accuracy_name=_("Accuracy"),
        write_ms=lambda ms: format_number(ms, 0 if ms >= 1 else 1 if ms >= 0.1 else 2),
        reference=(speed.reference_ms, _("the paper's smallest")),
    )
    columns = [
        Column(_("Network"), [_(results.info.name) for results, _part, _pace in rows]),
        Column(_("Accuracy"), [part.accuracy for _shown, part, _pace in rows], percent=True, decimals=1),
        Column(_("Milliseconds a face"), [pace.ms for _shown, _part, pace in rows], decimals=2),
        Column(_("a quarter below"), [pace.quartiles[0] for _shown, _part, pace in rows], decimals=2),
        Column(_("a quarter above"), [pace.quartiles[1] for _shown, _part, pace in rows], decimals=2),
        Column(_("Time, reference = 1"), [pace.ratio for _shown, _part, pace in rows], decimals=2),
    ]
    best, fastest = rows[0], min(rows, key=lambda row: row[2].ms)
    show_chart(
        figure,
        key="training_speed",
        filename=f"raut-speed-{name}",
        columns=columns,
        alt=_(
            "Accuracy on {split} against milliseconds a face for {n} networks. The best: {best}. The "
            "fastest: {fastest}."
        ).format(
            split=name,
            n=format_number(len(rows)),
            best=_(best[0].info.name),
            fastest=_(fastest[0].info.name),
        ),
    )


def _hover(results: NetworkResults, part: SplitReport, pace: Pace) -> str:
    lines = [
        f"<b>{in_plotly(_(results.info.name))}</b>",
        _("accuracy {accuracy} on {n} test images ({split})").format(
            accuracy=format_percent(part.accuracy), n=format_number(part.n), split=in_plotly(part.name)
        ),
        _("{ms} ms a face ({low} to {high} in the middle half of the rounds)").format(
            ms=format_number(pace.ms, 2),
            low=format_number(pace.quartiles[0], 2),
            high=format_number(pace.quartiles[1], 2),
        ),
        _("{ratio} times the time of the reference").format(ratio=format_number(pace.ratio, 2)),
        _("{n} parameters").format(n=format_number(results.info.parameters)),
    ]
    if results.info.macs is not None:
        lines.append(_("{n} million MACs").format(n=format_number(results.info.macs / 1e6, 1)))
    return "<br>".join(lines)


def _left_out(sentence: str, networks: Sequence[NetworkResults]) -> None:
    if networks:
        names = ", ".join(escape_markdown(_(results.info.name)) for results in networks)
        st.caption(sentence.format(names=names))
