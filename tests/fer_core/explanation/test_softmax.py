"""The softmax worked out, and the answer made of scores as a shipped network makes it."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.explanation.softmax import answer_of_scores, softmax_steps


def test_a_softmax_by_hand() -> None:
    steps = softmax_steps(np.log([1.0, 2.0, 5.0]))
    np.testing.assert_allclose(steps.exponentials, [1, 2, 5])
    assert steps.total == pytest.approx(8)
    np.testing.assert_allclose(steps.shares, [0.125, 0.25, 0.625])


def test_temperature_2_takes_the_root_of_each_exponential_before_they_are_shared_out() -> None:
    steps = softmax_steps(np.log([1.0, 4.0, 25.0]), 2.0)
    np.testing.assert_allclose(steps.exponentials, [1, 2, 5])
    with pytest.raises(ValueError, match="above 0"):
        softmax_steps(np.zeros(3), 0)


def test_without_a_mirror_image_the_temperature_divides_the_scores() -> None:
    scores = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(answer_of_scores(scores, None, 1.3), softmax_steps(scores, 1.3).shares)


def test_with_a_mirror_image_probabilities_are_averaged_first_and_the_temperature_comes_last() -> None:
    face, mirror = np.log([1.0, 3.0]), np.log([3.0, 1.0])  # shares 1/4 and 3/4, and the other way round
    np.testing.assert_allclose(answer_of_scores(face, mirror), [0.5, 0.5])
    uneven = answer_of_scores(np.log([9.0, 1.0]), np.log([7.0, 3.0]), 0.5)  # mean 0.8 and 0.2, squared
    np.testing.assert_allclose(uneven, [0.64 / 0.68, 0.04 / 0.68])


def test_a_probability_that_is_nearly_nothing_counts_as_the_floor_before_the_temperature() -> None:
    answer = answer_of_scores(np.array([0.0, -50.0]), None, 2.0)
    assert answer[1] == pytest.approx(np.sqrt(1e-7), rel=1e-3)
