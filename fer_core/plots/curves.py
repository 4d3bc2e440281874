"""The course of a training: accuracy or loss over the epochs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from fer_core.plots.theme import LOOKS, template


@dataclass(frozen=True)
class Curve:
    """One line of a history: what is learnt from, or what is only watched.

    Attributes:
        name: for the legend, translated.
        epochs: from 1.
        values: shares 0 to 1, or losses; as many as epochs.
        texts: how the values are written in the hover.
        watched: drawn solid with round markers; otherwise dashed with open squares.
    """

    name: str
    epochs: Sequence[float]
    values: Sequence[float]
    texts: Sequence[str]
    watched: bool


def history_curves(
    curves: Sequence[Curve],
    *,
    theme: str,
    title: str,
    epoch_name: str,
    percent: bool,
    value_range: tuple[float, float] | None = None,
    last_epoch: float | None = None,
    kept: tuple[float, str] | None = None,
) -> go.Figure:
    """Draw accuracy or loss over the epochs.

    Args:
        curves: usually two, training and validation.
        percent: values are shares, and the axis is in percent.
        value_range: ends of the axis, so that two networks can be compared; None: from the values.
        last_epoch: right end of the axis, for the same reason.
        kept: epoch whose weights were kept, and the words for it.
    """
    look = LOOKS[theme]
    figure = go.Figure()
    factor = 100.0 if percent else 1.0
    for curve in curves:
        figure.add_scatter(
            x=list(curve.epochs),
            y=[factor * value for value in curve.values],
            name=curve.name,
            mode="lines+markers" if len(curve.epochs) <= 25 else "lines",
            line={"color": look.ink if curve.watched else look.quiet, "width": 3,
                  "dash": "solid" if curve.watched else "dash"},
            marker={"symbol": "circle" if curve.watched else "square-open", "size": 7},
            customdata=list(curve.texts),
            hovertemplate=f"{curve.name}: %{{customdata}}<extra></extra>",
        )  # fmt: skip
    if kept is not None:
        figure.add_vline(x=kept[0], line={"color": look.quiet, "width": 1.5, "dash": "dot"})
        anchor_right = last_epoch is not None and kept[0] > 0.6 * last_epoch
        figure.add_annotation(
            x=kept[0], y=0, yref="paper", text=kept[1], showarrow=False, yanchor="bottom",
            xanchor="right" if anchor_right else "left", xshift=-5 if anchor_right else 5,
            font={"color": look.quiet, "size": 13}, bgcolor=look.paper,
        )  # fmt: skip
    figure.update_layout(
        template=template(theme),
        height=340,
        title_text=title,
        hovermode="x unified",
        hoverlabel={"bgcolor": look.paper, "bordercolor": look.line, "font": {"color": look.ink}},
        margin_t=84,
        legend={"itemclick": False, "itemdoubleclick": False},
    )
    figure.update_xaxes(title_text=epoch_name, showgrid=False, tickformat="d", fixedrange=True)
    if last_epoch is not None:
        figure.update_xaxes(range=[0.5, max(last_epoch, 2) + 0.5])
    figure.update_yaxes(ticksuffix="%" if percent else "", fixedrange=True, nticks=6)
    if value_range is not None:
        figure.update_yaxes(range=[factor * value_range[0], factor * value_range[1]])
    return figure
