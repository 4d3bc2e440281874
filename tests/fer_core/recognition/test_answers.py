"""A face's answer: its label, unless the set of what it may be is too large."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.recognition.answers import RecognizedFace

BOX = np.array([0, 0, 9, 9], np.int32)
SHARES = np.array([0.5, 0.3, 0.2], np.float32)


def face(prediction_set: tuple[str, ...] | None) -> RecognizedFace:
    return RecognizedFace(1, BOX, SHARES, "angry", prediction_set=prediction_set)


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
    answer = RecognizedFace(1, BOX, SHARES, "angry", prediction_set=("angry", "fear"), largest_sure=1)
    assert answer.unsure
    assert answer.answer == "unsure"


@pytest.mark.parametrize("prediction_set", [(), ("fear", "sad")])
def test_a_set_without_the_most_probable_expression_is_refused(prediction_set: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="Received"):
        face(prediction_set)
