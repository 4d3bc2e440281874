"""The drawn signs of the answers: one set of strokes, from which every page, chart and picture draws.

A sign is a face in lines of one width, a question mark for "unsure", and a shape for a class that people named. Lines take the colour of the text beside
them, so that a sign is seen in every theme and on a photocopy.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from fer_core.labels import UNSURE

FIELD: Final = 24
"""Strokes lie on a square of that side, y down."""

WIDTH: Final = 2.0
"""Of every stroke, in units of the field; its ends and corners are round."""

Point = tuple[float, float]

_CIRCLE: Final = 0.5523  # a quarter of a circle as a cubic curve has its handles at that share of the radius
_OVERSAMPLING: Final = 8
_STEPS: Final = 24  # points on a curve, so that discs on them make a smooth line


@dataclass(frozen=True)
class Stroke:
    """A line of `WIDTH`: straight from point to point, or cubic curves.

    Attributes:
        points: at least two, on the field. For curves the start, then two handles and an end for each.
        curved: whether they are curves.
    """

    points: tuple[Point, ...]
    curved: bool = False

    def path(self, scale: float = 1.0, shift: Point = (0.0, 0.0), *, upwards: bool = False) -> str:
        """The stroke as the `d` of an SVG path.

        Args:
            scale: what a unit of the field becomes.
            shift: added to each point before it is scaled.
            upwards: y points up, as in a chart.
        """
        sign = -1 if upwards else 1
        texts = [f"{scale * (x + shift[0]):.4g},{sign * scale * (y + shift[1]):.4g}" for x, y in self.points]
        # Each piece with its letter: Plotly drops what follows the first one.
        letter, step = ("C", 3) if self.curved else ("L", 1)
        pieces = (" ".join(texts[i : i + step]) for i in range(1, len(texts), step))
        return f"M{texts[0]}" + "".join(f"{letter}{piece}" for piece in pieces)

    def sampled(self) -> np.ndarray:
        """Points along the stroke, close to each other: float (N, 2) on the field."""
        points = np.asarray(self.points, float)
        t = np.linspace(0, 1, _STEPS + 1)[:, None]
        if not self.curved:
            return np.concatenate([a + (b - a) * t for a, b in zip(points, points[1:], strict=False)])
        return np.concatenate(
            [
                (1 - t) ** 3 * points[i]
                + 3 * (1 - t) ** 2 * t * points[i + 1]
                + 3 * (1 - t) * t**2 * points[i + 2]
                + t**3 * points[i + 3]
                for i in range(0, len(points) - 1, 3)
            ]
        )


def _line(*points: Point) -> Stroke:
    return Stroke(points)


def _curve(*points: Point) -> Stroke:
    return Stroke(points, curved=True)


def _ring(x: float, y: float, radius: float) -> Stroke:
    k = _CIRCLE * radius
    return _curve(
        (x + radius, y), (x + radius, y + k), (x + k, y + radius), (x, y + radius),
        (x - k, y + radius), (x - radius, y + k), (x - radius, y),
        (x - radius, y - k), (x - k, y - radius), (x, y - radius),
        (x + k, y - radius), (x + radius, y - k), (x + radius, y),
    )  # fmt: skip


def _dot(x: float, y: float) -> Stroke:
    """A ring so small that its line fills it."""
    return _ring(x, y, 0.45)


def _eyes(y: float) -> tuple[Stroke, ...]:
    return _dot(8.3, y), _dot(15.7, y)


_HEAD: Final = _ring(12, 12, 10)

SIGNS: Final[dict[str, tuple[Stroke, ...]]] = {
    "angry": (
        _HEAD, _line((5.6, 7), (10.5, 9.7)), _line((18.4, 7), (13.5, 9.7)), *_eyes(11.5),
        _curve((7.8, 17.8), (9.6, 15), (14.4, 15), (16.2, 17.8)),
    ),
    "disgust": (
        _HEAD, _line((6.4, 7.2), (9.8, 9.3), (6.4, 11.4)), _line((17.6, 7.2), (14.2, 9.3), (17.6, 11.4)),
        _curve((6.8, 17), (8.4, 13.6), (10.4, 13.8), (12, 15.8), (13.6, 17.8), (15.6, 18), (17.2, 14.6)),
    ),
    "fear": (
        _HEAD, _ring(8, 9.2, 2), _ring(16, 9.2, 2),
        _line((7, 17.6), (9.5, 15.2), (12, 17.6), (14.5, 15.2), (17, 17.6)),
    ),
    "happy": (
        _HEAD, *_eyes(9), _line((6.8, 13.4), (17.2, 13.4)), _curve((6.8, 13.4), (7.4, 20.4), (16.6, 20.4), (17.2, 13.4)),
    ),
    "sad": (
        _HEAD, *_eyes(9), _line((17, 12.4), (17, 14.6)),
        _curve((7.4, 17.8), (8.6, 14.6), (12.8, 14.6), (14, 17.8)),
    ),
    "surprise": (_HEAD, *_eyes(8.8), _ring(12, 15.8, 2.7)),
    "neutral": (_HEAD, *_eyes(9.6), _line((7.6, 16), (16.4, 16))),
    "contempt": (
        _HEAD, _line((6.4, 10.4), (9.8, 10.4)), _dot(15.8, 10.8), _line((13.6, 7.3), (17.4, 6.6)),
        _curve((7.6, 16.6), (12, 17), (15.6, 16.6), (17, 13.6)),
    ),
    UNSURE: (
        _HEAD, _curve((8.8, 9.6), (8.8, 5.2), (15.2, 5.2), (15.2, 9.3), (15.2, 11.8), (12, 11.4), (12, 14)),
        _dot(12, 17.6),
    ),
    "class-1": (_line((4, 4), (20, 4), (20, 20), (4, 20), (4, 4)),),
    "class-2": (_line((12, 3), (21.5, 20), (2.5, 20), (12, 3)),),
    "class-3": (_line((12, 2), (22, 12), (12, 22), (2, 12), (12, 2)),),
    "class-4": (_line((12, 2), (12, 22)), _line((2, 12), (22, 12))),
    "class-5": (_line((4, 4), (20, 20)), _line((20, 4), (4, 20))),
    "class-6": (_ring(12, 12, 5),),
    "class-7": (_line((4, 7), (20, 7)), _line((4, 17), (20, 17))),
    "class-8": (_line((12, 21), (2.5, 4), (21.5, 4), (12, 21)),),
    "class-9": (_line((4, 4), (20, 4), (4, 20), (20, 20), (4, 4)),),
    "class-10": (_line((2, 8), (12, 18), (22, 8)),),
}  # fmt: skip
"""Look to its strokes, for every look of `fer_core.labels.COLOURS`."""


def sign_path(code: str, scale: float = 1.0, shift: Point = (0.0, 0.0), *, upwards: bool = False) -> str:
    """All strokes of a sign as the `d` of one SVG path, to be stroked and not filled; see `Stroke.path`.

    Raises:
        KeyError: a look without a sign.
    """
    return "".join(stroke.path(scale, shift, upwards=upwards) for stroke in SIGNS[code])


def sign_svg(
    code: str, size: float = FIELD, x: float = 0.0, y: float = 0.0, colour: str = "currentColor"
) -> str:
    """A sign as an SVG element of its own, or a part of another one.

    Args:
        code: of the look.
        size: side, in units of what it stands in.
        x, y: its upper left corner there.
        colour: of the lines.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {FIELD} {FIELD}" x="{x:g}" y="{y:g}" '
        f'width="{size:g}" height="{size:g}" fill="none" stroke="{colour}" stroke-width="{WIDTH:g}" '
        f'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="{sign_path(code)}"/></svg>'
    )


@lru_cache(maxsize=16)
def sign_url(code: str) -> str:
    """A sign in black as the address of an image: for a style sheet that fills it with a colour of its own."""
    svg = sign_svg(code, colour="black")
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"


@lru_cache(maxsize=128)
def sign_image(code: str, size: int, colour: tuple[int, int, int]) -> Image.Image:
    """A sign with smooth edges on nothing: RGBA, `size` pixels wide and high; kept, and not to be drawn on."""
    scale = _OVERSAMPLING * size / FIELD
    mask = Image.new("L", (_OVERSAMPLING * size,) * 2)
    pen = ImageDraw.Draw(mask)
    radius = scale * WIDTH / 2
    for stroke in SIGNS[code]:
        for x, y in stroke.sampled() * scale:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    image = Image.new("RGBA", (size, size), (*colour, 0))
    image.putalpha(mask.resize((size, size), Image.Resampling.BOX))
    return image
