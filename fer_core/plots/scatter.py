"""How often networks are right against how long they take for one face."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fer_core.plots.theme import LOOKS, template

SYMBOLS = ("circle", "square-open", "diamond-open")
"""Of the groups, in their order."""

PLOT_WIDTH, PLOT_HEIGHT = 205, 250
"""Pixels between the axes on a phone; where names fit there, they fit everywhere."""
NAME_LENGTH, NAME_SIZE, MARK_SIZE = 14, 13, 13


@dataclass(frozen=True)
class Mark:
    """One network.

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


@dataclass(frozen=True)
class Box:
    """Pixels from the lower left corner of the plot."""

    left: float
    right: float
    low: float
    high: float

    def shared(self, other: Box) -> float:
        """Area that both cover, in square pixels."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.high, other.high) - max(self.low, other.low)
        return max(0.0, width) * max(0.0, height)

    @property
    def outside(self) -> float:
        """Area beyond the plot."""
        area = (self.right - self.left) * (self.high - self.low)
        return area - self.shared(Box(0, PLOT_WIDTH, 0, PLOT_HEIGHT))


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
    """A mark for each network, the fast ones left and the good ones on top.

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
    low_ms, high_ms = (min(times) / 1.7, max(times) * 1.7) if times else (0.1, 10.0)
    low, high = _accuracy_range([mark.accuracy for mark in marks])

    def across(ms: float) -> float:
        return PLOT_WIDTH * math.log(ms / low_ms) / math.log(high_ms / low_ms)

    centres = [(across(mark.ms), PLOT_HEIGHT * (mark.accuracy - low) / (high - low)) for mark in marks]
    names = ["<br>".join(textwrap.wrap(mark.name, NAME_LENGTH)) for mark in marks]
    obstacles: list[Box] = []
    if reference is not None:
        x = across(reference[0])
        # Its words stand at the foot of the line, on the side where there is more room.
        words, side = "<br>".join(textwrap.wrap(reference[1], NAME_LENGTH)), x > PLOT_WIDTH / 2
        foot = name_boxes(words, x, 0)["top left" if side else "top right"]
        obstacles = [Box(x - 2, x + 2, 0, PLOT_HEIGHT), foot]
    places = name_places(names, centres, obstacles)
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
            text=[_apart(names[index], places[index]) for index in chosen],
            textposition=[places[index] for index in chosen],
            textfont={"size": NAME_SIZE, "color": look.ink},
            cliponaxis=False,
            customdata=[marks[index].hover for index in chosen],
            hovertemplate="%{customdata}<extra></extra>",
        )
    if reference is not None:
        figure.add_vline(x=reference[0], line={"color": look.quiet, "width": 1.5, "dash": "dot"})
        figure.add_annotation(
            x=math.log10(reference[0]), y=0, yref="paper", showarrow=False, yanchor="bottom", text=words,
            xanchor="right" if side else "left", xshift=-5 if side else 5,
            align="right" if side else "left", font={"color": look.quiet, "size": NAME_SIZE},
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
        range=[100 * low, 100 * high], title_text=accuracy_name, ticksuffix=" %", fixedrange=True, nticks=6
    )
    return figure


def _apart(name: str, place: str) -> str:
    """The name with a space towards its mark."""
    lines = name.split("<br>")
    if place.endswith("right"):
        return "<br>".join(f"\u00a0{line}" for line in lines)
    return "<br>".join(f"{line}\u00a0" for line in lines) if place.endswith("left") else name


def name_places(
    names: Sequence[str], centres: Sequence[tuple[float, float]], obstacles: Sequence[Box] = ()
) -> list[str]:
    """Where each name stands, so that names cover neither each other nor the marks, as far as that is possible.

    Args:
        names: lines parted by <br>.
        centres: of the marks, pixels from the lower left corner of a plot of `PLOT_WIDTH` by `PLOT_HEIGHT`.
        obstacles: what else no name should cover.

    Returns:
        Plotly's `textposition` for each.
    """
    half = MARK_SIZE / 2
    taken = [*obstacles, *(Box(x - half, x + half, y - half, y + half) for x, y in centres)]
    chosen: list[str] = []
    for name, (x, y) in zip(names, centres, strict=True):
        offered = name_boxes(name, x, y)
        best = min(
            offered,
            key=lambda place: offered[place].outside + sum(offered[place].shared(box) for box in taken),
        )
        taken.append(offered[best])
        chosen.append(best)
    return chosen


def name_boxes(name: str, x: float, y: float) -> dict[str, Box]:
    """What a name would cover at each place beside its mark, the favourite one first."""
    lines = name.split("<br>")
    width = (
        0.56 * NAME_SIZE * (max(len(line) for line in lines) + 1)
    )  # of the font's mean letter, and a space
    height = 1.3 * NAME_SIZE * len(lines)
    gap = MARK_SIZE / 2 + 2
    beside = {"low": y - height / 2, "high": y + height / 2}
    around = {"left": x - width / 2, "right": x + width / 2}
    return {
        "middle right": Box(left=x + gap, right=x + gap + width, **beside),
        "middle left": Box(left=x - gap - width, right=x - gap, **beside),
        "top center": Box(low=y + gap, high=y + gap + height, **around),
        "bottom center": Box(low=y - gap - height, high=y - gap, **around),
        "top right": Box(x + gap, x + gap + width, y + gap, y + gap + height),
        "bottom right": Box(x + gap, x + gap + width, y - gap - height, y - gap),
        "top left": Box(x - gap - width, x - gap, y + gap, y + gap + height),
        "bottom left": Box(x - gap - width, x - gap, y - gap - height, y - gap),
    }


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
