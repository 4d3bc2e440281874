"""The table of photos that people take home: CSV here, other forms in `fer_core/batch` and `fer_core/reports`."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from fer_core import __version__
from fer_core.csv_files import harmless_cell
from fer_core.photos.analysis import PhotoFace, PhotoResult
from fer_core.recognition.provenance import PROVENANCE_COLUMNS, Provenance
from fer_core.recognition.table import VERSION_COLUMN, Row, probability_columns, result_columns

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

FURTHER_COLUMNS: Final = ("answer", "prediction_set", "found_by", "turn_degrees", "turned_away")
"""What the page says of a face beyond the columns that all tables of faces have."""

STRUCK: Final = "struck"
"""Status of a face that a person struck out."""


def photo_columns(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns of `result_rows`, in their order: those of every table of faces come first."""
    return (*result_columns(labels), *FURTHER_COLUMNS)


def table_columns(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns of a `csv_table`, in their order: behind those of `photo_columns`, where they come from."""
    columns = photo_columns(labels)
    return (*columns, *(column for column in PROVENANCE_COLUMNS if column not in columns))


def result_rows(results: Iterable[PhotoResult]) -> list[Row]:
    """Make one row for each face; a photo without a face, or that cannot be read, is one row without figures.

    `label` is the most probable expression, also where the answer on the page is "unsure": a table for
    statistics keeps its columns and codes whatever the network. `answer` is what the page says.

    A face that a person struck out is a row with the status "struck"; where it was the last one of its photo, the row
    of a photo without a face stands before it.

    Returns:
        Dictionaries with the keys of `photo_columns`: pixels as whole numbers, probabilities rounded to
        six decimals, codes of a prediction set with spaces between them and the most probable one first, `found_by`
        "haar", "blazeface", "both" or "hand", `turn_degrees` by how much the face was turned upright, counter-clockwise,
        to a tenth of a degree, 0 for one that was left as it was, `turned_away` "yes" or "no"; "" where there is nothing
        to say, such as `turned_away` without points.
    """
    rows: list[Row] = []
    for result in results:
        if not result.faces:
            rows.append(
                {
                    **dict.fromkeys(photo_columns(result.labels), ""),
                    "file": result.name,
                    "status": result.status,
                    VERSION_COLUMN: __version__,
                }
            )
        struck = {face.number for face in result.struck}
        rows += [
            _row(result, face, STRUCK if face.number in struck else result.status)
            for face in sorted((*result.faces, *result.struck), key=lambda face: face.number)
        ]
    return rows


def _row(result: PhotoResult, face: PhotoFace, status: str) -> Row:
    x1, y1, x2, y2 = (int(value) for value in face.box_xyxy)
    return {
        "file": result.name,
        "face": face.number,
        "x": x1,
        "y": y1,
        "width": x2 - x1,
        "height": y2 - y1,
        **{
            column: round(float(probability), 6)
            for column, probability in zip(
                probability_columns(result.labels), face.probabilities, strict=True
            )
        },
        "label": harmless_cell(face.label),
        "status": status,
        VERSION_COLUMN: __version__,
        "answer": harmless_cell(face.answer),
        "prediction_set": " ".join(face.prediction_set or ()),
        "found_by": face.found_by,
        "turn_degrees": round(face.turn_degrees, 1),
        "turned_away": "" if face.points_xy is None else "yes" if face.turned_away else "no",
    }


def csv_table(
    stream: SupportsWrite[str], labels: Sequence[str], provenance: Provenance
) -> Callable[[Iterable[Row]], None]:
    """Begin a table of `result_rows` as CSV (RFC 4180: comma, CRLF, decimal point), header first.

    A file name that a spreadsheet would run as a formula gets an apostrophe in front.

    Args:
        stream: opened with newline="".
        labels: of the network; () leaves only the columns that all networks have.
        provenance: of all rows.

    Returns:
        A function that adds rows.
    """
    writer = csv.DictWriter(stream, table_columns(labels), lineterminator="\r\n")
    writer.writeheader()
    source = provenance.cells()

    def write(rows: Iterable[Row]) -> None:
        writer.writerows({**row, **source, "file": harmless_cell(str(row["file"]))} for row in rows)

    return write


def results_to_csv(results: Sequence[PhotoResult], provenance: Provenance) -> str:
    """Write the rows of `result_rows` as a `csv_table`.

    Args:
        results: of one network, so that all have the same columns.
        provenance: of all rows.

    Raises:
        ValueError: results of networks with different labels.
    """
    label_orders = {result.labels for result in results}
    if len(label_orders) > 1:
        raise ValueError(f"Expected results of one network. Received labels: {sorted(label_orders)}")
    text = io.StringIO(newline="")
    csv_table(text, next(iter(label_orders), ()), provenance)(result_rows(results))
    return text.getvalue()
