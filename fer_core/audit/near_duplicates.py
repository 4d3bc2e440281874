"""The part "near_duplicates" of the statistics of FER2013: groups, and how their number depends on the thresholds."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from fer_core.audit.kept import Progress
from fer_core.audit.statistics import check_complete, facts_of
from fer_core.datasets.duplicates import duplicate_groups
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.near_duplicates import (
    LARGEST_DISTANCE,
    LARGEST_SHIFT,
    LEAST_CORRELATION,
    SimilarPairs,
    near_groups,
    similar_pairs,
)
from fer_core.datasets.statistics.shipped import FOLDER, write_part

DISTANCES: Final = (2, 4, 6, 8, 10)
CORRELATIONS: Final = (0.99, 0.97, 0.95, 0.93, 0.9, 0.85, 0.8)
"""Thresholds for which pairs are counted."""

LOOKED_AT: Final = {"seed": 26, "pairs": 100, "same_photo": 100, "below": 50, "below_same_photo": 46}
"""What was seen of a random sample of the confirmed pairs, and of pairs from 0.90 to 0.93, just below the threshold:
docs/experiments/near-duplicates.md."""


def make_near_duplicates(dataset: Fer2013, folder: Path = FOLDER, progress: Progress | None = None) -> Path:
    """Make the part "near_duplicates": the group of near and exact duplicates of each picture. It takes 2 minutes.

    Args:
        dataset: the complete FER2013.
        folder: where the part goes.
        progress: called once it is done.

    Returns:
        The file that was written.

    Raises:
        DatasetError: the data set is not complete.
    """
    check_complete(dataset)
    exact = duplicate_groups(dataset.images_gray)
    pairs = similar_pairs(dataset.images_gray)
    facts = facts_of(
        "near_duplicates",
        dataset,
        largest_distance_bits=LARGEST_DISTANCE,
        largest_shift_px=LARGEST_SHIFT,
        least_correlation=LEAST_CORRELATION,
        sensitivity=sensitivity(pairs, exact),
        confirmed=int(_near(pairs, exact, LARGEST_DISTANCE, LEAST_CORRELATION).sum()),
        mirrored=int((_near(pairs, exact, LARGEST_DISTANCE, LEAST_CORRELATION) & pairs.mirrored).sum()),
        looked_at=LOOKED_AT,
    )
    file = write_part("near_duplicates", {"near_group": near_groups(pairs, exact)}, facts, folder)
    if progress:
        progress(1.0)
    return file


def sensitivity(pairs: SimilarPairs, exact: np.ndarray) -> dict[str, dict[str, int]]:
    """How many pairs other thresholds would confirm, exact duplicates left out.

    Args:
        pairs: from `similar_pairs`.
        exact: int (N,), group of exact duplicates, -1 for none.

    Returns:
        {correlation: {bits: pairs}}, both as text, for JSON.
    """
    return {
        f"{correlation:.2f}": {
            str(distance): int(_near(pairs, exact, distance, correlation).sum()) for distance in DISTANCES
        }
        for correlation in CORRELATIONS
    }


def _near(pairs: SimilarPairs, exact: np.ndarray, distance: int, correlation: float) -> np.ndarray:
    group = exact[pairs.first]
    same = (group >= 0) & (group == exact[pairs.second])
    return ~same & (pairs.distance <= distance) & (pairs.correlation >= correlation)
