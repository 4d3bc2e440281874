"""Own faces are recorded as a network reads them, between begin and end of a press, and never before everybody agreed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from fer_core.faces.detection import FaceDetector
from fer_core.faces.search import live_search, photo_search
from fer_core.lab.bursts import FaceStore
from fer_core.live.session import LiveSettings
from fer_core.recognition.answers import Prediction
from fer_core.recognition.captions import Captions
from fer_core.recognition.frames import LiveFace, LiveResult
from pages.lab import video
from pages.lab.own import classes, consent, photos, recorder
from pages.lab.tryout import photo
from tests.e2e.clips import background_bgr, moving_faces, paste_portrait
from tests.network_records import network_of
from tests.recognizers import SURELY_SAD, FixedRecognizer

CLASSES = ("smile", "frown")


class Seeing(FixedRecognizer):
    """Keeps the crops that it reads."""

    def __init__(self, network: Any = None) -> None:
        super().__init__(network)
        self.crops: list[np.ndarray] = []

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        self.crops += list(faces_gray.copy())
        return super().predict(faces_gray)


@pytest.fixture
def faces() -> FaceStore:
    store = FaceStore()
    for name in CLASSES:
        store.add_class(name)
    return store


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds, for the video and the store; a test moves them."""
    now_s = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now_s[0])
    return now_s


def session_of(faces: FaceStore, monkeypatch: pytest.MonkeyPatch) -> tuple[video.RecordingSession, Seeing]:
    seeing = Seeing()
    monkeypatch.setattr(video, "open_network", lambda _network: seeing)
    captions = Captions(dict.fromkeys((*seeing.labels, "unsure"), "x"), tuple(["x"] * 101))
    return video.RecordingSession(LiveSettings(network_of("wayang"), live_search(), captions), faces), seeing


def test_what_is_recorded_is_what_the_network_reads(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    faces = FaceStore(lambda: clock[0])
    faces.add_class("smile")
    session, seeing = session_of(faces, monkeypatch)
    frames = [one.frame_bgr for one in moving_faces(24)]
    for frame in frames[:6]:  # the tracker confirms the face
        clock[0] += 0.12
        session.process(frame)
    assert faces.bursts == (), "nothing is kept without a recording"
    faces.start("smile")
    seeing.crops.clear()
    for frame in frames[6:16]:
        clock[0] += 0.12
        drawn = session.process(frame)
        assert tuple(drawn[34, 34] > 150) == (False, False, True), "a red mark in the picture"
    faces.stop()
    (burst,) = faces.bursts
    assert burst.n >= 8
    assert all(any(np.array_equal(face, crop) for crop in seeing.crops) for face in burst.faces_gray)
    session.process(frames[16])
    assert faces.bursts[0].n == burst.n


def test_without_a_face_nothing_is_recorded_and_a_failure_leaves_the_video_alone(
    faces: FaceStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    session, _seeing = session_of(faces, monkeypatch)
    faces.start("smile")
    wall = background_bgr(320, 240)
    assert session.process(wall).shape == wall.shape
    assert faces.recording is not None and faces.recording.faces == 0
    monkeypatch.setattr(video, "largest_face", lambda _result: 1 / 0)
    for _time in range(3):
        assert session.process(wall).shape == wall.shape
    assert len([record for record in caplog.records if "cannot be kept" in record.message]) == 1
    session.close()
    assert faces.recording is None, "a recording ends with the video"


def test_the_largest_face_that_can_be_read_is_recorded() -> None:
    prediction = Prediction(SURELY_SAD, "sad", float(SURELY_SAD.max()))

    def result(*sides: int, small: int = -1) -> LiveResult:
        found = tuple(
            LiveFace(place, np.array([0, 0, side, side], np.int32), prediction, too_small=place == small)
            for place, side in enumerate(sides)
        )
        return LiveResult(found, FixedRecognizer().labels, (640, 480), True, 1.0, 1.0)

    assert video.largest_face(result()) is None
    largest = video.largest_face(result(40, 90, 60))
    assert largest is not None and largest.number == 1
    assert video.largest_face(result(20, small=0)) is None


class Browser:
    """Says what the component says: begin and end of presses, one message after the other or several at once."""

    def __init__(self, faces: FaceStore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.desk: Any = SimpleNamespace(faces=faces, consented=True)
        self.state: dict[str, Any] = {}
        monkeypatch.setattr(recorder.st, "session_state", self.state)
        monkeypatch.setattr(recorder, "video_runs", lambda: True)

    def says(self, **events: Any) -> None:
        said = {name: events.get(name) for name in ("begin", "end", "remove")}
        self.state[recorder.KEY] = SimpleNamespace(**said)
        recorder._follow(self.desk, None)

    @property
    def problem(self) -> str:
        return str(self.state.get(recorder._PROBLEM, (0, ""))[1])


@pytest.fixture
def browser(faces: FaceStore, monkeypatch: pytest.MonkeyPatch) -> Browser:
    return Browser(faces, monkeypatch)


FACE = np.full((48, 48), 90, np.uint8)


def test_a_press_records_from_its_begin_to_its_end(faces: FaceStore, browser: Browser) -> None:
    browser.says(begin={"press": 7, "name": "frown"})
    faces.add(FACE, 1.0)
    browser.says(begin={"press": 7, "name": "frown"}, end={"press": 6})
    assert faces.recording is not None, "the end of an earlier press ends nothing"
    browser.says(end={"press": 7})
    assert [(burst.class_name, burst.n) for burst in faces.bursts] == [("frown", 1)]
    assert faces.recording is None and browser.problem == ""


def test_a_press_that_is_heard_of_when_it_is_over_records_nothing_and_says_so(
    faces: FaceStore, browser: Browser
) -> None:
    browser.says(begin={"press": 7, "name": "smile"}, end={"press": 7})
    assert faces.recording is None
    assert "too late" in browser.problem


def test_a_press_without_a_face_says_so(faces: FaceStore, browser: Browser) -> None:
    browser.says(begin={"press": 7, "name": "smile"})
    browser.says(end={"press": 7})
    assert faces.bursts == ()
    assert "no face was in the picture" in browser.problem


@pytest.mark.parametrize(
    ("consented", "runs", "name"), [(False, True, "smile"), (True, False, "smile"), (True, True, "wink")]
)
def test_nothing_is_recorded_without_consent_video_or_class(
    faces: FaceStore,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
    consented: bool,
    runs: bool,
    name: str,
) -> None:
    browser.desk.consented = consented
    monkeypatch.setattr(recorder, "video_runs", lambda: runs)
    browser.says(begin={"press": 7, "name": name})
    assert faces.recording is None


@pytest.mark.parametrize("said", [None, [], "x", {"press": "7", "name": "smile"}, {"press": 7, "name": 3}])
def test_whatever_a_browser_says_is_no_error(faces: FaceStore, browser: Browser, said: object) -> None:
    browser.says(begin=said, end=said)
    assert faces.recording is None


def test_of_a_photo_the_largest_face_is_taken_and_none_is_no_error() -> None:
    detector = FaceDetector(photo_search())
    wall = background_bgr(640, 480)
    assert photos.largest_crop(jpeg(wall), "wall.jpg", detector) == (None, 0)
    paste_portrait(wall, (130, 240), 80)
    box = paste_portrait(wall, (430, 240), 160)
    crop_gray, count = photos.largest_crop(jpeg(wall), "two.jpg", detector)
    assert count == 2 and crop_gray is not None and crop_gray.shape == (48, 48)
    left, top, right, bottom = (int(value) for value in box)
    large = cv2.resize(cv2.cvtColor(wall, cv2.COLOR_BGR2GRAY)[top:bottom, left:right], (48, 48))
    assert np.corrcoef(crop_gray.ravel(), large.ravel())[0, 1] > 0.5


def jpeg(image_bgr: np.ndarray) -> bytes:
    _ok, encoded = cv2.imencode(".jpg", image_bgr)
    return encoded.tobytes()


@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_burst_is_shown_as_a_few_faces_in_one_picture(count: int) -> None:
    import base64

    url = recorder.sprite_url(np.zeros((count, 48, 48), np.uint8))
    picture = cv2.imdecode(np.frombuffer(base64.b64decode(url.split(",")[1]), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture.shape == (48, 48 * min(count, recorder.FRAMES_SHOWN))


@pytest.mark.parametrize("removed", [[], ["7"]])
def test_erasing_leaves_no_face_and_no_consent_in_the_session(
    faces: FaceStore, monkeypatch: pytest.MonkeyPatch, removed: list[str]
) -> None:
    faces.add_photo("smile", FACE)
    gone: list[str] = []
    desk: Any = SimpleNamespace(faces=faces, consented=True, erase_faces=faces.erase, remove=gone.append)
    state: dict[str, Any] = {
        classes._BEGUN: [*CLASSES],
        consent.AGREED: True,
        photo.TRIED_KEY: ("me.jpg", None, FACE),
    }
    monkeypatch.setattr(consent.st, "session_state", state)
    monkeypatch.setattr(consent.st, "rerun", lambda: None)
    consent._erase(desk, 1, removed)
    assert faces.bursts == () and gone == removed
    assert not desk.consented
    monkeypatch.setattr(classes, "_", str)
    classes.begin_classes(faces)
    assert len(faces.classes) == 3, "the next class begins as the first did"
    assert consent.AGREED not in state and photo.TRIED_KEY not in state
