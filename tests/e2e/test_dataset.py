"""Data set as people browse it: filter by a bar, open a picture's sheet, pass its link on, take the selection home."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage, StartServer
from tests.e2e.watch import WatchedPage
from tests.made_up_fer2013 import write_fer2013, write_ferplus

CHART = ".js-plotly-plot .main-svg"


@pytest.fixture(scope="module")
def made_up_server(
    chromium_path: str, start_server: StartServer, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The app with 60 made-up pictures, the first of them twice."""
    folder: Path = tmp_path_factory.mktemp("fer2013")
    write_fer2013(folder)
    write_ferplus(folder)
    return start_server(FER2013_DIR=str(folder), RAUT_CACHE_DIR=str(folder / "cache"))


def test_without_the_data_rows_filter_and_statistics_are_drawn(open_page: OpenPage) -> None:
    watched = open_page("dataset", width=1366)
    page = watched.page
    page.get_by_role("option", name="row 0,").wait_for(timeout=60_000)
    page.get_by_role("button", name="Disgust: 547 pictures").click()
    page.get_by_text("547 of 35,887 pictures").wait_for(timeout=30_000)
    page.get_by_text("How to get FER2013").click()
    page.get_by_text("FER2013_DIR").first.wait_for(timeout=30_000)
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="Statistics").click()
    page.locator(CHART).first.wait_for(timeout=60_000)
    assert watched.troubles == [] and watched.requests_outside == []


def test_a_bar_filters_a_sheet_opens_and_its_link_shows_it_in_a_second_tab(
    open_page: OpenPage, made_up_server: str
) -> None:
    watched = open_page("about", width=1366)
    page = watched.page
    page.set_viewport_size({"width": 1366, "height": 768})
    watched.server = made_up_server
    watched.visit("dataset")
    assert page.locator(".picture").first.bounding_box()["y"] < 768, (
        "pictures are in sight beside the figures"
    )
    page.get_by_role("button", name="Happy: 9 pictures").click()
    page.get_by_text("9 of 60 pictures").wait_for(timeout=30_000)
    first = page.get_by_role("option", name="row 3,")
    expect(page.locator(".picture")).to_have_count(9, timeout=30_000)
    watched.settle()  # until then pictures are exchanged, and the focus would go with them
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_text("Row 10 · 2 of 9 in this filter").wait_for(timeout=60_000)
    watched.settle()  # what hears the keys comes last
    page.get_by_text("Answers of the networks").wait_for(timeout=60_000)
    page.keyboard.press("ArrowRight")
    page.get_by_text("Row 17 · 3 of 9 in this filter").wait_for(timeout=60_000)
    assert "sheet=17" in page.url and "label=happy" in page.url

    second = WatchedPage(page.context.new_page(), made_up_server)
    second.page.goto(page.url)
    second.page.get_by_text("Row 17 · 3 of 9 in this filter").wait_for(timeout=60_000)
    second.page.close()

    page.keyboard.press("Escape")
    page.get_by_role("option", name="row 17,").wait_for(timeout=30_000)
    assert "sheet" not in page.url

    shown = [
        int(re.match(r"row (\d+),", str(each.get_attribute("aria-label")))[1])
        for each in page.get_by_role("option", name=re.compile(r"^row \d+,")).all()
    ]
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download these rows").click()
    with zipfile.ZipFile(begun.value.path()) as packed, packed.open("rows.csv") as file:
        rows = list(csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline="")))
        assert "codebook.csv" in packed.namelist()
    assert [int(row["row"]) for row in rows] == shown and len(shown) == 9
    assert {row["label"] for row in rows} == {"happy"}
    assert watched.troubles == [] and second.troubles == []


def test_a_lasso_on_the_map_selects_and_the_tool_stays(open_page: OpenPage) -> None:
    watched = open_page("dataset", width=1366)
    page = watched.page
    page.get_by_role("radio", name="Map").click()
    stage = page.locator(".map canvas.over")
    page.locator(".map .legend li").first.wait_for(timeout=60_000)
    box = stage.bounding_box()
    assert box is not None

    def draw_around(share: float) -> int:
        """Draw a square around the middle of the map; how many pictures the page says are selected then."""
        before = page.locator(".st-key-dataset_selected strong").all_text_contents()
        x, y, half = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, share * box["height"] / 2
        page.mouse.move(x - half, y - half)
        page.mouse.down()
        for across, down in ((1, -1), (1, 1), (-1, 1), (-1, -1)):
            page.mouse.move(x + across * half, y + down * half, steps=4)
        page.mouse.up()
        page.wait_for_function(
            "before => { const now = [...document.querySelectorAll('.st-key-dataset_selected strong')]"
            ".map(each => each.textContent); return now.length && now.join() !== before.join(); }",
            arg=before,
        )
        said = page.locator(".st-key-dataset_selected strong").first.text_content() or ""
        return int(said.split()[0].replace(",", ""))

    few, more = draw_around(0.1), draw_around(0.5)
    assert 0 < few < more < 35_887
    assert int(page.locator("[role=option]").first.get_attribute("aria-setsize") or 0) == more
    page.get_by_role("button", name="Box:").click()
    page.get_by_role("radio", name="Statistics").click()
    page.locator(CHART).first.wait_for(timeout=60_000)
    page.get_by_role("radio", name="Map").click()
    page.locator(".map .legend li").first.wait_for(timeout=60_000)
    assert page.get_by_role("button", name="Box:").get_attribute("aria-pressed") == "true"
    assert page.locator(".map").get_attribute("data-painter") == "webgl"
    assert watched.troubles == [] and watched.requests_outside == []
