"""The block of the page Training on how sure a network is: calibration, sets that hold the truth, "unsure"."""

from __future__ import annotations

from typing import Any

import streamlit as st

from fer_core.evaluation.certainty import PerfectCalibration, perfect_calibration
from fer_core.evaluation.figures import share_estimate
from fer_core.evaluation.report import SplitReport
from fer_core.plain_text import in_code, in_plotly
from fer_core.plots import CalibrationBin, reliability_diagram
from fer_core.recognition.conformal import PredictionSets, read_prediction_sets
from fer_core.recognition.provenance import Provenance
from pages.training.networks import NetworkResults, figure_text
from pages.ui.certainty import coverage_by_class, coverage_is_a_mean
from pages.ui.charts import Column, current_theme, expressions_column, now_here, show_chart, show_table
from pages.ui.i18n import _, format_number, format_percent, ngettext


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
            _("The calibration of this network was not measured. Measure it anew: {command}").format(
                command=in_code(f"python -m fer_core evaluate {results.info.id}")
            ),
            icon=":material/rule:",
        )
        return
    chance = perfect_calibration(measured["bins"])
    st.markdown(f"**{_('Calibration error')}: {figure_text(part, measured['ece'])}**")
    st.markdown(
        _(
            "With this number of images, a perfectly calibrated network would show {mean} on average by "
            "chance alone, and less than {most} in 95 of 100 cases."
        ).format(mean=format_percent(chance.mean_error), most=format_percent(chance.most_error))
    )
    _diagram(results, part, measured["bins"], chance, key)
    sets = read_prediction_sets(results.info)
    if sets is not None and part.name == sets.split:
        st.caption(
            _(
                "The network was calibrated on these same images, so the figures here look better than they are."
            )
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
        confidence_name=_("Confidence"),
        accuracy_name=_("Accuracy"),
        answers_name=_("Answers; large: many"),
        expected_name=_("Range by chance, 95 of 100 cases"),
    )
    columns = [
        Column(_("Answers"), [count for _sure, _right, count, _expected in rows]),
        Column(_("Confidence"), [sure for sure, _right, _count, _expected in rows], percent=True, decimals=1),
        Column(_("Accuracy"), [right for _sure, right, _count, _expected in rows], percent=True, decimals=1),
        Column(_("expected, from"), [expected[0] for *_row, expected in rows], percent=True, decimals=1),
        Column(_("expected, to"), [expected[1] for *_row, expected in rows], percent=True, decimals=1),
    ]
    show_chart(
        figure,
        key=f"{key}_calibration",
        filename=f"{results.info.id}-{part.name}-calibration",
        columns=columns,
        alt=_("Reliability diagram: accuracy against confidence; the table below has the numbers"),
        provenance=Provenance(now_here(), results.info),
    )


def _hover(sure: float, right: float, count: int, expected: tuple[float, float]) -> str:
    return ngettext(
        "{n} answer, confidence {sure}<br>accuracy: {right}<br>expected: {low} to {high}",
        "{n} answers, mean confidence {sure}<br>accuracy: {right}<br>expected: {low} to {high}",
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
        st.caption(_("This network has no prediction sets and cannot answer “unsure”."))
        return
    if not found or not unsure:
        st.caption(
            _(
                "This was measured before the prediction sets of this network were fitted. Measure it anew: "
                "{command}"
            ).format(command=in_code(f"python -m fer_core evaluate {results.info.id} --split {part.name}"))
        )
        return
    st.markdown(
        _(
            "Its {level} prediction set contained the label of {coverage} of the images, with {size} "
            "expressions on average. For {share} the answer was “unsure”: the most probable expression is "
            "wrong for {when_unsure} of those, and for {when_sure} of the others."
        ).format(
            level=format_percent(sets.level, 0),
            coverage=format_percent(found["coverage"]),
            size=format_number(found["mean_size"], 2),
            share=format_percent(unsure["share"]),
            when_unsure=format_percent(unsure["error_when_unsure"]),
            when_sure=format_percent(unsure["error_when_sure"]),
        )
    )
    st.markdown(coverage_is_a_mean())
    by_class = coverage_by_class(part)
    estimates = [share_estimate(round((share or 0.0) * count), count) for share, count in by_class.values()]
    show_table(
        [
            expressions_column(_("Expression"), list(by_class)),
            Column(
                _("Coverage of the prediction sets"),
                [estimate.value for estimate in estimates],
                percent=True,
                decimals=1,
                intervals=[estimate.ends for estimate in estimates],
            ),
            Column(_("Images (n)"), [count for _share, count in by_class.values()]),
        ],
        key=f"{key}_sets",
        filename=f"{results.info.id}-{part.name}-sets",
        provenance=Provenance(now_here(), results.info),
    )
