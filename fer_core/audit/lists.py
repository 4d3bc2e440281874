"""What an audit names one by one: lists of rows, each for one finding, with the columns that it takes to judge it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.audit.audited import Audited
from fer_core.audit.findings import AGREED, conflicting
from fer_core.csv_files import harmless_cell
from fer_core.datasets.columns import VOTE_CODES, column
from fer_core.datasets.rows import RowTable
from fer_core.errors import N_

FILE: Final = "file"
"""Column of lists of a set of folders: the file of the picture."""
CONFLICTING: Final = "labels_differ"
"""Column of lists of groups: whether the labels of the group differ."""


@dataclass(frozen=True)
class RowList:
    """One list of an audit.

    Attributes:
        name: of its file, without an ending.
        what: is in it, in English, a key of the catalogue.
        needs: column without which there is no such list.
        columns: beside row, split, label and majority, where the table has them.
        rows: of a table to the positions of the pictures, int (n,), in the order of the list.
    """

    name: str
    what: str
    needs: str
    columns: tuple[str, ...]
    rows: Callable[[RowTable], np.ndarray]


def _by_group(column_id: str) -> Callable[[RowTable], np.ndarray]:
    def rows(table: RowTable) -> np.ndarray:
        groups = table.values(column_id)
        return np.argsort(groups, kind="stable")[np.count_nonzero(groups < 0) :]

    return rows


def _flagged(column_id: str) -> Callable[[RowTable], np.ndarray]:
    return lambda table: np.flatnonzero(table.values(column_id))


def _agreed_otherwise(table: RowTable) -> np.ndarray:
    expression = (table.values("vote") >= 0) & (table.values("vote") < VOTE_CODES.index("unknown"))
    other = table.texts("label") != table.texts("vote")
    return np.flatnonzero(expression & other & (table.values("agreement") >= AGREED))


def _most_doubtful(table: RowTable) -> np.ndarray:
    order = np.argsort(-table.values("doubt"), kind="stable")  # NaN last
    return order[: np.count_nonzero(~np.isnan(table.values("doubt")))]


LISTS: Final = (
    RowList("duplicates", N_("pictures that are there more than once, by group"), "duplicate_group",
            ("duplicate_group", "duplicates", CONFLICTING, "leaked"), _by_group("duplicate_group")),
    RowList("near-duplicates", N_("near and exact duplicates, by group"), "near_group",
            ("near_group", "duplicate_group", CONFLICTING, "leaked"), _by_group("near_group")),
    RowList("leaked", N_("test pictures that Training has, too, exactly or nearly"), "leaked",
            ("duplicate_group", "near_group"), _flagged("leaked")),
    RowList("doubtful-labels", N_("pictures by the doubt about their label, the most doubtful first"), "doubt",
            ("doubt", "agreement", "entropy"), _most_doubtful),
    RowList("votes-against-label", N_("pictures of which nine or ten annotators chose one other expression"), "votes",
            ("agreement", "entropy"), _agreed_otherwise),
    RowList("not-a-face", N_("pictures that most annotators took for no face"), "not_a_face",
            ("agreement", "undetected"), _flagged("not_a_face")),
    RowList("undetected", N_("pictures in which no detector finds a face"), "undetected",
            ("not_a_face",), _flagged("undetected")),
)  # fmt: skip
"""Every list that an audit can have, in the order of its report."""


def lists_of(audit: Audited) -> tuple[RowList, ...]:
    """The lists for which the table has what they need, also those without a row."""
    return tuple(each for each in LISTS if audit.table.has(each.needs))


def list_csv(audit: Audited, wanted: RowList) -> bytes:
    """Write a list: comma, CRLF, UTF-8 with the mark by which Excel knows it; classes as codes.

    Args:
        audit: whose rows.
        wanted: one of `lists_of`.
    """
    table, positions = audit.table, wanted.rows(audit.table)
    columns: dict[str, list[str]] = {}
    for name in ("row", "split", "label", "vote", *wanted.columns):
        if name == CONFLICTING:
            differ = conflicting(table.values(wanted.needs), table.values("label"))[positions]
            columns[name] = ["yes" if each else "no" for each in differ]
        elif table.has(name):
            columns[name] = _cells(table, name, positions)
    if audit.files:
        columns[FILE] = [harmless_cell(audit.files[position]) for position in positions]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*columns, "raut_version", "date"))
    writer.writerows(
        (*cells, audit.raut_version, audit.date) for cells in zip(*columns.values(), strict=True)
    )
    return text.getvalue().encode("utf-8-sig", "replace")


def _cells(table: RowTable, name: str, positions: np.ndarray) -> list[str]:
    if column(name).codes:
        return [str(code) for code in table.texts(name)[positions]]
    values = table.values(name)[positions]
    if column(name).kind == "measure":
        return ["" if np.isnan(value) else f"{value:.6g}" for value in values]
    return [str(int(value)) for value in values]
