"""A convolution number by number, and what each map of the stage before adds to a map.

All of it in float32 from the same kernels and biases that `NetworkReader.run` computes with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fer_core.explanation.layers import Layer
from fer_core.explanation.network_reader import LayerValues

CONVOLUTIONS = ("convolution", "depthwise_convolution")


@dataclass(frozen=True, eq=False)
class WorkedConvolution:
    """One number of a map, and everything that it is computed from.

    Attributes:
        top: row of the input under the first row of the kernel; negative in the padding above.
        left: its column; negative in the padding on the left.
        patch: float32 (kh, kw, in), the input under the kernel, 0 in the padding.
        inside: bool (kh, kw), False in the padding.
        kernel: float32 (kh, kw, in).
        products: float32 (kh, kw, in), patch times kernel.
        sum: of all products.
        bias: what is added to it.
        activation: applied to the sum with the bias: None, "relu" or "relu6".
        result: the number in the map.
    """

    top: int
    left: int
    patch: np.ndarray
    inside: np.ndarray
    kernel: np.ndarray
    products: np.ndarray
    sum: float
    bias: float
    activation: str | None
    result: float


def activate(values: np.ndarray, activation: str | None) -> np.ndarray:
    """ReLU (nothing below 0) or ReLU6 (nor above 6) applied, or the values as they are."""
    if activation is None:
        return values
    return np.clip(values, 0, 6 if activation == "relu6" else None)


def padding_before(size: int, window: int, stride: int, padding: str) -> int:
    """Rows above, or columns on the left, that a window of this size needs on `size` rows or columns.

    With "same", TensorFlow and LiteRT add what `ceil(size / stride)` windows need, the odd one behind.

    Args:
        padding: "same" or "valid".
    """
    if padding == "valid":
        return 0
    return max((-(-size // stride) - 1) * stride + window - size, 0) // 2


def inputs_of(layer: Layer, number: int) -> np.ndarray:
    """Which maps of the layer before feed a map, as indices (in,): all of them, or only that one (depthwise)."""
    if layer.kind == "depthwise_convolution":
        return np.array([number])
    kernel = _kernel(layer)
    return np.arange(kernel.shape[-2])


def kernels_of(layer: Layer, number: int) -> np.ndarray:
    """The kernels that make one map of a convolution.

    Args:
        layer: a convolution.
        number: of the map, from 0 on.

    Returns:
        float32 (kh, kw, in), one kernel for each of `inputs_of`.

    Raises:
        ValueError: the layer is no convolution.
    """
    if layer.kind not in CONVOLUTIONS:
        raise ValueError(f"Expected a convolution. Received: {layer.kind}")
    kernel = _kernel(layer)
    return kernel[:, :, number] if layer.kind == "depthwise_convolution" else kernel[..., number]


def convolve_at(layer: Layer, number: int, row: int, column: int, values: LayerValues) -> WorkedConvolution:
    """How the number of a map at one position comes about.

    Args:
        layer: a convolution.
        number: of the map, from 0 on.
        row: of the map.
        column: of the map.
        values: what the layers hold for a face.

    Raises:
        ValueError: the layer is no convolution.
        IndexError: there is no such map or position.
    """
    kernel = kernels_of(layer, number)
    rows, columns, maps = layer.output_shape
    if not (0 <= row < rows and 0 <= column < columns and 0 <= number < maps):
        raise IndexError(f"Expected a position of {layer.output_shape}. Received: {(row, column, number)}")
    taken = values[layer.inputs[0]][..., inputs_of(layer, number)]  # -> (H, W, in)
    padded, above, left = _padded(layer, taken)
    (down, right), (height, width) = _stride(layer), kernel.shape[:2]
    top, first = row * down, column * right
    patch = padded[top : top + height, first : first + width]
    rows_of_face = np.arange(height) + top - above
    columns_of_face = np.arange(width) + first - left
    inside = np.outer(
        (rows_of_face >= 0) & (rows_of_face < taken.shape[0]),
        (columns_of_face >= 0) & (columns_of_face < taken.shape[1]),
    )
    products = patch * kernel
    bias = layer.bias
    assert bias is not None  # every convolution has one, if only of 0
    total = float(products.sum())
    result = activate(np.asarray(total + float(bias[number]), np.float32), layer.activation)
    return WorkedConvolution(
        top - above, first - left, patch, inside, kernel, products, total, float(bias[number]), layer.activation,
        float(result),
    )  # fmt: skip


def contribution_of_inputs(layer: Layer, number: int, values: LayerValues) -> np.ndarray:
    """How much each input adds to one map of a convolution, or to one output of a dense layer.

    Args:
        layer: a convolution or a dense layer.
        number: of the map or output, from 0 on.
        values: what the layers hold for a face.

    Returns:
        float32 (in,), in the order of `inputs_of` or of the values that the dense layer takes. For a convolution
        summed over all positions of the map, before bias and activation; for a dense layer the products, which
        with the bias add up to what the activation takes.

    Raises:
        ValueError: the layer is neither.
    """
    if layer.kind == "dense":
        return np.asarray(values[layer.inputs[0]].reshape(-1) * _kernel(layer)[:, number], np.float32)
    kernel = kernels_of(layer, number)
    taken = values[layer.inputs[0]][..., inputs_of(layer, number)]  # -> (H, W, in)
    padded, _above, _left = _padded(layer, taken)
    (down, right), (rows, columns) = _stride(layer), layer.output_shape[:2]
    sums = np.zeros(kernel.shape[-1], np.float64)
    for y, x in np.ndindex(*kernel.shape[:2]):
        # All numbers that this place of the kernel is multiplied with while it slides.
        under = padded[y : y + rows * down : down, x : x + columns * right : right][:rows, :columns]
        sums += kernel[y, x] * under.sum(axis=(0, 1), dtype=np.float64)
    return sums.astype(np.float32)


def _kernel(layer: Layer) -> np.ndarray:
    kernel = layer.kernel
    if kernel is None:
        raise ValueError(f"Expected a layer with weights. Received: {layer.kind}")
    return kernel


def _stride(layer: Layer) -> tuple[int, int]:
    return layer.stride if layer.stride is not None else (1, 1)


def _padded(layer: Layer, taken: np.ndarray) -> tuple[np.ndarray, int, int]:
    """The input (H, W, in) with the zeros around that the layer adds, and how many rows above and columns left."""
    size = layer.kernel_size
    assert size is not None
    edges, befores = [], []
    for length, window, stride, steps in zip(
        taken.shape[:2], size, _stride(layer), layer.output_shape[:2], strict=True
    ):
        before = padding_before(length, window, stride, layer.padding or "valid")
        edges.append((before, max((steps - 1) * stride + window - length - before, 0)))
        befores.append(before)
    return np.pad(taken, (*edges, (0, 0))), befores[0], befores[1]
