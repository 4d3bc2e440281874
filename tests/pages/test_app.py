from __future__ import annotations

import ast
import logging
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.faces.limits import Limits
from tests.pages.conftest import OpenApp
from tests.pages.harness import PAGES, ROOT, assert_no_trouble, texts

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def no_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    """The component that shows video needs a browser; the harness has none."""
    monkeypatch.setattr("pages.ui.live.stream.webcam_stream", lambda *_args, **_kwargs: False)


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_without_network_and_without_data(
    open_app: OpenApp, no_networks: None, no_fer2013: None, page: str, language: str
) -> None:
    app = open_app(f"pages/{page}/page.py", language=language)
    assert_no_trouble(app)
    assert len(app.title) == 1, "a page has one name"
    assert app.title[0].value.strip()


def test_pages_differ_between_the_languages(open_app: OpenApp, no_networks: None, no_fer2013: None) -> None:
    for page in PAGES:
        shown = {
            language: texts(open_app(f"pages/{page}/page.py", language=language)) for language in ("en", "id")
        }
        assert shown["en"] != shown["id"], page


def test_the_language_stays_over_pages(open_app: OpenApp, no_networks: None) -> None:
    app = open_app(language="en")
    app.segmented_control(key="lang").set_value("id").run()
    assert app.title[0].value == "Ekspresi wajah dalam video dan foto"
    app.switch_page("pages/about/page.py").run()
    assert app.title[0].value == "Tentang Raut"
    app.segmented_control(key="lang").set_value("en").run()
    assert app.title[0].value == "About Raut"


def test_a_page_opened_first_thing_after_the_start_has_the_frame_around_it(
    monkeypatch: pytest.MonkeyPatch, no_networks: None
) -> None:
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("pages/about/page.py").run()  # AppTest is back to a fresh server here
    assert app.title[0].value == "About Raut"
    assert app.segmented_control(key="lang").value == "en"


def test_what_a_page_raises_becomes_a_sentence_and_no_traceback(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> list[NetworkInfo]:
        raise ZeroDivisionError("inner secret")

    monkeypatch.setattr("pages.ui.resources.list_networks", broken)
    with caplog.at_level(logging.ERROR):
        app = open_app(language="en")
    assert not app.exception
    assert [error.value for error in app.error if error.value.startswith("Something went wrong")]
    assert "secret" not in texts(app)
    assert "inner secret" in caplog.text


GUARDED = """
import streamlit as st
from fer_core.errors import ImageError
from pages.ui.guard import guarded_page

@guarded_page()
def part():
    {body}

part()
st.text("after")
"""


def test_a_known_error_is_shown_as_its_sentence_without_reading_it_as_markdown() -> None:
    app = AppTest.from_string(
        GUARDED.format(body='raise ImageError("Empty ({name}).", name="a*b*_$1$.jpg")')
    ).run()
    assert not app.exception
    assert app.error[0].value == r"Empty (a\*b\*\_\$1\$.jpg)."
    assert app.text[0].value == "after"


def test_the_guard_lets_streamlits_own_signals_pass() -> None:
    app = AppTest.from_string(GUARDED.format(body="st.stop()")).run()
    assert not app.exception
    assert not app.error
    assert not app.text


def test_the_server_listens_to_this_computer_only_and_reports_nothing() -> None:
    assert CONFIG["server"]["address"] == "localhost"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"] == {"toolbarMode": "viewer", "showErrorDetails": "none"}


def test_fonts_lie_in_the_project_and_carry_their_licence() -> None:
    urls = [face["url"] for face in CONFIG["theme"]["fontFaces"]]
    assert urls
    for url in urls:
        assert (ROOT / url.removeprefix("app/")).is_file()
    assert "SIL Open Font License" in (ROOT / "static" / "fonts" / "OFL.txt").read_text(encoding="utf-8")


def test_the_style_loads_nothing_from_elsewhere() -> None:
    style = (ROOT / "pages" / "ui" / "assets" / "style.css").read_text(encoding="utf-8")
    urls = re.findall(r"url\(([^)]*)\)|@import", style)
    assert urls == ['"/app/static/wordmark.svg"']
    assert (ROOT / "static" / "wordmark.svg").is_file()


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_text_stands_out_from_its_ground(shade: str) -> None:
    theme = CONFIG["theme"][shade]
    for ground in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        low, high = sorted((luminance(theme["textColor"]), luminance(ground)))
        assert (high + 0.05) / (low + 0.05) >= 7


def test_opening_the_app_does_not_import_tensorflow(open_app: OpenApp, no_networks: None) -> None:
    known = {name for name in sys.modules if name.split(".")[0] in ("tensorflow", "keras")}
    open_app(language="en")
    assert {name for name in sys.modules if name.split(".")[0] in ("tensorflow", "keras")} == known


def test_app_py_is_a_page_list_and_nothing_else() -> None:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    listed = re.findall(r'"(pages/\w+/page\.py)"', (ROOT / "app.py").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(str(Path("pages") / page / "page.py") for page in PAGES)


def test_no_run_of_a_page_searches_all_memory_for_garbage() -> None:
    """It held the interpreter for 120 ms several times a second, in which nobody's video moved on."""
    assert CONFIG["runner"]["postScriptGC"] is False


def test_the_server_takes_as_much_as_the_pages_ask_for() -> None:
    limits = Limits()
    video = re.search(
        r"^MAX_MEGABYTES = (\d+)$", (ROOT / "pages" / "videos" / "page.py").read_text("utf-8"), re.MULTILINE
    )
    assert video is not None
    assert CONFIG["server"]["maxUploadSize"] >= max(limits.file_mb, limits.upload_mb, int(video[1]))
