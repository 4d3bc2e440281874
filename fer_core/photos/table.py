"""The table of photos that people take home as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from fer_core import __version__
from fer_core.photos.analysis import PhotoResult
from fer_core.recognition.table import VERSION_COLUMN, Row, harmless_cell, result_columns

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


def result_rows(results: Iterable[PhotoResult]) -> list[Row]:
    """Make one row for each face; a photo without a face, or that cannot be read, is one row without figures.

    `label` is the most probable expression, also where the answer on the page is "unsure": a table for
    statistics keeps its columns and codes whatever the network.

    Returns:
        Dictionaries with the keys of `result_columns`: pixels as whole numbers, probabilities rounded to
        six decimals, "" where there is nothing to say.
    """
    rows: list[Row] = []
    for result in results:
        columns = result_columns(result.labels)
        if not result.faces:
            rows.append(
                {
                    **dict.fromkeys(columns, ""),
                    "file": result.name,
                    "status": result.status,
                    VERSION_COLUMN: __version__,
                }
            )
        for face in result.faces:
            x1, y1, x2, y2 = (int(value) for value in face.box_xyxy)
            probabilities = {
                label: round(float(probability), 6)
                for label, probability in zip(result.labels, face.probabilities, strict=True)
            }
            rows.append(
                {
                    "file": result.name,
                    "face": face.number,
                    "x": x1,
                    "y": y1,
                    "width": x2 - x1,
                    "height": y2 - y1,
                    **probabilities,
                    "label": face.label,
                    "status": result.status,
                    VERSION_COLUMN: __version__,
                }
            )
    return rows


def csv_table(stream: SupportsWrite[str], labels: Sequence[str]) -> Callable[[Iterable[Row]], None]:
    """Begin a table of `result_rows` as CSV (RFC 4180: comma, CRLF, decimal point), header first.

    A file name that a spreadsheet would run as a formula gets an apostrophe in front.

    Args:
        stream: opened with newline="".
        labels: of the network; () leaves only the columns that all networks have.

    Returns:
        A function that adds rows.
    """
    writer = csv.DictWriter(stream, result_columns(labels), lineterminator="\r\n")
    writer.writeheader()

    def write(rows: Iterable[Row]) -> None:
        writer.writerows({**row, "file": harmless_cell(str(row["file"]))} for row in rows)

    return write


def results_to_csv(results: Sequence[PhotoResult]) -> str:
    """Write the rows of `result_rows` as a `csv_table`.

    Args:
        results: of one network, so that all have the same columns.

    Raises:
        ValueError: results of networks with different labels.
    """
    label_orders = {result.labels for result in results}
    if len(label_orders) > 1:
        raise ValueError(f"Expected results of one network. Received labels: {sorted(label_orders)}")
    text = io.StringIO(newline="")
    csv_table(text, next(iter(label_orders), ()))(result_rows(results))
    return text.getvalue()
