"""Accuracy against speed: every mark where it belongs, every name where it can be read."""

from __future__ import annotations

import math

import pytest

from fer_core.plots import LOOKS, Mark, accuracy_against_speed
from fer_core.plots.name_places import PLOT_HEIGHT, PLOT_WIDTHS, Box, name_boxes, name_places

GROUPS = ("ours", "theirs", "further")


def chart(*marks: Mark, **changes: object):
    options: dict = {
        "groups": GROUPS, "theme": "light", "title": "Test", "ms_name": "ms", "accuracy_name": "accuracy",
        "write_ms": lambda ms: f"{ms:g} ms",
    }  # fmt: skip
    return accuracy_against_speed(marks, **{**options, **changes})


def mark(name: str, ms: float, accuracy: float, group: str = "ours") -> Mark:
    return Mark(name, ms, accuracy, group, f"{name} and all about it")


def test_groups_differ_by_the_form_of_the_mark_and_not_by_colour() -> None:
    figure = chart(mark("a", 1, 0.7), mark("b", 2, 0.6, "theirs"), mark("c", 3, 0.5, "further"))
    assert [trace.name for trace in figure.data] == list(GROUPS)
    assert len({trace.marker.symbol for trace in figure.data}) == 3
    assert {trace.marker.color for trace in figure.data} == {LOOKS["light"].ink}


def test_a_group_without_a_network_is_not_in_the_legend() -> None:
    assert [trace.name for trace in chart(mark("b", 2, 0.6, "theirs")).data] == ["theirs"]


def test_marks_stand_at_time_and_percent_with_name_and_row() -> None:
    (trace,) = chart(mark("a", 0.5, 0.734), mark("b", 2.5, 0.61)).data
    assert (list(trace.x), list(trace.y)) == ([0.5, 2.5], [73.4, 61])
    assert [name.strip("\u00a0") for name in trace.text] == ["a", "b"]
    assert list(trace.customdata) == ["a and all about it", "b and all about it"]


def test_all_marks_and_the_reference_are_within_the_axes() -> None:
    figure = chart(mark("a", 0.2, 0.99), mark("b", 30, 0.3), reference=(50.0, "reference"))
    low, high = figure.layout.xaxis.range
    assert low < math.log10(0.2) and math.log10(50) < high
    low, high = figure.layout.yaxis.range
    assert 0 <= low < 30 and 99 < high <= 100


def test_times_are_written_as_the_caller_writes_them() -> None:
    axis = chart(mark("a", 0.3, 0.7), mark("b", 3, 0.6)).layout.xaxis
    assert list(axis.tickvals) == [0.2, 0.5, 1, 2, 5]
    assert list(axis.ticktext) == ["0.2 ms", "0.5 ms", "1 ms", "2 ms", "5 ms"]


def test_the_reference_is_a_line_with_its_words_on_the_logarithmic_axis() -> None:
    figure = chart(mark("a", 1, 0.7), reference=(2.0, "the old one"))
    assert figure.layout.shapes[0].x0 == 2.0
    (note,) = figure.layout.annotations
    assert note.text == "the old one" and note.x == pytest.approx(math.log10(2))
    assert chart(mark("a", 1, 0.7)).layout.shapes == ()


def test_no_network_is_an_empty_chart() -> None:
    figure = chart()
    assert len(figure.data) == 0
    assert all(
        math.isfinite(end) for axis in (figure.layout.xaxis, figure.layout.yaxis) for end in axis.range
    )


def test_names_cover_neither_each_other_nor_the_marks_and_stay_inside() -> None:
    names = [
        "Raut",
        "Raut compact",
        "Paper, small",
        "Paper, small,<br>tuned",
        "Paper, four<br>convolutions",
        "VGG19",
    ]
    points = [(0.54, 0.86), (0.32, 0.64), (0.24, 0.08), (0.26, 0.44), (0.59, 0.26), (0.93, 0.76)]
    places = name_places(names, points)
    for width in PLOT_WIDTHS:
        centres = [(width * x, PLOT_HEIGHT * y) for x, y in points]
        boxes = [
            name_boxes(name, *centre)[place]
            for name, centre, place in zip(names, centres, places, strict=True)
        ]
        dots = [Box(x - 6, x + 6, y - 6, y + 6) for x, y in centres]
        for index, box in enumerate(boxes):
            assert box.shared(Box(0, width, 0, PLOT_HEIGHT)) == pytest.approx(box.area), names[index]
            assert not any(box.shared(other) for other in boxes[:index]), names[index]
            assert not any(box.shared(dot) for dot in dots), names[index]


def test_a_name_at_the_right_end_stands_to_the_left() -> None:
    assert name_places(["at the end"], [(0.97, 0.5)]) == ["middle left"]
    assert name_places(["elsewhere"], [(0.1, 0.5)]) == ["middle right"]


def test_a_name_that_is_free_on_a_phone_covers_no_mark_on_a_wide_screen_either() -> None:
    phone, wide = PLOT_WIDTHS
    next_mark = (0.1 + 60 / wide, 0.5)  # below the name on a wide screen, and on a phone beside the mark
    assert 60 / wide * phone < 20
    (place, _other) = name_places(["eleven let.", "x"], [(0.1, 0.5), next_mark])
    assert not place.endswith("middle right")


def test_a_name_crosses_neither_the_line_of_the_reference_nor_its_words() -> None:
    marks = (mark("near", 1.2, 0.7), mark("fast", 0.1, 0.65), mark("slow", 40, 0.6))
    assert chart(*marks).data[0].textposition[0] == "middle right"
    assert chart(*marks, reference=(2.0, "reference")).data[0].textposition[0] == "middle left"
    low = (mark("fast", 0.1, 0.6), mark("below", 0.7, 0.6), mark("high", 40, 0.9))
    assert chart(*low).data[0].textposition[1] == "middle right"
    assert (
        chart(*low, reference=(6.0, "words of a reference at its foot")).data[0].textposition[1]
        != "middle right"
    )


@pytest.mark.parametrize("theme", sorted(LOOKS))
def test_the_chart_has_the_theme_of_the_page(theme: str) -> None:
    figure = chart(mark("a", 1, 0.7), theme=theme)
    assert figure.layout.template.layout.paper_bgcolor == LOOKS[theme].paper
    assert figure.data[0].textfont.color == LOOKS[theme].ink
