"""The access code in front of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.places import ACCESS_CODE_VARIABLE
from pages.ui import access
from serving.access import TRIES_PER_CLIENT, Gatekeeper
from tests.pages.conftest import OpenApp
from tests.pages.harness import PAGES, ROOT, assert_no_trouble, elements, texts

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo

CODE = "48217390"


@pytest.fixture
def gatekeeper(monkeypatch: pytest.MonkeyPatch) -> Gatekeeper:
    gatekeeper = Gatekeeper()
    monkeypatch.setattr(access, "GATEKEEPER", gatekeeper)
    # The harness makes up another one for each session.
    monkeypatch.setattr(access, "visitors_address", lambda: "192.168.1.7")
    return gatekeeper


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch, gatekeeper: Gatekeeper, no_networks: None) -> None:
    monkeypatch.setenv(ACCESS_CODE_VARIABLE, CODE)


def type_in(app: AppTest, code: str) -> AppTest:
    app.text_input[0].input(code)
    app.button[0].click()
    return app.run()


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_anything_before_the_code(open_app: OpenApp, locked: None, page: str) -> None:
    app = open_app(f"pages/{page}/page.py", language="en")
    assert_no_trouble(app)
    assert app.title[0].value == "Access code"
    shown = [element.type for element in elements(app.main)]
    # Around every page: projector size, language, light and dark, language of the document.
    around = ["toggle", "button_group", "bidi_component", "html"]
    assert shown == [*around, "title", "markdown", "text_input", "button"]


def test_the_code_opens_the_page_that_was_asked_for(
    open_app: OpenApp, locked: None, gatekeeper: Gatekeeper
) -> None:
    app = open_app("pages/about/page.py", language="en")
    type_in(app, " 4821 7390")
    assert_no_trouble(app)
    assert app.title[0].value == "About Raut"
    app.switch_page("pages/home/page.py").run()
    assert app.title[0].value != "Access code"
    assert len(gatekeeper._admitted) == 1


def test_a_wrong_code_opens_nothing_and_says_so(open_app: OpenApp, locked: None) -> None:
    app = open_app(language="en")
    type_in(app, "00000000")
    assert app.title[0].value == "Access code"
    assert "not the code" in app.error[0].value


def test_sending_nothing_costs_no_try(open_app: OpenApp, locked: None, gatekeeper: Gatekeeper) -> None:
    app = open_app(language="en")
    type_in(app, "  ")
    assert not app.error
    assert len(gatekeeper._wrong) == 0


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "Too many wrong codes"), ("id", "Terlalu banyak kode yang salah")]
)
def test_after_five_wrong_codes_a_new_session_waits_too(
    open_app: OpenApp, locked: None, language: str, sentence: str
) -> None:
    for _ in range(TRIES_PER_CLIENT):
        app = type_in(open_app(language=language), "00000000")
    assert sentence in app.error[0].value
    app = type_in(open_app(language=language), CODE)
    assert app.text_input, "the right code must wait as well, or guessing would go on"
    assert app.error


def test_the_code_is_in_nothing_that_the_browser_gets(open_app: OpenApp, locked: None) -> None:
    app = open_app(language="en")
    assert CODE not in str(app)
    assert CODE not in str(type_in(app, "00000000"))


def test_another_browser_session_is_asked_again(open_app: OpenApp, locked: None) -> None:
    assert type_in(open_app(language="en"), CODE).title[0].value != "Access code"
    assert open_app(language="en").title[0].value == "Access code"


@pytest.mark.parametrize("value", [None, ""])
def test_nobody_is_asked_without_a_code(
    open_app: OpenApp, no_networks: None, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv(ACCESS_CODE_VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(ACCESS_CODE_VARIABLE, value)
    app = open_app(language="en")
    assert not app.text_input
    assert app.title[0].value != "Access code"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opened_first_thing_after_the_start_asks_too(
    monkeypatch: pytest.MonkeyPatch, locked: None, page: str
) -> None:
    """Streamlit opens a page's file without `app.py` until `st.navigation` has run once."""
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page(f"pages/{page}/page.py").run()  # AppTest is back to a fresh server here
    assert app.title[0].value == "Access code"
    assert len(app.title) == 1


@pytest.mark.parametrize(
    ("page", "alone"),
    [
        ("home", "happens on this computer"),
        ("webcam", "on this computer"),
        ("about", "this computer only"),
        ("videos", "on this computer"),
    ],
)
def test_a_visitor_is_not_told_that_pictures_stay_on_this_computer(
    open_app: OpenApp,
    locked: None,
    one_network: NetworkInfo,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    alone: str,
) -> None:
    monkeypatch.setattr("pages.ui.live.stream.webcam_stream", lambda *_arguments, **_options: False)
    app = type_in(open_app(f"pages/{page}/page.py", language="en"), CODE)
    assert "the computer that serves this page" in texts(app)
    assert alone not in texts(app)
    monkeypatch.delenv(ACCESS_CODE_VARIABLE)
    assert alone in texts(open_app(f"pages/{page}/page.py", language="en"))


def test_a_visitor_is_not_told_to_put_the_data_set_on_this_computer(
    open_app: OpenApp, locked: None, no_fer2013: None
) -> None:
    app = type_in(open_app("pages/dataset/page.py", language="en"), CODE)
    assert_no_trouble(app)
    assert "The person who started Raut can add FER2013." in texts(app)
    assert "`data/`" not in texts(app) and "this computer" not in texts(app)
