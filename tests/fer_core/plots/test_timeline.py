"""The ribbon of expressions over time."""

from __future__ import annotations

import pytest

from fer_core.labels import EMOTIONS, FER2013_LABELS, UNSURE
from fer_core.plots import LOOKS, RibbonPart, expression_ribbons

CODES = (*FER2013_LABELS, UNSURE)
NAMES = {code: code.title() for code in CODES}
PARTS = [
    RibbonPart("Face 1", 0.0, 2.0, "happy", "Face 1: happy, 0 to 2 s"),
    RibbonPart("Face 1", 2.0, 2.5, UNSURE, "Face 1: unsure"),
    RibbonPart("Face 2", 1.0, 3.0, "happy", "Face 2: happy, 1 to 3 s"),
]


def ribbons(parts=PARTS, rows=("Face 1", "Face 2"), **changes: object):
    options: dict = {
        "codes": CODES, "names": NAMES, "span_s": (0.0, 60.0), "time_name": "Seconds", "theme": "light",
    }  # fmt: skip
    return expression_ribbons(parts, rows=rows, **(options | changes))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_stretch_lies_where_it_was_in_its_colour_with_its_words(theme: str) -> None:
    figure = ribbons(theme=theme)
    happy = next(trace for trace in figure.data if trace.name == NAMES["happy"])
    assert list(happy.base) == [0.0, 1.0] and list(happy.x) == [2.0, 2.0]
    assert list(happy.y) == ["Face 1", "Face 2"]
    assert happy.marker.color == EMOTIONS["happy"].colour
    assert list(happy.customdata) == ["Face 1: happy, 0 to 2 s", "Face 2: happy, 1 to 3 s"]
    unsure = next(trace for trace in figure.data if trace.name == NAMES[UNSURE])
    assert unsure.marker.color == LOOKS[theme].paper and unsure.marker.line.width > 0


def test_the_first_face_is_on_top_and_faces_without_a_stretch_keep_their_row() -> None:
    figure = ribbons(PARTS[:1], rows=("Face 1", "Face 2", "Face 3"))
    assert list(figure.layout.yaxis.categoryarray) == ["Face 3", "Face 2", "Face 1"]


def test_the_legend_names_what_occurs_and_has_room_for_two_beside_each_other() -> None:
    few = ribbons()
    assert [trace.name for trace in few.data] == [NAMES["happy"], NAMES[UNSURE]]
    many = ribbons([RibbonPart("Face 1", n, n + 1.0, code, code) for n, code in enumerate(CODES)])
    assert [trace.name for trace in many.data] == list(NAMES.values())
    rows = -(-len(CODES) // 2)
    assert many.layout.margin.t >= rows * 22 + 32, "below the button for the picture"
    drawn = {figure.layout.height - figure.layout.margin.t for figure in (few, many)}
    assert len(drawn) == 1, "the ribbons stay as high"


def test_moments_can_be_clicked_and_one_is_marked() -> None:
    figure = ribbons(moments=[(0.5, "Face 1", "here")], marked_s=0.5)
    assert list(figure.data[-1].x) == [0.5] and figure.data[-1].marker.opacity == 0
    assert figure.layout.shapes[0].x0 == 0.5


def test_the_axis_of_a_moment_goes_on_to_its_last_tick() -> None:
    """With one tick in sight Plotly puts the title at minus infinity."""
    figure = ribbons(span_s=(0.0, 0.4), ticks={0.0: "0:00", 1.0: "0:01"})
    assert list(figure.layout.xaxis.range) == [0.0, 1.0]
    assert list(ribbons(ticks={0.0: "0:00", 30.0: "0:30"}).layout.xaxis.range) == [0.0, 60.0]


def test_without_any_face_it_is_still_a_chart() -> None:
    assert ribbons([], rows=()).layout.height > 100
