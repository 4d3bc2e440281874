"""A LiteRT file as a graph: its operators, the numbers that its weights stand for, and the same file in other forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from fer_core.explanation.convolution import Activation, Padding

FILE_IDENTIFIER = b"TFL3"
ALIGNMENT = 16  # bytes, that the schema demands of the data of a buffer


class UnknownGraphError(ValueError):
    """The network is not built from the parts that are known here."""


class LitertGraph:
    """Look-ups in the only subgraph of a LiteRT model, and files made from it.

    Args:
        content: the LiteRT file.

    Attributes:
        operators: in order of computation, as the schema has them.
        producers: output tensor to its operator.
        inputs: tensors that the file takes.
        outputs: tensors that it answers with.
    """

    def __init__(self, content: bytes) -> None:
        from ai_edge_litert import schema_py_generated as schema

        self._content = content
        self._schema = schema
        self._model = schema.ModelT.InitFromPackedBuf(content, 0)
        graph = self._model.subgraphs[0]
        self._tensors = graph.tensors
        self._names = {number: name for name, number in vars(schema.BuiltinOperator).items()}
        self.operators: list[Any] = graph.operators
        self.producers = {int(tensor): operator for operator in self.operators for tensor in operator.outputs}
        self.inputs = tuple(map(int, graph.inputs))
        self.outputs = tuple(map(int, graph.outputs))

    def operator_name(self, operator: Any) -> str:
        """Of the schema, such as "CONV_2D"."""
        code = self._model.operatorCodes[operator.opcodeIndex]
        # Codes below 127 are in the older of both fields.
        return str(self._names.get(max(code.builtinCode, code.deprecatedBuiltinCode), ""))

    def shape(self, tensor: int) -> tuple[int, ...]:
        """As the file gives it, for a batch of one."""
        shape = self._tensors[tensor].shape
        return () if shape is None else tuple(map(int, shape))

    def positions(self, tensor: int) -> int:
        """Height times width of (N, H, W, K); 0 of a tensor of another rank."""
        shape = self.shape(tensor)
        return shape[1] * shape[2] if len(shape) == 4 else 0

    def is_constant(self, tensor: int) -> bool:
        """Whether the file holds its value."""
        return tensor >= 0 and self._model.buffers[self._tensors[tensor].buffer].data is not None

    def activation(self, operator: Any) -> Activation | None:
        """What is applied to the output of the operator: None, "relu" or "relu6".

        Raises:
            UnknownGraphError: something else.
        """
        kinds = self._schema.ActivationFunctionType
        known: dict[int, Activation | None] = {kinds.NONE: None, kinds.RELU: "relu", kinds.RELU6: "relu6"}
        activation = operator.builtinOptions.fusedActivationFunction
        if activation not in known:
            raise UnknownGraphError(f"activation {activation}")
        return known[activation]

    def steps(self, operator: Any) -> tuple[int, Padding]:
        """Stride and padding of a convolution or pooling.

        Raises:
            UnknownGraphError: other steps down than across.
        """
        options = operator.builtinOptions
        if options.strideH != options.strideW:
            raise UnknownGraphError("other steps down than across")
        return int(options.strideH), "same" if options.padding == self._schema.Padding.SAME else "valid"

    def integers(self, tensor: int) -> np.ndarray:
        """A constant of whole numbers, such as the axes of a mean.

        Raises:
            UnknownGraphError: the file does not hold it, or as another type.
        """
        found = self._tensors[tensor]
        data = self._model.buffers[found.buffer].data
        types = {self._schema.TensorType.INT32: np.int32, self._schema.TensorType.INT64: np.int64}
        if data is None or found.type not in types:
            raise UnknownGraphError(f"whole numbers of type {found.type}")
        return np.frombuffer(bytes(data), types[found.type]).reshape(self.shape(tensor))

    def weights(self, tensor: int) -> np.ndarray:
        """A constant as float32, 8-bit weights as the numbers that they stand for.

        Raises:
            UnknownGraphError: the file does not hold it, or as another type.
        """
        stored = self._stored(tensor)
        if stored is None:
            raise UnknownGraphError(f"weights of type {self._tensors[tensor].type}")
        if stored.dtype == np.float32:
            return stored
        quantization = self._tensors[tensor].quantization
        # One scale for the layer, or one for each of its outputs, along the axis that the file names.
        along = [1] * stored.ndim
        along[int(quantization.quantizedDimension)] = -1
        if len(quantization.scale) == 1:
            along = [1] * stored.ndim
        scale = np.asarray(quantization.scale, np.float32).reshape(along)
        zero = np.asarray(quantization.zeroPoint, np.float32).reshape(along)
        return np.asarray((stored.astype(np.float32) - zero) * scale, np.float32)

    def _stored(self, tensor: int) -> np.ndarray | None:
        """The numbers of a constant as the file has them, float32 or int8; None of another type."""
        found = self._tensors[tensor]
        data = self._model.buffers[found.buffer].data
        types = {self._schema.TensorType.FLOAT32: np.float32, self._schema.TensorType.INT8: np.int8}
        if data is None or found.type not in types:
            return None
        return np.frombuffer(bytes(data), types[found.type]).reshape(self.shape(tensor))

    def with_outputs(self, tensors: Iterable[int], *, in_float: bool = False) -> bytes:
        """The file with these tensors as further outputs, behind its own.

        Args:
            tensors: to add; one that is named twice is added once.
            in_float: whether 8-bit weights give way to the float32 numbers that they stand for. The file then
                computes in float32 throughout: with 8-bit weights LiteRT rounds what goes into a layer, too.
        """
        # A second reading of the file: what is written is changed in place.
        model = self._schema.ModelT.InitFromPackedBuf(self._content, 0)
        graph = model.subgraphs[0]
        graph.outputs = np.array([*self.outputs, *dict.fromkeys(tensors)], np.int32)
        if in_float:
            for index, tensor in enumerate(graph.tensors):
                if tensor.type == self._schema.TensorType.INT8 and self.is_constant(index):
                    model.buffers[tensor.buffer].data = self.weights(index).reshape(-1).view(np.uint8)
                    tensor.type = self._schema.TensorType.FLOAT32
                    tensor.quantization = None
        return packed(model, len(self._content) * (4 if in_float else 1))


def packed(model: Any, size: int) -> bytes:
    """The LiteRT file of a model.

    Args:
        model: `ModelT` of the schema; its buffers cannot be read any more afterwards.
        size: about how many bytes it has.
    """
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    model.buffers = [_AlignedBuffer(buffer, schema) for buffer in model.buffers]
    builder = flatbuffers.Builder(size)
    builder.Finish(model.Pack(builder), FILE_IDENTIFIER)
    return bytes(builder.Output())


class _AlignedBuffer:
    """A buffer of the schema that writes its data where the schema wants it: its own writer does not align it."""

    def __init__(self, buffer: Any, schema: Any) -> None:
        self._buffer = buffer
        self._schema = schema

    def Pack(self, builder: Any) -> Any:  # noqa: N802 - the name that the writer of the model calls
        data = self._buffer.data
        if data is not None:
            content = np.asarray(data, np.uint8).tobytes()
            builder.Prep(ALIGNMENT, len(content))
            position = builder.CreateByteVector(content)
        self._schema.BufferStart(builder)
        if data is not None:
            self._schema.BufferAddData(builder, position)
        return self._schema.BufferEnd(builder)
