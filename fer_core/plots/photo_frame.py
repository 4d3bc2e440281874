"""A photo in which a rectangle can be drawn with the mouse."""

from __future__ import annotations

import base64

import plotly.graph_objects as go

from fer_core.plots.theme import template


def photo_frame(jpeg: bytes, size: tuple[int, int], *, theme: str) -> go.Figure:
    """Show a photo with axes in its own pixels, left top (0, 0); dragging selects a rectangle.

    Args:
        jpeg: the picture, perhaps smaller than the photo.
        size: width and height of the photo, in pixels.
        theme: "light" or "dark".
    """
    width, height = size
    figure = go.Figure()
    # A selection belongs to a chart with points; these two are never seen.
    figure.add_scatter(x=[0, width], y=[0, height], mode="markers", marker={"opacity": 0}, hoverinfo="skip")
    figure.add_layout_image(
        source="data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii"),
        x=0, y=0, sizex=width, sizey=height, xref="x", yref="y", sizing="stretch", layer="below",
    )  # fmt: skip
    figure.update_layout(
        template=template(theme),
        height=480,
        dragmode="select",
        # A photo may be of any shade: white, and the style sheet of the page puts a dark edge to it.
        newselection={"line": {"color": "white", "width": 3, "dash": "solid"}},
        activeselection={"fillcolor": "white"},
        showlegend=False,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )
    figure.update_xaxes(visible=False, range=[0, width], fixedrange=True, constrain="domain")
    figure.update_yaxes(
        visible=False, range=[height, 0], fixedrange=True, scaleanchor="x", constrain="domain"
    )
    return figure
