"""The convolutions of a network number by number, and what each map of the layer before adds to a map.

From the kernels and biases that `NetworkReader.run` computes with.
"""

from __future__ import annotations

import numpy as np

from fer_core.explanation.convolution import Padding, WorkedWindow, windows, worked_window
from fer_core.explanation.layers import Layer
from fer_core.explanation.network_reader import LayerValues

CONVOLUTIONS = ("convolution", "depthwise_convolution")


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


def convolve_at(layer: Layer, number: int, row: int, column: int, values: LayerValues) -> WorkedWindow:
    """How the number of a map at one position comes about.

    Args:
        layer: a convolution.
        number: of the map, from 0 on.
        row: of the map.
        column: of the map.
        values: what the layers hold for a face.

    Returns:
        What lies under the kernels, (kh, kw, in) with a place for each of `inputs_of`, and all that is made of it.

    Raises:
        ValueError: the layer is no convolution.
        IndexError: there is no such map or position.
    """
    kernels = kernels_of(layer, number)
    stride, padding = _steps(layer)
    bias = layer.bias
    return worked_window(
        values[layer.inputs[0]][..., inputs_of(layer, number)],
        kernels,
        row,
        column,
        bias=0.0 if bias is None else float(bias[number]),
        stride=stride,
        padding=padding,
        activation=layer.activation,
    )


def corner_of(layer: Layer, row: int, column: int, values: LayerValues) -> tuple[int, int]:
    """Row and column of the input under the first place of the kernel; negative in the padding.

    Args:
        layer: a convolution.
        row: of the map.
        column: of the map.
        values: what the layers hold for a face.
    """
    stride, padding = _steps(layer)
    size = layer.kernel_size
    assert size is not None  # every convolution has one
    height, width = values[layer.inputs[0]].shape[:2]
    above = windows(height, size[0], stride, padding).before
    left = windows(width, size[1], stride, padding).before
    return row * stride - above, column * stride - left


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
    stride, padding = _steps(layer)
    taken = values[layer.inputs[0]][..., inputs_of(layer, number)]  # -> (H, W, in)
    down, across = (windows(side, len(kernel), stride, padding) for side in taken.shape[:2])
    padded = np.pad(taken, ((down.before, down.after), (across.before, across.after), (0, 0)))
    sums = np.zeros(kernel.shape[-1])
    for y, x in np.ndindex(*kernel.shape[:2]):
        # All numbers that this place of the kernel is multiplied with while it slides.
        under = padded[y::stride, x::stride][: down.count, : across.count]
        sums += kernel[y, x] * under.sum(axis=(0, 1), dtype=np.float64)
    return sums.astype(np.float32)


def _kernel(layer: Layer) -> np.ndarray:
    kernel = layer.kernel
    if kernel is None:
        raise ValueError(f"Expected a layer with weights. Received: {layer.kind}")
    return kernel


def _steps(layer: Layer) -> tuple[int, Padding]:
    """Stride and padding of a convolution."""
    if layer.stride is None or layer.padding is None:
        raise ValueError(f"Expected a convolution. Received: {layer.kind}")
    return layer.stride, layer.padding
