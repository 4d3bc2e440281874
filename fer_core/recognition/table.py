"""The columns and cells of a table of faces, whatever they were found in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

Row = dict[str, str | int | float]
"""One row of the table, by the names of its columns."""

VERSION_COLUMN: Final = "raut_version"
"""Last column of every table that people take home: the version of Raut that made the row."""


def result_columns(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns of `result_rows`, in their order."""
    return ("file", "face", "x", "y", "width", "height", *labels, "label", "status", VERSION_COLUMN)


def harmless_cell(cell: str) -> str:
    """Put an apostrophe into the text wherever a spreadsheet would begin a formula.

    At the beginning, and behind what a spreadsheet may take for the end of a cell: some countries separate
    them with semicolons.
    """
    return re.sub(r"(^|[;\t\r\n])(?=[=+\-@\t\r])", r"\1'", cell)
