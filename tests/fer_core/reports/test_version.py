"""Whatever people take home names the version of Raut that made it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pypdf
import pytest

from fer_core import __version__
from fer_core.batch.tables import write_parquet, write_text
from fer_core.batch.work import PhotoRows
from fer_core.evaluation.ratings import ratings_csv, read_ratings
from fer_core.labels import FER2013_LABELS
from fer_core.live.record import LiveRecord
from fer_core.photos.table import result_rows, results_to_csv
from fer_core.recognition.answers import Prediction
from fer_core.recognition.frames import LiveFace
from fer_core.recognition.provenance import Provenance
from fer_core.reports.analysis import Analysis
from fer_core.reports.bundle import network_bundle, research_bundle
from fer_core.reports.html_page import html_report
from fer_core.reports.methods import methods_text
from fer_core.reports.pdf_file import pdf_report
from fer_core.reports.tables import contract_csv, excel, full_csv, results_json
from fer_core.videos.analysis import VideoMoment, video_csv
from fer_core.videos.annotated import annotated_mp4
from fer_core.videos.file import VideoFrame
from pages.ui.charts import Column, csv_text
from tests.fer_core.reports.conftest import ENGLISH, MADE, MakeAnalysis
from tests.fer_core.reports.test_reports import Page
from tests.network_records import network_of, source_of

NAMED = f"Raut {__version__}"
FACE = LiveFace(
    1, np.array([1, 2, 31, 32], np.int32), Prediction(np.full(7, 1 / 7, np.float32), "happy", 1 / 7)
)


def table_versions(text: str) -> set[str]:
    """What the column `raut_version` of a table says, which each of its rows must have."""
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head.count("raut_version") == 1 and len(set(head)) == len(head) and rows
    return {row[head.index("raut_version")] for row in rows}


def plain_csv(content: bytes) -> set[str]:
    return table_versions(content.decode("utf-8-sig"))


def of_live_session(_analysis: Analysis) -> set[str]:
    record = LiveRecord()
    record.begin(0.0)
    record.add([FACE], FER2013_LABELS, source_of(network_of("raut")), 1.0)
    return table_versions(record.csv())


def of_video_table(_analysis: Analysis) -> set[str]:
    moments = [VideoMoment(0.0, (FACE,)), VideoMoment(1.0, ())]
    return table_versions(video_csv("clip.mp4", moments, FER2013_LABELS, None, source_of(network_of("raut"))))


def of_video_copy(_analysis: Analysis) -> set[str]:
    frames = (VideoFrame(n / 5, np.zeros((48, 64, 3), np.uint8)) for n in range(3))
    content = annotated_mp4(frames, 5.0, lambda frame: frame.image_bgr)
    with av.open(io.BytesIO(content)) as copy:
        return {copy.metadata["comment"].removeprefix("Raut ")}


def of_ratings(_analysis: Analysis) -> set[str]:
    return plain_csv(ratings_csv([("a.jpg", 1, "happy")], Provenance(MADE)))


def of_predict_json(analysis: Analysis) -> set[str]:
    stream = io.StringIO()
    write_text(
        [PhotoRows("a.jpg", result_rows(analysis.results))],
        analysis.labels,
        stream,
        "json",
        analysis.provenance,
    )
    return {row["raut_version"] for row in json.loads(stream.getvalue())}


def of_predict_csv(analysis: Analysis) -> set[str]:
    stream = io.StringIO(newline="")
    write_text(
        [PhotoRows("a.jpg", result_rows(analysis.results))],
        analysis.labels,
        stream,
        "csv",
        analysis.provenance,
    )
    return table_versions(stream.getvalue())


def of_workbook(analysis: Analysis) -> set[str]:
    book = openpyxl.load_workbook(io.BytesIO(excel(analysis, ENGLISH)))
    results = list(book["Results"].iter_rows(values_only=True))
    settings = {row[0]: row[1] for row in book["Settings"].iter_rows(values_only=True)}
    column = results[0].index("raut_version")
    properties = str(book.properties.description).removeprefix("Raut ")
    return {properties, settings["Version of Raut"], *(row[column] for row in results[1:])}


def of_html(analysis: Analysis) -> set[str]:
    content = html_report(analysis, ENGLISH, pictures=False)
    assert f'<meta name="generator" content="{NAMED}">' in content.decode()
    return {row[1] for row in Page(content).rows if row[0] == "Version of Raut"}


def of_pdf(analysis: Analysis) -> set[str]:
    reader = pypdf.PdfReader(io.BytesIO(pdf_report(analysis, ENGLISH, pictures=False)))
    assert all(f"{NAMED} · " in page.extract_text() for page in reader.pages), "in the foot of each page"
    assert reader.metadata is not None
    return {str(reader.metadata.creator).removeprefix("Raut ")}


def of_network_bundle(analysis: Analysis) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(network_bundle(Provenance(MADE, analysis.settings.network)))) as bundle:
        return {bundle.read("README.md").decode().strip().partition(" Raut ")[2].partition(" on ")[0]}


def of_methods(analysis: Analysis) -> set[str]:
    return {methods_text(analysis, ENGLISH).partition("with Raut ")[2].partition(",")[0]}


def of_chart(_analysis: Analysis) -> set[str]:
    columns = [Column("Expression", ["Happy", "Sad"]), Column("Faces", [1, 2])]
    return {row["raut_version"] for row in csv.DictReader(io.StringIO(csv_text(columns, Provenance(MADE))))}


EXPORTS: dict[str, Callable[[Analysis], set[str]]] = {
    "CSV of the page": lambda analysis: plain_csv(
        results_to_csv(analysis.results, analysis.provenance).encode()
    ),
    "CSV of predict": of_predict_csv,
    "JSON of predict": of_predict_json,
    "CSV of the bundle": lambda analysis: plain_csv(contract_csv(analysis)),
    "CSV with all columns": lambda analysis: plain_csv(full_csv(analysis)),
    "Excel": of_workbook,
    "JSON": lambda analysis: {json.loads(results_json(analysis))["settings"]["raut_version"]},
    "HTML": of_html,
    "PDF": of_pdf,
    "methods": of_methods,
    "figures of a network": of_network_bundle,
    "live session": of_live_session,
    "video": of_video_table,
    "copy of a video": of_video_copy,
    "ratings": of_ratings,
    "chart": of_chart,
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_names_the_version_that_made_it(name: str, make_analysis: MakeAnalysis) -> None:
    assert EXPORTS[name](make_analysis(rated=True)) == {__version__}


def test_parquet_names_the_version_in_its_schema_and_in_each_row(
    make_analysis: MakeAnalysis, tmp_path: Path
) -> None:
    analysis, file = make_analysis(), tmp_path / "faces.parquet"
    write_parquet(
        [PhotoRows("a.jpg", result_rows(analysis.results))], analysis.labels, file, analysis.provenance
    )
    table = pq.read_table(file)
    assert table.schema.metadata[b"raut_version"] == __version__.encode()
    assert set(table["raut_version"].to_pylist()) == {__version__}


def test_every_text_of_the_research_bundle_that_raut_makes_names_the_version(
    make_analysis: MakeAnalysis,
) -> None:
    content = research_bundle(make_analysis(), ENGLISH, {"en": ENGLISH, "id": ENGLISH}, pictures=False)
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        readme = bundle.read("README.md").decode()
        assert f"Made with {NAMED} on 24 November 2026" in readme and "`raut_version`" in readme
        assert json.loads(bundle.read("settings.json"))["raut_version"] == __version__
        for name in ("results.csv", "results-full.csv", "results.json", "report.html", "methods-en.md"):
            assert __version__ in bundle.read(name).decode("utf-8-sig"), name


@pytest.mark.parametrize("column", ["", f",{__version__}", ",0.0.9"], ids=["without", "this", "another"])
def test_ratings_are_read_with_and_without_a_version(column: str) -> None:
    head = "file,face,rating" + (",raut_version" if column else "")
    content = f"{head}\r\na.jpg,1,happy{column}\r\n".encode()
    assert read_ratings(content, "ratings.csv", {"happy": "happy"}) == {("a.jpg", 1): "happy"}
