"""Figures of a confusion matrix and their intervals: by hand, against libraries, and how often they cover."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, precision_recall_fscore_support
from statsmodels.stats.proportion import proportion_confint

from fer_core.evaluation.figures import Estimate, Figures, figures_of, share_estimate, share_of_groups

# true a: 5 right, 1 as b, 2 as c; true b: 2 as a, 3 right, 1 as c; true c: 1 as b, 3 right
BY_HAND = np.array([[5, 1, 2], [2, 3, 1], [0, 1, 3]])
RARE = np.array([[480, 40, 30, 0], [50, 300, 20, 2], [40, 10, 160, 1], [6, 2, 3, 7]])
"""As uneven as FER+: the last class has 18 of 1,151 pictures."""


def means_of(figures: Figures) -> dict[str, Estimate]:
    return {
        field.name: getattr(figures, field.name)
        for field in dataclasses.fields(figures)
        if field.name != "classes"
    }


def test_figures_worked_out_by_hand() -> None:
    figures = figures_of(BY_HAND)
    a, b, c = figures.classes
    assert (a.n, a.tp, a.tn, a.fp, a.fn) == (8, 5, 8, 2, 3)
    assert (a.sensitivity.value, a.specificity.value, a.precision.value) == (5 / 8, 8 / 10, 5 / 7)
    assert a.f1.value == pytest.approx(2 * 5 / (2 * 5 + 2 + 3))
    assert (b.sensitivity.value, b.precision.value, c.precision.value) == (3 / 6, 3 / 5, 3 / 6)
    assert figures.accuracy.value == 11 / 18
    assert figures.balanced_accuracy.value == pytest.approx((5 / 8 + 3 / 6 + 3 / 4) / 3)
    assert figures.macro_precision.value == pytest.approx((5 / 7 + 3 / 5 + 3 / 6) / 3)
    assert figures.macro_f1.value == pytest.approx((10 / 15 + 6 / 11 + 6 / 10) / 3)
    assert (a.sensitivity.n, a.specificity.n, a.precision.n, a.f1.n) == (8, 10, 7, 10)
    assert {estimate.n for estimate in means_of(figures).values()} == {18}


@pytest.mark.parametrize("matrix", [BY_HAND, RARE])
def test_figures_are_those_of_scikit_learn(matrix: np.ndarray) -> None:
    true, answers = (np.repeat(places.ravel(), matrix.ravel()) for places in np.indices(matrix.shape))
    figures = figures_of(matrix)
    precision, recall, f1, support = precision_recall_fscore_support(true, answers)
    for one, *expected in zip(figures.classes, precision, recall, f1, support, strict=True):
        assert [one.precision.value, one.sensitivity.value, one.f1.value, one.n] == pytest.approx(expected)
    assert figures.balanced_accuracy.value == pytest.approx(balanced_accuracy_score(true, answers))
    macro = precision_recall_fscore_support(true, answers, average="macro")[:3]
    found = (figures.macro_precision, figures.balanced_accuracy, figures.macro_f1)
    assert [estimate.value for estimate in found] == pytest.approx(macro)


@pytest.mark.parametrize("level", [0.5, 0.95])
@pytest.mark.parametrize(("part", "whole"), [(0, 51), (5, 16), (16, 16), (2578, 3589)])
def test_the_interval_of_a_share_is_wilsons(part: int, whole: int, level: float) -> None:
    expected = proportion_confint(part, whole, alpha=1 - level, method="wilson")
    assert share_estimate(part, whole, level).ends == pytest.approx(expected, abs=1e-12)


def test_a_share_of_0_or_1_has_an_interval_that_begins_there_and_has_a_width() -> None:
    nothing, everything = share_estimate(0, 51), share_estimate(51, 51)
    assert nothing.low == nothing.value == 0.0 and nothing.high > 0.05
    assert everything.high == everything.value == 1.0 and everything.low < 0.95


def test_a_mean_of_independent_shares_has_the_interval_of_zou_and_donner() -> None:
    figures = figures_of(BY_HAND)
    shares = [one.sensitivity for one in figures.classes]
    down = math.sqrt(sum((share.value - share.low) ** 2 for share in shares)) / 3
    up = math.sqrt(sum((share.high - share.value) ** 2 for share in shares)) / 3
    mean = figures.balanced_accuracy
    assert mean.ends == pytest.approx((mean.value - down, mean.value + up))


def test_what_cannot_be_divided_is_nan_and_never_0() -> None:
    """The last class occurs and is never answered; the one before occurs nowhere, and is answered once."""
    figures = figures_of(np.array([[5, 1, 0], [0, 0, 0], [2, 0, 0]]))
    never_there, never_answered = figures.classes[1:]
    assert math.isnan(never_there.sensitivity.value) and never_there.precision.value == 0.0
    assert math.isnan(never_answered.precision.value) and never_answered.f1.value == 0.0
    assert never_answered.f1.high > 0.3, "2 pictures say little"
    for estimate in (figures.balanced_accuracy, figures.macro_precision):
        assert np.isnan([estimate.value, *estimate.ends]).all() and not estimate.is_defined
    assert figures.macro_f1.is_defined


def test_no_picture_at_all_has_no_figure() -> None:
    figures = figures_of(np.zeros((2, 2), int))
    assert not any(estimate.is_defined for estimate in means_of(figures).values())
    assert not any(one.f1.is_defined or one.specificity.is_defined for one in figures.classes)


def test_everything_right_is_1_with_an_interval_below_it() -> None:
    figures = figures_of(np.diag([40, 30]))
    for estimate in means_of(figures).values():
        assert estimate.value == estimate.high == 1.0 and 0.9 < estimate.low < 1.0


def test_a_higher_level_gives_a_wider_interval() -> None:
    narrow, wide = (figures_of(RARE, level=level) for level in (0.5, 0.99))
    for name, estimate in means_of(narrow).items():
        other = getattr(wide, name)
        assert other.low < estimate.low < estimate.value < estimate.high < other.high


def test_intervals_hold_the_true_figure_about_95_times_in_100() -> None:
    """Simulated: pictures drawn from a population whose figures are known. Deviation of chance: 0.6 points."""
    population = RARE / RARE.sum()
    true = figures_of(RARE)
    drawn = np.random.default_rng(3).multinomial(RARE.sum(), population.ravel(), size=1500)
    held: dict[str, list[bool]] = {}
    for counts in drawn:
        found = figures_of(counts.reshape(RARE.shape))
        pairs = {name: (estimate, getattr(true, name)) for name, estimate in means_of(found).items()}
        for place, (one, known) in enumerate(zip(found.classes, true.classes, strict=True)):
            pairs |= {
                f"{name} {place}": (getattr(one, name), getattr(known, name))
                for name in ("sensitivity", "specificity", "precision", "f1")
            }
        for name, (estimate, known) in pairs.items():
            held.setdefault(name, []).append(estimate.low <= known.value <= estimate.high)
    shares = {name: np.mean(values) for name, values in held.items()}
    assert len(shares) == 20
    assert all(0.93 <= share <= 0.985 for share in shares.values()), shares


def test_f1_scores_of_classes_move_together_and_widen_the_interval_of_their_mean() -> None:
    many = 200 * BY_HAND
    drawn = np.random.default_rng(4).multinomial(many.sum(), (many / many.sum()).ravel(), size=2000)
    means = [figures_of(counts.reshape(many.shape)).macro_f1.value for counts in drawn]
    low, high = figures_of(many).macro_f1.ends
    assert (high - low) / 2 == pytest.approx(1.96 * np.std(means), rel=0.05)


def test_an_interval_over_groups_counts_each_group_once() -> None:
    right = np.array([True] * 30 + [False] * 10)
    bursts = np.repeat([5, 6, 7, 8], 10)
    estimate = share_of_groups(right, bursts)
    assert estimate.value == 0.75 and estimate.n == 4
    assert estimate.ends == share_estimate(3, 4).ends
    single = share_of_groups(right, np.arange(40))
    assert single.n == 40 and single.ends == pytest.approx(share_estimate(30, 40).ends)
    assert not share_of_groups(np.zeros(0, bool), np.zeros(0, int)).is_defined
    with pytest.raises(ValueError, match="Received"):
        share_of_groups(right, bursts[:-1])
