"""What is read off the history of a training, on cases worked out by hand."""

from __future__ import annotations

import pytest

from fer_core.evaluation.learning_curves import (
    band,
    best_epoch,
    generalisation_gap,
    minutes_of_training,
    moving_average,
)

ROWS = [
    {"epoch": 1.0, "accuracy": 0.25, "val_accuracy": 0.5, "seconds": 90.0},
    {"epoch": 2.0, "accuracy": 0.75, "val_accuracy": 0.625, "seconds": 30.0},
    {"epoch": 3.0, "accuracy": 0.875, "val_accuracy": 0.625, "seconds": 60.0},
]


def test_a_moving_average_takes_as_many_neighbours_on_either_side() -> None:
    values = [1.0, 4.0, 1.0, 7.0, 4.0]
    assert moving_average(values, 3) == pytest.approx([1, 2, 4, 4, 4])
    assert moving_average(values, 5) == pytest.approx([1, 2, 3.4, 4, 4])
    assert moving_average(values, 99) == pytest.approx(moving_average(values, 5)), "no more than there are"
    assert moving_average(values, 1) == values
    assert moving_average([], 3) == [] and moving_average([2.0], 3) == [2.0]


def test_a_straight_line_stays_as_it_is() -> None:
    """Also at its ends, which a mean over fewer neighbours on one side would bend."""
    assert moving_average([2.0, 4.0, 6.0, 8.0], 3) == pytest.approx([2, 4, 6, 8])


@pytest.mark.parametrize("window", [0, -1, 2, 4])
def test_a_mean_has_a_middle(window: int) -> None:
    with pytest.raises(ValueError, match="odd"):
        moving_average([1.0], window)


def test_the_gap_is_training_minus_validation_and_may_be_below_zero() -> None:
    assert generalisation_gap(ROWS) == pytest.approx([-0.25, 0.125, 0.25])


def test_minutes_add_up() -> None:
    assert minutes_of_training(ROWS) == pytest.approx([1.5, 2.0, 3.0])
    with pytest.raises(KeyError):
        minutes_of_training([{"epoch": 1.0}])


def test_the_best_epoch_is_the_first_of_the_best() -> None:
    assert best_epoch(ROWS) == 2


def test_a_band_reaches_from_the_lowest_to_the_highest_where_all_have_values() -> None:
    first = ([1.0, 2.0, 3.0], [0.1, 0.5, 0.6])
    second = ([1.0, 2.0], [0.2, 0.3])
    assert band([1, 2, 3], [first, second]) == ([1, 2], [0.1, 0.3], [0.2, 0.5])
    # By minutes the trainings have values at other places: straight lines between them.
    slower = ([2.0, 4.0], [0.0, 1.0])
    places, low, high = band([1.0, 2.0, 3.0], [first, slower])
    assert (places, low, high) == ([2.0, 3.0], [0.0, 0.5], [0.5, 0.6])
    assert band([1, 2], []) == ([], [], [])
