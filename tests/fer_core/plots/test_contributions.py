"""Bars of contributions: each begins where the one above ends, and the last is the sum."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.plots import AddedBars, contribution_bars

ROWS = ("map 3", "map 1", "bias")


def added(*values: float) -> AddedBars:
    texts = [f"{value:+g}" for value in (*values, sum(values))]
    return AddedBars("Happy", "#E69F00", values, texts, texts)


def test_bars_are_put_end_to_end_and_the_last_reaches_from_zero_to_the_sum() -> None:
    figure = contribution_bars(ROWS, ("", "", ""), [added(3, -1, 0.5)], total="Score", theme="light")
    bars = figure.data[0]
    np.testing.assert_allclose(bars.base, [0, 3, 2, 0])
    np.testing.assert_allclose(bars.x, [3, -1, 0.5, 2.5])
    assert bars.marker.pattern.shape == ("", "/", "", "")
    assert list(bars.text) == ["+3", "-1", "+0.5", "+2.5"]
    assert figure.layout.yaxis.ticktext[-1] == "<b>Score</b>"
    low, high = figure.layout.xaxis.range
    assert low < 0 and high > 3


def test_two_scores_lie_in_two_lanes_of_a_row_and_a_row_may_have_a_picture() -> None:
    figure = contribution_bars(
        ROWS,
        ("data:image/png;base64,x", "", ""),
        [added(3, -1, 0.5), added(-2, 1, 0)],
        total="Score",
        theme="dark",
    )
    first, second = (trace for trace in figure.data if trace.type == "bar")
    assert all(one < other for one, other in zip(first.y, second.y, strict=True))
    assert [image.y for image in figure.layout.images] == [0]
    assert figure.layout.xaxis.range[0] < -2


def test_values_that_do_not_fit_the_rows_are_refused_and_no_parts_are_a_sum_of_nothing() -> None:
    with pytest.raises(ValueError, match="Expected 3 values"):
        contribution_bars(ROWS, ("", "", ""), [added(1, 2)], total="Score", theme="light")
    assert list(contribution_bars((), (), [added()], total="Score", theme="light").data[0].x) == [0]
