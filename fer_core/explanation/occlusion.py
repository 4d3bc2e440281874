"""Parts of a face covered, and what that costs an answer (Zeiler and Fergus 2014, arXiv:1311.2901).

What is covered is the 48x48 picture that the network is shown. A covered part is itself something to be seen: a
network may find an edge or a shadow in it. So what covering costs depends on size and fill of the patch.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fer_core.faces.images import FACE_SIZE

FILLS: Final = ("mean", "black", "blur")
"""What a patch is filled with: the mean grey of the face, black, or the face itself, strongly blurred."""

SIZES: Final = (8, 12, 16, 24)
"""Sides of the patches that are offered, in pixels of the 48x48 picture."""

POSITIONS: Final = 12
"""Positions of a patch in each direction for a map."""

BLUR_DEVIATION: Final = 6.0  # pixels of the 48x48 picture: nothing of an eye or a mouth is left


@dataclass(frozen=True)
class Patch:
    """A square that covers a part of a face.

    Attributes:
        left, top: first column and row, in pixels of the 48x48 picture; from 0.
        size: of its side; the whole patch lies in the picture.
        fill: one of `FILLS`.

    Raises:
        ValueError: it is not wholly in the picture, or the fill is unknown.
    """

    left: int
    top: int
    size: int
    fill: str = "mean"

    def __post_init__(self) -> None:
        inside = all(0 <= start <= FACE_SIZE - self.size for start in (self.left, self.top))
        if not 1 <= self.size <= FACE_SIZE or not inside:
            raise ValueError(f"Expected a patch within {FACE_SIZE}x{FACE_SIZE} pixels. Received: {self}")
        if self.fill not in FILLS:
            raise ValueError(f"Expected a fill of {FILLS}. Received: {self.fill!r}")

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns that it covers."""
        return slice(self.top, self.top + self.size), slice(self.left, self.left + self.size)


def filling(face_gray: np.ndarray, fill: str) -> np.ndarray:
    """What a patch shows wherever it lies.

    Args:
        face_gray: uint8 (48, 48).
        fill: one of `FILLS`.

    Returns:
        uint8 (48, 48).
    """
    if fill == "blur":
        return np.asarray(cv2.GaussianBlur(face_gray, (0, 0), BLUR_DEVIATION), np.uint8)
    level = 0 if fill == "black" else round(float(face_gray.mean()))
    return np.full(face_gray.shape, level, np.uint8)


def cover(face_gray: np.ndarray, patch: Patch) -> np.ndarray:
    """The face with that part covered.

    Args:
        face_gray: uint8 (48, 48).
        patch: what covers it.

    Returns:
        uint8 (48, 48).

    Raises:
        ValueError: another shape or dtype.
    """
    if face_gray.dtype != np.uint8 or face_gray.shape != (FACE_SIZE, FACE_SIZE):
        raise ValueError(f"Expected uint8 (48, 48). Received: {face_gray.dtype} {face_gray.shape}")
    covered = face_gray.copy()
    covered[patch.slices] = filling(face_gray, patch.fill)[patch.slices]
    return covered


def patch_starts(size: int, count: int = POSITIONS) -> np.ndarray:
    """First rows, or columns, of patches that are slid over the picture from one border to the other.

    Args:
        size: of the patch.
        count: of positions, at least 2.

    Returns:
        int64 (count,), rising, the first 0 and the last 48 - size.
    """
    return np.rint(np.linspace(0, FACE_SIZE - size, count)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class OcclusionMap:
    """What covering each part of a face costs the probabilities.

    Attributes:
        size, fill: of the patch.
        starts: int64 (P,), first rows, and columns, of the patches.
        before: float32 (C,), probabilities of the whole face.
        covered: float32 (P, P, C), those with the patch at each position, rows first.
    """

    size: int
    fill: str
    starts: np.ndarray
    before: np.ndarray
    covered: np.ndarray

    def falls(self, column: int) -> np.ndarray:
        """By how much the probability of one expression falls: float64 (P, P), below 0 where it rises."""
        return np.asarray(self.before[column].astype(np.float64) - self.covered[..., column])

    def costliest(self, column: int) -> Patch:
        """The patch that costs that expression most; the first of several."""
        row, place = np.unravel_index(int(self.falls(column).argmax()), self.covered.shape[:2])
        return Patch(int(self.starts[place]), int(self.starts[row]), self.size, self.fill)

    def spread(self, column: int) -> np.ndarray:
        """For each pixel the mean fall of the patches that cover it: float64 (48, 48)."""
        total, times = np.zeros((FACE_SIZE, FACE_SIZE)), np.zeros((FACE_SIZE, FACE_SIZE))
        for row, falls in zip(self.starts, self.falls(column), strict=True):
            for place, fall in zip(self.starts, falls, strict=True):
                slices = Patch(int(place), int(row), self.size).slices
                total[slices] += fall
                times[slices] += 1
        return np.divide(total, times, out=np.zeros_like(total), where=times > 0)

    def agreement(self, heat: np.ndarray, column: int) -> float:
        """Spearman's rank correlation of the falls with the mean heat under each patch; NaN where one is constant.

        Args:
            heat: float (48, 48), a map of what speaks for the same expression.
            column: of the expression.
        """
        under = np.array(
            [
                [heat[Patch(int(place), int(row), self.size).slices].mean() for place in self.starts]
                for row in self.starts
            ]
        )
        falls = self.falls(column)
        if under.max() == under.min() or falls.max() == falls.min():
            return math.nan
        return float(np.corrcoef(_ranks(under), _ranks(falls))[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    """The rank of each value, from 1; equal ones share the mean of theirs. scipy has this and takes a second to load."""
    _distinct, which, counts = np.unique(values.ravel(), return_inverse=True, return_counts=True)
    return np.asarray((counts.cumsum() - (counts - 1) / 2)[which])


def occlusion_map(
    face_gray: np.ndarray,
    predict: Callable[[np.ndarray], np.ndarray],
    size: int,
    fill: str = "mean",
    count: int = POSITIONS,
) -> OcclusionMap:
    """Slide a patch over a face and read the answers, all in one call.

    Args:
        face_gray: uint8 (48, 48).
        predict: uint8 (N, 48, 48) -> float32 (N, C).
        size: of the patch, in pixels.
        fill: one of `FILLS`.
        count: positions in each direction: count * count + 1 faces are read.
    """
    starts = patch_starts(size, count)
    faces = [face_gray] + [
        cover(face_gray, Patch(int(left), int(top), size, fill)) for top in starts for left in starts
    ]
    answers = predict(np.stack(faces))
    return OcclusionMap(size, fill, starts, answers[0], answers[1:].reshape(count, count, -1))
