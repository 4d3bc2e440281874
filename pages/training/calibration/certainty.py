"""The block of the page Training on how sure a network is: calibration, sets that hold the truth, "unsure"."""

from __future__ import annotations

from typing import Any

import streamlit as st

from fer_core.evaluation.calibration import Calibration, TemperatureEffect, temperature_effect
from fer_core.evaluation.certainty import PerfectCalibration, perfect_calibration
from fer_core.evaluation.figures import share_estimate
from fer_core.evaluation.report import SplitReport
from fer_core.plain_text import in_code, in_plotly
from fer_core.plots import CalibrationBin, reliability_diagram
from fer_core.recognition.conformal import PredictionSets, read_prediction_sets
from fer_core.recognition.provenance import Provenance
from pages.training.measured import Measured, not_stored_note
from pages.training.networks import NetworkResults, figure_text
from pages.ui.certainty import coverage_by_class, coverage_is_a_mean
from pages.ui.charts import (
    Column,
    csv_button,
    current_theme,
    expressions_column,
    now_here,
    show_chart,
    show_table,
)
from pages.ui.i18n import _, format_number, format_percent, ngettext


def certainty_section(measured: Measured, *, key: str) -> None:
    """Calibration error, reliability diagram and, for a network with sets, what they hold.

    Args:
        measured: what is shown.
        key: unique on the page.
    """
    results, part = measured.results, measured.part
    counted = part.certainty.get("calibration")
    if not counted or not part.n:
        st.info(
            _("The calibration of this network was not measured. Measure it anew: {command}").format(
                command=in_code(f"python -m fer_core evaluate {results.info.id}")
            ),
            icon=":material/rule:",
        )
        return
    chance = perfect_calibration(counted["bins"])
    st.markdown(f"**{_('Calibration error')}: {figure_text(part, counted['ece'])}**")
    if measured.leaves_out_duplicates:
        st.markdown(_("Without duplicates of the training images"))
    st.markdown(
        _(
            "With this number of images, a perfectly calibrated network would show {mean} on average by "
            "chance alone, and less than {most} in 95 of 100 cases."
        ).format(mean=format_percent(chance.mean_error), most=format_percent(chance.most_error))
    )
    effect = temperature_effect(measured.answers) if measured.answers is not None else None
    changed = effect is not None and effect.before is not effect.after
    _diagram(measured, counted["bins"], chance, effect.before if effect and changed else None, key)
    _before_and_after(measured, effect, key)
    sets = read_prediction_sets(results.info)
    if sets is not None and part.name == sets.split:
        st.caption(
            _(
                "The network was calibrated on these same images, so the figures here look better than they are."
            )
        )
    _sets(results, part, sets, key)


def _diagram(
    measured: Measured,
    bins: dict[str, list[Any]],
    chance: PerfectCalibration,
    before: Calibration | None,
    key: str,
) -> None:
    """The reliability diagram, with the answers before the temperature where there is one."""
    results, part = measured.results, measured.part
    shown = _marks(bins, chance)
    earlier = _marks(before.bins, before.chance) if before is not None else []
    figure = reliability_diagram(
        shown,
        theme=current_theme(),
        title=in_plotly(f"{_(results.info.name)} · {part.name}"),
        confidence_name=_("Confidence"),
        accuracy_name=_("Accuracy"),
        answers_name=_("After the temperature; large: many answers")
        if earlier
        else _("Answers; large: many"),
        expected_name=_("Range by chance, 95 of 100 cases"),
        earlier=earlier,
        earlier_name=_("Before the temperature"),
    )
    columns = [
        Column(_("Answers"), [each.count for each in (*shown, *earlier)]),
        Column(_("Confidence"), [each.confidence for each in (*shown, *earlier)], percent=True, decimals=1),
        Column(_("Accuracy"), [each.accuracy for each in (*shown, *earlier)], percent=True, decimals=1),
        Column(
            _("expected, from"), [each.expected[0] for each in (*shown, *earlier)], percent=True, decimals=1
        ),
        Column(
            _("expected, to"), [each.expected[1] for each in (*shown, *earlier)], percent=True, decimals=1
        ),
    ]
    if earlier:
        names = [_("after")] * len(shown) + [_("before")] * len(earlier)
        columns.insert(0, Column(_("Temperature"), names))
    show_chart(
        figure,
        key=f"{key}_calibration",
        filename=f"{results.info.id}-{part.name}-calibration",
        columns=columns,
        alt=_("Reliability diagram: accuracy against confidence; the table below has the numbers"),
        provenance=Provenance(now_here(), results.info),
    )


def _marks(bins: dict[str, list[Any]], chance: PerfectCalibration) -> list[CalibrationBin]:
    """The bins that have answers."""
    return [
        CalibrationBin(sure, right, int(count), expected, _hover(sure, right, int(count), expected))
        for count, sure, right, expected in zip(
            bins["count"], bins["confidence"], bins["accuracy"], chance.ranges, strict=True
        )
        if expected is not None
    ]


def _before_and_after(measured: Measured, effect: TemperatureEffect | None, key: str) -> None:
    """The figures of calibration, before and after the temperature where there is one."""
    results = measured.results
    if effect is None:
        not_stored_note(
            results,
            _("Calibration before the temperature needs the probabilities of every image."),
        )
        return
    rows = {_("after the temperature"): effect.after, _("before the temperature"): effect.before}
    if effect.before is effect.after:
        rows = {_("as it ships"): effect.after}
        st.caption(_("This network has no temperature: its probabilities are as the training left them."))
    else:
        st.caption(
            _("Temperature {temperature}: the scores are divided by it before softmax.").format(
                temperature=format_number(effect.temperature, 2)
            )
        )
    found = list(rows.values())
    figures = [
        Column(_("Calibration error"), [each.error for each in found], percent=True, decimals=1),
        Column(_("by chance, mean"), [each.chance.mean_error for each in found], percent=True, decimals=1),
        Column(
            _("by chance, below (95 of 100)"),
            [each.chance.most_error for each in found],
            percent=True,
            decimals=1,
        ),
        Column(_("Mean confidence"), [each.confidence for each in found], percent=True, decimals=1),
        Column(_("Accuracy"), [measured.part.accuracy] * len(found), percent=True, decimals=1),
        Column(_("Log loss"), [each.log_loss for each in found], decimals=3),
        Column(_("Brier score"), [each.brier for each in found], decimals=3),
    ]
    # A row a figure: beside another network, and on a phone, there is no room for a column each.
    texts = [each.cell_texts() for each in figures]
    shown = [Column(name, [row[place] for row in texts]) for place, name in enumerate(rows)]
    show_table(
        [Column(_("Figure"), [each.name for each in figures]), *shown],
        key=f"{key}_temperature",
        filename=None,
    )
    csv_button(
        [Column(_("Probabilities"), list(rows)), *figures],
        key=f"{key}_temperature_csv",
        filename=f"{results.info.id}-{measured.part.name}-temperature",
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
    st.subheader(_("Prediction sets"), anchor=False)
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
