"""The choice of the face detector on the three pages that look for faces: offered, remembered, used."""

from __future__ import annotations

import csv
import io
import time
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from fer_core.faces import search as searches
from fer_core.faces.search import DETECTORS, FaceSearch, photo_search
from fer_core.photos.table import result_rows
from fer_core.places import SAMPLE_PHOTO
from fer_core.videos.analysis import VideoJob, analyze_video, video_csv
from pages.photos.choice import CLOSER_KEY
from pages.ui.i18n import speaking
from pages.videos.session import VIDEO_KEY, VideoSession
from tests.fuzz.videos import video
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, elements, texts
from tests.pages.photo_harness import Opened, encoded, page_html, shelf_of
from tests.pages.webcam.conftest import Stream, open_webcam, stream
from tests.recognizers import SureRecognizer

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo
    from tests.pages.webcam.conftest import OpenWebcam

__all__ = ["open_webcam", "stream"]  # fixtures of the page Webcam

LABELS = {
    "en": ["Both", "Haar cascade only, as in the paper", "BlazeFace only"],
    "id": ["Keduanya", "Hanya Haar cascade, seperti dalam makalah", "Hanya BlazeFace"],
}
DEFAULTS = {
    "photo": ("pages/photos/page.py", searches.DEFAULT_DETECTOR),
    "webcam": ("pages/webcam/page.py", searches.DEFAULT_LIVE_DETECTOR),
    "video": ("pages/videos/page.py", searches.DEFAULT_VIDEO_DETECTOR),
}


@pytest.fixture(scope="module")
def tilted() -> bytes:
    """The portrait turned by 75 degrees, which the cascade misses."""
    portrait = Image.open(SAMPLE_PHOTO).convert("RGB")
    return encoded(portrait.rotate(-75, Image.Resampling.BICUBIC, expand=True), "PNG")


def choose(app: AppTest, page: str, detector: str, language: str = "en") -> None:
    app.session_state[f"{page}_detector"] = detector
    with speaking(language):  # the harness names the choice outside of a run of the page
        app.run()
    assert_no_trouble(app)


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("page", DEFAULTS)
def test_each_page_offers_the_three_under_more_and_begins_with_its_own_default(
    open_webcam: OpenWebcam, open_app: OpenApp, page: str, language: str
) -> None:
    path, default = DEFAULTS[page]
    app = open_app(path, language=language)
    assert_no_trouble(app)
    (more,) = [one for one in app.expander if one.label in ("More", "Lainnya")]
    (control,) = [one for one in elements(more) if getattr(one, "key", None) == f"{page}_detector"]
    assert [option.content for option in control.proto.options] == LABELS[language]
    assert app.session_state[f"{page}_detector"] == default


def test_the_choice_outlasts_a_visit_to_another_page(photos_page: Opened) -> None:
    app = photos_page()
    choose(app, "photo", "blazeface")
    app.switch_page("pages/home/page.py").run()
    app.switch_page("pages/photos/page.py").run()
    assert app.session_state["photo_detector"] == "blazeface"


@pytest.mark.parametrize(
    ("language", "with_haar"),
    [("en", "the face detector “Both” under “More”"), ("id", "pendeteksi wajah “Keduanya” di bagian")],
)
def test_another_detector_finds_other_faces_and_what_the_one_before_found_is_kept(
    photos_page: Opened, tilted: bytes, language: str, with_haar: str
) -> None:
    app = photos_page(("tilted.png", tilted), language=language)
    choose(app, "photo", "haar", language)
    assert with_haar in texts(app)
    choose(app, "photo", "both", language)
    assert 'class="raut-faces"' in page_html(app) and with_haar not in texts(app)
    shelf = shelf_of(app)
    found = {key[3]: finding for key, finding in shelf.findings.items()}
    assert not found[photo_search(detector="haar")].result.faces
    rows = result_rows([found[photo_search(detector="both")].result])
    assert [row["found_by"] for row in rows] == ["blazeface"]
    calls = SureRecognizer.calls
    choose(app, "photo", "haar", language)
    choose(app, "photo", "both", language)
    assert SureRecognizer.calls == calls and len(shelf.findings) == len(found)


def test_a_photo_without_a_face_has_other_advice_from_each_detector(photos_page: Opened) -> None:
    app = photos_page(("wall.png", encoded(Image.new("RGB", (300, 200), "tan"), "PNG")))
    advice = {}
    for detector in DETECTORS:
        choose(app, "photo", detector)
        (advice[detector],) = [text for text in texts(app).split("\n") if text.endswith("What may help:")]
    assert advice["both"] == advice["blazeface"] != advice["haar"]
    assert "tilted" in advice["both"] and "tilted" not in advice["haar"]


def test_live_video_and_still_photos_of_the_webcam_page_use_its_detector(
    open_webcam: OpenWebcam, stream: Stream, tilted: bytes
) -> None:
    app = open_webcam()
    choose(app, "webcam", "haar")
    app.file_uploader[0].set_value(("tilted.png", tilted, "image/png")).run()
    assert "No face found in this photo" in texts(app)
    choose(app, "webcam", "blazeface")
    assert stream.sessions[-1] is stream.sessions[0]
    assert stream.sessions[-1]._settings.search.detector == "blazeface"
    assert "No face found in this photo" not in texts(app) and 'class="raut-faces"' in page_html(app)


def test_a_video_is_analysed_anew_with_another_detector_which_the_result_names(
    open_app: OpenApp, one_network: NetworkInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.ui.resources.find_network", lambda _id=None: one_network)
    monkeypatch.setattr("pages.ui.resources.ExpressionRecognizer", SureRecognizer)
    monkeypatch.setattr("pages.ui.network_choice.network_label", lambda info: info.name)
    used: list[FaceSearch] = []

    def analyze(frames: Any, recognizer: Any, search: FaceSearch, **how: Any) -> VideoJob:
        used.append(search)
        return analyze_video(frames, recognizer, search, **how)

    monkeypatch.setattr("pages.videos.session.analyze_video", analyze)
    app = open_app("pages/videos/page.py")
    app.file_uploader[0].set_value(("clip.mp4", video("mp4", "libx264"), "video/mp4")).run()
    told = {}
    for detector in ("haar", "both"):
        choose(app, "video", detector)
        (analyse,) = [button for button in app.button if button.label == "Analyse"]
        analyse.click().run()
        session: VideoSession = app.session_state[VIDEO_KEY]
        while session.running:
            time.sleep(0.02)
        app.run()
        assert_no_trouble(app)
        assert session.key is not None and session.source is not None
        assert session.key.search == used[-1] == searches.video_search(detector)
        table = video_csv("clip.mp4", session.moments, session.labels, None, session.source)
        told[detector] = {row["detector"] for row in csv.DictReader(io.StringIO(table, newline=""))}
        (sentence,) = [text for text in texts(app).split("\n") if text.startswith("No face was found")]
        assert ("Faces may be turned or tilted" in sentence) == (detector == "both")
    assert told["haar"] == {"Haar cascade frontalface_alt2"}
    (both,) = told["both"]
    assert both.startswith("Haar cascade frontalface_alt2 + BlazeFace ")


def test_every_detector_has_a_name() -> None:
    from pages.ui.detector_choice import DETECTOR_NAMES

    assert tuple(DETECTOR_NAMES) == DETECTORS
    assert all(FaceSearch(detector).detector == detector for detector in DETECTOR_NAMES)


@pytest.mark.parametrize(
    ("language", "said", "cell"),
    [
        ("en", "Found by BlazeFace. It is tilted by {}° and was turned upright to be recognised.", "BlazeFace, tilted {}°"),
        ("id", "Ditemukan oleh BlazeFace. Wajah ini miring {}° dan ditegakkan sebelum dikenali.", "BlazeFace, miring {}°"),
    ],
)  # fmt: skip
def test_card_closer_look_and_table_say_what_found_a_face_and_how_it_was_turned(
    photos_page: Opened, tilted: bytes, language: str, said: str, cell: str
) -> None:
    app = photos_page(("tilted.png", tilted), language=language)
    choose(app, "photo", "both", language)
    (row,) = (
        row
        for key, finding in shelf_of(app).findings.items()
        if key[3].detector == "both"
        for row in result_rows([finding.result])
    )
    degrees = round(float(row["turn_degrees"]))
    assert 60 < degrees < 90
    assert page_html(app).count(said.format(degrees)) == 1
    assert cell.format(degrees) in app.dataframe[0].value.to_numpy()
    app.session_state[CLOSER_KEY] = True
    with speaking(language):
        app.run()
    assert_no_trouble(app)
    assert said.format(degrees) in texts(app).split("\n")
