"""The end of a LiteRT network, from its last activations that still have positions to its scores.

What a map of the face needs is read from the very file that answers: the activations are made further outputs of
it, and the gradient is propagated back through the few layers behind them. No TensorFlow, no second form of the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fer_core.explanation.litert_graph import LitertGraph, UnknownGraphError

GRADIENT_RANGES = {None: None, "relu": (0.0, np.inf), "relu6": (0.0, 6.0)}
"""Between which outputs of an activation it passes a gradient on."""


@dataclass(frozen=True, eq=False)
class Dense:
    """A dense layer.

    Attributes:
        kernel: float32 (outputs, inputs), int8 weights as the numbers that they stand for.
        output: index of its output tensor.
        gradient_range: the activation passes a gradient on where its output lies strictly between both; None
            where it always does (no activation).
    """

    kernel: np.ndarray
    output: int
    gradient_range: tuple[float, float] | None


@dataclass(frozen=True, eq=False)
class Head:
    """The layers between the last activations with positions and the scores before the softmax.

    Attributes:
        content: the LiteRT file, with activations, features and outputs of the dense layers as further outputs.
        activations: index of the tensor (N, H, W, K), or (2N, H, W, K) where a mirror image goes through as well.
        features: index of the tensor that the layer of the scores takes: (N, D), or (2N, D) where a mirror image
            goes through it as well.
        dense: layers from the scores backwards; the first gives the scores.
        flattened: every position has weights of its own; otherwise the positions are averaged first.
    """

    content: bytes
    activations: int
    features: int
    dense: tuple[Dense, ...]
    flattened: bool

    @property
    def tensors(self) -> tuple[int, ...]:
        """Indices of the tensors whose values `contributions` needs."""
        return (self.activations, *(layer.output for layer in self.dense))

    def contributions(self, values: Mapping[int, np.ndarray], column: int) -> np.ndarray:
        """What each position adds to a score: its activations times the gradient of the score there.

        Args:
            values: tensor to what it held for a batch, for each of `tensors`.
            column: of the score.

        Returns:
            float32 (N, H, W), or (2N, H, W).
        """
        activations = values[self.activations]
        count, height, width, channels = activations.shape
        gradients = np.repeat(self.dense[0].kernel[column][None], count, axis=0)  # -> (N, inputs)
        for layer in self.dense[1:]:
            if layer.gradient_range is not None:
                low, high = layer.gradient_range
                outputs = values[layer.output]
                gradients = gradients * ((outputs > low) & (outputs < high))
            gradients = gradients @ layer.kernel
        if self.flattened:
            position_gradients = gradients.reshape(count, height, width, channels)
        else:
            position_gradients = gradients.reshape(count, 1, 1, channels) / (height * width)
        return np.asarray((activations * position_gradients).sum(axis=-1), np.float32)


def mirror_mean(graph: LitertGraph, operator: Any) -> int | None:
    """The tensor (2N, D) of which an operator is the mean over a face and its mirror image; None of another operator.

    Such a mean is taken over the first axis of (2, N, D).
    """
    rows = graph.producers.get(int(operator.inputs[0])) if graph.operator_name(operator) == "MEAN" else None
    if rows is None or graph.operator_name(rows) != "RESHAPE":
        return None
    if graph.shape(int(rows.outputs[0]))[:1] != (2,) or graph.integers(int(operator.inputs[1])).tolist() != [
        0
    ]:
        return None
    return int(rows.inputs[0])


def read_head(content: bytes) -> Head:
    """Read the end of a LiteRT network: activations, their mean or all of them flattened, dense layers, softmax.

    Raises:
        UnknownGraphError: the network ends in another way.
    """
    graph = LitertGraph(content)
    softmax = next(
        (operator for operator in graph.operators if graph.operator_name(operator) == "SOFTMAX"), None
    )
    if softmax is None:
        raise UnknownGraphError("no softmax")
    tensor, dense, flattened = int(softmax.inputs[0]), [], False
    while graph.positions(tensor) < 2:
        operator = graph.producers.get(tensor)
        operator_name = graph.operator_name(operator) if operator is not None else ""
        if operator is not None and operator_name == "FULLY_CONNECTED":
            gradient_range = GRADIENT_RANGES[graph.activation(operator)]
            dense.append(Dense(graph.weights(operator.inputs[1]), tensor, gradient_range))
            tensor = int(operator.inputs[0])
        elif (
            operator is not None
            and operator_name in ("RESHAPE", "MEAN")
            and dense
            and graph.positions(operator.inputs[0])
        ):
            tensor = int(operator.inputs[0])
            flattened = operator_name == "RESHAPE"
        elif operator is not None and dense and (both := mirror_mean(graph, operator)) is not None:
            # Each row gets half of the gradient of their mean, which makes no difference between positions.
            tensor = both
        else:
            raise UnknownGraphError(f"{operator_name or 'nothing'} before {len(dense)} dense layers")
    features = int(graph.producers[dense[0].output].inputs[0])
    # Of several dense layers the second one's output is the features: no tensor is an output twice.
    further = graph.with_outputs((tensor, features, *(layer.output for layer in dense)))
    return Head(further, tensor, features, tuple(dense), flattened)
