"""The columns and cells of a table of faces, whatever they were found in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fer_core.csv_files import harmless_cell
from fer_core.labels import are_expressions

Row = dict[str, str | int | float]
"""One row of the table, by the names of its columns."""

VERSION_COLUMN: Final = "raut_version"
"""Column of every table that people take home: the version of Raut that made the row."""


def probability_columns(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns with the probabilities of a network, in the order of its labels.

    They are the codes of expressions. A class that people named has "probability" in front, since its name may be that
    of another column; safe in a spreadsheet.
    """
    if are_expressions(labels):
        return tuple(labels)
    return tuple(harmless_cell(f"probability {label}") for label in labels)


def result_columns(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns that every table of faces has, in their order; others come behind them."""
    return (
        "file",
        "face",
        "x",
        "y",
        "width",
        "height",
        *probability_columns(labels),
        "label",
        "status",
        VERSION_COLUMN,
    )
