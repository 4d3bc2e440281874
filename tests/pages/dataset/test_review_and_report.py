"""Review and report on the page Data set, with the pictures and without."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.audit.audited import audited_set
from fer_core.datasets.review import Review, ReviewLog
from pages.dataset import selection
from pages.dataset.report.view import DOWNLOADS, FURTHER, audit_file
from pages.dataset.review.files import blind_proposals
from pages.dataset.review.view import LOG_KEY
from pages.ui.charts import now_here
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_fer2013

PAGE = "pages/dataset/page.py"


@pytest.fixture
def made_up_fer2013(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("RAUT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "fer2013"))
    return write_fer2013(tmp_path / "fer2013")


def opened(open_app: OpenApp, view: str, language: str = "en") -> AppTest:
    app = open_app(PAGE, language=language)
    app.query_params[selection.VIEW] = view
    app.run()
    assert_no_trouble(app)
    return app


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_label_is_judged_before_votes_are_shown_and_taken_back(
    open_app: OpenApp, made_up_fer2013: Path, language: str
) -> None:
    app = opened(open_app, "review", language)
    votes = "FER+ votes" if language == "en" else "Penilaian FER+"
    assert f"**{votes}**" not in texts(app)
    app.text_input(key="review_reason_0").set_value("wide eyes").run()
    app.button(key="rate_fear").click().run()
    assert_no_trouble(app)
    assert f"**{votes}**" in texts(app)
    log: ReviewLog = app.session_state[LOG_KEY]
    assert [(each.row, each.old, each.proposed, each.reason, each.blind) for each in log.reviews] == [
        (0, "angry", "fear", "wide eyes", True)
    ]
    app.button(key="rate_sad").click().run()
    second = log.of(0)
    assert second is not None and (second.blind, second.at_first) == (False, "fear")
    app.button(key="review_undo").click().run()
    assert log.of(0) is not None and log.of(0).proposed == "fear"  # type: ignore[union-attr]
    app.button(key="review_next").click().run()
    assert f"**{votes}**" not in texts(app), "of the next picture nothing is shown yet"


def test_whoever_goes_on_at_once_sees_nothing_and_stays_blind(
    open_app: OpenApp, made_up_fer2013: Path
) -> None:
    app = opened(open_app, "review")
    app.toggle(key="review_at_once").set_value(True).run()
    for _turn in range(3):
        app.button(key="rate_happy").click().run()
        assert "**FER+ votes**" not in texts(app)
    log: ReviewLog = app.session_state[LOG_KEY]
    assert [(each.row, each.blind) for each in log.reviews] == [(0, True), (1, True), (2, True)]


@pytest.mark.parametrize("language", ["en", "id"])
def test_without_pictures_the_review_says_how_to_get_them_and_the_report_is_there(
    open_app: OpenApp, no_fer2013: None, language: str
) -> None:
    app = opened(open_app, "review", language)
    assert "FER2013_DIR" in texts(app) and not [each for each in app.button if each.key == "rate_happy"]
    app = opened(open_app, "report", language)
    assert ("1,518" if language == "en" else "1.518") in texts(app)


def test_the_report_of_another_set_is_about_that_one(open_app: OpenApp, made_up_fer2013: Path) -> None:
    app = opened(open_app, "report")
    assert app.header[0].value == "Audit of fer2013.csv"
    assert "Not known for this set" in texts(app) and "1,518" not in texts(app)


@pytest.mark.parametrize("code", ["en", "id"])
def test_every_download_of_the_report_is_made_in_the_readers_language(code: str) -> None:
    audit = audited_set(None, now_here())
    files = {kind: audit_file(kind, audit, code) for kind, *_rest in (*DOWNLOADS, *FURTHER)}
    assert all(files.values())
    assert ("Audit of FER2013" in files["html"].decode()) == (code == "en")
    with zipfile.ZipFile(io.BytesIO(files["bundle"])) as packed:
        assert packed.read("audit.html") == files["html"]


def test_reviewers_are_compared_by_what_they_said_before_seeing_anything() -> None:
    reviews = [
        Review(1, "sad", "happy"),
        Review(2, "sad", "sad", blind=False, at_first="fear"),
        Review(3, "sad", "sad", blind=False),
        Review(4, "sad", "unsure"),
    ]
    assert blind_proposals(reviews) == {1: "happy", 2: "fear"}
