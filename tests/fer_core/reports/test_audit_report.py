"""The report of an audit and the datasheet: every figure is that of the findings, what is unknown is said to be."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfReader

from fer_core.audit.audited import Audited, audited_set
from fer_core.cards.words import Words
from fer_core.datasets.load import load_fer2013
from fer_core.datasets.statistics.shipped import shipped_statistics
from fer_core.reports.audit_content import audit_content
from fer_core.reports.audit_files import audit_bundle, audit_files, audit_html, audit_pdf
from fer_core.reports.datasheet import datasheet, datasheet_html, datasheet_markdown
from fer_core.reports.datasheet_texts import PARTS, UNKNOWN, UNKNOWN_HERE
from fer_core.reports.english import ENGLISH
from pages.ui.report_words import words
from tests.made_up_fer2013 import write_fer2013

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
FIGURES = (
    "35,887 pictures; the largest class has 16.4 times as many as the smallest.",
    "1,518 groups of pictures are the same in every pixel, 3,374 pictures in all. In 59 groups the labels differ",
    "of them also in Training",
)


@cache
def fer2013() -> Audited:
    return replace(audited_set(None, NOON), versions={"numpy": "2.4.6"})


@pytest.fixture
def small(tmp_path: Path) -> Audited:
    write_fer2013(tmp_path)
    return audited_set(load_fer2013(tmp_path, cache_dir=tmp_path), NOON)


def plain(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


def test_html_and_pdf_say_the_figures_and_name_copy_version_and_day() -> None:
    pdf = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(audit_pdf(fer2013(), ENGLISH))).pages)
    for text in (plain(audit_html(fer2013(), ENGLISH)), re.sub(r"\s+", " ", pdf)):
        for figure in (*FIGURES, *fer2013().checksums.values(), "28 November 2026", fer2013().raut_version):
            assert figure in text
        assert "280 7.8%" in re.sub(r" +", " ", text) and "288 8.0%" in re.sub(r" +", " ", text)


def test_how_good_the_order_of_doubtful_labels_is_stands_beside_it() -> None:
    facts = shipped_statistics()["doubt"]
    sections = {section.title: section for section in audit_content(fer2013(), ENGLISH).sections}
    shares = [cells[2] for cells in sections["Doubtful labels"].rows]
    expected = [facts["at"]["100"], facts["at"]["1000"], facts["all"]]
    assert shares == [ENGLISH.percent(each["another"] / each["n"]) for each in expected]
    assert any("Northcutt" in work for work in sections["References"].paragraphs)


def test_the_report_fetches_nothing_and_lets_no_name_become_markup() -> None:
    page = audit_html(replace(fer2013(), name="<b>&</b>"), ENGLISH).decode()
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in page and "<b>&" not in page
    assert not re.search(r'(src|href)="(?!#)', page)


def test_the_same_audit_gives_the_same_bytes_and_sums_that_hold() -> None:
    bundle = audit_bundle(fer2013(), ENGLISH)
    assert bundle == audit_bundle(fer2013(), ENGLISH)
    with zipfile.ZipFile(io.BytesIO(bundle)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    sums = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name not in ("SHA256SUMS", "README.md")
    }
    assert all(f"`{name}`" in files["README.md"].decode() for name in sums)
    found = json.loads(files["audit.json"])["findings"]
    assert (found["exact"]["groups"], found["pictures"]) == (1518, 35887)


def test_what_another_set_cannot_answer_is_said_to_be_unknown(small: Audited) -> None:
    content = audit_content(small, ENGLISH)
    text = " ".join(paragraph for section in content.sections for paragraph in section.paragraphs)
    unknown = "votes of FER+, answers of networks, doubts about labels, what face detectors find"
    assert f"Not known for this set, and so not in this report: {unknown}." in text
    titles = {section.title for section in content.sections}
    assert titles & {"Labels and votes", "Leakage", "Doubtful labels", "Not a face"} == set()
    assert "Goodfellow" not in text, "it is another set"
    assert "votes-against-label.csv" not in audit_files(small, ENGLISH)


def test_the_datasheet_answers_every_question_and_counts_what_can_be_counted(small: Audited) -> None:
    parts = datasheet(fer2013(), ENGLISH)
    answers = {each.question: each.answer for part in parts for each in part.answers}
    assert len(answers) == sum(len(questions) for _title, questions in PARTS)
    assert "35,887 pictures: Angry 4,953, Disgust 547" in answers["How many are there?"]
    assert "PublicTest 280, PrivateTest 288" in answers["Which splits are there?"]
    assert answers["Who paid for it?"] == UNKNOWN
    assert "MIT License" in answers["Under which licence?"]
    of_small = {each.question: each.answer for part in datasheet(small, ENGLISH) for each in part.answers}
    assert of_small["Under which licence?"] == UNKNOWN_HERE == of_small["Who made it?"]
    assert "60 pictures" in of_small["How many are there?"]
    assert "MIT" not in datasheet_markdown(small, ENGLISH)


@pytest.mark.parametrize("code", ["en", "id"])
def test_every_file_speaks_the_language(code: str) -> None:
    spoken: Words = words(code)
    html, markdown = (
        plain(datasheet_html(fer2013(), spoken)),
        datasheet_markdown(fer2013(), spoken),
    )
    report = plain(audit_html(fer2013(), spoken))
    assert ("Berapa jumlahnya?" in html) == ("Berapa jumlahnya?" in markdown) == (code == "id")
    assert ("35.887 gambar" in report) == (code == "id")
    assert not re.search(r"\{\w+\}", report + html + markdown), "a field was not filled in"


def test_the_command_line_speaks_as_the_english_pages_do() -> None:
    assert audit_files(fer2013(), words("en")) == audit_files(fer2013(), ENGLISH)
    spoken = words("en")
    for value in (None, float("nan"), 0.0, 0.0004, 0.5, 0.9999, 1.0, 12345.678):
        for digits in (0, 1, 2):
            assert ENGLISH.number(value, digits) == spoken.number(value, digits)
            assert ENGLISH.percent(value, digits) == spoken.percent(value, digits)
            if value is None or not value > 1:
                assert ENGLISH.probability(value, digits) == spoken.probability(value, digits)
    for names in ([], ["a"], ["a", "b"], ["a", "b", "c"]):
        assert ENGLISH.either(names) == spoken.either(names)
    assert (ENGLISH.date(NOON), ENGLISH.time(NOON)) == (spoken.date(NOON), spoken.time(NOON))
