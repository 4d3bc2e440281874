"""Figures on cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.evaluation.metrics import (
    accuracy,
    class_accuracy,
    column_rates,
    confusion_matrix,
    one_vs_rest_counts,
    row_rates,
    sensitivity,
    specificity,
)

# true a: 5 right, 1 as b, 0 as c; true b: 2 as a, 3 right, 1 as c; true c: none at all
BY_HAND = np.array([[5, 1, 0], [2, 3, 1], [0, 0, 0]])


def test_confusion_has_the_true_class_in_the_row() -> None:
    matrix = confusion_matrix(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0]), 3)
    assert matrix.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]
    assert matrix.dtype == np.int64


def test_confusion_of_no_sample_is_zero() -> None:
    assert confusion_matrix(np.array([]), np.array([]), 2).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("labels", "predicted", "n_classes", "complaint"),
    [
        ([0, 1], [0], 2, "one length"),
        ([0, 2], [0, 1], 2, "labels: expected 0 to 1"),
        ([0, 1], [0, -1], 2, "predicted: expected 0 to 1"),
        ([0.5, 1.0], [0, 1], 2, "labels: expected integers"),
        ([], [], 0, "n_classes"),
    ],
)
def test_confusion_says_what_does_not_fit(
    labels: list[float], predicted: list[float], n_classes: int, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        confusion_matrix(np.array(labels), np.array(predicted), n_classes)


def test_counts_of_one_class_against_the_rest() -> None:
    counts = one_vs_rest_counts(BY_HAND)
    assert counts.tp.tolist() == [5, 3, 0]
    assert counts.fn.tolist() == [1, 3, 0]
    assert counts.fp.tolist() == [2, 1, 1]
    assert counts.tn.tolist() == [4, 5, 11]


def test_the_four_counts_of_each_class_add_up_to_all_samples() -> None:
    matrix = np.random.default_rng(3).integers(0, 50, (7, 7))
    counts = one_vs_rest_counts(matrix)
    assert (counts.tp + counts.tn + counts.fp + counts.fn == matrix.sum()).all()


def test_accuracy_sensitivity_and_specificity_by_hand() -> None:
    assert accuracy(BY_HAND) == pytest.approx(8 / 12)
    np.testing.assert_allclose(sensitivity(BY_HAND), [5 / 6, 3 / 6, np.nan])
    np.testing.assert_allclose(specificity(BY_HAND), [4 / 6, 5 / 6, 11 / 12])


def test_accuracy_of_a_class_counts_what_was_rightly_left_alone() -> None:
    np.testing.assert_allclose(class_accuracy(BY_HAND), [9 / 12, 8 / 12, 11 / 12])


def test_sensitivity_is_nan_for_a_class_without_samples() -> None:
    assert np.isnan(sensitivity(BY_HAND)[2])


def test_specificity_is_nan_where_every_sample_is_of_the_class() -> None:
    figures = specificity(np.array([[3, 1], [0, 0]]))
    assert np.isnan(figures[0])
    assert figures[1] == pytest.approx(3 / 4)


def test_figures_of_no_sample_are_nan() -> None:
    nothing = np.zeros((2, 2), int)
    assert np.isnan(accuracy(nothing))
    assert np.isnan(sensitivity(nothing)).all()
    assert np.isnan(specificity(nothing)).all()
    assert np.isnan(row_rates(nothing)).all()


def test_column_rates_are_shares_of_the_answers_and_nan_for_a_class_that_is_never_answered() -> None:
    rates = column_rates(np.array([[3, 0, 1], [1, 0, 1], [0, 0, 2]]))
    np.testing.assert_allclose(rates[:, 0], [0.75, 0.25, 0])
    np.testing.assert_allclose(rates[:, 2], [0.25, 0.25, 0.5])
    assert np.isnan(rates[:, 1]).all()


def test_row_rates_add_up_to_one_and_are_nan_for_a_class_without_samples() -> None:
    rates = row_rates(BY_HAND)
    np.testing.assert_allclose(rates[0], [5 / 6, 1 / 6, 0])
    np.testing.assert_allclose(rates[:2].sum(axis=1), 1)
    assert np.isnan(rates[2]).all()


@pytest.mark.parametrize("wrong", [[[1, 2]], [1, 2], [[]], [[1.5, 0], [0, 1]], [[-1, 0], [0, 1]]])
def test_a_matrix_that_is_none_is_refused(wrong: list) -> None:
    with pytest.raises(ValueError, match="confusion"):
        accuracy(np.array(wrong))
