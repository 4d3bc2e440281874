"""The analysis as tables: CSV with more columns, Excel, JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from fer_core.cards.sections import Section
from fer_core.cards.words import Words
from fer_core.csv_files import harmless_cell
from fer_core.errors import N_
from fer_core.evaluation.metrics import json_number
from fer_core.faces.boxes import POINTS
from fer_core.photos.analysis import PhotoFace
from fer_core.photos.table import STRUCK, results_to_csv
from fer_core.reports.analysis import Analysis, Value
from fer_core.reports.content import report_content

LONGEST_CELL = 32_767
"""Characters that Excel keeps in one cell."""


def contract_csv(analysis: Analysis) -> bytes:
    """Write the table of `results_to_csv`, with the mark by which Excel knows UTF-8."""
    return results_to_csv(analysis.results, analysis.provenance).encode("utf-8-sig", "replace")


def full_csv(analysis: Analysis) -> bytes:
    """Write all columns of `Analysis.rows`, encoded like `contract_csv`."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, analysis.columns(), lineterminator="\r\n")
    writer.writeheader()
    for row in analysis.rows():
        writer.writerow(
            {key: harmless_cell(value) if isinstance(value, str) else value for key, value in row.items()}
        )
    return text.getvalue().encode("utf-8-sig", "replace")


def results_json(analysis: Analysis) -> bytes:
    """Write `{"settings": …, "agreement": …, "photos": [{…, "faces": […]}]}`; null where there is nothing to say.

    A face that was struck out is among the faces of its photo, with the status "struck".
    """
    photos = []
    for photo in analysis.photos:
        faces = []
        for face, struck in photo.every_face:
            x1, y1, x2, y2 = (int(value) for value in face.box_xyxy)
            faces.append(
                {
                    "face": face.number,
                    "box": {"x": x1, "y": y1, "width": x2 - x1, "height": y2 - y1},
                    "probabilities": {
                        label: round(float(share), 6)
                        for label, share in zip(photo.result.labels, face.probabilities, strict=True)
                    },
                    "label": face.label,
                    "answer": face.answer,
                    "prediction_set": list(face.prediction_set) if face.prediction_set else None,
                    "found_by": face.found_by,
                    "turn_degrees": round(face.turn_degrees, 1),
                    "turned_away": None if face.points_xy is None else face.turned_away,
                    "points": _points(face),
                    "status": STRUCK if struck else photo.result.status,
                    "rating": analysis.rating(photo, face),
                    "ratings": dict(zip(analysis.rater_names, analysis.ratings_of(photo, face), strict=True)),
                }
            )
        photos.append(
            {
                "file": photo.result.name,
                "sha256": photo.sha256 or None,
                "page": photo.page,
                "status": photo.result.status,
                "problem": str(photo.error) if photo.error else None,
                "faces": faces,
            }
        )
    return as_json(
        {"settings": analysis.settings_dict(), "agreement": _agreement_dict(analysis), "photos": photos}
    )


def _points(face: PhotoFace) -> dict[str, dict[str, float]] | None:
    """Name of each point to where it is, in pixels of the photo to a tenth; None where none are known."""
    if face.points_xy is None:
        return None
    return {
        name: {"x": round(float(x), 1), "y": round(float(y), 1)}
        for name, (x, y) in zip(POINTS, face.points_xy, strict=True)
    }


def _agreement_dict(analysis: Analysis) -> dict[str, object] | None:
    agreed = analysis.agreement
    if agreed is None:
        return None
    return {
        "pairs": [
            {
                "raters": [pair.first, pair.second],
                "n": pair.found.n,
                "share": json_number(pair.found.share),
                "cohens_kappa": json_number(pair.found.kappa),
                "interval": [json_number(end) for end in pair.found.interval],
            }
            for pair in agreed.pairs
        ],
        "groups": [
            {
                "raters": list(group.raters),
                "n": group.n,
                "fleiss_kappa": json_number(group.kappa),
                "interval": [json_number(end) for end in group.interval],
            }
            for group in agreed.groups
        ],
    }


def as_json(value: object) -> bytes:
    """Write a value as indented JSON in UTF-8, with a line end; NaN and infinity raise ValueError."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode("utf-8", "replace")


def excel(analysis: Analysis, words: Words) -> bytes:
    """Write a workbook of three sheets: results, settings, and what is known of the network's errors.

    Numbers are numbers, and every text is written as text: none is run as a formula or made a link.

    Args:
        analysis: what to write. The sheet of results has the codes of the CSV.
        words: language of the two other sheets.
    """
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    # The library would write the present time otherwise.
    book.set_properties(
        {
            "created": analysis.settings.made.replace(tzinfo=None),
            "author": "Raut",
            "comments": f"Raut {analysis.settings.raut_version}",
        }
    )
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    share = book.add_format({"num_format": "0.000000"})

    sheet = book.add_worksheet(words.say(N_("Results")))
    columns, rows = analysis.columns(), analysis.rows()
    for x, column in enumerate(columns):
        sheet.write_string(0, x, column, bold)
        sheet.set_column(x, x, {"file": 32, "sha256": 14, "problem": 40}.get(column, 11))
        for y, row in enumerate(rows, start=1):
            _write(sheet, y, x, row[column], share if column in analysis.labels else None)
    sheet.freeze_panes(1, 2)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)

    content = report_content(analysis, words)
    _facts_sheet(book.add_worksheet(words.say(N_("Settings"))), [content.settings], bold, wrapped)
    _facts_sheet(book.add_worksheet(words.say(N_("About"))), content.about, bold, wrapped)
    book.close()
    return file.getvalue()


def _facts_sheet(sheet: Any, sections: Sequence[Section], bold: Any, wrapped: Any) -> None:
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 8, 28)
    y = 0
    for section in sections:
        _write(sheet, y, 0, section.title, bold)
        for paragraph in section.paragraphs:
            y += 1
            sheet.merge_range(y, 0, y, 3, "")
            _write(sheet, y, 0, paragraph, wrapped)
            sheet.set_row(y, 16 * (1 + len(paragraph) // 110))
        for row in ([section.header] if section.header else []) + list(section.rows):
            y += 1
            for x, cell in enumerate(row):
                _write(sheet, y, x, cell, wrapped)
        y += 2


def _write(sheet: Any, y: int, x: int, value: Value, cell_format: Any = None) -> None:
    if isinstance(value, str):
        sheet.write_string(y, x, value.encode("utf-8", "replace").decode()[:LONGEST_CELL], cell_format)
    elif value is not None:
        sheet.write_number(y, x, value, cell_format)
