"""The layers of a LiteRT network, made of the operators of its file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from fer_core.explanation.layers import Layer, Weights
from fer_core.explanation.litert_graph import LitertGraph, UnknownGraphError

CODES = {
    "convolution": "conv",
    "depthwise_convolution": "depthwise",
    "pooling": "pool",
    "addition": "add",
    "multiplication": "multiply",
    "padding": "pad",
}
"""Short names of kinds, for addresses; others keep their own."""

ALWAYS_NUMBERED = ("convolution", "depthwise_convolution", "pooling", "addition", "multiplication", "dense")
SHAPE_ARITHMETIC = ("SHAPE", "STRIDED_SLICE", "PACK")
"""Operators that only work out what a flattened activation's shape is."""


@dataclass(frozen=True, eq=False)
class ReadLayers:
    """What `read_layers` finds.

    Attributes:
        layers: from the input to the softmax.
        tensors: of each layer, the tensor of the file that holds its value.
        mirror: whether the file computes with the mirror image of a face as well and averages both answers.
        temperature: that divides the logarithms of the (averaged) probabilities before the last softmax.
        floor: probabilities below it count as it before their logarithm is taken.
    """

    layers: tuple[Layer, ...]
    tensors: tuple[int, ...]
    mirror: bool
    temperature: float
    floor: float


def read_layers(graph: LitertGraph) -> ReadLayers:
    """The layers of a LiteRT network up to its first softmax, and what it does with the probabilities.

    Raises:
        UnknownGraphError: it has a part that is not known here.
    """
    reader = _LayerReader(graph)
    operators = iter(graph.operators)
    for operator in operators:
        reader.read(operator)
        if reader.layers[-1].kind == "softmax":
            break
    else:
        raise UnknownGraphError("no softmax")
    temperature, floor = reader.read_end(list(operators))
    return ReadLayers(tuple(reader.layers), tuple(reader.tensors), reader.mirror, temperature, floor)


class _LayerReader:
    """Turns operators into layers, one after the other."""

    def __init__(self, graph: LitertGraph) -> None:
        if len(graph.inputs) != 1 or len(graph.outputs) != 1:
            raise UnknownGraphError(f"{len(graph.inputs)} inputs, {len(graph.outputs)} outputs")
        self._graph = graph
        self._places = {graph.inputs[0]: 0}  # tensor -> index of the layer that it is the value of
        self._counts: dict[str, int] = {}
        self.layers = [Layer(0, "input", "input", (), graph.shape(graph.inputs[0])[1:])]
        self.tensors = [graph.inputs[0]]
        self.mirror = False

    def read(self, operator: Any) -> None:
        """Add the layer of an operator."""
        kind = self._graph.operator_name(operator)
        if kind in SHAPE_ARITHMETIC:
            return
        output = int(operator.outputs[0])
        if kind == "REVERSE_V2":
            self._places[output] = self._places[int(operator.inputs[0])]
        elif kind == "CONCATENATION" and operator.builtinOptions.axis == 0:
            # A batch of the face and its mirror image: what follows is read for the first of both.
            self.mirror = True
            self._places[output] = self._places[int(operator.inputs[0])]
        elif kind in ("MUL", "ADD") and any(map(self._graph.is_constant, operator.inputs)):
            self._scaling(operator, kind)
        elif kind in _READERS:
            _READERS[kind](self, operator)
        else:
            raise UnknownGraphError(f"operator {kind}")

    def _append(self, operator: Any, kind: str, **facts: Any) -> None:
        """Add a layer for an operator; what it takes are the tensors that are no constants."""
        taken = [int(tensor) for tensor in operator.inputs if int(tensor) in self._places]
        if not taken:
            raise UnknownGraphError(f"{kind} of nothing that is known")
        output = int(operator.outputs[0])
        self._counts[kind] = number = self._counts.get(kind, 0) + 1
        name = CODES.get(kind, kind) + (str(number) if kind in ALWAYS_NUMBERED or number > 1 else "")
        index = len(self.layers)
        inputs = tuple(self._places[tensor] for tensor in taken)
        if kind == "concatenation":
            inputs = tuple(dict.fromkeys(inputs))
        self.layers.append(Layer(index, kind, name, inputs, self._graph.shape(output)[1:], **facts))
        self.tensors.append(output)
        self._places[output] = index

    def _scaling(self, operator: Any, kind: str) -> None:
        """A multiplication by constants, and an addition of constants behind it, as one layer."""
        taken, constant = map(int, operator.inputs)
        if self._graph.is_constant(taken):
            taken, constant = constant, taken
        number = self._graph.weights(constant).reshape(-1)
        before = self.layers[-1]
        if kind == "MUL":
            self._append(operator, "scaling", scale=number, offset=np.zeros(1, np.float32))
        elif before.kind == "scaling" and self._places.get(taken) == before.index:
            if before.offset is not None and before.offset.any():
                raise UnknownGraphError("two additions of constants")
            self.layers[-1] = replace(before, offset=number)
            self.tensors[-1] = int(operator.outputs[0])
            self._places[self.tensors[-1]] = before.index
        else:
            self._append(operator, "scaling", scale=np.ones(1, np.float32), offset=number)

    def _weights(self, operator: Any) -> Weights:
        tensors = [int(tensor) for tensor in operator.inputs]
        bias = tensors[2] if len(tensors) > 2 and tensors[2] >= 0 else None
        return Weights(self._graph, tensors[1], bias)

    def _convolution(self, operator: Any) -> None:
        options = operator.builtinOptions
        if (options.dilationWFactor, options.dilationHFactor) != (1, 1):
            raise UnknownGraphError("dilation")
        weights = self._weights(operator)
        kernel = self._graph.shape(weights.kernel_tensor)
        output = self._graph.shape(int(operator.outputs[0]))
        depthwise = self._graph.operator_name(operator) == "DEPTHWISE_CONV_2D"
        taken = self._graph.shape(int(operator.inputs[0]))[3]
        if (options.depthMultiplier != 1) if depthwise else (kernel[3] != taken):
            raise UnknownGraphError("groups of maps")
        if kernel[1] != kernel[2]:
            raise UnknownGraphError("a kernel that is not square")
        stride, padding = self._graph.steps(operator)
        self._append(
            operator,
            "depthwise_convolution" if depthwise else "convolution",
            weights=weights,
            stride=stride,
            padding=padding,
            activation=self._graph.activation(operator),
            multiply_accumulates=output[1] * output[2] * prod(kernel),
        )

    def _dense(self, operator: Any) -> None:
        weights = self._weights(operator)
        self._append(
            operator,
            "dense",
            weights=weights,
            activation=self._graph.activation(operator),
            multiply_accumulates=prod(self._graph.shape(weights.kernel_tensor)),
        )

    def _pooling(self, operator: Any) -> None:
        options = operator.builtinOptions
        stride, padding = self._graph.steps(operator)
        self._append(
            operator,
            "pooling",
            stride=stride,
            padding=padding,
            activation=self._graph.activation(operator),
            pool="max" if self._graph.operator_name(operator) == "MAX_POOL_2D" else "average",
            pool_size=(int(options.filterHeight), int(options.filterWidth)),
        )

    def _combination(self, operator: Any) -> None:
        kind = {"ADD": "addition", "MUL": "multiplication", "CONCATENATION": "concatenation"}
        self._append(
            operator,
            kind[self._graph.operator_name(operator)],
            activation=self._graph.activation(operator),
        )

    def _pad(self, operator: Any) -> None:
        rows, columns = self._graph.integers(int(operator.inputs[1]))[1:3].tolist()
        self._append(operator, "padding", edges=(*rows, *columns))

    def _mean(self, operator: Any) -> None:
        if sorted(self._graph.integers(int(operator.inputs[1])).reshape(-1).tolist()) != [1, 2]:
            raise UnknownGraphError("a mean over something else than the positions")
        self._append(operator, "mean")

    def _reshape(self, operator: Any) -> None:
        flat = len(self._graph.shape(int(operator.outputs[0]))) == 2
        self._append(operator, "flatten" if flat else "reshape")

    def _plain(self, operator: Any) -> None:
        kind = {"SOFTMAX": "softmax", "LOGISTIC": "sigmoid"}
        self._append(operator, kind[self._graph.operator_name(operator)])

    def read_end(self, operators: list[Any]) -> tuple[float, float]:
        """Temperature and floor: what happens between the first softmax and the answer of the file."""
        names = [self._graph.operator_name(operator) for operator in operators]
        averaged = ["RESHAPE", "MEAN"] if self.mirror else []
        calibrated = ["MAXIMUM", "LOG", "MUL", "SOFTMAX"]
        if names == averaged:
            return 1.0, 0.0
        if names != averaged + calibrated:
            raise UnknownGraphError(f"{', '.join(names)} after the softmax")
        maximum, _log, product, _softmax = operators[-4:]
        floor, factor = (self._constant_of(operator) for operator in (maximum, product))
        return 1.0 / factor, floor

    def _constant_of(self, operator: Any) -> float:
        constants = [int(tensor) for tensor in operator.inputs if self._graph.is_constant(int(tensor))]
        if len(constants) != 1:
            raise UnknownGraphError("no constant after the softmax")
        return float(self._graph.weights(constants[0]).reshape(()))


_READERS = {
    "CONV_2D": _LayerReader._convolution,
    "DEPTHWISE_CONV_2D": _LayerReader._convolution,
    "FULLY_CONNECTED": _LayerReader._dense,
    "MAX_POOL_2D": _LayerReader._pooling,
    "AVERAGE_POOL_2D": _LayerReader._pooling,
    "ADD": _LayerReader._combination,
    "MUL": _LayerReader._combination,
    "CONCATENATION": _LayerReader._combination,
    "PAD": _LayerReader._pad,
    "MEAN": _LayerReader._mean,
    "RESHAPE": _LayerReader._reshape,
    "SOFTMAX": _LayerReader._plain,
    "LOGISTIC": _LayerReader._plain,
}
