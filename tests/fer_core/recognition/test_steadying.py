"""Answers over time: noise does not make them flicker, and a real change still shows at once."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.faces.tracking.track import FORGET_AFTER_S
from fer_core.recognition.conformal import PredictionSets
from fer_core.recognition.steadying import LABEL_LEAD, SteadyAnswers, SteadyRows

SETS = PredictionSets(threshold=0.1, level=0.9, split="made up", n=100)
FRAME_S = 1 / 30


def feed(steady: SteadyAnswers, numbers: tuple[int, ...], rows: np.ndarray, now_s: float) -> SteadyRows:
    """One frame, of whose faces all are read."""
    steady.note_in_sight(numbers, now_s)
    return steady.update(numbers, rows, now_s)


def changes(states: list[bool]) -> int:
    return sum(before != after for before, after in zip(states, states[1:], strict=False))


def noisy(seconds: float) -> list[np.ndarray]:
    """A still face whose third expression sits at the threshold, with a camera's noise."""
    rng = np.random.default_rng(5)
    rows = np.array([0.6, 0.3, 0.1]) + rng.normal(0, 0.02, (round(seconds / FRAME_S), 3))
    return [(row / row.sum())[None].astype(np.float32) for row in rows]


def test_the_set_of_a_still_face_does_not_flicker_where_that_of_each_frame_does() -> None:
    steady = SteadyAnswers(3, SETS)
    raw, shown = [], []
    for number, row in enumerate(noisy(60)):
        raw.append(bool(SETS.unsure(row)[0]))
        members = feed(steady, (1,), row, number * FRAME_S).members
        assert members is not None
        shown.append(int(members.sum()) > 2)
    assert changes(raw) > 300
    assert changes(shown) <= 1


def test_smoothing_takes_away_most_of_the_noise() -> None:
    steady = SteadyAnswers(3, None)
    rows = noisy(20)
    smooth = [feed(steady, (1,), row, number * FRAME_S).probabilities for number, row in enumerate(rows)]
    assert np.std(smooth[30:], axis=0).max() < np.std(rows[30:], axis=0).max() / 2


@pytest.mark.parametrize("frame_s", [1 / 60, 1 / 30, 1 / 8])
def test_a_real_change_shows_within_four_tenths_of_a_second_at_any_frame_rate(frame_s: float) -> None:
    steady = SteadyAnswers(3, SETS)
    sad, unsure = np.array([[0.9, 0.06, 0.04]], np.float32), np.array([[0.2, 0.5, 0.3]], np.float32)
    for number in range(100):
        answer = feed(steady, (1,), sad, number * frame_s)
    np.testing.assert_allclose(answer.probabilities, sad, atol=1e-6)
    for number in range(100, 101 + int(0.4 / frame_s)):
        answer = feed(steady, (1,), unsure, number * frame_s)
    assert answer.probabilities.argmax() == 1
    assert answer.members is not None
    assert answer.members.all()


def test_rows_stay_probabilities_and_each_face_has_its_own() -> None:
    steady = SteadyAnswers(3, SETS)
    first, second = [0.8, 0.15, 0.05], [0.1, 0.1, 0.8]
    feed(steady, (1, 2), np.array([first, second], np.float32), 0.0)
    answer = feed(steady, (2, 3), np.array([first, first], np.float32), FRAME_S)
    assert answer.probabilities.dtype == np.float32
    np.testing.assert_allclose(answer.probabilities.sum(axis=1), 1, atol=1e-6)
    assert answer.probabilities[0].argmax() == 2, "the second face remembers"
    np.testing.assert_allclose(answer.probabilities[1], first, atol=1e-6)  # the third is new
    assert answer.members is not None
    assert answer.members[1].tolist() == [True, True, False]


def test_where_no_expression_reaches_the_threshold_the_two_most_probable_make_an_unsure_set() -> None:
    steady = SteadyAnswers(3, PredictionSets(threshold=0.9, level=0.9, split="s", n=1))
    for number, row in enumerate(([0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7])):
        answer = feed(steady, (1,), np.array([row], np.float32), float(number))
        assert answer.members is not None
        expected = np.sort(np.argsort(-answer.probabilities[0])[:2])
        assert answer.members[0].nonzero()[0].tolist() == expected.tolist()
    sure = feed(steady, (1,), np.array([[0.0, 0.0, 1.0]], np.float32), 3.0)
    assert sure.members is not None
    assert sure.members[0].tolist() == [False, False, True], "a clear face is sure, whatever was before"


def test_a_number_that_comes_back_late_begins_anew() -> None:
    steady = SteadyAnswers(3, SETS)
    other = np.array([[0.1, 0.1, 0.8]], np.float32)
    feed(steady, (1,), np.array([[0.9, 0.05, 0.05]], np.float32), 0.0)
    answer = feed(steady, (1,), other, FORGET_AFTER_S + 1)
    np.testing.assert_allclose(answer.probabilities, other)


def test_faces_that_are_gone_are_forgotten() -> None:
    steady = SteadyAnswers(3, SETS)
    row = np.array([[0.9, 0.05, 0.05]], np.float32)
    for number in range(1000):
        feed(steady, (number,), row, number * 0.1)
    assert len(steady._faces) <= FORGET_AFTER_S / 0.1 + 1


def test_without_calibration_there_are_no_sets_and_without_faces_no_rows() -> None:
    row = np.array([[0.9, 0.05, 0.05]], np.float32)
    assert feed(SteadyAnswers(3, None), (1,), row, 0.0).members is None
    answer = feed(SteadyAnswers(3, SETS), (), np.empty((0, 3), np.float32), 0.0)
    assert answer.probabilities.shape == (0, 3)
    assert answer.members is not None
    assert answer.members.shape == (0, 3)


def test_the_label_of_a_still_face_between_two_expressions_stays() -> None:
    """Two expressions that are as probable as each other, with a camera's noise, for a minute."""
    steady = SteadyAnswers(3, None)
    rng = np.random.default_rng(2)
    raw, shown = [], []
    for number in range(1800):
        row = np.array([0.45, 0.45, 0.1]) + rng.normal(0, 0.05, 3)
        row = (row / row.sum())[None].astype(np.float32)
        raw.append(int(row.argmax()))
        shown.append(int(feed(steady, (1,), row, number * FRAME_S).label_indices[0]))
    assert sum(a != b for a, b in zip(raw, raw[1:], strict=False)) > 500
    assert sum(a != b for a, b in zip(shown, shown[1:], strict=False)) <= 1


def test_another_expression_is_named_once_it_leads_clearly() -> None:
    steady = SteadyAnswers(2, None, time_constant_s=1e-6)
    named = []
    for number, second in enumerate(
        (0.3, 0.5 + LABEL_LEAD / 2 - 0.01, 0.5 + LABEL_LEAD / 2 + 0.01, 0.5, 0.3)
    ):
        row = np.array([[1 - second, second]], np.float32)
        named.append(int(feed(steady, (1,), row, float(number) / 10).label_indices[0]))
    assert named == [0, 0, 1, 1, 0]


def test_faces_take_turns_and_new_ones_are_read_at_once() -> None:
    steady = SteadyAnswers(2, None)
    row = np.array([[0.9, 0.1]], np.float32)
    numbers = (1, 2, 3, 4, 5)
    assert steady.due(numbers, 2) == [0, 1, 2, 3, 4], "without an answer none can be shown"
    for number in numbers:
        feed(steady, (number,), row, 0.0)
    read: list[int] = []
    for frame in range(1, 11):
        steady.note_in_sight(numbers, frame / 30)
        due = steady.due(numbers, 2)
        assert len(due) == 2
        read += due
        steady.update([numbers[position] for position in due], np.repeat(row, 2, axis=0), frame / 30)
    assert all(3 <= read.count(position) <= 5 for position in range(5)), "4 times each, ties apart"
    assert steady.due((9, 1), 1) == [0]


def test_a_face_that_waits_for_its_turn_keeps_its_answer() -> None:
    steady = SteadyAnswers(2, SETS)
    first = feed(steady, (1,), np.array([[0.9, 0.1]], np.float32), 0.0)
    steady.note_in_sight((1,), 0.9)
    steady.note_in_sight((1,), 1.8)  # in sight all the time
    again = steady.rows((1,))
    np.testing.assert_array_equal(again.probabilities, first.probabilities)
    assert again.label_indices.tolist() == [0]
