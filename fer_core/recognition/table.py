"""The columns and cells of a table of faces, whatever they were found in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

Row = dict[str, str | int | float]
"""One row of the table, by the names of its columns."""

VERSION_COLUMN: Final = "raut_version"
"""Column of every table that people take home: the version of Raut that made the row."""

_FORMULA_SIGNS: Final = "=+@＝＋－＠﹦﹢﹣﹫\t\r-"
_CELL_BEGINS: Final = r'((?:^|[;\t\r\n])(?:[^\S\t\r\n]|")*)'
_BEFORE_A_FORMULA: Final = re.compile(f"{_CELL_BEGINS}(?='*[{_FORMULA_SIGNS}])")
_DEFUSED: Final = re.compile(f"{_CELL_BEGINS}'(?='*[{_FORMULA_SIGNS}])")


def result_columns(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns that every table of faces has, in their order; others come behind them."""
    return ("file", "face", "x", "y", "width", "height", *labels, "label", "status", VERSION_COLUMN)


def harmless_cell(cell: str) -> str:
    """Put an apostrophe into the text wherever a spreadsheet would begin a formula.

    At the beginning, and behind what a spreadsheet may take for the end of a cell: some countries separate
    them with semicolons. Spaces and quotation marks in front do not count, and full-width signs do what narrow
    ones do. `cell_as_it_was` gives the text back.
    """
    return _BEFORE_A_FORMULA.sub(r"\1'", cell)


def cell_as_it_was(cell: str) -> str:
    """Take the apostrophes of `harmless_cell` out; a text that it did not write is left as it is."""
    before = _DEFUSED.sub(r"\1", cell)
    return before if harmless_cell(before) == cell else cell
