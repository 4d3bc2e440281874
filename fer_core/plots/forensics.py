"""Charts of what is wrong with a data set: counts as bars, shares along a number, accuracies with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fer_core.plots.theme import LOOKS, template

_ROW_PIXELS = 30
_LINES = ("solid", "dash", "dot", "dashdot", "longdash")
_MARKERS = ("circle", "square", "diamond", "triangle-up", "x")


def count_bars(
    counts: Mapping[str, int], *, texts: Mapping[str, str], hovers: Mapping[str, str], theme: str
) -> go.Figure:
    """A horizontal bar for each name, from the top down in the order given.

    Args:
        counts: name, translated, to its number.
        texts: name to the number as it is written at the bar's end.
        hovers: name to all that is known about it.
        theme: "light" or "dark".
    """
    names = list(counts)[::-1]  # Plotly draws from the bottom
    look = LOOKS[theme]
    figure = go.Figure(
        go.Bar(
            x=[counts[name] for name in names],
            y=names,
            orientation="h",
            marker={"color": look.quiet},
            text=[texts[name] for name in names],
            textposition="outside",
            cliponaxis=False,
            customdata=[hovers[name] for name in names],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    figure.update_layout(
        template=template(theme), height=_ROW_PIXELS * max(len(names), 1) + 20, showlegend=False
    )
    figure.update_layout(margin={"t": 8})
    figure.update_xaxes(visible=False, range=[0, max(counts.values(), default=1) * 1.25], fixedrange=True)
    figure.update_yaxes(
        showgrid=False, fixedrange=True, ticks="", type="category", tickfont={"color": look.ink}
    )
    return figure


@dataclass(frozen=True)
class Line:
    """One line of a chart: its name, where its points lie, and what is known about each."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    hovers: Sequence[str]


def lines(
    drawn: Sequence[Line], *, x_title: str, y_title: str, theme: str, percent: bool = False, log_x: bool = False,
    markers: bool = True,
) -> go.Figure:  # fmt: skip
    """Lines that differ in dashes and markers, all in the colours of the text.

    Args:
        drawn: at most five.
        x_title, y_title: of the axes, translated.
        theme: "light" or "dark".
        percent: y is a share, 0 to 1.
        log_x: the horizontal axis is logarithmic.
        markers: a marker at each point.
    """
    look = LOOKS[theme]
    figure = go.Figure()
    for at, line in enumerate(drawn):
        colour = look.ink if at == 0 else look.quiet
        figure.add_scatter(
            x=list(line.x),
            y=list(line.y),
            name=line.name,
            mode="lines+markers" if markers else "lines",
            line={"color": colour, "dash": _LINES[at], "width": 2.5},
            marker={"color": colour, "symbol": _MARKERS[at], "size": 8},
            customdata=list(line.hovers),
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.update_layout(template=template(theme), height=300, showlegend=len(drawn) > 1)
    figure.update_layout(margin={"t": 44 if len(drawn) > 1 else 12})
    figure.update_xaxes(title_text=x_title, type="log" if log_x else "linear", fixedrange=True)
    figure.update_yaxes(title_text=y_title, rangemode="tozero", fixedrange=True)
    if percent:
        figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    return figure


@dataclass(frozen=True)
class Accuracies:
    """Accuracies of one network: (share, low, high) for each series, NaN where there is none, and the hover of each."""

    name: str
    values: Sequence[tuple[float, float, float]]
    hovers: Sequence[str]


def accuracy_intervals(rows: Sequence[Accuracies], *, series: Sequence[str], theme: str) -> go.Figure:
    """A row for each network, and on it a marker with its interval for each series.

    Args:
        rows: from the top down.
        series: names of what the values are of, at most five.
        theme: "light" or "dark".
    """
    look = LOOKS[theme]
    figure = go.Figure()
    count = len(series)
    for at, name in enumerate(series):
        colour = look.ink if at == 0 else look.quiet
        share, low, high = zip(*(row.values[at] for row in rows), strict=True) if rows else ((), (), ())
        figure.add_scatter(
            x=share,
            y=[-place + 0.22 * ((count - 1) / 2 - at) for place in range(len(rows))],
            name=name,
            mode="markers",
            marker={"color": colour, "symbol": _MARKERS[at], "size": 10},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [end - value for end, value in zip(high, share, strict=True)],
                "arrayminus": [value - end for end, value in zip(low, share, strict=True)],
                "color": colour,
                "thickness": 1.5,
                "width": 3,
            },
            customdata=[row.hovers[at] for row in rows],
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.update_layout(template=template(theme), height=56 * max(len(rows), 1) + 110)
    figure.update_xaxes(tickformat=".0%", fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True, range=[-len(rows) + 0.4, 0.8])
    # Above the row and not beside it: on a phone names would leave no room for the markers.
    for place, row in enumerate(rows):
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=0.48 - place, yanchor="middle", text=row.name, showarrow=False,
            font={"size": 13, "color": look.ink}, bgcolor=look.paper, borderpad=1,
        )  # fmt: skip
    return figure
