"""The map of faces: all pictures of FER2013 in two dimensions by the default network's features, and nearest pictures.

What ships was made once, by `fer_core.audit.faces_map`; `statistics.json` says from what, how, and how good it is. It
is numbers and no picture, and answers without the data set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from fer_core.datasets.nearest import FeatureSpace, Neighbours
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.shipped import FOLDER, read_part, statistics_in

FEATURES: Final = "features"
MAP: Final = "map"
"""Parts of what ships, as `statistics.json` names them."""
PLACED_BY: Final = 10
"""Nearest pictures whose mean is the place of a new face."""


@dataclass(frozen=True, eq=False)
class FaceMap:
    """All pictures on the map.

    Attributes:
        coordinates: float32 (N, 2), read-only; without a unit.
        facts: what `statistics.json` says of the map, "network", "sha256" of its weights and
            "measured" among it.
    """

    coordinates: np.ndarray
    facts: Mapping[str, Any]

    def __post_init__(self) -> None:
        if self.coordinates.dtype != np.float32 or self.coordinates.shape[1:] != (2,):
            raise ValueError(
                f"coordinates: expected float32 (N, 2). Received: {self.coordinates.dtype} {self.coordinates.shape}"
            )
        self.coordinates.setflags(write=False)

    def __len__(self) -> int:
        return len(self.coordinates)

    def place(self, neighbours: Neighbours) -> np.ndarray:
        """Where a new face stands: the mean of the places of its neighbours, float32 (2,)."""
        return np.asarray(self.coordinates[neighbours.rows].mean(axis=0), np.float32)


@cache
def shipped_map(folder: Path = FOLDER) -> FaceMap:
    """The map that ships.

    Raises:
        DatasetError: its files are missing or damaged.
    """
    coordinates = read_part(MAP, folder)["coordinates"].astype(np.float32)
    return FaceMap(coordinates, statistics_in(folder).get(MAP, {}))


@cache
def shipped_features(folder: Path = FOLDER) -> FeatureSpace:
    """The compressed features that ship.

    Raises:
        DatasetError: their files are missing or damaged.
    """
    arrays = read_part(FEATURES, folder)
    return FeatureSpace(
        arrays["mean"],
        arrays["components"],
        arrays["step"].item(),
        # A component after another: so they lie in the file, where like numbers together take less room.
        np.ascontiguousarray(arrays["codes"].T),
    )


def nearest_rows(row: int, count: int = PLACED_BY, table: RowTable | None = None) -> Neighbours:
    """Find the pictures nearest to a picture in the default network's feature space, in a few milliseconds.

    The picture itself and its exact duplicates are left out, and of other exact duplicates all but the first.

    Args:
        row: position of the picture in FER2013, which is its row number in fer2013.csv.
        count: at most so many.
        table: of FER2013, whose groups say which pictures are exact duplicates; None: those with the same features.

    Raises:
        DatasetError: the files that ship are missing or damaged.
        IndexError: FER2013 has no such row.
    """
    space = shipped_features()
    if not 0 <= row < len(space):
        raise IndexError(f"Expected a row from 0 to {len(space) - 1}. Received: {row}")
    same = np.array([row])
    if table is not None and table.has("duplicate_group"):
        groups = table.values("duplicate_group")
        if groups[row] >= 0:
            same = np.flatnonzero(groups == groups[row])
    return space.nearest(space.values[row], count, exclude=same)


def nearest_to(features: np.ndarray, count: int = PLACED_BY) -> Neighbours:
    """Find the pictures nearest to a new face.

    Args:
        features: float32 (D,), of the face, from `fer_core.explanation.features` with the network that
            `FaceMap.facts` names.
        count: at most so many.

    Raises:
        DatasetError: the files that ship are missing or damaged.
    """
    space = shipped_features()
    return space.nearest(space.project(features[None])[0], count)
