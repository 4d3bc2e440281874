"""Who learns from which pictures: the official sets, the paper's Table 1, and its results split.

| names | labels | rows |
|---|---|---|
| Training, PublicTest, PrivateTest | FER2013, 7 | the column Usage |
| Table1Train, Table1Test | FER2013, 7 | the paper's Table 1 (28,821 / 7,066); `table1.npy` holds one bit a row |
| PaperTrain, PaperTest | FER+, 8 | the paper's results (28,389 / 7,099): majority of the FER+ votes; Training, and both test sets |
| FERplusTraining, FERplusPublicTest, FERplusPrivateTest | FER+, 8 | the official sets with the majority rule of the FER+ paper: more than half of the votes |
| Test | FER2013, 7 | both official test sets together (7,178), for folders that do not tell them apart |
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from fer_core.datasets.fer2013 import UNNAMED_TEST, USAGES, Fer2013
from fer_core.datasets.votes import majority_labels, strict_majority_labels
from fer_core.errors import N_, DatasetError
from fer_core.labels import TASK_LABELS, Task

SPLIT_NAMES: tuple[str, ...] = (
    "Training", "PublicTest", "PrivateTest", "Table1Train", "Table1Test", "PaperTrain", "PaperTest",
    "FERplusTraining", "FERplusPublicTest", "FERplusPrivateTest",
)  # fmt: skip
BOTH_TESTS = "Test"
_FERPLUS = "FERplus"

OFFICIAL_ROWS = (28_709, 3_589, 3_589)
TABLE1_ROWS = (28_821, 7_066)
_TABLE1_FILE = Path(__file__).with_name("table1.npy")


def needed_votes(dataset: Fer2013) -> np.ndarray:
    """Return the votes of FER+, uint8 (N, 10).

    Raises:
        DatasetError: this copy of FER2013 has none.
    """
    if dataset.votes is None:
        raise DatasetError(
            N_(
                "The labels of FER+ need its votes: fer2013new.csv beside fer2013.csv. Folders of pictures "
                "cannot be joined with it."
            )
        )
    return dataset.votes


@dataclass(frozen=True, eq=False)
class Split:
    """Some rows of a data set, with the labels of one task.

    Attributes:
        name: one of `SPLIT_NAMES`, or "Test".
        task: "fer2013" or "ferplus"; `labels` counts in the label order of that task.
        rows: int64 (n,), positions in the arrays of the data set.
        labels: int8 (n,).
    """

    name: str
    task: Task
    rows: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)


def split(dataset: Fer2013, name: str) -> Split:
    """Select the rows and labels of one split.

    Raises:
        ValueError: an unknown name.
        DatasetError: this copy of FER2013 cannot give that split, or has no picture of it; the sentence
            says why.
    """
    if name in ("PaperTrain", "PaperTest"):
        part = _paper_split(dataset, name)
    elif name.startswith(_FERPLUS):
        labels = strict_majority_labels(needed_votes(dataset))
        rows = _rows_of(dataset, name.removeprefix(_FERPLUS))
        rows = rows[labels[rows] >= 0]
        part = Split(name, "ferplus", rows, labels[rows])
    else:
        rows = _rows_of(dataset, name)
        part = Split(name, "fer2013", rows, dataset.emotions[rows])
    if not len(part):
        raise DatasetError(
            N_("{source} has no picture that belongs to {split}."), source=dataset.source.name, split=name
        )
    return part


def _rows_of(dataset: Fer2013, name: str) -> np.ndarray:
    if name in ("Table1Train", "Table1Test"):
        rows = np.flatnonzero(_table1_train(dataset) == (name == "Table1Train"))
    elif name == BOTH_TESTS:
        rows = np.flatnonzero(dataset.usages != 0)
    elif name in USAGES:
        if dataset.form == "folders":
            _check_official_folders(dataset, name)
        rows = np.flatnonzero(dataset.usages == USAGES.index(name))
    else:
        raise ValueError(f"name: expected one of {(*SPLIT_NAMES, BOTH_TESTS)}. Received: {name!r}")
    return rows.astype(np.int64)


def available_splits(dataset: Fer2013) -> tuple[str, ...]:
    """List the splits that this copy of FER2013 can give; "Test" only where it stands for the two test sets."""
    available = []
    for name in SPLIT_NAMES:
        try:
            split(dataset, name)
        except DatasetError:
            continue
        available.append(name)
    if (dataset.usages == UNNAMED_TEST).any() and "Table1Test" not in available:
        available.append(BOTH_TESTS)
    return tuple(available)


def class_counts(part: Split) -> dict[str, int]:
    """Count the pictures for each label, in the label order of the split's task, zeros included."""
    names = TASK_LABELS[part.task]
    counts = np.bincount(part.labels, minlength=len(names))
    return {name: int(count) for name, count in zip(names, counts, strict=True)}


def is_official(dataset: Fer2013) -> bool:
    """Say whether all 35,887 rows are there and, for the table, in the official order."""
    if dataset.form == "csv":
        official = np.repeat(np.arange(3, dtype=np.int8), OFFICIAL_ROWS)
        return np.array_equal(dataset.usages, official)
    counts = tuple(int((dataset.usages == code).sum()) for code in range(4))
    return counts in ((*OFFICIAL_ROWS, 0), (OFFICIAL_ROWS[0], 0, 0, sum(OFFICIAL_ROWS[1:])))


@cache
def table1_is_train() -> np.ndarray:
    """Return bool (35887,): whether the row of `fer2013.csv` is a training row of the paper's Table 1."""
    packed = np.load(_TABLE1_FILE)
    is_train = np.unpackbits(packed, count=sum(OFFICIAL_ROWS)).astype(bool)
    is_train.setflags(write=False)
    return is_train


def pack_table1(split_csv: Path, target: Path = _TABLE1_FILE) -> None:
    """Make `table1.npy` from a CSV with the columns `row,split` ("train" or "test"), one line a row.

    python -c "from pathlib import Path; from fer_core.datasets.splits import pack_table1; \
        pack_table1(Path('table1_split.csv'))"
    """
    is_train = np.zeros(sum(OFFICIAL_ROWS), dtype=bool)
    listed = np.zeros_like(is_train)
    with split_csv.open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            row = int(line["row"])
            if listed[row] or line["split"] not in ("train", "test"):
                raise ValueError(f"row {row}: listed twice, or neither train nor test ({line['split']!r})")
            listed[row] = True
            is_train[row] = line["split"] == "train"
    counts = (int(is_train.sum()), int((listed & ~is_train).sum()))
    if counts != TABLE1_ROWS:
        raise ValueError(f"expected {TABLE1_ROWS} train and test rows. Received: {counts}")
    np.save(target, np.packbits(is_train))


def _table1_train(dataset: Fer2013) -> np.ndarray:
    if _is_table1_folders(dataset):
        return dataset.usages == 0
    if dataset.form != "csv" or not is_official(dataset):
        raise DatasetError(
            N_(
                "The paper's Table 1 goes by the row numbers of fer2013.csv, and {source} does not have all "
                "of its 35,887 rows in the official order."
            ),
            source=dataset.source.name,
        )
    return table1_is_train()


def _is_table1_folders(dataset: Fer2013) -> bool:
    """The public re-split that the paper used, as it goes around: folders of exactly these two sizes."""
    train = int((dataset.usages == 0).sum())
    unnamed = int((dataset.usages == UNNAMED_TEST).sum())
    return dataset.form == "folders" and (train, unnamed, len(dataset)) == (*TABLE1_ROWS, sum(TABLE1_ROWS))


def _check_official_folders(dataset: Fer2013, name: str) -> None:
    if _is_table1_folders(dataset):
        raise DatasetError(
            N_(
                "The folders in {source} are the paper's Table 1 (28,821 and 7,066 pictures) and not the "
                "official sets, so that they cannot give {split}."
            ),
            source=dataset.source.name, split=name,
        )  # fmt: skip
    if name != "Training" and (dataset.usages == UNNAMED_TEST).any():
        raise DatasetError(
            N_(
                "The folders in {source} hold both official test sets in one and do not say which picture "
                "belongs to {split}. fer2013.csv does."
            ),
            source=dataset.source.name, split=name,
        )  # fmt: skip


def _paper_split(dataset: Fer2013, name: str) -> Split:
    labels = majority_labels(needed_votes(dataset))
    in_part = (dataset.usages == 0) if name == "PaperTrain" else (dataset.usages != 0)
    rows = np.flatnonzero(in_part & (labels >= 0)).astype(np.int64)
    return Split(name, "ferplus", rows, labels[rows])
