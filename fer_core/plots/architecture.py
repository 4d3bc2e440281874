"""The layers of a network as a drawing to scale, an SVG: the maps, and below each layer what it costs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import sqrt

from fer_core.plots.theme import FONT, LOOKS, Look, mix

PIXEL = 2.5
"""Height of a pixel of a map in the drawing."""
WIDTH_OF_ONE_MAP = 2.0
"""Width of a box for one map; for n maps it is the square root of n times as wide."""
SLOT, GAP, EDGE = 84, 26, 4
LARGEST_SIDE = 48
BAR = 54
LINE = 15
LEVEL = 13
LETTERS = 12
"""In a line below a box: a saved drawing may be shown in a wider font than the page's."""


@dataclass(frozen=True)
class DrawnLayer:
    """One box of the drawing; all words translated.

    Attributes:
        kind: of `fer_core.explanation.layers.Stage`; says how the box is filled.
        name: "Convolution 2".
        detail: "3×3"; "" for none.
        shape: "48×48×32".
        side: height and width of a map in pixels; 1 for a row of numbers.
        maps: how many maps, or numbers in the row.
        macs: multiply-accumulates for one face.
        macs_text: the same below its bar.
        parameters: trained ones.
        parameters_text: the same below its bar.
        inputs: places of the layers that feed it.
        code: of what is opened when it is pressed; "" for nothing.
    """

    kind: str
    name: str
    detail: str
    shape: str
    side: int
    maps: int
    macs: int
    macs_text: str
    parameters: int
    parameters_text: str
    inputs: tuple[int, ...] = ()
    code: str = ""

    @property
    def spoken(self) -> str:
        """What a screen reader says of the box."""
        return ", ".join(text for text in (self.name, self.detail, self.shape) if text)


@dataclass(frozen=True)
class Headings:
    """The words of a drawing, translated.

    Attributes:
        title: the network with its figures.
        macs: above the bars of multiply-accumulates.
        parameters: above the bars of parameters.
        source: where the numbers come from; for who opens the file later.
    """

    title: str
    macs: str
    parameters: str
    source: str


def architecture_svg(
    layers: Sequence[DrawnLayer],
    headings: Headings,
    *,
    theme: str,
    most_macs: int,
    most_parameters: int,
    magnification: float = 1.0,
) -> str:
    """Draw the layers from left to right.

    A box is as high as its maps, in pixels, and the wider the more maps there are: four times the maps, twice the width.
    Arrows lead from each layer to those that it feeds; those that pass over others are drawn above the boxes.

    Args:
        layers: in order of computation, at least one.
        headings: the words around them.
        theme: "light" or "dark".
        most_macs: multiply-accumulates of the highest bar, the same for drawings to be compared.
        most_parameters: likewise.
        magnification: of the whole drawing.

    Returns:
        SVG with a group of the class "layer" for each layer; one that can be pressed has its code as `data-code`. The
        title is a text of the class "heading".
    """
    look = LOOKS[theme]
    places = _places(layers)
    arcs = _arcs(layers)
    top = 34 + (20 + LEVEL * (1 + max(arcs.values(), default=-1)) if arcs else 14)
    axis = top + LARGEST_SIDE * PIXEL / 2
    words = axis + LARGEST_SIDE * PIXEL / 2 + 20
    name_lines = max(len(_name_lines(layer)) for layer in layers)
    macs = words + (name_lines + 2) * LINE + 26
    parameters = macs + BAR + LINE + 34
    height = parameters + BAR + LINE + 10
    width = max(places[-1][1] + EDGE, 420.0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width * magnification:g}" height="{height * magnification:g}" role="group" '
        f'aria-label="{escape(headings.title)}" font-family="{escape(FONT)}" font-size="12" fill="{look.ink}">',
        f"<title>{escape(headings.title)}</title>",
        f"<desc>{escape(headings.source)}</desc>",
        f'<rect class="paper" width="{width:g}" height="{height:g}" fill="{look.paper}"/>',
        f'<text class="heading" x="{EDGE}" y="22" font-size="15" font-weight="700">{escape(headings.title)}</text>',
    ]
    for y, heading in ((macs, headings.macs), (parameters, headings.parameters)):
        parts.append(f'<text x="{EDGE}" y="{y - 8:g}" fill="{look.quiet}">{escape(heading)}</text>')
        parts.append(f'<path d="M{EDGE} {y + BAR:g}H{width - EDGE:g}" stroke="{look.line}"/>')
    parts += _arrows(layers, places, axis, look)
    parts += [
        _arc(layers, places, axis, top - 20 - LEVEL * level, source, target, look)
        for (source, target), level in arcs.items()
    ]
    for layer, (left, right) in zip(layers, places, strict=True):
        middle = (left + right) / 2
        pressed = f' data-code="{escape(layer.code)}"' if layer.code else ""
        costs = f"{headings.macs}: {layer.macs_text}, {headings.parameters}: {layer.parameters_text}"
        parts.append(f'<g class="layer"{pressed} aria-label="{escape(f"{layer.spoken}. {costs}")}">')
        # What the pointer finds is the whole column, down to the bars.
        parts.append(
            f'<rect class="column" x="{left:g}" y="{top - 6:g}" width="{right - left:g}" '
            f'height="{height - top:g}" rx="6" fill="none" pointer-events="all"/>'
        )
        parts.append(_box(layer, middle, axis, look))
        parts += _texts(layer, name_lines, middle, words, look)
        parts += _bar(layer.macs, most_macs, layer.macs_text, middle, macs, look)
        parts += _bar(layer.parameters, most_parameters, layer.parameters_text, middle, parameters, look)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>\n"])


def _box_width(layer: DrawnLayer) -> float:
    return max(3.0, WIDTH_OF_ONE_MAP * sqrt(layer.maps))


def _box_height(layer: DrawnLayer) -> float:
    return PIXEL * layer.side


def _places(layers: Sequence[DrawnLayer]) -> list[tuple[float, float]]:
    """Left and right edge of the column of each layer."""
    places, left = [], float(EDGE)
    for layer in layers:
        right = left + max(SLOT, _box_width(layer) + GAP)
        places.append((left, right))
        left = right
    return places


def _arcs(layers: Sequence[DrawnLayer]) -> dict[tuple[int, int], int]:
    """Connections that pass over layers, each with the level that it is drawn at, so that none cross on one line."""
    spans = [
        (source, target)
        for target, layer in enumerate(layers)
        for source in layer.inputs
        if target - source > 1
    ]
    levels: dict[tuple[int, int], int] = {}
    for span in sorted(spans, key=lambda span: span[1] - span[0]):
        taken = {level for other, level in levels.items() if other[0] < span[1] and span[0] < other[1]}
        levels[span] = next(level for level in range(len(spans)) if level not in taken)
    return levels


def _arrows(
    layers: Sequence[DrawnLayer], places: Sequence[tuple[float, float]], axis: float, look: Look
) -> list[str]:
    """From each layer to the next where it feeds it."""
    parts = []
    for target, layer in enumerate(layers):
        if target and target - 1 in layer.inputs:
            start = sum(places[target - 1]) / 2 + _box_width(layers[target - 1]) / 2 + 4
            end = sum(places[target]) / 2 - _box_width(layer) / 2 - 4
            parts.append(
                f'<path d="M{start:g} {axis:g}H{end:g}m-5 -4l5 4l-5 4" fill="none" stroke="{look.quiet}" '
                'stroke-width="1.3"/>'
            )
    return parts


def _arc(
    layers: Sequence[DrawnLayer],
    places: Sequence[tuple[float, float]],
    axis: float,
    y: float,
    source: int,
    target: int,
    look: Look,
) -> str:
    """Above the boxes, from the top of one to the top of another."""
    # Beside the middle: one box may be left and reached.
    start, end = sum(places[source]) / 2 + 3, sum(places[target]) / 2 - 3
    below, reached = (axis - _box_height(layers[place]) / 2 - 3 for place in (source, target))
    return (
        f'<path d="M{start:g} {below:g}V{y + 8:g}q0 -8 8 -8H{end - 8:g}q8 0 8 8V{reached:g}m-4 -6l4 6l4 -6" '
        f'fill="none" stroke="{look.quiet}" stroke-width="1.3"/>'
    )


def _box(layer: DrawnLayer, middle: float, axis: float, look: Look) -> str:
    width, height = _box_width(layer), _box_height(layer)
    fills = {
        "convolution": mix(look.paper, look.ink, 0.78),
        "depthwise_convolution": mix(look.paper, look.ink, 0.5),
        "dense": mix(look.paper, look.ink, 0.78),
    }
    filled = fills.get(layer.kind)
    fill = filled or mix(look.paper, look.ink, 0.12)
    stroke = filled or look.ink
    dashed = ' stroke-dasharray="3 2"' if layer.kind == "pooling" else ""
    return (
        f'<rect class="box" x="{middle - width / 2:g}" y="{axis - height / 2:g}" width="{width:g}" '
        f'height="{height:g}" fill="{fill}" stroke="{stroke}"{dashed}/>'
    )


def _name_lines(layer: DrawnLayer) -> list[str]:
    return textwrap.wrap(layer.name, LETTERS)


def _texts(layer: DrawnLayer, name_lines: int, middle: float, top: float, look: Look) -> list[str]:
    """Name, shape, and what is said of it, each on the same lines below all boxes."""
    lines = [(number, text, ' font-weight="700"') for number, text in enumerate(_name_lines(layer))]
    lines.append((name_lines, layer.shape, ""))
    if layer.detail:
        lines.append((name_lines + 1, layer.detail, f' fill="{look.quiet}"'))
    return [
        f'<text x="{middle:g}" y="{top + number * LINE:g}" text-anchor="middle"{style}>{escape(text)}</text>'
        for number, text, style in lines
    ]


def _bar(count: int, most: int, text: str, middle: float, top: float, look: Look) -> list[str]:
    if not count:
        return []
    height = max(1.0, BAR * count / max(1, most))
    return [
        f'<rect x="{middle - 16:g}" y="{top + BAR - height:g}" width="32" height="{height:g}" '
        f'fill="{mix(look.paper, look.ink, 0.55)}"/>',
        f'<text x="{middle:g}" y="{top + BAR + LINE - 1:g}" text-anchor="middle" font-size="11.5">{escape(text)}</text>',
    ]
