"""The webcam page with a camera that plays a clip with a face: what the viewer sees, in a real browser."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from fer_core.labels import TASK_LABELS
from fer_core.store.folder import list_networks
from tests.e2e.clips import fake_camera_arguments, moving_faces, write_mjpeg
from tests.e2e.conftest import LaunchBrowser
from tests.e2e.watch import WatchedPage

FRAME = 'iframe[title="streamlit_webrtc.component.webrtc_streamer"]'
CARD = ".raut-live-face:not(.blank)"
NEAR = 45  # distance in RGB within which a pixel of the compressed video still has a colour
SHARE_NEAR = """(video, [red, green, blue, near]) => {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth; canvas.height = video.videoHeight;
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  const rgba = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  let count = 0;
  for (let at = 0; at < rgba.length; at += 4)
    count += Math.hypot(rgba[at] - red, rgba[at + 1] - green, rgba[at + 2] - blue) < near;
  return count / (rgba.length / 4);
}"""


@pytest.fixture
def webcam(launch_browser: LaunchBrowser, app_server: str, clip: Path) -> Iterator[WatchedPage]:
    """A browser of its own with that camera, on the page Home."""
    browser = launch_browser(*fake_camera_arguments(clip))
    watched = WatchedPage(
        browser.new_page(viewport={"width": 1440, "height": 1000}, locale="en-US"), app_server
    )
    watched.visit()
    yield watched
    browser.close()


def start(watched: WatchedPage) -> None:
    watched.page.frame_locator(FRAME).get_by_role("button", name="Start").click(timeout=30_000)
    watched.page.locator(CARD).first.wait_for(timeout=60_000)


def rgb(colour: str) -> list[int]:
    """ "#D55E00" -> [213, 94, 0]."""
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def share_in_clip(colour: str) -> float:
    """Share of the clip's pixels that have about that colour, before anything is painted."""
    frame_bgr = next(moving_faces(1)).frame_bgr
    return float((np.linalg.norm(frame_bgr[..., ::-1].astype(int) - rgb(colour), axis=-1) < NEAR).mean())


def share_in_video(watched: WatchedPage, colour: str) -> float:
    """The same of what the browser shows just now."""
    video = watched.page.frame_locator(FRAME).locator("video")
    return float(video.evaluate(SHARE_NEAR, [*rgb(colour), NEAR]))


def frames_shown(watched: WatchedPage) -> float:
    return float(watched.page.frame_locator(FRAME).locator("video").evaluate("video => video.currentTime"))


@pytest.mark.parametrize("way", ["address", "link"])
def test_the_page_reports_the_face_in_front_of_the_camera(webcam: WatchedPage, way: str) -> None:
    if way == "address":
        webcam.visit("webcam")
    else:
        webcam.go("Webcam")
    page = webcam.page
    assert page.get_by_text("choose Allow").is_visible()
    start(webcam)
    cards = page.locator(CARD)
    assert cards.count() == 1
    assert "Face 1" in cards.inner_text()
    assert "Expression resembles" in cards.inner_text()
    assert cards.locator("li").count() in (7, 8)
    assert page.get_by_text("choose Allow").count() == 0

    # The server painted the label's plate: the card's colour is in the video, and not in the clip.
    for _try in range(20):
        colour = cards.first.evaluate("card => card.style.getPropertyValue('--emotion')")
        if share_in_video(webcam, colour) > share_in_clip(colour) + 0.005:
            break
        page.wait_for_timeout(250)
    else:
        pytest.fail(f"no plate in {colour} on the video")
    assert webcam.troubles == []
    assert webcam.requests_outside == []


def test_stopping_leaves_a_summary(webcam: WatchedPage) -> None:
    webcam.go("Webcam")
    start(webcam)
    page = webcam.page
    page.locator(".raut-ribbons i[title]").last.wait_for(timeout=30_000)
    page.frame_locator(FRAME).get_by_role("button", name="Stop").click()
    page.locator(".raut-live-face.blank").wait_for(timeout=30_000)
    assert page.get_by_text("choose Allow").is_visible()
    with page.expect_download(timeout=30_000) as download:
        page.get_by_role("button", name="Download as CSV, with times").click(timeout=30_000)
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    assert rows and {row["face"] for row in rows} == {"1"}
    assert datetime.fromisoformat(rows[0]["time"]).tzinfo is not None
    assert webcam.troubles == []


WATCH_RIBBONS = """seconds => new Promise(done => {
  const seen = {renewals: 0, heights: [], rows: [], ends: []};
  const box = document.querySelector(".raut-ribbons").closest("[data-testid=stHtml]");
  const watch = new MutationObserver(() => seen.renewals++);
  watch.observe(box, {childList: true, subtree: true});
  const timer = setInterval(() => {
    const chart = box.querySelector(".raut-ribbons");
    if (!box.isConnected || !chart) { seen.heights.push(-1); return; }
    seen.heights.push(chart.offsetHeight);
    seen.rows.push(chart.querySelectorAll(".rows > div > span:not(:empty)").length);
    const below = document.querySelector(".st-key-webcam_steps").getBoundingClientRect().top;
    seen.ends.push(Math.round(below + window.scrollY));
  }, 50);
  setTimeout(() => { clearInterval(timer); watch.disconnect(); done(seen); }, 1000 * seconds);
})"""


def test_the_last_minute_is_renewed_in_its_place_while_faces_come_and_go(
    launch_browser: LaunchBrowser, app_server: str, tmp_path: Path
) -> None:
    """A chart built anew with each renewal would flicker, and one as high as it has faces would push the page."""
    frames = [*moving_faces(90), *moving_faces(90, faces=2)]
    browser = launch_browser(*fake_camera_arguments(write_mjpeg(tmp_path / "two.mjpeg", frames)))
    watched = WatchedPage(
        browser.new_page(viewport={"width": 1440, "height": 1000}, locale="en-US"), app_server
    )
    watched.visit("webcam")
    start(watched)
    watched.page.locator(".raut-ribbons i[title]").first.wait_for(timeout=30_000)
    seen = watched.page.evaluate(WATCH_RIBBONS, 10)
    browser.close()
    assert seen["renewals"] >= 3
    assert min(seen["rows"]) < max(seen["rows"]), "faces came"
    assert len(set(seen["heights"])) == 1, "gone for a moment, or of another height"
    assert len(set(seen["ends"])) == 1, "what stands below must not move"
    assert watched.troubles == []


def test_many_faces_beside_the_video_do_not_push_what_stands_below(
    launch_browser: LaunchBrowser, app_server: str, tmp_path: Path
) -> None:
    """Cards of eight faces and the buttons below them are higher than the video's column: they scroll there."""
    browser = launch_browser(*fake_camera_arguments(write_mjpeg(tmp_path / "one.mjpeg", moving_faces(60))))
    watched = WatchedPage(
        browser.new_page(viewport={"width": 1440, "height": 1000}, locale="en-US"), app_server
    )
    watched.visit("webcam")
    start(watched)
    watched.page.locator(".raut-live-face").first.wait_for(timeout=30_000)
    moved, scrolls = watched.page.evaluate("""() => {
      const top = () => document.querySelector(".st-key-webcam_steps").getBoundingClientRect().top;
      const cards = document.querySelector(".raut-live-faces"), before = top();
      const place = document.querySelector(".st-key-webcam_bars").parentElement;
      for (let copies = 0; copies < 7; copies++) cards.append(cards.firstElementChild.cloneNode(true));
      return [top() - before, place.scrollHeight > place.clientHeight + 100];
    }""")
    browser.close()
    assert scrolls and moved == 0


def test_a_setting_changes_the_running_video(webcam: WatchedPage) -> None:
    webcam.go("Webcam")
    start(webcam)
    before = frames_shown(webcam)
    webcam.page.get_by_text("More", exact=True).click()
    webcam.page.get_by_text("Thorough", exact=True).click()
    webcam.page.get_by_role("radio", name="Thorough", checked=True).wait_for(timeout=30_000)
    webcam.page.get_by_text("Haar cascade only, as in the paper").click()
    webcam.page.get_by_role("radio", name="Haar cascade only, as in the paper", checked=True).wait_for(
        timeout=30_000
    )
    webcam.page.get_by_text("Show how it works").click()
    steps = webcam.page.locator(".st-key-webcam_steps .raut-steps > li")
    steps.nth(4).wait_for(timeout=30_000)
    # A busy computer is given smaller pictures.
    webcam.page.get_by_text(re.compile(r"searches (640|480|320)×")).wait_for(timeout=30_000)
    webcam.page.get_by_role("button", name="Projector mode").click()
    webcam.page.get_by_role("heading", name="Live with the webcam").wait_for(state="hidden", timeout=30_000)
    assert frames_shown(webcam) > before, "the video must go on"
    webcam.page.get_by_role("button", name="Leave projector mode").press("Escape")
    webcam.page.get_by_role("heading", name="Live with the webcam").wait_for(timeout=30_000)
    assert webcam.troubles == []


@pytest.mark.skipif(
    {info.task for info in list_networks()} != set(TASK_LABELS), reason="there are networks of one task only"
)
def test_seven_become_eight_beside_the_running_video(webcam: WatchedPage) -> None:
    webcam.go("Webcam")
    start(webcam)
    card = webcam.page.locator(CARD).first
    assert card.locator("li").count() == 7
    before = frames_shown(webcam)
    webcam.page.get_by_text("Eight, with contempt").click()
    card.locator("li").get_by_text("Contempt").wait_for(timeout=30_000)
    assert card.locator("li").count() == 8
    webcam.page.wait_for_timeout(500)
    assert frames_shown(webcam) > before, "the video must go on"
    webcam.choose_language("id")
    card.locator("li").get_by_text("Penghinaan").wait_for(timeout=30_000)
    assert webcam.troubles == []


def test_the_language_changes_beside_the_running_video(webcam: WatchedPage) -> None:
    webcam.go("Webcam")
    start(webcam)
    before = frames_shown(webcam)
    webcam.choose_language("id")
    webcam.page.locator(CARD).get_by_text("Paling mirip dengan").wait_for(timeout=30_000)
    webcam.page.frame_locator(FRAME).get_by_role("button", name="Berhenti").wait_for(timeout=30_000)
    webcam.page.wait_for_timeout(500)
    assert frames_shown(webcam) > before
    assert webcam.troubles == []


def test_a_photo_from_the_camera_needs_no_live_video(webcam: WatchedPage) -> None:
    webcam.go("Webcam")
    assert webcam.page.locator("video").count() == 0, "the camera must stay off until somebody asks for it"
    webcam.page.get_by_text("Open the camera").click()
    webcam.page.get_by_test_id("stCameraInputWebcamComponent").wait_for(timeout=30_000)
    # Chromium plays a muted video only while it is in sight.
    webcam.page.locator("[data-testid=stCameraInput] video").scroll_into_view_if_needed(timeout=30_000)
    webcam.page.wait_for_function(
        "document.querySelector('[data-testid=stCameraInput] video')?.currentTime > 0", timeout=30_000
    )
    webcam.page.get_by_test_id("stCameraInputButton").click()
    webcam.page.get_by_role("heading", name="Photo from the camera").wait_for(timeout=60_000)
    faces = webcam.page.locator(".raut-faces > li")
    faces.first.wait_for(timeout=90_000)
    assert faces.count() == 1
    assert webcam.troubles == []
