"""What the webcam page keeps of a session: the last minute, the summary after it, a frame for the Photos page."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.labels import FER2013_LABELS
from fer_core.recognition.live_session import LiveSession
from fer_core.recognition.photos import SAMPLE_PHOTO
from pages.ui.photo_shelf import SHELF_KEY
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.test_privacy import files_written as files_written
from tests.pages.test_webcam import OpenWebcam, Stream, result_with
from tests.pages.test_webcam import open_webcam as open_webcam


class Recorded(Stream):
    """Stands in for the component, with two seconds of a face that are over or go on."""

    seen_face = True

    def __call__(self, session: LiveSession, key: str) -> bool:
        if self.seen_face and not self.sessions:
            session.record.begin(0.0)
            for moment in range(11):
                session.record.add(result_with(1).faces, FER2013_LABELS, "wayang", moment / 5)
        return super().__call__(session, key)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """Takes the place of the one that `open_webcam` would use."""
    replaced = Recorded()
    monkeypatch.setattr("pages.ui.webcam_stream.webcam_stream", replaced)
    return replaced


def keys_of(app: AppTest) -> set[str]:
    """Keys of the buttons of both kinds."""
    kinds = ("button", "download_button")
    return {element.proto.id.rsplit("-", 1)[-1] for kind in kinds for element in app.get(kind)}


def _decoded(content: bytes) -> np.ndarray:
    frame_bgr = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert frame_bgr is not None
    return frame_bgr


def press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()


@pytest.mark.parametrize(("language", "heading"), [("en", "This session"), ("id", "Sesi ini")])
def test_the_summary_comes_with_the_stop_and_not_before(
    stream: Recorded, open_webcam: OpenWebcam, language: str, heading: str
) -> None:
    stream.playing = True
    app = open_webcam(language)
    assert heading not in texts(app)
    assert "webcam_freeze" in keys_of(app)
    stream.playing = False
    app.run()
    assert_no_trouble(app)
    assert heading in texts(app)
    assert {"webcam_session_csv", "webcam_forget"} <= keys_of(app)
    assert "webcam_freeze" not in keys_of(app)


def test_the_summary_survives_a_change_of_page_and_goes_on_demand(
    stream: Recorded, open_webcam: OpenWebcam
) -> None:
    app = open_webcam()
    app.switch_page("pages/about.py").run()
    app.switch_page("pages/webcam.py").run()
    assert "This session" in texts(app)
    press(app, "webcam_forget")
    assert_no_trouble(app)
    assert "This session" not in texts(app)


def test_without_a_session_there_is_no_summary(stream: Recorded, open_webcam: OpenWebcam) -> None:
    stream.seen_face = False
    assert "This session" not in texts(open_webcam())


def test_a_frozen_frame_lies_on_the_photos_page_pixel_for_pixel_and_on_no_disk(
    stream: Recorded,
    open_webcam: OpenWebcam,
    monkeypatch: pytest.MonkeyPatch,
    files_written: list[str],
) -> None:
    frame_bgr = _decoded(SAMPLE_PHOTO.read_bytes())
    monkeypatch.setattr(LiveSession, "freeze", lambda _session: frame_bgr)
    stream.playing = True
    app = open_webcam()
    press(app, "webcam_freeze")
    (photo,) = app.session_state[SHELF_KEY].photos
    assert np.array_equal(_decoded(photo.content), frame_bgr)
    assert photo.name in texts(app), "the Photos page is open"
    assert "This session" not in texts(app)
    assert files_written == []


def test_freezing_without_a_frame_is_a_sentence(
    stream: Recorded, open_webcam: OpenWebcam, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LiveSession, "freeze", lambda _session: None)
    stream.playing = True
    app = open_webcam()
    press(app, "webcam_freeze")
    assert "No picture comes from the camera" in texts(app)
    assert not app.exception
