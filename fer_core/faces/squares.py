"""Square parts of a picture, as a network for square pictures looks at them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fer_core.faces.suppression import Candidates

_TIGHT_SIDE: Final = 128  # pixels: a picture this small is likely to be cut close around a face
_MOST_TILES: Final = 400  # of one size
_PLACES: Final = 32  # on each side of a square whose range is measured
_LEAST_RANGE: Final = (
    16  # grey levels between the lightest and the darkest place; a dark face has twice as many
)


@dataclass(frozen=True, eq=False)
class SquarePicture:
    """A square part of a picture as a network looks at it, and how its pixels lie in the picture."""

    pixels_rgb: np.ndarray
    """uint8 (S, S, 3)."""
    scale: float
    """Pixels of the picture for one of the square."""
    offset_xy: tuple[float, float]
    """Where the square's left upper corner lies, in pixels of the picture; perhaps outside it."""

    is_mirrored: bool = False
    """Whether its left is the picture's right."""

    @property
    def is_even(self) -> bool:
        """Whether it is a wall or a sky: its lightest and darkest places differ by less than those of a face do."""
        grey = cv2.cvtColor(self.pixels_rgb, cv2.COLOR_RGB2GRAY)
        places = cv2.resize(
            grey, (_PLACES, _PLACES), interpolation=cv2.INTER_AREA
        )  # without the camera's noise
        return int(places.max()) - int(places.min()) < _LEAST_RANGE

    def in_picture(self, candidates: Candidates) -> Candidates:
        """Candidates of this square in pixels of the picture."""
        if self.is_mirrored:
            candidates = candidates.mirrored(self.pixels_rgb.shape[1])
        return candidates.moved(self.scale, self.offset_xy)

    def of_picture(self, candidates: Candidates) -> Candidates:
        """Candidates of the picture in pixels of this square, which is not mirrored."""
        x, y = self.offset_xy
        return candidates.moved(1 / self.scale, (-x / self.scale, -y / self.scale))

    def mirrored(self) -> SquarePicture:
        """The same square, its left and right exchanged."""
        pixels = np.ascontiguousarray(self.pixels_rgb[:, ::-1])
        return SquarePicture(pixels, self.scale, self.offset_xy, not self.is_mirrored)


def is_tight(image: np.ndarray) -> bool:
    """Whether a picture is so small that it is likely to be cut close around a face."""
    return max(image.shape[:2]) <= _TIGHT_SIDE


def whole_picture(image_rgb: np.ndarray, side: int) -> SquarePicture:
    """The whole picture in a square of so many pixels, in its middle; around it is black.

    A small picture, which may be cut close around a face, gets room around it, its border repeated: BlazeFace
    does not find a face that fills the square.
    """
    height, width = image_rgb.shape[:2]
    longer = max(height, width)
    room = round(0.5 * longer) if is_tight(image_rgb) else 0
    around = (
        cv2.copyMakeBorder(image_rgb, room, room, room, room, cv2.BORDER_REPLICATE) if room else image_rgb
    )
    scale = (longer + 2 * room) / side
    size = (max(1, round((width + 2 * room) / scale)), max(1, round((height + 2 * room) / scale)))
    small = _resized(around, size)
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    pixels = np.zeros((side, side, 3), np.uint8)
    pixels[top : top + size[1], left : left + size[0]] = small
    return SquarePicture(pixels, scale, (-left * scale - room, -top * scale - room))


def part_of_picture(image_rgb: np.ndarray, box_xyxy: np.ndarray, around: float, side: int) -> SquarePicture:
    """A square around a box, as so many pixels; beyond the picture its border is repeated.

    Args:
        image_rgb: uint8 (H, W, 3).
        box_xyxy: (4,), in pixels.
        around: how far the square reaches beyond the box, in its longer sides.
        side: of the square that is made, in pixels.
    """
    x1, y1, x2, y2 = (float(value) for value in box_xyxy)
    part = max(1.0, max(x2 - x1, y2 - y1) * (1 + 2 * around))
    height, width = image_rgb.shape[:2]
    left, top = round((x1 + x2 - part) / 2), round((y1 + y2 - part) / 2)
    pixels = max(1, round(part))
    right, bottom = left + pixels, top + pixels
    cut = image_rgb[max(0, top) : max(0, min(height, bottom)), max(0, left) : max(0, min(width, right))]
    if cut.size == 0:
        return SquarePicture(np.zeros((side, side, 3), np.uint8), pixels / side, (left, top))
    beyond = (max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width))
    if any(beyond):
        cut = cv2.copyMakeBorder(cut, *beyond, cv2.BORDER_REPLICATE)
    small = _resized(cut, (side, side))
    return SquarePicture(small, pixels / side, (left, top))


def tile_sides(size: tuple[int, int], side: int, share: float) -> list[float]:
    """Sides of the tiles that a picture is searched in, the largest first, each half of the one before.

    The smallest are a part of the picture's shorter side, at least three quarters of `side` in pixels; the largest are
    smaller than the shorter side.

    Args:
        size: width, height of the picture, in pixels.
        side: of the squares that are made of them, in pixels.
        share: side of the smallest squares in the picture, as a part of its shorter side; over 0, at most 1.

    Returns:
        In pixels of the picture; [] where the whole picture shows as much.
    """
    sides = []
    tile = max(share * min(size), 0.75 * side)
    while tile < 0.9 * min(size):
        sides.append(tile)
        tile *= 2
    return sides[::-1]


def tile_boxes(size: tuple[int, int], tile_side: float) -> list[np.ndarray]:
    """Squares of one size that overlap and cover a picture.

    Of a picture so long that this would be more than 400, they are larger.

    Args:
        size: width, height of the picture, in pixels.
        tile_side: in pixels of the picture, one of `tile_sides`.

    Returns:
        float64 (4,) each, in pixels of the picture.
    """
    tile = tile_side
    while math.prod(_tile_count(length, tile) for length in size) > _MOST_TILES:
        tile *= 1.1
    return [
        np.array([x, y, x + tile, y + tile])
        for x in tile_starts(size[0], tile)
        for y in tile_starts(size[1], tile)
    ]


def tiles(image_rgb: np.ndarray, side: int, tile_side: float) -> Iterator[SquarePicture]:
    """The squares of `tile_boxes` as so many pixels; image_rgb: uint8 (H, W, 3)."""
    height, width = image_rgb.shape[:2]
    boxes = tile_boxes((width, height), tile_side)
    scale = (boxes[0][2] - boxes[0][0]) / side
    size = (max(side, round(width / scale)), max(side, round(height / scale)))
    level = _resized(image_rgb, size)
    for x1, y1, _x2, _y2 in boxes:
        left, top = min(round(x1 / scale), size[0] - side), min(round(y1 / scale), size[1] - side)
        pixels = np.ascontiguousarray(level[top : top + side, left : left + side])
        yield SquarePicture(pixels, scale, (left * width / size[0], top * height / size[1]))


def _resized(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A picture in another size (width, height), averaged where it is made smaller.

    It is halved as long as that is possible: OpenCV halves 1024x768 in 0.2 ms, and takes 3.1 ms to bring it to 297x223.
    """
    while image.shape[1] >= 2 * size[0] and image.shape[0] >= 2 * size[1]:
        height, width = image.shape[0] // 2, image.shape[1] // 2
        image = cv2.resize(image[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
    # Less than half is left to go: interpolation passes over no pixel, and takes a fifth of the time of averaging.
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR))


def _tile_count(length: int, tile: float) -> int:
    """How many tiles of a side lie along a length, both in pixels."""
    return 1 if tile >= length else int(np.ceil((length - tile) / (0.75 * tile))) + 1


def tile_starts(length: int, tile: float) -> np.ndarray:
    """Where tiles of a side begin along a length, both in pixels: they overlap by a quarter at least, and the last one
    ends at the border; float64 (N,)."""
    if tile >= length:
        return np.array([(length - tile) / 2])
    return np.linspace(0, length - tile, _tile_count(length, tile))
