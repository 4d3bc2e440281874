"""The reliability diagram: marks where the answers lie, bars where chance would put them."""

from __future__ import annotations

import pytest

from fer_core.plots import CalibrationBin, contrast, reliability_diagram
from fer_core.plots.theme import LOOKS

BINS = (
    CalibrationBin(0.4, 0.5, 25, (0.2, 0.6), "few"),
    CalibrationBin(0.9, 0.8, 100, (0.84, 0.96), "many"),
)


def diagram(*bins: CalibrationBin, theme: str = "light"):
    return reliability_diagram(
        bins, theme=theme, title="t", confidence_name="sure", accuracy_name="right", answers_name="answers",
        expected_name="expected",
    )  # fmt: skip


def test_a_mark_stands_at_sure_and_right_in_percent_and_its_area_tells_how_many() -> None:
    _even, _expected, answers = diagram(*BINS).data
    assert (list(answers.x), list(answers.y)) == ([40, 90], [50, 80])
    small, large = answers.marker.size
    assert (large / small) ** 2 == pytest.approx(4)
    assert list(answers.customdata) == ["few", "many"]


def test_a_bar_reaches_from_the_lowest_to_the_highest_that_is_expected() -> None:
    expected = diagram(*BINS).data[1]
    assert [x for x in expected.x if x is not None] == [40, 40, 90, 90]
    assert [y for y in expected.y if y is not None] == pytest.approx([20, 60, 84, 96])
    assert list(expected.x)[2] is None, "a bar each, not one line through all"


def test_the_axes_hold_every_share_and_no_bin_is_an_empty_diagram() -> None:
    figure = diagram(CalibrationBin(1.0, 1.0, 1, (1.0, 1.0), ""), CalibrationBin(0.0, 0.0, 1, (0.0, 0.0), ""))
    assert figure.layout.xaxis.range[1] >= 100 and figure.layout.yaxis.range[1] >= 100
    assert not diagram().data[2].x


@pytest.mark.parametrize("theme", LOOKS)
def test_marks_stand_out_from_paper_and_bars(theme: str) -> None:
    _even, expected, answers = diagram(*BINS, theme=theme).data
    assert contrast(answers.marker.color, LOOKS[theme].paper) >= 4.5
    assert contrast(answers.marker.color, expected.line.color) >= 4.5
