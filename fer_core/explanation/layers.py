"""The layers of a LiteRT network and the stages that a reader sees, in order of computation.

What the file folds together stays together: batch normalisation is part of the kernel and bias of the convolution
before it, and a scaling of the grey values of which only a factor is left is part of the first kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from fer_core.explanation.convolution import Activation, Padding
from fer_core.explanation.litert_graph import LitertGraph


@dataclass(frozen=True, eq=False)
class Weights:
    """Kernel and bias of one layer, as they lie in the file."""

    graph: LitertGraph
    kernel_tensor: int
    bias_tensor: int | None

    @property
    def kernel(self) -> np.ndarray:
        """float32, as LiteRT orders it: (out, kh, kw, in), (1, kh, kw, out) or (out, in)."""
        return self.graph.weights(self.kernel_tensor)

    @property
    def bias(self) -> np.ndarray:
        """float32 (out,); 0 where the layer has none."""
        if self.bias_tensor is None:
            shape = self.graph.shape(self.kernel_tensor)
            return np.zeros(shape[-1] if shape[0] == 1 and len(shape) == 4 else shape[0], np.float32)
        return self.graph.weights(self.bias_tensor)


@dataclass(frozen=True, eq=False)
class Layer:
    """One step of the computation.

    Attributes:
        index: position in `NetworkReader.layers`.
        kind: "input", "concatenation" (the grey face in several channels), "scaling", "padding" (with zeros),
            "convolution", "depthwise_convolution", "pooling", "addition", "multiplication", "sigmoid", "mean" (over
            all positions), "flatten", "reshape", "dense" or "softmax".
        name: its code, such as "conv1"; the numbers count layers of a kind.
        inputs: indices of the layers whose values it takes.
        output_shape: (H, W, K) or (D,).
        stride: of a convolution or pooling, the same down and right; None for other layers.
        padding: "same" (zeros are added around) or "valid" (none), of a convolution or pooling.
        activation: applied to the sums: None, "relu" or "relu6".
        pool: "max" or "average".
        pool_size: height and width of what is pooled.
        scale: factor of a scaling, float32 (K,) or (1,).
        offset: what a scaling adds, float32 (K,) or (1,).
        edges: rows above and below, columns left and right that "padding" adds.
        multiply_accumulates: for one face, of convolutions and dense layers, as in the metadata. A network that
            averages a face with its mirror image needs twice as many.
    """

    index: int
    kind: str
    name: str
    inputs: tuple[int, ...]
    output_shape: tuple[int, ...]
    weights: Weights | None = None
    stride: int | None = None
    padding: Padding | None = None
    activation: Activation | None = None
    pool: str | None = None
    pool_size: tuple[int, int] | None = None
    scale: np.ndarray | None = None
    offset: np.ndarray | None = None
    edges: tuple[int, int, int, int] | None = None
    multiply_accumulates: int = 0

    @property
    def kernel(self) -> np.ndarray | None:
        """float32 as Keras orders it: (kh, kw, in, out), depthwise (kh, kw, in, multiplier), dense (in, out).

        Made of the 8-bit weights with every call; None for a layer without weights.
        """
        if self.weights is None:
            return None
        stored = self.weights.kernel
        if self.kind == "dense":
            return stored.T
        if self.kind == "convolution":
            return stored.transpose(1, 2, 3, 0)  # (out, kh, kw, in) -> (kh, kw, in, out)
        return stored[0][..., None]  # (1, kh, kw, in) -> (kh, kw, in, 1)

    @property
    def bias(self) -> np.ndarray | None:
        """float32 (out,); None for a layer without weights."""
        return None if self.weights is None else self.weights.bias

    @property
    def kernel_size(self) -> tuple[int, int] | None:
        """Height and width of the kernel of a convolution, without reading it."""
        if self.weights is None or self.kind == "dense":
            return None
        shape = self.weights.graph.shape(self.weights.kernel_tensor)
        return shape[1], shape[2]

    @property
    def parameters(self) -> int:
        """Weights and biases in the file; normalisation is folded into them."""
        if self.weights is None:
            return 0
        return prod(self.weights.graph.shape(self.weights.kernel_tensor)) + self.output_shape[-1] * (
            self.weights.bias_tensor is not None
        )


@dataclass(frozen=True)
class Stage:
    """Layers that a reader sees as one step.

    Attributes:
        index: position in `NetworkReader.stages`.
        kind: that of its main layer: "input", "convolution", "depthwise_convolution", "pooling", "addition",
            "mean", "flatten", "dense", "softmax", ….
        number: counts the stages of this kind, from 1 on.
        name: code in addresses, such as "conv2" or "pool1"; "input", "mean", "flatten", "softmax".
        layers: indices of its layers; the last one's value is that of the stage.
        inputs: indices of the stages that feed it.
        output_shape: (H, W, K) or (D,).
    """

    index: int
    kind: str
    number: int
    name: str
    layers: tuple[int, ...]
    inputs: tuple[int, ...]
    output_shape: tuple[int, ...]

    @property
    def layer(self) -> int:
        """Index of the layer whose value is that of the stage."""
        return self.layers[-1]


JOINED_WITH_THE_INPUT = ("input", "concatenation", "scaling")
JOINED_WITH_THE_NEXT = ("padding",)


def stages_of(layers: tuple[Layer, ...]) -> tuple[Stage, ...]:
    """The stages that a reader sees: what scales a face belongs to the input, what pads to the layer behind it."""
    groups: list[list[int]] = []
    waiting: list[int] = []
    for layer in layers:
        if (
            groups
            and layer.kind in JOINED_WITH_THE_INPUT
            and layers[groups[-1][-1]].kind in JOINED_WITH_THE_INPUT
        ):
            groups[-1].append(layer.index)
        elif layer.kind in JOINED_WITH_THE_NEXT:
            waiting.append(layer.index)
        else:
            groups.append([*waiting, layer.index])
            waiting = []
    place = {index: number for number, group in enumerate(groups) for index in group}
    stages: list[Stage] = []
    counts: dict[str, int] = {}
    for number, group in enumerate(groups):
        main = layers[group[0] if number == 0 else group[-1]]
        counts[main.kind] = counts.get(main.kind, 0) + 1
        feeding = [place[before] for index in group for before in layers[index].inputs]
        stages.append(
            Stage(
                number,
                main.kind,
                counts[main.kind],
                main.name,
                tuple(group),
                tuple(dict.fromkeys(before for before in feeding if before != number)),
                layers[group[-1]].output_shape,
            )
        )
    return tuple(stages)
