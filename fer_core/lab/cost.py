"""What a network of blocks consists of and costs, in closed form: the page asks at every change, without TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal

from fer_core.lab.settings import Architecture

Kind = Literal["face", "convolution", "pool", "flatten", "mean", "dense", "dropout", "classification"]

FACE_SIDE = 48
KERNEL_SIDE = 3
NORMALISATION_WEIGHTS = ("gamma", "beta", "moving_mean", "moving_variance")


@dataclass(frozen=True)
class LayerCost:
    """A layer of a network of blocks, with the normalisation and the ReLU behind it.

    Attributes:
        name: as in the network and in the names of its weights: `block1_conv1`.
        kind: what it does.
        block: which one it belongs to, from 1; None outside of all blocks.
        output_shape: without the axis of the batch, (height, width, channels) or (values,).
        parameters: its weights, those of the normalisation behind it included.
        macs: multiply-accumulates for one face.
        weights: name and shape of each array of weights.
    """

    name: str
    kind: Kind
    block: int | None
    output_shape: tuple[int, ...]
    macs: int = 0
    weights: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @property
    def parameters(self) -> int:
        """Number of its weights."""
        return sum(prod(shape) for _name, shape in self.weights)


@dataclass(frozen=True)
class Cost:
    """What a network consists of and costs for one face of 48x48.

    Attributes:
        layers: from the face to the classification.
    """

    layers: tuple[LayerCost, ...]

    @property
    def parameters(self) -> int:
        """All weights, also those that are not learnt but counted along (means and variances)."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of convolutions and dense layers, as `fer_core.networks.cost` counts them."""
        return sum(layer.macs for layer in self.layers)


def parameters_and_macs(architecture: Architecture, classes: int) -> Cost:
    """The layers of `fer_core.networks.blocks`, their shapes, parameters and multiply-accumulates.

    Args:
        architecture: as the class puts it together.
        classes: length of the softmax.
    """
    layers = [LayerCost("face_gray", "face", None, (FACE_SIDE, FACE_SIDE, 1))]
    for place, block in enumerate(architecture.blocks, start=1):
        for number in range(1, block.convolutions + 1):
            layers.append(
                _convolution(place, number, layers[-1].output_shape, block.channels, architecture.normalised)
            )
        height, width, channels = layers[-1].output_shape
        layers.append(LayerCost(f"block{place}_pool", "pool", place, (height // 2, width // 2, channels)))
    maps = layers[-1].output_shape
    vector = (prod(maps),) if architecture.ending == "flatten" else maps[-1:]
    layers.append(LayerCost(architecture.ending, architecture.ending, None, vector))
    for number, units in enumerate(architecture.dense_units, start=1):
        layers.append(_dense(f"dense{number}", "dense", layers[-1].output_shape[0], units))
    values = layers[-1].output_shape[0]
    if architecture.dropout:
        layers.append(LayerCost("dropout", "dropout", None, (values,)))
    layers.append(_dense("expression", "classification", values, classes))
    return Cost(tuple(layers))


def weight_shapes(architecture: Architecture, classes: int) -> dict[str, tuple[int, ...]]:
    """Name of each array of weights to its shape, in the order of the network."""
    return dict(
        weight for layer in parameters_and_macs(architecture, classes).layers for weight in layer.weights
    )


def _convolution(
    block: int, number: int, inputs: tuple[int, ...], channels: int, normalised: bool
) -> LayerCost:
    height, width, depth = inputs
    name = f"block{block}_conv{number}"
    kernel = (KERNEL_SIDE, KERNEL_SIDE, depth, channels)
    if normalised:  # which has an offset of its own, so that the convolution needs none
        behind = tuple((f"block{block}_norm{number}/{each}", (channels,)) for each in NORMALISATION_WEIGHTS)
    else:
        behind = ((f"{name}/bias", (channels,)),)
    return LayerCost(
        name,
        "convolution",
        block,
        (height, width, channels),
        height * width * prod(kernel),
        ((f"{name}/kernel", kernel), *behind),
    )


def _dense(name: str, kind: Kind, values: int, units: int) -> LayerCost:
    weights = ((f"{name}/kernel", (values, units)), (f"{name}/bias", (units,)))
    return LayerCost(name, kind, None, (units,), values * units, weights)
