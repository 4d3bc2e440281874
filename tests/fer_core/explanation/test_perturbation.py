"""A face made worse on purpose."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from fer_core.explanation.perturbation import (
    EYE_ROWS,
    MOUTH_ROWS,
    RANGES,
    Perturbation,
    perturb,
    perturb_over_range,
)

FACE = np.random.default_rng(1).integers(60, 190, (48, 48), dtype=np.uint8)


def test_without_any_change_the_face_stays_to_the_pixel() -> None:
    np.testing.assert_array_equal(perturb(FACE, Perturbation()), FACE)


def test_every_kind_has_a_range_that_holds_the_unchanged_face() -> None:
    assert [field.name for field in fields(Perturbation)] == list(RANGES)
    for kind, span in RANGES.items():
        assert span.low <= getattr(Perturbation(), kind) <= span.high


@pytest.mark.parametrize("kind", list(RANGES))
def test_every_kind_changes_the_face_and_the_same_way_each_time(kind: str) -> None:
    perturbation = Perturbation(**{kind: RANGES[kind].high})
    once = perturb(FACE, perturbation)
    assert not np.array_equal(once, FACE)
    np.testing.assert_array_equal(once, perturb(FACE, perturbation))


def test_brightness_adds_grey_levels_and_stops_at_white() -> None:
    np.testing.assert_array_equal(
        perturb(FACE, Perturbation(brightness=100)), np.minimum(FACE.astype(int) + 100, 255)
    )


def test_no_contrast_is_one_grey_the_mean() -> None:
    grey = perturb(FACE, Perturbation(contrast=0))
    assert set(np.unique(grey)) == {round(float(FACE.mean()))}


def test_noise_has_the_size_that_it_says() -> None:
    even = np.full((48, 48), 128, np.uint8)
    assert perturb(even, Perturbation(noise=20)).std() == pytest.approx(20, rel=0.05)


def test_a_tilt_to_the_right_takes_the_top_to_the_right() -> None:
    face = np.zeros((48, 48), np.uint8)
    face[4:8, 22:26] = 255
    columns = np.argwhere(perturb(face, Perturbation(tilt=30)) > 100)[:, 1]
    assert columns.mean() > 30


def test_a_crop_keeps_the_middle_and_enlarges_it() -> None:
    face = np.zeros((48, 48), np.uint8)
    face[12:36, 12:36] = 255
    assert perturb(face, Perturbation(crop=25)).mean() > 240


@pytest.mark.parametrize(("kind", "rows"), [("eyes", EYE_ROWS), ("mouth", MOUTH_ROWS)])
def test_a_cover_hides_its_rows_and_nothing_else(kind: str, rows: tuple[int, int]) -> None:
    covered = perturb(FACE, Perturbation(**{kind: 100}))
    inside = np.zeros(48, bool)
    inside[slice(*rows)] = True
    assert np.ptp(covered[inside]) == 0
    np.testing.assert_array_equal(covered[~inside], FACE[~inside])


def test_a_range_of_one_kind_keeps_the_others() -> None:
    perturbation = Perturbation(brightness=20)
    faces = perturb_over_range(FACE, perturbation, "blur", [0, 2])
    np.testing.assert_array_equal(faces[0], perturb(FACE, perturbation))
    np.testing.assert_array_equal(faces[1], perturb(FACE, Perturbation(brightness=20, blur=2)))


def test_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="Expected uint8"):
        perturb(np.zeros((40, 48), np.uint8), Perturbation())
