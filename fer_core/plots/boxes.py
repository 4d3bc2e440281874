"""How a measure is spread in each expression: median, middle half, and the middle nine tenths."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from fer_core.labels import EMOTIONS, in_reading_order
from fer_core.plots.bars import BAR_PIXELS
from fer_core.plots.sign_marks import add_signs
from fer_core.plots.theme import LOOKS, template


def expression_boxes(
    quantiles: Mapping[str, tuple[float, float, float, float, float]],
    *,
    names: Mapping[str, str],
    hovers: Mapping[str, str],
    theme: str,
    value_name: str,
    title: str = "",
) -> go.Figure:
    """Draw a box for each expression in the order of `EXPRESSIONS`.

    Args:
        quantiles: code to the 5th percentile, first quartile, median, third quartile and 95th percentile.
        names: code to the name that stands beside the box, behind the sign.
        hovers: code to all that is known about the row.
        theme: "light" or "dark".
        value_name: what is measured, for the axis.
        title: short; nothing if empty.
    """
    codes = in_reading_order(quantiles)[::-1]  # Plotly draws from the bottom
    look = LOOKS[theme]
    figure = go.Figure()
    for code in codes:
        low, first, median, third, high = ([value] for value in quantiles[code])
        figure.add_box(
            orientation="h", y=[names[code]], lowerfence=low, q1=first, median=median, q3=third, upperfence=high,
            fillcolor=EMOTIONS[code].colour, line={"color": look.ink, "width": 1.5}, width=0.6,
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip
        # A box says its five numbers in English: an unseen point has the reader's words.
        figure.add_scatter(
            x=median, y=[names[code]], mode="markers", marker={"size": BAR_PIXELS, "opacity": 0},
            customdata=[hovers[code]], hovertemplate="%{customdata}<extra></extra>", showlegend=False,
        )  # fmt: skip
    figure.update_layout(
        template=template(theme),
        height=BAR_PIXELS * max(len(codes), 1) + (110 if title else 74),
        title_text=title,
    )
    figure.update_xaxes(title_text=value_name, fixedrange=True)
    figure.update_yaxes(
        showgrid=False, fixedrange=True, ticks="", tickfont={"color": look.ink, "size": 15},
        categoryorder="array", categoryarray=[names[code] for code in codes],
    )  # fmt: skip
    add_signs(figure, {code: names[code] for code in codes}, axis="y", theme=theme)
    return figure
