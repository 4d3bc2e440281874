"""How sure raters are against how often they agree with others: several of them in one chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fer_core.plots.theme import LOOKS, template

_MARKS = ("circle", "square-open", "diamond-open")
_DASHES = ("solid", "dash", "dot")


@dataclass(frozen=True)
class SurePoint:
    """Answers of about the same sureness.

    Attributes:
        sure: their mean, 0 to 1.
        agreed: share of them that agrees, 0 to 1.
        ends: of its interval; None draws none.
        hover: all that is known about them, lines parted by <br>.
    """

    sure: float
    agreed: float
    ends: tuple[float, float] | None
    hover: str


@dataclass(frozen=True)
class SureLine:
    """One rater, by how sure: its name for the legend, and its points from the least sure on."""

    name: str
    points: Sequence[SurePoint]


def sureness_diagram(
    drawn: Sequence[SureLine], *, theme: str, sure_name: str, agreed_name: str, diagonal_name: str
) -> go.Figure:
    """Draw a line for each rater, the first one in the colour of the text, with the diagonal of perfect calibration.

    Args:
        drawn: at most three; [] gives the diagonal alone.
        theme: "light" or "dark".
        sure_name, agreed_name: what stands at the axes.
        diagonal_name: for the legend.
    """
    look = LOOKS[theme]
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 100], y=[0, 100], name=diagonal_name, mode="lines",
        line={"color": look.line, "width": 6}, hoverinfo="skip",
    )  # fmt: skip
    # The first one last, so that it lies over the others.
    for at, line in reversed(list(enumerate(drawn))):
        colour = look.ink if at == 0 else look.quiet
        ends = [point.ends or (point.agreed, point.agreed) for point in line.points]
        agreed = [point.agreed for point in line.points]
        bars = {
            "type": "data",
            "symmetric": False,
            "array": [100 * (high - value) for (_low, high), value in zip(ends, agreed, strict=True)],
            "arrayminus": [100 * (value - low) for (low, _high), value in zip(ends, agreed, strict=True)],
            "color": colour,
            "thickness": 1.5,
            "width": 4,
        }
        figure.add_scatter(
            x=[100 * point.sure for point in line.points],
            y=[100 * value for value in agreed],
            name=line.name,
            mode="lines+markers",
            line={"color": colour, "width": 2.5 if at == 0 else 1.5, "dash": _DASHES[at]},
            marker={"symbol": _MARKS[at], "size": 13 if at == 0 else 9, "color": colour, "line": {"width": 2, "color": colour}},
            error_y=bars if any(point.ends for point in line.points) else None,
            customdata=[point.hover for point in line.points],
            hovertemplate="%{customdata}<extra></extra>",
            legendrank=at,
        )  # fmt: skip
    figure.update_layout(
        template=template(theme),
        height=440,
        margin={"t": 96},
        showlegend=True,
        legend={"itemclick": False, "itemdoubleclick": False},
    )
    figure.update_xaxes(range=[0, 103], ticksuffix="%", title_text=sure_name, fixedrange=True, nticks=6)
    figure.update_yaxes(range=[0, 104], ticksuffix="%", title_text=agreed_name, fixedrange=True, nticks=6)
    return figure
