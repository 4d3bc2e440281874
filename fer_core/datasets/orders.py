"""In which order pictures stand: `sort=-entropy` by a column (`-`: downwards), `shuffle=7` shuffled with a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.datasets.columns import column
from fer_core.datasets.filters import column_of, parameter_of, unreadable
from fer_core.datasets.rows import RowTable, missing_column
from fer_core.errors import RautError

SORT, SHUFFLE = "sort", "shuffle"
"""Parameters of an address."""

_LARGEST_SEED: Final = 2**32 - 1


@dataclass(frozen=True)
class Order:
    """In which order pictures stand: by a column, or shuffled with a seed.

    Raises:
        ValueError: a seed below 0 or above 2**32 - 1.
    """

    column: str = "row"
    """Id of the column; the rows of one value stand in their order in the data set."""
    descending: bool = False
    seed: int | None = None
    """Shuffled with this seed, whatever the column; None: not shuffled."""

    def __post_init__(self) -> None:
        if self.seed is not None and not 0 <= self.seed <= _LARGEST_SEED:
            raise ValueError(f"seed: expected 0 to {_LARGEST_SEED}. Received: {self.seed}")

    def positions(self, table: RowTable, mask: np.ndarray | None = None) -> np.ndarray:
        """Where the rows are in the table, in this order: int64 (n,).

        What is not known (-1 of a class, NaN) comes last, upwards and downwards. A filter leaves the order of what
        stays as it is, shuffled or not.

        Args:
            table: whose columns are ordered by.
            mask: bool (N,), the rows that are wanted; None: all.

        Raises:
            DatasetError: the table does not have the column.
        """
        if self.seed is not None:
            order = np.random.default_rng(self.seed).permutation(len(table))
        else:
            held = table.values(self.column).astype(np.float64)
            kind = column(self.column).kind
            unknown = np.isnan(held) | ((held < 0) if kind == "class" else False)
            keys = np.where(unknown, np.inf, -held if self.descending else held)
            order = np.argsort(keys, kind="stable")
        return np.asarray(order if mask is None else order[mask[order]], np.int64)

    def to_query(self) -> dict[str, str]:
        """The parameters of an address; {} for the order of the data set."""
        if self.seed is not None:
            return {SHUFFLE: str(self.seed)}
        if self == Order():
            return {}
        return {SORT: ("-" if self.descending else "") + parameter_of(self.column)}

    @staticmethod
    def from_query(query: Mapping[str, str], table: RowTable) -> tuple[Order, tuple[RautError, ...]]:
        """Read the parameters of an address; `shuffle` wins over `sort`.

        Returns:
            The order, and a sentence for each parameter that could not be followed.
        """
        problems: list[RautError] = []
        if (text := query.get(SHUFFLE)) is not None:
            if text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= _LARGEST_SEED:
                return Order(seed=int(text)), ()
            problems.append(unreadable(SHUFFLE, text))
        if (text := query.get(SORT)) is not None:
            column_id = column_of(text.removeprefix("-"))
            if column_id is None:
                problems.append(unreadable(SORT, text))
            elif not table.has(column_id):
                problems.append(missing_column(column_id))
            else:
                return Order(column_id, descending=text.startswith("-")), tuple(problems)
        return Order(), tuple(problems)
