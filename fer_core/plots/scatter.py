"""How often networks are right against how long they take for one face."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fer_core.plots.name_places import MARK_SIZE, NAME_SIZE, PLOT_HEIGHT, foot_place, name_places
from fer_core.plots.theme import LOOKS, template

SYMBOLS = ("circle", "square-open", "diamond-open")
"""Of the groups, in their order."""

NAME_LENGTH = 14  # letters in a line


@dataclass(frozen=True)
class Mark:
    """One network in the chart.

    Attributes:
        name: stands beside the mark.
        ms: milliseconds for one face, above 0.
        accuracy: 0 to 1.
        group: one of the chart's groups.
        hover: all that is known about the network, lines parted by <br>.
    """

    name: str
    ms: float
    accuracy: float
    group: str
    hover: str


def accuracy_against_speed(
    marks: Sequence[Mark],
    *,
    groups: Sequence[str],
    theme: str,
    title: str,
    ms_name: str,
    accuracy_name: str,
    write_ms: Callable[[float], str],
    reference: tuple[float, str] | None = None,
) -> go.Figure:
    """Draw a mark for each network, the fast ones left and the good ones on top.

    Time has a logarithmic axis: twice as fast is equally far everywhere.

    Args:
        marks: all measured on the same pictures with the same labels; [] gives empty axes.
        groups: names for the legend, in order; told apart by the form of the mark. At most three.
        ms_name, accuracy_name: what stands at the axes.
        write_ms: milliseconds as the reader's language writes them.
        reference: milliseconds that everything is compared with, and the words for it.
    """
    look = LOOKS[theme]
    times = [mark.ms for mark in marks] + ([reference[0]] if reference else [])
    low_ms, high_ms = (min(times) / 1.7, max(times) * 2.4) if times else (0.1, 10.0)
    low, high = _accuracy_range([mark.accuracy for mark in marks])

    def across(ms: float) -> float:
        return math.log(ms / low_ms) / math.log(high_ms / low_ms)

    names = [_wrapped(mark.name) for mark in marks]
    points = [(across(mark.ms), (mark.accuracy - low) / (high - low)) for mark in marks]
    line = (across(reference[0]), _wrapped(reference[1])) if reference else None
    places = name_places(names, points, line)
    figure = go.Figure()
    for group, symbol in zip(groups, SYMBOLS, strict=False):
        chosen = [index for index, mark in enumerate(marks) if mark.group == group]
        if not chosen:
            continue
        figure.add_scatter(
            x=[marks[index].ms for index in chosen],
            y=[100 * marks[index].accuracy for index in chosen],
            name=group,
            mode="markers+text",
            marker={"symbol": symbol, "size": MARK_SIZE, "color": look.ink, "line": {"width": 2}},
            text=[_padded_towards_mark(names[index], places[index]) for index in chosen],
            textposition=[places[index] for index in chosen],
            textfont={"size": NAME_SIZE, "color": look.ink},
            cliponaxis=False,
            customdata=[marks[index].hover for index in chosen],
            hovertemplate="%{customdata}<extra></extra>",
        )
    if reference is not None and line is not None:
        figure.add_vline(x=reference[0], line={"color": look.quiet, "width": 1.5, "dash": "dot"})
        anchor_right = foot_place(line[0]).endswith("left")
        figure.add_annotation(
            x=math.log10(reference[0]), y=0, yref="paper", text=line[1], showarrow=False, yanchor="bottom",
            xanchor="right" if anchor_right else "left", xshift=-5 if anchor_right else 5,
            align="right" if anchor_right else "left", font={"color": look.quiet, "size": NAME_SIZE},
        )  # fmt: skip
    figure.update_layout(
        template=template(theme),
        height=PLOT_HEIGHT + 190,
        title_text=title,
        margin_t=104,
        showlegend=True,
        legend={"itemclick": False, "itemdoubleclick": False},
    )
    ticks = _one_two_five(low_ms, high_ms)
    figure.update_xaxes(
        type="log", range=[math.log10(low_ms), math.log10(high_ms)], title_text=ms_name, fixedrange=True,
        tickmode="array", tickvals=ticks, ticktext=[write_ms(tick) for tick in ticks],
    )  # fmt: skip
    figure.update_yaxes(
        range=[100 * low, 100 * high], title_text=accuracy_name, ticksuffix="%", fixedrange=True, nticks=6
    )
    return figure


def _padded_towards_mark(name: str, place: str) -> str:
    """The name with a space towards its mark."""
    lines = name.split("<br>")
    if place.endswith("right"):
        return "<br>".join(f"\u00a0{line}" for line in lines)
    return "<br>".join(f"{line}\u00a0" for line in lines) if place.endswith("left") else name


def _wrapped(name: str) -> str:
    return "<br>".join(textwrap.wrap(name, NAME_LENGTH))


def _accuracy_range(accuracies: Sequence[float]) -> tuple[float, float]:
    """Room for the names around the marks, and never a range so small that noise looks like a difference."""
    if not accuracies:
        return 0.0, 1.0
    low, high = min(accuracies), max(accuracies)
    room = max(0.03, 0.25 * (high - low))
    return max(0.0, low - room), min(1.0, high + room)


def _one_two_five(low: float, high: float) -> list[float]:
    """0.1, 0.2, 0.5, 1, 2, ... between both."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [round(digit * 10.0**power, max(0, -power)) for power in powers for digit in (1, 2, 5)]
    return [tick for tick in ticks if low <= tick <= high]
