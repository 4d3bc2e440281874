"""Errors that two networks share, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.evaluation.metrics import confusion_matrix
from fer_core.evaluation.report import SplitReport, read_report
from fer_core.evaluation.shared_errors import errors_of_either, expected_same_answer
from fer_core.store.folder import find_network

LABELS = ("angry", "fear", "sad")
TRUE = np.array([0, 0, 0, 0, 1, 1, 2, 2])


def part(answers: list[int]) -> SplitReport:
    """Of the rows 100 to 107, with these answers."""
    predicted = np.array(answers)
    wrong = np.flatnonzero(predicted != TRUE)
    confusion = confusion_matrix(TRUE, predicted, 3)
    return SplitReport("PrivateTest", LABELS, confusion, 100 + wrong, TRUE[wrong], predicted[wrong])


FIRST = part([0, 1, 1, 2, 1, 0, 2, 2])
SECOND = part([1, 0, 1, 1, 1, 0, 1, 2])


def test_each_picture_is_told_by_who_is_right() -> None:
    errors = errors_of_either(FIRST, SECOND)
    assert errors.rows.tolist() == [100, 101, 102, 103, 105, 106]
    assert errors.true.tolist() == [0, 0, 0, 0, 1, 2]
    assert errors.first.tolist() == [0, 1, 1, 2, 0, 2]
    assert errors.second.tolist() == [1, 0, 1, 1, 0, 1]
    assert errors.rows[errors.only_first].tolist() == [100, 106]
    assert errors.rows[errors.only_second].tolist() == [101]
    assert errors.rows[errors.same_answer].tolist() == [102, 105]
    assert errors.rows[errors.other_answers].tolist() == [103]


def test_the_same_answer_by_chance() -> None:
    # "angry": the first answers fear twice and sad once, the second fear three times; both are wrong on two pictures:
    # 2 * (2/3 * 1 + 1/3 * 0). "fear": both answer angry, on one picture: 1. "sad": never both.
    assert expected_same_answer(FIRST, SECOND) == pytest.approx(4 / 3 + 1)
    right = part(TRUE.tolist())
    assert expected_same_answer(FIRST, right) == 0
    assert len(errors_of_either(right, right).rows) == 0


def test_other_pictures_are_refused() -> None:
    two = SplitReport("PrivateTest", LABELS[:2], np.zeros((2, 2), np.int64), *[np.empty(0, np.int64)] * 3)
    with pytest.raises(ValueError, match="same labels and pictures"):
        errors_of_either(FIRST, two)


def test_networks_that_ship_share_more_errors_than_chance_would_give() -> None:
    reports = [read_report(find_network(name)) for name in ("raut", "raut-compact")]
    first, second = (report.splits["PrivateTest"] for report in reports if report)
    errors = errors_of_either(first, second)
    assert errors.only_first.sum() - errors.only_second.sum() == np.trace(first.confusion - second.confusion)
    assert errors.same_answer.sum() > expected_same_answer(first, second)
