from __future__ import annotations

import numpy as np
import pytest

from fer_core.training.augmentation import Augmentation

EVERYTHING = Augmentation(True, 4.0, 12.0, 0.1, 0.2, 20.0, 0.5)


def test_no_augmentation_changes_nothing(faces_gray: np.ndarray) -> None:
    untouched = Augmentation().apply(faces_gray, np.random.default_rng(0))
    assert not Augmentation().active
    np.testing.assert_array_equal(untouched, faces_gray)


def test_the_same_seed_repeats_and_another_does_not(faces_gray: np.ndarray) -> None:
    first, again, other = (EVERYTHING.apply(faces_gray, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_the_faces_given_are_left_as_they_were(faces_gray: np.ndarray) -> None:
    before = faces_gray.copy()
    changed = EVERYTHING.apply(faces_gray, np.random.default_rng(0))
    np.testing.assert_array_equal(faces_gray, before)
    assert changed.shape == faces_gray.shape and changed.dtype == np.uint8


def test_a_flip_alone_is_the_exact_mirror_image_of_about_half(faces_gray: np.ndarray) -> None:
    many = np.repeat(faces_gray, 40, axis=0)
    changed = Augmentation(flip=True).apply(many, np.random.default_rng(0))
    mirrored = np.array(
        [(after == before[:, ::-1]).all() for before, after in zip(many, changed, strict=True)]
    )
    kept = np.array([(after == before).all() for before, after in zip(many, changed, strict=True)])
    assert (mirrored | kept).all()
    assert 70 < mirrored.sum() < 130


@pytest.mark.parametrize("shift", [3.0, 8.0])
def test_a_shift_moves_the_picture_no_further_than_it_says(shift: float) -> None:
    face = np.zeros((1, 48, 48), np.uint8)
    face[0, 22:26, 22:26] = 255
    rng = np.random.default_rng(0)
    for _ in range(30):
        moved = Augmentation(shift_pixels=shift).apply(face, rng)[0].astype(float)
        centre = np.array([(axis * moved).sum() / moved.sum() for axis in np.mgrid[:48, :48]])
        assert np.abs(centre - 23.5).max() <= shift + 0.1


def test_erasing_replaces_one_rectangle_by_one_grey(faces_gray: np.ndarray) -> None:
    erased = Augmentation(erasing_probability=1.0).apply(faces_gray, np.random.default_rng(0))
    for before, after in zip(faces_gray, erased, strict=True):
        changed = before != after
        assert changed.any()
        assert len(np.unique(after[changed])) == 1
