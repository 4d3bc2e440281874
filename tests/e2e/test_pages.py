"""The frame of the app in a real browser: pages, languages, themes, widths, keyboard, no word to outside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import OpenPage, StartServer
from tests.e2e.watch import WatchedPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = {
    "en": ("Home", "Webcam", "Photos", "Videos", "Data set", "Training", "Network", "Lab", "Quiz", "About"),
    "id": ("Beranda", "Webcam", "Foto", "Video", "Dataset", "Pelatihan", "Model", "Lab", "Kuis", "Tentang"),
}
PATHS = ("", "webcam", "photos", "videos", "dataset", "training", "network", "lab", "quiz", "about")
PAPER, INK = "rgb(251, 250, 247)", "rgb(23, 23, 26)"
"""`backgroundColor` of the light and of the dark theme in .streamlit/config.toml."""


def ground(watched: WatchedPage) -> str:
    return str(
        watched.page.evaluate(
            "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
        )
    )


def apology(watched: WatchedPage) -> int:
    return (
        watched.page.get_by_text("Something went wrong")
        .or_(watched.page.get_by_text("Terjadi kesalahan"))
        .count()
    )


NOTE_TITLES = """() => {
  window.titles = [];
  new MutationObserver(() => window.titles.push(document.title))
    .observe(document.head, {subtree: true, childList: true, characterData: true});
}"""
"""Notes every title that the tab has: between two pages it must not be that of none."""


def has_title(watched: WatchedPage, name: str) -> None:
    """Wait for the page's own title, which comes with the page's end or a moment later."""
    watched.page.wait_for_function("title => document.title === title", arg=f"{name} · Raut")


@pytest.mark.parametrize("language", ["en", "id"])
def test_each_page_opens_by_its_link_in_the_top_bar_without_trouble(
    open_page: OpenPage, language: str
) -> None:
    watched = open_page(language=language)
    watched.page.evaluate(NOTE_TITLES)
    for name in (*NAMES[language][1:], NAMES[language][0]):
        watched.go(name)
        has_title(watched, name)
        assert apology(watched) == 0, name
    assert [title for title in watched.page.evaluate("window.titles") if not title.endswith(" · Raut")] == []
    assert watched.troubles == []
    assert watched.requests_outside == []


@pytest.mark.parametrize("path", PATHS)
def test_each_page_opens_by_its_address_without_trouble(open_page: OpenPage, path: str) -> None:
    watched = open_page(path)
    has_title(watched, NAMES["en"][PATHS.index(path)])
    assert apology(watched) == 0
    assert watched.troubles == []
    assert watched.requests_outside == []


@pytest.mark.parametrize("bare", [False, True], ids=["make run", "streamlit run app.py"])
def test_the_first_page_after_the_start_may_be_any(
    browser: Browser, start_server: StartServer, bare: bool
) -> None:
    watched = WatchedPage(browser.new_page(), start_server(bare=bare))
    watched.visit("about")
    assert watched.heading() == "About Raut"
    assert watched.page.locator("header").get_by_role("link", name="Photos").count() == 1
    # Streamlit's box "Page not found" would lie over the page and take every click.
    watched.page.wait_for_function("() => !document.querySelector('[role=dialog]')", timeout=5_000)
    watched.go("Photos")
    watched.page.context.close()


def test_the_language_stays_over_pages_and_over_a_reload(open_page: OpenPage) -> None:
    watched = open_page()
    assert watched.heading() == "Facial expressions in video and photos"
    watched.choose_language("id")
    assert watched.heading() == "Ekspresi wajah dalam video dan foto"
    watched.go("Tentang")
    assert watched.heading() == "Tentang Raut"
    watched.page.reload()
    watched.settle()
    watched.page.wait_for_function("document.documentElement.lang === 'id'")
    assert watched.heading() == "Tentang Raut"
    watched.choose_language("en")
    watched.go("Home")
    assert watched.heading() == "Facial expressions in video and photos"
    assert watched.troubles == []


def test_the_browsers_language_comes_first(open_page: OpenPage) -> None:
    watched = open_page("about", language="id")
    assert watched.heading() == "Tentang Raut"
    assert watched.page.evaluate("document.documentElement.lang") == "id"


def test_light_and_dark_follow_the_system(open_page: OpenPage) -> None:
    assert ground(open_page(shade="light")) == PAPER
    assert ground(open_page(shade="dark")) == INK


def brightness(watched: WatchedPage, selector: str) -> int:
    """0 black to 765 white: what the mask of that element is filled with."""
    fill = watched.page.evaluate("s => getComputedStyle(document.querySelector(s)).backgroundColor", selector)
    return sum(int(channel) for channel in re.findall(r"\d+", fill)[:3])


def test_the_switch_of_the_theme_reaches_wordmark_and_drawings_at_once_and_is_kept(
    open_page: OpenPage,
) -> None:
    watched = open_page("about", shade="light")
    drawn = ("[data-testid=stHeaderLogo]", ".raut-drawing i")
    for selector in drawn:
        watched.page.wait_for_selector(selector)
    assert all(brightness(watched, selector) < 150 for selector in drawn)
    assert not watched.page.get_by_test_id("stMainMenu").is_visible(), (
        "Streamlit's menu offers what Raut does not"
    )
    watched.page.get_by_role("button", name="Change to dark").press("Enter")
    ground_is = (
        "ground => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor === ground"
    )
    watched.page.wait_for_function(ground_is, arg=INK)
    assert all(brightness(watched, selector) > 600 for selector in drawn)
    watched.visit("photos")
    watched.page.wait_for_function(ground_is, arg=INK)
    watched.choose_language("id")
    watched.page.get_by_role("button", name="Ganti ke terang").click()
    watched.page.wait_for_function(ground_is, arg=PAPER)
    watched.page.emulate_media(color_scheme="dark")
    watched.page.wait_for_function(ground_is, arg=INK)  # as light as the system: it follows again
    assert watched.troubles == []


def test_the_apps_own_font_is_used(open_page: OpenPage) -> None:
    watched = open_page()
    watched.page.wait_for_function(
        "document.fonts.check('16px \"Atkinson Hyperlegible Next\"')", timeout=30_000
    )
    assert "Atkinson" in watched.page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")


@pytest.mark.parametrize("path", PATHS)
def test_a_phone_scrolls_down_only_and_has_the_language_switch(open_page: OpenPage, path: str) -> None:
    watched = open_page(path, width=390)

    def assert_nothing_reaches_out() -> None:
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
        main = "document.querySelector('[data-testid=stMain]')"
        assert watched.page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") <= 0

    assert_nothing_reaches_out()
    switch = watched.page.locator(".st-key-language_switch").bounding_box()
    assert switch is not None
    assert switch["x"] >= 0
    assert switch["x"] + switch["width"] <= 390
    watched.choose_language("id")
    watched.page.wait_for_timeout(500)  # parts that bring a script of their own stand a little later
    assert_nothing_reaches_out()


def test_a_phone_reaches_the_other_pages(open_page: OpenPage) -> None:
    watched = open_page(width=390)
    watched.page.get_by_test_id("stExpandSidebarButton").click()
    watched.page.get_by_test_id("stSidebar").get_by_role("link", name="About").click()
    watched.page.wait_for_function("document.querySelector('h1')?.innerText === 'About Raut'")


def test_the_keyboard_reaches_pages_language_and_doors_with_a_visible_focus(open_page: OpenPage) -> None:
    watched = open_page()
    wanted = {"Webcam", "About", "en", "Open the webcam"}
    for _step in range(40):
        watched.page.keyboard.press("Tab")
        text, outline = watched.page.evaluate(
            "() => { const e = document.activeElement, p = e.querySelector('p');"
            " return [(p || e).textContent.trim(), getComputedStyle(e).outlineStyle]; }"
        )
        if text in wanted:
            assert outline == "solid", text
            wanted.discard(text)
        if not wanted:
            return
    pytest.fail(f"the tabulator key does not reach {wanted}")


def test_the_keyboard_changes_the_language(open_page: OpenPage) -> None:
    watched = open_page()
    watched.page.locator(".st-key-language_switch").get_by_role("radio", name="en").focus()
    watched.page.keyboard.press("ArrowRight")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_function("document.documentElement.lang === 'id'")


def test_streamlits_own_furniture_is_gone(open_page: OpenPage) -> None:
    watched = open_page()
    for text in ("Deploy", "Made with Streamlit"):
        assert watched.page.get_by_text(text).count() == 0
    assert watched.page.locator("footer:visible").count() == 0
    icon = watched.page.locator("link[rel~=icon]").get_attribute("href") or ""
    assert "/media/" in icon, "the favicon is Raut's and not Streamlit's"


def test_a_term_is_explained_in_one_click(open_page: OpenPage) -> None:
    watched = open_page("about")
    words = "slides a window over the picture"
    explanation = watched.page.get_by_test_id("stPopoverBody").get_by_text(words)
    assert not explanation.is_visible()
    watched.page.get_by_role("button", name="Haar cascade").click()
    explanation.wait_for(state="visible")
