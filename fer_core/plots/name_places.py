"""Where names stand beside the marks of a chart, so that they can be read on a phone and on a wall."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

PLOT_WIDTHS, PLOT_HEIGHT = (205, 950), 300
"""Pixels between the axes, on a phone and on a wide screen: a name should be free on both."""
NAME_SIZE, MARK_SIZE = 13, 13
MARGIN = 16  # right of the axes, where a name may still be drawn
LINE_WIDTH = 20  # counted wider than it is: a line through a name is worse than the few pixels that it covers
SWEEPS, ORDERS = 3, 8


@dataclass(frozen=True)
class Box:
    """Pixels from the lower left corner of the plot."""

    left: float
    right: float
    low: float
    high: float

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.high - self.low)

    def shared(self, other: Box) -> float:
        """Return the area that both boxes cover, in square pixels."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.high, other.high) - max(self.low, other.low)
        return max(0.0, width) * max(0.0, height)


def name_places(
    names: Sequence[str],
    points: Sequence[tuple[float, float]],
    line: tuple[float, str] | None = None,
) -> list[str]:
    """A place for each name, covering neither names nor marks, as far as that is possible.

    Args:
        names: lines parted by <br>.
        points: of the marks, shares of the plot's width and height from the lower left corner.
        line: an upright line that no name should cross: share of the width, and the words at its foot.

    Returns:
        Plotly's `textposition` for each.
    """
    fixed = {width: _marks_and_line(width, points, line) for width in PLOT_WIDTHS}
    offered = [
        {width: name_boxes(name, width * x, PLOT_HEIGHT * y) for width in PLOT_WIDTHS}
        for name, (x, y) in zip(names, points, strict=True)
    ]

    def covered(index: int, place: str, chosen: dict[int, str]) -> float:
        """Square pixels that the name would take from others, or that lie beyond the plot."""
        total = 0.0
        for width in PLOT_WIDTHS:
            box = offered[index][width][place]
            others = (offered[other][width][its] for other, its in chosen.items() if other != index)
            total += box.area - box.shared(Box(0, width + MARGIN, 0, PLOT_HEIGHT))
            total += sum(map(box.shared, (*fixed[width], *others)))
        return total

    def settled(order: list[int]) -> dict[int, str]:
        chosen: dict[int, str] = {}
        for index in order * SWEEPS:  # whoever chose first may find a better place once all the others stand
            chosen[index] = min(
                offered[index][PLOT_WIDTHS[0]], key=lambda place: covered(index, place, chosen)
            )
        return chosen

    # Who chooses first decides much, so the best of several orders is taken; the first where none is better.
    rng = random.Random(1)
    order = list(range(len(names)))
    tried = [settled(order)]
    for _ in range(ORDERS):
        rng.shuffle(order)
        tried.append(settled(order))
    best = min(
        tried, key=lambda chosen: sum(covered(index, place, chosen) for index, place in chosen.items())
    )
    return [best[index] for index in range(len(names))]


def foot_place(x: float) -> str:
    """Where the words at the foot of a line stand: on the side where there is more room."""
    return "top left" if x > 0.5 else "top right"


def name_boxes(name: str, x: float, y: float) -> dict[str, Box]:
    """What a name would cover at each place beside a mark at these pixels, the favourite one first."""
    lines = name.split("<br>")
    letters = max(len(line) for line in lines) + 1  # and a space
    width, height = (
        0.56 * NAME_SIZE * letters,
        1.3 * NAME_SIZE * len(lines),
    )  # as wide as the font is on average
    gap = MARK_SIZE / 2 + 2
    right, left = (x + gap, x + gap + width), (x - gap - width, x - gap)
    above, below = (y + gap, y + gap + height), (y - gap - height, y - gap)
    centre, middle = (x - width / 2, x + width / 2), (y - height / 2, y + height / 2)
    return {
        "middle right": Box(*right, *middle),
        "middle left": Box(*left, *middle),
        "top center": Box(*centre, *above),
        "bottom center": Box(*centre, *below),
        "top right": Box(*right, *above),
        "bottom right": Box(*right, *below),
        "top left": Box(*left, *above),
        "bottom left": Box(*left, *below),
    }


def _marks_and_line(
    width: int, points: Sequence[tuple[float, float]], line: tuple[float, str] | None
) -> list[Box]:
    half = MARK_SIZE / 2
    centres = [(width * x, PLOT_HEIGHT * y) for x, y in points]
    boxes = [Box(x - half, x + half, y - half, y + half) for x, y in centres]
    if line is not None:
        x = width * line[0]
        boxes += [
            Box(x - LINE_WIDTH / 2, x + LINE_WIDTH / 2, 0, PLOT_HEIGHT),
            name_boxes(line[1], x, 0)[foot_place(line[0])],
        ]
    return boxes
