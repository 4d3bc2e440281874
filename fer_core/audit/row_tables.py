"""Rows of a data set to take home: CSV with every column in the order chosen, and a codebook that explains them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from fer_core.datasets.columns import CERTAINTY, NONE, PREDICTED, VOTE_CODES, Column, column
from fer_core.datasets.filters import Filter, describe_query
from fer_core.datasets.orders import Order
from fer_core.datasets.rows import RowTable
from fer_core.errors import N_
from fer_core.recognition import codebook
from fer_core.recognition.codebook import TYPES, ExplainedColumn
from fer_core.recognition.provenance import Provenance, Setting

_OF_A_NETWORK: Final = N_("{meaning} Network: {network}.")
_VOTES_FOR: Final = N_("How many of ten annotators of FER+ chose “{choice}”.")
_SETTINGS: Final = N_(
    "The data set, the filter and the order that gave these rows, as in the address of the page."
)


@dataclass(frozen=True)
class Chosen:
    """Rows of a table in their order, and what chose them."""

    table: RowTable
    filter: Filter = Filter()
    order: Order = Order()
    selected: tuple[int, ...] | None = None
    """Positions that a person chose one by one, in no order; None: all that the filter leaves."""

    def positions(self) -> np.ndarray:
        """Where the rows are in the table, in order: int64 (n,).

        Raises:
            DatasetError: the table cannot answer the filter or the order.
        """
        mask = self.filter.mask(self.table)
        if self.selected is not None:
            one_by_one = np.zeros(len(self.table), bool)
            one_by_one[list(self.selected)] = True
            mask &= one_by_one
        return self.order.positions(self.table, mask)

    def provenance(self, made: datetime, source: str) -> Provenance:
        """Where the rows come from.

        Args:
            made: when, with its zone.
            source: what the table is of: "FER2013", or the name of another set.
        """
        settings: dict[str, Setting] = {
            "data": source,
            "filter": describe_query([self.filter.to_query()]),
            "order": describe_query([self.order.to_query()]),
            "pictures": len(self.table),
        }
        if self.selected is not None:
            settings["selected"] = len(self.selected)
        return Provenance(made, settings={name: value for name, value in settings.items() if value != ""})


def rows_csv(table: RowTable, positions: np.ndarray, provenance: Provenance) -> bytes:
    """Write rows with every column that the table has; classes as codes, numbers with a decimal point.

    Args:
        table: whose rows are written.
        positions: int (n,), where they are, in their order.
        provenance: where they come from, in the last columns of every row.

    Returns:
        CSV in UTF-8 with the mark by which Excel knows it.
    """
    names: list[str] = []
    cells: list[Sequence[str]] = []
    for column_id in table.column_ids():
        if column_id == "votes":
            names += [f"votes:{choice}" for choice in VOTE_CODES]
            cells += [_cells(votes) for votes in table.values("votes")[positions].T]
        else:
            names.append(column_id)
            held = table.texts(column_id) if table.codes(column_id) else table.values(column_id)
            cells.append(_cells(held[positions]))
    source = provenance.known_cells()
    head, tail = _line([*names, *source]), _line(source.values())
    # No cell before the last ones has a comma or a quotation mark: `csv` would take three times as long.
    lines = (",".join(row) + "," + tail for row in zip(*cells, strict=True))
    return "\r\n".join([head, *lines, ""]).encode("utf-8-sig")


def codebook_csv(
    table: RowTable,
    provenance: Provenance,
    say: Callable[[str], str] = str,
    sources: dict[str, str] | None = None,
) -> bytes:
    """Write what every column of `rows_csv` means, one row a column.

    Args:
        table: whose columns are explained.
        provenance: of the rows.
        say: translates a text of the catalogue; left out: English.
        sources: column id to what it was made from, such as the checksum of a network; see `column_sources`.

    Returns:
        CSV in UTF-8 with the mark by which Excel knows it.
    """
    columns = (
        ExplainedColumn(
            name,
            say(each.name),
            meaning,
            say(TYPES[each.kind]),
            unit=say(each.unit) if each.unit else "",
            values="" if each.id == "votes" else ", ".join(table.codes(each.id)),
            missing={"class": NONE, "measure": ""}.get(each.kind, ""),
            source=(sources or {}).get(each.id, ""),
        )
        for name, each, meaning in explained_columns(table, say)
    )
    return codebook.codebook_csv(columns, provenance, _SETTINGS, say)


def column_sources(statistics: dict[str, dict[str, object]]) -> dict[str, str]:
    """What the shipped columns of the networks were made from: column id to the SHA-256 of the network's weights.

    Args:
        statistics: `fer_core.datasets.statistics.shipped.shipped_statistics()`.
    """
    checksums = statistics.get("networks", {}).get("sha256", {})
    if not isinstance(checksums, dict):
        return {}
    return {
        f"{kind}:{network}": f"sha256 {checksum}"
        for network, checksum in checksums.items()
        for kind in (PREDICTED, CERTAINTY)
    }


def rows_zip(
    chosen: Chosen,
    provenance: Provenance,
    say: Callable[[str], str] = str,
    sources: dict[str, str] | None = None,
) -> bytes:
    """The rows and their codebook in one zip: `rows.csv` and `codebook.csv`; arguments as for the two."""
    files = {
        "rows.csv": rows_csv(chosen.table, chosen.positions(), provenance),
        "codebook.csv": codebook_csv(chosen.table, provenance, say, sources),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(
                zipfile.ZipInfo(name, provenance.made.timetuple()[:6]), text, zipfile.ZIP_DEFLATED
            )
    return content.getvalue()


def explained_columns(table: RowTable, say: Callable[[str], str]) -> Iterable[tuple[str, Column, str]]:
    """Name, column and meaning of each column of `rows_csv`; `say` translates a text of the catalogue."""
    for column_id in table.column_ids():
        each = column(column_id)
        meaning = say(each.meaning)
        if column_id == "votes":
            for choice in VOTE_CODES:
                yield f"votes:{choice}", each, say(_VOTES_FOR).format(choice=choice)
        elif each.network:
            yield column_id, each, say(_OF_A_NETWORK).format(meaning=meaning, network=each.network)
        else:
            yield column_id, each, meaning


def _cells(values: np.ndarray) -> list[str]:
    """One column as text: the shortest digits that give a number back, "" where it is not known."""
    if values.dtype.kind == "f":
        return ["" if np.isnan(value) else str(value) for value in values]
    return [str(value) for value in values.tolist()]


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
