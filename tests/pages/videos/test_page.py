"""The Videos page: a file in, ribbons, shares and tables out; what cannot be read is a sentence."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fer_core import __version__
from fer_core.faces.search import video_search
from fer_core.labels import FER2013_LABELS
from fer_core.recognition.answers import Prediction
from fer_core.recognition.frames import LiveFace, LiveResult
from fer_core.recognition.provenance import detector_name
from fer_core.videos.annotated import annotated_mp4
from fer_core.videos.file import VideoFile, time_slot
from pages.ui.session_keys import VIDEO_SET_ASIDE
from pages.ui.stretches import clock, clocks, time_ticks
from pages.videos.session import VIDEO_KEY, AnalysisKey, VideoSession
from tests.e2e.clips import moving_faces
from tests.fer_core.videos.made_by_hand import pictures_at
from tests.fuzz.videos import video
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, elements, texts
from tests.recognizers import SURELY_SAD, SureRecognizer

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo

PAGE = "pages/videos/page.py"


@pytest.fixture(scope="module")
def face_video() -> bytes:
    """Two seconds of two faces, 10 frames a second."""
    stream = BytesIO()
    with av.open(stream, "w", format="mp4") as out:
        track = out.add_stream("libx264", rate=10)
        track.width, track.height, track.pix_fmt = 640, 480, "yuv420p"
        for number, frame in enumerate(moving_faces(20, faces=2, face=90)):
            shown = av.VideoFrame.from_ndarray(frame.frame_bgr, format="bgr24")
            shown.pts, shown.time_base = number, Fraction(1, 10)
            out.mux(track.encode(shown))
        out.mux(track.encode())
    return stream.getvalue()


def with_video(open_app: OpenApp, content: bytes, name: str = "clip.mp4") -> AppTest:
    app = open_app(PAGE)
    app.file_uploader[0].set_value((name, content, "video/mp4")).run()
    return app


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


def remove(app: AppTest) -> None:
    press(app, "Remove the video")


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the uploads that Streamlit was told to forget."""
    ids: list[str] = []
    monkeypatch.setattr("pages.videos.session.forget_uploads", ids.extend)
    return ids


def analysed(app: AppTest) -> AppTest:
    """Press the button and wait for the thread."""
    next(button for button in app.button if button.label == "Analyse").click().run()
    session: VideoSession = app.session_state[VIDEO_KEY]
    end = time.monotonic() + 30
    while session.running and time.monotonic() < end:
        time.sleep(0.05)
    app.run()
    return app


def test_a_video_gives_ribbons_shares_and_the_frame_of_a_moment(open_app: OpenApp, face_video: bytes) -> None:
    app = analysed(with_video(open_app, face_video))
    assert_no_trouble(app)
    session: VideoSession = app.session_state[VIDEO_KEY]
    assert len(session.moments) == 10  # five a second
    assert "Face 2" in texts(app)
    (chart,) = app.get("plotly_chart")
    assert "toImage" in chart.proto.config, "it can be saved as PNG"
    pictures = [element.type for element in elements(app.main) if "im" in element.type]
    assert pictures == ["image"]


def test_other_settings_ask_for_another_analysis(open_app: OpenApp, face_video: bytes) -> None:
    app = analysed(with_video(open_app, face_video))
    app.session_state["video_rate"] = 10
    app.run()
    assert not app.get("plotly_chart"), "what is shown is always of the settings above"
    analysed(app)
    assert len(app.session_state[VIDEO_KEY].moments) == 20


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "empty"), (b"Dear diary", "not a video"), (b"\0\0\0\x18ftypmp42" + b"\0" * 400, "damaged")],
    ids=["empty", "text", "broken"],
)
def test_what_cannot_be_read_is_a_sentence(open_app: OpenApp, content: bytes, sentence: str) -> None:
    app = with_video(open_app, content)
    assert any(sentence in error.value for error in app.error)
    assert_no_trouble(app)


def test_a_bad_file_does_not_cost_the_one_before(open_app: OpenApp, face_video: bytes) -> None:
    app = analysed(with_video(open_app, face_video))
    app.file_uploader[0].set_value(None).run()  # the browser empties the drop area first
    assert_no_trouble(app)
    assert "clip.mp4" not in texts(app)
    app.file_uploader[0].set_value(("b.mp4", b"no video", "video/mp4")).run()
    assert any("not a video" in error.value for error in app.error)
    app.file_uploader[0].set_value(None).run()
    assert_no_trouble(app)
    assert "clip.mp4" in texts(app)
    assert len(app.get("plotly_chart")) == 1, "with its analysis"


def test_a_good_file_replaces_the_one_before_for_good(
    open_app: OpenApp, face_video: bytes, forgotten: list[str]
) -> None:
    app = with_video(open_app, face_video)
    before: VideoSession = app.session_state[VIDEO_KEY]
    app.file_uploader[0].set_value(None).run()
    app.file_uploader[0].set_value(("b.mp4", video("mp4", "libx264"), "video/mp4")).run()
    assert_no_trouble(app)
    assert app.session_state[VIDEO_KEY].name == "b.mp4"
    assert VIDEO_SET_ASIDE not in app.session_state
    assert forgotten == [before.upload_id]


def test_a_video_without_faces_says_so(open_app: OpenApp) -> None:
    app = analysed(with_video(open_app, video("mp4", "libx264", size=(320, 240))))
    assert_no_trouble(app)
    assert any("No face was found" in info.value for info in app.info)


def test_a_video_cut_short_is_analysed_as_far_as_it_goes(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables: list[Callable[[], bytes]] = []
    monkeypatch.setattr(st, "download_button", lambda _label, data, **_how: tables.append(data))
    content = bytearray(video("avi", "mjpeg", "yuvj420p"))
    at = content.index(b"movi") + 6000
    content[at:] = content[at : at + 3000]
    app = analysed(with_video(open_app, bytes(content), "cut.avi"))
    assert_no_trouble(app)
    session: VideoSession = app.session_state[VIDEO_KEY]
    assert 0 < len(session.moments) < 10
    for _run in ("at first", "after a frame was looked at"):
        assert any("Parts of this video are damaged" in error.value for error in app.error)
        (*_frames, last) = csv.DictReader(io.StringIO(tables[-1]().decode("utf-8-sig"), newline=""))
        assert (last["status"], last["raut_version"]) == ("error", __version__)
        session.file.frame_at(0.0)
        app.run()


def test_the_analysis_ends_when_the_readers_page_is_gone(
    one_network: NetworkInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.videos.session.session_lives", lambda: lambda: False)
    monkeypatch.setattr("pages.videos.session.AWAY_S", 0.0)
    session = VideoSession("1", "a.mp4", "0", VideoFile(video("mp4", "libx264"), "a.mp4"))
    key = AnalysisKey("wayang", 10.0, video_search())
    session.start(one_network, SureRecognizer(one_network), key)  # type: ignore[arg-type]
    end = time.monotonic() + 30
    while session.running and time.monotonic() < end:
        time.sleep(0.02)
    assert session.job is not None and session.job.cancelled
    assert session.moments == []


def test_a_rerun_does_not_read_through_the_upload_again(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = with_video(open_app, video("mp4", "libx264"))
    monkeypatch.setattr("pages.videos.session.hashlib", None)
    app.run()
    assert_no_trouble(app)
    assert not app.error


@pytest.mark.parametrize("done", [False, True], ids=["not analysed", "analysed"])
def test_removing_the_video_forgets_it(open_app: OpenApp, face_video: bytes, done: bool) -> None:
    app = with_video(open_app, face_video)
    remove(analysed(app) if done else app)
    assert_no_trouble(app.run())
    assert VIDEO_KEY not in app.session_state
    assert app.file_uploader[0].value is None, "nor does it lie in the drop area"


def test_removing_the_video_after_a_visit_to_another_page_frees_the_upload(
    open_app: OpenApp, face_video: bytes, forgotten: list[str]
) -> None:
    app = with_video(open_app, face_video)
    upload_id = app.session_state[VIDEO_KEY].upload_id
    app.switch_page("pages/home/page.py").run()
    app.switch_page(PAGE).run()
    assert forgotten == []
    remove(app)
    assert forgotten == [upload_id]


def test_a_video_that_is_taken_out_of_the_drop_area_is_forgotten(
    open_app: OpenApp, face_video: bytes
) -> None:
    app = with_video(open_app, face_video)
    app.file_uploader[0].set_value(None).run()
    assert_no_trouble(app)
    assert VIDEO_KEY not in app.session_state and "clip.mp4" not in texts(app)
    app.switch_page("pages/home/page.py").run()
    assert VIDEO_SET_ASIDE not in app.session_state, "no bad file can bring it back any more"


def test_a_visit_to_another_page_or_a_bad_file_taken_out_forgets_no_video(
    open_app: OpenApp, face_video: bytes
) -> None:
    app = with_video(open_app, face_video)
    app.file_uploader[0].set_value(("b.mp4", b"no video", "video/mp4")).run()
    app.file_uploader[0].set_value(None).run()
    assert app.session_state[VIDEO_KEY].name == "clip.mp4"
    app.switch_page("pages/home/page.py").run()
    app.switch_page(PAGE).run()
    assert_no_trouble(app.run())
    assert app.session_state[VIDEO_KEY].name == "clip.mp4"


def test_each_move_of_the_slider_shows_its_moment(open_app: OpenApp, face_video: bytes) -> None:
    app = analysed(with_video(open_app, face_video))
    times = [moment.time_s for moment in app.session_state[VIDEO_KEY].moments]
    for time_s in (times[3], times[7], times[5]):
        app.select_slider[0].set_value(time_s).run()
        assert app.select_slider[0].value == app.session_state[VIDEO_KEY].shown_s == time_s
    app.switch_page("pages/home/page.py").run()
    app.switch_page(PAGE).run()
    assert app.select_slider[0].value == times[5]


def test_the_copy_has_the_frames_that_were_analysed_with_something_drawn_in(face_video: bytes) -> None:
    file = VideoFile(face_video, "clip.mp4")
    plain = [frame.image_bgr for frame in file.frames(5)]

    def marked(frame):  # type: ignore[no-untyped-def]
        image_bgr = frame.image_bgr.copy()
        image_bgr[:100, :100] = 0
        return image_bgr

    copy = VideoFile(annotated_mp4(file.frames(5), 5, marked), "copy.mp4")
    frames = list(copy.frames())
    assert [round(frame.time_s, 2) for frame in frames] == [number / 5 for number in range(10)]
    assert frames[3].image_bgr[20:80, 20:80].max() < 40
    np.testing.assert_allclose(frames[3].image_bgr[200:], plain[3][200:], atol=60)


def test_a_copy_of_the_page_keeps_the_rate_of_its_file_or_says_its_own(
    open_app: OpenApp, face_video: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = analysed(with_video(open_app, face_video))
    session: VideoSession = app.session_state[VIDEO_KEY]

    def made() -> list[float]:
        press(app, "Make a copy with the faces drawn in")
        assert_no_trouble(app)
        assert session.copy is not None
        times = [frame.time_s for frame in VideoFile(session.copy[1], "copy.mp4").frames()]
        session.copy = None
        return times

    assert "The copy has the file's 10.0 frames a second" in texts(app)
    assert made() == pytest.approx([number / 10 for number in range(20)], abs=1e-3)
    monkeypatch.setattr("pages.videos.views.MOST_PIXELS_COPIED", 1000)
    app.run()
    assert "The copy has the 5 frames a second that were analysed, not the file's 10.0" in texts(app)
    assert made() == pytest.approx([number / 5 for number in range(10)], abs=1e-3)


def test_shares_and_caption_name_network_and_detector(open_app: OpenApp, face_video: bytes) -> None:
    app = analysed(with_video(open_app, face_video))
    session: VideoSession = app.session_state[VIDEO_KEY]
    assert session.source is not None and session.source.network is not None
    name, detector = session.source.network.name, detector_name(video_search())
    assert f"Read by {name}; faces found by {detector}." in texts(app)
    (table,) = [str(one.proto.body) for one in app.main if one.type == "html" and "<table" in one.proto.body]
    assert table.count(f'>{name}</td><td class="raut-text">{detector}</td></tr>') == 2, (
        "behind the figures of both faces"
    )


def test_a_copy_of_odd_sides_and_of_nothing() -> None:
    file = VideoFile(video("mp4", "libx264"), "clip.mp4")
    copy = VideoFile(annotated_mp4(file.frames(), 10, lambda frame: frame.image_bgr[:47, :63]), "copy.mp4")
    assert (copy.facts.width, copy.facts.height) == (62, 46)
    assert annotated_mp4(iter(()), 10, lambda frame: frame.image_bgr) == b""


def test_times_are_written_as_a_clock() -> None:
    assert [clock(value) for value in (0, 5.25, 75.29, 3600)] == ["0:00.0", "0:05.2", "1:15.2", "60:00.0"]


@pytest.mark.parametrize("fps", [24, 24_000 / 1001, 25, 30_000 / 1001, 50])
def test_moments_ten_a_second_have_a_label_each_to_the_tenth(fps: float) -> None:
    shown: dict[int, float] = {}
    for frame in range(round(60 * fps)):
        shown.setdefault(time_slot(frame / fps, 10), frame / fps)
    told = clocks(list(shown.values())).values()
    assert len(set(told)) == len(shown) >= 600
    assert all(len(label) == len("0:00.0") for label in told)


def test_moments_that_are_closer_have_finer_labels() -> None:
    assert clocks([0.16, 0.193, 75.0]) == {0.16: "0:00.16", 0.193: "0:00.19", 75.0: "1:15.00"}


def test_the_axis_of_a_long_session_has_round_minutes() -> None:
    assert list(time_ticks(2400).values()) == [f"{minute}:00" for minute in range(0, 41, 5)]
    assert list(time_ticks(0.3).values()) == ["0:00", "0:01"], "one alone costs the axis its title"


@pytest.mark.parametrize(
    "end_s", [0.0, 9.0, 61.0, 7200.0, 90_000.0, 1e6, 8.64e6, 8.7e6, 2.0**31, 1e12, 2.0**62]
)
def test_an_axis_of_any_length_has_about_ten_round_times(end_s: float) -> None:
    ticks = list(time_ticks(end_s))
    assert 2 <= len(ticks) <= 11
    assert len(set(np.diff(ticks))) == 1 and ticks[0] == 0
    assert ticks[-1] >= 0.4 * end_s


def test_a_video_whose_frames_are_68_years_apart_is_shown(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = moment_with_faces(monkeypatch)
    app = analysed(with_video(open_app, pictures_at(0, 2**31 * 1000, 2**32 * 1000), "late.webm"))
    assert_no_trouble(app)
    session: VideoSession = app.session_state[VIDEO_KEY]
    assert [moment.time_s for moment in session.moments] == [0, 2**31, 2**32]
    assert all(face in moment.faces for moment in session.moments)
    (chart,) = app.get("plotly_chart")
    assert len(chart.proto.spec) < 50_000
    app.select_slider[0].set_value(float(2**31)).run()
    assert_no_trouble(app)
    assert session.shown_s == 2**31


def test_a_day_of_moments_is_offered_in_steps(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.videos.views.MOMENTS_OFFERED", 5)
    face = moment_with_faces(monkeypatch)
    app = analysed(with_video(open_app, pictures_at(*range(0, 12_000, 1000)), "long.webm"))
    assert_no_trouble(app)
    assert [float(time_s.replace(":", "")) for time_s in app.select_slider[0].options] == [0, 3, 6, 9]
    assert len(app.session_state[VIDEO_KEY].moments) == 12
    assert face in app.session_state[VIDEO_KEY].moments[-1].faces


def moment_with_faces(monkeypatch: pytest.MonkeyPatch) -> LiveFace:
    """Let every frame have this face."""
    face = LiveFace(
        1, np.array([8, 8, 40, 40], np.int32), Prediction(SURELY_SAD, "sad", float(SURELY_SAD.max()))
    )
    monkeypatch.setattr(
        "fer_core.videos.analysis.LiveAnalyzer.analyze", lambda _self, _frame, _time_s: result_with_face(face)
    )
    return face


def result_with_face(face: LiveFace) -> LiveResult:
    return LiveResult((face,), FER2013_LABELS, (64, 48), True, 1.0, 1.0)


def test_every_tenth_of_a_second_is_written_as_itself() -> None:
    assert [clock(tenth / 10) for tenth in range(7200)] == [
        f"{tenth // 600}:{tenth // 10 % 60:02d}.{tenth % 10}" for tenth in range(7200)
    ]
