"""The map of faces: all pictures of FER2013 in two dimensions by the default network's features, and nearest pictures.

What ships was made once, by `fer_core.audit.faces_map`; `map.json` says from what, how, and how good it is. It holds
numbers and no picture, and answers without the data set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from fer_core.datasets.nearest import FeatureSpace, Neighbours
from fer_core.datasets.rows import RowTable
from fer_core.errors import N_, DatasetError
from fer_core.json_files import read_json

FOLDER: Final = Path(__file__).with_name("statistics")
FEATURES_FILE: Final = "features.npz"
MAP_FILE: Final = "map.npz"
RECORD_FILE: Final = "map.json"
PLACED_BY: Final = 10
"""Nearest pictures whose mean is the place of a new face."""


@dataclass(frozen=True, eq=False)
class FaceMap:
    """All pictures on the map.

    Attributes:
        coordinates: float32 (N, 2), read-only; without a unit.
        record: what `map.json` says: "made_from", "features", "map", "measured", "versions", "files".
    """

    coordinates: np.ndarray
    record: Mapping[str, Any]

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
    record = _record(folder)
    return FaceMap(_arrays(folder, MAP_FILE, record)["coordinates"].astype(np.float32), record)


@cache
def shipped_features(folder: Path = FOLDER) -> FeatureSpace:
    """The compressed features that ship.

    Raises:
        DatasetError: their files are missing or damaged.
    """
    arrays = _arrays(folder, FEATURES_FILE, _record(folder))
    return FeatureSpace(
        arrays["mean"],
        arrays["components"],
        float(arrays["step"]),
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
            `FaceMap.record` names.
        count: at most so many.

    Raises:
        DatasetError: the files that ship are missing or damaged.
    """
    space = shipped_features()
    return space.nearest(space.project(features[None])[0], count)


def checksum(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _record(folder: Path) -> dict[str, Any]:
    return read_json(folder / RECORD_FILE)


def _arrays(folder: Path, name: str, record: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The arrays of a file whose checksum is the recorded one."""
    file = folder / name
    try:
        if checksum(file) == record["files"][name]:
            with np.load(file) as arrays:
                return dict(arrays)
    except (OSError, KeyError, TypeError):
        pass
    raise DatasetError(
        N_("The file {file} is missing or is not the one that Raut ships. Fetch the folder {folder} again."),
        file=name,
        folder=f"fer_core/datasets/{folder.name}",
    )
