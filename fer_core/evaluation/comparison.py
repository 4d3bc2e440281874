"""Two networks on the same pictures: whether they can be compared, who is right where, and whether that is chance.

All of it follows from the wrong answers and the matrix of each network in `evaluation.json`, so that networks whose
weights do not ship can be compared as well.

- McNemar's test (1947), doi:10.1007/BF02295996, as statsmodels has it: the binomial test where fewer than 25 pictures
  were answered rightly by one network alone, else chi squared with Edwards' correction.
- The interval of the difference of both accuracies is that of Bonett and Price (2012), doi:10.3102/1076998611411915,
  for pairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from fer_core.errors import N_, NetworkError
from fer_core.evaluation.answers import SplitAnswers
from fer_core.evaluation.figures import LEVEL
from fer_core.evaluation.metrics import row_rates
from fer_core.evaluation.report import SplitReport

EXACT_BELOW = 25
"""With fewer pictures that one network alone answered rightly, the p-value is exact."""


@dataclass(frozen=True)
class McNemar:
    """McNemar's test.

    Attributes:
        only_first: pictures that the first network alone answered rightly.
        only_second: pictures that the second alone answered rightly.
        statistic: chi squared with one degree of freedom; None where the test is exact.
        p_value: probability of a split at least as uneven, were both networks equally good; 1 without such a picture.
    """

    only_first: int
    only_second: int
    statistic: float | None
    p_value: float


@dataclass(frozen=True)
class Difference:
    """How much more often the first of two networks is right, on the same pictures.

    Attributes:
        value: accuracy of the first minus that of the second, -1 to 1; NaN without a picture.
        low, high: ends of its interval.
        n: number of pictures.
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Overlap:
    """Which pictures two networks answer wrongly.

    Attributes:
        n: number of pictures.
        both_right: that neither answers wrongly.
        only_first_wrong, only_second_wrong: that one of them answers wrongly.
        both_wrong: that both do.
        same_wrong_answer: of those, with the same answer.
        expected_both_wrong: how many both would answer wrongly if the errors of one told nothing about those of the
            other; NaN without a picture.
    """

    n: int
    both_right: int
    only_first_wrong: int
    only_second_wrong: int
    both_wrong: int
    same_wrong_answer: int
    expected_both_wrong: float


@dataclass(frozen=True, eq=False)
class ConfusionDifference:
    """The confusion matrix of the first of two networks minus that of the second.

    Attributes:
        counts: int64 (C, C); above 0 where the first gives that answer to more pictures.
        rates: float64 (C, C), -1 to 1, the same as shares of each row; NaN for a label without pictures.
    """

    counts: np.ndarray
    rates: np.ndarray


@dataclass(frozen=True)
class Comparison:
    """Two networks on the same pictures."""

    overlap: Overlap
    test: McNemar
    difference: Difference


def comparable(
    first: SplitReport,
    second: SplitReport,
    answers: tuple[SplitAnswers | None, SplitAnswers | None] = (None, None),
) -> NetworkError | None:
    """Why two networks cannot be compared on these splits; None where they can.

    Args:
        first, second: of both networks, both with or both without the duplicates of training pictures.
        answers: of the same splits, where they are there: then the row number and the label of each picture are
            compared, else what the wrong answers and the matrices tell of them.

    Returns:
        An error that is not raised, whose sentence says what differs.
    """
    if first.labels != second.labels:
        if len(first.labels) != len(second.labels):
            return NetworkError(
                N_("One network knows {first} expressions and the other {second}: on the same picture they have "
                   "different tasks, so that their answers cannot be compared."),
                first=len(first.labels), second=len(second.labels),
            )  # fmt: skip
        return NetworkError(
            N_("The two networks know different expressions, so that their answers cannot be compared.")
        )
    if first.name != second.name:
        return NetworkError(
            N_("One network was measured on {first} and the other on {second}. These are different pictures or labels: "
               "a difference could come from them and not from the networks."),
            first=first.name, second=second.name,
        )  # fmt: skip
    if first.form != second.form:
        return NetworkError(
            N_("The evaluations number the pictures of {split} differently: one was made from the table fer2013.csv, "
               "the other from folders of pictures."),
            split=first.name,
        )  # fmt: skip
    if first.n != second.n:
        return NetworkError(
            N_("The evaluations of {split} have different numbers of pictures: {first} and {second}."),
            split=first.name, first=first.n, second=second.n,
        )  # fmt: skip
    if not _same_labels(first, second, answers):
        return NetworkError(
            N_("The evaluations of {split} do not have the same pictures or labels."), split=first.name
        )
    return None


def compare(first: SplitReport, second: SplitReport, level: float = LEVEL) -> Comparison:
    """Compare two networks on the same pictures.

    Args:
        first, second: for which `comparable` has no reason against it.
        level: probability that the interval of the difference is to cover, between 0 and 1.

    Raises:
        ValueError: the splits have different labels or numbers of pictures.
    """
    _check(first, second)
    n = first.n
    _shared, at_first, at_second = np.intersect1d(
        first.misclassified, second.misclassified, return_indices=True
    )
    both = len(at_first)
    only_first_wrong, only_second_wrong = len(first.misclassified) - both, len(second.misclassified) - both
    overlap = Overlap(
        n=n,
        both_right=n - both - only_first_wrong - only_second_wrong,
        only_first_wrong=only_first_wrong,
        only_second_wrong=only_second_wrong,
        both_wrong=both,
        same_wrong_answer=int((first.predicted[at_first] == second.predicted[at_second]).sum()),
        expected_both_wrong=len(first.misclassified) * len(second.misclassified) / n if n else math.nan,
    )
    return Comparison(
        overlap,
        mcnemar(only_second_wrong, only_first_wrong),
        paired_difference(only_second_wrong, only_first_wrong, n, level),
    )


def mcnemar(only_first: int, only_second: int) -> McNemar:
    """McNemar's test of two networks.

    Args:
        only_first: pictures that the first network alone answered rightly, 0 or more.
        only_second: pictures that the second alone answered rightly, 0 or more.
    """
    discordant = only_first + only_second
    if not discordant:
        return McNemar(0, 0, None, 1.0)
    # Slow to import, and only wanted where networks are compared.
    from statsmodels.stats.contingency_tables import mcnemar as of_table

    exact = discordant < EXACT_BELOW
    result = of_table([[0, only_first], [only_second, 0]], exact=exact, correction=True)
    return McNemar(
        only_first, only_second, None if exact else float(result.statistic), min(1.0, float(result.pvalue))
    )


def paired_difference(only_first: int, only_second: int, n: int, level: float = LEVEL) -> Difference:
    """Difference of two accuracies on the same pictures, with its interval.

    Args:
        only_first, only_second: as for `mcnemar`.
        n: number of all pictures.
        level: probability that the interval is to cover, between 0 and 1.
    """
    if not n:
        return Difference(math.nan, math.nan, math.nan, 0)
    share_first, share_second = (only_first + 1) / (n + 2), (only_second + 1) / (n + 2)
    middle = share_first - share_second
    z = NormalDist().inv_cdf((1 + level) / 2)
    half = z * math.sqrt((share_first + share_second - middle**2) / (n + 2))
    return Difference((only_first - only_second) / n, max(-1.0, middle - half), min(1.0, middle + half), n)


def confusion_difference(first: SplitReport, second: SplitReport) -> ConfusionDifference:
    """The matrix of the first network minus that of the second.

    Args:
        first, second: for which `comparable` has no reason against it.

    Raises:
        ValueError: the splits have different labels or numbers of pictures.
    """
    _check(first, second)
    return ConfusionDifference(
        first.confusion - second.confusion, row_rates(first.confusion) - row_rates(second.confusion)
    )


def _check(first: SplitReport, second: SplitReport) -> None:
    if first.labels != second.labels or first.n != second.n:
        raise ValueError(
            f"Expected splits with the same labels and pictures. Received: {len(first.labels)} labels, {first.n} "
            f"pictures and {len(second.labels)} labels, {second.n} pictures"
        )


def _same_labels(
    first: SplitReport, second: SplitReport, answers: tuple[SplitAnswers | None, SplitAnswers | None]
) -> bool:
    """Whether pictures and labels are the same, as far as is known."""
    ours, theirs = answers
    if ours is not None and theirs is not None:
        return np.array_equal(ours.rows, theirs.rows) and np.array_equal(ours.true, theirs.true)
    _shared, at_first, at_second = np.intersect1d(
        first.misclassified, second.misclassified, return_indices=True
    )
    return np.array_equal(first.confusion.sum(axis=1), second.confusion.sum(axis=1)) and np.array_equal(
        first.true[at_first], second.true[at_second]
    )
