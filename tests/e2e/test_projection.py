"""What a class sees on a projection: all of the running video's page at once, projector mode, a frozen frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.e2e.clips import fake_camera_arguments, moving_faces, write_mjpeg
from tests.e2e.conftest import LaunchBrowser, OpenPage
from tests.e2e.test_webcam import CARD, FRAME, frames_shown
from tests.e2e.test_webcam_states import KEEPING_PEERS
from tests.e2e.watch import WatchedPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FloatRect

pytestmark = pytest.mark.slow

PROJECTIONS = ((1366, 768), (1280, 720))
LEAST_TEXT = 0.045
"""Of the projection's height: the size of letters whose capitals are seen under 16 minutes of arc from ten metres."""


@pytest.fixture(scope="module")
def two_faces(launch_browser: LaunchBrowser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    clip = write_mjpeg(tmp_path_factory.mktemp("class") / "two.mjpeg", moving_faces(60, faces=2))
    browser = launch_browser(*fake_camera_arguments(clip))
    yield browser
    browser.close()


def box(watched: WatchedPage, selector: str, *, in_frame: bool = False) -> FloatRect:
    """Where the first that is visible lies, in pixels of the window; also of what is in the component."""
    place = watched.page.frame_locator(FRAME) if in_frame else watched.page
    found = place.locator(selector).first.bounding_box()
    assert found is not None, f"{selector} is not to be seen"
    return found


def in_sight(watched: WatchedPage, *boxes: FloatRect) -> bool:
    size = watched.page.viewport_size
    assert size is not None
    return all(
        found["x"] >= 0
        and found["y"] >= 0
        and found["x"] + found["width"] <= size["width"] + 1
        and found["y"] + found["height"] <= size["height"] + 1
        for found in boxes
    )


def renewed(watched: WatchedPage, selector: str, number: int) -> list[FloatRect]:
    """That many of what is renewed while one looks; a busy computer may lose sight of a face for a moment."""
    for _try in range(60):
        found: list[FloatRect] = watched.page.evaluate(
            "selector => [...document.querySelectorAll(selector)].map(one => one.getBoundingClientRect().toJSON())",
            selector,
        )
        if len(found) >= number:
            return found
        watched.page.wait_for_timeout(250)
    pytest.fail(f"fewer than {number} of {selector}")


def cards(watched: WatchedPage) -> list[FloatRect]:
    """Of both faces."""
    return renewed(watched, CARD, 2)


def apart(one: FloatRect, other: FloatRect) -> bool:
    """Whether one is beside the other."""
    return one["x"] + one["width"] <= other["x"] + 1 or other["x"] + other["width"] <= one["x"] + 1


def peers(watched: WatchedPage) -> list[str]:
    """State of each connection that was ever made for the video."""
    frame = watched.page.locator(FRAME).element_handle().content_frame()
    assert frame is not None
    states: list[str] = frame.evaluate("() => peers.map(peer => peer.connectionState)")
    return states


def test_a_class_sees_all_at_once_and_a_frozen_frame_keeps_the_connection(
    two_faces: Browser, app_server: str
) -> None:
    # In Indonesian, whose names of expressions are longer.
    page = two_faces.new_page(viewport={"width": 1366, "height": 768}, locale="id-ID")
    page.add_init_script(KEEPING_PEERS)
    watched = WatchedPage(page, app_server)
    watched.visit("webcam")
    page.frame_locator(FRAME).get_by_role("button", name="Mulai", exact=True).click(timeout=30_000)
    page.locator(CARD).nth(1).wait_for(timeout=60_000)
    stop_button = "button:text-is('Berhenti')"

    # Beside the running video nothing needs scrolling.
    for width, height in PROJECTIONS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(700)  # the component says its height anew
        picture = box(watched, "video", in_frame=True)
        assert picture["height"] > height / 2
        shown = [picture, box(watched, stop_button, in_frame=True), *cards(watched)]
        shown += [box(watched, f".st-key-webcam_{key} button:visible") for key in ("projector_on", "freeze")]
        assert in_sight(watched, *shown), (width, height, shown)

    # Projector mode: bars at the sides of the picture, large enough, and the sentence below.
    page.locator(".st-key-webcam_projector_on button:visible").click()
    page.get_by_text("bukan perasaan orangnya").wait_for(timeout=30_000)
    for width, height in PROJECTIONS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(700)
        picture = box(watched, "video", in_frame=True)
        assert picture["height"] > height / 2
        shown = [picture, box(watched, stop_button, in_frame=True), *cards(watched)]
        shown += [
            box(watched, ".st-key-webcam_projector_off button:visible"),
            box(watched, ".st-key-webcam_sentence p"),
        ]
        assert in_sight(watched, *shown), (width, height, shown)
        assert all(apart(card, picture) for card in cards(watched))
        texts = [f"{CARD} li > span:nth-child(2)", f"{CARD} li > b", ".st-key-webcam_sentence p"]
        for selector in texts:
            renewed(watched, selector, 1)
            size, spills = page.evaluate(
                """selector => {
                  const one = document.querySelector(selector);
                  return [parseFloat(getComputedStyle(one).fontSize), one.scrollWidth > one.clientWidth + 1];
                }""",
                selector,
            )
            assert size >= LEAST_TEXT * height, (selector, size, height)
            assert not spills or selector.endswith("b"), selector
    page.locator(".st-key-webcam_steps label").first.click()
    page.locator(".st-key-webcam_steps .raut-steps > li").nth(4).wait_for(timeout=30_000)
    page.wait_for_timeout(700)
    steps = renewed(watched, ".st-key-webcam_steps .raut-steps > li", 5)
    assert in_sight(
        watched, *steps, *cards(watched), box(watched, ".st-key-webcam_projector_off button:visible")
    )

    # Frozen: one picture, the component out of sight but for Stop; one click goes on, over the same connection.
    assert peers(watched) == ["connected"]
    before = frames_shown(watched)
    page.locator(".st-key-webcam_freeze button:visible").click()
    frozen = page.locator(".st-key-webcam_frozen img")
    frozen.wait_for(timeout=60_000)
    page.wait_for_timeout(700)
    assert in_sight(
        watched,
        box(watched, ".st-key-webcam_frozen img"),
        box(watched, stop_button, in_frame=True),
        *cards(watched),
    )
    assert box(watched, ".st-key-webcam_stream_place")["height"] < 60, "the video is out of sight"
    first = frozen.get_attribute("src")
    page.wait_for_timeout(500)
    assert frozen.get_attribute("src") == first
    page.keyboard.press("Escape")  # out of projector mode, and still frozen
    page.locator(".st-key-webcam_projector_on").wait_for(timeout=30_000)
    assert frozen.get_attribute("src") == first
    page.locator(".st-key-webcam_go_on button:visible").click()
    frozen.wait_for(state="detached", timeout=30_000)
    page.locator(".st-key-webcam_freeze").wait_for(timeout=30_000)
    assert peers(watched) == ["connected"]
    assert frames_shown(watched) > before

    # The heading comes back with the end of the video.
    heading = page.locator(".st-key-page_header")
    assert heading.bounding_box()["height"] < 2  # type: ignore[index]
    page.frame_locator(FRAME).get_by_role("button", name="Berhenti", exact=True).click()
    page.wait_for_function("document.querySelector('.st-key-page_header').offsetHeight > 50", timeout=30_000)
    assert watched.troubles == []
    page.close()


MEASURED = """() => {
  const type = [...document.querySelectorAll("[data-testid=stMain] [data-testid=stMarkdown] p, .raut-table td")]
    .map(one => parseFloat(getComputedStyle(one).fontSize));
  const charts = [...document.querySelectorAll(".js-plotly-plot")];
  const labels = charts.flatMap(chart => [...chart.querySelectorAll(".ytick text")]);
  return {
    type: Math.min(...type),
    chart: charts[0]?.getBoundingClientRect().height,
    label: parseFloat(getComputedStyle(labels[0]).fontSize),
    beyond: [...document.querySelectorAll("[data-testid=stMain] :is(p, h1, h2, h3, td, th, svg)")]
      .filter(one => one.offsetParent && one.getBoundingClientRect().right > innerWidth + 1)
      .map(one => one.textContent),
  };
}"""


def test_projector_size_enlarges_type_and_charts_on_every_page_and_outlasts_a_reload(
    open_page: OpenPage,
) -> None:
    watched = open_page("dataset?view=statistics", language="id", width=1366)
    page = watched.page
    page.set_viewport_size({"width": 1366, "height": 768})
    usual = page.evaluate(MEASURED)
    page.locator(".st-key-projector_size label").first.click()
    page.wait_for_function("parseFloat(getComputedStyle(document.documentElement).fontSize) > 20")
    watched.settle()

    def larger(than: dict[str, float]) -> None:
        # A chart comes a moment after its page.
        for _try in range(60):
            if page.locator(".js-plotly-plot .ytick text").count():
                seen = page.evaluate(MEASURED)
                if seen["label"] >= 1.2 * than["label"]:
                    break
            page.wait_for_timeout(250)
        else:
            pytest.fail("charts do not grow")
        assert seen["type"] >= 1.2 * than["type"]
        assert seen["chart"] >= 1.2 * than["chart"]
        assert seen["beyond"] == []

    larger(usual)
    page.set_viewport_size({"width": 1280, "height": 720})
    larger(usual)
    page.reload()
    watched.settle()
    larger(usual)
    watched.go("Pelatihan")
    assert "projector=true" in page.url
    # The same letters and smaller charts than those of Data set would be a fault, larger ones are not.
    larger(usual)
    watched.choose_language("en")
    assert "projector=true" in page.url
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") > 20
    assert watched.troubles == []
