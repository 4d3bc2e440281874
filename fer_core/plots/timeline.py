"""Expressions over time: a ribbon for each face, in the colours of what it was named."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fer_core.labels import EMOTIONS
from fer_core.plots.theme import LOOKS, template

ROW_PIXELS = 52
LEGEND_PIXELS = 24  # a row of it


@dataclass(frozen=True)
class RibbonPart:
    """One stretch of a ribbon.

    Attributes:
        row: of it: what stands beside the ribbon, such as "Face 1".
        begin_s, end_s: seconds.
        code: key of `EMOTIONS`.
        hover: all that is known about it.
    """

    row: str
    begin_s: float
    end_s: float
    code: str
    hover: str


def expression_ribbons(
    parts: Sequence[RibbonPart],
    *,
    rows: Sequence[str],
    codes: Sequence[str],
    names: Mapping[str, str],
    span_s: tuple[float, float],
    time_name: str,
    theme: str,
    ticks: Mapping[float, str] | None = None,
    moments: Sequence[tuple[float, str, str]] = (),
    marked_s: float | None = None,
) -> go.Figure:
    """Draw a ribbon for each face over time, coloured by the expression that it was named after.

    Args:
        parts: stretches; those of one row do not overlap.
        rows: all rows, the first on top; also those without a stretch.
        codes: expressions of the legend, in its order; those that do not occur are left out.
        names: code to name.
        span_s: first and last second of the axis, which goes on to the last of the ticks.
        time_name: title of the axis.
        theme: "light" or "dark".
        ticks: second to what stands at the axis there; None for seconds as they are.
        moments: (second, row, hover) of points that a reader may click.
        marked_s: a second that gets a line across all ribbons.
    """
    look = LOOKS[theme]
    figure = go.Figure()
    occurring = [code for code in codes if any(part.code == code for part in parts)]
    for code in occurring:
        code_parts = [part for part in parts if part.code == code]
        colour = EMOTIONS[code].colour
        figure.add_bar(
            x=[part.end_s - part.begin_s for part in code_parts],
            base=[part.begin_s for part in code_parts],
            y=[part.row for part in code_parts],
            orientation="h",
            name=names[code],
            marker={
                # "Unsure" has no colour, only an outline.
                "color": colour or look.paper,
                "line": {"width": 0 if colour else 1.5, "color": look.quiet},
            },
            customdata=[part.hover for part in code_parts],
            hovertemplate="%{customdata}<extra></extra>",
        )
    if moments:
        figure.add_scatter(
            x=[time_s for time_s, _row, _hover in moments],
            y=[row for _time_s, row, _hover in moments],
            mode="markers",
            marker={"size": 14, "opacity": 0, "color": look.ink},
            customdata=[hover for _time_s, _row, hover in moments],
            hovertemplate="%{customdata}<extra></extra>",
            showlegend=False,
        )
    if marked_s is not None:
        figure.add_vline(x=marked_s, line={"color": look.ink, "width": 2, "dash": "dot"})
    # On a phone two names stand beside each other, and the legend has no more room than the margin above.
    top = 40 + LEGEND_PIXELS * math.ceil(len(occurring) / 2)
    figure.update_layout(
        template=template(theme),
        barmode="overlay",
        bargap=0.3,
        height=ROW_PIXELS * max(1, len(rows)) + 66 + top,
        margin={"t": top},
        showlegend=True,
        uirevision="kept",  # a renewed chart keeps zoom and legend
    )
    # With a single tick Plotly loses the axis' title, and the browser's console says so.
    end_s = max([span_s[1], *(ticks or ())])
    figure.update_xaxes(range=[span_s[0], end_s], title_text=time_name, showgrid=True)
    if ticks is not None:
        figure.update_xaxes(tickmode="array", tickvals=list(ticks), ticktext=list(ticks.values()))
    figure.update_yaxes(categoryorder="array", categoryarray=list(reversed(rows)), showgrid=False)
    return figure
