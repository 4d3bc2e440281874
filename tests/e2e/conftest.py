"""A real server and a real browser. Without chromium: skipped, or failed if RAUT_REQUIRE_BROWSER=1."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

try:
    from playwright.sync_api import Browser, Page, sync_playwright
except ImportError:  # the runtime alone is installed
    sync_playwright = None  # type: ignore[assignment]

from tests.e2e.clips import moving_faces, write_mjpeg
from tests.e2e.watch import WatchedPage

LOOPBACK_ONLY = Path(__file__).parent / "loopback_only"
ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_S = 60

StartServer = Callable[..., str]
LaunchBrowser = Callable[..., "Browser"]
OpenPage = Callable[..., WatchedPage]


def chromium() -> str | None:
    """Path of Debian's chromium, or of the one that RAUT_CHROMIUM names."""
    named = os.environ.get("RAUT_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


def missing() -> str | None:
    """Why there can be no test in a browser; None when there can."""
    if sync_playwright is None:
        return "playwright is not installed (make test installs it)"
    if chromium() is None:
        return "chromium is not installed (Debian: apt-get install chromium)"
    return None


@pytest.fixture(scope="session")
def chromium_path() -> str:
    reason = missing()
    if reason is not None:
        if os.environ.get("RAUT_REQUIRE_BROWSER") == "1":
            pytest.fail(f"RAUT_REQUIRE_BROWSER=1, and {reason}")
        pytest.skip(reason)
    return str(chromium())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + START_LIMIT_S
    while time.monotonic() < give_up:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not come up:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What the pages showed stands in the report of a test that failed: some fail on a busy computer only."""
    report = yield
    if report.when == "call" and report.failed:
        report.sections += [("page", _state(watched)) for watched in WatchedPage.of_this_test]
    if report.when == "teardown":
        WatchedPage.of_this_test.clear()
    return report


def _state(watched: WatchedPage) -> str:
    try:
        return watched.state()
    except Exception as error:  # noqa: BLE001 - whatever it is, the failure of the test is what counts
        return f"cannot be read: {error}"


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """`start_server(FER2013_DIR="/somewhere")` serves the app on a free port with that environment.

    As `make run` does, or with `bare=True` by `streamlit run app.py` alone.
    """
    servers: list[subprocess.Popen[bytes]] = []

    def start(*, bare: bool = False, **environment: str) -> str:
        folder = tmp_path_factory.mktemp("server")
        port = free_port()
        log = folder / "server.log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [sys.executable, "-m", *(("streamlit", "run", "app.py") if bare else ("serving.local",))]
                + ["--server.port", str(port)]
                + ["--server.headless", "true", "--server.fileWatcherType", "none"],
                cwd=ROOT,
                env={**os.environ, "FER2013_DIR": str(folder), **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        servers.append(server)
        url = f"http://localhost:{port}"
        wait_until_up(url, server, log)
        return url

    yield start
    for server in servers:
        server.terminate()
    for server in servers:
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()


@pytest.fixture(scope="session")
def app_server(chromium_path: str, start_server: StartServer) -> str:
    """Address of the app with the networks that ship, without FER2013, and with video on any machine."""
    return start_server(PYTHONPATH=str(LOOPBACK_ONLY))


@pytest.fixture(scope="session")
def launch_browser(chromium_path: str) -> Iterator[LaunchBrowser]:
    """`launch_browser("--some-switch")` starts a chromium of its own, closed at the end."""
    with sync_playwright() as playwright:
        browsers: list[Browser] = []

        def launch(*arguments: str) -> Browser:
            browser = playwright.chromium.launch(
                executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu", *arguments]
            )
            browsers.append(browser)
            return browser

        yield launch
        for browser in browsers:
            browser.close()


@pytest.fixture(scope="session")
def browser(launch_browser: LaunchBrowser) -> Browser:
    return launch_browser()


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mjpeg(tmp_path_factory.mktemp("camera") / "face.mjpeg", moving_faces(90))


@pytest.fixture
def open_page(browser: Browser, app_server: str) -> Iterator[OpenPage]:
    """`open_page("about", language="id", width=390, shade="dark")` waits until the page stands."""
    opened: list[Page] = []

    def open_(
        path: str = "", *, language: str = "en", width: int = 1440, shade: str = "light", **context: Any
    ) -> WatchedPage:
        page = browser.new_context(
            viewport={"width": width, "height": 900},
            locale={"en": "en-US", "id": "id-ID"}[language],
            color_scheme=shade,
            **context,
        ).new_page()
        opened.append(page)
        watched = WatchedPage(page, app_server)
        watched.visit(path)
        return watched

    yield open_
    for page in opened:
        page.context.close()
