"""The pictures that explain a search: every line, number and point where it belongs."""

from __future__ import annotations

import numpy as np

from fer_core.explanation.face_search import (
    LINE_BGR,
    beside,
    by_score,
    draw_candidates,
    draw_kept,
    draw_points,
    draw_windows,
    square_bgr,
)
from fer_core.faces.squares import SquarePicture
from fer_core.faces.suppression import Candidates, no_candidates

WHITE = (255, 255, 255)


def square(shade: int = 90, side: int = 64) -> SquarePicture:
    return SquarePicture(np.full((side, side, 3), shade, np.uint8), 1.0, (0.0, 0.0))


def candidates(*boxes_and_scores: tuple[tuple[int, int, int, int], float]) -> Candidates:
    boxes = np.array([box for box, _score in boxes_and_scores], np.float32)
    points = np.zeros((len(boxes), 6, 2), np.float32)
    return Candidates(boxes, points, np.array([score for _box, score in boxes_and_scores], np.float32))


def colour(drawn: np.ndarray, x: int, y: int) -> tuple[int, ...]:
    return tuple(int(value) for value in drawn[y, x])


def test_a_window_is_a_line_around_its_own_pixels_and_nothing_else() -> None:
    searched = np.full((40, 50), 120, np.uint8)
    drawn = draw_windows(searched, np.array([[10, 5, 30, 25]], np.int32))
    assert drawn.shape == (40, 50, 3)
    marked = (drawn == LINE_BGR).all(axis=2)
    assert marked.sum() == 4 * 20 - 4
    assert marked[5, 10:30].all() and marked[24, 10:30].all()
    assert marked[5:25, 10].all() and marked[5:25, 29].all()
    assert (searched == 120).all()


def test_the_square_keeps_its_colours_and_its_own_pixels() -> None:
    picture = square(0, 2)
    picture.pixels_rgb[0, 1] = (200, 100, 50)
    drawn = square_bgr(picture, 8)
    assert (drawn[:4, 4:] == (50, 100, 200)).all()
    assert (drawn[:, :4] == 0).all()


def test_the_best_candidate_has_the_brightest_line_and_the_number_one() -> None:
    found = candidates(((4, 8, 14, 18), 0.6), ((30, 30, 60, 60), 0.9))
    assert list(by_score(found)) == [1, 0]
    drawn = draw_candidates(square(), found, 256)  # four pixels for one of the square
    assert colour(drawn, 180, 239) == LINE_BGR, "the lower side of the better one"
    weak = colour(drawn, 30, 71)
    assert weak != (90, 90, 90)
    assert all(a < b for a, b in zip(weak, LINE_BGR, strict=True))
    # One digit at the upper left of the best, the next at the upper right of the second.
    assert (drawn[120 - 18 : 120, 120 - 18 : 120] == 255).all(axis=2).sum() > 150
    assert (drawn[32 - 18 : 32, 56 : 56 + 18] == 255).all(axis=2).sum() > 150
    assert colour(drawn, 128, 4) == (90, 90, 90)


def test_only_three_candidates_are_numbered() -> None:
    five = candidates(*(((2 + 12 * n, 4, 8 + 12 * n, 58), 0.9 - 0.05 * n) for n in range(5)))
    drawn = draw_candidates(square(), five, 256)
    plates = (drawn == 255).all(axis=2).sum()
    assert 3 * 150 < plates < 3 * 19 * 19 + 1


def test_without_candidates_there_is_the_square_alone() -> None:
    assert (draw_candidates(square(), no_candidates(), 128) == 90).all()
    assert (draw_kept(square(), no_candidates(), 128) == 90).all()


def test_what_is_left_has_one_box_each() -> None:
    drawn = draw_kept(square(), candidates(((8, 8, 24, 24), 0.9), ((40, 40, 60, 60), 0.7)), 128)
    assert colour(drawn, 30, 16) == colour(drawn, 100, 80) == LINE_BGR
    assert colour(drawn, 60, 60) == (90, 90, 90)


def test_points_lie_where_the_face_has_them() -> None:
    frame = np.full((100, 100, 3), 90, np.uint8)
    points = np.array([[40, 40], [60, 40], [50, 52], [50, 62], [32, 45], [68, 45]], np.float32)
    drawn = draw_points(frame, np.array([30, 30, 70, 70]), points, 256)
    assert drawn.shape == (256, 256, 3)
    scale = 256 / 64  # the box and 0.3 of its side around it: 18 to 82
    for x, y in points:
        assert colour(drawn, round((x - 18) * scale), round((y - 18) * scale)) == WHITE
    assert colour(drawn, 128, 20) == (90, 90, 90)
    assert (frame == 90).all()


def test_a_face_at_the_border_is_drawn_as_far_as_the_frame_goes() -> None:
    frame = np.full((60, 80, 3), 90, np.uint8)
    points = np.array([[-5, 10], [12, 10], [4, 18], [5, 26], [-12, 14], [20, 14]], np.float32)
    drawn = draw_points(frame, np.array([-10, 0, 30, 40]), points, 240)
    assert max(drawn.shape[:2]) == 240


def test_pictures_beside_each_other_keep_their_pixels() -> None:
    pair = beside((np.zeros((48, 48), np.uint8), np.full((48, 48), 200, np.uint8)), 96)
    assert pair.shape == (96, 96 + 6 + 96, 3)
    assert (pair[:, :96] == 0).all() and (pair[:, 96:102] == 255).all() and (pair[:, 102:] == 200).all()
