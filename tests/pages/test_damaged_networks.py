"""A damaged network among whole ones: every page says so, and which one answers; no page stops."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble

PAGES = (None, *(f"pages/{name}/page.py" for name in ("webcam", "photos", "videos", "training", "network")))


@pytest.fixture
def models(exported_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`tiny`, the default one, and `other`."""
    folder = tmp_path / "models"
    for name in ("tiny", "other"):
        shutil.copytree(exported_models / "tiny", folder / name)
    file = folder / "other" / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "default": False, "name": "Other"}))
    monkeypatch.setenv("RAUT_MODELS_DIR", str(folder))
    monkeypatch.setattr(
        "pages.ui.live.stream.webcam_stream", lambda *_given, **_named: False
    )  # the harness cannot run it
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_pages_say_that_the_default_network_is_damaged_and_which_one_answers(
    open_app: OpenApp, models: Path, page: str | None
) -> None:
    (models / "tiny" / "metadata.json").write_text("[" * 100_000)
    app = open_app(page, language="id")
    assert_no_trouble(app)
    (note,) = [box.value.replace("\\", "") for box in app.warning]
    assert "Berkas metadata.json milik model “tiny” hilang atau rusak" in note
    assert "“Other” menjawab bila tidak ada yang dipilih" in note


def test_where_another_one_is_damaged_the_default_one_answers_and_nothing_is_said_of_it(
    open_app: OpenApp, models: Path
) -> None:
    (models / "other" / "metadata.json").unlink()
    app = open_app("pages/photos/page.py")
    (note,) = [box.value for box in app.warning]
    assert "“other”" in note and "default" not in note


@pytest.mark.parametrize("page", PAGES)
def test_where_all_are_damaged_no_page_says_that_there_is_none(
    open_app: OpenApp, models: Path, page: str | None
) -> None:
    for name in ("tiny", "other"):
        (models / name / "metadata.json").write_text("{")
    app = open_app(page)
    assert_no_trouble(app)
    assert any("No network can be used" in heading.value for heading in app.subheader)
    assert len(app.warning) == 1
