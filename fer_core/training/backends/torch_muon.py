"""The update step of `ConvolutionMuon` under PyTorch, in few and large calls.

Keras changes one variable after the other, in a dozen calls each. PyTorch takes lists of tensors, and kernels of one
width are iterated as one batch of matrices. The arithmetic is that of the class, which a test holds.
"""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def no_grad(step: Callable[..., None]) -> Callable[..., None]:
    """A step through which no gradient flows; `torch.no_grad` with a type."""

    @functools.wraps(step)
    def without(*arguments: Any, **settings: Any) -> None:
        import torch

        with torch.no_grad():
            step(*arguments, **settings)

    return without


class TorchMuonSteps:
    """A mixin before Keras' Muon that replaces its update steps by ones over lists of tensors."""

    # What the class beside this one in the list of bases has.
    weight_decay: float | None
    adam_beta_1: float
    adam_beta_2: float
    epsilon: float
    momentum: float
    rms_rate: float
    muon_a: float
    muon_b: float
    muon_c: float
    ns_steps: int
    ema_momentum: float
    use_ema: bool
    iterations: Any
    learning_rate: Any
    momentums: list[Any]
    adam_velocities: list[Any]
    _model_variables_moving_average: list[Any]
    _get_variable_index: Any
    _use_weight_decay: Any
    _should_use_adamw: Any

    @no_grad
    def _apply_weight_decay(self, variables: Sequence[Any]) -> None:
        import torch

        kernels = [
            each.value
            for each in variables
            if self._use_weight_decay(each) and not self._should_use_adamw(each)
        ]
        if kernels and self.weight_decay:
            torch._foreach_mul_(kernels, 1 - self.weight_decay * _tensor(self.learning_rate, kernels[0]))

    @no_grad
    def _backend_update_step(
        self, gradients: Sequence[Any], variables: Sequence[Any], learning_rate: Any
    ) -> None:
        pairs = list(zip(gradients, variables, strict=True))
        for by_adamw, update in ((False, self._muon_step), (True, self._adamw_step)):
            part = [pair for pair in pairs if self._should_use_adamw(pair[1]) == by_adamw]
            if part:
                update([each for each, _ in part], [each for _, each in part], learning_rate)

    def _adamw_step(self, gradients: list[Any], variables: list[Any], learning_rate: Any) -> None:
        import torch

        places = [self._get_variable_index(variable) for variable in variables]
        values = [variable.value for variable in variables]
        means = [self.momentums[place].value for place in places]
        squares = [self.adam_velocities[place].value for place in places]
        step = self.iterations.value + 1
        corrected = (1 - torch.pow(self.adam_beta_2, step)).sqrt() / (1 - torch.pow(self.adam_beta_1, step))
        torch._foreach_mul_(means, self.adam_beta_1)
        torch._foreach_add_(means, gradients, alpha=1 - self.adam_beta_1)
        torch._foreach_mul_(squares, self.adam_beta_2)
        torch._foreach_addcmul_(squares, gradients, gradients, value=1 - self.adam_beta_2)
        lengths = torch._foreach_sqrt(squares)
        torch._foreach_add_(lengths, self.epsilon)
        updates = torch._foreach_div(means, lengths)
        torch._foreach_mul_(updates, _tensor(learning_rate, values[0]) * corrected.to(values[0].dtype))
        torch._foreach_sub_(values, updates)

    def _muon_step(self, gradients: list[Any], variables: list[Any], learning_rate: Any) -> None:
        import torch

        values = [variable.value for variable in variables]
        means = [self.momentums[self._get_variable_index(variable)].value for variable in variables]
        torch._foreach_mul_(means, self.momentum)
        torch._foreach_add_(means, gradients)
        lookahead = torch._foreach_add(gradients, means, alpha=self.momentum)  # Nesterov's
        shapes = [(math.prod(value.shape[:-1]), value.shape[-1]) for value in values]
        updates = self.nearest_orthogonals(
            [each.reshape(shape) for each, shape in zip(lookahead, shapes, strict=True)]
        )
        updates = [update.reshape(value.shape) for update, value in zip(updates, values, strict=True)]
        updates = torch._foreach_mul(updates, [math.sqrt(max(shape)) * self.rms_rate for shape in shapes])
        torch._foreach_mul_(updates, _tensor(learning_rate, values[0]))
        torch._foreach_sub_(values, updates)

    def nearest_orthogonals(self, matrices: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """`ConvolutionMuon.nearest_orthogonal` of each, those of one width together.

        PyTorch multiplies matrices of float32 in whole float32, also on a GPU, unless it was told otherwise.
        """
        import torch

        tall = [each if each.shape[0] >= each.shape[1] else each.T for each in matrices]  # (m, n), m >= n
        norms = torch._foreach_add(torch._foreach_norm(tall), 1e-7)
        tall = list(torch._foreach_div(tall, norms))
        by_width: dict[int, list[int]] = defaultdict(list)
        for place, x in enumerate(tall):
            by_width[x.shape[1]].append(place)
        results = tall[:]
        for places in by_width.values():
            product = self._newton_schulz(torch.stack([tall[place].T @ tall[place] for place in places]))
            for place, each in zip(places, product, strict=True):
                results[place] = tall[place] @ each
        return [
            result if result.shape == matrix.shape else result.T
            for result, matrix in zip(results, matrices, strict=True)
        ]

    def _newton_schulz(self, gram: torch.Tensor) -> torch.Tensor:
        """The product of the polynomials in these Gram matrices, (K, n, n)."""
        import torch

        identity = torch.eye(gram.shape[-1], dtype=gram.dtype, device=gram.device)
        product = gram
        for step in range(self.ns_steps):
            factor = torch.baddbmm(self.muon_b * gram, gram, gram, alpha=self.muon_c) + self.muon_a * identity
            product = factor if step == 0 else product @ factor
            if step < self.ns_steps - 1:
                gram = factor @ gram @ factor
        return product

    @no_grad
    def _update_model_variables_moving_average(self, variables: Sequence[Any]) -> None:
        import torch

        if not self.use_ema:
            return
        pairs = [
            (average.value, variable.value)
            for average, variable in zip(self._model_variables_moving_average, variables, strict=True)
            if average is not None
        ]
        averages, values = (list(each) for each in zip(*pairs, strict=True))
        later = (self.iterations.value != 0).to(
            values[0].dtype
        )  # the first step leaves nothing of what was before
        decay = later * self.ema_momentum
        torch._foreach_mul_(averages, decay)
        torch._foreach_add_(averages, torch._foreach_mul(values, 1 - decay))


def _tensor(number: Any, like: torch.Tensor) -> torch.Tensor:
    """A rate as a tensor where its values are: a Keras variable, a tensor or a number."""
    import torch

    number = getattr(number, "value", number)
    if isinstance(number, torch.Tensor):
        return number.to(like.device, like.dtype)
    return torch.full((), float(number), dtype=like.dtype, device=like.device)
