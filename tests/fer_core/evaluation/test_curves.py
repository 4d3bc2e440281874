"""Curves and areas: by hand, against scikit-learn, and their intervals against the bootstrap."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from fer_core.evaluation.answers import SplitAnswers, read_answers
from fer_core.evaluation.curves import POINTS, curves_of, thinned
from fer_core.places import PROJECT_DIR
from fer_core.store.folder import read_network


def answers(probabilities: list[list[float]] | np.ndarray, true: list[int] | np.ndarray) -> SplitAnswers:
    shares = np.asarray(probabilities, np.float32)
    labels = ("angry", "disgust", "fear", "happy")[: shares.shape[1]]
    return SplitAnswers("PrivateTest", labels, np.arange(len(shares)), np.asarray(true), shares)


@cache
def measured() -> SplitAnswers:
    """A real network's answers to pictures of which disgust and contempt are rare."""
    found = read_answers(read_network(PROJECT_DIR / "models" / "paper-small"))
    assert found is not None
    return found.splits["PaperTest"]


def drawn(seed: int, n: int = 150) -> SplitAnswers:
    """Answers to as many pictures of three classes that overlap."""
    rng = np.random.default_rng(seed)
    true = rng.choice(3, n, p=[0.6, 0.3, 0.1])
    scores = rng.normal(0, 1, (n, 3)) + 1.5 * np.eye(3)[true]
    powers = np.exp(scores)
    return answers(powers / powers.sum(axis=1, keepdims=True), true)


BY_HAND = answers([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4], [0.6, 0.4], [0.2, 0.8]], [0, 1, 0, 1, 1])
"""Probabilities of angry: 0.9 and 0.6 for angry pictures, 0.8, 0.6 and 0.2 for others."""


def test_curves_worked_out_by_hand() -> None:
    angry = curves_of(BY_HAND).classes[0]
    assert (angry.label, angry.n, angry.others, angry.chance_precision) == ("angry", 2, 3, 2 / 5)
    assert angry.roc == pytest.approx(
        np.array(
            [[0, 0, math.inf], [0, 1 / 2, 0.9], [1 / 3, 1 / 2, 0.8], [2 / 3, 1, 0.6], [1, 1, 0.2]],
        )
    )
    # Of six pairs the angry picture is above in 3 (0.9) and 1 (0.6 over 0.2), equal in one: 4.5.
    assert angry.area.value == pytest.approx(4.5 / 6)
    # At 0.9: precision 1 of 1, recall 1/2. At 0.6: precision 2 of 4, recall 1.
    assert angry.average_precision.value == pytest.approx(1 / 2 * 1 + 1 / 2 * 2 / 4)
    assert angry.precision_recall[0] == pytest.approx([0, 1, math.inf])
    assert angry.precision_recall[-1, :2] == pytest.approx([1, 2 / 5])
    assert {(0.5, 1.0), (1.0, 0.5)} <= {tuple(point[:2]) for point in angry.precision_recall}


def test_delong_s_variance_worked_out_by_hand() -> None:
    # Two of a kind each: shares 1 and 1/2 of the others below (variance 1/8), of those above 1/2 and 1 (1/8).
    angry = curves_of(answers([[0.9, 0.1], [0.5, 0.5], [0.7, 0.3], [0.1, 0.9]], [0, 0, 1, 1])).classes[0]
    assert angry.area.value == pytest.approx(3 / 4)
    half = 1.959964 * math.sqrt(1 / 8 / 2 + 1 / 8 / 2) / (3 / 4 * 1 / 4)
    assert angry.area.ends == pytest.approx(
        [1 / (1 + math.exp(-math.log(3) - way * half)) for way in (-1, 1)], rel=1e-6
    )


def test_areas_are_those_of_scikit_learn() -> None:
    part = measured()
    curves = curves_of(part)
    for place, each in enumerate(curves.classes):
        scores, positive = part.probabilities[:, place], part.true == place
        assert each.area.value == pytest.approx(roc_auc_score(positive, scores))
        assert each.average_precision.value == pytest.approx(average_precision_score(positive, scores))
    rows = part.probabilities.astype(float)
    rows /= rows.sum(axis=1, keepdims=True)
    assert curves.macro_area.value == pytest.approx(
        roc_auc_score(part.true, rows, multi_class="ovr"), abs=1e-7
    )
    assert curves.macro_average_precision.value == pytest.approx(
        np.mean([each.average_precision.value for each in curves.classes])
    )


def test_intervals_are_as_wide_as_the_bootstrap_s() -> None:
    part = drawn(3, 400)
    curves = curves_of(part)
    rng = np.random.default_rng(1)
    areas, precisions = np.empty((2, 150, 3))
    for turn in range(150):
        rows = rng.integers(0, part.n, part.n)
        for place in range(3):
            positive, scores = part.true[rows] == place, part.probabilities[rows, place]
            areas[turn, place] = roc_auc_score(positive, scores)
            precisions[turn, place] = average_precision_score(positive, scores)
    found = [(each.area, each.average_precision) for each in curves.classes]
    found.append((curves.macro_area, curves.macro_average_precision))
    for estimates, values in zip(zip(*found, strict=True), (areas, precisions), strict=True):
        for estimate, those in zip(estimates, (*values.T, values.mean(axis=1)), strict=True):
            assert estimate.high - estimate.low == pytest.approx(2 * 1.96 * those.std(), rel=0.25)


def test_intervals_cover_as_often_as_they_say() -> None:
    whole = curves_of(drawn(0, 40_000))
    truth = [(each.area.value, each.average_precision.value) for each in whole.classes]
    within = np.zeros((100, 3, 2))
    for turn in range(100):
        for place, each in enumerate(curves_of(drawn(turn + 1, 300)).classes):
            for which, estimate in enumerate((each.area, each.average_precision)):
                within[turn, place, which] = estimate.low <= truth[place][which] <= estimate.high
    assert (within.mean(axis=0) > 0.87).all() and within.mean() == pytest.approx(0.95, abs=0.03)


def test_a_class_without_a_curve_is_undefined_and_so_is_the_mean() -> None:
    curves = curves_of(answers([[0.5, 0.3, 0.2], [0.3, 0.5, 0.2]], [0, 1]))
    absent = curves.classes[2]
    assert (absent.n, absent.others, len(absent.roc), len(absent.precision_recall)) == (0, 2, 0, 0)
    assert math.isnan(absent.area.value) and math.isnan(curves.macro_area.value)
    assert math.isnan(curves.macro_average_precision.low)
    nothing = curves_of(answers(np.empty((0, 2)), np.empty(0, int)))
    assert math.isnan(nothing.macro_area.value) and math.isnan(nothing.classes[0].chance_precision)


def test_a_perfect_area_has_no_interval() -> None:
    angry = curves_of(answers([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.2, 0.8]], [0, 0, 1, 1])).classes[0]
    for estimate in (angry.area, angry.average_precision):
        assert estimate.value == 1 and math.isnan(estimate.low) and math.isnan(estimate.high)


def test_a_drawn_curve_has_few_points_that_lie_close_to_the_others() -> None:
    for each in curves_of(measured()).classes:
        for curve in (each.roc, each.precision_recall):
            few = thinned(curve)
            assert len(few) <= POINTS
            assert few[0].tolist() == curve[0].tolist() and few[-1].tolist() == curve[-1].tolist()
            assert {tuple(point) for point in few} <= {tuple(point) for point in curve}
        few = thinned(each.roc)
        apart = np.abs(each.roc[:, None, :2] - few[None, :, :2]).sum(
            axis=2
        )  # of each point from each that is kept
        assert apart.min(axis=1).max() <= 2 / (POINTS - 1)
    assert thinned(each.roc, len(each.roc)) is each.roc


def test_the_same_answers_are_worked_out_once() -> None:
    assert curves_of(measured()) is curves_of(measured())
