"""Near duplicates of pictures that were drawn and changed here."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from fer_core.datasets.duplicates import duplicate_groups
from fer_core.datasets.near_duplicates import (
    LEAST_CORRELATION,
    candidate_pairs,
    difference_hashes,
    near_groups,
    pair_groups,
    pixel_correlations,
    similar_pairs,
)
from fer_core.datasets.statistics.shipped import is_shipped_set, shipped_rows, shipped_statistics

EXPERIMENTS = Path(__file__).resolve().parents[3] / "docs" / "experiments"


def scene(seed: int) -> np.ndarray:
    """A made-up photo of 64x64: soft areas with some detail."""
    rng = np.random.default_rng(seed)
    soft = cv2.resize(
        rng.uniform(30, 220, (5, 5)).astype(np.float32), (64, 64), interpolation=cv2.INTER_CUBIC
    )
    detail = cv2.resize(rng.uniform(-10, 10, (24, 24)).astype(np.float32), (64, 64))
    return np.clip(soft + detail, 0, 255).astype(np.uint8)


def crop(photo: np.ndarray, down: int = 0, across: int = 0) -> np.ndarray:
    return photo[8 + down : 56 + down, 8 + across : 56 + across]


def jpeg(picture: np.ndarray) -> np.ndarray:
    stored = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])[1]
    return cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE)


PHOTO = crop(scene(1))
CHANGED = {
    "the same": PHOTO,
    "brighter": np.clip(PHOTO * 0.7 + 60, 0, 255).astype(np.uint8),
    "another JPEG": jpeg(PHOTO),
    "moved": crop(scene(1), 1, -1),
    "mirrored": PHOTO[:, ::-1],
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_changed_copy_is_found_among_other_photos(change):
    others = [crop(scene(seed)) for seed in range(2, 30)]
    pictures = np.stack([*others[:10], PHOTO, *others[10:], CHANGED[change]])
    pairs = similar_pairs(pictures)
    pairs = pairs.where(pairs.correlation >= LEAST_CORRELATION)
    assert [*zip(pairs.first, pairs.second, pairs.mirrored, strict=True)] == [(10, 29, change == "mirrored")]


def test_photos_that_have_nothing_in_common_are_no_pairs():
    pairs = similar_pairs(np.stack([crop(scene(seed)) for seed in range(2, 60)]))
    assert not (pairs.correlation >= LEAST_CORRELATION).any()


def test_a_moved_copy_further_away_than_the_largest_shift_correlates_less():
    near, far = crop(scene(1), 0, 2), crop(scene(1), 0, 6)
    first, second = np.array([0, 0]), np.array([1, 2])
    correlations = pixel_correlations(np.stack([PHOTO, near, far]), first, second)
    assert correlations[0] == pytest.approx(1.0, abs=1e-5)
    assert correlations[1] < LEAST_CORRELATION


def test_a_correlation_is_the_one_of_numpy_at_the_best_shift():
    pictures = np.stack([PHOTO, CHANGED["another JPEG"], crop(scene(5))])
    first, second = np.array([0, 0]), np.array([1, 2])
    expected = [
        max(
            np.corrcoef(PHOTO[2:-2, 2:-2].ravel(), other[top : top + 44, left : left + 44].ravel())[0, 1]
            for top in range(5)
            for left in range(5)
        )
        for other in pictures[1:]
    ]
    assert pixel_correlations(pictures, first, second) == pytest.approx(expected, abs=1e-5)


def test_pictures_of_a_single_grey_have_no_correlation():
    grey = np.full((2, 48, 48), 7, np.uint8)
    assert np.isnan(pixel_correlations(grey, np.array([0]), np.array([1]))).all()


def test_a_hash_has_a_bit_for_each_area_that_is_darker_than_its_right_neighbour():
    rising = np.tile(np.arange(48, dtype=np.uint8) * 5, (48, 1))
    rising_above = rising.copy()
    rising_above[24:] = rising[24:, ::-1]
    hashes = difference_hashes(np.stack([rising, rising[:, ::-1], rising_above]))
    assert np.bitwise_count(hashes).tolist() == [64, 0, 32]


def test_pairs_are_those_whose_hashes_differ_in_few_bits_also_across_blocks():
    rng = np.random.default_rng(3)
    hashes = rng.integers(0, 2**64, 700, dtype=np.uint64)
    hashes[650] = hashes[3] ^ np.uint64(0b111)
    hashes[5] = hashes[4] ^ np.uint64(0b1111)
    first, second, distance = candidate_pairs(hashes, hashes, 3)
    assert (first.tolist(), second.tolist(), distance.tolist()) == ([3], [650], [3])


def test_groups_hold_together_what_pairs_connect_by_way_of_others():
    groups = pair_groups(np.array([5, 1, 7]), np.array([6, 5, 8]), 10)
    assert groups.tolist() == [-1, 1, -1, -1, -1, 1, 1, 7, 7, -1]


def test_no_pairs_give_no_groups():
    pairs = similar_pairs(np.empty((0, 48, 48), np.uint8))
    assert len(pairs) == 0
    assert near_groups(pairs, np.empty(0, np.int32)).tolist() == []


def test_near_groups_hold_exact_duplicates_also_of_a_single_grey():
    grey = np.zeros((48, 48), np.uint8)
    pictures = np.stack([grey, PHOTO, crop(scene(2)), CHANGED["brighter"], grey, PHOTO])
    exact = np.array([0, 1, -1, -1, 0, 1], np.int32)
    assert near_groups(similar_pairs(pictures), exact).tolist() == [0, 1, -1, 1, 0, 1]


def test_the_shipped_groups_hold_every_exact_group_and_say_which_test_rows_leak():
    table = shipped_rows()
    near, exact = table.values("near_group"), table.values("duplicate_group")
    for group in range(0, exact.max() + 1, 97):
        assert len(np.unique(near[exact == group])) == 1
    assert (near[exact >= 0] >= 0).all()
    assert (np.bincount(near[near >= 0]) > 1).all()
    leaks, split = table.values("leaked"), table.values("split")
    assert (leaks & (split == 1)).sum() == 540
    assert (leaks & (split == 2)).sum() == 592


def test_the_shipped_groups_are_those_of_the_pictures(real_fer2013):
    if not is_shipped_set(real_fer2013):
        pytest.skip("this copy of FER2013 is not the complete table")
    near = shipped_rows().values("near_group")
    rows = np.flatnonzero(np.isin(near, np.arange(0, near.max() + 1, 40)) | (np.arange(len(near)) % 200 == 0))
    images = real_fer2013.images_gray[rows]
    found = near_groups(similar_pairs(images), duplicate_groups(images))
    shipped = near[rows]
    alone = np.bincount(shipped[shipped >= 0])[shipped] * (shipped >= 0) < 2  # its twins were not drawn
    shipped = np.where(alone, -1, shipped)
    numbered = np.full(len(rows), -1)
    _, first, inverse = np.unique(shipped[~alone], return_index=True, return_inverse=True)
    numbered[~alone] = first.argsort().argsort()[inverse]
    assert found.tolist() == numbered.tolist()


def test_the_document_prints_the_figures_that_ship():
    facts = shipped_statistics()["near_duplicates"]
    document = (EXPERIMENTS / "near-duplicates.md").read_text()
    for correlation, pairs in facts["sensitivity"].items():
        assert f"| {correlation} | {' | '.join(f'{count:,}' for count in pairs.values())} |" in document
    assert (
        f"{facts['confirmed']:,} pairs beside the exact duplicates, {facts['mirrored']} of them" in document
    )
    looked_at = facts["looked_at"]
    assert f"{looked_at['same_photo']} of the {looked_at['pairs']} pairs show" in document
    assert f"of {looked_at['below']} pairs" in document
    assert f"{looked_at['below_same_photo']} show" in document
    near = shipped_rows().values("near_group")
    assert f"{near.max() + 1:,} groups in {(near >= 0).sum():,}" in document
