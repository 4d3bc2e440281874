"""What the view "Forensics" lists: for each finding its rows, the filter that shows them, and what stands beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.audit.findings import AGREED, conflicting
from fer_core.datasets.columns import VOTE_CODES
from fer_core.datasets.filters import MOST_VALUES, Condition, Filter
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.shipped import shipped_statistics
from fer_core.errors import N_

DOUBTFUL: Final = "doubtful"


@dataclass(frozen=True)
class Finding:
    """One list of the view.

    Attributes:
        id: as the address has it.
        name: a few words in English, a key of the catalogue.
        needs: columns without which there is no such list.
        rows: of a table, the positions of its pictures, int (n,), in the order of the list.
        shows: of a table, the filter of the view "Pictures" that shows these rows.
        columns: beside row, split, label and majority in the list.
    """

    id: str
    name: str
    needs: tuple[str, ...]
    rows: Callable[[RowTable], np.ndarray]
    shows: Callable[[RowTable], Filter]
    columns: tuple[str, ...]


def findings_for(table: RowTable) -> dict[str, Finding]:
    """The findings that a table has the columns for, by their ids."""
    return {each.id: each for each in FINDINGS if all(table.has(column) for column in each.needs)}


def threshold_of_doubt() -> float:
    """From which doubt on a label is called doubtful: as many as confident learning estimates to be wrong."""
    return float(shipped_statistics()["doubt"]["threshold"])


def _only(column: str, *values: str, low: float | None = None) -> Filter:
    return Filter((Condition(column, values or None, low),))


def _by_group(column: str) -> Callable[[RowTable], np.ndarray]:
    def rows(table: RowTable) -> np.ndarray:
        groups = table.values(column)
        return np.argsort(groups, kind="stable")[np.count_nonzero(groups < 0) :]

    return rows


def _conflicting(table: RowTable) -> np.ndarray:
    rows = _by_group("duplicate_group")(table)
    return rows[conflicting(table.values("duplicate_group"), table.values("label"))[rows]]


def _rows_filter(rows: Callable[[RowTable], np.ndarray]) -> Callable[[RowTable], Filter]:
    def shows(table: RowTable) -> Filter:
        numbers = np.sort(table.values("row")[rows(table)])[:MOST_VALUES]
        return _only("row", *map(str, numbers.tolist()))

    return shows


def _leaked(table: RowTable) -> np.ndarray:
    """With their duplicates in Training beside them: that is what tells that a row leaks."""
    groups = table.values("near_group" if table.has("near_group") else "duplicate_group")
    of_leak = groups[table.values("leaked")]
    shown = table.values("leaked") | ((table.values("split") == 0) & (groups >= 0) & np.isin(groups, of_leak))
    rows = np.flatnonzero(shown)
    return rows[np.lexsort((table.values("split")[rows] == 0, groups[rows]))]


def _doubtful(table: RowTable) -> np.ndarray:
    doubt = table.values("doubt")
    order = np.argsort(-doubt, kind="stable")
    return order[: int((doubt >= threshold_of_doubt()).sum())]


def _not_a_face(table: RowTable) -> np.ndarray:
    flagged = [table.values(name) for name in ("not_a_face", "undetected") if table.has(name)]
    rows = np.flatnonzero(np.any(flagged, axis=0))
    agreed = np.sum(flagged, axis=0)[rows]
    nobody = table.values("votes")[rows, VOTE_CODES.index("NF")] if table.has("votes") else agreed
    return rows[np.lexsort((-nobody.astype(np.int64), -agreed))]


FINDINGS: Final = (
    Finding("exact", N_("Exact duplicates"), ("duplicate_group",), _by_group("duplicate_group"),
            lambda table: _only("duplicates", low=2), ("duplicate_group", "duplicates", "leaked")),
    Finding("conflicting", N_("Conflicting labels"), ("duplicate_group",), _conflicting, _rows_filter(_conflicting),
            ("duplicate_group", "duplicates")),
    Finding("near", N_("Near duplicates"), ("near_group",), _by_group("near_group"),
            lambda table: _only("near_group", low=0), ("near_group", "duplicate_group", "leaked")),
    Finding("leakage", N_("Leakage"), ("duplicate_group",), _leaked, lambda table: _only("leaked", "yes"),
            ("near_group", "duplicate_group", "leaked")),
    Finding(DOUBTFUL, N_("Doubtful labels"), ("doubt",), _doubtful,
            lambda table: _only("doubt", low=threshold_of_doubt()), ("doubt", "agreement")),
    Finding("not-a-face", N_("Not a face"), ("undetected",), _not_a_face, _rows_filter(_not_a_face),
            ("not_a_face", "undetected", "agreement")),
)  # fmt: skip
"""In the order in which they stand at the head of the view."""


def another_by_votes(table: RowTable) -> tuple[np.ndarray, np.ndarray]:
    """Whether nine or ten of ten voters agree on one of FER2013's seven expressions, and on another than the label.

    Returns:
        agreed bool (N,), other bool (N,), which is only where they agree.
    """
    agreed = (table.values("agreement") >= AGREED) & np.isin(table.texts("vote"), table.codes("label"))
    return agreed, agreed & (table.texts("vote") != table.texts("label"))
