"""The pictures that one of two networks, or both, answer wrongly: one by one, and against what chance would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fer_core.evaluation.report import SplitReport


@dataclass(frozen=True, eq=False)
class PairErrors:
    """Pictures that at least one of two networks answers wrongly; arrays have one entry for each, E of them.

    Attributes:
        labels: C codes.
        rows: int64, row numbers of `fer2013.csv` from 0, ascending.
        true: int64, positions of the true labels in `labels`.
        first, second: int64, positions of the answers of each network.
    """

    labels: tuple[str, ...]
    rows: np.ndarray
    true: np.ndarray
    first: np.ndarray
    second: np.ndarray

    @property
    def only_first(self) -> np.ndarray:
        """bool (E,): the first network alone is right."""
        return np.asarray(self.first == self.true)

    @property
    def only_second(self) -> np.ndarray:
        """bool (E,): the second network alone is right."""
        return np.asarray(self.second == self.true)

    @property
    def same_answer(self) -> np.ndarray:
        """bool (E,): both are wrong with the same answer."""
        return np.asarray(self.first == self.second)

    @property
    def other_answers(self) -> np.ndarray:
        """bool (E,): both are wrong, with different answers."""
        return ~(self.only_first | self.only_second | self.same_answer)


def errors_of_either(first: SplitReport, second: SplitReport) -> PairErrors:
    """Those of two networks on the same pictures; the one that is right gives the true label.

    Args:
        first, second: for which `fer_core.evaluation.comparison.comparable` has no reason against it.

    Raises:
        ValueError: the splits have different labels or numbers of pictures.
    """
    if first.labels != second.labels or first.n != second.n:
        raise ValueError(
            f"Expected splits with the same labels and pictures. Received: {first.labels}, {first.n} pictures and "
            f"{second.labels}, {second.n} pictures"
        )
    rows = np.union1d(first.misclassified, second.misclassified)
    true = np.empty(len(rows), np.int64)
    for part in (first, second):
        true[np.searchsorted(rows, part.misclassified)] = part.true
    answers = []
    for part in (first, second):
        answer = true.copy()
        answer[np.searchsorted(rows, part.misclassified)] = part.predicted
        answers.append(answer)
    return PairErrors(first.labels, rows, true, *answers)


def expected_same_answer(first: SplitReport, second: SplitReport) -> float:
    """How many pictures both networks would answer wrongly with the same answer, were their wrong answers independent.

    Of the pictures that both answer wrongly, each network is taken to give every wrong answer as often as it gives it
    among all of its wrong answers to pictures with that label, without regard to the answer of the other one.

    Args:
        first, second: as for `errors_of_either`.

    Returns:
        0 where both are never wrong on one picture.
    """
    errors = errors_of_either(first, second)
    both = errors.true[errors.same_answer | errors.other_answers]
    counts = np.bincount(both, minlength=len(first.labels))
    shares = []
    for part in (first, second):
        wrong = part.confusion.astype(np.float64)
        np.fill_diagonal(wrong, 0.0)
        totals = wrong.sum(axis=1, keepdims=True)
        shares.append(np.divide(wrong, totals, out=np.zeros_like(wrong), where=totals > 0))
    return float((counts * (shares[0] * shares[1]).sum(axis=1)).sum())
