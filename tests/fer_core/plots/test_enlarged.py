"""A chart for a projection: everything in pixels grows, and nothing else does."""

from __future__ import annotations

import plotly.graph_objects as go

from fer_core.plots import enlarged, template


def test_text_marks_lines_margins_and_height_grow_and_data_stay() -> None:
    figure = go.Figure(
        go.Scatter(x=[1, 2], y=[3, 4], marker={"size": 10}, line={"width": 3}, textfont={"size": 13})
    )
    figure.update_layout(
        template=template("light"),
        height=300,
        margin={"l": 8, "t": 44},
        annotations=[{"text": "here", "font": {"size": 12}, "x": 0.5, "yshift": 4}],
        xaxis={"range": [0, 5], "title": {"standoff": 10}},
    )
    large = enlarged(figure, 1.5)
    (trace,) = large.data
    assert (trace.marker.size, trace.line.width, trace.textfont.size) == (15, 4, 20)
    assert (list(trace.x), list(trace.y)) == ([1, 2], [3, 4])
    assert (large.layout.height, large.layout.margin.l, large.layout.margin.t) == (450, 12, 66)
    (note,) = large.layout.annotations
    assert (note.font.size, note.x, note.yshift) == (18, 0.5, 6)
    assert tuple(large.layout.xaxis.range) == (0, 5)
    assert large.layout.xaxis.title.standoff == 15
    assert large.layout.template.layout.font.size == round(1.5 * figure.layout.template.layout.font.size)
    assert figure.layout.height == 300, "the chart itself stays"


def test_a_factor_of_one_changes_nothing() -> None:
    figure = go.Figure(go.Bar(x=[1], y=[2]), {"template": template("dark"), "height": 200})
    assert enlarged(figure, 1).to_plotly_json() == figure.to_plotly_json()


def test_a_drawn_sign_grows_with_the_name_beside_it() -> None:
    figure = go.Figure(go.Bar(x=[1], y=["happy"], orientation="h"))
    figure.update_layout(
        shapes=[
            {"type": "path", "path": "M-10.5,4L2e-05,8Z", "xsizemode": "pixel", "ysizemode": "pixel"},
            {"type": "path", "path": "M1,2L3,4", "xref": "x", "yref": "y"},
        ]
    )
    sign, of_the_data = enlarged(figure, 2).layout.shapes
    assert sign.path == "M-21,8L4e-05,16Z"
    assert of_the_data.path == "M1,2L3,4"
