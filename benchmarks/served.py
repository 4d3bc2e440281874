"""The app on a server of its own and a Chromium with a fake camera, for measurements in a browser."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.clips import ClipFrame, fake_camera_arguments, write_mjpeg
from tests.e2e.conftest import chromium, free_port, missing, wait_until_up

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator, Page

PROJECT_DIR = Path(__file__).resolve().parents[1]
COMPONENT = 'iframe[title="streamlit_webrtc.component.webrtc_streamer"]'
CARD = ".raut-live-face:not(.blank)"


@dataclass(frozen=True)
class Served:
    """A running app."""

    url: str
    process_id: int
    log: Path


@contextmanager
def served_app(folder: Path, **environment: str) -> Iterator[Served]:
    """The app on a free port of this machine; its log is in the folder."""
    port, log = free_port(), folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "serving.local", "--server.port", str(port)]
            + ["--server.headless", "true", "--server.fileWatcherType", "none"],
            cwd=PROJECT_DIR,
            # Video also where the machine has no network.
            env={
                **os.environ,
                "PYTHONPATH": str(PROJECT_DIR / "tests" / "e2e" / "loopback_only"),
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://localhost:{port}"
        wait_until_up(url, server, log)
        yield Served(url, server.pid, log)
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()


@contextmanager
def browser_with_camera(frames: Iterator[ClipFrame]) -> Iterator[Browser]:
    """Headless Chromium whose camera plays these frames in a loop."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        clip = write_mjpeg(Path(folder) / "clip.mjpeg", frames)
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", *fake_camera_arguments(clip)]
        )
        try:
            yield browser
        finally:
            browser.close()


def need_a_browser() -> None:
    """Ends the program with a sentence where nothing can be measured in a browser."""
    reason = missing()
    if reason is not None:
        sys.exit(f"Nothing can be measured in a browser: {reason}.")


def component(page: Page) -> FrameLocator:
    return page.frame_locator(COMPONENT)


def press_start(page: Page) -> None:
    """Start the video, and wait for the first face.

    Raises:
        RuntimeError: none came within a minute; says what the page shows instead.
    """
    from playwright.sync_api import TimeoutError as NothingCame

    start = component(page).get_by_role("button", name="Start")
    start.click(timeout=60_000, no_wait_after=True)
    try:
        component(page).get_by_role("button", name="Stop").wait_for(timeout=15_000)
    except NothingCame:
        # The click met the component while it was drawn anew: who sees "Start" presses it again.
        if start.is_visible() and start.is_enabled():
            start.click(timeout=5_000, no_wait_after=True)
    try:
        page.locator(CARD).first.wait_for(timeout=60_000)
    except NothingCame as error:
        beside = " / ".join(page.locator(".raut-live-face").all_inner_texts())
        control = " / ".join(component(page).locator("body").all_inner_texts())
        raise RuntimeError(
            f"No face a minute after Start. Beside it: {beside!r}; control: {control!r}"
        ) from error


def press_stop(page: Page) -> None:
    """Stop the video, and wait until the page shows that it has ended."""
    # On a busy computer a click that was done has waited half a minute for a navigation that nobody asked for.
    component(page).get_by_role("button", name="Stop").click(timeout=60_000, no_wait_after=True)
    page.locator(".raut-live-face.blank").wait_for(timeout=60_000)
