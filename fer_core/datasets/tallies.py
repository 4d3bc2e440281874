"""Counts of a `RowTable`, as the bars and cells of charts: each is what a click on it would leave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fer_core.datasets.rows import RowTable


def class_counts(table: RowTable, column_id: str, mask: np.ndarray | None = None) -> dict[str, int]:
    """Count the pictures of each code of a class or a flag, zeros included; `NONE` is not counted.

    Args:
        table: whose column is counted.
        column_id: of kind "class" or "flag".
        mask: bool (N,), the rows that count; None: all.

    Raises:
        DatasetError: the table does not have the column.
    """
    codes = table.codes(column_id)
    held = table.values(column_id) if mask is None else table.values(column_id)[mask]
    counts = np.bincount(held[held >= 0].astype(np.int64), minlength=len(codes))
    return {code: int(count) for code, count in zip(codes, counts, strict=True)}


def cross_counts(
    table: RowTable, row_column: str, column_column: str, mask: np.ndarray | None = None
) -> np.ndarray:
    """Count the pictures of each pair of codes: int64 (R, C), in the orders of `RowTable.codes`.

    A picture that lacks one of the two (`NONE`) is in no cell.

    Args:
        table: whose columns are counted.
        row_column: a class or a flag.
        column_column: another one.
        mask: bool (N,), the rows that count; None: all.

    Raises:
        DatasetError: the table lacks one of them.
    """
    shape = (len(table.codes(row_column)), len(table.codes(column_column)))
    across, down = (table.values(each).astype(np.int64) for each in (column_column, row_column))
    counted = (across >= 0) & (down >= 0)
    if mask is not None:
        counted &= mask
    cells = down[counted] * shape[1] + across[counted]
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def histogram(
    table: RowTable, column_id: str, edges: Sequence[float], mask: np.ndarray | None = None
) -> np.ndarray:
    """Count a measured column between edges, as conditions would: from each edge up to the next, not included.

    Args:
        table: whose column is counted.
        column_id: of kind "measure".
        edges: k + 1 numbers, rising.
        mask: bool (N,), the rows that count; None: all.

    Returns:
        int64 (k,). A value at the last edge or above is in none of them, as one below the first.

    Raises:
        DatasetError: the table does not have the column.
    """
    held = table.values(column_id) if mask is None else table.values(column_id)[mask]
    held = held[~np.isnan(held)].astype(np.float64)
    places = np.searchsorted(np.asarray(edges, np.float64), held, side="right")
    return np.bincount(places, minlength=len(edges) + 1)[1 : len(edges)].astype(np.int64)
