"""Numbers about FER2013: those of the copy that is there, and those shipped for when there is none."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from fer_core.datasets.duplicates import duplicate_rows
from fer_core.datasets.fer2013 import UNNAMED_TEST, USAGES, Fer2013
from fer_core.datasets.splits import SPLIT_NAMES, available_splits, class_counts, is_official, split
from fer_core.errors import N_, DatasetError
from fer_core.files import write_whole

COUNTS_FILE = Path(__file__).with_name("counts.json")


def describe(dataset: Fer2013) -> dict[str, object]:
    """Describe a copy of FER2013, as `python -m fer_core data` prints it, ready for JSON.

    Returns:
        "source", "form", "rows", "official" (complete and in the official order), "has_ferplus",
        "usages" {usage: rows, and "unnamed" for test pictures of folders that do not say which},
        "splits" {split: {label: pictures}} for the splits that this copy can give, and
        "duplicates" {test split: pictures that are also in Training, pixel for pixel}.
    """
    usages = {name: int((dataset.usages == code).sum()) for code, name in enumerate(USAGES)}
    if unnamed := int((dataset.usages == UNNAMED_TEST).sum()):
        usages["unnamed"] = unnamed
    parts = {name: split(dataset, name) for name in available_splits(dataset)}
    duplicates = {}
    if "Training" in parts:
        for name in ("PublicTest", "PrivateTest"):
            if name in parts:
                duplicates[name] = int(
                    duplicate_rows(dataset, parts[name].rows, parts["Training"].rows).sum()
                )
    return {
        "source": str(dataset.source),
        "form": dataset.form,
        "rows": len(dataset),
        "official": is_official(dataset),
        "has_ferplus": dataset.votes is not None,
        "usages": usages,
        "splits": {name: class_counts(part) for name, part in parts.items()},
        "duplicates": duplicates,
    }


@cache
def _shipped() -> str:
    return COUNTS_FILE.read_text(encoding="utf-8")


def shipped_counts() -> dict[str, dict[str, int]]:
    """Return the pictures for each label in each of `SPLIT_NAMES`, counted once on the complete data and shipped."""
    counts: dict[str, dict[str, int]] = json.loads(_shipped())
    return counts


def write_counts(dataset: Fer2013, target: Path = COUNTS_FILE) -> None:
    """Make `counts.json` from the complete data.

    python -c "from fer_core.datasets import counts, load; counts.write_counts(load.load_fer2013())"

    Raises:
        DatasetError: the data set is not complete, or FER+ is missing.
    """
    if not is_official(dataset) or set(available_splits(dataset)) != set(SPLIT_NAMES):
        raise DatasetError(
            N_("The shipped counts are made from the complete fer2013.csv with fer2013new.csv beside it.")
        )
    counts = {name: class_counts(split(dataset, name)) for name in SPLIT_NAMES}
    write_whole(target, json.dumps(counts, indent=1) + "\n")
    _shipped.cache_clear()
