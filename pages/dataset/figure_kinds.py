"""Figures of the table whose parts filter: bars of a class, a matrix of two, columns of a measure, networks.

A figure counts what the rest of the filter leaves, and not its own conditions: so what else could be chosen stays in
sight.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from fer_core.datasets.columns import RIGHT, RIGHT_CODES, column
from fer_core.datasets.filters import Condition, Filter
from fer_core.datasets.rows import RowTable
from fer_core.datasets.tallies import class_counts, cross_counts, histogram
from fer_core.labels import EMOTIONS, in_reading_order
from pages.dataset.words import class_code, class_name, column_name, network_name, range_words
from pages.ui.charts import Column
from pages.ui.i18n import _, format_number, format_percent, ngettext

_COLUMNS_OF_A_HISTOGRAM = 26
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
            "words": _words(names, counts, sum(counts)),
            "picked": [at for at, code in enumerate(self.codes) if code in held],
        }

    def after(self, chosen: Filter, low: int, high: int, more: bool) -> Filter:
        if more:
            return chosen.toggled(self.column, self.codes[low])
        return _put_or_take(chosen, Condition(self.column, (self.codes[low],)))

    def table_columns(self, table: RowTable, chosen: Filter) -> list[Column]:
        counts = self._counts(table, chosen)
        return [
            Column(self.title, [class_name(code) for code in self.codes]),
            Column(_("Pictures"), counts),
            Column(_("Share"), _shares(counts), percent=True, decimals=1),
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
        held = [_held(chosen, each) for each in (self.down, self.across)]
        return {
            "kind": "matrix",
            "corner": _("% of a row"),
            "across": [
                {"code": class_code(code), "name": class_name(code), "short": _SHORT.get(code, code)}
                for code in self.across_codes
            ],
            "down": [{"code": class_code(code), "name": class_name(code)} for code in self.down_codes],
            "texts": [
                _brief_percent(share, count)
                for share, count in zip(shares.ravel(), counts.ravel(), strict=True)
            ],
            "shares": [round(float(share), 4) for share in shares.ravel()],
            "same": [down == across for down, across in pairs],
            "words": [
                _("{row_name}: {row}, {column_name}: {column}: {count}").format(
                    row_name=column_name(self.down), row=class_name(down), column_name=column_name(self.across),
                    column=class_name(across), count=_pictures(int(count), int(total)),
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
                f"{network_name(network)}, {class_name(code)}: {_pictures(int(count), int(total))}"
                for (network, code), count, total in zip(
                    pairs, counts.ravel(), np.repeat(sums.ravel(), 2), strict=True
                )
            ],
            "picked": [
                at for at, (network, code) in enumerate(pairs) if code in _held(chosen, f"{RIGHT}:{network}")
            ],
        }  # fmt: skip

    def after(self, chosen: Filter, low: int, high: int, more: bool) -> Filter:
        row, place = divmod(low, 2)
        return _put_or_take(chosen, Condition(f"{RIGHT}:{self.networks[row]}", (RIGHT_CODES[::-1][place],)))

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
            "words": _words(ranges, counts, sum(counts)),
            "ends": [_edge_text(end) for end in ends],
            "each": named,
            "picked": picked,
        }

    def after(self, chosen: Filter, low: int, high: int, more: bool) -> Filter:
        return _put_or_take(chosen, self._condition(low, high))

    def table_columns(self, table: RowTable, chosen: Filter) -> list[Column]:
        counts = self._counts(table, chosen)
        return [
            Column(self.title, [range_words(self._condition(at, at)) for at in range(len(counts))]),
            Column(_("Pictures"), counts),
            Column(_("Share"), _shares(counts), percent=True, decimals=1),
        ]


_SHORT = {"unknown": "?", "NF": "NF"}


def reading_order(codes: Sequence[str]) -> tuple[str, ...]:
    """Expressions in the order in which people read them, other codes behind them."""
    expressions = in_reading_order([code for code in codes if code in EMOTIONS])
    return (*expressions, *(code for code in codes if code not in EMOTIONS))


def edges_of(values: np.ndarray, *, whole: bool) -> tuple[float, ...]:
    """Round edges for a histogram of the values; what lies above the last belongs to the last column.

    Args:
        values: numbers, (N,), NaN where unknown.
        whole: they are whole numbers: a column each, where there are not too many.
    """
    known = values[~np.isnan(values)] if values.dtype.kind == "f" else values
    low, high = (float(known.min()), float(np.quantile(known, 0.999))) if len(known) else (0.0, 1.0)
    rough = max((high - low) / _COLUMNS_OF_A_HISTOGRAM, 1e-9)
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(times * scale for times in (1, 2, 5, 10) if times * scale >= rough * 0.999)
    if whole:
        step = max(1.0, round(step))
    first = math.floor(low / step)
    last = max(math.floor(high / step) + 1, first + 1)
    return tuple(round(each * step, 6) for each in range(first, last + 1))


def _put_or_take(chosen: Filter, condition: Condition) -> Filter:
    """What one click does: the condition alone on its column, or none where it was that already."""
    if chosen.of(condition.column) == condition:
        return chosen.without(condition)
    return chosen.replaced(condition)


def _held(chosen: Filter, column_id: str) -> tuple[str, ...]:
    condition = chosen.of(column_id)
    return () if condition is None or condition.values is None else condition.values


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    return [count / total if total else math.nan for count in counts]


def _words(names: Sequence[str], counts: Sequence[int], total: int) -> list[str]:
    return [f"{name}: {_pictures(count, total)}" for name, count in zip(names, counts, strict=True)]


def _pictures(count: int, total: int) -> str:
    """ "412 pictures (1.1%)"."""
    text = ngettext("{n} picture", "{n} pictures", count).format(n=format_number(count))
    return f"{text} ({format_percent(count / total, 1)})" if total else text


def _brief_percent(share: float, count: int) -> str:
    """Whole percents; nothing where there is nothing, "<1" where it would be 0."""
    percent = round(100 * share)
    return "" if not count else format_number(percent) if percent else "<1"


def _edge_text(edge: float) -> str:
    return format_number(edge, 0 if float(edge).is_integer() else 2 if edge * 10 % 1 else 1)
