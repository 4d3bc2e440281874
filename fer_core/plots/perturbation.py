"""How probabilities change while a picture is changed step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from fer_core.labels import EMOTIONS
from fer_core.plots.theme import LOOKS, template

_DASHES = ("solid", "dash", "dot", "dashdot")
LARGEST_NUMBER_OF_LINES = len(_DASHES)


def perturbation_curves(
    values: Sequence[float],
    probabilities: Mapping[str, Sequence[float]],
    names: Mapping[str, str],
    texts: Mapping[str, Sequence[str]],
    *,
    theme: str,
    value_name: str,
    probability_name: str,
    present: float,
    present_text: str,
) -> go.Figure:
    """Draw a line for each expression over the range of a slider, the present value marked.

    Args:
        values: of the slider, ascending.
        probabilities: code to 0 to 1, one for each value; the first is drawn thickest, at most four.
        names: code to name, for legend and hover.
        texts: code to how the probabilities are written.
        theme: "light" or "dark".
        value_name: of the slider with its unit.
        probability_name: for the upright axis.
        present: where the slider stands.
        present_text: the words at that place.

    Raises:
        ValueError: more lines than can be told apart without colour.
    """
    if len(probabilities) > LARGEST_NUMBER_OF_LINES:
        raise ValueError(f"Expected at most {LARGEST_NUMBER_OF_LINES} lines. Received: {len(probabilities)}")
    look = LOOKS[theme]
    figure = go.Figure()
    for position, (code, shares) in enumerate(probabilities.items()):
        figure.add_scatter(
            x=list(values),
            y=[100 * share for share in shares],
            name=names[code],
            mode="lines",
            line={
                "color": EMOTIONS[code].colour or look.ink,
                "width": 4 if position == 0 else 2.5,
                "dash": _DASHES[position],
            },
            customdata=list(texts[code]),
            hovertemplate=f"{names[code]}: %{{customdata}}<extra></extra>",
        )
    figure.add_vline(x=present, line={"color": look.ink, "width": 1.5, "dash": "dot"})
    anchor_right = present > (values[0] + values[-1]) / 2
    figure.add_annotation(
        x=present, y=1, yref="paper", text=present_text, showarrow=False, yanchor="top",
        xanchor="right" if anchor_right else "left", xshift=-5 if anchor_right else 5,
        font={"color": look.ink, "size": 13}, bgcolor=look.paper,
    )  # fmt: skip
    figure.update_layout(
        template=template(theme),
        height=340,
        hovermode="x unified",
        hoverlabel={"bgcolor": look.paper, "bordercolor": look.line, "font": {"color": look.ink}},
        legend={"itemclick": False, "itemdoubleclick": False},
        margin_t=64,
    )
    figure.update_xaxes(title_text=value_name, showgrid=False, fixedrange=True)
    figure.update_yaxes(
        title_text=probability_name, ticksuffix="%", range=[0, 101], fixedrange=True, nticks=6
    )
    return figure
