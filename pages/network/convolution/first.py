"""The first convolution of a network, which takes the face itself, as the step that works one out needs it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fer_core.explanation.convolution import Activation, Padding, convolve
from fer_core.explanation.layers import Layer
from fer_core.explanation.network_reader import LayerValues, NetworkReader


@dataclass(frozen=True, eq=False)
class FirstConvolution:
    """What the first convolution takes, has learnt and makes of a face.

    Attributes:
        planes: float32 (48, 48, C), the face in the network's numbers.
        kernels: float32 (k, k, C, K).
        biases: float32 (K,).
        stride: pixels from one window to the next.
        padding: "same" or "valid".
        activation: what follows.
        maps: float32 (H', W', K), what the network itself computes.
    """

    planes: np.ndarray
    kernels: np.ndarray
    biases: np.ndarray
    stride: int
    padding: Padding
    activation: Activation | None
    maps: np.ndarray

    @property
    def size(self) -> int:
        """Side of a kernel."""
        return len(self.kernels)

    @property
    def patch(self) -> int:
        """Side of the patch that is worked out: 5, or larger so that a larger kernel can slide."""
        return max(5, self.size + 2)

    @property
    def takes_grey(self) -> bool:
        """Whether the network takes the grey values 0-255 themselves: its kernels hold the factor."""
        return self.planes.shape[2] == 1 and float(self.planes.max()) > 2 and float(self.planes.min()) >= 0

    def map_of(self, number: int) -> np.ndarray:
        """One map worked out here rather than by the network: float64 (H', W')."""
        return convolve(
            self.planes,
            self.kernels[..., number],
            bias=float(self.biases[number]),
            stride=self.stride,
            padding=self.padding,
            activation=self.activation,
        )


def first_convolution(reader: NetworkReader, values: LayerValues) -> FirstConvolution | None:
    """The first convolution of a network; None where its first layer with weights is another.

    Args:
        reader: of the network.
        values: of its layers, for the face.
    """
    layer = next((each for each in reader.layers if each.weights is not None), None)
    if layer is None or layer.kind != "convolution" or layer.kernel is None or layer.bias is None:
        return None
    before = reader.layers[layer.inputs[0]]
    stride, padding = layer.stride or 1, layer.padding
    if before.kind == "padding" and _as_same(before, len(layer.kernel), stride):
        before, padding = reader.layers[before.inputs[0]], "same"
    return FirstConvolution(
        planes=values[before.index],
        kernels=layer.kernel,
        biases=layer.bias,
        stride=stride,
        padding="same" if padding == "same" else "valid",
        activation=layer.activation,
        maps=values[layer.index],
    )


def _as_same(layer: Layer, size: int, stride: int) -> bool:
    """Whether zeros that a layer of their own adds are those that "same" would add."""
    return stride == 1 and layer.edges == ((size - 1) // 2,) * 4
