from __future__ import annotations

import numpy as np

from fer_core.live.neutral_face import LEAVE_AFTER_S, SECONDS, NeutralBaselines

CALM = np.array([0.2, 0.1, 0.7])


def with_baseline() -> NeutralBaselines:
    """Two looks, (0.1, 0.1, 0.8) and (0.3, 0.1, 0.6), whose average is `CALM`."""
    baselines = NeutralBaselines()
    baselines.begin(1, 0.0)
    baselines.update({1: np.array([0.1, 0.1, 0.8])}, 0.9)
    baselines.update({}, 1.8)
    baselines.update({1: np.array([0.3, 0.1, 0.6])}, 1.85)
    return baselines


def finished() -> NeutralBaselines:
    baselines = with_baseline()
    baselines.update({1: CALM}, 2.5)
    baselines.update({1: CALM}, SECONDS)
    return baselines


def test_the_change_is_the_difference_from_the_average_look() -> None:
    change = finished().change(1, np.array([0.5, 0.1, 0.4]))
    assert change is not None
    np.testing.assert_allclose(change, [0.3, 0.0, -0.3], atol=1e-12)


def test_there_is_none_before_the_three_seconds_are_over() -> None:
    baselines = with_baseline()
    assert baselines.change(1, CALM) is None
    assert baselines.seconds_left(1, 1.0) == SECONDS - 1.0


def test_another_face_has_none() -> None:
    assert finished().change(2, CALM) is None
    assert finished().seconds_left(2, 1.0) is None


def test_a_number_that_was_free_for_a_while_has_lost_it() -> None:
    baselines = finished()
    baselines.update({1: CALM}, SECONDS + LEAVE_AFTER_S + 0.1)
    assert baselines.change(1, CALM) is None


def test_a_face_that_leaves_while_it_looks_neutral_must_begin_anew() -> None:
    baselines = with_baseline()
    baselines.update({}, 1.85 + LEAVE_AFTER_S + 0.1)
    assert baselines.seconds_left(1, 3.0) is None


def test_other_expressions_need_another_baseline() -> None:
    assert finished().change(1, np.full(8, 0.125)) is None


def test_forgetting_leaves_nothing() -> None:
    one, all_ = finished(), finished()
    one.forget(1)
    all_.clear()
    assert one.change(1, CALM) is None
    assert all_.change(1, CALM) is None
