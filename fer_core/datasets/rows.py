"""A data set as a table: one row a picture, one column a fact about it; `fer_core.datasets.columns` says what each means.

A column that cannot be known, such as the votes of a set without FER+, is absent: `RowTable.has` says so, and
`RowTable.values` raises a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from fer_core.datasets.columns import (
    COLUMNS,
    NETWORK_COLUMNS,
    NONE,
    PREDICTED,
    RIGHT,
    VOTE_CODES,
    column,
)
from fer_core.errors import N_, DatasetError


@dataclass(frozen=True, eq=False)
class RowTable:
    """A data set, one row a picture: what is known about each, as columns of the same length.

    Make one with `fer_core.datasets.statistics.shipped.shipped_rows` (FER2013, without the data set) or
    `fer_core.datasets.statistics.computed.rows_of` (any data set at hand).

    Attributes:
        columns: id of each column to its array, (N,), of `votes` (N, 10); read-only, in the dtype of `COLUMNS`. What
            follows from others (`vote`, `agreement`, `entropy`, `not_a_face`, `duplicates`, `leaked`) is added where it
            is not given.
        networks: id of each network that `columns` has answers of to its labels in the order of its outputs.

    Raises:
        ValueError: columns of different lengths, of other shapes, or without `row`, `split` and `label`.
    """

    columns: Mapping[str, np.ndarray]
    networks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if missing := {"row", "split", "label"} - set(self.columns):
            raise ValueError(f"columns: expected row, split and label. Missing: {sorted(missing)}")
        count = len(self.columns["row"])
        checked = {}
        for column_id, values in {**_derived(self.columns), **self.columns}.items():
            shape = (count, len(VOTE_CODES)) if column_id == "votes" else (count,)
            if values.shape != shape:
                raise ValueError(f"{column_id}: expected {shape}. Received: {values.shape}")
            fitting = np.asarray(values, dtype=column(column_id).dtype).view()
            fitting.setflags(write=False)  # one table is shared by every session of the app
            checked[column_id] = fitting
        object.__setattr__(self, "columns", checked)

    def __len__(self) -> int:
        return len(self.columns["row"])

    def has(self, column_id: str) -> bool:
        """Whether the table has a column, `right:<network>` included."""
        kind, _colon, network = column_id.partition(":")
        if kind == RIGHT:
            needs_votes = network in self.networks and "contempt" in self.networks[network]
            return network in self.networks and (not needs_votes or "vote" in self.columns)
        return column_id in self.columns

    def column_ids(self) -> tuple[str, ...]:
        """Every column that the table has: first those of `COLUMNS`, then those of the networks."""
        of_networks = [f"{kind}:{network}" for network in self.networks for kind in NETWORK_COLUMNS]
        return tuple(each for each in (*COLUMNS, *of_networks) if self.has(each))

    def values(self, column_id: str) -> np.ndarray:
        """A column, read-only, `right:<network>` included (int8: 1 right, 0 wrong, -1 where there is no such label).

        Raises:
            DatasetError: the table does not have it; the sentence says what it would take.
        """
        if not self.has(column_id):
            raise missing_column(column_id)
        kind, _colon, network = column_id.partition(":")
        return self._right(network) if kind == RIGHT else self.columns[column_id]

    def codes(self, column_id: str) -> tuple[str, ...]:
        """The codes of a class or a flag by their numbers, those of a network's answers included; () for numbers.

        Raises:
            DatasetError: it is a column of a network that the table does not have.
        """
        kind, _colon, network = column_id.partition(":")
        if kind != PREDICTED:
            return column(column_id).codes
        if network not in self.networks:
            raise missing_column(column_id)
        return self.networks[network]

    def texts(self, column_id: str) -> np.ndarray:
        """A class or a flag as codes, (N,) of text, `NONE` where the number is -1.

        Raises:
            DatasetError: the table does not have the column.
        """
        return np.array([*self.codes(column_id), NONE])[self.values(column_id).astype(np.int64)]

    def target(self, network: str) -> np.ndarray:
        """What a network should answer: int8 (N,) in the order of its labels; -1 where there is no such label.

        The label of FER2013 for a network of its seven classes, else the majority of FER+.

        Raises:
            DatasetError: the table does not have the network, or not the votes that it takes.
        """
        labels = self.codes(f"{PREDICTED}:{network}")
        truth = "vote" if "contempt" in labels else "label"
        names = column(truth).codes
        positions = np.array([*(labels.index(name) if name in labels else -1 for name in names), -1], np.int8)
        return positions[self.values(truth)]

    def _right(self, network: str) -> np.ndarray:
        target = self.target(network)
        right = (self.columns[f"{PREDICTED}:{network}"] == target).astype(np.int8)
        right[target < 0] = -1
        right.setflags(write=False)
        return right

    def with_columns(
        self, columns: Mapping[str, np.ndarray], networks: Mapping[str, tuple[str, ...]] | None = None
    ) -> RowTable:
        """The table with more columns, or with others in the place of those of the same id.

        Args:
            columns: as those of a table; what follows from them is worked out anew.
            networks: labels of the networks whose answers are among them.
        """
        own = {name: values for name, values in self.columns.items() if name not in _FOLLOWING}
        return RowTable({**own, **columns}, {**self.networks, **(networks or {})})

    def take(self, positions: np.ndarray) -> RowTable:
        """The rows at some positions, in their order; groups and copies stay those of the whole set.

        Args:
            positions: int (n,), or bool (N,).
        """
        return RowTable({name: values[positions] for name, values in self.columns.items()}, self.networks)


def missing_column(column_id: str) -> DatasetError:
    """The sentence for a column that a table does not have."""
    try:
        needs = column(column_id).needs
    except KeyError:
        return DatasetError(N_("There is no column “{column}” in this data set."), column=column_id)
    if needs == "votes":
        return DatasetError(
            N_("“{column}” needs the votes of FER+: fer2013new.csv beside fer2013.csv."), column=column_id
        )
    if needs == "networks":
        return DatasetError(
            N_("There are no answers of that network for this data set: “{column}”."), column=column_id
        )
    return DatasetError(
        N_("This data set has no “{column}”: it has not been worked out for it."), column=column_id
    )


_FOLLOWING: Final = ("vote", "agreement", "entropy", "not_a_face", "duplicates", "leaked")


def _derived(columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The columns of `_FOLLOWING` that can be worked out."""
    found: dict[str, np.ndarray] = {}
    if "votes" in columns:
        votes = columns["votes"]
        sums = votes.sum(axis=1, dtype=np.int64)
        vote = votes.argmax(axis=1).astype(np.int8)
        vote[sums == 0] = -1
        found |= {
            "vote": vote,
            "agreement": votes.max(axis=1),
            "entropy": vote_entropy(votes),
            "not_a_face": vote == VOTE_CODES.index("NF"),
        }
    groups = columns.get("duplicate_group")
    if groups is not None:
        found["duplicates"] = group_sizes(groups)
        found["leaked"] = leaked(columns["split"], columns.get("near_group", groups))
    return found


def vote_entropy(votes: np.ndarray) -> np.ndarray:
    """Entropy of the votes over all ten choices, in bits: float32 (N,); NaN for a picture without votes.

    Args:
        votes: uint8 (N, 10).
    """
    sums = votes.sum(axis=1, keepdims=True).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = votes / sums
        bits = np.where(votes > 0, -shares * np.log2(shares), 0.0).sum(axis=1)
    return np.where(sums[:, 0] > 0, np.abs(bits), np.nan).astype(np.float32)


def group_sizes(groups: np.ndarray) -> np.ndarray:
    """How many pictures are in the group of each: int16 (N,), 1 for one without a group.

    Args:
        groups: int (N,), a number from 0 on, -1 for none.
    """
    sizes = np.bincount(groups[groups >= 0], minlength=1)
    return np.where(groups >= 0, sizes[groups], 1).astype(np.int16)


def leaked(splits: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Which pictures of a test set share a group with one of Training: bool (N,).

    Args:
        splits: int (N,), as the column `split`.
        groups: int (N,), as the columns `duplicate_group` and `near_group`.
    """
    trained = np.unique(groups[(splits == 0) & (groups >= 0)])
    return np.asarray((splits != 0) & np.isin(groups, trained))
