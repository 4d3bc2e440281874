"""The drawing of a network's layers: to scale, with every connection, readable as XML."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from fer_core.plots.architecture import PIXEL, DrawnLayer, Headings, architecture_svg

HEADINGS = Headings("Gong <1>", "MACs", "Parameters", 'made "today" & here')
SVG = "{http://www.w3.org/2000/svg}"


def layer(kind: str, side: int, maps: int, cost: int, *inputs: int, code: str = "") -> DrawnLayer:
    return DrawnLayer(
        kind, f"{kind} <{side}>", "3×3", f"{side}×{side}×{maps}", side, maps, cost, str(cost), 2 * cost, str(2 * cost),
        inputs, code,
    )  # fmt: skip


LAYERS = (
    layer("input", 48, 1, 0),
    layer("convolution", 48, 16, 300, 0, code="conv1"),
    layer("convolution", 24, 64, 600, 1, code="conv2"),
    layer("addition", 24, 64, 0, 2, 1, code="add1"),
)


def drawn(theme: str = "light", most: int = 600, magnification: float = 1.0) -> ElementTree.Element:
    svg = architecture_svg(
        LAYERS, HEADINGS, theme=theme, most_macs=most, most_parameters=2 * most, magnification=magnification
    )
    return ElementTree.fromstring(svg)


def groups(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [group for group in root.iter(f"{SVG}g") if group.get("class") == "layer"]


def box(group: ElementTree.Element) -> tuple[float, float]:
    """Width and height."""
    rect = next(rect for rect in group.iter(f"{SVG}rect") if rect.get("class") == "box")
    return float(rect.get("width", "")), float(rect.get("height", ""))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_box_is_as_high_as_its_maps_and_as_wide_as_the_root_of_their_number(theme: str) -> None:
    boxes = [box(group) for group in groups(drawn(theme))]
    assert [height for _width, height in boxes] == [48 * PIXEL, 48 * PIXEL, 24 * PIXEL, 24 * PIXEL]
    assert boxes[2][0] == pytest.approx(2 * boxes[1][0])


def test_bars_are_on_the_scale_that_is_given_and_nothing_has_no_bar() -> None:
    def bars(root: ElementTree.Element) -> list[list[float]]:
        return [
            [float(rect.get("height", "")) for rect in group.iter(f"{SVG}rect") if rect.get("class") is None]
            for group in groups(root)
        ]

    alone, beside = bars(drawn()), bars(drawn(most=1200))
    assert alone[0] == alone[3] == []
    assert alone[2][0] == pytest.approx(2 * alone[1][0]) == pytest.approx(2 * beside[2][0])


def test_a_connection_that_passes_over_a_layer_goes_above_the_boxes() -> None:
    paths = [path.get("d", "") for path in drawn().iter(f"{SVG}path")]
    assert len([path for path in paths if "q" in path]) == 1
    assert len([path for path in paths if "m-5 -4" in path]) == 3
    apart = (*LAYERS[:3], replace(LAYERS[3], inputs=(1,)))
    svg = architecture_svg(apart, HEADINGS, theme="light", most_macs=600, most_parameters=1200)
    assert svg.count("m-5 -4") == 2


def test_what_can_be_opened_has_its_code_and_everything_is_said() -> None:
    root = drawn()
    assert [group.get("data-code") for group in groups(root)] == [None, "conv1", "conv2", "add1"]
    assert groups(root)[1].get("aria-label") == "convolution <48>, 3×3, 48×48×16. MACs: 300, Parameters: 600"
    assert root.get("aria-label") == "Gong <1>"
    assert root.findtext(f"{SVG}desc") == 'made "today" & here'


def test_a_larger_drawing_has_the_same_proportions() -> None:
    small, large = drawn(), drawn(magnification=1.5)
    assert float(large.get("width", "")) == pytest.approx(1.5 * float(small.get("width", "")))
    assert large.get("viewBox") == small.get("viewBox")
