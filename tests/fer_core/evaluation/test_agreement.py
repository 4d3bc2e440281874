"""Kappas against worked examples that were published, and what is undefined."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from fer_core.evaluation.agreement import agreement, fleiss_interval, fleiss_kappa

LETTERS = "abcdef"


def pairs(table: list[list[int]]) -> tuple[list[str], list[str], str]:
    """Two raters whose confusion matrix is that table."""
    cells = [
        (LETTERS[r], LETTERS[c]) for r, row in enumerate(table) for c, n in enumerate(row) for _ in range(n)
    ]
    return [first for first, _ in cells], [second for _, second in cells], LETTERS[: len(table)]


def test_cohens_kappa_is_that_of_the_textbook() -> None:
    """Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, table 18.1: two raters,
    three diagnoses, 100 patients; kappa 0.68, standard error 0.087 (worked out by hand there; exactly 0.0877)."""
    first, second, labels = pairs([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    found = agreement(first, second, labels)
    assert (found.n, found.share) == (100, 0.89)
    assert found.kappa == pytest.approx(0.68, abs=0.005)
    low, high = found.interval
    assert (high - low) / (2 * 1.96) == pytest.approx(0.087, abs=0.001)


def test_cohens_kappa_is_that_of_scikit_learn_also_with_labels_that_nobody_gave() -> None:
    rng = np.random.default_rng(5)
    first, second = (rng.choice(list("abc"), 200).tolist() for _ in range(2))
    second = [a if keep else b for a, b, keep in zip(first, second, rng.random(200) < 0.5, strict=True)]
    found = agreement(first, second, LETTERS)
    assert found.kappa == pytest.approx(cohen_kappa_score(first, second))
    assert found.interval[0] < found.kappa < found.interval[1]
    assert found.confusion.shape == (6, 6) and found.confusion.sum() == 200


def test_fleiss_kappa_is_that_of_fleiss() -> None:
    """Fleiss (1971), Psychological Bulletin 76, 378-382: 30 patients, 6 psychiatrists, 5 diagnoses; 0.430."""
    rows = """00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
              00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"""
    counts = [[int(digit) for digit in row] for row in rows.split()]
    assert np.sum(counts, axis=0).tolist() == [26, 26, 30, 55, 43]
    ratings = [[LETTERS[c] for c, n in enumerate(row) for _ in range(n)] for row in counts]
    assert fleiss_kappa(ratings) == pytest.approx(0.430, abs=0.0005)


def test_fleiss_kappa_is_that_of_a_second_worked_example() -> None:
    """The example of the article "Fleiss' kappa" of Wikipedia: 14 raters, 10 subjects, 5 categories; 0.210."""
    counts = [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
              [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]  # fmt: skip
    ratings = [[LETTERS[c] for c, n in enumerate(row) for _ in range(n)] for row in counts]
    assert fleiss_kappa(ratings) == pytest.approx(0.210, abs=0.0005)


@pytest.mark.parametrize(("first", "second"), [("", ""), ("aaa", "aaa")], ids=["nothing", "one label only"])
def test_kappa_is_nan_where_chance_agrees_on_everything_or_there_is_nothing(first: str, second: str) -> None:
    found = agreement(first, second, LETTERS)
    assert math.isnan(found.kappa) and all(map(math.isnan, found.interval))
    assert math.isnan(found.share) if not first else found.share == 1.0


def test_kappa_is_zero_where_one_rater_gives_one_label_only_and_no_interval_feigns_certainty() -> None:
    found = agreement("aaaa", "aabb", "ab")
    assert found.kappa == 0.0 and found.tells_nothing
    assert all(map(math.isnan, found.interval))


def test_full_agreement_has_a_kappa_and_no_interval_of_no_width() -> None:
    found = agreement("aabb", "aabb", "ab")
    assert found.kappa == 1.0 and not found.tells_nothing
    assert all(map(math.isnan, found.interval))


@pytest.mark.parametrize("ratings", [[], [["a"], ["b"]], [["a", "a"], ["a", "a"]]])
def test_fleiss_kappa_is_nan_without_things_with_one_rater_or_with_one_label(
    ratings: list[list[str]],
) -> None:
    assert math.isnan(fleiss_kappa(ratings))


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(ValueError, match="same number|as many"):
        fleiss_kappa([["a", "b"], ["a"]])
    with pytest.raises(ValueError, match="'z'"):
        agreement("az", "ab", "ab")
    with pytest.raises(ValueError, match="one length"):
        agreement("ab", "a", "ab")


def test_the_bootstrap_interval_of_fleiss_kappa_holds_it_narrows_with_more_things_and_is_fixed_by_its_seed() -> (
    None
):
    rng = np.random.default_rng(7)
    truth = rng.choice(list("abc"), 400)
    ratings = [
        [true if rng.random() < 0.7 else str(rng.choice(list("abc"))) for _ in range(3)] for true in truth
    ]
    few, many = ratings[:40], ratings
    for rated in (few, many):
        low, high = fleiss_interval(rated)
        assert low < fleiss_kappa(rated) < high
        assert (low, high) == fleiss_interval(rated)
    widths = [high - low for low, high in map(fleiss_interval, (few, many))]
    assert widths[1] < 0.5 * widths[0]
    # The kappa of each draw is that of `fleiss_kappa` for the drawn things.
    drawn = np.random.default_rng(0)
    kappas = [fleiss_kappa([few[place] for place in drawn.integers(0, 40, 40)]) for _ in range(60)]
    assert fleiss_interval(few, draws=60) == pytest.approx(np.quantile(kappas, [0.025, 0.975]))


@pytest.mark.parametrize("ratings", [[], [["a", "a"], ["b", "b"]], [["a", "b"]], [["a"], ["b"]]])
def test_fleiss_kappa_has_no_interval_where_every_draw_says_the_same(ratings: list[list[str]]) -> None:
    assert all(map(math.isnan, fleiss_interval(ratings)))
