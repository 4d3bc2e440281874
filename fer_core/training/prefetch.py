"""Prefetching of whole epochs: several processes augment the faces of one while the epoch before is learnt.

A GPU learns an epoch of Raut in less time than one process needs to augment its faces.
"""

from __future__ import annotations

import multiprocessing
import os
from functools import lru_cache
from multiprocessing.pool import AsyncResult
from types import TracebackType
from typing import Any

import numpy as np

from fer_core.processes import begin_worker
from fer_core.training.augmentation import FACE_SIZE
from fer_core.training.batches import AugmentedBatches

WORKERS = 6
"""The most processes that prefetch: they keep a GPU busy, and each holds the faces once."""

_batches: AugmentedBatches | None = None


class EpochPrefetcher:
    """Prefetches the epochs of a training, one ahead; a context manager that ends its processes.

    Args:
        batches: makes each batch.
        last: the epoch that ends the training, counted from 0; none beyond it is made.
    """

    def __init__(self, batches: AugmentedBatches, last: int) -> None:
        self._batches = batches
        self._last = last
        self._pending: dict[tuple[int, int], AsyncResult[Any]] = {}
        workers = max(1, min(WORKERS, (os.cpu_count() or 2) - 1))
        # A process that was forked could not use a GPU's library that its parent has begun to use.
        self._pool = multiprocessing.get_context("spawn").Pool(workers, _set_batches, (batches,))

    def __enter__(self) -> EpochPrefetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.terminate()
        self._pool.join()

    def epoch(
        self, epoch: int, face_size: int = FACE_SIZE, next_size: int = FACE_SIZE
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """All batches of an epoch; those of the next one are started in the background.

        Args:
            epoch: counted from 0.
            face_size, next_size: pixels along each side, in this epoch and in the next.

        Returns:
            float32 (steps, B, S, S, 1), and float32 (steps, B, C) for each output.
        """
        self._start(epoch, face_size)
        batches_of_epoch = self._pending.pop((epoch, face_size)).get()
        if epoch < self._last:
            self._start(epoch + 1, next_size)
        faces = np.stack([inputs for inputs, _targets in batches_of_epoch])
        targets = zip(*(targets for _inputs, targets in batches_of_epoch), strict=True)
        return faces, [np.stack(each) for each in targets]

    def _start(self, epoch: int, face_size: int) -> None:
        if (epoch, face_size) not in self._pending:
            jobs = [(epoch, index, face_size) for index in range(self._batches.steps)]
            self._pending[epoch, face_size] = self._pool.map_async(_batch, jobs, chunksize=8)


def _set_batches(batches: AugmentedBatches) -> None:
    global _batches
    begin_worker()
    _batches = batches


def _own_batches() -> AugmentedBatches:
    if _batches is None:
        raise RuntimeError("a process was started without the faces")
    return _batches


@lru_cache(maxsize=2)
def _order(epoch: int) -> np.ndarray:
    """The order of the faces in an epoch, kept for all its batches."""
    return _own_batches().order(epoch)


def _batch(job: tuple[int, int, int]) -> tuple[np.ndarray, list[np.ndarray]]:
    epoch, index, face_size = job
    return _own_batches().batch(_order(epoch), epoch, index, face_size)
