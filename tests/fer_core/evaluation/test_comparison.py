"""Two networks on the same pictures: by hand, against statsmodels, and why some cannot be compared."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar as of_table

from fer_core.evaluation.answers import SplitAnswers, read_answers
from fer_core.evaluation.comparison import (
    comparable,
    compare,
    confusion_difference,
    mcnemar,
    paired_difference,
)
from fer_core.evaluation.metrics import confusion_matrix
from fer_core.evaluation.report import SplitReport, read_report
from fer_core.labels import EXPRESSIONS, FER2013_LABELS
from fer_core.places import PROJECT_DIR
from fer_core.store.folder import read_network

TRUE = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 2])
FIRST = np.array([0, 0, 1, 1, 0, 2, 2, 2, 0, 1])  # wrong at 2, 4, 5, 8, 9
SECOND = np.array([0, 2, 1, 1, 2, 1, 2, 0, 0, 1])  # wrong at 1, 2, 4, 7, 8, 9


def report(predicted: np.ndarray, true: np.ndarray = TRUE, name: str = "PublicTest") -> SplitReport:
    """Of pictures whose rows begin at 100."""
    (wrong,) = np.nonzero(predicted != true)
    confusion = confusion_matrix(true, predicted, 3)
    return SplitReport(name, FER2013_LABELS[:3], confusion, wrong + 100, true[wrong], predicted[wrong])


def shipped(name: str, split: str) -> SplitReport:
    found = read_report(read_network(PROJECT_DIR / "models" / name))
    assert found is not None
    return found.splits[split]


def answered(name: str, split: str) -> SplitAnswers:
    found = read_answers(read_network(PROJECT_DIR / "models" / name))
    assert found is not None
    return found.splits[split]


def reason(first: SplitReport, second: SplitReport) -> str:
    assert str(comparable(second, first))
    return str(comparable(first, second))


def test_who_is_wrong_where_worked_out_by_hand() -> None:
    found = compare(report(FIRST), report(SECOND))
    overlap = found.overlap
    assert (overlap.n, overlap.both_right) == (10, 3)
    assert (overlap.only_first_wrong, overlap.only_second_wrong) == (1, 2)
    assert (overlap.both_wrong, overlap.same_wrong_answer) == (4, 3)  # they differ at 4
    assert overlap.expected_both_wrong == pytest.approx(10 * 5 / 10 * 6 / 10)
    assert (found.test.only_first, found.test.only_second) == (2, 1)
    assert found.difference.value == pytest.approx(5 / 10 - 4 / 10)


def test_a_few_pictures_are_tested_exactly_by_hand() -> None:
    test = mcnemar(1, 4)  # 2 * (1 + 5) / 2**5
    assert test.p_value == pytest.approx(12 / 32) and test.statistic is None
    assert mcnemar(3, 3).p_value == 1.0
    assert mcnemar(0, 0).p_value == 1.0


def test_many_pictures_are_tested_by_chi_squared_by_hand() -> None:
    test = mcnemar(20, 40)
    assert test.statistic == pytest.approx((20 - 1) ** 2 / 60)
    assert test.p_value == pytest.approx(math.erfc(math.sqrt(19**2 / 60 / 2)))


@pytest.mark.parametrize(("only_first", "only_second"), [(0, 24), (9, 15), (12, 13), (25, 0), (150, 190)])
def test_mcnemar_is_that_of_statsmodels(only_first: int, only_second: int) -> None:
    test = mcnemar(only_first, only_second)
    few = only_first + only_second < 25
    expected = of_table([[7, only_first], [only_second, 9]], exact=few, correction=True)
    assert (test.statistic is None) == few and test.p_value == pytest.approx(float(expected.pvalue))
    exact = binomtest(only_first, only_first + only_second).pvalue
    assert test.p_value == pytest.approx(exact, rel=1e-9, abs=0 if few else 0.005)


def test_the_interval_of_a_difference_covers_as_often_as_it_says() -> None:
    shares = (0.6, 0.12, 0.08, 0.2)  # both right, only the first, only the second, neither
    drawn = np.random.default_rng(4).multinomial(800, shares, 2000)
    found = [paired_difference(int(first), int(second), 800) for _, first, second, _ in drawn]
    assert np.mean([each.low <= 0.04 <= each.high for each in found]) == pytest.approx(0.95, abs=0.015)
    few = paired_difference(0, 0, 5)
    assert few.value == 0 and few.low < 0 < few.high
    assert math.isnan(paired_difference(0, 0, 0).value)


def test_matrices_are_subtracted_in_counts_and_in_shares_of_rows() -> None:
    found = confusion_difference(report(FIRST), report(SECOND))
    assert found.counts.tolist() == [[1, 0, -1], [1, -1, 0], [-1, 0, 1]]
    assert found.rates[2] == pytest.approx([-1 / 4, 0, 1 / 4])
    absent = report(np.array([0, 1]), np.array([0, 1]))
    assert np.isnan(confusion_difference(absent, absent).rates[2]).all()


def test_the_wrong_answers_tell_as_much_as_all_answers() -> None:
    first, second = (answered(name, "PrivateTest") for name in ("raut", "raut-compact"))
    found = compare(shipped("raut", "PrivateTest"), shipped("raut-compact", "PrivateTest"))
    assert found.test.only_first == (first.right & ~second.right).sum()
    assert found.test.only_second == (second.right & ~first.right).sum()
    same = ~first.right & (first.predicted == second.predicted)
    assert found.overlap.same_wrong_answer == same.sum()


def test_networks_whose_weights_do_not_ship_are_compared() -> None:
    tuned, small = (shipped(name, "PaperTest") for name in ("paper-small-tuned", "paper-small"))
    assert comparable(tuned, small) is None
    found = compare(tuned, small)
    assert found.overlap.n == 7099 and found.difference.value == pytest.approx(
        tuned.accuracy - small.accuracy
    )
    assert found.test.p_value < 0.001


def test_why_networks_cannot_be_compared_is_said_in_words() -> None:
    seven, eight = shipped("raut", "PrivateTest"), shipped("raut-plus", "PaperTest")
    assert "7 expressions and the other 8" in reason(seven, eight)
    assert "measured on PrivateTest and the other on PublicTest" in reason(
        seven, shipped("raut", "PublicTest")
    )
    folders = dataclasses.replace(seven, form="folders")
    assert "number the pictures of PrivateTest differently" in reason(seven, folders)
    assert seven.without_duplicates is not None
    assert "3589 and 3301" in reason(seven, seven.without_duplicates)
    turned = dataclasses.replace(seven, labels=EXPRESSIONS[1:])
    assert "different expressions" in reason(seven, turned)
    moved = TRUE.copy()
    moved[9] = 1
    assert "do not have the same pictures or labels" in reason(report(FIRST), report(FIRST, moved))
    swapped = TRUE.copy()
    swapped[[2, 4]] = 1, 0  # as many of each label, but other ones
    both_wrong = np.array([0, 0, 2, 1, 2, 1, 2, 2, 2, 2])
    assert "do not have the same pictures" in reason(report(both_wrong), report(both_wrong, swapped))


def test_row_numbers_decide_where_both_networks_have_their_answers() -> None:
    first, second = shipped("raut", "PrivateTest"), shipped("raut-compact", "PrivateTest")
    ours, theirs = answered("raut", "PrivateTest"), answered("raut-compact", "PrivateTest")
    assert comparable(first, second, (ours, theirs)) is None
    other = dataclasses.replace(theirs, rows=theirs.rows[::-1])
    assert "same pictures" in str(comparable(first, second, (ours, other)))
    assert comparable(first, second, (ours, None)) is None


def test_splits_of_other_pictures_are_refused() -> None:
    for function in (compare, confusion_difference):
        with pytest.raises(ValueError, match="same labels and pictures"):
            function(shipped("raut", "PrivateTest"), shipped("raut-plus", "PaperTest"))
