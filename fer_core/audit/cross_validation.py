"""Out-of-sample probabilities of every picture of FER2013: five small networks, each of which never saw a fifth.

A network that learnt a picture repeats its label, right or wrong. So the pictures are dealt into five folds, and each
fold is answered by a network that was trained from scratch on the other four. Duplicates and near duplicates stay in
one fold, also mirrored ones, because training mirrors pictures: a duplicate in training would be the answer.

The network has one hidden layer over histograms of oriented gradients (Dalal and Triggs 2005): all five folds take some
minutes of two cores, where a convolutional network would take an hour.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from fer_core.audit.kept import Progress
from fer_core.datasets.near_duplicates import SimilarPairs, pair_groups
from fer_core.files import replaced_whole
from fer_core.labels import FER2013_LABELS

FOLDS: Final = 5

FOLD_CORRELATION: Final = 0.9
"""From this correlation on two similar pictures stay in one fold: below what counts as a near duplicate, because a
duplicate that is missed gives an answer away, and a picture too many in a group costs nothing."""

CELLS: Final = (8, 6)
"""Pixels along each side of the cells of the histograms, of nine directions each; blocks are of two cells by two."""


@dataclass(frozen=True)
class FoldTraining:
    """How the network of a fold is trained.

    Attributes:
        hidden: units of its hidden layer.
        epochs: passes over the four other folds; in each, half of the pictures are mirrored.
        averaged: the answers after so many last epochs are averaged.
        dropout: share of the histogram's numbers that are left out in each pass.
        decay: of the weights, as scikit-learn's `alpha`.
        learning_rate: of Adam.
        batch_size: pictures a step.
        seed: fixes folds, initial weights, order, mirroring and what is left out.
    """

    hidden: int = 256
    epochs: int = 16
    averaged: int = 6
    dropout: float = 0.3
    decay: float = 1.0
    learning_rate: float = 1e-3
    batch_size: int = 256
    seed: int = 1


TRAINING: Final = FoldTraining()


def fold_groups(exact: np.ndarray, pairs: SimilarPairs) -> np.ndarray:
    """What must stay in one fold: int32 (N,), one number a group; a picture alone is a group, too.

    Args:
        exact: int (N,), group of exact duplicates, -1 for none.
        pairs: the similar pairs among the pictures.
    """
    alike = pairs.where(pairs.correlation >= FOLD_CORRELATION)
    order = np.argsort(exact, kind="stable")
    same = np.flatnonzero((exact[order][1:] == exact[order][:-1]) & (exact[order][1:] >= 0))
    groups = pair_groups(
        np.concatenate([alike.first, order[same]]),
        np.concatenate([alike.second, order[same + 1]]),
        len(exact),
    )
    return np.where(groups >= 0, groups, np.arange(len(exact), dtype=np.int32))


def deal_folds(groups: np.ndarray, labels: np.ndarray, seed: int = TRAINING.seed) -> np.ndarray:
    """Deal groups into `FOLDS` folds: every class, and every size of group, in nearly equal parts.

    Args:
        groups: int (N,), equal numbers stay together.
        labels: int (N,), the class of a group is that of its first picture.
        seed: fixes which group goes where.

    Returns:
        int8 (N,), 0 to 4.
    """
    _, first, group_of, sizes = np.unique(groups, return_index=True, return_inverse=True, return_counts=True)
    shuffled = np.random.default_rng(seed).permutation(len(first))
    # By class, in it by size, in that at random: dealt one after the other like cards.
    order = shuffled[np.lexsort((-sizes[shuffled], labels[first][shuffled]))]
    fold_of_group = np.empty(len(first), np.int8)
    fold_of_group[order] = np.arange(len(first)) % FOLDS
    return np.asarray(fold_of_group[group_of], np.int8)


def gradient_histograms(images_gray: np.ndarray) -> np.ndarray:
    """Histograms of oriented gradients, with cells of each size of `CELLS`: uint8 (N, 48, 48) -> float32 (N, 2664)."""
    side = images_gray.shape[1]
    descriptors = [
        cv2.HOGDescriptor((side, side), (2 * cell, 2 * cell), (cell, cell), (cell, cell), 9) for cell in CELLS
    ]
    return np.stack(
        [
            np.concatenate([np.ravel(each.compute(np.ascontiguousarray(image))) for each in descriptors])
            for image in images_gray
        ]
    ).astype(np.float32)


def out_of_sample_probabilities(
    images_gray: np.ndarray,
    labels: np.ndarray,
    folds: np.ndarray,
    kept: Path,
    *,
    training: FoldTraining = TRAINING,
    progress: Progress | None = None,
) -> np.ndarray:
    """Train one network for each fold and let it answer the fold that it never saw.

    What a fold's network answered is kept, so that an interrupted run goes on with the next fold.

    Args:
        images_gray: uint8 (N, 48, 48).
        labels: int (N,), positions in `FER2013_LABELS`.
        folds: int (N,), from `deal_folds`.
        kept: folder for what is done.
        training: the settings.
        progress: called with the part that is done, 0 to 1.

    Returns:
        float32 (N, 7), rows sum to 1, in the order of `FER2013_LABELS`: mean of a picture and its mirror image.

    Raises:
        OSError: the folder cannot be written.
    """
    name = _digest(images_gray, labels, folds, training)
    kept.mkdir(parents=True, exist_ok=True)
    sides: list[np.ndarray] | None = None
    probabilities = np.empty((len(labels), len(FER2013_LABELS)), np.float32)
    for fold in range(FOLDS):
        answers = kept / f"doubt-{name}-fold-{fold + 1}.npy"
        if not answers.is_file():
            if sides is None:
                sides = [gradient_histograms(images_gray), gradient_histograms(images_gray[:, :, ::-1])]
            answered = _answer_fold(sides, labels, folds == fold, training)
            with replaced_whole(answers) as stream:
                np.save(stream, answered)
        probabilities[folds == fold] = np.load(answers, allow_pickle=False)
        if progress:
            progress((fold + 1) / FOLDS)
    return probabilities


def _answer_fold(
    sides: list[np.ndarray], labels: np.ndarray, held_out: np.ndarray, training: FoldTraining
) -> np.ndarray:
    """Train on all that is not held out, and answer what is: float32 (n, 7)."""
    from sklearn.neural_network import MLPClassifier

    mean = sides[0][~held_out].mean(axis=0)
    deviation = sides[0][~held_out].std(axis=0) + 1e-6
    learnt = [(side[~held_out] - mean) / deviation for side in sides]
    asked = [(side[held_out] - mean) / deviation for side in sides]
    targets = labels[~held_out].astype(np.int64)
    rng = np.random.default_rng(training.seed)
    network = MLPClassifier(
        (training.hidden,), alpha=training.decay, learning_rate_init=training.learning_rate,
        batch_size=min(training.batch_size, len(targets)), random_state=training.seed,
    )  # fmt: skip
    classes = np.arange(len(FER2013_LABELS))
    answered = np.zeros((int(held_out.sum()), len(classes)))
    for epoch in range(training.epochs):
        order = rng.permutation(len(targets))
        mirrored = rng.random(len(targets)) < 0.5
        batch = np.where(mirrored[:, None], learnt[1][order], learnt[0][order])
        batch *= (rng.random(batch.shape, dtype=np.float32) >= training.dropout) / np.float32(
            1 - training.dropout
        )
        network.partial_fit(batch, targets[order], classes=classes)
        if epoch >= training.epochs - training.averaged:
            answered += sum(network.predict_proba(side) for side in asked)
    return (answered / answered.sum(axis=1, keepdims=True)).astype(np.float32)


def _digest(images_gray: np.ndarray, labels: np.ndarray, folds: np.ndarray, training: FoldTraining) -> str:
    """A short text that is another one for other pictures, labels, folds or settings."""
    whole = hashlib.sha256(json.dumps([asdict(training), CELLS]).encode())
    for values in (images_gray, labels, folds):
        whole.update(np.ascontiguousarray(values).tobytes())
    return whole.hexdigest()[:12]
