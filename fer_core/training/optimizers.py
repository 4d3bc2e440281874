"""Optimisers that Keras does not have: Muon for convolution kernels.

Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon) replaces the momentum of a matrix by the nearest
orthogonal one, so that all its directions are learnt at one speed. Keras' own takes matrices only; a kernel
of a convolution is one as well, its patches by its channels.
"""

from __future__ import annotations

import math
from typing import Any

_CLASS: Any = None


def convolution_muon() -> Any:
    """The class, made on first use because its base exists only once Keras is imported.

    `ConvolutionMuon(learning_rate, weight_decay=...)`: Muon for kernels of convolutions, its update scaled to
    the size that AdamW's has (arXiv:2502.16982); AdamW for everything else, undecayed.
    """
    global _CLASS
    if _CLASS is not None:
        return _CLASS
    import keras

    class ConvolutionMuon(keras.optimizers.Muon):
        def _should_use_adamw(self, variable: Any) -> bool:
            return len(variable.shape) != 4

        def _muon_update_step(self, gradient: Any, variable: Any, lr: Any, m: Any) -> None:
            self.assign_add(m, keras.ops.add(gradient, m * (self.momentum - 1)))
            ahead = keras.ops.add(gradient, self.momentum * m)  # Nesterov's
            patch, channels = math.prod(variable.shape[:-1]), variable.shape[-1]
            matrix = keras.ops.reshape(ahead, (patch, channels))  # (k, k, in, out) -> (k*k*in, out)
            update = self.zeropower_via_newtonschulz5(matrix, self.ns_steps)
            scale = math.sqrt(max(patch, channels)) * self.rms_rate
            self.assign_sub(variable, keras.ops.reshape(lr * scale * update, variable.shape))

    _CLASS = ConvolutionMuon
    return _CLASS


def custom_objects() -> dict[str, Any]:
    """What Keras needs to read a checkpoint that was trained with one of these."""
    return {"ConvolutionMuon": convolution_muon()}
