"""The Webcam page: states of the video, settings that reach it, and the two ways without live video."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import streamlit as st

from fer_core.errors import N_, RautError
from fer_core.labels import FER2013_LABELS
from fer_core.live.viewers import Viewers
from fer_core.places import ICE_SERVERS_VARIABLE, SAMPLE_PHOTO
from pages.ui.live import stream as stream_module
from pages.ui.live.stream import CONSTRAINTS, FrameFlow, ice_servers
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.webcam.conftest import PAGE, OpenWebcam, Stream, html_of, result_with

if TYPE_CHECKING:
    pass

ASTRONAUT = SAMPLE_PHOTO.read_bytes()


# --- states --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "hint", "recorded", "ways"),
    [
        ("en", "choose Allow", "No picture is recorded", "Without live video"),
        ("id", "pilih Izinkan", "Tidak ada gambar yang direkam", "Tanpa video langsung"),
    ],
)
def test_before_the_start_the_page_explains_the_permission_and_offers_other_ways(
    open_webcam: OpenWebcam, language: str, hint: str, recorded: str, ways: str
) -> None:
    app = open_webcam(language)
    for text in (hint, recorded, ways):
        assert text in texts(app)
    assert 'class="raut-live-face blank"' in html_of(app)
    assert len(app.file_uploader) == 1


@pytest.mark.parametrize(("language", "name"), [("en", "Sad"), ("id", "Sedih")])
def test_each_face_has_a_card_with_all_expressions_in_the_readers_language(
    open_webcam: OpenWebcam, stream: Stream, language: str, name: str
) -> None:
    stream.playing, stream.result = True, result_with(1, 3)
    shown = html_of(open_webcam(language))
    assert shown.count('<section class="raut-live-face"') == 2
    assert f"<strong>{name}</strong>" in shown
    assert shown.count("--share:") == 2 * len(FER2013_LABELS)
    assert "92%" in shown
    assert "&lt;1%" in shown  # never 0%
    for number in (1, 3):
        assert f">{number}</b>" in shown


@pytest.mark.parametrize(
    ("language", "heading", "could_be"),
    [
        ("en", "Expression: <strong>Unsure</strong>", "could be angry, fear or sad"),
        ("id", "Ekspresi: <strong>Tidak yakin</strong>", "bisa jadi marah, takut, atau sedih"),
    ],
)
def test_an_unsure_face_has_a_card_without_colour_that_says_what_it_may_be(
    open_webcam: OpenWebcam, stream: Stream, language: str, heading: str, could_be: str
) -> None:
    stream.playing, stream.result = True, result_with(1, prediction_set=("sad", "fear", "angry"))
    shown = html_of(open_webcam(language))
    assert heading in shown
    assert could_be in shown
    assert '<section class="raut-live-face" data-outline=""' in shown
    assert shown.count('<li class="top"') == 3


def test_a_sure_face_names_the_second_expression_of_its_set(open_webcam: OpenWebcam, stream: Stream) -> None:
    stream.playing, stream.result = True, result_with(1, prediction_set=("sad", "neutral"))
    shown = html_of(open_webcam())
    assert "<strong>Sad</strong>" in shown
    assert "<small>or neutral</small>" in shown


def test_a_place_for_a_second_expression_is_kept_so_that_the_bars_do_not_jump(
    open_webcam: OpenWebcam, stream: Stream
) -> None:
    stream.playing, stream.result = True, result_with(1, prediction_set=("sad",))
    assert "<small></small>" in html_of(open_webcam())


def test_a_network_that_was_not_calibrated_shows_no_set(open_webcam: OpenWebcam, stream: Stream) -> None:
    stream.playing, stream.result = True, result_with(1)
    app = open_webcam()
    assert "</span></p>" in html_of(app)  # nothing follows the answer
    assert "has not been calibrated" in texts(app)


def test_the_permission_hint_goes_while_the_video_runs(open_webcam: OpenWebcam, stream: Stream) -> None:
    stream.playing = True
    app = open_webcam()
    assert "choose Allow" not in texts(app)
    assert "No picture is recorded" in texts(app)


@pytest.mark.parametrize(
    ("language", "text"), [("en", "No face in the picture"), ("id", "Tidak ada wajah di gambar")]
)
def test_no_face_in_the_picture_is_an_ordinary_state(
    open_webcam: OpenWebcam, stream: Stream, language: str, text: str
) -> None:
    stream.playing, stream.result = True, result_with()
    app = open_webcam(language)
    assert text in html_of(app)
    assert not app.error


def test_bars_are_blank_when_the_video_has_ended(open_webcam: OpenWebcam, stream: Stream) -> None:
    stream.playing, stream.result = True, result_with(1)
    app = open_webcam()
    stream.playing, stream.result = False, None
    app.run()
    assert '<section class="raut-live-face"' not in html_of(app)
    assert stream.sessions[-1].latest.get() is None


def test_what_stops_the_analysis_is_a_sentence_beside_the_running_video(
    open_webcam: OpenWebcam, stream: Stream
) -> None:
    stream.playing = True
    stream.error = RautError(N_("The face cascade {file} is damaged. Install the packages of requirements.txt again."), file="x.xml")  # fmt: skip
    app = open_webcam()
    assert [element.value for element in app.error] == [
        r"The face cascade x.xml is damaged. Install the packages of requirements.txt again."
    ]


@pytest.mark.parametrize(
    ("language", "text"), [("en", "somebody else took your place"), ("id", "dipakai orang lain")]
)
def test_a_place_that_lapsed_is_said_until_it_is_taken_again(
    open_webcam: OpenWebcam, stream: Stream, monkeypatch: pytest.MonkeyPatch, language: str, text: str
) -> None:
    now_s = [0.0]
    viewers = Viewers(lambda: 1, clock=lambda: now_s[0])
    monkeypatch.setattr(stream_module, "VIEWERS", viewers)
    stream.playing, stream.result = True, result_with(1)
    app = open_webcam(language)
    session, other = stream.sessions[-1], Stream()
    viewers.enter(session)
    app.run()
    assert text not in html_of(app)
    now_s[0] = 11
    viewers.enter(other)
    stream.result = None
    session.latest.clear()  # as the frame callback does
    app.run()
    assert text in html_of(app)
    assert_no_trouble(app)
    viewers.leave(other)
    assert viewers.enter(session), "what the next frame does"
    stream.result = result_with(1)
    app.run()
    assert text not in html_of(app)
    assert '<section class="raut-live-face"' in html_of(app)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "The connection to this browser is lost"), ("id", "Sambungan ke peramban ini terputus")],
)
def test_a_lost_connection_is_said(open_webcam: OpenWebcam, stream: Stream, language: str, text: str) -> None:
    stream.playing = True
    app = open_webcam(language)
    assert text not in html_of(app)
    flow = FrameFlow(stream.sessions[-1])
    flow.on_ended()
    app.session_state["webcam_stream_flow"] = flow
    app.run()
    assert text in html_of(app)
    assert_no_trouble(app)


def test_a_camera_that_gives_nothing_any_more_is_said(
    open_webcam: OpenWebcam, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [0.0]
    viewers = Viewers(lambda: 4, clock=lambda: now_s[0])
    monkeypatch.setattr(stream_module, "VIEWERS", viewers)
    stream.playing, stream.result = True, result_with(1)
    app = open_webcam()
    viewers.enter(stream.sessions[-1])
    now_s[0] = stream_module.LOST_AFTER_S + 1
    app.run()
    assert "No more pictures come from the camera" in html_of(app)


@pytest.mark.parametrize(
    ("language", "none"), [("en", "The camera gives no picture"), ("id", "Kamera tidak memberikan gambar")]
)
def test_a_camera_without_a_picture_is_said_until_it_has_one(
    open_webcam: OpenWebcam, stream: Stream, language: str, none: str
) -> None:
    stream.playing, stream.result = True, result_with(1)
    app = open_webcam(language)
    watch = stream.sessions[-1].watch
    black = np.zeros((48, 64, 3), np.uint8)
    rows = np.random.default_rng(1).integers(0, 255, (2, 48, 64, 3), np.uint8)

    def shown(*frames: np.ndarray, before_s: float) -> str:
        for frame in frames:
            watch.note(frame, time.monotonic() - before_s)
        app.run()
        assert_no_trouble(app)
        return html_of(app) + texts(app)

    assert none not in shown(rows[0], before_s=0)
    assert none in shown(black, before_s=1.5)
    assert '<section class="raut-live-face"' not in html_of(app), "no card of a face that is not there"
    assert none not in shown(rows[1], before_s=0) and '<section class="raut-live-face"' in html_of(app)


def test_what_is_renewed_waits_longer_while_frames_come_late(
    open_webcam: OpenWebcam, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the pace changes between two runs of the page: a renewal notices, and runs the page."""
    intervals: list[float | None] = []
    real = st.fragment

    def noted(*given: Any, run_every: float | None = None, **more: Any) -> Any:
        intervals.append(run_every)
        return real(*given, run_every=run_every, **more)

    class Flow:
        """Late from the second question on: the first one comes while the page sets up what it renews."""

        ended = False
        asked = 0

        @property
        def wait(self) -> float:
            self.asked += 1
            return 1.0 if self.asked < 2 else 2.0

    monkeypatch.setattr("streamlit.fragment", noted)
    stream.playing, stream.result = True, result_with(1)
    app = open_webcam()
    usual = [interval for interval in intervals if interval]
    assert len(usual) == 2, "cards and last minute"
    intervals.clear()
    app.session_state["webcam_stream_flow"] = Flow()
    app.run()
    assert_no_trouble(app)
    assert [interval for interval in intervals if interval][-2:] == [2 * interval for interval in usual]


@pytest.mark.parametrize(
    ("language", "text"), [("en", "There is no trained network yet"), ("id", "Belum ada model")]
)
def test_without_a_network_there_is_a_card_and_no_video(
    open_app: OpenApp, no_networks: None, stream: Stream, language: str, text: str
) -> None:
    app = open_app(PAGE, language=language)
    assert_no_trouble(app)
    assert text in texts(app)
    assert stream.sessions == []


# --- settings ------------------------------------------------------------------------------------------


def test_a_setting_reaches_the_running_video_without_a_new_session(
    open_webcam: OpenWebcam, stream: Stream
) -> None:
    stream.playing = True
    app = open_webcam()
    before = stream.sessions[-1]._settings
    app.segmented_control(key="webcam_effort").set_value("thorough")
    app.segmented_control(key="webcam_smoothing").set_value("long")
    app.toggle(key="webcam_mirrored").set_value(False)
    app.run()
    after = stream.sessions[-1]._settings
    assert stream.sessions[-1] is stream.sessions[0]
    assert after.search.haar.working_size > before.search.haar.working_size
    assert after.smoothing_s > before.smoothing_s
    assert (before.mirrored, after.mirrored) == (True, False)


def test_captions_follow_the_language(open_webcam: OpenWebcam, stream: Stream) -> None:
    open_webcam("id")
    captions = stream.sessions[-1]._settings.captions
    assert captions.text("sad", 0.731) == "Sedih 73%"
    assert captions.text("sad", 1.0) == "Sedih >99%"
    assert captions.text("sad", 0.0) == "Sedih <1%"
    unsure = result_with(1, prediction_set=("sad", "fear", "angry")).faces[0]
    assert captions.face_text(unsure) == "Tidak yakin"


# --- the two ways without live video -------------------------------------------------------------------


def test_an_upload_is_analysed(open_webcam: OpenWebcam) -> None:
    app = open_webcam()
    app.file_uploader[0].set_value(("me.jpg", ASTRONAUT, "image/jpeg"))
    app.run()
    assert_no_trouble(app)
    assert "me.jpg" in texts(app).replace("\\", "")
    assert "Sad" in html_of(app)


@pytest.mark.parametrize(("language", "title"), [("en", "Photo from the camera"), ("id", "Foto dari kamera")])
def test_a_photo_from_the_camera_is_analysed(open_webcam: OpenWebcam, language: str, title: str) -> None:
    app = open_webcam(language)
    assert len(app.camera_input) == 0, "the camera must stay off until somebody asks for it"
    app.toggle(key="webcam_photo_open").set_value(True)
    app.run()
    app.camera_input[0].set_value(("camera.jpg", ASTRONAUT, "image/jpeg"))
    app.run()
    assert_no_trouble(app)
    assert title in texts(app)


@pytest.mark.parametrize("data", [b"", b"Dear diary", ASTRONAUT[:9000]])
def test_a_bad_upload_is_a_sentence_and_the_video_stays(
    open_webcam: OpenWebcam, stream: Stream, data: bytes
) -> None:
    app = open_webcam()
    app.file_uploader[0].set_value(("diary.jpg", data, "image/jpeg"))
    app.run()
    assert_no_trouble(app)
    assert len(app.error) == 1
    assert "diary" in app.error[0].value
    assert len(stream.sessions) >= 2


def test_what_was_found_is_forgotten_with_its_picture(open_webcam: OpenWebcam) -> None:
    app = open_webcam()
    app.file_uploader[0].set_value(("me.jpg", ASTRONAUT, "image/jpeg"))
    app.run()
    assert "webcam_upload_shelf" in app.session_state
    app.file_uploader[0].set_value([])
    app.run()
    assert "webcam_upload_shelf" not in app.session_state


# --- the connection ------------------------------------------------------------------------------------


def test_the_microphone_is_never_asked_for() -> None:
    assert CONSTRAINTS["audio"] is False


def test_nobody_outside_is_asked_unless_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ICE_SERVERS_VARIABLE, raising=False)
    assert ice_servers() == []
    monkeypatch.setenv(ICE_SERVERS_VARIABLE, '[{"urls": "turn:example.org", "username": "u"}]')
    assert ice_servers() == [{"urls": "turn:example.org", "username": "u"}]


@pytest.mark.parametrize("value", ["stun:example.org", "{}", "[1]", '[{"url": "x"}]', "[{]"])
def test_unreadable_servers_are_a_sentence_and_the_other_ways_stay(
    value: str, monkeypatch: pytest.MonkeyPatch, open_webcam: OpenWebcam
) -> None:
    monkeypatch.setenv(ICE_SERVERS_VARIABLE, value)
    with pytest.raises(RautError, match=ICE_SERVERS_VARIABLE):
        ice_servers()
    monkeypatch.setattr(stream_module, "webcam_stream", lambda *_given, **_named: bool(ice_servers()))
    app = open_webcam()
    assert len(app.error) == 1
    assert "Without live video" in texts(app)
