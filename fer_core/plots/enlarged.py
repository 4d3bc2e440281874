"""A chart in another size: for a projection, text and marks grow with the page's text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

_OF_TEXT_OR_MARKS = ("font", "marker")  # whose "size" is in pixels
_PIXELS = frozenset(
    {"standoff", "ticklabelstandoff", "ticklen", "xshift", "yshift", "borderpad", "borderwidth"}
)

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def enlarged(figure: go.Figure, factor: float) -> go.Figure:
    """Make the same chart with text, marks, lines, margins and height that many times as large.

    The width stays the page's.

    Args:
        figure: with a height of its own.
        factor: above 0; 1 leaves all as it is.
    """
    content = figure.to_plotly_json()
    data = [_scaled(trace, "", factor) for trace in content["data"]]
    layout = _scaled(content["layout"], "layout", factor)
    return go.Figure({"data": data, "layout": layout})


def _times(number: str, factor: float) -> str:
    return number if factor == 1 else f"{float(number) * factor:.4g}"


def _scaled(value: Any, name: str, factor: float) -> Any:
    """A part of the figure, where `name` is what it is in the part around it."""
    if isinstance(value, Mapping):
        if value.get("xsizemode") == "pixel" and "path" in value:  # a drawn sign: only points, no arcs
            value = {**value, "path": _NUMBER.sub(lambda found: _times(found[0], factor), value["path"])}
        return {key: _scaled(inner, f"{name}.{key}", factor) for key, inner in value.items()}
    if isinstance(value, (list, tuple)) and any(isinstance(inner, Mapping) for inner in value):
        return [_scaled(inner, name, factor) for inner in value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    *_, part, key = f".{name}".rsplit(".", 2)
    pixels = (
        (key == "size" and part.endswith(_OF_TEXT_OR_MARKS))
        or (key == "width" and part in ("line", "error_x", "error_y"))
        or (key in ("height", "width") and part == "layout")
        or part in ("margin", "pad")
        or key in _PIXELS
    )
    if not pixels:
        return value
    return round(value * factor) if isinstance(value, int) else value * factor  # some of them must be whole
