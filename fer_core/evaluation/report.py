"""What `evaluation.json` says, checked: one value for the card and the pages to read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.errors import N_, NetworkError
from fer_core.evaluation.evaluate import NO_DUPLICATES, TRAINING_SPLIT_OF
from fer_core.evaluation.metrics import accuracy, checked_confusion
from fer_core.labels import in_reading_order
from fer_core.recognition.conformal import PredictionSets, read_prediction_sets
from fer_core.store.folder import evaluation_in
from fer_core.store.network import EVALUATION_FILE, NetworkInfo
from fer_core.store.read_only import ParsedFiles, ReadOnlyDict

HEADLINE_SPLITS = ("PrivateTest", "FERplusPrivateTest", "PaperTest")
"""The split whose figure stands for a network, the first that was measured: one that is read at the end."""

BY_CLASS = "coverage_by_class"
CERTAINTY = ("calibration", "prediction_sets", "unsure")
"""Keys of a split that `certainty_figures` makes."""


@dataclass(frozen=True, eq=False)
class SplitReport:
    """How one split was answered.

    Attributes:
        name: of the split, without "NoDuplicates".
        labels: codes, in the order of the matrix: that of `fer_core.labels.EXPRESSIONS`, whatever the file has.
        confusion: int64 (C, C), rows are the true labels.
        misclassified: int64 (W,), row numbers of `fer2013.csv` from 0.
        true, predicted: int64 (W,), positions in `labels` for each of those.
        certainty: what `certainty_figures` counted; {} in an evaluation from before it did.
        without_duplicates: the same without the pictures that are also among the training pictures; None where
            that was not measured.
        form: of the data set that the row numbers belong to, "csv" or "folders".
    """

    name: str
    labels: tuple[str, ...]
    confusion: np.ndarray
    misclassified: np.ndarray
    true: np.ndarray
    predicted: np.ndarray
    certainty: Mapping[str, Any] = field(default_factory=ReadOnlyDict)
    without_duplicates: SplitReport | None = None
    form: str = "csv"

    @property
    def n(self) -> int:
        """Number of pictures."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """Share that was answered rightly; NaN without a picture."""
        return accuracy(self.confusion)


@dataclass(frozen=True)
class Report:
    """All splits of a network.

    Attributes:
        splits: by name, in the order they were measured.
        form: of the data set that the row numbers belong to, "csv" or "folders".
        sets: how sets of expressions are made; None where nothing was calibrated.
    """

    splits: Mapping[str, SplitReport]
    form: str
    sets: PredictionSets | None = None

    @property
    def headline(self) -> SplitReport | None:
        """The split that stands for the network: the test that decided nothing, else the last test."""
        tests = [name for name in self.splits if name in TRAINING_SPLIT_OF]
        for name in (*HEADLINE_SPLITS, *reversed(tests), *self.splits):
            if name in self.splits:
                return self.splits[name]
        return None


def read_report(info: NetworkInfo) -> Report | None:
    """The evaluation of a network; None where it was not evaluated.

    Its splits are shared by all that read the same file, and cannot be changed.

    Raises:
        NetworkError: the file is damaged, or was measured with other weights than those that are there.
    """
    if not (info.folder / EVALUATION_FILE).exists():
        return None
    try:
        measured, report = _REPORTS.read(info.folder / EVALUATION_FILE)
    except (NetworkError, OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise NetworkError(
            N_(
                "The evaluation of the network “{name}” is damaged. Make it anew: "
                "python -m fer_core evaluate {id}"
            ),
            name=info.name,
            id=info.id,
        ) from error
    if measured is not None and measured != info.checksum:
        raise NetworkError(
            N_(
                "The evaluation of the network “{name}” was made with other weights than the ones that are "
                "there. Make it anew: python -m fer_core evaluate {id}"
            ),
            name=info.name,
            id=info.id,
        )
    return replace(report, sets=read_prediction_sets(info))


def _report_in(file: Path) -> tuple[object, Report]:
    """Checksum of the weights that were measured, and the report, without its sets."""
    evaluation = evaluation_in(file.parent)
    form = str((evaluation.get("data") or {}).get("form", "csv"))
    reports = {name: _split_report(name, figures, form) for name, figures in evaluation["splits"].items()}
    splits = {
        name: replace(report, without_duplicates=reports.get(name + NO_DUPLICATES))
        for name, report in reports.items()
        if not name.endswith(NO_DUPLICATES)
    }
    return evaluation.get("checksum"), Report(ReadOnlyDict(splits), form)


_REPORTS = ParsedFiles(_report_in)


def _split_report(name: str, figures: Mapping[str, Any], form: str) -> SplitReport:
    stored = tuple(str(label) for label in figures["labels"])
    labels = in_reading_order(stored)
    confusion = checked_confusion(figures["confusion"])
    rows, true, predicted = (
        np.asarray(figures[key], np.int64)
        for key in ("misclassified", "misclassified_true", "misclassified_predicted")
    )
    wrong = int(confusion.sum() - np.trace(confusion))
    if len(confusion) != len(labels) or any(column.shape != (wrong,) for column in (rows, true, predicted)):
        raise ValueError(f"{name}: labels, matrix and misclassified rows do not fit each other")
    if wrong and not all(0 <= column.min() and column.max() < len(labels) for column in (true, predicted)):
        raise ValueError(f"{name}: a label that is none")
    order = [stored.index(label) for label in labels]
    place = np.argsort(order)  # of each stored label among `labels`
    confusion, true, predicted = confusion[np.ix_(order, order)], place[true], place[predicted]
    for array in (confusion, rows, true, predicted):
        array.setflags(write=False)
    certainty = ReadOnlyDict({key: _in_order(figures[key]) for key in CERTAINTY if key in figures})
    if "calibration" in certainty:
        bins = certainty["calibration"]["bins"]
        if len({len(bins[key]) for key in ("count", "confidence", "accuracy")}) > 1:
            raise ValueError(f"{name}: bins of different lengths")
    return SplitReport(
        name.removesuffix(NO_DUPLICATES), labels, confusion, rows, true, predicted, certainty, form=form
    )


def _in_order(figures: Mapping[str, Any]) -> Mapping[str, Any]:
    """The figures, a share for each expression in the order of `fer_core.labels.EXPRESSIONS`."""
    by_class = figures.get(BY_CLASS)
    if not by_class:
        return figures
    ordered = ReadOnlyDict({code: by_class[code] for code in in_reading_order(by_class)})
    return ReadOnlyDict({**figures, BY_CLASS: ordered})
