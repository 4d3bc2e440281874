"""The LiteRT file of a head: a network that ships up to its features, and another classification behind them.

A head that is learnt is a matrix and a bias. With the network below it, it is a file like any other, so that trying it,
maps and other programs need nothing else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fer_core.explanation.litert_graph import LitertGraph, UnknownGraphError, packed
from fer_core.explanation.litert_head import mirror_mean, read_head


def head_litert(base_content: bytes, weights: np.ndarray, bias: np.ndarray) -> bytes:
    """Put a classification behind the features of a network.

    Args:
        base_content: LiteRT file of a network that ships, (N, 48, 48, 1) grey 0-255 -> (N, labels).
        weights: float32 (D, C), D being the features that `fer_core.explanation.features.FeatureReader` reads.
        bias: float32 (C,).

    Returns:
        A LiteRT file (N, 48, 48, 1) grey 0-255 -> float32 (N, C), softmax(features @ weights + bias); of a network
        that averages a face with its mirror image the features are the mean of both. The layers below are those of
        the network, bit by bit; the classification is in float32.

    Raises:
        UnknownGraphError: the network does not end in dense layers behind activations with positions.
        ValueError: the weights are not for this number of features, or hold a value that is no number.
    """
    graph = LitertGraph(base_content)
    features = read_head(base_content).features
    width = feature_width(base_content)
    if weights.ndim != 2 or len(weights) != width or bias.shape != weights.shape[1:]:
        raise ValueError(f"Expected ({width}, C) and (C,). Received: {weights.shape} and {bias.shape}")
    if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
        raise ValueError("Expected finite weights")
    below = _operators_below(graph, features)
    behind = set(range(len(graph.operators))) - below
    writer = _HeadWriter(base_content, features, below)
    if any(mirror_mean(graph, graph.operators[place]) is not None for place in behind):
        writer.average_with_mirror_image(width)
    writer.classify(np.asarray(weights, np.float32), np.asarray(bias, np.float32))
    return writer.content()


def feature_width(base_content: bytes) -> int:
    """How many features a network has: the length of what a head on it takes.

    Raises:
        UnknownGraphError: as `head_litert`.
    """
    return int(LitertGraph(base_content).shape(read_head(base_content).features)[-1])


def _operators_below(graph: LitertGraph, tensor: int) -> set[int]:
    """Places of the operators that a tensor is computed with."""
    places = {id(operator): place for place, operator in enumerate(graph.operators)}
    below: set[int] = set()
    waiting = [tensor]
    while waiting:
        operator = graph.producers.get(waiting.pop())
        if operator is not None and places[id(operator)] not in below:
            below.add(places[id(operator)])
            waiting.extend(map(int, operator.inputs))
    return below


class _HeadWriter:
    """Leaves some operators of a LiteRT model, and puts others behind them, one after the other."""

    def __init__(self, content: bytes, last: int, left: set[int]) -> None:
        from ai_edge_litert import schema_py_generated as schema

        self._schema = schema
        self._size = len(content)
        self._model = schema.ModelT.InitFromPackedBuf(content, 0)
        self._graph = self._model.subgraphs[0]
        self._last = last  # tensor that the next operator takes
        self._graph.operators = [self._graph.operators[place] for place in sorted(left)]

    def average_with_mirror_image(self, width: int) -> None:
        """(2N, D), first all faces and then their mirror images -> (N, D)."""
        shape = self._constant("pairs", np.array([2, -1, width], np.int32))
        pairs = self._tensor("features_of_both", (2, 1, width), (2, -1, width))
        self._operator("RESHAPE", [self._last, shape], pairs)
        axis = self._constant("first_axis", np.array([0], np.int32))
        options = self._schema.ReducerOptionsT()
        options.keepDims = False
        self._operator("MEAN", [pairs, axis], self._rows("features", width), "ReducerOptions", options)

    def classify(self, weights: np.ndarray, bias: np.ndarray) -> None:
        """(N, D) -> probabilities (N, C)."""
        classes = len(bias)
        kernel = self._constant("head_kernel", np.ascontiguousarray(weights.T))
        constants = [kernel, self._constant("head_bias", bias)]
        options = self._schema.FullyConnectedOptionsT()
        scores = self._rows("scores", classes)
        self._operator("FULLY_CONNECTED", [self._last, *constants], scores, "FullyConnectedOptions", options)
        softmax = self._schema.SoftmaxOptionsT()
        softmax.beta = 1.0
        self._operator("SOFTMAX", [scores], self._rows("probabilities", classes), "SoftmaxOptions", softmax)

    def content(self) -> bytes:
        """The file, with what the newest operator gives as its answer, and without what is not used any more."""
        self._graph.outputs = np.array([self._last], np.int32)
        for signature in self._model.signatureDefs or []:
            if len(signature.outputs) != 1:
                raise UnknownGraphError(f"{len(signature.outputs)} answers")
            signature.outputs[0].tensorIndex = self._last
        self._drop_unused_tensors()
        return packed(self._model, self._size)

    def _rows(self, name: str, width: int) -> int:
        return self._tensor(name, (1, width), (-1, width))

    def _tensor(
        self, name: str, shape: tuple[int, ...], signature: tuple[int, ...] | None, kind: Any = None
    ) -> int:
        tensor = self._schema.TensorT()
        tensor.name = name
        tensor.shape = np.array(shape, np.int32)
        tensor.shapeSignature = None if signature is None else np.array(signature, np.int32)
        tensor.type = self._schema.TensorType.FLOAT32 if kind is None else kind
        tensor.buffer = len(self._model.buffers)
        tensor.hasRank = True
        self._model.buffers.append(self._schema.BufferT())
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1

    def _constant(self, name: str, values: np.ndarray) -> int:
        types = {"float32": self._schema.TensorType.FLOAT32, "int32": self._schema.TensorType.INT32}
        tensor = self._tensor(name, values.shape, None, types[str(values.dtype)])
        self._model.buffers[-1].data = values.reshape(-1).view(np.uint8)
        return tensor

    def _operator(
        self, kind: str, inputs: list[int], output: int, options_type: str = "NONE", options: Any = None
    ) -> None:
        number = getattr(self._schema.BuiltinOperator, kind)
        code = self._schema.OperatorCodeT()
        code.builtinCode, code.deprecatedBuiltinCode, code.version = number, number, 1
        operator = self._schema.OperatorT()
        operator.opcodeIndex = len(self._model.operatorCodes)
        operator.inputs, operator.outputs = np.array(inputs, np.int32), np.array([output], np.int32)
        operator.builtinOptionsType = getattr(self._schema.BuiltinOptions, options_type)
        operator.builtinOptions = options
        self._model.operatorCodes.append(code)
        self._graph.operators.append(operator)
        self._last = output

    def _drop_unused_tensors(self) -> None:
        used = {int(tensor) for tensor in (*self._graph.inputs, *self._graph.outputs)}
        for operator in self._graph.operators:
            used.update(int(tensor) for tensor in (*operator.inputs, *operator.outputs) if tensor >= 0)
        kept = sorted(used)
        place = {-1: -1} | {
            tensor: index for index, tensor in enumerate(kept)
        }  # -1: an input that is left out

        def moved(tensors: Any) -> np.ndarray:
            return np.array([place[int(tensor)] for tensor in tensors], np.int32)

        self._graph.tensors = [self._graph.tensors[tensor] for tensor in kept]
        self._graph.inputs, self._graph.outputs = moved(self._graph.inputs), moved(self._graph.outputs)
        for operator in self._graph.operators:
            operator.inputs, operator.outputs = moved(operator.inputs), moved(operator.outputs)
        for signature in self._model.signatureDefs or []:
            for each in (*signature.inputs, *signature.outputs):
                each.tensorIndex = place[each.tensorIndex]
        named = {tensor.buffer for tensor in self._graph.tensors}
        named.update(each.buffer for each in self._model.metadata or [])
        for index, buffer in enumerate(self._model.buffers):
            if index not in named:
                buffer.data = None
