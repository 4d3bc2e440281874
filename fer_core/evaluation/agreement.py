"""How far raters agree beyond chance: percent agreement, Cohen's kappa and Fleiss' kappa.

The formulas are those of statsmodels. Undefined is NaN, never 0: kappa compares what was agreed on with what
chance would give, and where everything got one and the same label, chance gives all of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.evaluation.metrics import confusion_matrix


@dataclass(frozen=True, eq=False)
class Agreement:
    """Of two raters on the same things.

    Attributes:
        n: how many things both rated.
        share: of them with the same label, 0 to 1; NaN without any.
        kappa: Cohen's, -1 to 1; NaN where it is undefined.
        interval: lower and upper end of its 95% confidence interval (large samples; Fleiss, Cohen and
            Everitt 1969), cut at -1 and 1; NaN where kappa is, and where the formula's standard error is 0
            (full agreement, or a rater with one label only), which would feign certainty.
        confusion: int64 (C, C), the first rater's labels in rows.
    """

    n: int
    share: float
    kappa: float
    interval: tuple[float, float]
    confusion: np.ndarray

    @property
    def tells_nothing(self) -> bool:
        """Whether a rater gave everything one and the same label: kappa is 0 or NaN then, whatever the share."""
        return bool(min((self.confusion.sum(axis=axis) > 0).sum() for axis in (0, 1)) < 2)


def agreement(first: Sequence[str], second: Sequence[str], labels: Sequence[str]) -> Agreement:
    """Two raters compared.

    Args:
        first, second: their labels of the same N things.
        labels: all C labels there are.

    Raises:
        ValueError: different numbers of labels, or one that is not among `labels`.
    """
    places = {label: place for place, label in enumerate(labels)}
    unknown = sorted({*first, *second} - set(places))
    if unknown:
        raise ValueError(f"Expected labels of {tuple(labels)}. Received: {unknown}")
    confusion = confusion_matrix(
        np.array([places[label] for label in first], np.int64),
        np.array([places[label] for label in second], np.int64),
        len(labels),
    )
    count = int(confusion.sum())
    share = float(np.trace(confusion)) / count if count else float("nan")
    kappa, low, high = _cohen(confusion)
    return Agreement(count, share, kappa, (low, high), confusion)


def fleiss_kappa(ratings: Sequence[Sequence[str]]) -> float:
    """Agreement of two or more raters, each of whom rated everything.

    Args:
        ratings: for each of N things the labels of the same number of raters, in any order.

    Returns:
        Fleiss' kappa, at most 1; NaN without things, with one rater, or where only one label occurs.

    Raises:
        ValueError: not every thing has the same number of labels.
    """
    counts = {len(row) for row in ratings}
    if len(counts) > 1:
        raise ValueError(f"Expected as many labels for everything. Received: {sorted(counts)}")
    if not ratings or min(counts) < 2 or len({label for row in ratings for label in row}) < 2:
        return float("nan")
    from statsmodels.stats.inter_rater import aggregate_raters
    from statsmodels.stats.inter_rater import fleiss_kappa as of_table

    codes = {label: code for code, label in enumerate(sorted({label for row in ratings for label in row}))}
    table, _categories = aggregate_raters(np.array([[codes[label] for label in row] for row in ratings]))
    return float(of_table(table))


def fleiss_interval(
    ratings: Sequence[Sequence[str]], *, level: float = 0.95, draws: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """Percentile bootstrap interval (Efron 1979) of `fleiss_kappa`, which has no interval of its own that holds.

    Draws things with replacement, each with all of its labels. A draw in which only one label occurs has no kappa and
    is left out.

    Args:
        ratings: as for `fleiss_kappa`.
        level: probability that the interval is to cover, between 0 and 1.
        draws: number of bootstrap samples.
        seed: fixes them, so that a report does not change when nothing did.

    Returns:
        Its lower and upper end; NaN where kappa is, and where every draw gives the same kappa (full agreement, or one
        thing), which would feign certainty.

    Raises:
        ValueError: not every thing has the same number of labels.
    """
    undefined = float("nan"), float("nan")
    if np.isnan(fleiss_kappa(ratings)):
        return undefined
    labels = sorted({label for row in ratings for label in row})
    counts = np.array(
        [[row.count(label) for label in labels] for row in map(list, ratings)], np.float64
    )  # (N, C)
    things, raters = len(counts), len(ratings[0])
    agreed = ((counts**2).sum(axis=1) - raters) / (raters * (raters - 1))  # (N,)
    rng = np.random.default_rng(seed)
    kappas = []
    for _ in range(draws):
        drawn = rng.integers(0, things, things)
        chance = float(((counts[drawn].sum(axis=0) / (things * raters)) ** 2).sum())
        if chance < 1 - 1e-12:
            kappas.append((float(agreed[drawn].mean()) - chance) / (1 - chance))
    if not kappas or max(kappas) - min(kappas) < 1e-12:
        return undefined
    low, high = np.quantile(kappas, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _cohen(confusion: np.ndarray) -> tuple[float, float, float]:
    """Kappa and its interval; labels that neither rater gave change nothing and are left out."""
    used = (confusion.sum(axis=0) + confusion.sum(axis=1)) > 0
    if used.sum() < 2:
        return (float("nan"),) * 3
    # Heavy, and only wanted once somebody rates.
    from statsmodels.stats.inter_rater import cohens_kappa

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of figures that are not used here
        result = cohens_kappa(confusion[np.ix_(used, used)])
    if not result.std_kappa > 1e-12:
        return float(result.kappa), float("nan"), float("nan")
    low, high = np.clip([result.kappa_low, result.kappa_upp], -1.0, 1.0)
    return float(result.kappa), float(low), float(high)
