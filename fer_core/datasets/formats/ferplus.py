"""FER+ (Barsoum et al. 2016, arXiv:1608.01041): ten votes for each row of FER2013."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from fer_core.csv_files import CsvError, read_csv, whole_number
from fer_core.datasets.fer2013 import USAGES
from fer_core.datasets.votes import VOTE_COLUMNS
from fer_core.errors import N_, DatasetError
from fer_core.folders import FileTooLargeError, read_regular_file

_COLUMNS = ("Usage", *VOTE_COLUMNS)
_MOST_BYTES = 64 << 20  # the published file has 2 MB


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
    table = _read(path)
    header = next(table, None)
    if header is None:
        raise DatasetError(
            N_("{file} is empty. Download it again, or remove it: only the votes of FER+ need it."),
            file=path.name,
        )
    for name in _COLUMNS:
        if name.lower() not in header:
            raise DatasetError(
                N_(
                    "{file} has no column “{column}”, which the votes of FER+ have. Download it again, or remove "
                    "it: only these votes need it."
                ),
                file=path.name,
                column=name,
            )
    usage_at, *votes_at = (header.index(name.lower()) for name in _COLUMNS)
    table = (row for row in table if row)
    rows = list(islice(table, expected_rows))
    received = len(rows) + sum(1 for _ in table)
    if received != expected_rows:
        raise DatasetError(
            N_(
                "{file} has {received} rows, but FER2013 has {expected}: they do not line up. Put both "
                "complete files there, or remove {file}."
            ),
            file=path.name, received=received, expected=expected_rows,
        )  # fmt: skip

    votes = np.zeros((expected_rows, len(VOTE_COLUMNS)), dtype=np.uint8)
    for row, values in enumerate(rows):
        cells = (whole_number(values[at]) if at < len(values) else None for at in votes_at)
        numbers = [number for number in cells if number is not None and number <= 255]
        if len(numbers) != len(votes_at):
            raise DatasetError(
                N_(
                    "Row {row} of {file} has votes that are not whole numbers: it was changed or cut off. "
                    "Download it again, or remove it: only the votes of FER+ need it."
                ),
                row=row, file=path.name,
            )  # fmt: skip
        votes[row] = numbers
        usage = values[usage_at].strip() if usage_at < len(values) else ""
        if expected_usages is not None and usage != USAGES[expected_usages[row]]:
            raise DatasetError(
                N_(
                    "Row {row} of {file} belongs to “{received}”, but row {row} of FER2013 to “{expected}”: the "
                    "two tables do not line up. Put both as they were published, or remove {file}."
                ),
                row=row, file=path.name, received=usage[:20], expected=USAGES[expected_usages[row]],
            )  # fmt: skip
    return votes


def _read(path: Path) -> Iterator[list[str]]:
    """The rows, first that with the names of the columns."""
    try:
        yield from read_csv(read_regular_file(str(path), _MOST_BYTES), [name.lower() for name in _COLUMNS])
    except FileTooLargeError as error:
        raise _unreadable(path, "too large") from error
    except (OSError, CsvError) as error:
        raise _unreadable(path, getattr(error, "strerror", None) or error) from error


def _unreadable(path: Path, reason: object) -> DatasetError:
    return DatasetError(
        N_(
            "{file} cannot be read ({reason}). Download it again, or remove it: only the votes of FER+ need it."
        ),
        file=path.name,
        reason=reason,
    )
