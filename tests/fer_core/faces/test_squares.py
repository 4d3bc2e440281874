"""Squares for a network: where each of their pixels comes from."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.faces.squares import (
    is_tight,
    part_of_picture,
    tile_boxes,
    tile_sides,
    tile_starts,
    tiles,
    whole_picture,
)
from fer_core.faces.suppression import Candidates


def a_box(*values: float) -> Candidates:
    return Candidates(np.array([values], np.float32), np.zeros((1, 6, 2), np.float32), np.ones(1, np.float32))


@pytest.mark.parametrize("upright", [False, True])
def test_a_long_picture_lies_in_the_middle_of_its_square(upright: bool) -> None:
    """400x200 in 100 pixels: a quarter of its size, 25 rows of black above and below."""
    image = np.full((200, 400, 3), 200, np.uint8)
    square = whole_picture(image.transpose(1, 0, 2) if upright else image, 100)
    pixels = square.pixels_rgb.transpose(1, 0, 2) if upright else square.pixels_rgb
    assert square.scale == 4
    assert not pixels[:25].any() and not pixels[75:].any()
    assert (pixels[25:75] == 200).all()
    offset = square.offset_xy[::-1] if upright else square.offset_xy
    assert offset == (0, -100)


def test_what_is_found_in_the_square_is_brought_back() -> None:
    square = whole_picture(np.zeros((200, 400, 3), np.uint8), 100)
    assert square.in_picture(a_box(0, 25, 100, 75)).boxes_xyxy.tolist() == [[0, 0, 400, 200]]


def test_a_small_picture_gets_half_of_its_side_around_it() -> None:
    """48 pixels and 24 on each side: the border repeated, not black."""
    square = whole_picture(np.full((48, 48, 3), 77, np.uint8), 96)
    assert (square.pixels_rgb == 77).all()
    assert square.in_picture(a_box(24, 24, 72, 72)).boxes_xyxy.tolist() == [[0, 0, 48, 48]]


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1)])
def test_a_picture_of_a_single_row_has_a_square(shape: tuple[int, int]) -> None:
    square = whole_picture(np.full((*shape, 3), 9, np.uint8), 128)
    assert square.pixels_rgb.shape == (128, 128, 3)
    assert square.pixels_rgb.any()


def test_a_part_within_the_picture_is_cut_as_it_is() -> None:
    image = np.arange(100 * 100 * 3, dtype=np.uint32).astype(np.uint8).reshape(100, 100, 3)
    square = part_of_picture(image, np.array([30, 40, 50, 60]), 0.0, 20)
    np.testing.assert_array_equal(square.pixels_rgb, image[40:60, 30:50])
    assert (square.scale, square.offset_xy) == (1.0, (30, 40))
    wide = part_of_picture(image, np.array([30, 40, 50, 60]), 0.5, 20)
    assert (wide.scale, wide.offset_xy) == (2.0, (20, 30))
    assert wide.in_picture(a_box(5, 5, 15, 15)).boxes_xyxy.tolist() == [[30, 40, 50, 60]]


def test_beyond_the_border_a_part_repeats_it() -> None:
    """The box around the left upper corner: a quarter of the square lies in the picture."""
    image = np.zeros((100, 100, 3), np.uint8)
    image[0, 0] = (10, 20, 30)
    square = part_of_picture(image, np.array([-10, -10, 10, 10]), 0.0, 20)
    assert square.offset_xy == (-10, -10)
    assert (square.pixels_rgb[:11, :11] == (10, 20, 30)).all()
    assert not square.pixels_rgb[11:, 11:].any()


@pytest.mark.parametrize("box", [(-300, 0, -200, 100), (0, 400, 50, 450), (500, 500, 500, 500)])
def test_a_part_that_lies_wholly_outside_is_black(box: tuple[int, ...]) -> None:
    square = part_of_picture(np.full((100, 100, 3), 200, np.uint8), np.array(box), 0.0, 16)
    assert square.pixels_rgb.shape == (16, 16, 3)
    assert not square.pixels_rgb.any()


def test_tiles_overlap_by_a_quarter_and_end_at_the_border() -> None:
    assert tile_starts(100, 100).tolist() == [0]
    assert tile_starts(175, 100).tolist() == [0, 75]
    assert tile_starts(250, 100).tolist() == [0, 75, 150]
    assert tile_starts(176, 100).tolist() == [0, 38, 76]


def test_a_tile_longer_than_the_picture_lies_around_its_middle() -> None:
    assert tile_starts(60, 100).tolist() == [-20]


def test_tiles_come_in_sizes_that_double() -> None:
    """400x300 and a quarter of it: 75 pixels (7 by 5 of them), 150 (4 by 3); 300 would be the whole again."""
    assert tile_sides((400, 300), 64, 0.25) == [150, 75]
    for side, count in ((75, 35), (150, 12)):
        boxes = np.array(tile_boxes((400, 300), side))
        assert len(boxes) == count
        np.testing.assert_allclose(boxes[:, 2:] - boxes[:, :2], side)
        assert boxes[:, :2].min() == 0
        assert boxes[:, 2].max() == 400 and boxes[:, 3].max() == 300


def test_tiles_are_no_smaller_than_what_shows_more_than_the_picture_has() -> None:
    assert tile_sides((400, 300), 256, 0.1) == [192]
    assert tile_sides((200, 150), 256, 0.1) == []


@pytest.mark.parametrize("size", [(8000, 8000), (60_000, 1000), (1000, 60_000)])
def test_a_huge_picture_has_a_limited_number_of_tiles(size: tuple[int, int]) -> None:
    assert sum(len(tile_boxes(size, side)) for side in tile_sides(size, 256, 0.05)) < 900


def test_tiles_show_what_lies_in_their_boxes() -> None:
    """A picture whose colour says where a pixel lies."""
    y, x = np.mgrid[0:300, 0:400]
    image = np.dstack([x // 2, y // 2, 0 * x]).astype(np.uint8)
    for tile, box in zip(tiles(image, 64, 90), tile_boxes((400, 300), 90), strict=True):
        found = tile.in_picture(a_box(0, 0, 64, 64)).boxes_xyxy[0]
        assert np.abs(found - box).max() < 2
        middle = tile.pixels_rgb[31:33, 31:33].reshape(-1, 3).mean(axis=0)
        np.testing.assert_allclose(middle[:2] * 2 + 0.5, (box[:2] + box[2:]) / 2, atol=3)


def test_there_and_back_is_the_same_place_and_a_mirror_exchanges_left_and_right() -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    square = part_of_picture(image, np.array([30, 40, 50, 60]), 0.5, 20)
    place = a_box(31, 42, 41, 52)
    np.testing.assert_allclose(square.in_picture(square.of_picture(place)).boxes_xyxy, place.boxes_xyxy)
    points = np.zeros((1, 6, 2), np.float32)
    points[0, 0], points[0, 1] = (4, 8), (16, 9)  # the right and the left eye in the mirror
    seen = Candidates(np.array([[2, 4, 12, 14]], np.float32), points, np.ones(1, np.float32))
    back = square.mirrored().in_picture(seen)
    assert back.boxes_xyxy.tolist() == [[20 + 2 * 8, 30 + 2 * 4, 20 + 2 * 18, 30 + 2 * 14]]
    assert back.points_xy[0, :2].tolist() == [[20 + 2 * 4, 30 + 2 * 9], [20 + 2 * 16, 30 + 2 * 8]]


def test_a_mirrored_square_shows_the_other_side() -> None:
    image = np.zeros((20, 20, 3), np.uint8)
    image[:, :10] = 200
    mirrored = part_of_picture(image, np.array([0, 0, 20, 20]), 0.0, 20).mirrored()
    assert not mirrored.pixels_rgb[:, :10].any() and (mirrored.pixels_rgb[:, 10:] == 200).all()
    assert not mirrored.mirrored().is_mirrored


def test_a_small_picture_is_tight() -> None:
    assert is_tight(np.zeros((128, 20))) and not is_tight(np.zeros((129, 20)))


def test_a_wall_is_even_and_a_small_face_in_the_dark_is_not(astronaut_rgb: np.ndarray) -> None:
    wall = 90 + np.linspace(0, 10, 128)[:, None, None] + np.random.default_rng(3).normal(0, 4, (128, 128, 3))
    pixels = np.clip(wall, 0, 255).astype(np.uint8)
    box = np.array([0.0, 0.0, 128.0, 128.0])
    assert part_of_picture(pixels, box, 0.0, 128).is_even
    face = astronaut_rgb[66:162:4, 177:273:4] // 3  # 24 pixels wide, a third of the light
    pixels[40:64, 60:84] = face
    assert not part_of_picture(pixels, box, 0.0, 128).is_even
    dark = np.full_like(pixels, 20)
    dark[40:64, 60:84] = face
    assert not part_of_picture(dark, box, 0.0, 128).is_even
