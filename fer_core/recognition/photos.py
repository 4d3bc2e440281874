"""A photo in, numbered faces with probabilities out; and the table that people take home as CSV."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from fer_core.errors import RautError
from fer_core.faces.detection import HaarFaceDetector
from fer_core.faces.images import decode_image, to_gray
from fer_core.recognition.answers import RecognizedFace
from fer_core.recognition.conformal import largest_sure, set_codes
from fer_core.recognition.recognizer import ExpressionRecognizer

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

Status = Literal["ok", "no_face", "error"]
Row = dict[str, str | int | float]
"""One row of the table, by the names of its columns."""

SAMPLE_PHOTO: Final = Path(__file__).resolve().parents[1] / "assets" / "samples" / "astronaut.jpg"
"""A photo to try at once: NASA's portrait of Eileen Collins, public domain (see `assets/SOURCES.md`)."""


@dataclass(frozen=True, eq=False)
class PhotoFace(RecognizedFace):
    """One face of a photo; numbers run from left to right."""

    crop_gray: np.ndarray
    """uint8 (48, 48): what the network was shown."""
    by_hand: bool = field(default=False, kw_only=True)
    """Drawn by a person where the detector found nothing."""


@dataclass(frozen=True, eq=False)
class PhotoResult:
    """What came of one photo: faces, no face, or the reason why it could not be read."""

    name: str
    image_rgb: np.ndarray | None
    """uint8 (H, W, 3), the right way up, in its own size; None when it could not be read."""
    faces: tuple[PhotoFace, ...]
    labels: tuple[str, ...]
    status: Status
    error: RautError | None
    elapsed_ms: float


def analyze_photo(
    data: bytes, name: str, detector: HaarFaceDetector, recognizer: ExpressionRecognizer, page: int = 0
) -> PhotoResult:
    """Find the faces of a photo and read their expressions.

    Args:
        data: content of the file.
        name: its name, for the table and for the sentence of an error.
        detector: where faces are looked for, and how they are cropped.
        recognizer: the network that reads them.
        page: of a TIFF with several, from 0.

    Returns:
        The faces from left to right. A picture that cannot be read is a result with status "error", so
        that one bad file does not stop the others.
    """
    start = time.perf_counter()
    labels = tuple(recognizer.labels)
    try:
        image_rgb = decode_image(data, name, page)
        image_gray = to_gray(image_rgb)
        detections = detector.detect(image_gray)
        crops = detector.crops(image_gray, detections)
        probabilities = recognizer.predict(crops)  # (N, 48, 48) -> (N, C)
    except RautError as error:
        return PhotoResult(name, None, (), labels, "error", error.afresh(), _milliseconds_since(start))
    faces = numbered_faces(detections.boxes_xyxy, crops, probabilities, recognizer)
    status: Status = "ok" if faces else "no_face"
    return PhotoResult(name, image_rgb, faces, labels, status, None, _milliseconds_since(start))


def numbered_faces(
    boxes_xyxy: np.ndarray,
    crops_gray: np.ndarray,
    probabilities: np.ndarray,
    recognizer: ExpressionRecognizer,
    *,
    first: int = 1,
    by_hand: bool = False,
) -> tuple[PhotoFace, ...]:
    """Faces with their answers.

    Args:
        boxes_xyxy: int32 (N, 4).
        crops_gray: uint8 (N, 48, 48).
        probabilities: float32 (N, C), from `recognizer` for these crops.
        recognizer: the network.
        first: number of the first one.
        by_hand: a person drew the boxes.
    """
    labels = tuple(recognizer.labels)
    how = recognizer.prediction_sets
    sets = set_codes(how.members(probabilities) if how else None, probabilities, labels)
    return tuple(
        PhotoFace(
            number,
            box_xyxy,
            row,
            labels[int(row.argmax())],
            crop,
            prediction_set=codes,
            largest_sure=largest_sure(how),
            by_hand=by_hand,
        )
        for number, (box_xyxy, row, crop, codes) in enumerate(
            zip(boxes_xyxy, probabilities, crops_gray, sets, strict=True), start=first
        )
    )


def result_columns(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns of `result_rows`, in their order."""
    return ("file", "face", "x", "y", "width", "height", *labels, "label", "status")


def result_rows(results: Iterable[PhotoResult]) -> list[Row]:
    """One row for each face; a photo without a face, or that cannot be read, is one row without figures.

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
            rows.append({**dict.fromkeys(columns, ""), "file": result.name, "status": result.status})
        for face in result.faces:
            x1, y1, x2, y2 = (int(value) for value in face.box_xyxy)
            shares = {
                label: round(float(share), 6)
                for label, share in zip(result.labels, face.probabilities, strict=True)
            }
            rows.append(
                {
                    "file": result.name,
                    "face": face.number,
                    "x": x1,
                    "y": y1,
                    "width": x2 - x1,
                    "height": y2 - y1,
                    **shares,
                    "label": face.label,
                    "status": result.status,
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
    """The rows of `result_rows` as a `csv_table`.

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


def harmless_cell(cell: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would begin a formula.

    At the beginning, and behind what a spreadsheet may take for the end of a cell: some countries separate
    them with semicolons.
    """
    return re.sub(r"(^|[;\t\r\n])(?=[=+\-@\t\r])", r"\1'", cell)


def _milliseconds_since(start: float) -> float:
    return (time.perf_counter() - start) * 1000
