"""Barriers that axe finds, on every page in both themes; and what may neither be cut nor covered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import LOOPBACK_ONLY, OpenPage, StartServer
from tests.e2e.watch import WatchedPage
from tests.made_up_fer2013 import write_fer2013, write_ferplus

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = ("", "webcam", "photos", "videos", "dataset", "training", "network", "lab", "quiz", "about")
DIFFERENT_WITHOUT_FER2013 = ("dataset",)
SERIOUS = ("serious", "critical")
GROUNDS = {"light": "rgb(251, 250, 247)", "dark": "rgb(23, 23, 26)"}
NOTHING_FADES = "*, *::before, *::after { transition: none !important; animation: none !important; }"
"""Streamlit fades colours when the theme changes or something opens: axe would measure one in between."""
AXE_OPTIONS: dict[str, Any] = {"resultTypes": ["violations"]}
OPEN_EVERYTHING = """() => {
  for (const closed of document.querySelectorAll("[data-testid=stExpander] details:not([open]) > summary"))
    closed.click();
}"""


def findings(watched: WatchedPage) -> list[str]:
    """What axe calls serious or critical, also in the frames of components: a line for each element."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for frame in watched.page.frames:
        # axe speaks to a frame as to a page.
        for rule in Axe().run(frame, options=AXE_OPTIONS).response["violations"]:
            if rule["impact"] in SERIOUS:
                found += [f"{rule['id']}: {node['target']} {node['html'][:300]}" for node in rule["nodes"]]
    return found


def findings_in_both_themes(watched: WatchedPage) -> list[str]:
    found = []
    for shade, ground in GROUNDS.items():
        watched.page.emulate_media(color_scheme=shade)
        watched.page.wait_for_function(
            "ground => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor === ground",
            arg=ground,
        )
        watched.settle()  # charts are drawn anew
        here = findings(watched)
        if here:  # the theme may have changed the page once more while axe looked: what is wrong stays wrong
            watched.page.wait_for_timeout(1500)
            watched.settle()
            here = findings(watched)
        found += [f"{shade}: {finding}" for finding in here]
    return found


def test_axe_finds_nothing_serious_on_any_page_in_either_theme(
    browser: Browser, app_server: str, start_server: StartServer, tmp_path: Path
) -> None:
    pytest.importorskip("axe_playwright_python")
    write_fer2013(tmp_path)
    write_ferplus(tmp_path)
    with_fer2013 = start_server(
        PYTHONPATH=str(LOOPBACK_ONLY), FER2013_DIR=str(tmp_path), RAUT_CACHE_DIR=str(tmp_path / "cache")
    )
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-US").new_page()
    found: dict[str, list[str]] = {}
    for server, paths in ((with_fer2013, PAGES), (app_server, DIFFERENT_WITHOUT_FER2013)):
        watched = WatchedPage(page, server)
        for path in paths:
            watched.visit(path)
            if path == "photos":
                page.get_by_role("button", name="Try a sample photo").click()
                page.wait_for_selector(".raut-faces", timeout=60_000)
            page.add_style_tag(content=NOTHING_FADES)
            page.evaluate(OPEN_EVERYTHING)
            page.wait_for_timeout(300)  # what opens may run the page again
            watched.settle()
            found[f"{path} of {server}"] = findings_in_both_themes(watched)
    page.context.close()
    assert not any(found.values()), found


def test_what_is_hard_to_see_is_found(open_page: OpenPage) -> None:
    pytest.importorskip("axe_playwright_python")
    watched = open_page("about")
    watched.page.add_style_tag(content="[data-testid=stCaptionContainer] { opacity: 0.4 !important; }")
    assert any("color-contrast" in finding for finding in findings(watched))


def test_a_long_explanation_is_scrolled_by_the_keyboard(open_page: OpenPage) -> None:
    page = open_page("webcam", width=683).page
    page.set_viewport_size({"width": 683, "height": 384})  # 1366x768 at 200 %
    page.get_by_role("button", name="When is Raut unsure?").click()
    body = page.get_by_test_id("stPopoverBody")
    body.wait_for()
    assert body.evaluate("body => body.scrollHeight > body.clientHeight")
    page.wait_for_function("() => document.querySelector('[data-testid=stPopoverBody]').tabIndex === 0")
    body.focus()
    page.keyboard.press("End")
    page.wait_for_function("() => document.querySelector('[data-testid=stPopoverBody]').scrollTop > 0")


IS_CUT = """group => [group, ...group.querySelectorAll("*")].some(part =>
  getComputedStyle(part).maskImage !== "none"
  || (part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1
      && getComputedStyle(part).display !== "inline"))"""


@pytest.mark.parametrize("language", ["en", "id"])
def test_choices_are_read_whole_and_the_top_bar_has_a_place_for_everything(
    open_page: OpenPage, language: str
) -> None:
    watched = open_page("webcam", language=language)
    page = watched.page
    choice = page.locator(".st-key-expressions [data-testid=stButtonGroup]")
    choice.wait_for()
    # Streamlit shows its sign for moments only; this one has its name and its place.
    page.evaluate(
        """() => document.querySelector("[data-testid=stToolbarActions]").insertAdjacentHTML(
          "beforebegin", '<div data-testid="stStatusWidget"><button>Stop</button></div>')"""
    )
    for width in (390, 683, 780, 840, 880, 900, 1024, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        page.wait_for_timeout(250)
        assert not choice.evaluate(IS_CUT), width
        taken = page.evaluate(
            """() => {
              const box = part => part.getBoundingClientRect();
              const control = box(document.querySelector(".st-key-language_switch"));
              const others = document.querySelectorAll(
                "header :is(a, button), [data-testid=stStatusWidget], [data-testid=stMainMenu]");
              return [...others].filter(other => other.checkVisibility({ opacityProperty: true }))
                .filter(other => !other.closest("[aria-hidden=true]"))
                .filter(other => box(other).left < control.right - 1 && box(other).right > control.left + 1)
                .filter(other => box(other).top < control.bottom - 1 && box(other).bottom > control.top + 1)
                .map(other => other.outerHTML.slice(0, 200));
            }"""
        )
        assert taken == [], width


def test_a_reference_is_copied_and_saved_as_it_stands_on_the_page(open_page: OpenPage) -> None:
    page = open_page("about").page
    copy = page.locator(".st-key-citation_txt").get_by_role("button", name="Copy to clipboard")
    copy.wait_for()
    assert copy.evaluate(
        "button => button.checkVisibility({ opacityProperty: true, visibilityProperty: true })"
    )
    page.get_by_role("tab", name="BibTeX").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download (.bib)").click()
    assert download.value.suggested_filename.startswith("raut-references-")
    saved = download.value.path().read_text(encoding="utf-8")
    assert saved.startswith("@misc{raut,")
    assert saved.rstrip("\n") == page.locator(".st-key-citation_bib code").inner_text().rstrip("\n")
