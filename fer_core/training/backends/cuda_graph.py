"""Training under PyTorch on an NVIDIA GPU: the training step is captured once as a CUDA graph and replayed.

A step of `raut` is more than a thousand short operations. Keras starts them one after the other from Python, which takes
longer than they run; a graph starts all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from fer_core.training.augmentation import FACE_SIZE
from fer_core.training.batches import Teacher, with_sample_weights

if TYPE_CHECKING:
    import keras

    from fer_core.training.prefetch import EpochPrefetcher

WARM_UP_STEPS = 3
"""Steps before the capture, which learn as all others do: libraries choose their kernels in the first ones."""

TEACHER_BATCH_SIZE = 1024
"""Faces that teachers answer for in one batch."""

CHECKPOINT_SECONDS = 20.0
"""The least time between two checkpoints: epochs take seconds here, and writing one after each as long again."""


def cuda_graphs_available() -> bool:
    """Whether Keras computes with PyTorch on an NVIDIA GPU."""
    import keras

    if keras.backend.backend() != "torch":
        return False
    import torch

    return bool(torch.cuda.is_available())


class CudaGraphTraining:
    """Trains epoch after epoch like `fit`, by replaying its step as a CUDA graph.

    Args:
        model: compiled.
        learning_rate_at: from the step to its learning rate.
        prefetcher: makes the batches; whole ones, not the shard of one process.
        teacher: answers for faces in place of their targets, float32 (N, S, S, 1) -> float32 (N, C) for each output.
    """

    def __init__(
        self,
        model: keras.Model,
        learning_rate_at: Callable[[int], Any],
        prefetcher: EpochPrefetcher,
        teacher: Teacher | None = None,
    ) -> None:
        import torch

        torch.backends.cudnn.benchmark = True  # all batches have one shape
        self._model = model
        self._learning_rate_at = learning_rate_at
        self._prefetcher = prefetcher
        self._teacher = teacher
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._learning_rate = torch.zeros((), device=self._device)
        self._graph: Any = None
        self._batch: Any = None
        self._warm_up_done = 0

    def epoch(
        self,
        epoch: int,
        face_size: int = FACE_SIZE,
        next_size: int = FACE_SIZE,
        on_step: Callable[[], None] | None = None,
    ) -> dict[str, float]:
        """Train one epoch, counted from 0; its losses and accuracies by the names that Keras gives them."""
        import torch

        faces, targets = self._prefetcher.epoch(epoch, face_size, next_size)
        if self._teacher is not None:
            targets = _teacher_answers(self._teacher, faces)
        # All at once: one copy to the GPU for each, and none in a step.
        on_gpu = [
            torch.from_numpy(each).to(self._device)
            for each in _flattened_batch(with_sample_weights(faces, targets))
        ]
        self._model.reset_metrics()
        for rate, *values in zip(self._rates(len(faces)), *on_gpu, strict=True):
            self._step(values, rate)
            if on_step is not None:
                on_step()
        return {name: float(value) for name, value in self._model.get_metrics_result().items()}

    def _rates(self, steps: int) -> Any:
        import keras
        import torch

        first = int(self._model.optimizer.iterations)
        with keras.device("cpu:0"):  # each would be a dozen kernels and a wait
            rates = [float(self._learning_rate_at(step)) for step in range(first, first + steps)]
        return torch.tensor(rates, device=self._device)

    def _step(self, values: list[Any], rate: Any) -> None:
        import torch

        self._learning_rate.copy_(rate)
        if self._batch is None or self._batch[0].shape != values[0].shape:
            self._batch = [value.clone() for value in values]
            self._graph = None
            self._warm_up_done = 0
        for buffer, value in zip(self._batch, values, strict=True):
            buffer.copy_(value)
        if self._graph is not None:
            self._graph.replay()
            return
        with self._learning_rate_from_tensor(), _constants_on_the_gpu():
            if self._device.type != "cuda":  # as in a test: the same steps, one by one
                self._model.train_step(_nested_batch(self._batch))
                return
            if self._warm_up_done < WARM_UP_STEPS:
                self._warm_up_done += 1
                side_stream = torch.cuda.Stream()
                side_stream.wait_stream(torch.cuda.current_stream())
                with torch.cuda.stream(side_stream):
                    self._model.train_step(_nested_batch(self._batch))
                torch.cuda.current_stream().wait_stream(side_stream)
                return
            torch.cuda.synchronize()
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                self._model.train_step(_nested_batch(self._batch))
        self._graph = graph
        self._graph.replay()

    @contextmanager
    def _learning_rate_from_tensor(self) -> Iterator[None]:
        """Inside, the optimiser reads its learning rate from a tensor that each step sets, not from the schedule."""
        optimizer = self._model.optimizer
        schedule = optimizer._learning_rate
        optimizer._learning_rate = lambda: self._learning_rate
        try:
            yield
        finally:
            optimizer._learning_rate = schedule


def _teacher_answers(teacher: Teacher, faces: np.ndarray) -> list[np.ndarray]:
    """The teachers' answers to all batches of an epoch, float32 (steps, B, C) for each output."""
    flat = faces.reshape(-1, *faces.shape[2:])  # (steps, B, ...) -> (steps * B, ...)
    parts = [
        teacher(flat[start : start + TEACHER_BATCH_SIZE]) for start in range(0, len(flat), TEACHER_BATCH_SIZE)
    ]
    heads = [np.concatenate(head) for head in zip(*parts, strict=True)]
    return [head.reshape(*faces.shape[:2], head.shape[-1]) for head in heads]


def _flattened_batch(batch: Sequence[Any]) -> list[np.ndarray]:
    """(faces, target), or (faces, targets, weights) with several outputs, as one list."""
    return [each for part in batch for each in (part if isinstance(part, tuple) else (part,))]


def _nested_batch(values: Sequence[Any]) -> tuple[Any, ...]:
    """The inverse of `_flattened_batch`."""
    if len(values) == 2:
        return tuple(values)
    heads = (len(values) - 1) // 2
    return values[0], list(values[1 : 1 + heads]), list(values[1 + heads :])


@contextmanager
def _constants_on_the_gpu() -> Iterator[None]:
    """Inside, numbers of Python that Keras turns into tensors are made on the GPU.

    Otherwise they would be copied there, which a CUDA graph cannot capture.
    """
    import torch
    from torch.overrides import TorchFunctionMode

    class ConstantsOnTheGpu(TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
        ) -> Any:
            kwargs = kwargs or {}
            if func in (torch.as_tensor, torch.tensor) and not isinstance(args[0], torch.Tensor):
                return _constant(args[0], kwargs.get("dtype"), kwargs.get("device"))
            return func(*args, **kwargs)

    with ConstantsOnTheGpu():
        yield


_CONSTANTS: dict[Any, Any] = {}


def _constant(value: Any, dtype: Any, device: Any) -> Any:
    """A tensor of one or more numbers; arrays are made in the warm-up and used again in the capture."""
    import torch

    if isinstance(value, bool | int | float):
        return torch.full((), value, dtype=dtype, device=device)
    array = np.asarray(value)
    key = (array.tobytes(), array.shape, str(array.dtype), dtype, str(device))
    if key not in _CONSTANTS:
        _CONSTANTS[key] = torch.as_tensor(array, dtype=dtype, device=device)
    return _CONSTANTS[key]
