"""What duplicates add to accuracies: a network that learnt from a test picture's duplicate has seen the answer.

Everything is counted from a `RowTable` and from the row numbers that an evaluation lists, without a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.datasets.fer2013 import USAGES
from fer_core.datasets.filters import Condition, Filter
from fer_core.datasets.rows import RowTable, missing_column
from fer_core.datasets.splits import table1_is_train
from fer_core.datasets.votes import majority_labels, strict_majority_labels

NOT_LEAKED: Final = Condition("leaked", ("no",))
"""The condition of the switch "without duplicates": test pictures with a duplicate in Training are left out."""


@dataclass(frozen=True)
class Answered:
    """How many pictures were answered, and how many of them rightly."""

    n: int
    right: int

    @property
    def accuracy(self) -> float:
        """Share that was answered rightly; NaN without a picture."""
        return self.right / self.n if self.n else float("nan")


@dataclass(frozen=True)
class SplitLeakage:
    """What a network answered of a test split, with and without the pictures that it may have learnt.

    Attributes:
        split: name of the test split.
        learnt_from: name of the split that the network was trained on.
        whole: all pictures of the test split.
        without_exact: those of which no exact duplicate is in `learnt_from`.
        without_near: those of which neither an exact nor a near duplicate is; None where near ones are not known.
    """

    split: str
    learnt_from: str
    whole: Answered
    without_exact: Answered
    without_near: Answered | None

    @property
    def without(self) -> Answered:
        """Those of which no duplicate is known: without near ones, too, where they are known."""
        return self.without_exact if self.without_near is None else self.without_near

    @property
    def on_duplicates(self) -> Answered:
        """The others: those of which a duplicate is in `learnt_from`."""
        return Answered(self.whole.n - self.without.n, self.whole.right - self.without.right)


def without_leaked(chosen: Filter, on: bool) -> Filter:
    """A filter with the switch "without duplicates" on or off; the rest of it stays."""
    return chosen.replaced(NOT_LEAKED) if on else chosen.without(NOT_LEAKED.column)


def leaves_out_leaked(chosen: Filter) -> bool:
    """Whether that switch is on."""
    return chosen.of(NOT_LEAKED.column) == NOT_LEAKED


def split_rows(table: RowTable, name: str) -> np.ndarray:
    """Which rows of FER2013 belong to a split, as `fer_core.datasets.splits` has it: bool (N,).

    Args:
        table: all rows of FER2013 in their order.
        name: one of `SPLIT_NAMES`.

    Raises:
        DatasetError: the split goes by votes, and the table has none.
        ValueError: an unknown name.
    """
    if name in USAGES:
        return np.asarray(table.values("split") == USAGES.index(name))
    if name in ("Table1Train", "Table1Test"):
        return np.asarray(table1_is_train() == (name == "Table1Train"))
    if not table.has("votes"):
        raise missing_column("votes")
    votes = table.values("votes")
    if name in ("PaperTrain", "PaperTest"):
        in_part = (table.values("split") == 0) == (name == "PaperTrain")
        return np.asarray(in_part & (majority_labels(votes) >= 0))
    usage = name.removeprefix("FERplus")
    if usage not in USAGES:
        raise ValueError(f"name: expected a split of FER2013. Received: {name!r}")
    return np.asarray(split_rows(table, usage) & (strict_majority_labels(votes) >= 0))


def in_training(groups: np.ndarray, trained: np.ndarray) -> np.ndarray:
    """Which pictures share a group with one that was trained on: bool (N,).

    Args:
        groups: int (N,), as the columns `duplicate_group` and `near_group`.
        trained: bool (N,).
    """
    return np.asarray((groups >= 0) & np.isin(groups, groups[trained & (groups >= 0)]))


def split_leakage(table: RowTable, split: str, learnt_from: str, misclassified: np.ndarray) -> SplitLeakage:
    """Count what a network answered of a split, with and without duplicates of what it learnt from.

    Args:
        table: all rows of FER2013 in their order.
        split: name of the test split.
        learnt_from: name of the split that the network was trained on.
        misclassified: int (W,), row numbers of the pictures of `split` that it answered wrongly.

    Raises:
        DatasetError: a split goes by votes, and the table has none; or nobody looked for duplicates.
    """
    tested, trained = split_rows(table, split), split_rows(table, learnt_from)
    right = tested & ~np.isin(table.values("row"), misclassified)

    def answered(rows: np.ndarray) -> Answered:
        return Answered(int(rows.sum()), int((rows & right).sum()))

    exact = in_training(table.values("duplicate_group"), trained)
    near = in_training(table.values("near_group"), trained) if table.has("near_group") else None
    return SplitLeakage(
        split,
        learnt_from,
        answered(tested),
        answered(tested & ~exact),
        None if near is None else answered(tested & ~exact & ~near),
    )
