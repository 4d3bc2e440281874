"""The drawn signs beside the names at an axis, as lines of the chart: they keep their size and are in its PNG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import plotly.graph_objects as go

from fer_core.plots.theme import LOOKS
from fer_core.signs import FIELD, WIDTH, sign_path

SIGN_PX: Final = 19
GAP_PX: Final = 6  # between a sign and the axis, and between a sign and its name


def add_signs(
    figure: go.Figure, places: Mapping[str, str | int], *, axis: Literal["x", "y"], theme: str
) -> None:
    """Draw the sign of each expression between the axis and the name, and make room for it.

    Args:
        figure: drawn on in place.
        places: expression code to where it stands on the axis.
        axis: the one that has the names: "y" on the left, or "x" at the bottom.
        theme: "light" or "dark".
    """
    room = SIGN_PX + 2 * GAP_PX
    # Ticks that are not seen push the names aside, by as much on every width of the page.
    figure.update_layout(
        {
            f"{axis}axis": {
                "ticks": "outside",
                "ticklen": room,
                "tickcolor": "rgba(0,0,0,0)",
                "ticklabelstandoff": 0,
            }
        }
    )
    figure.update_layout(shapes=[*figure.layout.shapes, *_shapes(places.items(), axis, LOOKS[theme].ink)])


def _shapes(places: Iterable[tuple[str, str | int]], axis: str, colour: str) -> list[dict[str, object]]:
    scale = SIGN_PX / FIELD
    middle = -FIELD / 2
    aside = -(GAP_PX + SIGN_PX / 2) / scale  # from the axis to the middle of the sign
    shift = (aside + middle, middle) if axis == "y" else (middle, middle - aside)
    across = "x" if axis == "y" else "y"
    return [
        {
            "type": "path",
            "path": sign_path(code, scale, shift, upwards=True),
            f"{axis}ref": axis,
            f"{axis}anchor": place,
            f"{across}ref": "paper",
            f"{across}anchor": 0,
            "xsizemode": "pixel",
            "ysizemode": "pixel",
            "line": {"color": colour, "width": WIDTH * scale},
            "fillcolor": "rgba(0,0,0,0)",
        }
        for code, place in places
    ]
