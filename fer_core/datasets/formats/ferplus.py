"""FER+ (Barsoum et al. 2016, arXiv:1608.01041): ten votes for each row of FER2013."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from fer_core.datasets.fer2013 import USAGES
from fer_core.datasets.votes import VOTE_COLUMNS
from fer_core.errors import N_, DatasetError


def read_ferplus(path: Path, expected_rows: int, expected_usages: np.ndarray | None = None) -> np.ndarray:
    """Read the votes of FER+.

    Args:
        path: `fer2013new.csv`.
        expected_rows: number of rows of the FER2013 table that the votes belong to.
        expected_usages: int8 (expected_rows,), its usages; rows are joined by position alone, so that
            this is what shows whether the two tables belong together. None: not checked.

    Returns:
        uint8 (expected_rows, 10), votes in the order of `VOTE_COLUMNS`.

    Raises:
        DatasetError: a column is missing, a vote is not a number, or the rows do not line up.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
            table = [row for row in csv.reader(file) if row]
    except (OSError, csv.Error) as error:
        raise DatasetError(
            N_("{file} cannot be read ({reason})."), file=path.name, reason=getattr(error, "strerror", error)
        ) from error
    if not table:
        raise DatasetError(N_("{file} is empty. Download it again."), file=path.name)

    header = [name.strip().lower() for name in table.pop(0)]
    for name in ("Usage", *VOTE_COLUMNS):
        if name.lower() not in header:
            raise DatasetError(
                N_("{file} has no column “{column}”, which the votes of FER+ have."),
                file=path.name,
                column=name,
            )
    usage_at = header.index("usage")
    votes_at = [header.index(name.lower()) for name in VOTE_COLUMNS]
    if len(table) != expected_rows:
        raise DatasetError(
            N_(
                "{file} has {received} rows, but FER2013 has {expected}: they do not line up. Put both "
                "complete files there, or remove {file}."
            ),
            file=path.name, received=len(table), expected=expected_rows,
        )  # fmt: skip

    votes = np.zeros((expected_rows, len(VOTE_COLUMNS)), dtype=np.uint8)
    for row, values in enumerate(table):
        cells = [values[at].strip() if at < len(values) else "" for at in votes_at]
        if not all(
            cell.isascii() and cell.isdigit() and len(cell) <= 3 and int(cell) <= 255 for cell in cells
        ):
            raise DatasetError(
                N_("Row {row} of {file} has votes that are not whole numbers: it was changed or cut off."),
                row=row, file=path.name,
            )  # fmt: skip
        votes[row] = [int(cell) for cell in cells]
        usage = values[usage_at].strip()
        if expected_usages is not None and usage != USAGES[expected_usages[row]]:
            raise DatasetError(
                N_(
                    "Row {row} of {file} belongs to “{received}”, but row {row} of FER2013 to "
                    "“{expected}”: the two tables do not line up."
                ),
                row=row, file=path.name, received=usage[:20], expected=USAGES[expected_usages[row]],
            )  # fmt: skip
    return votes
