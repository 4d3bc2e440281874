"""The confusion matrix in numbers: counts, rates of rows and columns, and how two networks differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.evaluation.comparison import confusion_difference
from fer_core.evaluation.metrics import column_rates, row_rates
from fer_core.evaluation.report import SplitReport
from fer_core.plots import SHADES
from pages.ui.charts import Column, expression_column, expressions_column
from pages.ui.i18n import N_, _, emotion_name, format_number, format_percent

NUMBERS = {
    "counts": N_("Counts"),
    "rows": N_("Row rates"),
    "columns": N_("Column rates"),
    "difference": N_("Difference"),
}
"""What the cells can show."""

_STEPS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
"""Differences that the scale can end with."""


@dataclass(frozen=True, eq=False)
class Shown:
    """A matrix of C expressions as it is shown, rows are the labels.

    Attributes:
        labels: codes.
        shades: float (C, C): a share, 0 to 1, or a difference; NaN where undefined.
        texts: (C, C), what stands in the cells.
        facts: (C, C), all that is known about a cell, line by line.
        largest: the difference at the ends of the scale; None where the shades are shares.
        scale_name: what a shade means.
        scale: values that the legend names to how it writes them.
        answer_name: what the columns are and what the numbers are, in words.
        columns: the numbers as a table to take home.
    """

    labels: tuple[str, ...]
    shades: np.ndarray
    texts: Sequence[Sequence[str]]
    facts: Sequence[Sequence[tuple[str, ...]]]
    largest: float | None
    scale_name: str
    scale: dict[float, str]
    answer_name: str
    columns: Sequence[Column]


def matrix_shown(part: SplitReport, numbers: str) -> Shown:
    """One network's matrix.

    Args:
        part: how it answered a split.
        numbers: "counts", "rows" or "columns".
    """
    of_row, of_column = row_rates(part.confusion), column_rates(part.confusion)
    shares = of_column if numbers == "columns" else of_row
    if numbers == "counts":
        texts = [[format_number(count) for count in row] for row in part.confusion.tolist()]
    else:
        texts = [[format_percent(share, 0).removesuffix("%") for share in row] for row in shares]
    size = range(len(part.labels))
    sums = part.confusion.sum(axis=1), part.confusion.sum(axis=0)
    facts = [
        [
            (
                *_names(part, i, j),
                _("{n} of {total} pictures").format(
                    n=format_number(part.confusion[i, j]), total=format_number(part.n)
                ),
                _("{share} of the {n} with this label").format(
                    share=format_percent(of_row[i, j]), n=format_number(sums[0][i])
                ),
                _("{share} of the {n} with this answer").format(
                    share=format_percent(of_column[i, j]), n=format_number(sums[1][j])
                ),
            )
            for j in size
        ]
        for i in size
    ]
    columns = [expressions_column(_("Label"), part.labels)]
    for j, code in enumerate(part.labels):
        values = (part.confusion if numbers == "counts" else shares)[:, j].tolist()
        columns.append(
            expression_column(code, values, percent=numbers != "counts", decimals=int(numbers != "counts"))
        )
    return Shown(
        part.labels,
        shares,
        texts,
        facts,
        None,
        _("Shade: share of the column") if numbers == "columns" else _("Shade: share of the row"),
        {share: format_percent(share, 0) for share in SHADES},
        {
            "counts": _("Answer, number of images"),
            "rows": _("Answer, in % of the row"),
            "columns": _("Answer, in % of the column"),
        }[numbers],
        columns,
    )


def difference_shown(first: tuple[str, SplitReport], second: tuple[str, SplitReport]) -> Shown:
    """How much more often the first network gives each answer to the pictures of a label than the second.

    Args:
        first, second: name, translated, and how it answered the same pictures.
    """
    (name, part), (other_name, other) = first, second
    rates = [row_rates(each.confusion) for each in (part, other)]
    difference = confusion_difference(part, other).rates
    most = float(np.nanmax(np.abs(difference), initial=0.0))
    largest = next(step for step in _STEPS if step >= most)
    size = range(len(part.labels))
    facts = [
        [
            (
                *_names(part, i, j),
                *(
                    _("{network}: {n} of {total} ({share})").format(
                        network=network,
                        n=format_number(each.confusion[i, j]),
                        total=format_number(each.confusion[i].sum()),
                        share=format_percent(share[i, j]),
                    )
                    for network, each, share in ((name, part, rates[0]), (other_name, other, rates[1]))
                ),
                _("difference: {points} percentage points").format(points=points_text(difference[i, j])),
            )
            for j in size
        ]
        for i in size
    ]
    columns = [expressions_column(_("Label"), part.labels)]
    columns += [
        expression_column(code, (100 * difference[:, j]).tolist(), decimals=1)
        for j, code in enumerate(part.labels)
    ]
    ends = (-largest, -largest / 2, 0.0, largest / 2, largest)
    return Shown(
        part.labels,
        difference,
        [[points_text(points) for points in row] for row in difference],
        facts,
        largest,
        _("Shade: {first} minus {second}").format(first=name, second=other_name),
        {end: points_text(end, 1 if (100 * largest / 2) % 1 else 0) for end in ends},
        _("Answer, difference in percentage points of the row"),
        columns,
    )


def points_text(points: float, decimals: int = 0) -> str:
    """0.031 -> "+3", in Indonesian alike; "0" and "–" without a sign."""
    text = format_number(100 * points, decimals)
    if points > 0 and text.strip("0,.") != "":
        return f"+{text}"
    if points < 0 and text.strip("-0,.") == "":
        return text.removeprefix("-")  # rounded to nothing
    return text.replace("-", "−")


def _names(part: SplitReport, i: int, j: int) -> tuple[str, str]:
    return (
        _("label: {label}").format(label=emotion_name(part.labels[i])),
        _("answer: {label}").format(label=emotion_name(part.labels[j])),
    )
