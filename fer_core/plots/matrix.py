"""The confusion matrix as a picture with its numbers in the cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from fer_core.plots.sign_marks import add_signs
from fer_core.plots.theme import LOOKS, contrast, mix, template

MATRIX_MARGIN = 110
SHADES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares that the legend names."""
SCALE_ROOM = 64
"""Pixels above the matrix for what its shades mean."""


def confusion_heatmap(
    rates: np.ndarray,
    *,
    texts: Sequence[Sequence[str]],
    hovers: Sequence[Sequence[str]],
    codes: Sequence[str],
    names: Mapping[str, str],
    true_name: str,
    answer_name: str,
    scale_name: str,
    scale_texts: Mapping[float, str],
    theme: str,
    title: str = "",
) -> go.Figure:
    """Draw the confusion matrix, true labels in rows, shaded by the share of the row, with a legend of the shades.

    Args:
        rates: float (C, C), rows sum to 1, NaN for a class without samples.
        texts: (C, C), what stands in the cells: counts or rates.
        hovers: (C, C), all that is known about the cell.
        codes: of rows and columns; names: code to name.
        true_name, answer_name: what rows and columns are.
        scale_name: what a shade means; scale_texts: shares, 0 to 1, to how the legend writes them.
    """
    look = LOOKS[theme]
    shares = np.nan_to_num(np.asarray(rates, float))
    positions = list(range(len(codes)))
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=positions,
            y=positions,
            zmin=0,
            zmax=1,
            colorscale=[[0, look.paper], [1, look.ink]],
            xgap=2,
            ygap=2,
            colorbar={
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1,
                "yanchor": "bottom",
                "len": 1,
                "thickness": 14,
                "ypad": 8,
                "xpad": 0,
                "outlinecolor": look.quiet,
                "outlinewidth": 1,
                "ticks": "outside",
                "ticklen": 3,
                "tickcolor": look.quiet,
                "tickvals": list(scale_texts),
                "ticktext": list(scale_texts.values()),
                "tickfont": {"color": look.ink, "size": 14},
                "ticklabeloverflow": "allow",
                "title": {"text": ""},
            },
            customdata=[list(row) for row in hovers],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    # Not the title of the colour bar: for that Plotly pushes the chart's own title out of the picture.
    figure.add_annotation(
        xref="paper", yref="paper", x=1, y=1, xanchor="right", yanchor="bottom", yshift=SCALE_ROOM - 16,
        text=scale_name, showarrow=False, font={"color": look.quiet, "size": 14},
    )  # fmt: skip
    for row in positions:
        for column in positions:
            figure.add_annotation(
                x=column, y=row, text=texts[row][column], showarrow=False,
                font={"color": cell_text_colour(shares[row, column], theme), "size": 14},
            )  # fmt: skip
            if row == column:  # the diagonal is found without its shade
                figure.add_shape(
                    type="rect", x0=row - 0.48, x1=row + 0.48, y0=row - 0.48, y1=row + 0.48,
                    line={"color": look.quiet, "width": 1.5},
                )  # fmt: skip
    figure.update_layout(
        template=template(theme),
        height=46 * len(codes) + MATRIX_MARGIN + SCALE_ROOM + (40 if title else 0),
        title_text=title,
        margin={"t": SCALE_ROOM + (44 if title else 8), "r": 24},
    )
    axis = {"tickmode": "array", "tickvals": positions, "showgrid": False, "fixedrange": True, "ticks": "",
            "tickfont": {"color": look.ink, "size": 14}}  # fmt: skip
    # Below the matrix and not above it: on a phone the names stand upright there and would push the axis's
    # title into the chart's.
    figure.update_xaxes(
        **axis, side="bottom", title_text=answer_name, autotickangles=[0, -90],
        ticktext=[names[code] for code in codes],
    )  # fmt: skip
    figure.update_yaxes(
        **axis, autorange="reversed", title_text=true_name,
        ticktext=[names[code] for code in codes],
    )  # fmt: skip
    for side in ("x", "y"):
        add_signs(figure, {code: place for place, code in enumerate(codes)}, axis=side, theme=theme)
    return figure


def cell_text_colour(share: float, theme: str) -> str:
    """Black or white, whichever stands out more from a cell of that share: 4.5:1 or more on any shade."""
    look = LOOKS[theme]
    shade = mix(look.paper, look.ink, float(share))
    return max(("#000000", "#FFFFFF"), key=lambda colour: contrast(colour, shade))
