"""The way of a frame through the page: formats, sizes, failures, places for viewers. No browser, no component."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest

from fer_core.errors import RautError
from fer_core.live.pace import EFFORTS
from fer_core.live.session import LatestResult
from fer_core.live.viewers import Viewers
from fer_core.places import VIEWERS_VARIABLE
from pages.ui.live import stream as stream_module
from pages.ui.live.stream import FrameFlow, connection_lost, place_lost, viewer_limit, webcam_stream

FORMATS = ("yuv420p", "yuvj422p", "nv12", "gray", "rgba", "bgr24", "yuv444p", "gray10le")
SIZES = ((640, 480), (1, 1), (321, 243), (2, 900), (1280, 720))


class Session:
    """Stands in for the analysis: draws a line, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.latest = LatestResult()
        self.error = error
        self.shapes: list[tuple[int, ...]] = []
        self.closed = 0

    def process(self, frame_bgr: np.ndarray) -> np.ndarray:
        self.shapes.append(frame_bgr.shape)
        if self.error is not None:
            raise self.error
        assert frame_bgr.dtype == np.uint8
        return frame_bgr

    def close(self) -> None:
        self.closed += 1


def flow_of(session: Any, limit: int = 4) -> FrameFlow:
    return FrameFlow(session, Viewers(lambda: limit))


def frame_of(width: int, height: int, pixel_format: str = "yuv420p", number: int = 0) -> av.VideoFrame:
    shades = np.full((height, width, 3), 100, np.uint8)
    frame = av.VideoFrame.from_ndarray(shades, format="bgr24").reformat(format=pixel_format)
    frame.pts, frame.time_base = number * 3000, Fraction(1, 90_000)
    return frame


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    now_s = [50.0]
    monkeypatch.setattr("pages.ui.live.stream.time.monotonic", lambda: now_s[0])
    yield now_s


@pytest.mark.parametrize("pixel_format", FORMATS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_frame_of_any_format_and_size_is_analysed(width: int, height: int, pixel_format: str) -> None:
    session = Session()
    shown = flow_of(session).on_frame(frame_of(width, height, pixel_format))
    assert session.shapes == [(height, width, 3)]
    assert (shown.width, shown.height) == (width, height)
    assert abs(int(shown.to_ndarray(format="bgr24")[0, 0, 1]) - 100) < 5


def test_a_camera_that_changes_its_size_and_format_all_the_time_is_followed(clock: list[float]) -> None:
    session = Session()
    flow = flow_of(session)
    for number in range(40):
        clock[0] = 50 + number / 30
        (width, height), pixel_format = SIZES[number % len(SIZES)], FORMATS[number % len(FORMATS)]
        shown = flow.on_frame(frame_of(width, height, pixel_format, number))
        assert (shown.width, shown.height) == (width, height)
    assert len(session.shapes) == 40


def test_a_failure_sends_the_frame_back_and_is_logged_once_a_run(caplog: pytest.LogCaptureFixture) -> None:
    session = Session(ZeroDivisionError("inside"))
    flow = flow_of(session)
    with caplog.at_level(logging.ERROR):
        for number in range(5):
            frame = frame_of(64, 48, number=number)
            assert flow.on_frame(frame) is frame
        assert len(caplog.records) == 1
        session.error = None
        assert flow.on_frame(frame_of(64, 48)) is not None
        session.error = ZeroDivisionError("again")
        flow.on_frame(frame_of(64, 48))
    assert len(caplog.records) == 2
    assert len(session.shapes) == 7


def test_without_a_place_the_video_goes_on_without_analysis() -> None:
    first, second = Session(), Session()
    viewers = Viewers(lambda: 1)
    flows = FrameFlow(first, viewers), FrameFlow(second, viewers)  # type: ignore[arg-type]
    flows[0].on_frame(frame_of(64, 48))
    frame = frame_of(64, 48)
    assert flows[1].on_frame(frame) is frame
    assert second.shapes == []
    flows[0].on_ended()
    assert first.closed == 1
    assert flows[1].on_frame(frame) is not frame
    assert len(second.shapes) == 1


def test_late_frames_become_smaller_then_fewer_and_a_new_start_is_full_again(clock: list[float]) -> None:
    session = Session()
    flow = flow_of(session)

    def play(frames: range, late_s: Callable[[int], float]) -> None:
        for number in frames:
            clock[0] = 50 + number / 30 + late_s(number)
            flow.on_frame(frame_of(640, 480, number=number))

    play(range(0, 60), lambda _number: 0.0)
    assert set(session.shapes) == {(480, 640, 3)}
    assert flow.wait == 1
    play(range(60, 300), lambda _number: 1.0)
    assert flow.wait == EFFORTS[-1].wait
    assert list(dict.fromkeys(session.shapes)) == [(480, 640, 3), (360, 480, 3), (240, 320, 3)]
    before = len(session.shapes)
    play(range(300, 330), lambda _number: 1.0)
    assert len(session.shapes) - before == 30 / EFFORTS[-1].every
    flow.on_ended()
    assert flow.ended
    assert flow.wait == 1
    play(range(400, 401), lambda _number: 0.0)
    assert session.shapes[-1] == (480, 640, 3)


def test_the_limit_is_four_or_what_the_setting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VIEWERS_VARIABLE, raising=False)
    assert viewer_limit() == 4
    monkeypatch.setenv(VIEWERS_VARIABLE, " 12 ")
    assert viewer_limit() == 12


@pytest.mark.parametrize("value", ["0", "-1", "many", "2.5", "²"])
def test_a_limit_that_cannot_be_read_is_a_sentence(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VIEWERS_VARIABLE, value)
    with pytest.raises(RautError, match=VIEWERS_VARIABLE):
        viewer_limit()


class Component:
    """Stands in for `webrtc_streamer`: in one state, and with how often it was on the page."""

    def __init__(self) -> None:
        self.playing = self.signalling = False
        self.shown = 0

    @property
    def state(self) -> Component:
        return self

    def _get_worker(self) -> None:
        """No connection: that one is forgotten is tested in tests/pages/ui/test_streamlit_inside.py."""

    def __call__(self, **_given: Any) -> Any:
        self.shown += 1
        return self


@pytest.fixture
def component(monkeypatch: pytest.MonkeyPatch) -> Component:
    import streamlit_webrtc

    replaced = Component()
    monkeypatch.setattr(streamlit_webrtc, "webrtc_streamer", replaced)
    monkeypatch.setattr(stream_module, "_", lambda text: text)
    monkeypatch.setattr(stream_module, "_all_places_taken", lambda *_given: None)
    monkeypatch.setattr(stream_module.st, "session_state", {"cam": replaced})
    return replaced


def test_who_lost_the_place_keeps_the_video_and_who_comes_anew_gets_none(
    component: Component, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [0.0]
    viewers = Viewers(lambda: 1, quiet_s=10, clock=lambda: now_s[0])
    monkeypatch.setattr(stream_module, "VIEWERS", viewers)
    watching, other, new = Session(), Session(), Session()
    component.playing = True
    assert webcam_stream(watching, "cam", "")  # type: ignore[arg-type]
    now_s[0] = 11
    assert viewers.enter(other)
    assert webcam_stream(watching, "cam", ""), "the page runs again, and the video stays"  # type: ignore[arg-type]
    assert component.shown == 2
    assert place_lost(watching)  # type: ignore[arg-type]
    assert not webcam_stream(new, "cam", "")  # type: ignore[arg-type]
    assert component.shown == 2
    viewers.leave(other)
    flow_of_page: FrameFlow = stream_module.st.session_state["cam_flow"]
    flow_of_page._viewers = viewers
    flow_of_page.on_frame(frame_of(64, 48))
    assert watching.shapes == [(48, 64, 3)], "analysed again without a click"
    assert not place_lost(watching)  # type: ignore[arg-type]


def test_the_servers_end_closed_is_known_until_the_next_start(component: Component) -> None:
    session = Session()
    component.playing = True
    webcam_stream(session, "cam", "")  # type: ignore[arg-type]
    assert not connection_lost("cam")
    stream_module.st.session_state["cam_flow"].on_ended()
    webcam_stream(session, "cam", "")  # type: ignore[arg-type]
    assert connection_lost("cam")
    component.playing = False
    webcam_stream(session, "cam", "")  # type: ignore[arg-type]
    assert not connection_lost("cam")
