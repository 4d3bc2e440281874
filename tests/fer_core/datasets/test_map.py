"""The features and the map that ship: whole, of the default network, and the nearest pictures by them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fer_core.datasets.map import FaceMap, nearest_rows, nearest_to, shipped_features, shipped_map
from fer_core.datasets.nearest import Neighbours
from fer_core.datasets.statistics.shipped import part_file, shipped_rows, shipped_statistics
from fer_core.store.folder import find_network, read_litert

if TYPE_CHECKING:
    from fer_core.datasets.fer2013 import Fer2013

ROWS = 35_887


def test_the_features_are_of_all_pictures_and_small() -> None:
    space = shipped_features()
    assert len(space) == ROWS
    assert space.components.shape == (384, space.codes.shape[1])
    np.testing.assert_allclose(space.components.T @ space.components, np.eye(space.codes.shape[1]), atol=1e-5)
    assert np.isfinite(space.mean).all() and 0 < space.step < 1
    assert np.abs(space.codes.astype(int)).max() == 127 and (space.codes.std(axis=0) > 0).all()
    assert part_file("features").stat().st_size <= 2_000_000


@pytest.mark.parametrize("part", ["features", "map"])
def test_they_are_made_from_the_default_network_and_from_the_pictures_of_the_other_statistics(
    part: str,
) -> None:
    facts = shipped_statistics()
    network = find_network()
    assert facts[part]["network"] == network.id
    # New weights want new features: `python -m fer_core data statistics --write --only map`.
    assert facts[part]["sha256"] == network.checksum
    assert facts[part]["made_from"] == facts["rows"]["made_from"]


def test_the_map_is_of_all_pictures_and_says_how_good_it_is() -> None:
    drawn = shipped_map()
    assert drawn.coordinates.shape == (ROWS, 2) and np.isfinite(drawn.coordinates).all()
    assert len(np.unique(drawn.coordinates, axis=0)) > 0.9 * ROWS
    assert part_file("map").stat().st_size < 200_000
    for measured in drawn.facts["measured"].values():
        assert measured["neighbours"] > 0.3 and measured["purity"] > 0.5


def test_a_face_stands_at_the_mean_of_its_neighbours() -> None:
    drawn = FaceMap(np.array([[0, 0], [2, 4], [9, 9]], np.float32), {})
    found = Neighbours(np.array([0, 1], np.int32), np.zeros(2, np.float32))
    assert drawn.place(found).tolist() == [1, 2]


def test_the_nearest_pictures_leave_out_the_picture_and_its_duplicates() -> None:
    table = shipped_rows()
    groups = table.values("duplicate_group")
    row = int(np.flatnonzero(table.values("duplicates") >= 3)[0])
    for given in (table, None):
        found = nearest_rows(row, 12, given)
        assert len(found) == 12
        assert (np.diff(found.distances) >= 0).all() and found.distances[0] > 0
        assert not (groups[found.rows] == groups[row]).any()
        # Nor does a group of duplicates take two places.
        named = groups[found.rows][groups[found.rows] >= 0]
        assert len(set(named.tolist())) == len(named)


def test_nearest_pictures_mostly_have_the_label_of_the_picture() -> None:
    labels = shipped_rows().values("label")
    rows = np.random.default_rng(0).choice(ROWS, 20, replace=False)
    same = [(labels[nearest_rows(int(row)).rows] == labels[row]).mean() for row in rows]
    assert np.mean(same) > 0.5  # by chance: 0.17


def test_they_are_found_in_milliseconds() -> None:
    nearest_rows(0)
    start = time.process_time()
    for row in range(10):
        nearest_rows(row)
    assert (time.process_time() - start) / 10 < 0.1


def test_there_is_no_row_beyond_the_last() -> None:
    with pytest.raises(IndexError, match="35886"):
        nearest_rows(ROWS)


def test_a_face_of_the_set_lands_where_its_picture_is(real_fer2013: Fer2013) -> None:
    from fer_core.explanation.features import FeatureReader

    rows = np.array([0, 1_000, 30_000])
    reader = FeatureReader(read_litert(find_network()))
    for row, features in zip(rows, reader.features(real_fer2013.images_gray[rows]), strict=True):
        space = shipped_features()
        # Half a step of rounding in each number, and what another processor's arithmetic adds.
        np.testing.assert_allclose(space.project(features[None])[0], space.values[row], atol=space.step)
        found = nearest_to(features, 3)
        assert found.rows[0] == row and found.distances[0] < space.step * np.sqrt(space.codes.shape[1])
