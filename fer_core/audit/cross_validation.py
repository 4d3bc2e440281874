"""Out-of-sample probabilities of every picture of FER2013: five small networks, each of which never saw a fifth.

A network that learnt a picture repeats its label, right or wrong. So the pictures are dealt into five folds, and each
fold is answered by a network that was trained from scratch on the other four. Duplicates and near duplicates stay in
one fold, also mirrored ones, because training mirrors faces: a twin among the training pictures would be the answer.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.near_duplicates import SimilarPairs, pair_groups
from fer_core.files import replaced_whole
from fer_core.training.augmentation import MODERATE
from fer_core.training.recipes.raut import RAUT_COMPACT
from fer_core.training.recipes.recipe import Recipe

FOLDS = 5
SEED = 1

FOLD_CORRELATION = 0.9
"""From this correlation on two similar pictures stay in one fold: below what counts as a near duplicate, because a
twin that is missed gives an answer away, and a picture too many in a group costs nothing."""

FOLD_RECIPE: Recipe = replace(
    RAUT_COMPACT,
    id="doubtful-labels",
    title="Doubtful labels",
    summary="A residual network of 305,000 parameters for the out-of-sample probabilities of FER2013.",
    options={"dropout": 0.2, "widths": [32, 64, 128]},
    epochs=10,
    face_sizes=((0, 24), (3, 32), (9, 48)),
    optimizer="muon",
    weight_decay=0.1,
    warmup_epochs=1,
    label_smoothing=0.0,
    average_momentum=0.0,
    keep="last",
    augmentation=replace(MODERATE, erasing_probability=0.0),
)
"""Small and short, for two cores without a GPU. The last epoch is kept: one chosen by the held-out fold would know
it. Labels are not smoothed, so that probabilities are as certain as the network is."""


def fold_groups(images_gray: np.ndarray, pairs: SimilarPairs) -> np.ndarray:
    """What must stay in one fold: int32 (N,), one number a group; a picture alone is a group, too.

    Args:
        images_gray: uint8 (N, 48, 48).
        pairs: the similar pairs among them.
    """
    _, exact = np.unique(
        np.ascontiguousarray(images_gray).reshape(len(images_gray), -1), axis=0, return_inverse=True
    )
    order = np.argsort(exact, kind="stable")
    same = np.flatnonzero(exact[order][1:] == exact[order][:-1])
    alike = pairs.where(pairs.correlation >= FOLD_CORRELATION)
    groups = pair_groups(
        np.concatenate([alike.first, order[same]]),
        np.concatenate([alike.second, order[same + 1]]),
        len(images_gray),
    )
    return np.where(groups >= 0, groups, np.arange(len(images_gray), dtype=np.int32))


def deal_folds(groups: np.ndarray, labels: np.ndarray, seed: int = SEED) -> np.ndarray:
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


def out_of_sample_probabilities(
    dataset: Fer2013,
    folds: np.ndarray,
    runs: Path,
    *,
    recipe: Recipe = FOLD_RECIPE,
    show_progress: bool = True,
) -> np.ndarray:
    """Train one network for each fold, or go on with it, and let it answer the fold that it never saw.

    Each fold has a folder of its own in `runs`; what is complete there is not trained again.

    Args:
        dataset: all its pictures and labels are used, whatever their split.
        folds: int (N,), from `deal_folds`.
        runs: folder of the checkpoints.
        recipe: what is trained, on FER2013's labels.
        show_progress: a bar with the time left on standard error.

    Returns:
        float32 (N, 7), rows sum to 1, in the order of `FER2013_LABELS`: mean of a face and its mirror image.

    Raises:
        TrainingError: a run there is one of other pictures, labels or settings; the disk is full.
    """
    from fer_core.training.batches import LabelledFaces
    from fer_core.training.fit import best_network, train

    probabilities = np.full((len(dataset), len(recipe.labels)), np.nan, np.float32)
    for fold in range(FOLDS):
        held_out = np.flatnonzero(folds == fold)
        learnt = np.flatnonzero(folds != fold)
        run_dir = runs / f"fold-{fold + 1}"
        answers = run_dir / "out-of-sample.npy"
        if not answers.is_file():
            faces = [
                LabelledFaces(dataset.images_gray[rows], dataset.emotions[rows]) for rows in (learnt, held_out)
            ]
            train(recipe, *faces, run_dir, seed=SEED, resume=True, show_progress=show_progress)
            network = best_network(recipe, run_dir)
            images = dataset.images_gray[held_out][..., None].astype(np.float32)  # (n, 48, 48, 1)
            answered = [network.predict(side, batch_size=256, verbose=0) for side in (images, images[:, :, ::-1])]
            with replaced_whole(answers) as stream:
                np.save(stream, np.mean(answered, axis=0).astype(np.float32))
        probabilities[held_out] = np.load(answers)
    return probabilities
