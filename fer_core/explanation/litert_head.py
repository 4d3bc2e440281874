"""The end of a LiteRT network, from its last activations that still have positions to its scores.

What a map of the face needs is read from the very file that answers: the activations are made further outputs of
it, and the gradient is propagated back through the few layers behind them. No TensorFlow, no second form of the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

FILE_IDENTIFIER = b"TFL3"


class UnknownHeadError(ValueError):
    """The file does not end in dense layers behind activations with positions."""


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
        features: index of the tensor (N, D), or (2N, D), that the layer of the scores takes.
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


def read_head(content: bytes) -> Head:
    """Read the end of a LiteRT network: activations, their mean or all of them flattened, dense layers, softmax.

    Raises:
        UnknownHeadError: the network ends in another way.
    """
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(content, 0)
    graph = model.subgraphs[0]
    reader = _GraphReader(model, schema)
    softmax = next(
        (operator for operator in graph.operators if reader.operator_name(operator) == "SOFTMAX"), None
    )
    if softmax is None:
        raise UnknownHeadError("no softmax")
    tensor, dense, flattened = softmax.inputs[0], [], False
    while reader.positions(tensor) < 2:
        operator = reader.producers.get(tensor)
        operator_name = reader.operator_name(operator) if operator is not None else ""
        if operator is not None and operator_name == "FULLY_CONNECTED":
            dense.append(
                Dense(reader.weights(operator.inputs[1]), int(tensor), reader.gradient_range(operator))
            )
            tensor = operator.inputs[0]
        elif (
            operator is not None
            and operator_name in ("RESHAPE", "MEAN")
            and dense
            and reader.positions(operator.inputs[0])
        ):
            tensor = operator.inputs[0]
            flattened = operator_name == "RESHAPE"
        else:
            raise UnknownHeadError(f"{operator_name or 'nothing'} before {len(dense)} dense layers")
    features = int(reader.producers[dense[0].output].inputs[0])
    # Of several dense layers the second one's output is the features: no tensor is an output twice.
    further = dict.fromkeys((int(tensor), features, *(layer.output for layer in dense)))
    graph.outputs = np.array([*graph.outputs, *further], np.int32)
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), FILE_IDENTIFIER)
    return Head(bytes(builder.Output()), int(tensor), features, tuple(dense), flattened)


class _GraphReader:
    """Look-ups in an unpacked LiteRT model."""

    def __init__(self, model: Any, schema: Any) -> None:
        self._model = model
        self._schema = schema
        self._tensors = model.subgraphs[0].tensors
        self._kinds = {number: name for name, number in vars(schema.BuiltinOperator).items()}
        self.producers = {
            tensor: operator for operator in model.subgraphs[0].operators for tensor in operator.outputs
        }

    def operator_name(self, operator: Any) -> str:
        code = self._model.operatorCodes[operator.opcodeIndex]
        # Codes below 127 are in the older of both fields.
        return str(self._kinds.get(max(code.builtinCode, code.deprecatedBuiltinCode), ""))

    def positions(self, tensor: int) -> int:
        """Height times width of (N, H, W, K); 0 of a tensor of another rank."""
        shape = self._tensors[tensor].shape
        return int(shape[1] * shape[2]) if shape is not None and len(shape) == 4 else 0

    def gradient_range(self, operator: Any) -> tuple[float, float] | None:
        kinds = self._schema.ActivationFunctionType
        known = {kinds.NONE: None, kinds.RELU: (0.0, np.inf), kinds.RELU6: (0.0, 6.0)}
        activation = operator.builtinOptions.fusedActivationFunction
        if activation not in known:
            raise UnknownHeadError(f"activation {activation}")
        return known[activation]

    def weights(self, tensor: int) -> np.ndarray:
        """float32 (outputs, inputs)."""
        found = self._tensors[tensor]
        data = self._model.buffers[found.buffer].data
        types = {self._schema.TensorType.FLOAT32: np.float32, self._schema.TensorType.INT8: np.int8}
        if data is None or found.type not in types:
            raise UnknownHeadError(f"weights of type {found.type}")
        stored = np.frombuffer(bytes(data), types[found.type]).reshape(found.shape).astype(np.float32)
        if found.type == self._schema.TensorType.FLOAT32:
            return stored
        # One scale for the layer, or one for each of its outputs.
        scale = np.asarray(found.quantization.scale, np.float32).reshape(-1, 1)
        zero = np.asarray(found.quantization.zeroPoint, np.float32).reshape(-1, 1)
        return np.asarray((stored - zero) * scale, np.float32)
