"""Parts that add up to a score, as bars of which each begins where the one above ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import plotly.graph_objects as go

from fer_core.plots.theme import LOOKS, template

_ROW_PIXELS = 46
_PICTURE_SHARE = 0.09  # of the width
_TEXT_SHARE = 0.16


@dataclass(frozen=True)
class AddedBars:
    """What adds up to one score.

    Attributes:
        name: of the score, translated.
        colour: "#RRGGBB".
        values: in the order of the rows.
        texts: how they are written, and last their sum.
        hovers: all that is known about each, and last about the sum.
    """

    name: str
    colour: str
    values: Sequence[float]
    texts: Sequence[str]
    hovers: Sequence[str]


def contribution_bars(
    rows: Sequence[str], pictures: Sequence[str], series: Sequence[AddedBars], *, total: str, theme: str
) -> go.Figure:
    """Draw them from the top down: a bar to the right adds, a hatched one to the left takes away, the last is the sum.

    Args:
        rows: names, translated.
        pictures: address of a picture for each row; "" for none.
        series: one score, or two to be compared.
        total: name of the row of the sums.
        theme: "light" or "dark".

    Raises:
        ValueError: values, texts or hovers do not fit the rows.
    """
    look = LOOKS[theme]
    names = [*rows, total]
    figure = go.Figure()
    thickness = 0.66 / len(series)
    reached: list[float] = [0.0]
    left_ends: list[float] = []  # where a number stands left of its bar
    for at, bars in enumerate(series):
        if len(bars.values) != len(rows) or not len(bars.texts) == len(bars.hovers) == len(names):
            raise ValueError(f"Expected {len(rows)} values and {len(names)} texts. Received: {bars}")
        starts = [*accumulate(bars.values, initial=0.0)]
        lengths = [*bars.values, starts[-1]]
        bases = [*starts[:-1], 0.0]
        reached += starts
        left_ends += [base + length for base, length in zip(bases, lengths, strict=True) if length < 0]
        middle = (at - (len(series) - 1) / 2) * thickness
        y = [row + middle for row in range(len(names))]
        figure.add_bar(
            x=lengths,
            y=y,
            base=bases,
            orientation="h",
            width=thickness * 0.86,
            name=bars.name,
            marker={
                "color": bars.colour,
                "line": {
                    "color": [bars.colour] * len(rows) + [look.ink],
                    "width": [1.5] * len(rows) + [2],
                },
                "pattern": {
                    "shape": ["/" if length < 0 else "" for length in lengths],
                    "bgcolor": look.paper,
                    "size": 7,
                },
            },
            text=list(bars.texts),
            textposition="outside",
            textfont={"color": look.ink, "size": 14},
            constraintext="none",
            cliponaxis=False,
            customdata=list(bars.hovers),
            hovertemplate="%{customdata}<extra></extra>",
        )
        # From the end of each bar to the beginning of the next: that they add up is seen.
        figure.add_scatter(
            x=[place for start in starts[1:] for place in (start, start, None)],
            y=[place for row in range(len(rows)) for place in (y[row], y[row + 1], None)],
            mode="lines",
            line={"color": look.quiet, "width": 1},
            hoverinfo="skip",
            showlegend=False,
        )
    low, high = min(reached), max(reached)
    span = 1.3 * (high - low) or 1.0
    # Room for the numbers at the ends of the bars, and left of all of it for the pictures.
    first = min([low - 0.02 * span, *(end - _TEXT_SHARE * span for end in left_ends)])
    if any(pictures):
        first -= _PICTURE_SHARE * 1.2 * span
    for row, picture in enumerate(pictures):
        if picture:
            figure.add_layout_image(
                source=picture, xref="x domain", yref="y", x=0, y=row, sizex=_PICTURE_SHARE, sizey=0.84,
                xanchor="left", yanchor="middle", sizing="contain",
            )  # fmt: skip
    figure.add_vline(x=0, line={"color": look.ink, "width": 1.5})
    figure.update_layout(
        template=template(theme),
        height=_ROW_PIXELS * len(names) + (60 if len(series) > 1 else 20),
        showlegend=len(series) > 1,
        legend={"itemclick": False, "itemdoubleclick": False},
        barmode="overlay",
        margin={"t": 44 if len(series) > 1 else 8},
    )
    figure.update_xaxes(visible=False, range=[first, high + _TEXT_SHARE * span], fixedrange=True)
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[*rows, f"<b>{total}</b>"],
        range=[len(names) - 0.5, -0.5],
        showgrid=False,
        fixedrange=True,
        tickfont={"color": look.ink},
    )
    return figure
