"""Batches that depend only on (seed, epoch), so that a resumed training sees what it would have seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .augmentation import Augmentation

if TYPE_CHECKING:
    import keras


def one_hot(labels: np.ndarray, classes: int) -> np.ndarray:
    """int (N,) -> float32 (N, classes)."""
    targets = np.zeros((len(labels), classes), np.float32)
    targets[np.arange(len(labels)), labels] = 1.0
    return targets


def steps_per_epoch(faces: int, batch_size: int) -> int:
    """Whole batches in that many faces; one where there are fewer than a batch."""
    return max(1, faces // batch_size)


def epoch_batches(
    faces_gray: np.ndarray,
    targets: np.ndarray,
    *,
    batch_size: int,
    augmentation: Augmentation,
    seed: int,
    epoch: int,
) -> keras.utils.PyDataset:
    """One epoch, shuffled and augmented.

    Args:
        faces_gray: uint8 (N, 48, 48).
        targets: float32 (N, C).
        batch_size: faces a step; the last, smaller batch is left out, so that every step weighs the same
            (which faces that are changes with every epoch).
        augmentation: what is done to each face.
        seed, epoch: together they fix the order and every random change.

    Returns:
        A `keras.utils.PyDataset` of (float32 (B, 48, 48, 1) grey 0-255, float32 (B, C)).
    """
    import keras

    order = np.random.default_rng((seed, epoch)).permutation(len(faces_gray))
    steps = steps_per_epoch(len(order), batch_size)

    class EpochBatches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return steps

        def __getitem__(self, index: int) -> tuple[Any, Any]:
            rows = order[index * batch_size : (index + 1) * batch_size]
            rng = np.random.default_rng((seed, epoch, index))
            faces = augmentation.apply(faces_gray[rows], rng)
            return faces[..., None].astype(np.float32), targets[rows]  # (B, 48, 48) -> (B, 48, 48, 1)

    return EpochBatches(workers=1, use_multiprocessing=False, max_queue_size=16)
