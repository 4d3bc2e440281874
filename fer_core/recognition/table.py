"""The columns and cells of a table of faces, whatever they were found in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

Row = dict[str, str | int | float]
"""One row of the table, by the names of its columns."""

VERSION_COLUMN: Final = "raut_version"
"""Column of every table that people take home: the version of Raut that made the row."""


def result_columns(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns that every table of faces has, in their order; others come behind them."""
    return ("file", "face", "x", "y", "width", "height", *labels, "label", "status", VERSION_COLUMN)
