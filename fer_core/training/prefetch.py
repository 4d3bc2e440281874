"""Whole epochs of changed faces, made by several processes while the one before is learnt.

A GPU learns an epoch of Raut in less time than one process needs to change its faces.
"""

from __future__ import annotations

import multiprocessing
import os
from functools import lru_cache
from multiprocessing.pool import AsyncResult
from types import TracebackType
from typing import Any

import numpy as np

from fer_core.training.augmentation import FACE_SIZE
from fer_core.training.batches import ChangedFaces

WORKERS = 6
"""At most: they keep a GPU busy, and each holds the faces once."""

_changed: ChangedFaces | None = None


class EpochsAhead:
    """Makes the epochs of a training, one ahead; a context manager that ends its processes.

    Args:
        changed: makes the batches.
        last: the epoch that ends the training, counted from 0; none beyond it is made.
    """

    def __init__(self, changed: ChangedFaces, last: int) -> None:
        self._changed = changed
        self._last = last
        self._begun: dict[tuple[int, int], AsyncResult[Any]] = {}
        workers = max(1, min(WORKERS, (os.cpu_count() or 2) - 1))
        # A process that was forked could not use a GPU's library that its parent has begun to use.
        self._pool = multiprocessing.get_context("spawn").Pool(workers, _keep, (changed,))

    def __enter__(self) -> EpochsAhead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.terminate()
        self._pool.join()

    def epoch(
        self, epoch: int, face_size: int = FACE_SIZE, next_size: int = FACE_SIZE
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """All batches of an epoch; those of the next one are begun.

        Args:
            epoch: counted from 0.
            face_size, next_size: pixels along each side, in this epoch and in the next.

        Returns:
            float32 (steps, B, S, S, 1), and float32 (steps, B, C) for each output.
        """
        self._begin(epoch, face_size)
        made = self._begun.pop((epoch, face_size)).get()
        if epoch < self._last:
            self._begin(epoch + 1, next_size)
        faces = np.stack([inputs for inputs, _targets in made])
        targets = zip(*(targets for _inputs, targets in made), strict=True)
        return faces, [np.stack(each) for each in targets]

    def _begin(self, epoch: int, face_size: int) -> None:
        if (epoch, face_size) not in self._begun:
            jobs = [(epoch, index, face_size) for index in range(self._changed.steps)]
            self._begun[epoch, face_size] = self._pool.map_async(_batch, jobs, chunksize=8)


def _keep(changed: ChangedFaces) -> None:
    global _changed
    _changed = changed


def _kept() -> ChangedFaces:
    if _changed is None:
        raise RuntimeError("a process was started without the faces")
    return _changed


@lru_cache(maxsize=2)
def _order(epoch: int) -> np.ndarray:
    """The same for all batches of an epoch."""
    return _kept().order(epoch)


def _batch(job: tuple[int, int, int]) -> tuple[np.ndarray, list[np.ndarray]]:
    epoch, index, face_size = job
    return _kept().batch(_order(epoch), epoch, index, face_size)
