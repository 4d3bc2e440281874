"""Calibration before and after the temperature, and accuracy against confidence."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, log_loss

from fer_core.evaluation.answers import SplitAnswers, read_answers
from fer_core.evaluation.calibration import calibration_of, temperature_effect
from fer_core.evaluation.report import read_report
from fer_core.evaluation.selective import risk_coverage
from fer_core.labels import FER2013_LABELS
from fer_core.places import PROJECT_DIR
from fer_core.store.folder import read_network

ROWS = np.array([40, 41, 42, 43, 44])
TRUE = np.array([0, 1, 0, 2, 1])
SHARES = np.array(
    [[0.9, 0.05, 0.05], [0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.1, 0.3, 0.6], [0.3, 0.3, 0.4]], np.float32
)
"""Right, wrong, right, right, wrong."""
BY_HAND = SplitAnswers("PublicTest", FER2013_LABELS[:3], ROWS, TRUE, SHARES)
NOTHING = SplitAnswers("PublicTest", FER2013_LABELS[:3], ROWS[:0], TRUE[:0], SHARES[:0], temperature=2.0)


def shipped(name: str, split: str) -> SplitAnswers:
    found = read_answers(read_network(PROJECT_DIR / "models" / name))
    assert found is not None
    return found.splits[split]


def test_losses_worked_out_by_hand_and_by_scikit_learn() -> None:
    found = calibration_of(SHARES, TRUE)
    assert found.log_loss == pytest.approx(-np.mean(np.log([0.9, 0.1, 0.6, 0.6, 0.3])))
    assert found.confidence == pytest.approx((0.9 + 0.8 + 0.6 + 0.6 + 0.4) / 5)
    first = 0.1**2 + 0.05**2 + 0.05**2
    assert calibration_of(SHARES[:1], TRUE[:1]).brier == pytest.approx(first)
    part = shipped("raut", "PrivateTest")
    rows = part.probabilities.astype(float) / part.probabilities.sum(axis=1, keepdims=True, dtype=float)
    real = calibration_of(part.probabilities, part.true)
    assert real.log_loss == pytest.approx(log_loss(part.true, rows, labels=range(7)), rel=1e-5)
    assert real.brier == pytest.approx(
        brier_score_loss(part.true, rows, labels=range(7), scale_by_half=False), rel=1e-5
    )


@pytest.mark.parametrize("name", ["raut", "mobilenet"])
def test_a_temperature_lowers_the_loss_that_it_was_fitted_to_and_changes_no_answer(name: str) -> None:
    part = shipped(name, "PublicTest")
    effect = temperature_effect(part)
    assert effect.temperature == part.temperature != 1
    assert effect.after.log_loss < effect.before.log_loss
    assert effect.after.error < effect.before.error
    # Above 1 the network becomes less sure, below 1 surer.
    assert (effect.after.confidence < effect.before.confidence) == (effect.temperature > 1)
    assert (part.uncalibrated().argmax(axis=1) == part.predicted).all()
    assert temperature_effect(part) is effect


def test_after_the_temperature_stands_what_the_evaluation_has() -> None:
    network = read_network(PROJECT_DIR / "models" / "raut")
    report = read_report(network)
    assert report is not None
    stored = report.splits["PrivateTest"].certainty["calibration"]
    after = temperature_effect(shipped("raut", "PrivateTest")).after
    assert after.error == pytest.approx(stored["ece"], abs=2e-4)
    assert np.abs(np.subtract(after.bins["count"], stored["bins"]["count"])).sum() <= 4


def test_without_a_temperature_nothing_differs() -> None:
    effect = temperature_effect(BY_HAND)
    assert effect.temperature == 1 and effect.before is effect.after


def test_accuracy_among_the_most_confident_worked_out_by_hand() -> None:
    curve = risk_coverage(BY_HAND)
    assert curve.answered.tolist() == [1, 2, 4, 5]  # two are equally confident
    assert curve.coverage == pytest.approx([0.2, 0.4, 0.8, 1])
    assert curve.accuracy == pytest.approx([1, 1 / 2, 3 / 4, 3 / 5])
    assert curve.limit == pytest.approx([0.9, 0.8, 0.6, 0.4])


def test_a_point_of_the_curve_is_found_by_share_and_by_limit() -> None:
    curve = risk_coverage(BY_HAND)
    half = curve.at(0.5)
    assert (half.answered, half.coverage, half.accuracy.value) == (4, 0.8, 3 / 4)
    assert curve.at(0.4).answered == 2 and curve.at(0).answered == 1 and curve.at(1).answered == 5
    sure = curve.from_limit(0.7)
    assert sure is not None and (sure.answered, sure.limit) == (2, pytest.approx(0.8))
    assert curve.from_limit(0.95) is None
    assert [point.answered for point in curve.table()] == [1, 2, 4, 5]
    with pytest.raises(ValueError, match="0 to 1"):
        curve.at(1.1)


def test_at_the_end_of_the_curve_stands_the_accuracy() -> None:
    part = shipped("raut", "PrivateTest")
    curve = risk_coverage(part)
    assert curve.at(1).accuracy.value == pytest.approx(part.right.mean())
    assert [round(point.coverage, 2) for point in curve.table()] == pytest.approx(
        np.arange(1, 11) / 10, abs=0.02
    )
    assert curve.at(0.1).accuracy.value > 0.95 > curve.at(1).accuracy.value


def test_without_a_picture_everything_is_undefined() -> None:
    effect = temperature_effect(NOTHING)
    assert math.isnan(effect.before.error) and math.isnan(effect.after.log_loss)
    curve = risk_coverage(NOTHING)
    assert curve.table() == () and curve.from_limit(0) is None
