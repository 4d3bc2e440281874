"""Unbiased hit rates: by hand, on edges, and how often their intervals cover."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fer_core.evaluation.figures import share_estimate
from fer_core.evaluation.hit_rates import unbiased_hit_rates

# true a: 5 right, 1 as b, 2 as c; true b: 2 as a, 3 right, 1 as c; true c: 1 as b, 3 right
BY_HAND = np.array([[5, 1, 2], [2, 3, 1], [0, 1, 3]])


def test_hit_rates_and_chance_worked_out_by_hand() -> None:
    a, b, c = unbiased_hit_rates(BY_HAND)
    assert a.rate.value == pytest.approx(5 * 5 / (8 * 7)) and a.chance == pytest.approx(8 / 18 * 7 / 18)
    assert b.rate.value == pytest.approx(3 * 3 / (6 * 5)) and b.chance == pytest.approx(6 / 18 * 5 / 18)
    assert c.rate.value == pytest.approx(3 * 3 / (4 * 6)) and c.chance == pytest.approx(4 / 18 * 6 / 18)
    assert (a.rate.n, b.rate.n, c.rate.n) == (8, 6, 4)


def test_an_interval_worked_out_by_hand() -> None:
    rate = unbiased_hit_rates(BY_HAND)[0].rate
    variance = 5 * (2 / 5 - 1 / 8 - 1 / 7) ** 2 + 3 / 8**2 + 2 / 7**2
    logit, half = math.log(25 / 31), 1.959964 * math.sqrt(variance) / (31 / 56)
    assert rate.ends == pytest.approx([1 / (1 + math.exp(-logit - way * half)) for way in (-1, 1)], rel=1e-6)


def test_who_always_gives_one_answer_gains_nothing() -> None:
    always, never = unbiased_hit_rates(np.array([[25, 0], [75, 0]]))
    assert always.rate.value == pytest.approx(0.25) == always.chance
    assert always.rate.low < always.chance < always.rate.high
    assert math.isnan(never.rate.value) and never.chance == 0


def test_the_chance_level_is_what_random_answers_get() -> None:
    rng = np.random.default_rng(2)
    shares = np.outer([0.7, 0.3], [0.4, 0.6])  # of labels and of answers that know nothing of them
    rates = [
        [each.rate.value for each in unbiased_hit_rates(rng.multinomial(2000, shares.ravel()).reshape(2, 2))]
        for _ in range(300)
    ]
    assert np.mean(rates, axis=0) == pytest.approx(shares.diagonal(), abs=0.003)


def test_of_no_hit_and_of_nothing_but_hits_the_interval_still_has_a_width() -> None:
    none, _other = unbiased_hit_rates(np.array([[0, 20], [10, 70]]))
    assert none.rate.value == none.rate.low == 0
    assert none.rate.high == pytest.approx(share_estimate(0, 20).high * share_estimate(0, 10).high)
    perfect, _other = unbiased_hit_rates(np.array([[20, 0], [0, 80]]))
    assert perfect.rate.value == perfect.rate.high == 1
    assert perfect.rate.low == pytest.approx(share_estimate(20, 20).low ** 2)


def test_a_class_without_pictures_and_a_matrix_without_any_are_undefined() -> None:
    absent, _present = unbiased_hit_rates(np.array([[0, 0], [3, 5]]))
    assert math.isnan(absent.rate.value) and math.isnan(absent.rate.low) and absent.chance == 0
    (empty,) = unbiased_hit_rates(np.zeros((1, 1), int))
    assert math.isnan(empty.chance)


@pytest.mark.parametrize("cells", [(0.012, 0.003, 0.004), (0.08, 0.055, 0.06), (0.22, 0.02, 0.025)])
def test_intervals_cover_as_often_as_they_say(cells: tuple[float, float, float]) -> None:
    tp, fp, fn = cells
    truth = tp**2 / ((tp + fn) * (tp + fp))
    drawn = np.random.default_rng(1).multinomial(3589, [tp, fn, fp, 1 - sum(cells)], 1000)
    rates = [unbiased_hit_rates(each.reshape(2, 2))[0].rate for each in drawn]
    assert 0.93 < np.mean([rate.low <= truth <= rate.high for rate in rates]) < 0.97
