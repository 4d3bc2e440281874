"""What exports say of a face that is turned away, in both languages."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pypdf
import pytest

from fer_core.faces.pose import turned_away_from, turns_away
from fer_core.reports.analysis import Analysis
from fer_core.reports.html_page import html_report
from fer_core.reports.methods import methods_text
from fer_core.reports.pdf_file import pdf_report
from fer_core.reports.tables import full_csv, results_json
from pages.ui.report_words import words
from tests.fer_core.reports.conftest import MakeAnalysis

# Eyes, nose, mouth, ears of a face as wide as its eyes are far from its mouth; the nose is moved to the side.
FRONT = np.array([[20, 20], [40, 20], [30, 30], [30, 40], [10, 20], [50, 20]], np.float32)


def points(aside: float) -> np.ndarray:
    """float32 (6, 2) whose nose lies so far beside the middle, in distances from the eyes to the mouth."""
    turned = FRONT.copy()
    turned[2, 0] += 20 * aside
    assert turns_away(turned)[0] == pytest.approx(aside)
    return turned


@pytest.fixture
def analysis(make_analysis: MakeAnalysis) -> Analysis:
    """Of the three faces that BlazeFace found one is turned away, one looks ahead, and of one no points are known."""
    limit = turned_away_from()
    assert limit is not None
    made = make_analysis(detector="blazeface")
    places = iter((points(limit + 0.01), points(limit - 0.01), None))
    photos = []
    for photo in made.photos:
        faces = tuple(replace(face, points_xy=next(places)) for face in photo.result.faces)
        photos.append(replace(photo, result=replace(photo.result, faces=faces)))
    return replace(made, photos=tuple(photos))


def pdf_words(content: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages
    )


WORDS = [
    ("en", "Unsure (turned away)", "Faces found and turned away: 1.", "counts as turned away, and its answer is “unsure”"),
    ("id", "Tidak yakin (berpaling)", "Wajah yang ditemukan dan berpaling: 1.", "dianggap berpaling, dan jawabannya “tidak yakin”"),
]  # fmt: skip


LANGUAGES = pytest.mark.parametrize(("language", "answer", "count", "rule"), WORDS, ids=["en", "id"])


@LANGUAGES
def test_reports_say_unsure_with_the_reason(
    analysis: Analysis, language: str, answer: str, count: str, rule: str
) -> None:
    spoken = words(language)
    html = html_report(analysis, spoken, pictures=False).decode()
    assert html.count(answer) == 1, "of one face of three"
    assert pdf_words(pdf_report(analysis, spoken, pictures=False)).count(answer) == 1


@LANGUAGES
def test_the_methods_say_how_many_there_are_and_from_where_on(
    analysis: Analysis, language: str, answer: str, count: str, rule: str
) -> None:
    methods = methods_text(analysis, words(language))
    assert count in methods and rule in methods


def test_tables_hold_the_same_in_every_language(analysis: Analysis) -> None:
    rows = list(csv.DictReader(io.StringIO(full_csv(analysis).decode("utf-8-sig"))))[:3]
    assert [row["answer"] == "unsure" for row in rows] == [True, True, False]  # the second one's set has four
    assert [row["turned_away"] for row in rows] == ["yes", "no", ""]
    faces = [face for photo in json.loads(results_json(analysis))["photos"] for face in photo["faces"]]
    assert [face["turned_away"] for face in faces] == [True, False, None]
    assert faces[0]["label"] == rows[0]["label"] == "happy", "what the network said stays in the tables"
