"""How it works, for each face detector: its own steps, as far as it took part."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.faces.blazeface import BlazeFaceDetector
from fer_core.faces.detection import FaceDetector
from fer_core.faces.haar import HaarFaceDetector
from fer_core.faces.search import BlazeFaceSettings, FaceSearch, live_search
from fer_core.live.session import LatestResult
from fer_core.recognition.frames import LiveFace, LiveResult
from pages.ui.i18n import speaking
from pages.webcam.detector_steps import StepDetectors, search_steps, turned_step
from tests.e2e.clips import background_bgr, moving_faces, paste_portrait
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.webcam.conftest import OpenWebcam, Stream, html_of, result_with

TITLES = {
    "en": {
        "haar": ("Grey and reduced", "Windows"),
        "blazeface": ("Square picture", "Candidates", "One box for each face", "Six points"),
        "face": ("Cut out", "Turned upright", "What the network sees", "Probabilities"),
    },
    "id": {
        "haar": ("Abu-abu dan diperkecil", "Jendela"),
        "blazeface": ("Gambar persegi", "Kandidat", "Satu kotak tiap wajah", "Enam titik"),
        "face": ("Dipotong", "Diputar tegak", "Yang dilihat model", "Probabilitas"),
    },
}


@cache
def tilted_bgr() -> np.ndarray:
    """The portrait before a wall, tilted by 40 degrees: uint8 (480, 640, 3)."""
    clip = next(moving_faces(1, noise=0))
    x1, y1, x2, y2 = clip.faces_xyxy[0]
    turn = cv2.getRotationMatrix2D(((x1 + x2) / 2, (y1 + y2) / 2), -40, 1)
    return cv2.warpAffine(clip.frame_bgr, turn, (640, 480), borderMode=cv2.BORDER_REPLICATE)


def found_in(frame_bgr: np.ndarray, search: FaceSearch) -> tuple[LiveFace, ...]:
    """The faces as a photo's search finds them, with a sure answer each."""
    detector = FaceDetector(search)
    gray = cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2GRAY)
    found = detector.detect(gray, cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2RGB))
    turns = detector.turns_degrees(found.points_xy)
    return tuple(
        replace(
            face,
            box_xyxy=found.boxes_xyxy[row],
            found_by=found.found_by[row],
            points_xy=None if np.isnan(found.points_xy[row]).any() else found.points_xy[row],
            turn_degrees=float(turns[row]),
        )
        for row, face in enumerate(result_with(*range(1, len(found) + 1)).faces)
    )


def steps_shown(
    open_webcam: OpenWebcam,
    stream: Stream,
    monkeypatch: pytest.MonkeyPatch,
    frame_bgr: np.ndarray,
    detector: str,
    language: str = "en",
) -> AppTest:
    """The page with the steps of a running video whose newest frame is that one."""
    faces = found_in(frame_bgr, live_search("normal", detector))
    result: LiveResult = replace(result_with(), faces=faces)
    put = LatestResult.put
    monkeypatch.setattr(
        "fer_core.live.session.LatestResult.put", lambda slot, _result: put(slot, result, frame_bgr)
    )
    stream.playing, stream.result = True, result
    app = open_webcam(language)
    app.session_state["webcam_detector"] = detector
    app.toggle(key="webcam_steps_shown").set_value(True)
    with speaking(language):  # the harness names the choice outside of a run of the page
        app.run()
    assert_no_trouble(app)
    return app


def titles(app: AppTest) -> tuple[str, ...]:
    return tuple(re.findall(r"<strong>\d+\. (.*?)</strong>", html_of(app)))


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("detector", ["blazeface", "both"])
def test_a_tilted_face_is_found_by_blazeface_and_its_steps_are_shown_after_the_cascades(
    open_webcam: OpenWebcam, stream: Stream, monkeypatch: pytest.MonkeyPatch, detector: str, language: str
) -> None:
    app = steps_shown(open_webcam, stream, monkeypatch, tilted_bgr(), detector, language)
    words = TITLES[language]
    first = words["haar"] if detector == "both" else ()
    assert titles(app) == (*first, *words["blazeface"], *words["face"])
    shown = html_of(app)
    assert shown.count("data:image/jpeg") == len(titles(app)) - 1, "a picture each, bars at the end"
    side = BlazeFaceDetector(live_search("normal", detector).blazeface).steps(tilted_bgr()).square.pixels_rgb
    assert f"{side.shape[0]}×{side.shape[0]}" in shown
    assert {"en": "1 right eye, 2 left eye, 3 nose", "id": "1 mata kanan, 2 mata kiri, 3 hidung"}[
        language
    ] in shown
    missed = {"en": "Too few of them overlap around face 1.", "id": "Terlalu sedikit yang bertumpuk"}[
        language
    ]
    assert (missed in shown) == (detector == "both")
    explained = {"en": "**Facial landmarks (points)**", "id": "**Titik penting wajah (landmark)**"}[language]
    assert explained in texts(app)


def test_with_the_cascade_only_nothing_is_said_of_blazeface(
    open_webcam: OpenWebcam, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame_bgr = next(moving_faces(1, noise=0)).frame_bgr
    app = steps_shown(open_webcam, stream, monkeypatch, frame_bgr, "haar")
    cut, _turned, *rest = TITLES["en"]["face"]
    assert titles(app) == (*TITLES["en"]["haar"], cut, *rest)
    assert "Where enough windows overlap" in html_of(app)
    assert "BlazeFace" not in html_of(app)
    assert "**Facial landmarks (points)**" not in texts(app)


def test_an_upright_face_is_not_turned_and_the_cascade_did_not_miss_it(
    open_webcam: OpenWebcam, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame_bgr = next(moving_faces(1, noise=0)).frame_bgr
    app = steps_shown(open_webcam, stream, monkeypatch, frame_bgr, "both")
    assert "Turned upright" not in titles(app)
    assert "Six points" in titles(app)
    assert "Too few of them overlap" not in html_of(app)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "No anchor gives a score of 0."), ("id", "memberi skor 0,")]
)
@pytest.mark.parametrize("detector", ["haar", "blazeface", "both"])
def test_without_a_face_the_search_is_shown_as_far_as_it_went(
    open_webcam: OpenWebcam,
    stream: Stream,
    monkeypatch: pytest.MonkeyPatch,
    detector: str,
    language: str,
    words: str,
) -> None:
    app = steps_shown(open_webcam, stream, monkeypatch, background_bgr(640, 480), detector, language)
    haar, blazeface = TITLES[language]["haar"], TITLES[language]["blazeface"][:2]
    expected = {"haar": haar, "blazeface": blazeface, "both": (*haar, *blazeface)}
    assert titles(app) == expected[detector]
    assert (words in html_of(app)) == (detector != "haar")


def test_a_face_that_only_the_cascade_found_has_no_points_and_is_not_turned() -> None:
    frame_bgr = next(moving_faces(1, noise=0)).frame_bgr
    (face,) = found_in(frame_bgr, live_search("normal", "haar"))
    search = live_search("normal", "both")
    detectors = StepDetectors(
        search,
        FaceDetector(search),
        HaarFaceDetector(search.haar),
        BlazeFaceDetector(replace(search.blazeface, least_score=1.0)),
    )
    gray = cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2GRAY)
    with speaking("en"):
        steps = search_steps(detectors, frame_bgr, gray, face)
        assert turned_step(detectors, gray, face) == []
    assert [title for _picture, title, _text in steps] == [
        *TITLES["en"]["haar"],
        "Square picture",
        "Candidates",
    ]


@pytest.mark.parametrize("confirm_score", [None, 0.5])
def test_a_second_look_is_said_where_there_is_one(confirm_score: float | None) -> None:
    search = live_search("normal", "blazeface")
    search = replace(search, blazeface=replace(search.blazeface, confirm_score=confirm_score))
    detectors = StepDetectors(search, FaceDetector(search), None, BlazeFaceDetector(search.blazeface))
    frame_bgr = tilted_bgr()
    (face,) = found_in(frame_bgr, search)
    with speaking("en"):
        _square, _candidates, (_picture, _title, said), *_rest = search_steps(
            detectors, frame_bgr, frame_bgr[..., 0], face
        )
    assert said.endswith("1 face is left.")
    assert ("looked at again" in said) == (confirm_score is not None)


def test_a_small_face_is_shown_in_the_part_of_the_picture_in_which_it_was_found() -> None:
    frame_bgr = background_bgr(1280, 960)
    box = paste_portrait(frame_bgr, (900, 500), 26)
    (face,) = result_with(1).faces
    near = BlazeFaceDetector(BlazeFaceSettings(model="short_range", least_score=0.5))
    (points_xy,) = near.look_near(frame_bgr[..., ::-1].copy(), box).points_xy
    face = replace(face, box_xyxy=box.round().astype(np.int32), found_by="blazeface", points_xy=points_xy)
    search = FaceSearch("blazeface", blazeface=near.settings)
    detectors = StepDetectors(search, FaceDetector(search), None, near)
    with speaking("en"):
        first, *_rest = search_steps(detectors, frame_bgr, frame_bgr[..., 0], face)
    assert first[2] == "BlazeFace looks at the surroundings of the face as 128×128 pixels in colour."
