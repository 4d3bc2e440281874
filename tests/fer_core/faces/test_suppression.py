"""Weighted suppression and the overlaps it rests on, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.faces.suppression import Candidates, joined, no_candidates, overlap_of_smaller, suppress


def candidates(*rows: tuple[tuple[float, float, float, float], float]) -> Candidates:
    """Boxes with scores; all six points of each in its left upper corner."""
    boxes = np.array([box for box, _ in rows], np.float32).reshape(-1, 4)
    points = np.repeat(boxes[:, None, :2], 6, axis=1)
    return Candidates(boxes, points, np.array([score for _, score in rows], np.float32))


def test_two_that_overlap_become_their_mean_weighted_by_the_scores() -> None:
    """Intersection 80, union 120: 0.67. The weights are 0.9 and 0.6, so 0.6 and 0.4 of the whole."""
    kept = suppress(candidates(((0, 0, 10, 10), 0.9), ((2, 0, 12, 10), 0.6)), 0.3)
    np.testing.assert_allclose(kept.boxes_xyxy, [[0.8, 0, 10.8, 10]], rtol=1e-6)
    np.testing.assert_allclose(kept.points_xy, np.tile([0.8, 0], (1, 6, 1)), rtol=1e-6)
    np.testing.assert_allclose(kept.scores, [0.9])


def test_those_that_lie_apart_stay_and_come_by_score() -> None:
    kept = suppress(candidates(((0, 0, 10, 10), 0.5), ((20, 0, 30, 10), 0.8)), 0.3)
    assert kept.boxes_xyxy.tolist() == [[20, 0, 30, 10], [0, 0, 10, 10]]
    np.testing.assert_allclose(kept.scores, [0.8, 0.5])


def test_the_limit_itself_joins_and_a_smaller_overlap_does_not() -> None:
    """Half of each is shared: 50 of 150."""
    pair = candidates(((0, 0, 10, 10), 0.9), ((5, 0, 15, 10), 0.9))
    assert len(suppress(pair, 1 / 3)) == 1
    assert len(suppress(pair, 0.34)) == 2


def test_a_chain_is_cut_where_the_best_no_longer_overlaps() -> None:
    """The middle one goes to the best; the last, which overlaps only the middle one, stays on its own."""
    chain = candidates(((0, 0, 10, 10), 0.9), ((5, 0, 15, 10), 0.3), ((10, 0, 20, 10), 0.6))
    kept = suppress(chain, 0.3)
    np.testing.assert_allclose(kept.boxes_xyxy, [[1.25, 0, 11.25, 10], [10, 0, 20, 10]])
    np.testing.assert_allclose(kept.scores, [0.9, 0.6])


def test_the_order_in_which_they_come_changes_nothing() -> None:
    rows = [((0, 0, 10, 10), 0.9), ((2, 0, 12, 10), 0.6), ((40, 0, 50, 10), 0.7)]
    forth, back = suppress(candidates(*rows), 0.3), suppress(candidates(*rows[::-1]), 0.3)
    np.testing.assert_allclose(forth.boxes_xyxy, back.boxes_xyxy, rtol=1e-6)


def test_boxes_without_an_area_end_the_search_all_the_same() -> None:
    assert len(suppress(candidates(((5, 5, 5, 5), 0.9), ((5, 5, 5, 5), 0.8)), 0.3)) == 2


def test_nothing_stays_nothing() -> None:
    for nothing in (
        no_candidates(),
        joined([]),
        suppress(no_candidates(), 0.3),
        no_candidates().moved(2, (1, 1)),
    ):
        assert len(nothing) == 0
        assert nothing.boxes_xyxy.shape == (0, 4)
        assert nothing.points_xy.shape == (0, 6, 2)


def test_lists_are_joined_in_their_order() -> None:
    both = joined([candidates(((0, 0, 1, 1), 0.1)), no_candidates(), candidates(((2, 2, 3, 3), 0.9))])
    np.testing.assert_allclose(both.scores, [0.1, 0.9])


def test_moving_scales_first_and_shifts_then() -> None:
    moved = candidates(((1, 2, 3, 4), 0.5)).moved(10, (-5, 7))
    assert moved.boxes_xyxy.tolist() == [[5, 27, 25, 47]]
    assert moved.points_xy[0].tolist() == [[5, 27]] * 6
    assert moved.boxes_xyxy.dtype == moved.points_xy.dtype == np.float32


@pytest.mark.parametrize(
    ("box", "share"),
    [
        ((0, 0, 10, 10), 1.0),
        ((2, 2, 4, 4), 1.0),  # within
        ((5, 0, 15, 10), 0.5),
        ((8, 0, 12, 4), 0.5),  # half of the smaller one
        ((10, 0, 20, 10), 0.0),  # they touch
        ((3, 3, 3, 9), 0.0),  # no area
    ],
)
def test_the_share_of_the_smaller_box(box: tuple[int, ...], share: float) -> None:
    one, other = np.array([[0, 0, 10, 10]]), np.array([box])
    np.testing.assert_allclose(overlap_of_smaller(one, other), [[share]])
    np.testing.assert_allclose(overlap_of_smaller(other, one), [[share]])


def test_overlaps_with_nothing_have_no_row_or_no_column() -> None:
    nothing = np.empty((0, 4))
    assert overlap_of_smaller(nothing, np.ones((3, 4))).shape == (0, 3)
    assert overlap_of_smaller(np.ones((3, 4)), nothing).shape == (3, 0)
