"""Freeze: a frame of the running video is analysed beside it, and the video goes on with one click."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.labels import FER2013_LABELS
from fer_core.live.session import LiveSession
from fer_core.places import SAMPLE_PHOTO
from fer_core.recognition.frames import LiveResult
from pages.ui.photo_session import SHELF_KEY
from pages.webcam.freeze import FROZEN
from tests.e2e.clips import FACE_XYXY, portrait_bgr
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.webcam.conftest import OpenWebcam, Stream, html_of, result_with


def _decoded(content: bytes) -> np.ndarray:
    frame_bgr = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert frame_bgr is not None
    return frame_bgr


def press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert_no_trouble(app)


@pytest.fixture
def face_5(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """The video runs, and its newest frame, uint8 (512, 512, 3), has one face, number 5."""
    frame_bgr = portrait_bgr()
    (face,) = result_with(5).faces
    face = replace(face, box_xyxy=np.array(FACE_XYXY, np.int32))
    result = LiveResult((face,), FER2013_LABELS, (512, 512), True, 1.0, 1.0)

    def freeze(session: LiveSession) -> np.ndarray:
        session.latest.put(result, frame_bgr)
        return frame_bgr

    monkeypatch.setattr(LiveSession, "freeze", freeze)
    stream.playing = True
    return frame_bgr


@pytest.mark.parametrize(
    ("language", "why"),
    [("en", "What speaks for this expression?"), ("id", "Apa yang mendukung ekspresi ini?")],
)
def test_a_frozen_frame_is_analysed_in_the_videos_place_and_goes_with_one_click(
    open_webcam: OpenWebcam, stream: Stream, face_5: np.ndarray, language: str, why: str
) -> None:
    app = open_webcam(language)
    started = len(stream.sessions)
    press(app, "webcam_freeze")
    assert len(app.get("image")) == 1
    assert html_of(app).count('<section class="raut-live-face"') == 1
    assert ">5</b>" in html_of(app), "the face keeps the number that it had in the video"
    assert why in texts(app)
    assert not app.get("plotly_chart")
    press(app, "webcam_go_on")
    assert FROZEN not in app.session_state
    assert len(app.get("image")) == 0
    assert why not in texts(app)
    assert len(stream.sessions) == started + 2, "the component was there in each run"
    assert len({id(session) for session in stream.sessions}) == 1


def test_a_frozen_frame_is_shown_as_in_a_mirror_like_the_video(
    open_webcam: OpenWebcam, face_5: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[np.ndarray] = []
    monkeypatch.setattr(
        "pages.webcam.freeze.marked_picture",
        lambda shown, result: drawn.append(result.faces[0].box_xyxy / 512) or SAMPLE_PHOTO.read_bytes(),
    )
    app = open_webcam()
    for mirrored in (True, False):
        app.toggle(key="webcam_mirrored").set_value(mirrored).run()
        press(app, "webcam_freeze")
        press(app, "webcam_go_on")
    as_mirror, plain = drawn
    assert np.allclose(as_mirror[[0, 2]], 1 - plain[[2, 0]])
    assert np.allclose(as_mirror[[1, 3]], plain[[1, 3]])
    assert abs(plain[0] - plain[2]) > 0.1 and plain[0] != as_mirror[0]


def test_a_frozen_frame_without_a_face_says_so(
    open_webcam: OpenWebcam, face_5: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    face_5 = face_5.copy()
    empty = np.full_like(face_5, 128)

    def freeze(session: LiveSession) -> np.ndarray:
        session.latest.put(LiveResult((), FER2013_LABELS, (512, 512), True, 1.0, 1.0), empty)
        return empty

    monkeypatch.setattr(LiveSession, "freeze", freeze)
    app = open_webcam()
    press(app, "webcam_freeze")
    assert "No face was found in the frozen picture" in html_of(app)
    press(app, "webcam_go_on")


def test_a_frozen_frame_goes_with_the_video(
    open_webcam: OpenWebcam, stream: Stream, face_5: np.ndarray
) -> None:
    app = open_webcam()
    press(app, "webcam_freeze")
    stream.playing = False
    app.run()
    assert_no_trouble(app)
    assert FROZEN not in app.session_state
    assert len(app.get("image")) == 0


def test_a_frozen_frame_can_be_taken_to_photos_pixel_for_pixel_and_lies_on_no_disk(
    open_webcam: OpenWebcam, face_5: np.ndarray, files_written: list[str]
) -> None:
    app = open_webcam()
    press(app, "webcam_freeze")
    press(app, "webcam_to_photos")
    (photo,) = app.session_state[SHELF_KEY].photos
    assert np.array_equal(_decoded(photo.content), face_5)
    assert photo.name in texts(app), "the Photos page is open"
    assert files_written == []


def test_freezing_without_a_frame_is_a_sentence(
    open_webcam: OpenWebcam, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LiveSession, "freeze", lambda _session: None)
    stream.playing = True
    app = open_webcam()
    press(app, "webcam_freeze")
    assert "No picture comes from the camera" in texts(app)
    app.run()
    assert "No picture comes from the camera" not in texts(app)
