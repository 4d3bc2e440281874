"""A training under PyTorch on an NVIDIA GPU: its step is recorded once and played back (a CUDA graph).

A step of `raut` is more than a thousand short operations. Keras starts them one after the other from Python, which takes
longer than they run; a graph starts all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from fer_core.training.augmentation import FACE_SIZE
from fer_core.training.batches import Teach, with_weights

if TYPE_CHECKING:
    import keras

    from fer_core.training.prefetch import EpochsAhead

WARM_UP = 3
"""Steps before the recording, which learn as all others do: libraries choose their kernels in the first ones."""

TAUGHT_AT_ONCE = 1024
"""Faces that teachers answer for at a time."""

CHECKPOINT_SECONDS = 20.0
"""Epochs take seconds here, so that a checkpoint after each would take as long again."""


def can_record() -> bool:
    """Whether Keras computes with PyTorch on an NVIDIA GPU."""
    import keras

    if keras.backend.backend() != "torch":
        return False
    import torch

    return bool(torch.cuda.is_available())


class RecordedTraining:
    """Learns epoch after epoch like `fit`, by playing its step back.

    Args:
        model: compiled.
        learning_rate_at: from the step to its learning rate.
        ahead: makes the batches; all of them, not the share of one process.
        teach: answers for faces in place of their targets, float32 (N, S, S, 1) -> float32 (N, C) for each output.
    """

    def __init__(
        self,
        model: keras.Model,
        learning_rate_at: Callable[[int], Any],
        ahead: EpochsAhead,
        teach: Teach | None = None,
    ) -> None:
        import torch

        torch.backends.cudnn.benchmark = True  # all batches have one shape
        self._model = model
        self._rate_at = learning_rate_at
        self._ahead = ahead
        self._teach = teach
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._rate = torch.zeros((), device=self._device)
        self._graph: Any = None
        self._batch: Any = None
        self._warm = 0

    def epoch(
        self,
        epoch: int,
        face_size: int = FACE_SIZE,
        next_size: int = FACE_SIZE,
        on_step: Callable[[], None] | None = None,
    ) -> dict[str, float]:
        """Learn one epoch, counted from 0: its losses and accuracies by the names that Keras gives them."""
        import torch

        faces, targets = self._ahead.epoch(epoch, face_size, next_size)
        if self._teach is not None:
            targets = _answers(self._teach, faces)
        # All at once: one copy to the GPU for each, and none in a step.
        on_gpu = [torch.from_numpy(each).to(self._device) for each in _flat(with_weights(faces, targets))]
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
            rates = [float(self._rate_at(step)) for step in range(first, first + steps)]
        return torch.tensor(rates, device=self._device)

    def _step(self, values: list[Any], rate: Any) -> None:
        import torch

        self._rate.copy_(rate)
        if self._batch is None or self._batch[0].shape != values[0].shape:
            self._batch = [value.clone() for value in values]
            self._graph = None
            self._warm = 0
        for place, value in zip(self._batch, values, strict=True):
            place.copy_(value)
        if self._graph is not None:
            self._graph.replay()
            return
        with self._at_the_rate(), _no_copies_from_the_processor():
            if self._device.type != "cuda":  # as in a test: the same steps, one by one
                self._model.train_step(_nested(self._batch))
                return
            if self._warm < WARM_UP:
                self._warm += 1
                aside = torch.cuda.Stream()
                aside.wait_stream(torch.cuda.current_stream())
                with torch.cuda.stream(aside):
                    self._model.train_step(_nested(self._batch))
                torch.cuda.current_stream().wait_stream(aside)
                return
            torch.cuda.synchronize()
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                self._model.train_step(_nested(self._batch))
        self._graph = graph
        self._graph.replay()

    @contextmanager
    def _at_the_rate(self) -> Iterator[None]:
        """Inside, the optimiser reads its rate where each step puts it, in place of asking the schedule."""
        optimizer = self._model.optimizer
        schedule = optimizer._learning_rate
        optimizer._learning_rate = lambda: self._rate
        try:
            yield
        finally:
            optimizer._learning_rate = schedule


def _answers(teach: Teach, faces: np.ndarray) -> list[np.ndarray]:
    """What teachers say of all batches of an epoch, float32 (steps, B, C) for each output."""
    flat = faces.reshape(-1, *faces.shape[2:])  # (steps, B, ...) -> (steps * B, ...)
    parts = [teach(flat[start : start + TAUGHT_AT_ONCE]) for start in range(0, len(flat), TAUGHT_AT_ONCE)]
    heads = [np.concatenate(head) for head in zip(*parts, strict=True)]
    return [head.reshape(*faces.shape[:2], head.shape[-1]) for head in heads]


def _flat(batch: Sequence[Any]) -> list[np.ndarray]:
    """(faces, target), or (faces, targets, weights) with several outputs, as one list."""
    return [each for part in batch for each in (part if isinstance(part, tuple) else (part,))]


def _nested(values: Sequence[Any]) -> tuple[Any, ...]:
    """`_flat` taken back."""
    if len(values) == 2:
        return tuple(values)
    heads = (len(values) - 1) // 2
    return values[0], list(values[1 : 1 + heads]), list(values[1 + heads :])


@contextmanager
def _no_copies_from_the_processor() -> Iterator[None]:
    """Inside, numbers of Python that Keras turns into tensors are made on the GPU.

    They would be copied there, which cannot be recorded.
    """
    import torch
    from torch.overrides import TorchFunctionMode

    class OnTheGpu(TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
        ) -> Any:
            kwargs = kwargs or {}
            if func in (torch.as_tensor, torch.tensor) and not isinstance(args[0], torch.Tensor):
                return _constant(args[0], kwargs.get("dtype"), kwargs.get("device"))
            return func(*args, **kwargs)

    with OnTheGpu():
        yield


_CONSTANTS: dict[Any, Any] = {}


def _constant(value: Any, dtype: Any, device: Any) -> Any:
    """A tensor of one or more numbers; the larger ones are made in the warm-up and used again in the recording."""
    import torch

    if isinstance(value, bool | int | float):
        return torch.full((), value, dtype=dtype, device=device)
    array = np.asarray(value)
    key = (array.tobytes(), array.shape, str(array.dtype), dtype, str(device))
    if key not in _CONSTANTS:
        _CONSTANTS[key] = torch.as_tensor(array, dtype=dtype, device=device)
    return _CONSTANTS[key]
