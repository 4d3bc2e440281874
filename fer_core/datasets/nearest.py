"""Nearest pictures: which pictures of FER2013 have the features nearest to those of a picture or of a face.

`features.npz` holds, for each picture, the principal components of what the layer before the classification of the
default network holds, as int8 (docs/experiments/map-of-faces.md). Distances are Euclidean. `fer_core.audit.faces_map`
makes the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

NO_ROWS = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Pictures near a point, the nearest first.

    Attributes:
        rows: int32 (n,), positions of the pictures in FER2013, which are the row numbers of fer2013.csv.
        distances: float32 (n,), in the units of the features, ascending; comparable with each other only.
    """

    rows: np.ndarray
    distances: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class FeatureSpace:
    """Compressed features of all pictures, and what takes a new face among them.

    Attributes:
        mean: float32 (D,), of the features of all pictures.
        components: float32 (D, K), orthonormal columns, the one with the largest variance first.
        step: what one step of `codes` is worth, in every component.
        codes: int8 (N, K), read-only.
    """

    mean: np.ndarray
    components: np.ndarray
    step: float
    codes: np.ndarray

    def __post_init__(self) -> None:
        wide, kept = self.components.shape
        if self.mean.shape != (wide,):
            raise ValueError(f"mean: expected ({wide},). Received: {self.mean.shape}")
        if self.codes.dtype != np.int8 or self.codes.ndim != 2 or self.codes.shape[1] != kept:
            raise ValueError(
                f"codes: expected int8 (N, {kept}). Received: {self.codes.dtype} {self.codes.shape}"
            )
        for array in (self.mean, self.components, self.codes):
            array.setflags(write=False)  # one value is shared by every session of the app

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def values(self) -> np.ndarray:
        """float32 (N, K), the codes as the numbers that they stand for."""
        values = self.codes * np.float32(self.step)
        values.setflags(write=False)
        return values

    @cached_property
    def _squares(self) -> np.ndarray:
        return np.einsum("nk,nk->n", self.values, self.values)

    def project(self, features: np.ndarray) -> np.ndarray:
        """Take the features of new faces into the space.

        Args:
            features: float32 (n, D), from `fer_core.explanation.features` with the network of the space.

        Returns:
            float32 (n, K).

        Raises:
            ValueError: features of another width.
        """
        if features.ndim != 2 or features.shape[1] != len(self.mean):
            raise ValueError(f"Expected features (n, {len(self.mean)}). Received: {features.shape}")
        return np.asarray((features - self.mean) @ self.components, np.float32)

    def nearest(self, point: np.ndarray, count: int, exclude: np.ndarray = NO_ROWS) -> Neighbours:
        """Find the pictures nearest to a point; of exact duplicates only the first one.

        Args:
            point: float32 (K,), a row of `values` or of `project`.
            count: at most so many.
            exclude: int (n,), positions of pictures that do not count; their exact duplicates do not, either.
        """
        squares = self._squares - 2 * (self.values @ point)  # less the square of the point, the same for all
        squares[exclude] = np.inf
        barred = {self.codes[row].tobytes() for row in exclude}
        # Duplicates take places: look at more and more until enough different pictures are found.
        for wanted in (4 * count + len(exclude), len(self)):
            wanted = min(wanted, len(self))
            likely = np.argpartition(squares, wanted - 1)[:wanted] if wanted else NO_ROWS
            # Differences of large squares are rough: what is shown is measured once more.
            distances = np.linalg.norm(self.values[likely] - point, axis=1)
            found: dict[bytes, tuple[int, float]] = {}
            for at in np.lexsort((likely, distances)):
                row, code = int(likely[at]), self.codes[likely[at]].tobytes()
                if code not in barred and code not in found:
                    found[code] = (row, float(distances[at]))
                if len(found) == count:
                    break
            if len(found) == count or wanted == len(self):
                break
        rows, lengths = zip(*found.values(), strict=True) if found else ((), ())
        return Neighbours(np.array(rows, np.int32), np.array(lengths, np.float32))


def compress(features: np.ndarray, kept: int) -> FeatureSpace:
    """Keep the first principal components of features, as int8 with one step for all of them.

    One step for all loses the least in little room: the later components vary less, so that their codes are small
    numbers, which a compressed file stores in few bits.

    Args:
        features: float32 (N, D).
        kept: number of components, at most D.

    Returns:
        The space of these features; the same features give the same space.
    """
    mean = features.mean(axis=0, dtype=np.float64)
    centred = features - mean
    _variances, vectors = np.linalg.eigh(centred.T @ centred)
    components = vectors[:, ::-1][:, :kept]  # `eigh` has the smallest first
    # The sign of a component is arbitrary: its largest number is positive.
    components = components * np.sign(components[np.abs(components).argmax(axis=0), np.arange(kept)])
    projected = centred @ components
    step = float(max(np.abs(projected).max(), np.finfo(np.float32).tiny)) / 127
    codes = np.rint(projected / step).astype(np.int8)
    return FeatureSpace(mean.astype(np.float32), components.astype(np.float32), step, codes)
