"""Photos in a real browser: choosing faces, the question before work by hand is lost, and percentages in little room."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from fer_core.labels import TASK_LABELS
from fer_core.places import SAMPLE_PHOTO
from fer_core.recognition.answers import Prediction, RecognizedFace
from pages.ui import face_cards, i18n
from pages.ui.frame import ASSETS
from tests.e2e.conftest import ROOT, OpenPage
from tests.e2e.watch import WatchedPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog

HEADING, ROW = 40, 44
"""Heights in the table, in pixels."""
ZOOMS = ((1366, 768, 1.0), (911, 512, 1.5), (683, 384, 2.0), (390, 844, 3.0))
"""A window of 1366x768 at 100, 150 and 200 percent, and a phone."""

NOT_WHOLE = """selectors => {
  const found = [];
  for (const element of document.querySelectorAll(selectors)) {
    const range = document.createRange();
    range.selectNodeContents(element);
    const text = range.getBoundingClientRect();
    if (text.width === 0) continue;
    const card = element.closest(".raut-faces > li, .raut-live-face, .raut-bars, td").getBoundingClientRect();
    const edge = element.closest(".raut-table") ? card.right : Math.min(card.right, innerWidth);  // a table scrolls
    const whole = text.left >= card.left - 0.5 && text.right <= edge + 0.5
      && text.height < 1.9 * parseFloat(getComputedStyle(element).fontSize)
      && element.scrollWidth <= element.clientWidth + (element.clientWidth === 0 ? 1e6 : 0);
    if (!whole) found.push(`${element.outerHTML}: ${text.left} to ${text.right} in ${card.left} to ${card.right}`);
  }
  return found;
}"""


@pytest.fixture
def three_faces(tmp_path: Path) -> list[Path]:
    """A photo of two people beside each other, and another of one."""
    one = Image.open(SAMPLE_PHOTO).convert("RGB")
    two = Image.fromarray(np.hstack([np.asarray(one)] * 2))
    files = [tmp_path / "two.png", tmp_path / "one.png"]
    two.save(files[0])
    one.save(files[1])
    return files


def with_faces(watched: WatchedPage, files: list[Path], count: int = 3) -> None:
    watched.page.locator("input[type=file]").first.set_input_files(files)
    watched.page.locator(".raut-faces > li").nth(count - 1).wait_for(timeout=60_000)
    watched.settle()


def looked_at(watched: WatchedPage, name: str) -> None:
    """Wait until that face is the one that is shown closely."""
    watched.page.wait_for_function(
        "name => document.querySelector('.st-key-face_chosen input')?.value.startsWith(name)", arg=name
    )
    watched.settle()


def press_in_table(watched: WatchedPage, down: float) -> None:
    """So many pixels below the table's upper edge, in the column of the names."""
    table = watched.page.get_by_test_id("stDataFrame").first
    table.locator("[role=row]").nth(1).wait_for(
        state="attached"
    )  # its rows are there, behind those of the heading
    cells = table.locator(".dvn-scroller")  # lies above the canvas that it is drawn in
    box = cells.bounding_box()
    assert box is not None
    # Of the element, not of the window: waits until the table has stopped moving and the top bar does not cover it.
    cells.click(position={"x": box["width"] * 0.14, "y": down})


def press_row(watched: WatchedPage, number: int) -> None:
    press_in_table(watched, HEADING + ROW * (number + 0.5))


def test_the_face_chosen_in_gallery_or_table_is_the_one_looked_at_also_when_sorted_and_in_another_language(
    open_page: OpenPage, three_faces: list[Path]
) -> None:
    watched = open_page("photos", width=1366)
    page = watched.page
    with_faces(watched, three_faces)
    page.get_by_role("tab", name="Gallery").click()
    faces = page.locator(".raut-gallery button")
    faces.nth(2).wait_for()
    assert faces.nth(2).get_attribute("aria-current") is None
    watched.settle()
    names = [str(faces.nth(n).locator("img").get_attribute("alt")) for n in range(3)]
    first = next(n for n, name in enumerate(names) if name.startswith("two.png · Face 2"))
    faces.nth(first).focus()
    page.keyboard.press("Enter")
    looked_at(watched, "two.png – 2")
    page.wait_for_function("document.activeElement.closest('.st-key-face_closer') !== null")
    assert faces.nth(first).get_attribute("aria-current") == "true"
    other = next(n for n, name in enumerate(names) if name.startswith("one.png"))
    faces.nth(other).click()
    looked_at(watched, "one.png – 1")
    page.get_by_role("tab", name="Table").click()
    page.get_by_test_id("stDataFrame").first.wait_for()
    watched.settle()
    press_row(watched, 0)
    looked_at(watched, "two.png – 1")
    page.keyboard.press("ArrowDown")
    looked_at(watched, "two.png – 2")
    page.get_by_role("button", name="Next face").click()
    looked_at(watched, "one.png – 1")
    page.get_by_role("heading", name="one.png").wait_for()  # the photo that stands below the table
    press_in_table(watched, HEADING / 2)  # sorts by name
    marked = page.locator("[data-testid=stDataFrame] [role=row]:has([aria-selected=true])")
    marked.filter(has_text="one.png").wait_for(state="attached")
    watched.settle()
    press_row(watched, 2)
    looked_at(watched, "two.png – 2")
    press_row(watched, 0)
    looked_at(watched, "one.png – 1")
    watched.choose_language("id")
    looked_at(watched, "one.png – 1")
    assert watched.troubles == []


def test_reloading_and_removing_ask_while_something_is_in_no_download_and_another_page_does_not(
    open_page: OpenPage, three_faces: list[Path], tmp_path: Path
) -> None:
    watched = open_page("photos", accept_downloads=True)
    page = watched.page
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    third = tmp_path / "third.png"
    Image.open(SAMPLE_PHOTO).rotate(4).save(third)
    with_faces(watched, [*three_faces, third], 4)

    def lost(what: str) -> None:
        page.wait_for_function("what => window.rautUnsaved?.lost === what", arg=what)

    def leave() -> list[str]:
        asked.clear()
        page.evaluate("setTimeout(() => location.reload())")
        page.wait_for_timeout(700)
        return list(asked)

    question = page.get_by_role("alertdialog")
    lost("")
    page.get_by_role("tab", name="Your rating").click()
    page.locator(".st-key-rate_happy button").click()
    lost("1 rating")
    assert leave() == ["beforeunload"]
    page.get_by_role("button", name="Remove two.png").click()
    assert "Remove two.png?" in question.inner_text() and "1 rating" in question.inner_text()
    page.keyboard.press("Escape")
    question.wait_for(state="detached")
    page.get_by_role("button", name="Remove one.png").click()  # nobody rated it: nothing is asked
    page.get_by_text("2 photos · 3 faces", exact=True).wait_for()
    watched.settle()
    asked.clear()
    watched.go("About")
    assert asked == []
    assert leave() == ["beforeunload"], "it would be lost from here, too"
    watched.go("Photos")
    watched.settle()  # what is still coming would move the button away from below the mouse
    page.get_by_text("More", exact=True).click()
    everything = page.get_by_role("button", name="Remove all photos")
    for _try in range(3):
        everything.click()
        page.wait_for_timeout(2_000)
        if question.count():
            break
        # A busy page may miss a click, but nothing goes without the question.
        assert page.get_by_text("2 photos · 3 faces", exact=True).is_visible()
    assert "Remove all photos?" in question.inner_text()
    assert page.evaluate("document.activeElement.innerText") == "Keep"
    page.keyboard.press("Enter")
    question.wait_for(state="detached")
    page.get_by_text("2 photos · 3 faces", exact=True).wait_for()
    page.get_by_role("tab", name="Your rating").click()
    with page.expect_download():
        page.get_by_role("button", name="Download my ratings").click()
    lost("")
    watched.settle()
    everything.click()  # all of it is in a file: nothing is asked
    page.get_by_role("button", name="Try a sample photo").wait_for()
    assert question.count() == 0
    assert asked == ["beforeunload"], "none came with the download"
    assert watched.troubles == []


def test_percentages_are_whole_and_the_page_does_not_scroll_sideways_at_each_zoom(
    open_page: OpenPage, three_faces: list[Path]
) -> None:
    watched = open_page("photos", language="id", width=1366)
    page = watched.page
    with_faces(watched, three_faces)
    devtools = page.context.new_cdp_session(page)

    def each_zoom(selectors: str, at_least: int) -> None:
        for width, height, scale in ZOOMS:
            devtools.send(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False},
            )
            page.wait_for_timeout(250)  # what measures itself draws itself anew
            assert page.locator(selectors).count() >= at_least
            assert page.evaluate(NOT_WHOLE, selectors) == [], width
            main = "document.querySelector('[data-testid=stMain]')"
            assert page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") <= 0, width

    each_zoom(".raut-face .share, .raut-bars td:last-child", 3 * 8)
    add = page.locator(".st-key-photo_drop").get_by_test_id("stBaseButton-borderlessIcon")
    assert add.evaluate("button => getComputedStyle(button, '::after').content") == '"Tambah foto"'
    page.get_by_role("tab", name="Tabel").click()
    table = page.get_by_test_id("stDataFrame").first
    table.wait_for()
    page.locator(".st-key-face_closer summary").click()
    page.locator(".st-key-face_view_True").get_by_text("Bandingkan").click()
    page.locator(".st-key-face_closer .raut-table td").first.wait_for(timeout=30_000)
    watched.settle()
    each_zoom(".raut-table td", 7)
    box = table.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= ZOOMS[-1][0]
    assert watched.troubles == []


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_percentages_and_names_of_a_live_card_are_whole_in_each_column(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    labels = TASK_LABELS["ferplus"]
    shares = np.full(len(labels), 0.02, np.float32)
    shares[-1] = 1 - shares[:-1].sum()
    prediction = Prediction(shares, labels[-1], float(shares[-1]), (labels[-1], labels[-2]))
    face = RecognizedFace(1, np.zeros(4, np.int32), prediction)
    cards: list[str] = []
    monkeypatch.setattr(face_cards.st, "html", cards.append)
    with i18n.speaking(language):
        face_cards.face_cards([face], labels)
    css = (ASSETS / "style.css").read_text("utf-8") + (ROOT / "pages/ui/live/live.css").read_text("utf-8")
    font = base64.b64encode(next((ROOT / "static" / "fonts").glob("*-normal.woff2")).read_bytes()).decode()
    css += (
        f"@font-face {{ font-family: own; src: url(data:font/woff2;base64,{font}); font-weight: 200 800; }}"
    )
    page = browser.new_page(viewport={"width": 683, "height": 768})
    for width in (190, 230, 260, 300, 360, 640):  # of the column beside the video, from zoom 200% up
        page.set_content(
            f"<style>html {{ font: 17px own; }} {css}</style><div style='width: {width}px'>{cards[0]}</div>"
        )
        page.evaluate("document.fonts.load('17px own')")
        assert page.locator(".raut-live-face li b").count() == len(labels)
        assert (
            page.evaluate(NOT_WHOLE, ".raut-live-face li:not(.note) :is(b, span:not([aria-hidden]))") == []
        ), width
    page.close()
