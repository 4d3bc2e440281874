"""Batches that depend only on (seed, epoch), so that a resumed training sees what it would have seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from fer_core.labels import FERPLUS_LABELS
from fer_core.training.augmentation import FACE_SIZE, Augmentation
from fer_core.training.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras


def one_hot(labels: np.ndarray, classes: int) -> np.ndarray:
    """Labels as one-hot targets: int (N,) -> float32 (N, classes)."""
    targets = np.zeros((len(labels), classes), np.float32)
    targets[np.arange(len(labels)), labels] = 1.0
    return targets


def steps_per_epoch(faces: int, batch_size: int) -> int:
    """Whole batches in that many faces; one where there are fewer than a batch."""
    return max(1, faces // batch_size)


def sample_weights(targets: np.ndarray) -> np.ndarray:
    """float32 (..., C) -> float32 (...): 1, or 0 for a row of zeros, which is a face without a label."""
    return (targets.sum(axis=-1) > 0).astype(np.float32)


def mixup(
    inputs: np.ndarray, targets: Sequence[np.ndarray], share: float, rng: np.random.Generator
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Mixup (arXiv:1710.09412): weighted means of two faces each, and of their targets.

    Args:
        inputs: float32 (B, S, S, 1).
        targets: float32 (B, C) for each head; a row of zeros has no label, and gives none to a mixture.
        share: of the batch, from its start, that becomes mixtures; 0 to 1.
        rng: source of the partners and of the ratios, which are uniform between 0 and 1.

    Returns:
        Changed copies.
    """
    count = round(len(inputs) * share)
    partners = rng.permutation(len(inputs))[:count]
    ratios = rng.random((count, 1)).astype(np.float32)

    def blend(values: np.ndarray) -> np.ndarray:
        shaped = ratios.reshape(count, *[1] * (values.ndim - 1))
        blended = values.copy()
        blended[:count] = shaped * values[:count] + (1 - shaped) * values[partners]
        return blended

    blends = []
    for target in targets:
        blended = blend(target)
        weights = sample_weights(target)
        blended[:count][(weights[:count] * weights[partners]) == 0] = 0.0
        blends.append(blended)
    return blend(inputs), blends


def resize_faces(faces_gray: np.ndarray, size: int) -> np.ndarray:
    """Faces of another size, by area interpolation: uint8 (N, H, W) -> (N, size, size)."""
    if not len(faces_gray) or faces_gray.shape[1:] == (size, size):
        return faces_gray
    return np.stack([cv2.resize(face, (size, size), interpolation=cv2.INTER_AREA) for face in faces_gray])


@dataclass(frozen=True)
class BatchShard:
    """The part of every batch that this process computes: that of devices `first` to `stop` of `devices`."""

    first: int = 0
    stop: int = 1
    devices: int = 1

    def rows(self, batch: int) -> range:
        """Positions in a batch of that many faces."""
        return range(batch * self.first // self.devices, batch * self.stop // self.devices)


WHOLE_BATCH = BatchShard()


@dataclass(frozen=True)
class LabelledFaces:
    """Faces with their labels.

    Attributes:
        faces_gray: uint8 (N, 48, 48).
        labels: int (N,), positions in the label order of the task.
        votes: float32 (N, 8), shares of FER+'s votes, for the second head or in place of the labels; a row
            of zeros has none. None where the labels are all that counts.
        soft_labels: float32 (N, C), the shares of labels among pictures with the same votes, for a recipe that
            mixes them into its targets. None otherwise, and where an epoch is chosen.
    """

    faces_gray: np.ndarray
    labels: np.ndarray
    votes: np.ndarray | None = None
    soft_labels: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.faces_gray.dtype != np.uint8 or self.faces_gray.shape[1:] != (48, 48):
            raise ValueError(
                f"Expected uint8 (N, 48, 48). Received: {self.faces_gray.dtype} {self.faces_gray.shape}"
            )
        if len(self.faces_gray) != len(self.labels):
            raise ValueError(f"{len(self.faces_gray)} faces, but {len(self.labels)} labels")
        if self.votes is not None and self.votes.shape != (len(self.labels), len(FERPLUS_LABELS)):
            raise ValueError(
                f"votes: expected ({len(self.labels)}, {len(FERPLUS_LABELS)}). Received: {self.votes.shape}"
            )
        if self.soft_labels is not None and len(self.soft_labels) != len(self.labels):
            raise ValueError(f"{len(self.labels)} labels, but {len(self.soft_labels)} soft ones")

    def targets(self, recipe: Recipe) -> list[np.ndarray]:
        """float32 (N, C) for each head of the recipe."""
        by_votes = self.votes if recipe.targets == "votes" else None
        targets = [one_hot(self.labels, len(recipe.labels)) if by_votes is None else by_votes]
        if recipe.vote_smoothing and self.soft_labels is not None:
            targets[0] = (1 - recipe.vote_smoothing) * targets[0] + recipe.vote_smoothing * self.soft_labels
        if recipe.companion:
            if self.votes is None:
                raise ValueError(f"{recipe.id} has a second head, but there are no votes for it")
            targets.append(self.votes)
        return targets


@dataclass(frozen=True)
class AugmentedBatches:
    """Makes the batches of a training: the order of the faces, their augmentation and their targets.

    Attributes:
        faces_gray: uint8 (N, 48, 48).
        targets: float32 (N, C) for each output of the network. With several, a row of zeros is a face
            without a label for that output.
        batch_size: faces a step; the last, smaller batch is left out, so that every step weighs the same
            (which faces that are changes with every epoch).
        augmentation: what is done to each face.
        seed: fixes, together with the epoch, the order and every random change.
        mixing: share of each batch that is two faces laid over each other. The two may lie in the parts of two
            processes, so then each process makes the whole batch and keeps its own part.
        shard: the part of each batch that is made here.
    """

    faces_gray: np.ndarray
    targets: Sequence[np.ndarray]
    batch_size: int
    augmentation: Augmentation
    seed: int
    mixing: float = 0.0
    shard: BatchShard = WHOLE_BATCH

    @property
    def steps(self) -> int:
        """Batches in an epoch."""
        return steps_per_epoch(len(self.faces_gray), self.batch_size)

    def order(self, epoch: int) -> np.ndarray:
        """int (N,): the faces of an epoch, counted from 0, one batch after the other."""
        return np.random.default_rng((self.seed, epoch)).permutation(len(self.faces_gray))

    def batch(
        self, order: np.ndarray, epoch: int, index: int, face_size: int = FACE_SIZE
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """One batch of an epoch.

        Args:
            order: what `order` gives for the epoch.
            epoch, index: of the batch, both counted from 0.
            face_size: pixels along each side of what the network gets.

        Returns:
            float32 (B, S, S, 1) grey 0-255, and float32 (B, C) for each output.
        """
        batch = order[index * self.batch_size : (index + 1) * self.batch_size]
        own = self.shard.rows(len(batch))
        part = WHOLE_BATCH.rows(len(batch)) if self.mixing else own
        rows = batch[part.start : part.stop]
        rng = np.random.default_rng((self.seed, epoch, index))
        faces = resize_faces(self.augmentation.apply(self.faces_gray[rows], rng, part, len(batch)), face_size)
        inputs = faces[..., None].astype(np.float32)  # (B, S, S) -> (B, S, S, 1)
        batch_targets = [target[rows] for target in self.targets]
        if self.mixing:
            inputs, batch_targets = mixup(inputs, batch_targets, self.mixing, rng)
            inputs, *batch_targets = (values[own.start : own.stop] for values in (inputs, *batch_targets))
        return inputs, batch_targets


Teacher = Callable[[np.ndarray], Sequence[np.ndarray]]
"""Answers for faces, float32 (B, S, S, 1) -> float32 (B, C) for each output, in place of labels and votes."""


def epoch_batches(
    augmented: AugmentedBatches, epoch: int, *, face_size: int = FACE_SIZE, teacher: Teacher | None = None
) -> keras.utils.PyDataset:
    """The batches of one epoch, shuffled and augmented.

    Args:
        augmented: makes the batches.
        epoch: counted from 0.
        face_size: pixels along each side of what the network gets.
        teacher: answers for the faces of a step in place of their targets.

    Returns:
        A `keras.utils.PyDataset` of (float32 (B, S, S, 1) grey 0-255, float32 (B, C)); with several outputs
        of (faces, one target for each, one weight (B,) for each).
    """
    import keras

    order = augmented.order(epoch)

    class EpochBatches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return augmented.steps

        def __getitem__(self, index: int) -> tuple[Any, ...]:
            inputs, batch_targets = augmented.batch(order, epoch, index, face_size)
            if teacher is not None:
                batch_targets = list(teacher(inputs))
            return with_sample_weights(inputs, batch_targets)

    return EpochBatches(workers=1, use_multiprocessing=False, max_queue_size=16)


def with_sample_weights(inputs: np.ndarray, targets: Sequence[np.ndarray]) -> tuple[Any, ...]:
    """A batch as Keras takes it: with several outputs each target has a weight of 0 where it has no label."""
    if len(targets) == 1:
        return inputs, targets[0]
    return inputs, tuple(targets), tuple(sample_weights(target) for target in targets)


def choice_batches(
    faces_gray: np.ndarray, targets: Sequence[np.ndarray], *, batch_size: int, shard: BatchShard
) -> tuple[keras.utils.PyDataset, int]:
    """The batches of the faces that choose the epoch, in their order.

    Every device gets as many faces, so with several the last batch is filled up with black ones that weigh nothing.

    Args:
        faces_gray: uint8 (N, 48, 48).
        targets: float32 (N, C) for each output of the network.
        batch_size: faces a step, a multiple of the devices.
        shard: the part of each batch that is made here.

    Returns:
        A `keras.utils.PyDataset` like that of `epoch_batches`, with weights also for one output, and the
        number of faces in it, those that fill up included.
    """
    import keras

    count = len(faces_gray)
    padded = count + -count % shard.devices

    def filled(array: np.ndarray, rows: range) -> np.ndarray:
        available = array[rows.start : min(rows.stop, count)]
        missing = len(rows) - len(available)
        return np.concatenate([available, np.zeros((missing, *array.shape[1:]), array.dtype)])

    class ChoiceBatches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return -(-padded // batch_size)

        def __getitem__(self, index: int) -> tuple[Any, ...]:
            start = index * batch_size
            part = shard.rows(min(batch_size, padded - start))
            rows = range(start + part.start, start + part.stop)
            inputs = filled(faces_gray, rows)[..., None].astype(np.float32)  # (B, 48, 48) -> (B, 48, 48, 1)
            batch_targets = tuple(filled(target, rows) for target in targets)
            if len(batch_targets) == 1:
                return inputs, batch_targets[0], (np.arange(rows.start, rows.stop) < count).astype(np.float32)
            # A face without a label is a row of zeros, and so is what fills up.
            return inputs, batch_targets, tuple(sample_weights(target) for target in batch_targets)

    return ChoiceBatches(workers=1, use_multiprocessing=False), padded


def as_fit_input(batches: keras.utils.PyDataset) -> Any:
    """These batches in the form that `fit` and `evaluate` consume fastest, one after the other.

    Under TensorFlow Keras would do the same, but let `tf.data` tune itself. That takes a thread that sleeps ever
    longer, 10 ms at first and a minute in the end, and at the end of every epoch is waited for: measured, for
    as long again as the epoch took. More workers would avoid it too, but Keras then loses the first batch of
    whatever comes first, so that a resumed training would not see what it would have seen.
    """
    import keras

    if keras.backend.backend() != "tensorflow":
        return batches
    import tensorflow as tf

    def specification(part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(specification(each) for each in part)
        return tf.TensorSpec((None, *part.shape[1:]), part.dtype)

    return without_autotuning(
        tf.data.Dataset.from_generator(
            lambda: (batches[index] for index in range(len(batches))),
            output_signature=specification(batches[0]),
        ).apply(tf.data.experimental.assert_cardinality(len(batches)))
    )


def without_autotuning(dataset: Any) -> Any:
    """A `tf.data.Dataset` that prefetches four batches and does not tune itself."""
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.prefetch(4).with_options(options)
