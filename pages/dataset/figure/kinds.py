"""Figures of the table whose parts filter: bars of a class, a matrix of two, columns of a measure, networks.

A figure counts what the rest of the filter leaves, and not its own conditions: so what else could be chosen stays in
sight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from fer_core.datasets.columns import RIGHT, RIGHT_CODES, column
from fer_core.datasets.filters import Condition, Filter
from fer_core.datasets.rows import RowTable
from fer_core.datasets.tallies import class_counts, cross_counts, histogram
from fer_core.labels import EMOTIONS
from pages.dataset.figure.texts import (
    SHORT_NAMES,
    bar_words,
    brief_percent,
    edge_text,
    held_values,
    pictures_in_words,
    put_or_take,
    shares_of,
)  # fmt: skip
from pages.dataset.words import class_code, class_name, column_name, network_name, range_words
from pages.ui.charts import Column
from pages.ui.i18n import _, format_number, format_percent

_EACH_IS_NAMED = 12
"""Up to so many columns of a histogram have a number each below them."""


class Figure(Protocol):
    """One figure, as the part in the browser and the table to take home need it."""

    @property
    def id(self) -> str:
        """Names it in the list of figures and in the address."""

    @property
    def title(self) -> str:
        """What it shows, in the reader's words."""

    def data(self, table: RowTable, chosen: Filter) -> dict[str, object]:
        """For `figures.js`."""

    def after(self, chosen: Filter, low: int, high: int, more: bool) -> Filter:
        """The filter after its parts `low` to `high` were chosen; `more`: beside what is chosen already."""

    def table_columns(self, table: RowTable, chosen: Filter) -> list[Column]:
        """Its numbers as a table."""


@dataclass(frozen=True)
class Bars:
    """A bar for each code of a class or a flag."""

    column: str
    codes: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.column

    @property
    def title(self) -> str:
        return column_name(self.column)

    def _counts(self, table: RowTable, chosen: Filter) -> list[int]:
        counts = class_counts(table, self.column, chosen.without(self.column).mask(table))
        return [counts[code] for code in self.codes]

    def data(self, table: RowTable, chosen: Filter) -> dict[str, object]:
        counts = self._counts(table, chosen)
        names = [class_name(code) for code in self.codes]
        condition = chosen.of(self.column)
        held = () if condition is None or condition.values is None else condition.values
        return {
            "kind": "bars",
            "names": names,
            "codes": [class_code(code) for code in self.codes],
            "colours": [EMOTIONS[code].colour if code in EMOTIONS else "" for code in self.codes],
            "counts": counts,
            "texts": [format_number(count) for count in counts],
            "words": bar_words(names, counts, sum(counts)),
            "picked": [at for at, code in enumerate(self.codes) if code in held],
        }

    def after(self, chosen: Filter, low: int, high: int, more: bool) -> Filter:
        if more:
            return chosen.toggled(self.column, self.codes[low])
        return put_or_take(chosen, Condition(self.column, (self.codes[low],)))

    def table_columns(self, table: RowTable, chosen: Filter) -> list[Column]:
        counts = self._counts(table, chosen)
        return [
            Column(self.title, [class_name(code) for code in self.codes]),
            Column(_("Pictures"), counts),
            Column(_("Share"), shares_of(counts), percent=True, decimals=1),
        ]


@dataclass(frozen=True)
class Matrix:
    """Two classes against each other; a cell is shaded by its share of the row."""

    down: str
    across: str
    down_codes: tuple[str, ...]
    across_codes: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.down}*{self.across}"

    @property
    def title(self) -> str:
        return _("{first} against {second}").format(
            first=column_name(self.down), second=column_name(self.across)
        )

    def _counts(self, table: RowTable, chosen: Filter) -> np.ndarray:
        """int64 (rows, columns), in the order that people read them in."""
        mask = chosen.without(self.down).without(self.across).mask(table)
        counts = cross_counts(table, self.down, self.across, mask)
        orders = [
            [table.codes(each).index(code) for code in codes]
            for each, codes in ((self.down, self.down_codes), (self.across, self.across_codes))
        ]
        return counts[np.ix_(*orders)]

    def data(self, table: RowTable, chosen: Filter) -> dict[str, object]:
        counts = self._counts(table, chosen)
        sums = counts.sum(axis=1, keepdims=True)
        shares = np.divide(counts, sums, out=np.zeros(counts.shape), where=sums > 0)
        pairs = [(down, across) for down in self.down_codes for across in self.across_codes]
        held = [held_values(chosen, each) for each in (self.down, self.across)]
        return {
            "kind": "matrix",
            "corner": _("% of a row"),
            "across": [
                {"code": class_code(code), "name": class_name(code), "short": SHORT_NAMES.get(code, code)}
                for code in self.across_codes
            ],
            "down": [{"code": class_code(code), "name": class_name(code)} for code in self.down_codes],
            "texts": [
                brief_percent(share, count)
                for share, count in zip(shares.ravel(), counts.ravel(), strict=True)
            ],
            "shares": [round(float(share), 4) for share in shares.ravel()],
            "same": [down == across for down, across in pairs],
            "words": [
                _("{row_name}: {row}, {column_name}: {column}: {count}").format(
                    row_name=column_name(self.down), row=class_name(down), column_name=column_name(self.across),
                    column=class_name(across), count=pictures_in_words(int(count), int(total)),
                )
                for (down, across), count, total in zip(
                    pairs, counts.ravel(), np.repeat(sums.ravel(), counts.shape[1]), strict=True
                )
            ],
            "picked": [
                at for at, (down, across) in enumerate(pairs)
                if all(held) and down in held[0] and across in held[1]
            ],
        }  # fmt: skip

    def after(self, chosen: Filter, low: int, high: int, more: bool) -> Filter:
        row, place = divmod(low, len(self.across_codes))
        down, across = (
            Condition(self.down, (self.down_codes[row],)),
            Condition(self.across, (self.across_codes[place],)),
        )
        if chosen.of(self.down) == down and chosen.of(self.across) == across:
            return chosen.without(down).without(across)
        return chosen.replaced(down).replaced(across)

    def table_columns(self, table: RowTable, chosen: Filter) -> list[Column]:
        counts = self._counts(table, chosen)
        return [
            Column(column_name(self.down), [class_name(code) for code in self.down_codes]),
            *(
                Column(class_name(code), counts[:, place].tolist(), code=class_code(code))
                for place, code in enumerate(self.across_codes)
            ),
        ]


@dataclass(frozen=True)
class Networks:
    """For each network how many of the pictures it reads right, and how many wrong."""

    networks: tuple[str, ...]
    id: str = RIGHT

    @property
    def title(self) -> str:
        return _("Right or wrong, by network")

    def _counts(self, table: RowTable, chosen: Filter) -> np.ndarray:
        """int64 (networks, 2): right, wrong."""
        counts = [
            class_counts(table, f"{RIGHT}:{each}", chosen.without(f"{RIGHT}:{each}").mask(table))
            for each in self.networks
        ]
        return np.array([[count["right"], count["wrong"]] for count in counts])

    def data(self, table: RowTable, chosen: Filter) -> dict[str, object]:
        counts = self._counts(table, chosen)
        sums = counts.sum(axis=1, keepdims=True)
        shares = np.divide(counts, sums, out=np.zeros(counts.shape), where=sums > 0)
        pairs = [(network, code) for network in self.networks for code in RIGHT_CODES[::-1]]
        return {
            "kind": "matrix",
            "corner": _("% of a row"),
            "across": [
                {"code": "", "name": class_name(code), "short": class_name(code)} for code in RIGHT_CODES[::-1]
            ],
            "down": [{"code": "", "name": network_name(each)} for each in self.networks],
            "texts": [format_percent(share, 1) if total else "" for share, total in zip(
                shares.ravel(), np.repeat(sums.ravel(), 2), strict=True)],
            "shares": [round(float(share), 4) for share in shares.ravel()],
            "same": [False] * len(pairs),
            "words": [
                f"{network_name(network)}, {class_name(code)}: {pictures_in_words(int(count), int(total))}"
                for (network, code), count, total in zip(
                    pairs, counts.ravel(), np.repeat(sums.ravel(), 2), strict=True
                )
            ],
            "picked": [
                at for at, (network, code) in enumerate(pairs) if code in held_values(chosen, f"{RIGHT}:{network}")
            ],
        }  # fmt: skip

    def after(self, chosen: Filter, low: int, high: int, more: bool) -> Filter:
        row, place = divmod(low, 2)
        return put_or_take(chosen, Condition(f"{RIGHT}:{self.networks[row]}", (RIGHT_CODES[::-1][place],)))

    def table_columns(self, table: RowTable, chosen: Filter) -> list[Column]:
        counts = self._counts(table, chosen)
        return [
            Column(_("Network"), [network_name(each) for each in self.networks]),
            Column(_("right"), counts[:, 0].tolist()),
            Column(_("wrong"), counts[:, 1].tolist()),
        ]


@dataclass(frozen=True)
class Histogram:
    """Columns of a measure or of a whole number, from each edge up to the next; the last is open."""

    column: str
    edges: tuple[float, ...]

    @property
    def id(self) -> str:
        return self.column

    @property
    def title(self) -> str:
        return column_name(self.column)

    @property
    def _whole(self) -> bool:
        return column(self.column).kind == "whole"

    def _condition(self, low: int, high: int) -> Condition:
        last = high >= len(self.edges) - 2
        end = None if last else self.edges[high + 1] - (1 if self._whole else 0)
        if low == 0 and end is None:  # everything that is known
            return Condition(self.column, low=self.edges[0])
        return Condition(self.column, low=None if low == 0 else self.edges[low], high=end)

    def _counts(self, table: RowTable, chosen: Filter) -> list[int]:
        mask = chosen.without(self.column).mask(table)
        edges = (*self.edges[:-1], math.inf)
        return [int(count) for count in histogram(table, self.column, edges, mask)]

    def data(self, table: RowTable, chosen: Filter) -> dict[str, object]:
        counts = self._counts(table, chosen)
        ranges = [range_words(self._condition(at, at)) for at in range(len(counts))]
        condition = chosen.of(self.column)
        picked = []
        if condition is not None and condition.values is None:
            low, high = condition.low, condition.high
            picked = [
                at for at in range(len(counts))
                if (low is None or self.edges[at] >= low)
                and (high is None or (self.edges[at] <= high if self._whole else self.edges[at + 1] <= high))
            ]  # fmt: skip
        named = len(counts) <= _EACH_IS_NAMED
        ends = self.edges[:-1] if named else (self.edges[0], self.edges[len(counts) // 2], self.edges[-1])
        return {
            "kind": "histogram",
            "counts": counts,
            "words": bar_words(ranges, counts, sum(counts)),
            "ends": [edge_text(end) for end in ends],
            "each": named,
            "picked": picked,
        }

    def after(self, chosen: Filter, low: int, high: int, more: bool) -> Filter:
        return put_or_take(chosen, self._condition(low, high))

    def table_columns(self, table: RowTable, chosen: Filter) -> list[Column]:
        counts = self._counts(table, chosen)
        return [
            Column(self.title, [range_words(self._condition(at, at)) for at in range(len(counts))]),
            Column(_("Pictures"), counts),
            Column(_("Share"), shares_of(counts), percent=True, decimals=1),
        ]
