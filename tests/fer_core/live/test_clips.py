"""Clips of a minute and of a moment through what the Webcam page uses, with the network that ships."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.splits import available_splits, split
from fer_core.recognition.frames import LiveAnalyzer
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network
from tests.e2e.clips import background_bgr, paste_portrait


@pytest.fixture(scope="module")
def recognizer() -> ExpressionRecognizer:
    return ExpressionRecognizer(find_network(None))


def test_on_a_still_face_with_noise_the_answer_changes_at_most_once_a_minute(
    recognizer: ExpressionRecognizer,
) -> None:
    analyzer = LiveAnalyzer(recognizer)
    still = background_bgr(640, 480)
    paste_portrait(still, (320, 240), 110)
    rng = np.random.default_rng(4)
    answers = []
    for number in range(600):  # ten a second
        grain = rng.normal(0, 6, (480, 640, 1)).astype(np.float32)
        result = analyzer.analyze(np.clip(still + grain, 0, 255).astype(np.uint8), number / 10)
        answers += [face.answer for face in result.faces]
    assert len(answers) > 590
    assert sum(before != after for before, after in zip(answers, answers[1:], strict=False)) <= 1


def _frame(face_gray: np.ndarray) -> np.ndarray:
    """A face of FER2013 on a wall, large: uint8 (480, 640, 3)."""
    frame_bgr = background_bgr(640, 480)
    frame_bgr[120:360, 200:440] = cv2.resize(face_gray, (240, 240), interpolation=cv2.INTER_CUBIC)[..., None]
    return frame_bgr


def _surest(dataset: Fer2013, recognizer: ExpressionRecognizer, label: str) -> np.ndarray:
    """The picture that shows it most clearly to the network among those that live video finds a face in."""
    rows = split(dataset, "PublicTest").rows[:400]
    shares = recognizer.predict(dataset.images_gray[rows])[:, recognizer.labels.index(label)]
    for row in rows[np.argsort(-shares)][:40]:
        face_gray = dataset.images_gray[row]
        analyzer = LiveAnalyzer(recognizer)
        results = [analyzer.analyze(_frame(face_gray), number / 30) for number in range(4)]
        if [face.answer for face in results[-1].faces] == [label]:
            return face_gray
    pytest.fail(f"no picture of {label}")


@pytest.mark.parametrize(
    ("before", "after"), [("neutral", "happy"), ("happy", "surprise"), ("surprise", "sad")]
)
def test_a_real_change_of_expression_shows_within_four_tenths_of_a_second(
    real_fer2013: Fer2013, recognizer: ExpressionRecognizer, before: str, after: str
) -> None:
    if "PublicTest" not in available_splits(real_fer2013):
        pytest.skip("this copy of FER2013 has no PublicTest")
    first, second = (_surest(real_fer2013, recognizer, label).astype(float) for label in (before, after))
    analyzer = LiveAnalyzer(recognizer)
    answers = []
    for number in range(60):
        part = np.clip((number - 30) / 6, 0, 1)  # the face changes in a fifth of a second
        face_gray = np.rint((1 - part) * first + part * second).astype(np.uint8)
        result = analyzer.analyze(_frame(face_gray), number / 30)
        answers.append([face.answer for face in result.faces])
    assert answers[30] == [before]
    assert answers[36 + 12] == [after], "0.4 s after the new face is all there"
