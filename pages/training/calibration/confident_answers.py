"""How often a network is right where it answers only what it is confident of."""

from __future__ import annotations

import streamlit as st

from fer_core.evaluation.selective import CoveragePoint, risk_coverage
from fer_core.plots import Line, lines
from fer_core.recognition.provenance import Provenance
from pages.training.measured import Measured, not_stored_note
from pages.ui.charts import Column, current_theme, now_here, show_chart
from pages.ui.i18n import _, format_number, format_percent

_DRAWN = tuple(step / 100 for step in range(0, 100, 2)) + (0.99, 0.995)
_LISTED = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Least confidences that the chart draws and that the table lists."""


def confident_answers(measured: Measured, *, key: str) -> None:
    """Accuracy and share answered over the least confidence that an answer needs.

    Args:
        measured: what is shown.
        key: unique on the page.
    """
    st.subheader(_("Confidence and accuracy"), anchor=False)
    if measured.answers is None:
        not_stored_note(
            measured.results,
            _("How often it is right above a confidence needs the probabilities of every image."),
        )
        return
    curve = risk_coverage(measured.answers)
    drawn = [(limit, point) for limit in _DRAWN if (point := curve.from_limit(limit)) is not None]
    if not drawn:
        return
    listed = [(limit, point) for limit in _LISTED if (point := curve.from_limit(limit)) is not None]
    half = curve.at(0.5)
    st.markdown(
        _(
            "If it gave only the half of its answers that it is most confident of ({limit} and more), {accuracy} of them "
            "would be right; of all its answers {all} are."
        ).format(
            limit=format_percent(half.limit, 0),
            accuracy=format_percent(half.accuracy.value),
            all=format_percent(measured.part.accuracy),
        )
    )
    xs = [limit for limit, _point in drawn]
    figure = lines(
        [
            Line(
                _("accuracy of these answers"),
                xs,
                [point.accuracy.value for _limit, point in drawn],
                [_hover(limit, point) for limit, point in drawn],
            ),
            Line(
                _("share answered"),
                xs,
                [point.coverage for _limit, point in drawn],
                [_hover(limit, point) for limit, point in drawn],
            ),
        ],
        x_title=_("Least confidence of an answer"),
        y_title=_("Share"),
        theme=current_theme(),
        percent=True,
        markers=False,
    )
    figure.update_xaxes(tickformat=".0%", range=[0, 1.01])
    columns = [
        Column(_("Least confidence"), [limit for limit, _point in listed], percent=True),
        Column(_("Answers"), [point.answered for _limit, point in listed]),
        Column(_("Share answered"), [point.coverage for _limit, point in listed], percent=True, decimals=1),
        Column(
            _("Accuracy"),
            [point.accuracy.value for _limit, point in listed],
            percent=True,
            decimals=1,
            intervals=[point.accuracy.ends for _limit, point in listed],
        ),
    ]
    show_chart(
        figure,
        key=key,
        filename=f"{measured.results.info.id}-{measured.part.name}-confidence",
        columns=columns,
        alt=_("Accuracy and share answered against the least confidence; the table below has the numbers"),
        provenance=Provenance(now_here(), measured.results.info),
    )


def _hover(limit: float, point: CoveragePoint) -> str:
    return _("confidence {limit} and more<br>{n} answers ({share})<br>accuracy: {accuracy}").format(
        limit=format_percent(limit, 0),
        n=format_number(point.answered),
        share=format_percent(point.coverage),
        accuracy=format_percent(point.accuracy.value),
    )
