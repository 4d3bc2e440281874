"""Curves of expressions in one chart: ROC, and precision against recall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fer_core.labels import EMOTIONS
from fer_core.plots.theme import LOOKS, template

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "8px,2px", "2px,6px")


@dataclass(frozen=True)
class ExpressionCurve:
    """The curve of one expression against all others.

    Attributes:
        code: of the expression.
        name: for the legend, translated.
        x, y: shares, 0 to 1.
        hovers: all that is known about each point.
    """

    code: str
    name: str
    x: Sequence[float]
    y: Sequence[float]
    hovers: Sequence[str]


def expression_curves(
    curves: Sequence[ExpressionCurve],
    *,
    theme: str,
    title: str,
    x_name: str,
    y_name: str,
    chance_name: str = "",
) -> go.Figure:
    """Draw a line for each expression, in its colour and with dashes of its own.

    Args:
        curves: at most eight.
        theme: "light" or "dark".
        title: above the chart; x_name, y_name: at the axes.
        chance_name: what the diagonal is called; "": no diagonal.
    """
    look = LOOKS[theme]
    figure = go.Figure()
    if chance_name:
        figure.add_scatter(
            x=[0, 1], y=[0, 1], name=chance_name, mode="lines", hoverinfo="skip",
            line={"color": look.line, "width": 2},
        )  # fmt: skip
    for curve, dash in zip(curves, _DASHES, strict=False):
        figure.add_scatter(
            x=list(curve.x),
            y=list(curve.y),
            name=curve.name,
            mode="lines",
            line={"color": EMOTIONS[curve.code].colour, "dash": dash, "width": 2.5},
            customdata=list(curve.hovers),
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.update_layout(
        template=template(theme),
        height=520,
        title_text=title,
        margin={"t": 44},
        legend={"y": -0.2, "yanchor": "top", "itemclick": False, "itemdoubleclick": False},
    )
    figure.update_xaxes(title_text=x_name, tickformat=".0%", range=[-0.01, 1.01], fixedrange=True, nticks=6)
    figure.update_yaxes(title_text=y_name, tickformat=".0%", range=[-0.01, 1.02], fixedrange=True, nticks=6)
    return figure
