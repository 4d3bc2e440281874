"""The Photos page as a psychologist uses it: drop files, read the faces, take the table home."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from fer_core.labels import FER2013_LABELS
from fer_core.places import SAMPLE_PHOTO
from tests.crowds import FACES, crowd_jpeg
from tests.e2e.conftest import OpenPage


def test_the_sample_is_analysed_at_one_click(open_page: OpenPage) -> None:
    watched = open_page("photos")
    watched.page.get_by_role("button", name="Try a sample photo").click()
    face = watched.page.locator(".raut-faces > li")
    face.wait_for(timeout=60_000)
    assert face.count() == 1
    picture = watched.page.get_by_role("img", name="1 face")
    loaded = """image => image.complete || new Promise(done => { image.onload = image.onerror = done; })"""
    picture.evaluate(loaded)
    assert picture.evaluate("image => image.naturalWidth") > 300
    assert watched.page.get_by_text("NASA").count() == 1
    drawn = face.locator(".raut-sign").first.evaluate(
        "sign => [getComputedStyle(sign).maskImage.slice(0, 14), sign.getBoundingClientRect().width > 14]"
    )
    assert drawn == ['url("data:imag', True], "the sign is filled with the colour of the text"
    assert watched.troubles == [] and watched.requests_outside == []


def test_a_drawing_is_analysed_at_one_click_and_is_called_one(open_page: OpenPage) -> None:
    watched = open_page("photos")
    watched.page.get_by_text("Surprise", exact=True).click()
    face = watched.page.locator(".raut-faces > li")
    face.wait_for(timeout=60_000)
    assert face.locator("em").inner_text().strip() == "Surprise"
    assert watched.page.get_by_text("made to show “Surprise”").count() == 1
    assert watched.troubles == [] and watched.requests_outside == []


def test_a_good_and_a_bad_file_together_give_faces_a_sentence_and_a_table_to_download(
    open_page: OpenPage, tmp_path: Path
) -> None:
    bad = tmp_path / "notes.jpg"
    bad.write_text("This is no picture.")
    watched = open_page("photos", accept_downloads=True)
    watched.page.locator("input[type=file]").set_input_files([SAMPLE_PHOTO, bad])
    watched.page.locator(".raut-faces > li").wait_for(timeout=60_000)
    watched.settle()
    assert watched.page.get_by_text("notes.jpg").count() >= 1
    assert watched.page.get_by_role("alert").filter(has_text="not a picture Raut can read").count() == 1
    with watched.page.expect_download() as download:
        watched.page.get_by_test_id("stDownloadButton").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert [(row["file"], row["status"]) for row in rows] == [
        (SAMPLE_PHOTO.name, "ok"),
        ("notes.jpg", "error"),
    ]
    assert abs(sum(float(rows[0][label]) for label in FER2013_LABELS) - 1) < 1e-4
    assert watched.troubles == [] and watched.requests_outside == []


def test_results_stay_when_the_language_changes(open_page: OpenPage) -> None:
    watched = open_page("photos", width=390)
    watched.page.get_by_role("button", name="Try a sample photo").click()
    watched.page.locator(".raut-faces > li").wait_for(timeout=60_000)
    watched.choose_language("id")
    watched.page.get_by_text("Paling mirip dengan").first.wait_for(timeout=30_000)
    assert watched.page.locator(".raut-faces > li").count() == 1
    assert watched.troubles == []


def test_a_still_of_two_hundred_faces_is_shown_and_its_table_scrolls(
    open_page: OpenPage, tmp_path: Path
) -> None:
    still = tmp_path / "yard.jpg"
    still.write_bytes(crowd_jpeg())
    watched = open_page("photos")
    watched.page.locator("input[type=file]").set_input_files(still)
    faces = watched.page.locator(".raut-faces > li")
    faces.last.wait_for(timeout=60_000)
    watched.settle()
    assert 0.85 * FACES <= faces.count() <= 1.02 * FACES
    assert faces.last.locator("details").evaluate("details => details.open") is False
    watched.page.get_by_role("tab", name="Table").click()
    table = watched.page.get_by_test_id("stDataFrame").first
    table.wait_for(timeout=30_000)
    box = table.bounding_box()
    assert box is not None and 200 < box["height"] < 900  # it scrolls by itself; the page does not grow
    watched.settle()
    assert watched.troubles == []


def test_breaking_a_face_answers_while_the_slider_is_still_held(open_page: OpenPage) -> None:
    watched = open_page("photos")
    page = watched.page
    page.get_by_role("button", name="Try a sample photo").click()
    page.locator(".raut-faces > li").wait_for(timeout=60_000)
    page.get_by_text("Look closer at one face").click()
    page.get_by_text("Stress test", exact=True).click(timeout=30_000)
    slider = page.get_by_role("slider")
    slider.wait_for(timeout=30_000)
    watched.settle()
    bars = page.locator(".st-key-face_closer table.raut-bars").or_(page.locator("table.raut-bars").last).last
    before = bars.inner_text()
    slider.scroll_into_view_if_needed()
    box = page.get_by_test_id("stSliderThumbValue").first.bounding_box()
    track = page.get_by_test_id("stSlider").bounding_box()
    assert box is not None and track is not None
    begin = (box["x"] + box["width"] / 2, box["y"] + box["height"] + 6)
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(track["x"] + 0.9 * track["width"], begin[1], steps=8)
    page.wait_for_function(
        "before => [...document.querySelectorAll('table.raut-bars')].at(-1).innerText !== before",
        arg=before,
        timeout=15_000,
    )
    held = slider.input_value()
    assert float(held) > 0, "the thumb is still held where it was moved to"
    page.mouse.up()
    watched.settle()
    assert slider.input_value() == held
    assert watched.troubles == []
