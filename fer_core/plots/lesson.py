"""Charts of the lesson on the paper's figures: two accuracies of each network on one line, and a gap that opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fer_core.plots.theme import LOOKS, Look, mix, template

_ROW_PIXELS = 46
_MARKERS = ("circle-open", "square", "diamond-open")
"""Of the first, the second and the third mark of a row, told apart without colour."""


@dataclass(frozen=True)
class Pair:
    """One network: two shares that belong together, or three.

    Attributes:
        name: stands above the line, translated.
        values: shares, one for each mark; None where there is none.
        hovers: all that is known about each mark.
        band: ends of a range behind them; None without one.
        text: what stands at the line, such as the difference; "" for nothing.
    """

    name: str
    values: Sequence[float | None]
    hovers: Sequence[str]
    band: tuple[float, float] | None = None
    text: str = ""


def paired_shares(
    rows: Sequence[Pair], *, series: Sequence[str], theme: str, band_name: str = "", whole: bool = False
) -> go.Figure:
    """A line for each network, from one of its shares to the other.

    Args:
        rows: from the top down.
        series: names of what the marks are, two or three.
        theme: "light" or "dark".
        band_name: of the ranges, for the legend.
        whole: the axis is from 0 to 100%; else it is as long as the values need.
    """
    look = LOOKS[theme]
    figure = go.Figure()
    places = [-place for place in range(len(rows))]
    banded = [(row.band, place) for row, place in zip(rows, places, strict=True) if row.band is not None]
    if banded:
        figure.add_scatter(
            x=_in_pieces([(100 * low, 100 * high) for (low, high), _place in banded]),
            y=_in_pieces([(place, place) for _band, place in banded]),
            name=band_name, mode="lines", hoverinfo="skip",
            line={"color": mix(look.paper, look.ink, 0.22), "width": 16},
        )  # fmt: skip
    known = [[value for value in row.values if value is not None] for row in rows]
    figure.add_scatter(
        x=_in_pieces([(100 * min(each), 100 * max(each)) for each in known if each]),
        y=_in_pieces([(place, place) for each, place in zip(known, places, strict=True) if each]),
        mode="lines", hoverinfo="skip", showlegend=False, line={"color": look.quiet, "width": 2},
    )  # fmt: skip
    for at, name in enumerate(series):
        shown = [
            (row.values[at], place, row.hovers[at])
            for row, place in zip(rows, places, strict=True)
            if row.values[at] is not None
        ]
        figure.add_scatter(
            x=[100 * (value or 0.0) for value, _place, _hover in shown],
            y=[place for _value, place, _hover in shown],
            name=name,
            mode="markers",
            marker={"symbol": _MARKERS[at], "size": 13, "color": look.ink, "line": {"width": 2.5, "color": look.ink}},
            customdata=[hover for _value, _place, hover in shown],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    low, high = (0.0, 1.0) if whole else _axis(rows)
    figure.update_layout(
        template=template(theme),
        height=_ROW_PIXELS * max(len(rows), 1) + 110,
        legend={"itemclick": False, "itemdoubleclick": False},
        margin={"t": 44, "r": 16},
    )
    figure.update_xaxes(range=[100 * low, 100 * high], ticksuffix="%", fixedrange=True, nticks=8)
    figure.update_yaxes(visible=False, fixedrange=True, range=[-len(rows) + 0.55, 0.85])
    for row, place, values in zip(rows, places, known, strict=True):
        # Above the line and not beside it: on a phone names would leave no room for the marks.
        _note(figure, row.name, 0.0, "left", 0.46 + place, look, xref="paper")
        if row.text and values:
            _note(figure, row.text, *_beside(values, low, high), place, look)
    return figure


def _note(
    figure: go.Figure, text: str, x: float, anchor: str, y: float, look: Look, *, xref: str = "x"
) -> None:
    figure.add_annotation(
        x=x, xref=xref, xanchor=anchor, y=y, yanchor="middle", text=text, showarrow=False,
        xshift=0 if xref == "paper" else {"left": 12, "right": -12}.get(anchor, 0),
        font={"size": 14, "color": look.ink}, bgcolor=look.paper, borderpad=1,
    )  # fmt: skip


def _beside(values: Sequence[float], low: float, high: float) -> tuple[float, str]:
    """Where the words of a line stand, in percent, and which side of them: on it, where it is long, else beside it."""
    left, right = min(values), max(values)
    if right - left > 0.4 * (high - low):
        return 50 * (left + right), "center"
    return (100 * right, "left") if right < low + 0.7 * (high - low) else (100 * left, "right")


def gap_curves(
    epochs: Sequence[int],
    training: Sequence[float],
    test: Sequence[float],
    *,
    names: tuple[str, str],
    texts: tuple[Sequence[str], Sequence[str]],
    gap_text: str,
    epoch_name: str,
    theme: str,
    marked: tuple[int, str] | None = None,
) -> go.Figure:
    """Training and test accuracy over the epochs, the area between them filled.

    Args:
        epochs: from 1.
        training, test: shares, one for each epoch.
        names: of both lines, for the legend and their ends.
        texts: how the shares are written.
        gap_text: written at the right end, between the lines.
        epoch_name: for the axis.
        theme: "light" or "dark".
        marked: an epoch with a line, and the words for it.
    """
    look = LOOKS[theme]
    figure = go.Figure()
    for values, name, text, solid in (
        (test, names[1], texts[1], True),
        (training, names[0], texts[0], False),
    ):
        figure.add_scatter(
            x=list(epochs),
            y=[100 * value for value in values],
            name=name,
            mode="lines",
            line={
                "color": look.ink if solid else look.quiet,
                "width": 3,
                "dash": "solid" if solid else "dash",
            },
            fill=None if solid else "tonexty",
            fillcolor=mix(look.paper, look.ink, 0.1),
            customdata=list(text),
            hovertemplate=f"{name}: %{{customdata}}<extra></extra>",
        )
    last = epochs[-1]
    figure.add_annotation(
        x=last, y=50 * (training[-1] + test[-1]), text=gap_text, showarrow=False, xanchor="right", xshift=-10,
        font={"size": 15, "color": look.ink},
        bgcolor=look.paper, borderpad=3,
    )  # fmt: skip
    if marked is not None:
        figure.add_vline(x=marked[0], line={"color": look.quiet, "width": 1.5, "dash": "dot"})
        right = marked[0] > 0.6 * last
        figure.add_annotation(
            x=marked[0], y=0, yref="paper", text=marked[1], showarrow=False, yanchor="bottom",
            xanchor="right" if right else "left", xshift=-5 if right else 5,
            font={"color": look.quiet, "size": 13}, bgcolor=look.paper,
        )  # fmt: skip
    figure.update_layout(
        template=template(theme),
        height=340,
        hovermode="x unified",
        hoverlabel={"bgcolor": look.paper, "bordercolor": look.line, "font": {"color": look.ink}},
        margin_t=52,
        legend={"itemclick": False, "itemdoubleclick": False, "traceorder": "reversed"},
    )
    figure.update_xaxes(
        title_text=epoch_name, showgrid=False, tickformat="d", fixedrange=True, range=[0.5, last + 0.5]
    )
    figure.update_yaxes(ticksuffix="%", fixedrange=True, nticks=6, range=[0, 102])
    return figure


def _in_pieces(pairs: Sequence[tuple[float, float]]) -> list[float | None]:
    """The ends of lines that do not hang together."""
    return [end for first, second in pairs for end in (first, second, None)]


def _axis(rows: Sequence[Pair]) -> tuple[float, float]:
    """Room beside the outermost marks, and never a range so small that noise looks like a difference."""
    values = [value for row in rows for value in (*row.values, *(row.band or ())) if value is not None]
    if not values:
        return 0.0, 1.0
    room = max(0.02, 0.06 * (max(values) - min(values)))
    return max(0.0, min(values) - room), min(1.0, max(values) + room)
