"""Batches that depend only on (seed, epoch), so that a resumed training sees what it would have seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from .augmentation import FACE_SIZE, Augmentation

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


def label_weights(targets: np.ndarray) -> np.ndarray:
    """float32 (N, C) -> float32 (N,): 1, or 0 for a row of zeros, which is a face without a label."""
    return (targets.sum(axis=1) > 0).astype(np.float32)


def resized(faces_gray: np.ndarray, size: int) -> np.ndarray:
    """uint8 (N, H, W) -> (N, size, size), each pixel the mean of what it covers."""
    if not len(faces_gray) or faces_gray.shape[1:] == (size, size):
        return faces_gray
    return np.stack([cv2.resize(face, (size, size), interpolation=cv2.INTER_AREA) for face in faces_gray])


def epoch_batches(
    faces_gray: np.ndarray,
    targets: Sequence[np.ndarray],
    *,
    batch_size: int,
    augmentation: Augmentation,
    seed: int,
    epoch: int,
    face_size: int = FACE_SIZE,
) -> keras.utils.PyDataset:
    """One epoch, shuffled and augmented.

    Args:
        faces_gray: uint8 (N, 48, 48).
        targets: float32 (N, C) for each output of the network. With several, a row of zeros is a face
            without a label for that output.
        batch_size: faces a step; the last, smaller batch is left out, so that every step weighs the same
            (which faces that are changes with every epoch).
        augmentation: what is done to each face.
        seed, epoch: together they fix the order and every random change.
        face_size: pixels along each side of what the network gets.

    Returns:
        A `keras.utils.PyDataset` of (float32 (B, S, S, 1) grey 0-255, float32 (B, C)); with several outputs
        of (faces, one target for each, one weight (B,) for each).
    """
    import keras

    order = np.random.default_rng((seed, epoch)).permutation(len(faces_gray))
    steps = steps_per_epoch(len(order), batch_size)

    class EpochBatches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return steps

        def __getitem__(self, index: int) -> tuple[Any, ...]:
            rows = order[index * batch_size : (index + 1) * batch_size]
            rng = np.random.default_rng((seed, epoch, index))
            faces = resized(augmentation.apply(faces_gray[rows], rng), face_size)
            inputs = faces[..., None].astype(np.float32)  # (B, S, S) -> (B, S, S, 1)
            if len(targets) == 1:
                return inputs, targets[0][rows]
            chosen = tuple(target[rows] for target in targets)
            return inputs, chosen, tuple(label_weights(target) for target in chosen)

    return EpochBatches(workers=1, use_multiprocessing=False, max_queue_size=16)
