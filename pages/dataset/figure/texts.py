"""What the figures of the table have in common: edges, orders, and the words and numbers at their parts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from fer_core.datasets.filters import Condition, Filter
from fer_core.labels import EMOTIONS, in_reading_order
from pages.ui.i18n import format_number, format_percent, ngettext

_COLUMNS_OF_A_HISTOGRAM = 26
SHORT_NAMES = {"unknown": "?", "NF": "NF"}
"""Heads of columns that are too narrow for a name and have no sign."""


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


def put_or_take(chosen: Filter, condition: Condition) -> Filter:
    """What one click does: the condition alone on its column, or none where it was that already."""
    if chosen.of(condition.column) == condition:
        return chosen.without(condition)
    return chosen.replaced(condition)


def held_values(chosen: Filter, column_id: str) -> tuple[str, ...]:
    """The values that the filter wants of a column; () for none and for a range."""
    condition = chosen.of(column_id)
    return () if condition is None or condition.values is None else condition.values


def shares_of(counts: Sequence[int]) -> list[float]:
    """Each count as a share of all; NaN where there are none."""
    total = sum(counts)
    return [count / total if total else math.nan for count in counts]


def bar_words(names: Sequence[str], counts: Sequence[int], total: int) -> list[str]:
    """What a screen reader says of each bar: "Happy: 412 pictures (1.1%)"."""
    return [f"{name}: {pictures_in_words(count, total)}" for name, count in zip(names, counts, strict=True)]


def pictures_in_words(count: int, total: int) -> str:
    """ "412 pictures (1.1%)"."""
    text = ngettext("{n} picture", "{n} pictures", count).format(n=format_number(count))
    return f"{text} ({format_percent(count / total, 1)})" if total else text


def brief_percent(share: float, count: int) -> str:
    """Whole percents; nothing where there is nothing, "<1" where it would be 0."""
    percent = round(100 * share)
    return "" if not count else format_number(percent) if percent else "<1"


def edge_text(edge: float) -> str:
    """The edge of a histogram's column as it stands below it."""
    return format_number(edge, 0 if float(edge).is_integer() else 2 if edge * 10 % 1 else 1)
