"""The making of the map: what it is judged by, worked out by hand, and all of it with a few made-up pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fer_core.audit import faces_map
from fer_core.audit.map_quality import groups_of_equal, nearest_in, purity, share_among
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.map import shipped_features, shipped_map
from fer_core.errors import DatasetError
from fer_core.store.folder import find_network

LINE = np.array([[0], [1], [3], [3], [7]], np.float32)


def test_nearest_are_found_without_the_picture_itself_and_its_duplicates() -> None:
    groups = groups_of_equal(LINE)
    assert groups[2] == groups[3] and len(set(groups.tolist())) == 4
    found = nearest_in(LINE, np.array([0, 2, 4]), 3, groups)
    assert found[0].tolist()[0] == 1 and set(found[0].tolist()[1:]) == {2, 3}
    assert found[1].tolist() == [1, 0, 4]
    assert set(found[2].tolist()) == {2, 3, 1}


def test_more_neighbours_than_other_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match="count"):
        nearest_in(LINE, np.array([0]), 4, groups_of_equal(LINE))


def test_shares_are_counted_row_by_row() -> None:
    few, many = np.array([[1, 2], [3, 4]]), np.array([[2, 9, 8], [4, 3, 0]])
    assert share_among(few, many) == 0.75
    labels = np.array([0, 0, 1, 1])
    assert purity(np.array([[1, 2], [3, 3]]), np.array([0, 2]), labels) == 0.75


def test_the_fewest_components_that_keep_nine_of_ten_are_chosen() -> None:
    random = np.random.default_rng(3)
    spread = np.array([9.0] * 40 + [0.01] * 24)
    features = (random.normal(size=(300, 64)) * spread).astype(np.float32)
    space, kept = faces_map.choose_components(features)
    assert space.codes.shape == (300, 48)
    assert list(kept) == ["32", "48"] and kept["32"] < 9 <= kept["48"]


def test_what_is_too_large_is_not_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    features = np.random.default_rng(4).normal(size=(300, 64)).astype(np.float32)
    monkeypatch.setattr(faces_map, "LARGEST_BYTES", 25_000)
    space, kept = faces_map.choose_components(features)
    assert space.codes.shape[1] == 48 and max(kept.values()) < 9


def made_up(count: int) -> tuple[Fer2013, np.ndarray]:
    """Pictures in two groups that lie far from each other, and their features."""
    random = np.random.default_rng(5)
    emotions = (np.arange(count) % 2).astype(np.int8)
    images = random.integers(0, 256, (count, 48, 48), dtype=np.uint8)
    usages = (np.arange(count) % 3).astype(np.int8)
    votes = np.zeros((count, 10), np.uint8)
    dataset = Fer2013(images, emotions, usages, votes, np.arange(count, dtype=np.int64), Path("x.csv"), "csv")
    features = random.normal(size=(count, 10)).astype(np.float32)
    features[:, 0] += 40 * emotions
    return dataset, features


def test_the_files_hold_what_the_record_says_and_groups_stay_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faces_map, "PERPLEXITY", 8)
    monkeypatch.setattr(faces_map, "COMPONENTS", (4, 8))
    dataset, features = made_up(240)
    network = find_network()
    file = faces_map.map_from_features(dataset, features, network, tmp_path)
    assert file == tmp_path / "map.npz"
    drawn, space = shipped_map(tmp_path), shipped_features(tmp_path)
    assert len(drawn) == len(space) == 240
    assert drawn.facts["sha256"] == network.checksum
    assert drawn.facts["perplexity"] == 8
    for measured in drawn.facts["measured"].values():
        assert measured["pictures"] == 80
        assert measured["purity"] > 0.95 and measured["feature_purity"] == 1.0
        assert 0.3 < measured["neighbours"] <= 1

    (tmp_path / "map.npz").write_bytes(b"another file")
    shipped_map.cache_clear()
    with pytest.raises(DatasetError, match="map.npz"):
        shipped_map(tmp_path)


def test_another_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="complete fer2013.csv"):
        faces_map.make_map(made_up(12)[0], tmp_path)
