"""The Webcam page's views for a class: the steps, hints, a neutral baseline, the projector."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.faces import pose
from fer_core.faces.search import live_search
from fer_core.labels import FER2013_LABELS
from fer_core.live.neutral_face import SECONDS
from fer_core.live.session import LatestResult
from fer_core.recognition.frames import LiveResult
from fer_core.store.network import NetworkInfo
from pages.ui.i18n import format_probability
from pages.webcam.hints import HINTS, FaceMemory, quality_notes
from tests.e2e.clips import moving_faces
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.webcam.conftest import OpenWebcam, Stream, html_of, result_with
from tests.recognizers import SURELY_SAD
from tests.tiny import grad_cam_of

CALM = np.array([0.05, 0.05, 0.05, 0.05, 0.1, 0.05, 0.65], np.float32)
"""A neutral look, in the order of `FER2013_LABELS`."""


def with_picture(
    result: LiveResult, *, too_small: bool = False, light: float = 1.0
) -> tuple[LiveResult, np.ndarray]:
    """The result with its face where the clip has one, and the clip's frame."""
    clip = next(moving_faces(1, noise=0))
    box = clip.faces_xyxy[0].astype(np.int32)
    faces = tuple(dataclasses.replace(face, box_xyxy=box, too_small=too_small) for face in result.faces)
    return dataclasses.replace(result, faces=faces), (clip.frame_bgr * light).astype(np.uint8)


@pytest.fixture
def shows(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> Stream:
    """A running video of one face, with its picture."""
    result, frame_bgr = with_picture(result_with(1))
    put = LatestResult.put
    monkeypatch.setattr(
        "fer_core.live.session.LatestResult.put",
        lambda slot, _result: put(slot, stream.result, frame_bgr),
    )
    stream.playing, stream.result = True, result
    return stream


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ("Grey and reduced", "Windows", "Cut out", "What the network sees", "Probabilities")),
        ("id", ("Abu-abu dan diperkecil", "Jendela", "Dipotong", "Yang dilihat model", "Probabilitas")),
    ],
)
def test_the_steps_are_off_until_asked_for_and_show_the_newest_frame(
    open_webcam: OpenWebcam,
    shows: Stream,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    titles: tuple[str, ...],
) -> None:
    """Those of the cascade; for BlazeFace's see `test_steps.py`."""
    monkeypatch.setattr("pages.webcam.settings.DEFAULT_LIVE_DETECTOR", "haar")
    app = open_webcam(language)
    assert "raut-steps" not in html_of(app)
    app.toggle(key="webcam_steps_shown").set_value(True)
    app.run()
    assert_no_trouble(app)
    shown = html_of(app)
    for number, title in enumerate(titles, start=1):
        assert f"{number}. {title}" in shown
    assert shown.count("data:image/jpeg") == 4
    assert "400×300" in shown


@pytest.mark.parametrize(
    ("language", "words"), [("en", "what speaks for sad (Grad-CAM)"), ("id", "mendukung sedih (Grad-CAM)")]
)
def test_the_last_step_is_where_the_network_looked(
    open_webcam: OpenWebcam,
    shows: Stream,
    monkeypatch: pytest.MonkeyPatch,
    tiny_network: NetworkInfo,
    language: str,
    words: str,
) -> None:
    monkeypatch.setattr("pages.webcam.steps.grad_cam", lambda _network: grad_cam_of(tiny_network))
    monkeypatch.setattr("pages.webcam.settings.DEFAULT_LIVE_DETECTOR", "haar")
    app = open_webcam(language)
    app.toggle(key="webcam_steps_shown").set_value(True)
    app.run()
    assert_no_trouble(app)
    shown = html_of(app)
    assert words in shown
    assert shown.count("data:image/jpeg") == 5


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Too far away to be read"), ("id", "Terlalu jauh untuk dibaca")]
)
def test_a_face_that_is_too_small_has_a_card_without_an_answer(
    open_webcam: OpenWebcam,
    shows: Stream,
    language: str,
    text: str,
) -> None:
    assert shows.result is not None
    shows.result, _frame = with_picture(shows.result, too_small=True)
    shown = html_of(open_webcam(language))
    assert text in shown
    assert "<strong>" not in shown
    assert "92" not in shown


def test_a_good_picture_has_no_hint_and_a_dark_one_has() -> None:
    for light, words in ((1.0, {}), (0.03, {1: "Too dark. More light on the face helps."})):
        result, frame_bgr = with_picture(result_with(1), light=light)
        latest = LatestResult()
        latest.put(result, frame_bgr)
        assert quality_notes(latest, FaceMemory(), live_search()) == (words, [])


def test_where_blazeface_looks_the_points_say_that_a_face_is_turned_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pose, "hint_from", lambda: 0.3)
    result, frame_bgr = with_picture(result_with(1))
    aside = np.array([[30, 40], [70, 40], [65, 60], [50, 80], [10, 45], [90, 45]], np.float32)
    for points_xy, words in ((aside, {1: HINTS["turned_away"]}), (aside[[1, 0, 3, 3, 5, 4]], {})):
        faces = tuple(dataclasses.replace(face, points_xy=points_xy) for face in result.faces)
        latest = LatestResult()
        latest.put(dataclasses.replace(result, faces=faces), frame_bgr)
        assert quality_notes(latest, FaceMemory(), live_search(detector="both")) == (words, [])


def look(app: AppTest, shows: Stream, seconds: float, probabilities: np.ndarray = CALM) -> None:
    """So many seconds of frames of the same face, without a run of the page."""
    assert shows.result is not None
    faces = tuple(
        dataclasses.replace(f, prediction=dataclasses.replace(f.prediction, probabilities=probabilities))
        for f in shows.result.faces
    )
    shows.result = dataclasses.replace(shows.result, faces=faces)
    baselines, now_s = shows.sessions[-1].baselines, time.monotonic()
    for moment in np.arange(0.0, seconds, 0.25):
        baselines.update(shows.result, now_s + moment)
    app.run()


@pytest.mark.parametrize(
    ("language", "said", "lost"),
    [
        ("en", "differences from this face&#x27;s neutral baseline", "no neutral baseline, after"),
        ("id", "selisih terhadap acuan netral wajah ini", "tidak ada acuan netral, setelah"),
    ],
)
def test_bars_show_the_change_from_the_neutral_look_and_say_so(
    open_webcam: OpenWebcam, shows: Stream, language: str, said: str, lost: str
) -> None:
    app = open_webcam(language)
    app.button(key="webcam_neutral_take_1").click().run()
    assert {"en": "look neutral, 3 seconds more", "id": "3 detik lagi"}[language] in texts(app)
    look(app, shows, SECONDS + 0.5)
    look(app, shows, 0.25, SURELY_SAD)
    sad = FER2013_LABELS.index("sad")
    assert f"<b>+{round(100 * float(SURELY_SAD[sad] - CALM[sad]))}</b>" in html_of(app)
    assert said in html_of(app)
    assert f"</strong> {format_probability(float(SURELY_SAD[sad]))}" in html_of(app), "as in the video"
    app.button(key="webcam_neutral_reset_1").click().run()
    assert "change" not in html_of(app)
    app.button(key="webcam_neutral_take_1").click().run()
    shows.sessions[-1].baselines.clear("stopped", time.monotonic())
    shows.playing = False
    app.run()
    assert lost in texts(app)
    assert_no_trouble(app)


def test_a_look_that_resembles_another_expression_is_asked_about(
    open_webcam: OpenWebcam, shows: Stream
) -> None:
    app = open_webcam()
    app.button(key="webcam_neutral_take_1").click().run()
    look(app, shows, SECONDS + 0.5, SURELY_SAD)
    assert "it resembled sad most (" in texts(app)
    assert "change" not in html_of(app)
    app.button(key="webcam_neutral_accept_1").click().run()
    assert "change" in html_of(app)
    assert_no_trouble(app)


def test_projector_mode_enlarges_the_text_and_can_be_left(open_webcam: OpenWebcam, shows: Stream) -> None:
    app = open_webcam()
    usual = shows.sessions[-1]._settings.text_scale
    app.button(key="webcam_projector_on").click().run()
    assert shows.sessions[-1]._settings.text_scale > usual
    assert [button.key for button in app.button if button.key.startswith("webcam_projector")] == [
        "webcam_projector_off"
    ]
    app.button(key="webcam_projector_off").click().run()
    assert shows.sessions[-1]._settings.text_scale == usual
    assert_no_trouble(app)
