"""The camera refused, missing, in use, lost; the page left, reloaded, opened twice, and full. In a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.e2e.clips import ClipFrame, fake_camera_arguments, write_mjpeg
from tests.e2e.conftest import LOOPBACK_ONLY, LaunchBrowser, StartServer
from tests.e2e.watch import WatchedPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.slow

FRAME = 'iframe[title="streamlit_webrtc.component.webrtc_streamer"]'
CARD = ".raut-live-face:not(.blank)"
WORDS = {
    "en": ("Start", "choose Allow", "Without live video"),
    "id": ("Mulai", "pilih Izinkan", "Tanpa video langsung"),
}
REFUSING = """name => {
  const fail = () => Promise.reject(new DOMException("no camera", name));
  delete navigator.mediaDevices;  // what hides it, so that the browser's own is seen again
  navigator.mediaDevices.getUserMedia = fail;
}"""
INSECURE = (
    """() => Object.defineProperty(navigator, "mediaDevices", { value: undefined, configurable: true })"""
)
KEEPING = """(() => {
  if (!navigator.mediaDevices) return;
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async given => window.kept = await ask(given);
})()"""
KEEPING_PEERS = """(() => {
  const Plain = window.RTCPeerConnection;
  window.peers = [];
  window.RTCPeerConnection = class extends Plain { constructor(...given) { super(...given); peers.push(this); } };
})()"""
UNPLUGGED = """() => {
  for (const track of window.kept.getTracks()) { track.stop(); track.dispatchEvent(new Event("ended")); }
}"""

Open = Callable[..., WatchedPage]


@pytest.fixture(scope="module")
def camera_browser(launch_browser: LaunchBrowser, clip: Path) -> Iterator[Browser]:
    browser = launch_browser(*fake_camera_arguments(clip))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def attentive_server(start_server: StartServer) -> str:
    """Address of an app that takes seconds to find out that a browser is gone, and not half a minute."""
    return start_server(PYTHONPATH=str(LOOPBACK_ONLY), RAUT_TEST_CONSENT_S="0.7")


@pytest.fixture
def open_webcam(camera_browser: Browser, app_server: str) -> Iterator[Open]:
    """`open_webcam("id", script="...")`: a visitor of its own on the page Webcam."""
    contexts: list[BrowserContext] = []

    def open_(language: str = "en", *, script: str = "", server: str = app_server) -> WatchedPage:
        context = camera_browser.new_context(
            viewport={"width": 1280, "height": 900}, locale={"en": "en-US", "id": "id-ID"}[language]
        )
        contexts.append(context)
        if script:
            context.add_init_script(script)
        watched = WatchedPage(context.new_page(), server)
        watched.visit("webcam")
        return watched

    yield open_
    for context in contexts:
        context.close()


def press(watched: WatchedPage, name: str) -> None:
    watched.page.frame_locator(FRAME).get_by_role("button", name=name, exact=True).click(timeout=30_000)


def start(watched: WatchedPage) -> None:
    press(watched, "Start")
    watched.page.locator(CARD).first.wait_for(timeout=60_000)


def waits_for(watched: WatchedPage, text: str) -> None:
    watched.page.get_by_text(text).first.wait_for(timeout=30_000)


def test_a_camera_of_black_frames_gives_no_picture(
    launch_browser: LaunchBrowser, app_server: str, tmp_path: Path
) -> None:
    black = ClipFrame(np.zeros((480, 640, 3), np.uint8), np.empty((0, 4)))
    browser = launch_browser(*fake_camera_arguments(write_mjpeg(tmp_path / "black.mjpeg", [black] * 30)))
    try:
        watched = WatchedPage(browser.new_page(), app_server)
        watched.visit("webcam")
        watched.page.frame_locator(FRAME).get_by_role("button", name="Start").click()
        watched.page.get_by_text("The camera gives no picture").wait_for(timeout=20_000)
    finally:
        browser.close()


REFUSED = [
    ("NotAllowedError", "en", "does not allow this page to use the camera"),
    ("NotFoundError", "en", "No camera was found. Plug one in"),
    ("NotReadableError", "id", "Kamera tidak dapat dibuka: sedang dipakai program lain"),
    ("OverconstrainedError", "id", "Pilih kamera lain, lalu tekan Mulai"),
    ("insecure", "id", "alamat yang diawali https://"),
    ("UnknownError", "id", "Kata peramban: UnknownError: no camera"),
]


def test_a_camera_that_cannot_be_had_is_said_in_the_readers_language_with_what_helps(
    open_webcam: Open,
) -> None:
    watched = open_webcam("en")
    frame = watched.page.locator(FRAME).element_handle().content_frame()
    assert frame is not None
    said = watched.page.frame_locator(FRAME).get_by_role("alert")
    now = "en"
    for error, language, words in REFUSED:
        if language != now:
            # What is said already changes its language as well.
            now = language
            watched.choose_language(language)
            said.get_by_text("Tidak ada kamera yang ditemukan").wait_for(timeout=30_000)
        button, hint, ways = WORDS[language]
        frame.evaluate(INSECURE if error == "insecure" else REFUSING, error)
        press(watched, button)
        said.get_by_text(words).wait_for(timeout=30_000)
        assert "no camera" not in said.inner_text() or error == "UnknownError", "the browser's own words"
        assert watched.page.get_by_text(hint).is_visible()
        assert watched.page.get_by_text(ways).first.is_visible()
        assert watched.page.locator(CARD).count() == 0
        cut = "() => document.body.scrollHeight > window.innerHeight"
        frame.wait_for_function(f"!({cut})()")
    press(watched, "Pilih kamera")
    chooser = watched.page.frame_locator(FRAME).locator("body")
    chooser.get_by_role("button", name="Selesai").wait_for(timeout=30_000)
    assert watched.troubles == []


def test_a_camera_lost_in_the_middle_is_said_and_a_new_start_works(open_webcam: Open) -> None:
    watched = open_webcam(script=KEEPING)
    start(watched)
    frame = watched.page.locator(FRAME).element_handle().content_frame()
    assert frame is not None
    frame.evaluate(UNPLUGGED)
    waits_for(watched, "No more pictures come from the camera")
    press(watched, "Stop")
    start(watched)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "The connection to this browser is lost"), ("id", "Sambungan ke peramban ini terputus")],
)
def test_a_connection_lost_in_the_middle_is_said_and_a_new_start_works(
    open_webcam: Open, attentive_server: str, language: str, text: str
) -> None:
    watched = open_webcam(language, script=KEEPING_PEERS, server=attentive_server)
    press(watched, WORDS[language][0])
    watched.page.locator(CARD).first.wait_for(timeout=60_000)
    frame = watched.page.locator(FRAME).element_handle().content_frame()
    assert frame is not None
    # As when the network breaks: the component hears nothing of it and goes on showing its last picture.
    frame.evaluate("() => peers.forEach(peer => peer.close())")
    watched.page.get_by_text(text).first.wait_for(timeout=90_000)
    press(watched, {"en": "Stop", "id": "Berhenti"}[language])
    press(watched, WORDS[language][0])
    watched.page.locator(CARD).first.wait_for(timeout=60_000)


def test_a_connection_that_is_away_for_moments_does_not_end_the_video(open_webcam: Open) -> None:
    watched = open_webcam(script=KEEPING_PEERS)
    start(watched)
    frame = watched.page.locator(FRAME).element_handle().content_frame()
    assert frame is not None
    frame.evaluate("""() => {
      const peer = peers.at(-1);
      Object.defineProperty(peer, "connectionState", { value: "disconnected", configurable: true });
      peer.dispatchEvent(new Event("connectionstatechange"));
    }""")
    before = frame.evaluate("() => document.querySelector('video').currentTime")
    watched.page.wait_for_timeout(1_500)
    assert frame.evaluate("() => document.querySelector('video')?.currentTime") > before
    frame.evaluate("""() => {
      const peer = peers.at(-1);
      Object.defineProperty(peer, "connectionState", { value: "failed", configurable: true });
      peer.dispatchEvent(new Event("connectionstatechange"));
    }""")
    waits_for(watched, "choose Allow")


def test_leaving_coming_back_and_reloading_end_the_video_and_it_starts_again(open_webcam: Open) -> None:
    watched = open_webcam()
    start(watched)
    watched.go("About")
    watched.go("Webcam")
    waits_for(watched, "choose Allow")
    start(watched)
    watched.page.reload()
    watched.settle()
    waits_for(watched, "choose Allow")
    start(watched)
    assert watched.troubles == []


def test_two_tabs_have_a_video_each(open_webcam: Open) -> None:
    first, second = open_webcam(), open_webcam()
    start(first)
    start(second)
    press(second, "Stop")
    second.page.locator(".raut-live-face.blank").wait_for(timeout=30_000)
    video = first.page.frame_locator(FRAME).locator("video")
    before = video.evaluate("video => video.currentTime")
    for _try in range(20):
        first.page.wait_for_timeout(500)
        if video.evaluate("video => video.currentTime") > before:
            break
    else:
        pytest.fail("the first tab's video stands still")
    first.page.locator(CARD).first.wait_for(timeout=60_000)
    assert first.troubles + second.troubles == []


def test_one_viewer_too_many_gets_a_sentence_and_the_place_when_it_is_free(
    open_webcam: Open, start_server: StartServer
) -> None:
    server = start_server(PYTHONPATH=str(LOOPBACK_ONLY), RAUT_LIVE_VIEWERS="1")
    watching, waiting, third = (
        open_webcam(server=server),
        open_webcam(server=server),
        open_webcam(server=server),
    )
    start(watching)
    # It was on its page before the place was taken, and presses Start now.
    press(waiting, "Start")
    waits_for(waiting, "Live video is in full use")
    assert waiting.page.locator(FRAME).count() == 0, "the camera must be let go"
    third.choose_language("id")
    waits_for(third, "Video langsung sedang terpakai penuh")
    watching.page.locator(CARD).first.wait_for(timeout=30_000)  # its video goes on
    press(watching, "Stop")
    waits_for(watching, "choose Allow")
    waiting.page.get_by_role("button", name="Try again").click()
    start(waiting)
    assert watching.troubles + waiting.troubles + third.troubles == []
