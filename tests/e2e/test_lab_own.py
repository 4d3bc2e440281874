"""The lab on own faces, from consent to erased, with a camera that plays a clip with a face."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.clips import fake_camera_arguments
from tests.e2e.conftest import LaunchBrowser
from tests.e2e.test_webcam import CARD, FRAME
from tests.e2e.watch import WatchedPage

ENOUGH = re.compile(r"(?<!\d)([6-9]|\d\d+) faces")


@pytest.fixture
def lab(launch_browser: LaunchBrowser, app_server: str, clip: Path) -> Iterator[WatchedPage]:
    """A browser of its own with that camera, on the page Lab, way “own faces”."""
    browser = launch_browser(*fake_camera_arguments(clip))
    watched = WatchedPage(
        browser.new_page(viewport={"width": 1440, "height": 1000}, locale="en-US"), app_server
    )
    watched.visit("lab?way=own")
    yield watched
    browser.close()


def test_two_classes_are_recorded_learnt_tried_and_erased(lab: WatchedPage) -> None:
    page = lab.page
    buttons, counts = page.locator("button.hold"), page.locator(".rows .count")
    status = page.locator(".raut-lab-status.on")
    buttons.first.wait_for(timeout=60_000)
    assert buttons.first.is_disabled(), "nothing is recorded before everybody agreed"
    page.get_by_text("Everybody in front of the camera agrees").click()
    page.frame_locator(FRAME).get_by_role("button", name="Start").click(timeout=30_000)
    page.locator("button.hold:enabled").first.wait_for(timeout=60_000)
    page.get_by_role("button", name="Classes and photos").click()
    page.get_by_role("button", name="Remove", exact=True).nth(2).click()
    page.get_by_role("button", name="Remove", exact=True).nth(2).wait_for(state="detached", timeout=30_000)
    page.keyboard.press("Escape")

    for bursts in ("1 burst", "2 bursts"):
        page.keyboard.down("1")  # the focus is anywhere
        status.get_by_text(ENOUGH).wait_for(timeout=30_000)
        page.keyboard.up("1")
        counts.nth(0).get_by_text(bursts).wait_for(timeout=30_000)
        buttons.nth(1).hover()
        page.mouse.down()
        status.get_by_text(ENOUGH).wait_for(timeout=30_000)
        page.mouse.up()
        counts.nth(1).get_by_text(bursts).wait_for(timeout=30_000)
    assert page.locator(".burst.tested").count() == 2, "a whole burst of each class is held out"

    start = page.locator(".st-key-lab_start button")
    start.click(timeout=30_000)
    answers = page.locator(CARD).filter(has_text="frown")
    answers.first.wait_for(timeout=180_000)
    assert "smile" in answers.first.inner_text() and "Happy" not in answers.first.inner_text()

    page.get_by_role("button", name="Erase all faces").click()
    page.get_by_role("button", name="Erase faces and these networks").click(timeout=30_000)
    page.get_by_text("faces are erased and cannot be brought back").wait_for(timeout=30_000)
    assert page.locator(".burst").count() == 0
    assert buttons.first.is_disabled(), "the next class is asked again"
    page.locator(CARD).filter(has_text="Happy").first.wait_for(timeout=30_000)
    assert lab.troubles == []
    assert lab.requests_outside == []
