"""Parts of a face covered: by hand, with an answer that is simply what can be seen."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fer_core.explanation.occlusion import (
    FILLS,
    OcclusionMap,
    Patch,
    cover,
    filling,
    occlusion_map,
    patch_starts,
)

FACE = np.random.default_rng(6).integers(0, 256, (48, 48), dtype=np.uint8)


def brightness_of_a_corner(faces: np.ndarray) -> np.ndarray:
    """An answer that looks at the 12x12 pixels at the upper right only."""
    share = faces[:, :12, 36:].mean(axis=(1, 2)) / 255
    return np.stack([share, 1 - share], axis=1).astype(np.float32)


def test_a_patch_covers_its_square_and_nothing_else() -> None:
    covered = cover(FACE, Patch(left=10, top=3, size=8, fill="black"))
    assert not covered[3:11, 10:18].any()
    changed = covered != FACE
    assert changed.sum() == np.count_nonzero(FACE[3:11, 10:18])


def test_the_fills_are_the_mean_grey_black_and_the_face_blurred_beyond_recognition() -> None:
    halves = np.repeat([[10, 30]], 24, axis=1) * np.ones((48, 1))
    face = halves.astype(np.uint8)
    assert (filling(face, "mean") == 20).all()
    assert not filling(face, "black").any()
    blurred = filling(face, "blur")
    assert blurred[20, 0] < 12 and 18 < blurred[20, 23] < 22 and blurred[20, 47] > 28
    for fill in FILLS:
        np.testing.assert_array_equal(cover(FACE, Patch(0, 0, 48, fill)), filling(FACE, fill))


def test_a_patch_that_leaves_the_picture_another_fill_and_another_picture_are_refused() -> None:
    for left, top, size in ((41, 0, 8), (-1, 0, 8), (0, 44, 8), (0, 0, 49), (0, 0, 0)):
        with pytest.raises(ValueError, match="within 48x48"):
            Patch(left, top, size)
    with pytest.raises(ValueError, match="fill"):
        Patch(0, 0, 8, "flowers")
    with pytest.raises(ValueError, match="Expected uint8"):
        cover(FACE[:40], Patch(0, 0, 8))


@pytest.mark.parametrize("size", [8, 13, 24])
def test_patches_reach_from_border_to_border_in_even_steps(size: int) -> None:
    starts = patch_starts(size)
    assert (len(starts), starts[0], starts[-1]) == (12, 0, 48 - size)
    assert set(np.diff(starts)) <= {(48 - size) // 11, (48 - size) // 11 + 1}


def test_covering_costs_where_the_answer_looks_and_nothing_elsewhere() -> None:
    face = np.zeros((48, 48), np.uint8)
    face[:12, 36:] = 255
    found = occlusion_map(face, brightness_of_a_corner, size=12, fill="black", count=4)
    expected = np.zeros((4, 4))
    expected[0, 3] = 1
    assert found.before[0] == 1
    np.testing.assert_allclose(found.falls(0), expected)
    np.testing.assert_allclose(found.falls(1), -expected)  # what one loses the other gains
    assert found.costliest(0) == Patch(left=36, top=0, size=12, fill="black")
    np.testing.assert_allclose(found.spread(0), face / 255)


def test_where_patches_overlap_a_pixel_gets_the_mean_of_those_that_cover_it() -> None:
    face = np.full((48, 48), 255, np.uint8)
    found = occlusion_map(face, brightness_of_a_corner, size=24, fill="black", count=3)  # at 0, 12 and 24
    np.testing.assert_allclose(found.falls(0)[0], [0, 0, 1])
    spread = found.spread(0)
    assert spread[0, 40] == pytest.approx(1)  # under the last patch alone
    assert spread[0, 30] == pytest.approx(1 / 2)  # under two, of which one costs
    assert spread[15, 40] == pytest.approx(1 / 2)
    assert spread[40, 40] == pytest.approx(0)


def test_a_map_that_says_the_same_agrees_the_opposite_disagrees_and_an_even_one_says_nothing() -> None:
    face = np.full((48, 48), 255, np.uint8)
    found = occlusion_map(face, brightness_of_a_corner, size=12, fill="mean", count=4)
    assert math.isnan(found.agreement(np.zeros((48, 48)), 0))  # the mean grey of a white face is white
    found = occlusion_map(face, lambda faces: np.stack([faces.mean((1, 2)) / 255] * 2, 1), 24, "black", 5)
    assert math.isnan(
        found.agreement(np.random.default_rng(0).random((48, 48)), 0)
    )  # costs the same everywhere
    slope = np.tile(np.arange(48.0), (48, 1))
    found = occlusion_map(
        face, lambda faces: (faces * slope).mean((1, 2), keepdims=True)[:, 0], 12, "black", 4
    )
    assert found.agreement(slope, 0) == pytest.approx(1)
    assert found.agreement(-slope, 0) == pytest.approx(-1)


def test_the_agreement_is_the_correlation_of_ranks_with_the_mean_rank_for_equal_ones() -> None:
    """Worked out by hand: heat 4, 1, 2, 3 (ranks), falls 0.9, 0, 0.1, 0.1, of which two share rank 2.5."""
    heat = np.zeros((48, 48))
    for (row, column), warmth in zip(((0, 0), (0, 24), (24, 0), (24, 24)), (8, 1, 2, 3), strict=True):
        heat[row : row + 24, column : column + 24] = warmth
    covered = np.array([[[0.1], [1.0]], [[0.9], [0.9]]])
    found = OcclusionMap(24, "mean", np.array([0, 24]), np.array([1.0]), covered)
    # Deviations of the ranks from 2.5: 1.5, -1.5, -0.5, 0.5 and 1.5, -1.5, 0, 0.
    assert found.agreement(heat, 0) == pytest.approx(4.5 / np.sqrt(5 * 4.5))
