"""The data: FER2013 in every form people have it in, the votes of FER+, splits, duplicates."""

from fer_core.datasets.counts import describe, shipped_counts, write_counts
from fer_core.datasets.duplicates import twin_rows
from fer_core.datasets.fer2013 import USAGES, Fer2013, default_place, find_fer2013, load_fer2013
from fer_core.datasets.ferplus import (
    labels_by_votes,
    majority_labels,
    read_ferplus,
    strict_majority_labels,
    vote_shares,
)
from fer_core.datasets.splits import (
    BOTH_TESTS,
    SPLIT_NAMES,
    Split,
    available_splits,
    class_counts,
    is_official,
    needed_votes,
    split,
)

__all__ = [
    "BOTH_TESTS",
    "SPLIT_NAMES",
    "USAGES",
    "Fer2013",
    "Split",
    "available_splits",
    "class_counts",
    "default_place",
    "describe",
    "find_fer2013",
    "is_official",
    "labels_by_votes",
    "load_fer2013",
    "majority_labels",
    "needed_votes",
    "read_ferplus",
    "shipped_counts",
    "split",
    "strict_majority_labels",
    "twin_rows",
    "vote_shares",
    "write_counts",
]
