"""Nearest pictures in compressed features: worked out by hand, and against all distances."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.datasets.nearest import FeatureSpace, compress


def flat(codes: list[list[int]]) -> FeatureSpace:
    """A space whose values are its codes."""
    array = np.array(codes, np.int8)
    wide = array.shape[1]
    return FeatureSpace(np.zeros(wide, np.float32), np.eye(wide, dtype=np.float32), 1.0, array)


LINE = flat([[0, 0], [3, 4], [0, 1], [3, 4], [100, 0], [0, 1], [6, 8]])
"""Rows 1 and 3 are the same, and 2 and 5."""


def test_the_nearest_come_first_with_their_distances() -> None:
    found = LINE.nearest(np.zeros(2, np.float32), 3)
    assert found.rows.tolist() == [0, 2, 1]
    np.testing.assert_allclose(found.distances, [0, 1, 5], atol=1e-6)


def test_of_exact_duplicates_only_the_first_is_named() -> None:
    assert LINE.nearest(np.zeros(2, np.float32), 10).rows.tolist() == [0, 2, 1, 6, 4]


def test_what_is_excluded_takes_its_duplicates_along() -> None:
    found = LINE.nearest(LINE.values[1], 10, exclude=np.array([1]))
    assert found.rows.tolist() == [2, 0, 6, 4]


def test_many_duplicates_do_not_hide_the_rest() -> None:
    space = flat([[0, 0]] * 50 + [[1, 0], [2, 0]])
    assert space.nearest(np.zeros(2, np.float32), 3).rows.tolist() == [0, 50, 51]


def test_more_than_there_are_gives_all_and_nothing_gives_none() -> None:
    assert len(LINE.nearest(np.zeros(2, np.float32), 100, exclude=np.arange(7))) == 0
    assert len(LINE.nearest(np.zeros(2, np.float32), 0)) == 0


def test_the_nearest_are_those_of_all_distances() -> None:
    random = np.random.default_rng(0)
    space = compress(random.normal(size=(500, 6)).astype(np.float32), 6)
    point = random.normal(size=6).astype(np.float32)
    distances = np.linalg.norm(space.values - point, axis=1)
    found = space.nearest(point, 20)
    assert found.rows.tolist() == distances.argsort()[:20].tolist()
    np.testing.assert_allclose(found.distances, np.sort(distances)[:20], rtol=1e-5)


def test_compressed_features_keep_distances_and_a_new_face_lands_where_its_picture_is() -> None:
    random = np.random.default_rng(1)
    plane = random.normal(size=(200, 3)) * [9, 4, 1]
    features = (plane @ random.normal(size=(3, 12)) + 5).astype(np.float32)
    space = compress(features, 3)
    assert space.values.var(axis=0).tolist() == sorted(space.values.var(axis=0).tolist(), reverse=True)
    assert np.abs(space.codes).max() == 127
    np.testing.assert_allclose(space.project(features), space.values, atol=space.step)
    true = np.linalg.norm(features[:1] - features, axis=1)
    kept = np.linalg.norm(space.values[:1] - space.values, axis=1)
    np.testing.assert_allclose(kept, true, atol=0.02 * true.max())


def test_the_sign_of_a_component_is_settled() -> None:
    features = np.random.default_rng(2).normal(size=(50, 4)).astype(np.float32)
    components = compress(features, 4).components
    assert (components[np.abs(components).argmax(axis=0), range(4)] > 0).all()


def test_a_component_without_spread_is_no_division_by_zero() -> None:
    features = np.ones((5, 3), np.float32)
    assert not compress(features, 2).values.any()


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"Expected features \(n, 2\)"):
        LINE.project(np.zeros((1, 3), np.float32))
    with pytest.raises(ValueError, match="codes: expected int8"):
        FeatureSpace(LINE.mean, LINE.components, LINE.step, LINE.codes.astype(np.int16))
