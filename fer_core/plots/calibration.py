"""How often answers are right against how sure they are (a reliability diagram)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fer_core.plots.theme import LOOKS, template

LARGEST_MARK = 18
SMALLEST_MARK = 6


@dataclass(frozen=True)
class CalibrationBin:
    """One bin of a reliability diagram: answers of about the same confidence.

    Attributes:
        confidence: their mean probability, 0 to 1.
        accuracy: share of them that is right, 0 to 1.
        count: how many they are.
        expected: the share that is right in 95 of 100 cases where `confidence` is exactly what it says, low and high.
        hover: all that is known about them, lines parted by <br>.
    """

    confidence: float
    accuracy: float
    count: int
    expected: tuple[float, float]
    hover: str


def reliability_diagram(
    bins: Sequence[CalibrationBin],
    *,
    theme: str,
    title: str,
    confidence_name: str,
    accuracy_name: str,
    answers_name: str,
    expected_name: str,
    earlier: Sequence[CalibrationBin] = (),
    earlier_name: str = "",
) -> go.Figure:
    """Draw a mark for each bin, the larger the more answers it has, and a bar where chance alone would put it.

    Args:
        bins: those with answers; [] gives empty axes.
        earlier: bins of the same answers before something was done about their confidence: open marks on a line,
            without bars; earlier_name: of them, for the legend.
        confidence_name, accuracy_name: what stands at the axes.
        answers_name, expected_name: of mark and bar, for the legend.
    """
    look = LOOKS[theme]
    largest_count = max((entry.count for entry in bins), default=1)
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 100], y=[0, 100], mode="lines", line={"color": look.quiet, "width": 1.5, "dash": "dot"},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    xs: list[float | None] = []
    ys: list[float | None] = []
    for entry in bins:
        xs += [100 * entry.confidence, 100 * entry.confidence, None]
        ys += [100 * entry.expected[0], 100 * entry.expected[1], None]
    figure.add_scatter(
        x=xs, y=ys, name=expected_name, mode="lines", line={"color": look.line, "width": 11},
        hoverinfo="skip",
    )  # fmt: skip
    if earlier:
        figure.add_scatter(
            x=[100 * entry.confidence for entry in earlier],
            y=[100 * entry.accuracy for entry in earlier],
            name=earlier_name,
            mode="lines+markers",
            line={"color": look.quiet, "width": 1.5, "dash": "dash"},
            marker={"symbol": "square-open", "size": 9, "color": look.quiet, "line": {"width": 2}},
            customdata=[entry.hover for entry in earlier],
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.add_scatter(
        x=[100 * entry.confidence for entry in bins],
        y=[100 * entry.accuracy for entry in bins],
        name=answers_name,
        mode="markers",
        marker={
            "color": look.ink,
            "opacity": 1,  # Plotly makes marks of different sizes see-through
            # By area: twice as many answers are twice as much ink.
            "size": [
                max(SMALLEST_MARK, LARGEST_MARK * (entry.count / largest_count) ** 0.5) for entry in bins
            ],
            "line": {"width": 1.5, "color": look.paper},
        },
        customdata=[entry.hover for entry in bins],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.update_layout(
        template=template(theme),
        height=460,
        title_text=title,
        margin_t=96,
        showlegend=True,
        legend={"itemclick": False, "itemdoubleclick": False, "itemsizing": "constant"},
    )
    figure.update_xaxes(range=[0, 102], ticksuffix="%", title_text=confidence_name, fixedrange=True, nticks=6)
    figure.update_yaxes(range=[0, 104], ticksuffix="%", title_text=accuracy_name, fixedrange=True, nticks=6)
    return figure
