from __future__ import annotations

import threading

import numpy as np
import pytest

from fer_core.recognition.recognizer import LARGEST_BATCH, ExpressionRecognizer
from fer_core.store.network import NetworkInfo


def test_rows_are_probabilities_in_the_order_of_the_labels(
    tiny_network: NetworkInfo, faces_gray: np.ndarray
) -> None:
    recognizer = ExpressionRecognizer(tiny_network)
    probabilities = recognizer.predict(faces_gray)
    assert probabilities.shape == (5, len(recognizer.labels)) and probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-5)


def test_no_face_gives_no_row(tiny_network: NetworkInfo) -> None:
    assert ExpressionRecognizer(tiny_network).predict(np.empty((0, 48, 48), np.uint8)).shape == (0, 7)


def test_a_face_gets_the_same_answer_alone_and_in_any_batch(
    tiny_network: NetworkInfo, faces_gray: np.ndarray
) -> None:
    recognizer = ExpressionRecognizer(tiny_network)
    alone = recognizer.predict(faces_gray[:1])
    many = recognizer.predict(np.repeat(faces_gray[:1], LARGEST_BATCH + 3, axis=0))
    np.testing.assert_allclose(many, np.repeat(alone, LARGEST_BATCH + 3, axis=0), atol=1e-5)
    np.testing.assert_allclose(recognizer.predict(faces_gray)[:1], alone, atol=1e-5)


@pytest.mark.parametrize(
    "wrong", [np.zeros((2, 48, 48)), np.zeros((48, 48), np.uint8), np.zeros((1, 24, 24), np.uint8)]
)
def test_another_shape_or_type_says_what_was_received(tiny_network: NetworkInfo, wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Received"):
        ExpressionRecognizer(tiny_network).predict(wrong)


def test_threads_that_share_a_recogniser_get_their_own_answers(
    tiny_network: NetworkInfo, faces_gray: np.ndarray
) -> None:
    recognizer = ExpressionRecognizer(tiny_network)
    expected = [recognizer.predict(faces_gray[: count + 1]) for count in range(5)]
    wrong: list[int] = []

    def work(count: int) -> None:
        for _ in range(20):
            if not np.allclose(recognizer.predict(faces_gray[: count + 1]), expected[count], atol=1e-5):
                wrong.append(count)

    threads = [threading.Thread(target=work, args=(count,)) for count in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
