"""Epochs that several processes make ahead."""

from __future__ import annotations

import numpy as np

from fer_core.training.augmentation import MODERATE
from fer_core.training.batches import AugmentedBatches, epoch_batches
from fer_core.training.prefetch import EpochPrefetcher

from .job import uneven_faces


def test_epochs_made_ahead_are_those_that_one_process_makes() -> None:
    faces = uneven_faces(40, 3)
    targets = [np.eye(7, dtype=np.float32)[faces.labels], faces.votes]
    augmented = AugmentedBatches(faces.faces_gray, targets, 16, MODERATE, seed=1, mixing=0.5)
    with EpochPrefetcher(augmented, last=2) as prefetcher:
        for epoch, (size, next_size) in enumerate(((24, 24), (24, 48), (48, 48))):
            inputs, made = prefetcher.epoch(epoch, size, next_size)
            batches = epoch_batches(augmented, epoch, face_size=size)
            assert len(inputs) == len(batches) == 2
            for step in range(len(batches)):
                expected, answers, _weights = batches[step]
                np.testing.assert_array_equal(inputs[step], expected)
                for one, other in zip(made, answers, strict=True):
                    np.testing.assert_array_equal(one[step], other)
