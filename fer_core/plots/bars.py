"""Pictures for each expression: one bar, or training and test side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from fer_core.labels import EMOTIONS, in_reading_order
from fer_core.plots.sign_marks import add_signs
from fer_core.plots.theme import LOOKS, template

BAR_PIXELS = 34


def class_distribution(
    counts: Mapping[str, float],
    *,
    names: Mapping[str, str],
    texts: Mapping[str, str],
    hovers: Mapping[str, str],
    theme: str,
    title: str = "",
) -> go.Figure:
    """Draw a bar for each expression in the order of `EXPRESSIONS`, so that two charts can be compared.

    Args:
        counts: code to number of pictures, or to another measure from 0. "Unsure" is drawn as an outline.
        names: code to the name that stands beside the bar, behind the sign.
        texts: code to the number as it is written at the bar's end.
        hovers: code to all that is known about the row.
        theme: "light" or "dark".
        title: short; nothing if empty.
    """
    codes = in_reading_order(counts)[::-1]  # Plotly draws from the bottom
    look = LOOKS[theme]
    outlined = [EMOTIONS[code].colour == "" for code in codes]
    figure = go.Figure(
        go.Bar(
            x=[counts[code] for code in codes],
            y=[names[code] for code in codes],
            orientation="h",
            marker={
                "color": [EMOTIONS[code].colour or look.paper for code in codes],
                "line": {"width": [2 if is_outlined else 0 for is_outlined in outlined], "color": look.ink},
            },
            text=[texts[code] for code in codes],
            textposition="outside",
            cliponaxis=False,
            customdata=[hovers[code] for code in codes],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    figure.update_layout(
        template=template(theme), height=_bars_height(len(codes), title), title_text=title, showlegend=False
    )
    _hide_value_axis(figure, max(counts.values(), default=0), theme)
    add_signs(figure, {code: names[code] for code in codes}, axis="y", theme=theme)
    return figure


def train_test_bars(
    train: Mapping[str, int],
    test: Mapping[str, int],
    *,
    names: Mapping[str, str],
    texts: Mapping[int, str],
    hovers: Mapping[str, str],
    train_name: str,
    test_name: str,
    theme: str,
    title: str = "",
) -> go.Figure:
    """Draw two bars for each expression, training filled and test hatched (the paper's Figure 7).

    Args:
        train, test: code to number of pictures, the same codes in the same order.
        names: code to name.
        texts: number to how it is written.
        hovers: code to all that is known about both bars.
        train_name, test_name: for the legend.
    """
    codes = list(train)[::-1]
    colours = [EMOTIONS[code].colour for code in codes]
    look = LOOKS[theme]
    figure = go.Figure()
    # The legend shows neutral boxes: a bar's colour is the expression's and says nothing about the split.
    for name, counts, hatched in ((test_name, test, True), (train_name, train, False)):
        figure.add_bar(
            x=[counts[code] for code in codes],
            y=[names[code] for code in codes],
            orientation="h",
            marker=_filling(colours, look.paper, hatched),
            text=[texts[counts[code]] for code in codes],
            textposition="outside",
            textfont={"size": 13},
            cliponaxis=False,
            customdata=[hovers[code] for code in codes],
            hovertemplate="%{customdata}<extra></extra>",
            showlegend=False,
        )
        figure.add_bar(
            x=[None], y=[names[codes[0]]], orientation="h", name=name, hoverinfo="skip",
            marker=_filling([look.quiet], look.paper, hatched),
        )  # fmt: skip
        figure.data[-2].offsetgroup = figure.data[-1].offsetgroup = name
    figure.update_layout(
        template=template(theme),
        height=_bars_height(len(codes), title, per_bar=1.55) + 30,
        title_text=title,
        barmode="group",
        bargroupgap=0.06,
        legend={"traceorder": "reversed", "itemclick": False, "itemdoubleclick": False},
        margin_t=84 if title else 52,
    )
    _hide_value_axis(figure, max([*train.values(), *test.values()], default=0), theme)
    add_signs(figure, {code: names[code] for code in codes}, axis="y", theme=theme)
    return figure


def _filling(colours: Sequence[str], paper: str, hatched: bool) -> dict[str, object]:
    if not hatched:
        return {"color": list(colours), "line": {"width": 0}}
    return {
        "color": list(colours),
        "line": {"color": list(colours), "width": 1.5},
        "pattern": {
            "shape": "/",
            "fillmode": "replace",
            "bgcolor": [paper] * len(colours),
            "size": 7,
            "solidity": 0.45,
        },
    }


def _hide_value_axis(figure: go.Figure, largest: float, theme: str) -> None:
    """The numbers stand at the bars, so that no axis and no grid has to repeat them."""
    figure.update_xaxes(visible=False, range=[0, (largest or 1) * 1.16], fixedrange=True)
    figure.update_yaxes(
        showgrid=False, fixedrange=True, ticks="", tickfont={"color": LOOKS[theme].ink, "size": 15}
    )


def _bars_height(bars: int, title: str, per_bar: float = 1.0) -> int:
    return round(BAR_PIXELS * per_bar * max(bars, 1)) + (52 if title else 16)
