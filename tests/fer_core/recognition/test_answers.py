"""A face's answer: its label, unless the set of what it may be is too large; the same wherever the face comes from."""

from __future__ import annotations

import dataclasses
import io

import numpy as np
import pytest
import skimage.data
from PIL import Image

from fer_core.faces.detection import FaceDetector
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS
from fer_core.photos.analysis import analyze_photo
from fer_core.photos.corrections import Corrections, DrawnFace, corrected
from fer_core.photos.findings import Finding, Photo
from fer_core.photos.work import look_at
from fer_core.recognition.answers import Prediction, RecognizedFace, predictions, read_faces
from fer_core.recognition.conformal import PredictionSets
from fer_core.recognition.frames import LiveAnalyzer, LiveFace
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.network import NetworkInfo
from fer_core.videos.analysis import analyze_video

BOX = np.array([0, 0, 9, 9], np.int32)
SHARES = np.array([0.5, 0.3, 0.2], np.float32)
LABELS = ("angry", "fear", "sad")
WIDE = PredictionSets(threshold=0.01, level=0.9, split="made up", n=10)
"""Nearly everything belongs to the set."""
NARROW = PredictionSets(threshold=0.4, level=0.9, split="made up", n=10)
"""One expression makes a set, and two are much."""


class Fixed:
    """A recogniser with the same probabilities for every face."""

    def __init__(
        self,
        probabilities: np.ndarray = SHARES,
        labels: tuple[str, ...] = LABELS,
        prediction_sets: PredictionSets | None = None,
    ) -> None:
        self.probabilities, self.labels, self.prediction_sets = probabilities, labels, prediction_sets

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        return np.repeat(self.probabilities[None], len(faces_gray), axis=0)


class OneCrop:
    """A network that is shown the same crop, whatever the detector cut out."""

    def __init__(self, recognizer: ExpressionRecognizer, crop_gray: np.ndarray) -> None:
        self._recognizer, self._crop_gray = recognizer, crop_gray
        self.network, self.labels = recognizer.network, recognizer.labels
        self.prediction_sets: PredictionSets | None = None

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        return self._recognizer.predict(np.repeat(self._crop_gray[None], len(faces_gray), axis=0))


def face(prediction_set: tuple[str, ...] | None, largest_sure: int = 2) -> RecognizedFace:
    return RecognizedFace(1, BOX, Prediction(SHARES, "angry", 0.5, prediction_set, largest_sure))


def said(answer: Prediction | RecognizedFace) -> tuple[object, ...]:
    """All that is told of a face."""
    return answer.label, answer.probability, answer.prediction_set, answer.unsure, answer.answer


# --- what follows from a set -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prediction_set", "unsure", "answer"),
    [
        (None, None, "angry"),  # not calibrated: neither sure nor unsure
        (("angry",), False, "angry"),
        (("angry", "fear"), False, "angry"),
        (("angry", "fear", "sad"), True, "unsure"),
    ],
)
def test_more_than_two_expressions_are_unsure(
    prediction_set: tuple[str, ...] | None, unsure: bool | None, answer: str
) -> None:
    assert face(prediction_set).unsure is unsure
    assert face(prediction_set).answer == answer
    assert face(prediction_set).label == "angry"
    assert face(prediction_set).probability == 0.5


def test_two_expressions_are_unsure_where_one_is_the_rule() -> None:
    answer = face(("angry", "fear"), largest_sure=1)
    assert answer.unsure
    assert answer.answer == "unsure"


@pytest.mark.parametrize("prediction_set", [(), ("fear", "sad")])
def test_a_set_without_the_most_probable_expression_is_refused(prediction_set: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="Received"):
        face(prediction_set)


@pytest.mark.parametrize("prediction_set", [None, ("angry",), ("angry", "fear", "sad")])
def test_a_face_says_what_its_prediction_says(prediction_set: tuple[str, ...] | None) -> None:
    prediction = face(prediction_set).prediction
    assert said(face(prediction_set)) == said(prediction)
    assert said(LiveFace(1, BOX, prediction)) == said(prediction)
    assert face(prediction_set).probabilities is SHARES


def test_a_live_face_that_is_too_small_is_unsure_whatever_its_prediction() -> None:
    small = LiveFace(1, BOX, face(("angry",)).prediction, too_small=True)
    assert small.unsure is True
    assert small.answer == "unsure"
    assert small.label == "angry"


# --- from probabilities ----------------------------------------------------------------------------------


def test_without_calibration_there_is_a_label_and_no_set() -> None:
    (answer,) = predictions(SHARES[None], Fixed())
    assert said(answer) == ("angry", 0.5, None, None, "angry")


def test_the_set_holds_what_reaches_the_threshold_the_most_probable_first() -> None:
    sets = PredictionSets(threshold=0.25, level=0.9, split="made up", n=10)
    rows = np.array([[0.3, 0.7, 0.0], [0.25, 0.35, 0.4]], np.float32)
    sure, unsure = predictions(rows, Fixed(prediction_sets=sets))
    assert (sure.prediction_set, sure.unsure, sure.answer) == (("fear", "angry"), False, "fear")
    assert (unsure.prediction_set, unsure.unsure, unsure.answer) == (("sad", "fear", "angry"), True, "unsure")
    assert [answer.label for answer in (sure, unsure)] == ["fear", "sad"]
    assert [answer.probability for answer in (sure, unsure)] == pytest.approx([0.7, 0.4])


def test_a_network_whose_sets_are_narrow_is_unsure_of_two() -> None:
    rows = np.array([[0.45, 0.42, 0.13]], np.float32)
    (answer,) = predictions(rows, Fixed(prediction_sets=NARROW))
    assert answer.largest_sure == 1
    assert (answer.prediction_set, answer.answer) == (("angry", "fear"), "unsure")


@pytest.mark.parametrize("sets", [WIDE, NARROW, dataclasses.replace(NARROW, threshold=0.9)])
def test_unsure_is_what_the_sets_call_unsure(sets: PredictionSets) -> None:
    rows = np.random.default_rng(5).dirichlet(np.ones(8), 200).astype(np.float32)
    answers = predictions(rows, Fixed(labels=FERPLUS_LABELS, prediction_sets=sets))
    assert [answer.unsure for answer in answers] == sets.unsure(rows).tolist()
    assert [answer.label for answer in answers] == [FERPLUS_LABELS[i] for i in rows.argmax(axis=1)]
    assert all(answer.prediction_set and answer.prediction_set[0] == answer.label for answer in answers)


def test_a_label_that_a_video_keeps_leads_its_set_and_has_its_own_probability() -> None:
    rows = np.array([[0.4, 0.5, 0.1]], np.float32)
    members = np.array([[True, True, False]])
    (answer,) = predictions(rows, Fixed(prediction_sets=WIDE), label_indices=[0], members=members)
    assert answer.prediction_set == ("angry", "fear")
    assert answer.label == "angry"
    assert answer.probability == pytest.approx(0.4)


def test_a_set_that_misses_the_label_it_is_made_for_is_refused() -> None:
    members = np.array([[False, True, False]])
    with pytest.raises(ValueError, match="Received"):
        predictions(SHARES[None], Fixed(prediction_sets=WIDE), members=members)


@pytest.mark.parametrize("sets", [None, WIDE])
def test_no_face_has_no_answer(sets: PredictionSets | None) -> None:
    assert predictions(np.empty((0, 3), np.float32), Fixed(prediction_sets=sets)) == ()
    assert read_faces(np.empty((0, 48, 48), np.uint8), Fixed(prediction_sets=sets)) == ()


# --- the same face as photo, live frame and video frame -------------------------------------------------


@pytest.fixture(scope="module")
def portrait_rgb() -> np.ndarray:
    return np.ascontiguousarray(skimage.data.astronaut())


def png(pixels_rgb: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels_rgb).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("sets", [None, WIDE, NARROW], ids=["not calibrated", "unsure", "narrow"])
@pytest.mark.parametrize("number", range(3))
def test_the_same_crop_gets_the_same_answer_as_photo_live_frame_and_video_frame(
    tiny_network: NetworkInfo,
    faces_gray: np.ndarray,
    portrait_rgb: np.ndarray,
    number: int,
    sets: PredictionSets | None,
) -> None:
    network = ExpressionRecognizer(tiny_network)
    recognizer = OneCrop(network, faces_gray[number])
    recognizer.prediction_sets = sets
    _check_that_all_agree(recognizer, faces_gray[number], portrait_rgb)


@pytest.mark.parametrize("sets", [None, WIDE, NARROW], ids=["not calibrated", "unsure", "narrow"])
def test_eight_expressions_are_answered_alike_too(
    portrait_rgb: np.ndarray, sets: PredictionSets | None
) -> None:
    shares = np.array([0.05, 0.05, 0.05, 0.1, 0.05, 0.05, 0.05, 0.6], np.float32)
    recognizer = Fixed(shares, FERPLUS_LABELS, sets)
    recognizer.network = None  # type: ignore[attr-defined]  # nothing here asks which one it is
    expected = _check_that_all_agree(recognizer, np.zeros((48, 48), np.uint8), portrait_rgb)
    assert expected.label == FERPLUS_LABELS[7]
    assert FERPLUS_LABELS[7] not in FER2013_LABELS


def _check_that_all_agree(
    recognizer: OneCrop | Fixed, crop_gray: np.ndarray, portrait_rgb: np.ndarray
) -> Prediction:
    """One face is read in each of the ways that there are; the answer to it comes back."""
    (expected,) = read_faces(crop_gray[None], recognizer)
    detector = FaceDetector()
    photo = analyze_photo(png(portrait_rgb), "a.png", detector, recognizer)
    frame_bgr = np.ascontiguousarray(portrait_rgb[..., ::-1])
    frames = [(number / 10, frame_bgr) for number in range(8)]  # a face is looked for in several frames
    analyzer = LiveAnalyzer(recognizer)
    live = [analyzer.analyze(frame, time_s) for time_s, frame in frames][-1]
    video = analyze_video(frames, recognizer)
    video.wait(60)
    assert video.finished
    drawn = corrected(photo, Corrections(drawn=(DrawnFace(BOX, crop_gray),)), recognizer)
    other = analyze_photo(png(portrait_rgb), "a.png", detector, Fixed(SHARES, LABELS, WIDE))
    again = look_at(
        Photo("a.png", b"", "digest"),
        detector,
        recognizer,  # type: ignore[arg-type]
        Finding(other),
    ).result
    assert again.labels == photo.labels == live.labels == recognizer.labels
    faces = [*photo.faces, *live.faces, *video.take()[-1].faces, *drawn.faces, *again.faces]
    assert len(faces) == 6, "the portrait five times, and one drawn face"
    for one in faces:
        assert said(one) == said(expected)
        np.testing.assert_array_equal(one.probabilities, expected.probabilities)
        assert one.prediction.largest_sure == expected.largest_sure
    return expected
