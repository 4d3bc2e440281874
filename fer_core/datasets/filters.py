"""Which pictures are chosen: conditions on the columns of a `RowTable`, as values and as addresses.

`Filter.to_query` writes short parameters that a person can read and change, `Filter.from_query` reads them back:

| parameter | keeps |
|---|---|
| `label=happy,sad` | one of several classes; `none` where there is none |
| `leaked=yes` | yes or no |
| `agreement=8..10`, `row=100..199` | whole numbers from the first to the last, both included |
| `row=5,17,99` | one of several whole numbers |
| `entropy=0.5..1.5`, `entropy=..1` | measured values from the first (included) up to the last (not included) |
| `right.raut=wrong`, `predicted.raut=fear`, `certainty.raut=0.9..` | the same for the columns of a network |

Neighbouring bars of a histogram with edges a, b, c are `a..b` and `b..c`, which share no picture:
`fer_core.datasets.tallies.histogram` counts them so. In which order pictures stand says `fer_core.datasets.orders`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote

import numpy as np

from fer_core.datasets.columns import COLUMNS, NETWORK_COLUMNS, NONE, column
from fer_core.datasets.rows import RowTable, missing_column
from fer_core.errors import N_, DatasetError, RautError

MOST_VALUES: Final = 2000
"""How many values a condition may have: an address with more would not pass through every browser."""

_NOTHING: Final = "-"  # how an address says a condition that no picture meets
_NOT_COMPARED: Final = ("votes",)  # ten numbers a picture


@dataclass(frozen=True)
class Condition:
    """What one column must be: one of some values, or within a range.

    Raises:
        ValueError: both values and a range, or neither; an end of the range that is no number.
    """

    column: str
    """Id of the column, as `fer_core.datasets.columns.column` knows it."""
    values: tuple[str, ...] | None = None
    """Codes of a class, "yes" and "no", or whole numbers in digits; () is met by no picture. None: a range."""
    low: float | None = None
    """The smallest value; None: from the lowest on."""
    high: float | None = None
    """The largest value of whole numbers; the first one above of measured values. None: up to the highest."""

    def __post_init__(self) -> None:
        if (self.values is None) == (self.low is None and self.high is None):
            raise ValueError(f"Expected either values or a range. Received: {self!r}")
        if not all(math.isfinite(end) for end in (self.low, self.high) if end is not None):
            raise ValueError(f"Expected ends that are numbers. Received: {self!r}")
        if self.values is not None:
            object.__setattr__(self, "values", tuple(dict.fromkeys(self.values)))

    def mask(self, table: RowTable) -> np.ndarray:
        """Which rows meet it: bool (N,).

        Raises:
            DatasetError: the table does not have the column, or the column has no such value.
        """
        held = table.values(self.column)
        if self.values is not None:
            return np.asarray(np.isin(held, [_number_of(table, self.column, value) for value in self.values]))
        met = np.ones(len(table), bool)
        is_measure = column(self.column).kind == "measure"
        held = held.astype(np.float64)  # as the ends are, so that both sides of an edge are told alike
        if self.low is not None:
            met &= held >= self.low
        if self.high is not None:
            met &= (held < self.high) if is_measure else (held <= self.high)
        return met  # what is not known (NaN) lies in no range

    def and_(self, other: Condition) -> Condition:
        """What both ask of the same column.

        Raises:
            ValueError: the other one is of another column.
        """
        if self.column != other.column:
            raise ValueError(f"Expected a condition on {self.column}. Received: {other.column}")
        if self.values is None and other.values is None:
            lows = [end for end in (self.low, other.low) if end is not None]
            highs = [end for end in (self.high, other.high) if end is not None]
            return replace(self, low=max(lows, default=None), high=min(highs, default=None))
        if self.values is None:
            return other.and_(self)
        if other.values is None:
            return replace(self, values=tuple(value for value in self.values if other._spans(value)))
        return replace(self, values=tuple(value for value in self.values if value in other.values))

    def to_text(self) -> str:
        """The value of its parameter: "happy,sad", "8..10"."""
        if self.values is not None:
            return ",".join(self.values) or _NOTHING
        return f"{_end_text(self.low)}..{_end_text(self.high)}"

    def _spans(self, value: str) -> bool:
        """Whether a whole number in digits lies in this range."""
        number = int(value)
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)


@dataclass(frozen=True)
class Filter:
    """Conditions that a picture must all meet, at most one on each column; without any, every picture stays."""

    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        ids = [each.column for each in self.conditions]
        if len(set(ids)) < len(ids):
            raise ValueError(f"Expected one condition a column. Received: {ids}")

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def mask(self, table: RowTable) -> np.ndarray:
        """Which rows meet all conditions: bool (N,).

        Raises:
            DatasetError: the table lacks a column or a class that a condition names.
        """
        met = np.ones(len(table), bool)
        for condition in self.conditions:
            met &= condition.mask(table)
        return met

    def of(self, column_id: str) -> Condition | None:
        """The condition on a column; None where there is none."""
        return next((each for each in self.conditions if each.column == column_id), None)

    def with_(self, condition: Condition) -> Filter:
        """One more condition; together with the one that its column has already, where there is one."""
        earlier = self.of(condition.column)
        return self.replaced(condition if earlier is None else earlier.and_(condition))

    def replaced(self, condition: Condition) -> Filter:
        """This condition instead of the one that its column had, in its place."""
        if self.of(condition.column) is None:
            return Filter((*self.conditions, condition))
        return Filter(
            tuple(condition if each.column == condition.column else each for each in self.conditions)
        )

    def toggled(self, column_id: str, value: str) -> Filter:
        """A class, a flag or a whole number more, or less where it is among the values already.

        What a click on a bar does; the condition goes with its last value. A range is replaced.
        """
        earlier = self.of(column_id)
        held = () if earlier is None or earlier.values is None else earlier.values
        values = tuple(each for each in held if each != value) if value in held else (*held, value)
        return self.replaced(Condition(column_id, values)) if values else self.without(column_id)

    def without(self, condition: Condition | str) -> Filter:
        """Without a condition, or without the one on a column."""
        column_id = condition if isinstance(condition, str) else condition.column
        return Filter(tuple(each for each in self.conditions if each.column != column_id))

    def to_query(self) -> dict[str, str]:
        """The parameters of an address, in the order of the conditions; {} without any."""
        return {parameter_of(each.column): each.to_text() for each in self.conditions}

    @staticmethod
    def from_query(query: Mapping[str, str], table: RowTable) -> tuple[Filter, tuple[RautError, ...]]:
        """Read the parameters of an address.

        Args:
            query: all of them; those that name no column are left alone.
            table: what the filter is for: a condition that it cannot answer is left out.

        Returns:
            The filter, and a sentence for each parameter that was left out.
        """
        conditions: list[Condition] = []
        problems: list[RautError] = []
        for name, text in query.items():
            column_id = column_of(name)
            if column_id is None:
                continue
            try:
                condition = _read(column_id, name, text, table)
            except DatasetError as error:
                problems.append(error)
            else:
                conditions = [each for each in conditions if each.column != column_id] + [condition]
        return Filter(tuple(conditions)), tuple(problems)


def parameter_of(column_id: str) -> str:
    """Name of a column in an address: `right:raut` -> `right.raut`, since a colon would be written as %3A."""
    return column_id.replace(":", ".", 1)


def column_of(parameter: str) -> str | None:
    """Id of the column that a parameter names; None where it names none."""
    if parameter in COLUMNS:
        return None if parameter in _NOT_COMPARED else parameter
    kind, dot, network = parameter.partition(".")
    return f"{kind}:{network}" if dot and network and kind in NETWORK_COLUMNS else None


def _number_of(table: RowTable, column_id: str, value: str) -> int:
    """What stands for a value in the column.

    Raises:
        DatasetError: there is no such value.
    """
    codes = table.codes(column_id)
    if codes:
        if value in codes:
            return codes.index(value)
        if value == NONE and column(column_id).kind == "class":
            return -1
    elif column(column_id).kind == "whole" and _is_whole(value):
        return int(value)
    raise unreadable(parameter_of(column_id), value)


def _is_whole(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) <= 9


def _read(column_id: str, name: str, text: str, table: RowTable) -> Condition:
    if not table.has(column_id):
        raise missing_column(column_id)
    text = text.strip()
    if column(column_id).kind in ("whole", "measure") and ".." in text:
        low, _dots, high = text.partition("..")
        ends = [_end(part, name, text) for part in (low, high)]
        if ends == [None, None]:
            raise unreadable(name, text)
        return Condition(column_id, low=ends[0], high=ends[1])
    if column(column_id).kind == "measure":
        raise unreadable(name, text)
    values = tuple(part.strip() for part in text.split(",")) if text != _NOTHING else ()
    if len(values) > MOST_VALUES:
        raise unreadable(name, text[:40] + "…")
    for value in values:
        _number_of(table, column_id, value)
    return Condition(column_id, values)


def _end(part: str, name: str, text: str) -> float | None:
    if not part.strip():
        return None
    try:
        number = float(part)
    except ValueError:
        raise unreadable(name, text) from None
    if not math.isfinite(number):
        raise unreadable(name, text)
    return number


def _end_text(end: float | None) -> str:
    if end is None:
        return ""
    return str(int(end)) if float(end).is_integer() and abs(end) < 1e15 else repr(float(end)).replace("+", "")


def unreadable(name: str, text: str) -> DatasetError:
    """The sentence for a parameter that says nothing about a data set."""
    return DatasetError(
        N_("The address says “{name}={text}”, which this data set does not know. It is left out."),
        name=name,
        text=text if len(text) <= 60 else text[:60] + "…",
    )


def parse_query(text: str) -> dict[str, str]:
    """Read parameters from one text, as `describe_query` writes them, also percent-encoded.

    Raises:
        DatasetError: a part of it is no `name=value` of a column, of `sort` or of `shuffle`.
    """
    query: dict[str, str] = {}
    for part in filter(None, text.removeprefix("?").split("&")):
        name, equals, value = part.partition("=")
        name = unquote(name).strip()
        if not equals or (column_of(name) is None and name not in ("sort", "shuffle")):
            raise DatasetError(
                N_("“{part}” is no condition on a column. Write for example label=fear or agreement=8..10."),
                part=unquote(part),
            )
        query[name] = unquote(value)
    return query


def describe_query(parts: Iterable[Mapping[str, str]]) -> str:
    """Parameters as one text, as a command line and a table write them: "split=PrivateTest&label=fear"."""
    return "&".join(f"{name}={text}" for part in parts for name, text in part.items())
