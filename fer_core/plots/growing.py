"""A measure of one training by epoch, small enough to stand beside other things: training and test, and a level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fer_core.plots.theme import LOOKS, template


@dataclass(frozen=True)
class Growing:
    """One line that grows.

    Attributes:
        name: at its end, translated and short.
        x: epochs that are over, rising; within an epoch also parts of one.
        y: what was measured there.
        texts: what the hover says of each point.
        training: dotted and thin; otherwise solid, for the test.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    texts: Sequence[str]
    training: bool = False


def growing_curves(
    lines: Sequence[Growing],
    *,
    epochs: int,
    theme: str,
    title: str,
    x_name: str,
    level: float | None = None,
    level_name: str = "",
    percent: bool = False,
    height: int = 210,
) -> go.Figure:
    """Draw the course so far. The axes do not move while it goes on, unless a loss is larger than any before.

    Args:
        lines: an empty one is left out.
        epochs: where the horizontal axis ends.
        theme: "light" or "dark".
        title: of the chart.
        x_name: of the horizontal axis.
        level: value of a horizontal line, such as the accuracy of guessing; None: none.
        level_name: what it is, beside the title.
        percent: values are shares, 0 to 1, and the axis is in percent.
        height: pixels.
    """
    look = LOOKS[theme]
    factor = 100.0 if percent else 1.0
    figure = go.Figure()
    drawn = [line for line in lines if len(line.x)]
    for line in drawn:
        colour = look.quiet if line.training else look.ink
        figure.add_scatter(
            x=list(line.x),
            y=[factor * value for value in line.y],
            name=line.name,
            mode="lines+markers",
            line={
                "color": colour,
                "width": 1.8 if line.training else 3,
                "dash": "dot" if line.training else "solid",
            },
            # Steps within an epoch are many and near each other: the line alone shows them.
            marker={"color": colour, "symbol": "circle-open" if line.training else "circle",
                    "size": [7 if float(x).is_integer() else 0 for x in line.x]},
            customdata=list(line.texts),
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    if level is not None:
        figure.add_shape(
            type="line", x0=0, x1=1, xref="x domain", y0=factor * level, y1=factor * level, layer="below",
            line={"color": look.quiet, "width": 1.5, "dash": "dash"},
        )  # fmt: skip
        # Beside the title, where no curve comes, and left of the button for the PNG.
        figure.add_annotation(
            x=1, xref="paper", xanchor="right", xshift=-20, y=1, yref="paper", yanchor="bottom", yshift=10,
            text=f"╌╌ {level_name}", showarrow=False, font={"color": look.quiet, "size": 13},
        )  # fmt: skip
    figure.update_layout(
        template=template(theme),
        height=height,
        title_text=title,
        showlegend=False,
        hovermode="closest",
        margin={"t": 34, "r": 24, "b": 4, "l": 8},
    )
    for at, line in enumerate(_from_above(drawn)):
        figure.add_annotation(
            x=line.x[-1], y=factor * line.y[-1], text=line.name, showarrow=False,
            xanchor="right" if line.x[-1] > 0.7 * epochs else "left",
            yanchor="bottom" if at == 0 else "top", yshift=5 if at == 0 else -5,
            bgcolor=look.paper, opacity=0.9, borderpad=1,
            font={"color": look.quiet if line.training else look.ink, "size": 13},
        )  # fmt: skip
    largest = max((value for line in drawn for value in line.y), default=1.0)
    figure.update_xaxes(
        title_text=x_name, range=[0, epochs + 0.15], fixedrange=True, showgrid=False, tickformat="d",
        nticks=min(epochs + 1, 9), title_standoff=4,
    )  # fmt: skip
    figure.update_yaxes(
        range=[0, 103.0 if percent else 1.12 * largest], fixedrange=True, nticks=5, ticksuffix="%" if percent else ""
    )  # fmt: skip
    return figure


def _from_above(lines: Sequence[Growing]) -> list[Growing]:
    """The line that ends higher first: its name stands above its end, the other's below."""
    return sorted(lines, key=lambda line: -line.y[-1])
