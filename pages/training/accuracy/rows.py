"""Which pictures stand behind a cell of the matrix, where to see them on the page Data set, and whether they are here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fer_core.datasets.columns import PREDICTED
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.filters import MOST_VALUES, Condition, Filter
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.shipped import is_shipped_set, shipped_rows
from fer_core.datasets.votes import majority_labels
from fer_core.errors import RautError
from fer_core.evaluation.answers import SplitAnswers
from fer_core.evaluation.report import SplitReport
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS
from pages.ui.access import is_shared
from pages.ui.i18n import _

Cell = tuple[int, int]
"""Positions of label and answer in the labels of a split."""


@dataclass(frozen=True, eq=False)
class KnownRows:
    """Pictures of a split and what was answered: all of them, or the mistakes alone.

    Attributes:
        labels: codes of the split.
        rows: int64 (N,), row numbers.
        true, predicted: int64 (N,), positions in `labels`.
        certainty: float32 (N,), probability of the answer; None where it is not stored.
        is_complete: whether the right answers are among them.
    """

    labels: tuple[str, ...]
    rows: np.ndarray
    true: np.ndarray
    predicted: np.ndarray
    certainty: np.ndarray | None = None
    is_complete: bool = False

    def of(self, cell: Cell | None) -> KnownRows:
        """Those of a cell, or all mistakes; the most certain answers first, where that is known."""
        if cell is None:
            chosen = np.flatnonzero(self.true != self.predicted)
        else:
            chosen = np.flatnonzero((self.true == cell[0]) & (self.predicted == cell[1]))
        if self.certainty is not None:
            chosen = chosen[np.argsort(-self.certainty[chosen], kind="stable")]
        certainty = None if self.certainty is None else self.certainty[chosen]
        return KnownRows(
            self.labels,
            self.rows[chosen],
            self.true[chosen],
            self.predicted[chosen],
            certainty,
            self.is_complete,
        )


def known_rows(part: SplitReport, answers: SplitAnswers | None) -> KnownRows:
    """What is stored about single pictures.

    Args:
        part: how a split was answered.
        answers: to each of its pictures; None where they are not stored.
    """
    if answers is None:
        return KnownRows(part.labels, part.misclassified, part.true, part.predicted)
    return KnownRows(
        answers.labels,
        answers.rows,
        answers.true,
        answers.predicted,
        answers.probabilities.max(axis=1),
        is_complete=True,
    )


def fitting(
    dataset: Fer2013 | RautError | None, known: KnownRows, form: str
) -> tuple[Fer2013 | None, str | RautError]:
    """The data set if its rows are the ones that were evaluated, else None and why there are no pictures.

    Args:
        dataset: what is on this computer, or what is wrong with it.
        known: rows with their labels.
        form: of the data set that was evaluated, "csv" or "folders".
    """
    if isinstance(dataset, RautError):
        return None, dataset
    if dataset is None and is_shared():
        return None, _("With FER2013 the images are shown here. The person who started Raut can add it.")
    if dataset is None:
        return None, _(
            "With FER2013 on this computer the images are shown here. The page Data set says how to get it."
        )
    rows = known.rows
    if dataset.form == form and (not len(rows) or rows.max() < len(dataset)):
        seven = known.labels == FER2013_LABELS
        if seven:
            labels = dataset.emotions[rows]
        elif dataset.votes is not None:
            labels = majority_labels(dataset.votes[rows])
        else:
            return dataset, ""  # without FER+ there is nothing to compare, and the table is known by its form
        place = np.array([(FER2013_LABELS if seven else FERPLUS_LABELS).index(code) for code in known.labels])
        if np.array_equal(labels, place[known.true]):
            return dataset, ""
    return None, _("The FER2013 here has other rows than the one that was measured, so no images are shown.")


def page_has_rows(dataset: Fer2013 | None, usable: Fer2013 | None, form: str) -> bool:
    """Whether the page Data set knows these rows, so that links lead to the right pictures.

    Args:
        dataset: on this computer, None where there is none.
        usable: the same, where its rows are the evaluated ones.
        form: of the data set that was evaluated.
    """
    return usable is not None or (dataset is None and form == "csv")


def cell_query(
    known: KnownRows, cell: Cell, network: str, dataset: Fer2013 | None
) -> Mapping[str, str] | None:
    """The filter of the page Data set that keeps exactly the pictures of a cell, as parameters of its address.

    In words where it can say so (label and answer of the network), else row by row; None where they are too many.

    Args:
        known: rows of the split.
        cell: which one.
        network: id of the network.
        dataset: on this computer, None where there is none.
    """
    rows = known.of(cell).rows
    if not len(rows):
        return None
    if dataset is None or is_shipped_set(dataset):
        table = shipped_rows()
        worded = _in_words(table, known, cell, network, rows)
        if worded is not None and set(table.values("row")[worded.mask(table)].tolist()) == set(rows.tolist()):
            return worded.to_query()
    if len(rows) > MOST_VALUES:
        return None
    return Filter((Condition("row", tuple(str(row) for row in np.sort(rows).tolist())),)).to_query()


def _in_words(table: RowTable, known: KnownRows, cell: Cell, network: str, rows: np.ndarray) -> Filter | None:
    """By split, label and answer; None where the table does not have them."""
    truth = "label" if known.labels == FER2013_LABELS else "vote"
    answer = f"{PREDICTED}:{network}"
    if not table.has(truth) or not table.has(answer):
        return None
    at = np.isin(table.values("row"), rows)
    splits = tuple(dict.fromkeys(table.texts("split")[at].tolist()))
    return Filter(
        (
            Condition("split", splits),
            Condition(truth, (known.labels[cell[0]],)),
            Condition(answer, (known.labels[cell[1]],)),
        )
    )
