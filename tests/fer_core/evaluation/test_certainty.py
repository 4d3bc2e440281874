"""Calibration error, sets and "unsure" on cases worked out by hand."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from fer_core.cards.calibration_plot import calibration_svg
from fer_core.evaluation.certainty import (
    calibration_bins,
    certainty_figures,
    expected_calibration_error,
    perfect_calibration,
)
from fer_core.recognition.conformal import PredictionSets

# Four answers: two with 0.9, of which one is right; two with 0.6, both right.
PROBABILITIES = np.array([[0.9, 0.1, 0.0], [0.9, 0.1, 0.0], [0.2, 0.6, 0.2], [0.2, 0.2, 0.6]])
LABELS = np.array([0, 1, 1, 2])


def test_the_calibration_error_is_the_one_worked_out_by_hand() -> None:
    bins = calibration_bins(PROBABILITIES, LABELS, 10)
    assert bins["count"] == [0, 0, 0, 0, 0, 2, 0, 0, 2, 0]  # an edge belongs to the bin below it
    assert bins["accuracy"][5] == 1.0 and bins["accuracy"][8] == 0.5
    assert bins["accuracy"][0] is None and bins["confidence"][0] is None
    assert expected_calibration_error(bins) == pytest.approx((2 * 0.4 + 2 * 0.4) / 4)


def test_a_network_that_is_as_sure_as_it_is_right_has_no_error() -> None:
    probabilities = np.tile([0.75, 0.25], (4, 1))
    bins = calibration_bins(probabilities, np.array([0, 0, 0, 1]))
    assert expected_calibration_error(bins) == pytest.approx(0.0, abs=1e-9)


def test_no_answer_has_no_error() -> None:
    bins = calibration_bins(np.empty((0, 3)), np.zeros(0, int))
    assert np.isnan(expected_calibration_error(bins))
    figures = certainty_figures(np.empty((0, 3)), np.zeros(0, int), ("a", "b", "c"), None)
    assert figures["calibration"]["ece"] is None


def test_chance_moves_the_error_of_a_perfect_network_as_the_binomial_distribution_says() -> None:
    bins = {"count": [0, 100], "confidence": [None, 0.5], "accuracy": [None, 0.6]}
    chance = perfect_calibration(bins, draws=100_000)
    # Mean absolute deviation of heads among 100 throws: 3.979; 58 heads or more 6.7%, 59 or more 4.4%.
    assert chance.mean_error == pytest.approx(0.03979, rel=0.02)
    assert chance.most_error == pytest.approx(0.10)
    assert chance.ranges[0] is None
    assert chance.ranges[1] == pytest.approx((0.40, 0.60))


def test_the_error_of_drawn_answers_agrees_with_what_is_expected_of_them() -> None:
    """Drawn one by one from their own probabilities, not bin by bin."""
    random = np.random.default_rng(5)
    sure = random.beta(4, 2, 3000) * 0.5 + 0.5
    probabilities = np.stack([sure, 1 - sure], axis=1)
    drawn = [
        expected_calibration_error(calibration_bins(probabilities, (random.random(3000) >= sure).astype(int)))
        for _again in range(400)
    ]
    chance = perfect_calibration(calibration_bins(probabilities, np.zeros(3000, int)))
    assert chance.mean_error == pytest.approx(np.mean(drawn), rel=0.04)
    assert chance.most_error == pytest.approx(np.quantile(drawn, 0.95), rel=0.06)


def test_the_same_bins_give_the_same_chance_and_no_answer_gives_none() -> None:
    bins = calibration_bins(PROBABILITIES, LABELS)
    assert perfect_calibration(bins).most_error == perfect_calibration(bins).most_error
    empty = perfect_calibration(calibration_bins(np.empty((0, 3)), np.zeros(0, int)))
    assert np.isnan(empty.mean_error) and np.isnan(empty.most_error) and set(empty.ranges) == {None}


def test_sets_and_unsure_are_counted_for_each_class() -> None:
    sets = PredictionSets(threshold=0.2, level=0.9, split="s", n=100)
    figures = certainty_figures(PROBABILITIES, LABELS, ("a", "b", "c"), sets)
    found = figures["prediction_sets"]
    assert found["coverage"] == 0.75  # the second answer's set is {a}, its label b
    assert found["coverage_by_class"] == {"a": 1.0, "b": 0.5, "c": 1.0}
    assert found["sizes"] == [2, 0, 2]
    assert found["mean_size"] == 2.0
    assert figures["unsure"] == {"share": 0.5, "error_when_sure": 0.5, "error_when_unsure": 0.0}


def test_without_sets_only_the_calibration_is_told() -> None:
    assert set(certainty_figures(PROBABILITIES, LABELS, ("a", "b", "c"), None)) == {"calibration"}


def test_the_plot_is_a_picture_with_a_bar_for_each_bin_that_has_answers() -> None:
    svg = calibration_svg(calibration_bins(PROBABILITIES, LABELS, 10), "A < B & C")
    root = ElementTree.fromstring(svg)
    bars = [element for element in root.iter("{http://www.w3.org/2000/svg}rect") if element.get("x")]
    assert len(bars) == 2
    assert float(bars[1].get("height", 0)) == pytest.approx(float(bars[0].get("height", 0)) / 2, abs=0.2)
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "A < B & C"
    ElementTree.fromstring(calibration_svg(calibration_bins(np.empty((0, 3)), np.zeros(0, int)), "empty"))
