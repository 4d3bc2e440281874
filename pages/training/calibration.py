"""The block of the page Training on how sure a network is: calibration, sets that hold the truth, "unsure"."""

from __future__ import annotations

from typing import Any

import streamlit as st

from fer_core.evaluation.certainty import PerfectCalibration, perfect_calibration
from fer_core.evaluation.report import SplitReport
from fer_core.plain_text import in_code, in_plotly
from fer_core.plots import CalibrationBin, reliability_diagram
from fer_core.recognition.conformal import PredictionSets, read_prediction_sets
from pages.training.networks import NetworkResults, figure_text
from pages.ui.charts import Column, current_theme, show_chart, show_table
from pages.ui.i18n import _, emotion_label, format_number, format_percent, ngettext


def certainty_section(results: NetworkResults, part: SplitReport, *, key: str) -> None:
    """Calibration error, reliability diagram and, for a network with sets, what they hold.

    Args:
        results: the network.
        part: how it answered one split.
        key: unique on the page.
    """
    measured = part.certainty.get("calibration")
    if not measured or not part.n:
        st.info(
            _("How sure this network is was not measured. Measure it anew: {command}").format(
                command=in_code(f"python -m fer_core evaluate {results.info.id}")
            ),
            icon=":material/rule:",
        )
        return
    chance = perfect_calibration(measured["bins"])
    st.markdown(f"**{_('Calibration error')}: {figure_text(part, measured['ece'])}**")
    st.markdown(
        _(
            "With so many images, a network that is right exactly as often as it is sure would show {mean} on "
            "average by chance alone, and less than {most} in 95 of 100 cases."
        ).format(mean=format_percent(chance.mean_error), most=format_percent(chance.most_error))
    )
    _diagram(results, part, measured["bins"], chance, key)
    sets = read_prediction_sets(results.info)
    if sets is not None and part.name == sets.split:
        st.caption(
            _("How sure the network is was adjusted on these very images, which flatters the figures here.")
        )
    _sets(results, part, sets, key)


def _diagram(
    results: NetworkResults,
    part: SplitReport,
    bins: dict[str, list[Any]],
    chance: PerfectCalibration,
    key: str,
) -> None:
    rows = [
        (sure, right, int(count), expected)
        for count, sure, right, expected in zip(
            bins["count"], bins["confidence"], bins["accuracy"], chance.ranges, strict=True
        )
        if expected is not None
    ]
    figure = reliability_diagram(
        [
            CalibrationBin(sure, right, count, expected, _hover(sure, right, count, expected))
            for sure, right, count, expected in rows
        ],
        theme=current_theme(),
        title=in_plotly(f"{_(results.info.name)} · {part.name}"),
        confidence_name=_("How sure the answers are"),
        accuracy_name=_("How often they are right"),
        answers_name=_("Answers; large: many"),
        expected_name=_("Chance, in 95 of 100 cases"),
    )
    columns = [
        Column(_("Answers"), [count for _sure, _right, count, _expected in rows]),
        Column(_("Sure"), [sure for sure, _right, _count, _expected in rows], percent=True, decimals=1),
        Column(_("Right"), [right for _sure, right, _count, _expected in rows], percent=True, decimals=1),
        Column(_("expected, from"), [expected[0] for *_row, expected in rows], percent=True, decimals=1),
        Column(_("expected, to"), [expected[1] for *_row, expected in rows], percent=True, decimals=1),
    ]
    show_chart(
        figure,
        key=f"{key}_calibration",
        filename=f"{results.info.id}-{part.name}-calibration",
        columns=columns,
        alt=_("How often answers are right against how sure they are; the table below has the numbers"),
    )


def _hover(sure: float, right: float, count: int, expected: tuple[float, float]) -> str:
    return ngettext(
        "{n} answer, {sure} sure<br>right: {right}<br>expected: {low} to {high}",
        "{n} answers, on average {sure} sure<br>right: {right}<br>expected: {low} to {high}",
        count,
    ).format(
        n=format_number(count),
        sure=format_percent(sure),
        right=format_percent(right),
        low=format_percent(expected[0]),
        high=format_percent(expected[1]),
    )


def _sets(results: NetworkResults, part: SplitReport, sets: PredictionSets | None, key: str) -> None:
    found, unsure = part.certainty.get("prediction_sets"), part.certainty.get("unsure")
    if sets is None:
        st.caption(_("This network makes no sets of expressions and cannot say that it is unsure."))
        return
    if not found or not unsure:
        st.caption(
            _(
                "This was measured before it was settled when the network is unsure. Measure it anew: "
                "{command}"
            ).format(command=in_code(f"python -m fer_core evaluate {results.info.id} --split {part.name}"))
        )
        return
    st.markdown(
        _(
            "Its set of expressions is to hold the right label for {level} of the images, and did for "
            "{coverage}, with {size} expressions on average. For {share} it was “unsure”: the most probable "
            "expression is wrong for {when_unsure} of those, and for {when_sure} of the others."
        ).format(
            level=format_percent(sets.level, 0),
            coverage=format_percent(found["coverage"]),
            size=format_number(found["mean_size"], 2),
            share=format_percent(unsure["share"]),
            when_unsure=format_percent(unsure["error_when_unsure"]),
            when_sure=format_percent(unsure["error_when_sure"]),
        )
    )
    by_class = found["coverage_by_class"]
    show_table(
        [
            Column(_("Expression"), [emotion_label(code) for code in by_class]),
            Column(_("Sets that hold the right label"), list(by_class.values()), percent=True, decimals=1),
        ],
        key=f"{key}_sets",
        filename=f"{results.info.id}-{part.name}-sets",
    )
