"""Answers over time: noise does not make them flicker, and a real change still shows at once."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.recognition.conformal import PredictionSets
from fer_core.recognition.steadying import FORGET_AFTER_S, SteadyAnswers

SETS = PredictionSets(threshold=0.1, level=0.9, split="made up", n=100)
FRAME_S = 1 / 30


def changes(states: list[bool]) -> int:
    return sum(before != after for before, after in zip(states, states[1:], strict=False))


def noisy(seconds: float) -> list[np.ndarray]:
    """A still face whose third expression sits at the threshold, with a camera's noise."""
    rng = np.random.default_rng(5)
    rows = np.array([0.6, 0.3, 0.1]) + rng.normal(0, 0.02, (round(seconds / FRAME_S), 3))
    return [(row / row.sum())[None].astype(np.float32) for row in rows]


def test_the_set_of_a_still_face_does_not_flicker_where_that_of_each_frame_does() -> None:
    steady = SteadyAnswers(SETS)
    raw, shown = [], []
    for number, row in enumerate(noisy(60)):
        raw.append(bool(SETS.unsure(row)[0]))
        _smooth, members = steady.update((1,), row, number * FRAME_S)
        assert members is not None
        shown.append(int(members.sum()) > 2)
    assert changes(raw) > 300
    assert changes(shown) <= 1


def test_smoothing_takes_away_most_of_the_noise() -> None:
    steady = SteadyAnswers(None)
    rows = noisy(20)
    smooth = [steady.update((1,), row, number * FRAME_S)[0] for number, row in enumerate(rows)]
    assert np.std(smooth[30:], axis=0).max() < np.std(rows[30:], axis=0).max() / 2


@pytest.mark.parametrize("frame_s", [1 / 60, 1 / 30, 1 / 8])
def test_a_real_change_shows_within_four_tenths_of_a_second_at_any_frame_rate(frame_s: float) -> None:
    steady = SteadyAnswers(SETS)
    sad, unsure = np.array([[0.9, 0.06, 0.04]], np.float32), np.array([[0.2, 0.5, 0.3]], np.float32)
    for number in range(100):
        smooth, _members = steady.update((1,), sad, number * frame_s)
    np.testing.assert_allclose(smooth, sad, atol=1e-6)
    for number in range(100, 101 + int(0.4 / frame_s)):
        smooth, members = steady.update((1,), unsure, number * frame_s)
    assert smooth.argmax() == 1
    assert members is not None
    assert members.all()


def test_rows_stay_probabilities_and_each_face_has_its_own() -> None:
    steady = SteadyAnswers(SETS)
    first, second = [0.8, 0.15, 0.05], [0.1, 0.1, 0.8]
    steady.update((1, 2), np.array([first, second], np.float32), 0.0)
    smooth, members = steady.update((2, 3), np.array([first, first], np.float32), FRAME_S)
    assert smooth.dtype == np.float32
    np.testing.assert_allclose(smooth.sum(axis=1), 1, atol=1e-6)
    assert smooth[0].argmax() == 2, "the second face remembers"
    np.testing.assert_allclose(smooth[1], first, atol=1e-6)  # the third is new
    assert members is not None
    assert members[1].tolist() == [True, True, False]


def test_the_most_probable_expression_is_always_in_the_set() -> None:
    steady = SteadyAnswers(PredictionSets(threshold=0.9, level=0.9, split="s", n=1))
    for number, row in enumerate(([0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7])):
        smooth, members = steady.update((1,), np.array([row], np.float32), float(number))
        assert members is not None
        assert members[0].nonzero()[0].tolist() == [smooth[0].argmax()]


def test_a_number_that_comes_back_late_begins_anew() -> None:
    steady = SteadyAnswers(SETS)
    other = np.array([[0.1, 0.1, 0.8]], np.float32)
    steady.update((1,), np.array([[0.9, 0.05, 0.05]], np.float32), 0.0)
    smooth, _members = steady.update((1,), other, FORGET_AFTER_S + 1)
    np.testing.assert_allclose(smooth, other)


def test_faces_that_are_gone_are_forgotten() -> None:
    steady = SteadyAnswers(SETS)
    row = np.array([[0.9, 0.05, 0.05]], np.float32)
    for number in range(1000):
        steady.update((number,), row, number * 0.1)
    assert len(steady._faces) <= FORGET_AFTER_S / 0.1 + 1


def test_without_calibration_there_are_no_sets_and_without_faces_no_rows() -> None:
    row = np.array([[0.9, 0.05, 0.05]], np.float32)
    assert SteadyAnswers(None).update((1,), row, 0.0)[1] is None
    smooth, members = SteadyAnswers(SETS).update((), np.empty((0, 3), np.float32), 0.0)
    assert smooth.shape == (0, 3)
    assert members is not None
    assert members.shape == (0, 3)
