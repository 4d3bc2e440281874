"""The course of one training or several: lines over epochs or minutes, told apart by colour, marker and letter."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fer_core.plots.theme import LOOKS, template

NETWORK_COLOURS: dict[str, tuple[str, ...]] = {
    "light": ("#1D1B18", "#0079F2", "#F25100", "#600073", "#BF7C87", "#0000BF", "#993926", "#937CBF"),
    "dark": ("#F3F0E9", "#73D0FF", "#FFBF40", "#D90000", "#89B274", "#6040FF", "#B25081", "#8150B2"),
}
"""Colours of lines by their place, none of them an expression's. Found by search: 3:1 or more on the paper, and as far
apart as eight can be (CIE76 of 30) also for readers without one kind of cones (simulated after Machado et al. 2009)."""

NETWORK_MARKERS = (
    "circle", "square", "diamond", "triangle-up", "x", "triangle-down", "cross", "hexagon2",
)  # fmt: skip
MOST_NETWORKS = len(NETWORK_MARKERS)

MARKS = {"kept": ("star", 15), "best": ("star-open", 15), "final": ("x-thin-open", 12)}
"""Symbol and size of each kind of `Mark`."""


@dataclass(frozen=True)
class LearningLine:
    """One line.

    Attributes:
        name: for the hover, and for the legend where `in_legend`; translated.
        x: epochs or minutes, rising.
        y: what is drawn; shares 0 to 1, losses or rates.
        texts: what the hover says of each point.
        place: of the network, which gives colour and marker, below `MOST_NETWORKS`.
        letter: at the end of the line, "" for none.
        training: dotted and thin; otherwise solid.
        raw: values before smoothing, drawn faint behind; None where they are the same.
        in_legend: whether the legend names it.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    texts: Sequence[str]
    place: int
    letter: str = ""
    training: bool = False
    raw: Sequence[float] | None = None
    in_legend: bool = True


@dataclass(frozen=True)
class LearningBand:
    """The range of several trainings: where, lowest and highest value, and whose it is."""

    x: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    place: int


@dataclass(frozen=True)
class LearningMark:
    """A point with a meaning: `kind` is a key of `MARKS`, `text` its hover."""

    kind: str
    x: float
    y: float
    text: str
    place: int


def learning_curves(
    lines: Sequence[LearningLine],
    *,
    bands: Sequence[LearningBand] = (),
    marks: Sequence[LearningMark] = (),
    legend: Mapping[str, str],
    theme: str,
    title: str,
    x_name: str,
    y_name: str = "",
    by_epoch: bool = True,
    percent: bool = False,
    points: bool = False,
    log: bool = False,
    value_range: tuple[float, float] | None = None,
) -> go.Figure:
    """Draw trainings over their epochs or minutes.

    Args:
        lines: those of one network share its place.
        bands: behind the lines.
        marks: before the lines.
        legend: translated names of the kinds of marks, and of "validation", "training" and "band" where the legend
            shall explain solid and dotted lines and the shade.
        theme: "light" or "dark".
        title: of the chart.
        x_name, y_name: of the axes.
        by_epoch: the horizontal axis counts whole epochs; otherwise minutes.
        percent: values are shares, and the axis is in percent.
        points: values are differences of shares, and the axis is in percentage points.
        log: the vertical axis is logarithmic; values that are not above 0 are left out.
        value_range: ends of the vertical axis, in the unit of the values; None: from the values.
    """
    look = LOOKS[theme]
    colours = NETWORK_COLOURS[theme]
    factor = 100.0 if percent or points else 1.0

    def drawn(values: Sequence[float]) -> list[float | None]:
        return [factor * value if value > 0 or not log else None for value in values]

    data: list[dict[str, object]] = []
    for area in bands:
        edge = {
            "x": list(area.x),
            "mode": "lines",
            "line": {"width": 0},
            "hoverinfo": "skip",
            "showlegend": False,
        }
        data.append({**edge, "y": drawn(area.low)})
        fill = {"fill": "tonexty", "fillcolor": _clear(colours[area.place], 0.18)}
        data.append({**edge, "y": drawn(area.high), **fill})
    for line in lines:
        if line.raw is not None:
            faint = {"color": _clear(colours[line.place], 0.4), "width": 1}
            data.append(
                {"x": list(line.x), "y": drawn(line.raw), "mode": "lines", "line": faint, "hoverinfo": "skip",
                 "showlegend": False}
            )  # fmt: skip
    data += [_line(line, drawn(line.y), colours[line.place]) for line in lines]
    for kind in MARKS:
        data += _marks([mark for mark in marks if mark.kind == kind], kind, legend, colours, factor, look.ink)
    data += _explained(legend, look.quiet)
    figure = go.Figure({"data": [{"type": "scatter", **trace} for trace in data]})
    names = sum(bool(trace.get("showlegend")) for trace in data)
    figure.update_layout(
        template=template(theme),
        height=430 + 16 * max(0, names - 3),
        title_text=title,
        hovermode="x unified" if by_epoch else "closest",
        hoverlabel={"bgcolor": look.paper, "bordercolor": look.line, "font": {"color": look.ink}},
        margin={"t": 44, "r": 28},
        legend={"itemclick": False, "itemdoubleclick": False, "y": -0.16, "yanchor": "top",
                "traceorder": "normal"},
        xaxis={"title": {"text": x_name}, "showgrid": False, "fixedrange": True,
               "tickformat": "d" if by_epoch else "", "range": _span(lines, by_epoch)},
        yaxis={"title": {"text": y_name}, "ticksuffix": "%" if percent else "", "fixedrange": True, "nticks": 6,
               "zeroline": points, "zerolinecolor": look.quiet},
        annotations=_letters(lines, factor, log, colours, look.paper, value_range),
    )  # fmt: skip
    if log:
        figure.update_yaxes(type="log", dtick="D2", exponentformat="power")
    elif value_range is not None:
        figure.update_yaxes(range=[factor * value_range[0], factor * value_range[1]])
    return figure


def _line(line: LearningLine, y: list[float | None], colour: str) -> dict[str, object]:
    return {
        "x": list(line.x),
        "y": y,
        "name": line.name,
        "mode": "lines+markers",
        "line": {
            "color": colour,
            "width": 1.8 if line.training else 3,
            "dash": "dot" if line.training else "solid",
        },
        "marker": {
            "symbol": NETWORK_MARKERS[line.place] + ("-open" if line.training else ""),
            "size": 7,
            "color": colour,
            "maxdisplayed": 25 if len(line.x) <= 25 else 8,
        },
        "customdata": list(line.texts),
        "hovertemplate": "%{customdata}<extra></extra>",
        "showlegend": line.in_legend,
    }


def _marks(
    marks: Sequence[LearningMark],
    kind: str,
    legend: Mapping[str, str],
    colours: Sequence[str],
    factor: float,
    ink: str,
) -> list[dict[str, object]]:
    """The marks of one kind as one trace, and its place in the legend in the colour of the text."""
    if not marks:
        return []
    symbol, size = MARKS[kind]
    common = {"mode": "markers", "name": legend[kind]}
    look = {"symbol": symbol, "size": size}
    return [
        {
            **common,
            "x": [mark.x for mark in marks],
            "y": [factor * mark.y for mark in marks],
            "marker": {**look, "color": [colours[mark.place] for mark in marks],
                       "line": {"width": 2 if symbol.endswith("open") else 1,
                                "color": [colours[mark.place] for mark in marks]}},
            "customdata": [mark.text for mark in marks],
            "hovertemplate": "%{customdata}<extra></extra>",
            "showlegend": False,
        },
        {**common, "x": [None], "y": [None], "showlegend": True,
         "marker": {**look, "color": ink, "line": {"width": 2, "color": ink}}},
    ]  # fmt: skip


def _explained(legend: Mapping[str, str], quiet: str) -> list[dict[str, object]]:
    """Entries of the legend for what solid, dotted and shaded mean."""
    empty = {"x": [None], "y": [None], "hoverinfo": "skip", "showlegend": True}
    kinds = {
        "validation": {"mode": "lines", "line": {"color": quiet, "width": 3, "dash": "solid"}},
        "training": {"mode": "lines", "line": {"color": quiet, "width": 1.8, "dash": "dot"}},
        "band": {"mode": "markers", "marker": {"symbol": "square", "size": 14, "color": _clear(quiet, 0.3)}},
    }
    return [{**empty, "name": legend[kind], **look} for kind, look in kinds.items() if kind in legend]


def _span(lines: Sequence[LearningLine], by_epoch: bool) -> list[float]:
    last = max((line.x[-1] for line in lines if line.x), default=1.0)
    return [0.5, max(last, 2) + 0.5] if by_epoch else [0.0, 1.02 * max(last, 0.1)]


def _letters(
    lines: Sequence[LearningLine],
    factor: float,
    log: bool,
    colours: Sequence[str],
    paper: str,
    value_range: tuple[float, float] | None,
) -> list[dict[str, object]]:
    """The letter of each line behind its last point; those that would cover each other are moved apart."""
    ends = []
    for line in lines:
        seen = [(x, value) for x, value in zip(line.x, line.y, strict=True) if value > 0 or not log]
        if line.letter and seen:
            x, value = seen[-1]
            ends.append((math.log10(factor * value) if log else factor * value, x, line))
    ends.sort(key=lambda end: end[0])
    if not ends:
        return []
    values = [value for line in lines for value in line.y if value > 0 or not log]
    low, high = value_range or (min(values), max(values))
    if log:
        extent = math.log10(high / low) or 1.0
    else:
        extent = factor * (high - low) or 1.0
    notes: list[dict[str, object]] = []
    pixels = 270.0  # about the height of the plot
    span = max(x for _y, x, _line in ends)
    taken: list[tuple[float, float]] = []  # right end and height of the letters so far
    for y, x, line in ends:
        place = y / extent * pixels
        beside = [height for other, height in taken if abs(other - x) < 0.04 * span]
        shown = max([place, *(height + 15 for height in beside)])
        taken.append((x, shown))
        notes.append(
            {"x": x, "y": y, "xanchor": "left", "yanchor": "middle", "xshift": 8, "yshift": shown - place,
             "text": f"<b>{line.letter}</b>", "showarrow": False, "bgcolor": paper, "borderpad": 0,
             "font": {"color": colours[line.place], "size": 14}}
        )  # fmt: skip
    return notes


def _clear(colour: str, share: float) -> str:
    """ "#RRGGBB" as a colour through which what is behind it shows, `share` of it its own."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
