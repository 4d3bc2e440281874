"""What makes the accuracy of a test too high, from the paper's networks as they were trained here.

Three steps: test pictures with a duplicate among the training pictures (leakage), an epoch chosen by the test pictures,
and training pictures that were learnt by heart (overfitting). All of it is counted from evaluations, training
histories and the table of FER2013's rows that ships, so networks without weights take part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.datasets.leakage import Answered, SplitLeakage, in_training, split_leakage, split_rows
from fer_core.datasets.rows import RowTable
from fer_core.evaluation.evaluate import TRAINING_SPLIT_OF
from fer_core.evaluation.figures import LEVEL, Estimate, share_estimate
from fer_core.evaluation.paper_rows import PaperRow
from fer_core.evaluation.repetition import Spread, spread, spread_of
from fer_core.evaluation.report import Report, SplitReport
from fer_core.paper import PAPER_SPLIT
from fer_core.store.network import NetworkInfo

OFFICIAL_TEST: Final = "FERplusPrivateTest"
"""The test split of the authors of FER+: PrivateTest, with the expression that has most of the votes."""

CHOICE_AND_TEST: Final = (("PublicTest", "PrivateTest"), ("FERplusPublicTest", OFFICIAL_TEST))
"""Pairs of splits of which the first one chose the epoch and the second one was kept for the end."""


# --- step 1: leakage ------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class LeakedRow:
    """One network on the paper's test pictures, those with a duplicate in its training data apart.

    Attributes:
        row: the network.
        leakage: what it answered, with and without them.
        difference: accuracy on duplicates minus accuracy on the others, with its interval; of the duplicates and the
            others together, n.
    """

    row: PaperRow
    leakage: SplitLeakage
    difference: Estimate

    @property
    def added(self) -> float:
        """By how much the duplicates make the accuracy higher, 0.03 for three points."""
        return self.leakage.whole.accuracy - self.leakage.without.accuracy


def leaked_rows(rows: Sequence[PaperRow], table: RowTable) -> tuple[LeakedRow, ...]:
    """The paper's networks that were measured on its test pictures, those that learnt most by heart first.

    Args:
        rows: of the table of the paper's results.
        table: all rows of FER2013 in their order, with groups of duplicates and votes.

    Raises:
        DatasetError: the table lacks votes or duplicates.
    """
    found = []
    for row in rows:
        leakage = _leakage(row, table)
        if leakage is not None:
            found.append(LeakedRow(row, leakage, share_difference(leakage.on_duplicates, leakage.without)))
    return tuple(sorted(found, key=lambda each: -(each.row.learnt or 0.0)))


def same_label_share(table: RowTable, split: str, learnt_from: str, labels: np.ndarray) -> Answered:
    """How many leaked pictures have the label that all of their duplicates in the training data have.

    Args:
        table: all rows of FER2013 in their order, with groups of duplicates.
        split, learnt_from: names of the test and the training split.
        labels: int (N,), the labels of both.

    Returns:
        `n` leaked pictures, `right` of which have the same label.

    Raises:
        DatasetError: a split goes by votes, and the table has none; or nobody looked for duplicates.
    """
    groups = table.values("near_group" if table.has("near_group") else "duplicate_group")
    tested, trained = split_rows(table, split), split_rows(table, learnt_from)
    leaked = np.flatnonzero(tested & in_training(groups, trained))
    learnt = np.flatnonzero(trained & np.isin(groups, groups[leaked]))
    lowest = np.full(int(groups.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    highest = np.full_like(lowest, -1)
    np.minimum.at(lowest, groups[learnt], labels[learnt])
    np.maximum.at(highest, groups[learnt], labels[learnt])
    same = (lowest[groups[leaked]] == labels[leaked]) & (highest[groups[leaked]] == labels[leaked])
    return Answered(len(leaked), int(same.sum()))


def official_test(row: PaperRow, table: RowTable) -> SplitLeakage | None:
    """One of the paper's networks on the test split of the authors of FER+, which is part of the paper's.

    Every picture of that split has in it the label that it has among the paper's test pictures.

    Args:
        row: the network.
        table: all rows of FER2013 in their order, with groups of duplicates and votes.

    Returns:
        None where the network was not measured on the paper's test pictures, or on those of another data set.

    Raises:
        DatasetError: the table lacks votes or duplicates.
    """
    if row.measured is None or _leakage(row, table) is None:
        return None
    return split_leakage(table, OFFICIAL_TEST, TRAINING_SPLIT_OF[PAPER_SPLIT], row.measured.misclassified)


def _leakage(row: PaperRow, table: RowTable) -> SplitLeakage | None:
    """A network on the paper's test pictures; None where it was not measured on those of the table."""
    part = row.measured
    if part is None or row.report is None or row.split != PAPER_SPLIT or row.report.form != "csv":
        return None
    leakage = split_leakage(table, PAPER_SPLIT, TRAINING_SPLIT_OF[PAPER_SPLIT], part.misclassified)
    return leakage if leakage.whole == _answered(part) else None


def share_difference(first: Answered, second: Answered, level: float = LEVEL) -> Estimate:
    """Accuracy on some pictures minus accuracy on other ones, with the interval of Newcombe (1998), method 10.

    Args:
        first, second: of different pictures.
        level: probability that the interval is to cover, between 0 and 1.

    Returns:
        -1 to 1; NaN without pictures. `n` is that of both.
    """
    one, other = (share_estimate(part.right, part.n, level) for part in (first, second))
    value = one.value - other.value
    # Put together from both Wilson intervals here: statsmodels, which has it too, takes seconds to import.
    return Estimate(
        value,
        value - math.hypot(one.value - one.low, other.high - other.value),
        value + math.hypot(one.high - one.value, other.value - other.low),
        first.n + second.n,
    )


# --- step 2: chosen by the test ---------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ChoiceRow:
    """What one of the paper's networks gains where its epoch is chosen by the test pictures.

    Attributes:
        row: the network.
        last, best: test accuracy of the last and of the best epoch, as monitored in the training.
        best_epoch, epochs: which one that was, and of how many.
        spread: of several trainings with other seeds, on the same pictures; None where there was one.
        low, high: ends of the interval of `last`, for the pictures that are in the test.
    """

    row: PaperRow
    last: float
    best: float
    best_epoch: int
    epochs: int
    spread: Spread | None
    low: float
    high: float

    @property
    def gain(self) -> float:
        """0.01 for one point; 0 where the last epoch is the best."""
        return self.best - self.last


def choice_rows(rows: Sequence[PaperRow]) -> tuple[ChoiceRow, ...]:
    """The paper's networks whose test pictures were monitored in the training, in the order given.

    Args:
        rows: of the table of the paper's results.
    """
    found = []
    for row in rows:
        if row.best is None or row.measured is None or row.split != PAPER_SPLIT:
            continue
        last = float(row.history[-1]["val_accuracy"])
        count = row.measured.n
        interval = share_estimate(round(last * count), count)
        seeds = spread_of(row.info) if row.info else spread(row.repetitions)
        if seeds is not None and seeds.split != row.split:
            seeds = None
        best, epoch = row.best
        found.append(ChoiceRow(row, last, best, epoch, len(row.history), seeds, *interval.ends))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class KeptApart:
    """A network whose epoch was chosen by one split, and measured on another one that chose nothing.

    Attributes:
        info: the network.
        epoch: the one that was chosen; None where the metadata do not say it.
        chosen, tested: how the split that chose and the other one were answered.
        difference: accuracy on the split that chose minus accuracy on the other one.
    """

    info: NetworkInfo
    epoch: int | None
    chosen: SplitReport
    tested: SplitReport
    difference: Estimate


def kept_apart(info: NetworkInfo, report: Report | None) -> KeptApart | None:
    """The figures of the split that chose the epoch of a network, and of the one that was kept for the end.

    Args:
        info: the network.
        report: its evaluation; None where there is none.

    Returns:
        None where the last epoch ships, or both splits were not measured.
    """
    if report is None or info.recipe.keep == "last":
        return None
    for choosing, testing in CHOICE_AND_TEST:
        chosen, tested = report.splits.get(choosing), report.splits.get(testing)
        if chosen is not None and tested is not None and info.training.choice_split == choosing:
            difference = share_difference(_answered(chosen), _answered(tested))
            return KeptApart(info, info.training.best_epoch, chosen, tested, difference)
    return None


def _answered(part: SplitReport) -> Answered:
    return Answered(part.n, int(np.trace(part.confusion)))


# --- step 3: learnt by heart ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class GapRow:
    """How far training and test accuracy of a network lie apart, epoch by epoch.

    Attributes:
        row: the network.
        epochs: int (E,).
        training, test: float (E,), accuracies of each epoch; the training accuracy is counted while it learns.
        least_loss_epoch: the one with the lowest loss on the test pictures.
    """

    row: PaperRow
    epochs: np.ndarray
    training: np.ndarray
    test: np.ndarray
    least_loss_epoch: int

    @property
    def gap(self) -> float:
        """Training minus test accuracy in the last epoch: 0.25 for 25 points, negative where the test is better."""
        return float(self.training[-1] - self.test[-1])

    @property
    def printed_gap(self) -> float | None:
        """The same from the paper's tables."""
        printed = self.row.printed
        return printed.training_accuracy - printed.test_accuracy if printed else None

    def rise_after(self, position: int) -> tuple[float, float]:
        """By how much training and test accuracy rose from the epoch at that position to the last one."""
        return (
            float(self.training[-1] - self.training[position]),
            float(self.test[-1] - self.test[position]),
        )


def gap_rows(rows: Sequence[PaperRow]) -> tuple[GapRow, ...]:
    """The paper's networks whose test pictures were monitored in the training, the largest gap first.

    Args:
        rows: of the table of the paper's results.
    """
    found = []
    for row in rows:
        if not row.history or row.recipe.choice_split != PAPER_SPLIT or row.split != PAPER_SPLIT:
            continue
        least = min(row.history, key=lambda epoch: epoch["val_loss"])
        found.append(
            GapRow(
                row,
                _column(row.history, "epoch").astype(np.int64),
                _column(row.history, "accuracy"),
                _column(row.history, "val_accuracy"),
                int(least["epoch"]),
            )
        )
    return tuple(sorted(found, key=lambda each: -each.gap))


def _column(history: Sequence[Mapping[str, float]], name: str) -> np.ndarray:
    return np.array([epoch[name] for epoch in history], np.float64)
