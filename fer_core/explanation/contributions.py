"""What an expression's score is made of: parts that add up to it, behind the last activations with positions.

Behind those activations a network holds only sums: a mean over the positions or all of them flattened, and dense
layers. A dense layer with ReLU is a sum, too, once it is known which of its outputs this face leaves above zero. So
for one face each score is exactly a sum of activations times weights, plus what the biases add. Summed over the maps
these are the numbers that `fer_core.explanation.grad_cam` draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.errors import N_, NetworkError
from fer_core.explanation.layers import Layer
from fer_core.explanation.network_reader import LayerValues


@dataclass(frozen=True, eq=False)
class DenseStep:
    """A dense layer and what it gave for one face.

    Attributes:
        kernel: float (inputs, outputs).
        bias: float (outputs,).
        outputs: float (outputs,), behind the activation.
        passes: bool (outputs,), False where the activation holds the output at a fixed value (ReLU: at 0), so that
            its inputs, changed a little, would change nothing.
    """

    kernel: np.ndarray
    bias: np.ndarray
    outputs: np.ndarray
    passes: np.ndarray


@dataclass(frozen=True, eq=False)
class ScoreParts:
    """Parts that add up to the scores.

    Attributes:
        values: float64 (parts, C): what each part adds to each score.
        constant: float64 (C,): what the biases add.
    """

    values: np.ndarray
    constant: np.ndarray

    @property
    def scores(self) -> np.ndarray:
        """float64 (C,): the sum of all parts and the biases."""
        return np.asarray(self.values.sum(axis=0) + self.constant)

    def strongest(self, columns: tuple[int, ...], count: int) -> np.ndarray:
        """Numbers of the parts that say most, the strongest first: int64 (at most count,).

        Args:
            columns: one score: by what they add to it, whether for or against. Two: by how far they set the first
                above or below the second.
            count: of parts; those that add nothing are left out.
        """
        first, *others = (self.values[:, column] for column in columns)
        weight = np.abs(first - others[0]) if others else np.abs(first)
        order = np.argsort(-weight, kind="stable")[:count]
        return np.asarray(order[weight[order] > 0], np.int64)


@dataclass(frozen=True, eq=False)
class Classification:
    """The classifying part of a network for one face.

    Attributes:
        maps: float (H, W, K), the last activations with positions.
        flattened: all of them go on, each with weights of its own; otherwise the mean of each map.
        dense: the layers, the last one gives the scores.
    """

    maps: np.ndarray
    flattened: bool
    dense: tuple[DenseStep, ...]

    @property
    def entering(self) -> np.ndarray:
        """float64 (H*W*K,) or (K,): what the first dense layer takes."""
        maps = self.maps.astype(np.float64)
        return maps.reshape(-1) if self.flattened else maps.mean(axis=(0, 1))

    @property
    def features(self) -> np.ndarray:
        """float64 (D,): what the layer of the scores takes."""
        return self.dense[-2].outputs.astype(np.float64) if len(self.dense) > 1 else self.entering

    def of_features(self) -> ScoreParts:
        """Each feature times its weight in the layer of the scores, and that layer's bias."""
        last = self.dense[-1]
        return ScoreParts(
            self.features[:, None] * last.kernel.astype(np.float64), last.bias.astype(np.float64)
        )

    def of_maps(self) -> ScoreParts:
        """Each map, all of its positions together."""
        return ScoreParts(self._shares().sum(axis=(0, 1)), self._constant())

    def of_positions(self) -> ScoreParts:
        """Each position, all maps together, row by row: values (H*W, C)."""
        shares = self._shares().sum(axis=2)  # (H, W, K, C) -> (H, W, C)
        return ScoreParts(shares.reshape(-1, shares.shape[-1]), self._constant())

    def _shares(self) -> np.ndarray:
        """float64 (H, W, K, C): activation times all that it is multiplied with on the way to each score."""
        weights = self.dense[-1].kernel  # (outputs of the layer before, C)
        for step in self.dense[-2::-1]:
            weights = step.kernel @ (
                weights * step.passes[:, None]
            )  # in the kernel's own precision: it is large
        height, width, maps = self.maps.shape
        if self.flattened:
            per_position = weights.reshape(height, width, maps, -1)
        else:
            per_position = weights.reshape(1, 1, maps, -1) / (height * width)
        return np.asarray(self.maps.astype(np.float64)[..., None] * per_position)

    def _constant(self) -> np.ndarray:
        """float64 (C,): the scores of maps of zeros, with the same outputs of each layer held at a fixed value."""
        constant = np.zeros(len(self.entering))
        for step in self.dense:
            before_activation = constant.astype(step.kernel.dtype) @ step.kernel + step.bias
            constant = np.where(step.passes, before_activation, step.outputs)
        return constant


_LIMITS = {"relu": (0.0, np.inf), "relu6": (0.0, 6.0)}


def read_classification(layers: Sequence[Layer], values: LayerValues, name: str = "") -> Classification:
    """The classifying part of a network, with what it computed for one face.

    Args:
        layers: of a `fer_core.explanation.network_reader.NetworkReader`.
        values: of the same reader.
        name: of the network, for the error.

    Raises:
        NetworkError: it does not end in dense layers behind a mean over the positions or all of them flattened.
    """
    layer = layers[layers[-1].inputs[0]]
    dense: list[DenseStep] = []
    while layer.kind == "dense" and layer.kernel is not None and layer.bias is not None:
        outputs = values[layer.index]
        low, high = _LIMITS.get(layer.activation or "", (-np.inf, np.inf))
        dense.insert(0, DenseStep(layer.kernel, layer.bias, outputs, (outputs > low) & (outputs < high)))
        layer = layers[layer.inputs[0]]
    if not dense or layer.kind not in ("mean", "flatten"):
        raise NetworkError(
            N_("The network “{name}” is not built in a way that its scores can be taken apart."), name=name
        )
    return Classification(values[layer.inputs[0]], layer.kind == "flatten", tuple(dense))
