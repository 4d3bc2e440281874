"""The confusion matrix as a picture with its numbers in the cells, and the difference of two of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from fer_core.plots.sign_marks import add_signs
from fer_core.plots.theme import LOOKS, contrast, mix, template
from fer_core.signs import SIGNS

MATRIX_MARGIN = 110
SHADES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares that the legend names."""
SCALE_ROOM = 64
"""Pixels above the matrix for what its shades mean."""
LESS_AND_MORE = {"light": ("#01665E", "#8C510A"), "dark": ("#5AB4AC", "#D8B365")}
"""Ends of the scale of differences: less, in green, and more, in brown, which colour-blind readers tell apart (the
diverging scale BrBG of ColorBrewer). No expression has these colours."""


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
    largest: float | None = None,
) -> go.Figure:
    """Draw the confusion matrix, true labels in rows, shaded by a share or a difference, with a legend of the shades.

    Args:
        rates: float (C, C), shares of a row or of a column, 0 to 1; or differences. NaN where undefined.
        texts: (C, C), what stands in the cells: counts, rates or differences.
        hovers: (C, C), all that is known about the cell.
        codes: of rows and columns; looks of `fer_core.labels.COLOURS` get their signs. names: code to name.
        true_name, answer_name: what rows and columns are.
        scale_name: what a shade means, "" for nothing; scale_texts: the values that the legend names to how it writes them.
        largest: the difference, in either direction, at the ends of the scale; None: these are shares.
    """
    look = LOOKS[theme]
    shares = np.nan_to_num(np.asarray(rates, float))
    positions = list(range(len(codes)))
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=positions,
            y=positions,
            zmin=0 if largest is None else -largest,
            zmax=1 if largest is None else largest,
            colorscale=[
                [
                    step / 10,
                    shade(step / 10 if largest is None else step / 5 - 1, theme, signed=largest is not None),
                ]
                for step in range(11)
            ],
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
                font={"color": cell_text_colour(
                    shares[row, column] / (largest or 1), theme, signed=largest is not None), "size": 14},
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
    signed = {code: place for place, code in enumerate(codes) if code in SIGNS}
    if signed:
        for side in ("x", "y"):
            add_signs(figure, signed, axis=side, theme=theme)
    return figure


def shade(value: float, theme: str, *, signed: bool = False) -> str:
    """Colour of a cell, "#RRGGBB".

    Args:
        value: a share, 0 to 1; or, `signed`, a difference as a part of the largest, -1 to 1.
        theme: "light" or "dark".
        signed: whether it is a difference.
    """
    look = LOOKS[theme]
    if not signed:
        return mix(look.paper, look.ink, float(value))
    less, more = LESS_AND_MORE[theme]
    return mix(look.paper, more if value > 0 else less, min(1.0, abs(float(value))))


def cell_text_colour(value: float, theme: str, *, signed: bool = False) -> str:
    """Black or white, whichever stands out more from a cell's `shade`: 4.5:1 or more on any."""
    back = shade(value, theme, signed=signed)
    return max(("#000000", "#FFFFFF"), key=lambda colour: contrast(colour, back))
