"""The table of a run as CSV, JSON or Parquet, written while it comes, so that it may be of any length."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Final

from fer_core.photos.table import csv_table, table_columns
from fer_core.recognition.provenance import Provenance
from fer_core.recognition.table import Row

from .work import PhotoRows

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_ROWS_A_GROUP: Final = 10_000


def write_text(
    photos: Iterable[PhotoRows],
    labels: Sequence[str],
    stream: SupportsWrite[str],
    form: str,
    provenance: Provenance,
) -> None:
    """Write the rows as CSV (RFC 4180) or as one JSON array with a line for each row.

    Args:
        photos: results of one network.
        labels: its labels, in their order.
        stream: opened with newline="".
        form: "csv" or "json".
        provenance: of all rows.
    """
    if form == "csv":
        write = csv_table(stream, labels, provenance)
        for photo in photos:
            write(photo.rows)
        return
    separator = "[\n"
    source = provenance.cells()
    for row in _rows(photos):
        stream.write(separator + json.dumps({**row, **source}, ensure_ascii=False))
        separator = ",\n"
    stream.write("\n]\n" if separator != "[\n" else "[]\n")


def write_parquet(
    photos: Iterable[PhotoRows], labels: Sequence[str], stream: IO[bytes], provenance: Provenance
) -> None:
    """Write the rows as Parquet: whole numbers and floats as such, null where a photo has no figures.

    The metadata of the schema say where the rows come from, as the last columns do.

    Args:
        photos: results of one network.
        labels: its labels, in their order.
        stream: for bytes.
        provenance: of all rows.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    integer_types = dict.fromkeys(("face", "x", "y", "width", "height"), pa.int32())
    types = {**dict.fromkeys((*labels, "turn_degrees"), pa.float64()), **integer_types}
    columns, source = table_columns(labels), provenance.cells()
    schema = pa.schema(
        [(column, types.get(column, pa.string())) for column in columns],
        metadata=source,
    )
    with pq.ParquetWriter(stream, schema) as writer:
        remaining_rows = iter(_rows(photos))
        while rows := [{**row, **source} for row in islice(remaining_rows, _ROWS_A_GROUP)]:
            values = {
                column: [None if row[column] == "" else row[column] for row in rows] for column in columns
            }
            writer.write_table(pa.table(values, schema=schema))


def _rows(photos: Iterable[PhotoRows]) -> Iterable[Row]:
    return chain.from_iterable(photo.rows for photo in photos)
