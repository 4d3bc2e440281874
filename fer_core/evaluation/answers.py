"""What a network answered to each picture of its splits: `answers.npz`, beside `evaluation.json`.

`evaluation.json` has the counts and the wrong answers; this file has the probabilities, from which curves, areas and
calibration are computed without the pictures. `python -m fer_core evaluate` writes both.

A row of probabilities is stored as the distance of each logarithm from the greatest one, in steps of 1/2048 up to 32,
uint16: 0 for the answer, at least 1 step for every other class. A ratio of two probabilities is so kept to 0.03%, also
that of an answer which is nearly certain, and none of the answers changes.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from fer_core.datasets.fer2013 import Fer2013
from fer_core.errors import N_, NetworkError
from fer_core.evaluation.evaluate import AnsweredSplit
from fer_core.evaluation.metrics import confusion_matrix
from fer_core.evaluation.report import SplitReport, read_report
from fer_core.files import write_whole
from fer_core.folders import read_regular_file
from fer_core.labels import TASK_LABELS, in_reading_order
from fer_core.store.network import ANSWERS_FILE, NetworkInfo
from fer_core.store.read_only import ParsedFiles, ReadOnlyDict

LARGEST_BYTES: Final = 64 * 1024 * 1024
_LARGEST_STEP: Final = 65_535
_STEPS: Final = 2048
"""In one unit of the natural logarithm."""
_PARTS: Final = ("rows", "true", "below", "duplicates")


@dataclass(frozen=True, eq=False)
class SplitAnswers:
    """Answers to the pictures of one split; its arrays are read-only.

    Attributes:
        name: of the split.
        labels: C codes in the order of `fer_core.labels.EXPRESSIONS`, as in `SplitReport`.
        rows: int64 (N,), row numbers of `fer2013.csv` from 0.
        true: int64 (N,), positions of the true labels in `labels`.
        probabilities: float32 (N, C), calibrated, as the network gives them; the greatest one of a row is the answer
            that was counted.
        temperature: that the network's logits were divided by; 1 where it was not calibrated.
        without_duplicates: the same without the pictures that are also among the training pictures; None for a split
            that is no test.
    """

    name: str
    labels: tuple[str, ...]
    rows: np.ndarray
    true: np.ndarray
    probabilities: np.ndarray
    temperature: float = 1.0
    without_duplicates: SplitAnswers | None = None

    @property
    def n(self) -> int:
        """Number of pictures."""
        return len(self.rows)

    @cached_property
    def predicted(self) -> np.ndarray:
        """int64 (N,): positions of the answers in `labels`."""
        return _read_only(self.probabilities.argmax(axis=1))

    @cached_property
    def right(self) -> np.ndarray:
        """bool (N,): whether the answer is the true label."""
        return _read_only(self.predicted == self.true)

    @cached_property
    def confusion(self) -> np.ndarray:
        """int64 (C, C), rows are the true labels."""
        return _read_only(confusion_matrix(self.true, self.predicted, len(self.labels)))

    def uncalibrated(self) -> np.ndarray:
        """Probabilities before the temperature, float32 (N, C).

        A shipped network ends with softmax(log(p) / temperature) (`fer_core.networks.shipping`), where p is its own
        answer, or the mean of those for the face and for its mirror image. p is so softmax(temperature * log(q)) of
        what it gives, q. What was less than 1e-7 in p stands as that.
        """
        if self.temperature == 1.0:
            return self.probabilities.copy()
        logits = np.log(self.probabilities.astype(np.float64)) * self.temperature
        return _softmax(logits)


@dataclass(frozen=True, eq=False)
class Answers:
    """All splits that a network answered.

    Attributes:
        splits: by name, in the order of the evaluation.
    """

    splits: Mapping[str, SplitAnswers]


def read_answers(info: NetworkInfo) -> Answers | None:
    """The stored answers of a network; None where there are none, as of one whose weights do not ship.

    They are shared by all that read the same file, and cannot be changed.

    Raises:
        NetworkError: the file is damaged, or was measured with other weights than those that are there, or does not
            fit `evaluation.json`; or that one is damaged.
    """
    try:
        measured, splits = _ANSWERS.read(info.folder / ANSWERS_FILE)
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise NetworkError(
            N_(
                "The answers of the network “{name}” to single pictures ({file}) are damaged. Make them anew: "
                "python -m fer_core evaluate {id}"
            ),
            name=info.name,
            file=ANSWERS_FILE,
            id=info.id,
        ) from error
    report = read_report(info)
    known = report.splits if report else {}
    if measured != (info.checksum or "") or not all(
        name in known and _fits(answers, known[name]) for name, answers in splits.items()
    ):
        raise NetworkError(
            N_(
                "The answers of the network “{name}” to single pictures ({file}) were measured with other weights "
                "than the ones that are there, or do not fit its evaluation. Make them anew: "
                "python -m fer_core evaluate {id}"
            ),
            name=info.name,
            file=ANSWERS_FILE,
            id=info.id,
        )
    return Answers(ReadOnlyDict({name: splits[name] for name in known if name in splits}))


def write_answers(info: NetworkInfo, dataset: Fer2013, answered: Sequence[AnsweredSplit]) -> Path:
    """Write `answers.npz` of a network, whole or not at all; after `write_evaluation`.

    Splits that the file already has stay, as long as they were measured with the same weights and the evaluation
    still has them. The same answers give the same bytes.

    Args:
        info: the network.
        dataset: whose pictures were answered.
        answered: from `fer_core.evaluation.evaluate.answer_splits`.

    Returns:
        The file that was written.
    """
    checksum = info.checksum or ""
    report = read_report(info)
    parts = {answers.part.name: _stored(dataset, answers) for answers in answered}
    for name, arrays in _earlier(info, checksum).items():
        if report and name in report.splits and name not in parts:
            parts[name] = arrays
    content = io.BytesIO()
    np.savez_compressed(
        content,
        checksum=np.array(checksum),
        temperature=np.array(1.0 if info.record.temperature is None else info.record.temperature),
        labels=np.array(info.expressions),
        **{f"{name}:{key}": array for name in sorted(parts) for key, array in parts[name].items()},  # type: ignore[arg-type]
    )  # fmt: skip
    write_whole(info.folder / ANSWERS_FILE, content.getvalue())
    return info.folder / ANSWERS_FILE


def _stored(dataset: Fer2013, answered: AnsweredSplit) -> dict[str, np.ndarray]:
    """The arrays of one split as the file has them, classes in reading order and one after another."""
    part = answered.part
    stored = TASK_LABELS[part.task]
    order = [stored.index(label) for label in in_reading_order(stored)]
    logs = np.log(np.maximum(answered.probabilities.astype(np.float64), np.finfo(np.float64).tiny))
    below = np.round((logs.max(axis=1, keepdims=True) - logs) * _STEPS).clip(1, _LARGEST_STEP)
    below[np.arange(len(below)), answered.probabilities.argmax(axis=1)] = 0
    arrays = {
        "rows": dataset.rows[part.rows].astype(np.int32),
        "true": np.argsort(order)[part.labels].astype(np.uint8),
        # Like numbers together take less room, so a class after another: (N, C) -> (C, N).
        "below": np.ascontiguousarray(below[:, order].T).astype(np.uint16),
    }
    if answered.duplicates is not None:
        arrays["duplicates"] = answered.duplicates
    return arrays


def _earlier(info: NetworkInfo, checksum: str) -> dict[str, dict[str, np.ndarray]]:
    """Arrays of each split that the file has of these weights; {} where there is none, or a damaged one."""
    try:
        arrays = _arrays_in(info.folder / ANSWERS_FILE)
        if str(arrays["checksum"]) != checksum or tuple(arrays["labels"].tolist()) != info.expressions:
            return {}
    except (OSError, ValueError, KeyError):
        return {}  # none yet, or a damaged one, which this replaces
    names = [key.rpartition(":")[0] for key in arrays if key.endswith(":rows")]
    return {
        name: {key: arrays[f"{name}:{key}"] for key in _PARTS if f"{name}:{key}" in arrays} for name in names
    }


def _arrays_in(file: Path) -> dict[str, np.ndarray]:
    """All arrays of the file by their names.

    Raises:
        OSError: it is missing or cannot be read.
        ValueError: it is damaged.
    """
    try:
        content = read_regular_file(str(file), LARGEST_BYTES)
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except OSError:
        raise
    except Exception as error:  # damage of an archive shows in a dozen ways
        raise ValueError(f"{file.name}: no archive of arrays") from error


def _answers_in(file: Path) -> tuple[str, dict[str, SplitAnswers]]:
    """Checksum of the weights that were measured, and the answers by split."""
    arrays = _arrays_in(file)
    labels = tuple(str(label) for label in arrays["labels"])
    temperature = float(arrays["temperature"])
    if labels != in_reading_order(labels) or not (math.isfinite(temperature) and temperature > 0):
        raise ValueError("labels in another order, or a temperature that is none")
    names = [key.rpartition(":")[0] for key in arrays if key.endswith(":rows")]
    return str(arrays["checksum"]), {name: _split(name, labels, temperature, arrays) for name in names}


def _split(
    name: str, labels: tuple[str, ...], temperature: float, arrays: Mapping[str, np.ndarray]
) -> SplitAnswers:
    rows, true, below = (arrays[f"{name}:{key}"] for key in ("rows", "true", "below"))
    duplicates = arrays.get(f"{name}:duplicates")
    if not (
        rows.ndim == 1
        and true.shape == rows.shape
        and below.shape == (len(labels), len(rows))
        and below.dtype == np.uint16
        and (duplicates is None or (duplicates.shape == rows.shape and duplicates.dtype == np.bool_))
        and all(np.issubdtype(each.dtype, np.integer) for each in (rows, true))
    ):
        raise ValueError(f"{name}: arrays that do not fit each other")
    if len(rows) and not (true.max() < len(labels) and (below == 0).sum(axis=0).tolist() == [1] * len(rows)):
        raise ValueError(f"{name}: a label that is none, or not one answer a picture")
    probabilities = _softmax(-below.T.astype(np.float64) / _STEPS)
    rows, true = rows.astype(np.int64), true.astype(np.int64)

    def chosen(keep: np.ndarray | slice, rest: SplitAnswers | None) -> SplitAnswers:
        of_rows, of_true, of_answers = (_read_only(each[keep]) for each in (rows, true, probabilities))
        return SplitAnswers(name, labels, of_rows, of_true, of_answers, temperature, rest)

    return chosen(slice(None), None if duplicates is None else chosen(~duplicates, None))


def _fits(answers: SplitAnswers, report: SplitReport) -> bool:
    """Whether the answers are those that the report counts, also without the duplicates where both have them."""
    rest, counted = answers.without_duplicates, report.without_duplicates
    return (
        answers.labels == report.labels
        and np.array_equal(answers.confusion, report.confusion)
        and np.array_equal(answers.rows[~answers.right], report.misclassified)
        and (rest is None) == (counted is None)
        and (rest is None or counted is None or _fits(rest, counted))
    )


def _softmax(logits: np.ndarray) -> np.ndarray:
    """float (N, C) logits to float32 probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def _read_only(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


_ANSWERS = ParsedFiles(_answers_in)
