"""A network over named splits: how often it is right, on what, and which pictures it gets wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from fer_core.datasets.duplicates import duplicate_rows
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.splits import Split, is_official, split
from fer_core.errors import N_, NetworkError
from fer_core.evaluation.certainty import certainty_figures
from fer_core.evaluation.metrics import (
    accuracy,
    confusion_matrix,
    json_number,
    sensitivity,
    specificity,
)
from fer_core.files import write_whole
from fer_core.json_files import read_json
from fer_core.labels import TASK_LABELS
from fer_core.recognition.conformal import (
    PREDICTION_SETS,
    PredictionSets,
    fit_prediction_sets,
    read_prediction_sets,
)
from fer_core.store.network import EVALUATION_FILE, NetworkInfo

NO_DUPLICATES = "NoDuplicates"
"""Ending of a split's name without the pictures that have an exact duplicate among the training pictures."""

TRAINING_SPLIT_OF = {
    "PublicTest": "Training",
    "PrivateTest": "Training",
    "Test": "Training",
    "Table1Test": "Table1Train",
    "PaperTest": "PaperTrain",
    "FERplusPublicTest": "Training",
    "FERplusPrivateTest": "Training",
}
"""Test split to the split that is learnt from beside it, where the network does not name another."""


class Recognizer(Protocol):
    """What is evaluated: `fer_core.recognition.ExpressionRecognizer`, or anything that answers like it."""

    @property
    def labels(self) -> tuple[str, ...]: ...

    @property
    def network(self) -> NetworkInfo: ...

    def predict(self, faces_gray: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True, eq=False)
class AnsweredSplit:
    """A split with a network's answers to it.

    Attributes:
        part: the split.
        probabilities: float32 (N, C), in the label order of the split's task.
        duplicates: bool (N,), which pictures are also among the training pictures; None for a split that is no test.
    """

    part: Split
    probabilities: np.ndarray
    duplicates: np.ndarray | None


def answer_splits(
    recognizer: Recognizer,
    dataset: Fer2013,
    split_names: Sequence[str],
    *,
    batch: int = 256,
    progress: Callable[[float], None] | None = None,
) -> tuple[AnsweredSplit, ...]:
    """Run a network over splits.

    Args:
        recognizer: predicts float32 (N, C) from uint8 (N, 48, 48).
        dataset: FER2013, with the votes of FER+ for networks of eight classes.
        split_names: names that `fer_core.datasets.splits.split` knows.
        batch: pictures in one call.
        progress: called with the part that is done, 0 to 1.

    Raises:
        NetworkError: the network answers with other labels than a split has.
        DatasetError: this copy of FER2013 cannot give a split.
    """
    parts = [_matching_split(recognizer, dataset, name) for name in split_names]
    total = sum(len(part) for part in parts)
    done = 0
    answered: list[AnsweredSplit] = []
    for part in parts:
        probabilities = np.empty((len(part), len(TASK_LABELS[part.task])), np.float32)
        position = np.array([TASK_LABELS[part.task].index(label) for label in recognizer.labels])
        for start in range(0, len(part), batch):
            chosen = part.rows[start : start + batch]
            probabilities[start : start + batch, position] = recognizer.predict(dataset.images_gray[chosen])
            done += len(chosen)
            if progress:
                progress(done / total)
        trained_on = _training_split(recognizer.network, part.name)
        duplicates = (
            duplicate_rows(dataset, part.rows, split(dataset, trained_on).rows) if trained_on else None
        )
        answered.append(AnsweredSplit(part, probabilities, duplicates))
    return tuple(answered)


def evaluation_of(
    network: NetworkInfo, dataset: Fer2013, answered: Sequence[AnsweredSplit]
) -> dict[str, Any]:
    """Count a network's answers.

    Args:
        network: that answered.
        dataset: whose pictures they are.
        answered: from `answer_splits`.

    Returns:
        {"network", "checksum", "data" {"form", "official"}, "splits": {name: {
        "task", "labels", "n", "accuracy", "confusion" (C x C counts, rows are the true labels in the order
        of "labels"), "sensitivity" and "specificity" (label to share, None where undefined),
        "misclassified" (row numbers, ascending, of fer2013.csv from 0, or of the folders in reading order),
        "misclassified_true" and "misclassified_predicted" (positions in "labels", one for each of those),
        and what `certainty_figures` adds}}}; ready for JSON. "prediction_sets" beside the splits says how
        sets are made, where the network has a split of its own to fit them on. A test split is followed by
        "<name>NoDuplicates", which leaves out the pictures that are also among the training pictures, and says how
        many in "duplicates".
    """
    sets = _prediction_sets(network, answered)
    splits: dict[str, Any] = {}
    for answers in answered:
        part, duplicates = answers.part, answers.duplicates
        splits[part.name] = _figures(dataset, part, answers.probabilities, sets)
        if duplicates is not None:
            rest = Split(
                part.name + NO_DUPLICATES, part.task, part.rows[~duplicates], part.labels[~duplicates]
            )
            splits[rest.name] = {
                **_figures(dataset, rest, answers.probabilities[~duplicates], sets),
                "duplicates": int(duplicates.sum()),
            }
    return {
        "network": network.id,
        "checksum": network.checksum,
        "data": {"form": dataset.form, "official": is_official(dataset)},
        **({PREDICTION_SETS: asdict(sets)} if sets else {}),
        "splits": splits,
    }


def evaluate_network(
    recognizer: Recognizer,
    dataset: Fer2013,
    split_names: Sequence[str],
    *,
    batch: int = 256,
    progress: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Run a network over splits and count: `evaluation_of` what `answer_splits` gives."""
    answered = answer_splits(recognizer, dataset, split_names, batch=batch, progress=progress)
    return evaluation_of(recognizer.network, dataset, answered)


def _prediction_sets(network: NetworkInfo, answered: Sequence[AnsweredSplit]) -> PredictionSets | None:
    """Fitted anew where the split that chose the network is among those measured, else as stored.

    A network that was chosen on the pictures that it is tested on has none: they would promise too much.
    """
    choice = network.training.choice_split
    if choice is None or choice in network.training.report_splits[-1:]:
        return None
    for answers in answered:
        if answers.part.name == choice:
            return fit_prediction_sets(answers.probabilities, answers.part.labels, choice)
    return read_prediction_sets(network)


def write_evaluation(info: NetworkInfo, evaluation: dict[str, Any]) -> Path:
    """Write `evaluation.json` of a network, whole or not at all.

    Splits that the file already has stay, as long as they were measured with the same weights on the same form of
    the data set.

    Returns:
        The file that was written.

    Raises:
        NetworkError: the figures that are there are of the complete data set, and these are not.
    """
    file = info.folder / EVALUATION_FILE
    earlier = _earlier(file, evaluation)
    before, now = earlier.get("data"), evaluation["data"]
    if before != now:
        if earlier and before and before.get("official") and not now["official"]:
            raise NetworkError(
                N_("This copy of FER2013 is not complete or not in its official order, so its figures would take the "
                   "place of the better ones that the network “{name}” has. Nothing was changed; --dry-run shows "
                   "figures without storing them."),
                name=info.id,
            )  # fmt: skip
        earlier = {}  # row numbers of another form mean other pictures
    whole = {**earlier, **evaluation, "splits": {**earlier.get("splits", {}), **evaluation["splits"]}}
    write_whole(file, _json_text(whole))
    return file


def _matching_split(recognizer: Recognizer, dataset: Fer2013, name: str) -> Split:
    part = split(dataset, name)
    if set(TASK_LABELS[part.task]) != set(recognizer.labels):
        raise NetworkError(
            N_(
                "The network {network} knows {known} expressions and the pictures of {split} are labelled "
                "with {wanted}. Choose a split with the network's own labels."
            ),
            network=recognizer.network.id,
            known=len(recognizer.labels),
            split=name,
            wanted=len(TASK_LABELS[part.task]),
        )
    return part


def _training_split(network: NetworkInfo, test_split: str) -> str | None:
    """What the network learnt from; None for a split that is no test."""
    if test_split not in TRAINING_SPLIT_OF:
        return None
    return network.training.split or TRAINING_SPLIT_OF[test_split]


def _figures(
    dataset: Fer2013, part: Split, probabilities: np.ndarray, sets: PredictionSets | None
) -> dict[str, Any]:
    predicted = probabilities.argmax(axis=1)
    labels = TASK_LABELS[part.task]
    confusion = confusion_matrix(part.labels, predicted, len(labels))
    wrong = np.flatnonzero(part.labels != predicted)
    return {
        "task": part.task,
        "labels": list(labels),
        "n": len(part),
        "accuracy": json_number(accuracy(confusion)),
        "confusion": confusion.tolist(),
        "sensitivity": dict(zip(labels, map(json_number, sensitivity(confusion).tolist()), strict=True)),
        "specificity": dict(zip(labels, map(json_number, specificity(confusion).tolist()), strict=True)),
        "misclassified": dataset.rows[part.rows[wrong]].tolist(),
        "misclassified_true": part.labels[wrong].tolist(),
        "misclassified_predicted": predicted[wrong].tolist(),
        **certainty_figures(probabilities, part.labels, labels, sets),
    }


def _earlier(file: Path, evaluation: dict[str, Any]) -> dict[str, Any]:
    try:
        earlier = read_json(file)
        same = earlier["checksum"] == evaluation["checksum"] and earlier["checksum"] is not None
        return {**earlier, "splits": dict(earlier["splits"])} if same else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # none yet, or a damaged one, which this replaces


def _json_text(evaluation: dict[str, Any]) -> str:
    """One line a figure, so that a change reads well in git, and not one line a row number."""
    splits = ",\n".join(
        f"  {json.dumps(name)}: {{\n"
        + ",\n".join(f"   {json.dumps(key)}: {json.dumps(value)}" for key, value in figures.items())
        + "\n  }"
        for name, figures in evaluation["splits"].items()
    )
    head = "".join(
        f" {json.dumps(key)}: {json.dumps(value)},\n" for key, value in evaluation.items() if key != "splits"
    )
    return f'{{\n{head} "splits": {{\n{splits}\n }}\n}}\n'
