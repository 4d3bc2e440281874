"""The structure of a network from the list of its layers in the metadata: blocks, kernels, multiply-accumulates.

The list has shapes and numbers of parameters only, for networks whose weights do not ship as well; what a convolution
costs follows from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt, prod

from fer_core.store.record import Layer

KINDS = {
    "InputLayer": "input",
    "Conv2D": "convolution",
    "DepthwiseConv2D": "depthwise_convolution",
    "MaxPooling2D": "pooling",
    "AveragePooling2D": "pooling",
    "Add": "addition",
    "Multiply": "multiplication",
    "GlobalAveragePooling2D": "mean",
    "Flatten": "flatten",
    "Reshape": "reshape",
    "Dense": "dense",
}
"""Layers of Keras that begin a block, and the kind of the block; others belong to the block before them."""

NORMALISATIONS = ("BatchNormalization", "FusedBatchNormalization")


@dataclass(frozen=True)
class Block:
    """A layer with what only scales, normalises, switches off or drops what comes out of it.

    Attributes:
        kind: of `KINDS`, as in `fer_core.explanation.layers.Stage`.
        number: counts the blocks of this kind, from 1 on.
        rows: places of its layers in the list, the main one first.
        output_shape: (H, W, K) or (D,).
        parameters: of all its layers.
        multiply_accumulates: for one face.
        kernel: side of the kernel of a convolution; None for other blocks.
    """

    kind: str
    number: int
    rows: tuple[int, ...]
    output_shape: tuple[int, ...]
    parameters: int
    multiply_accumulates: int
    kernel: int | None = None


def multiply_accumulates(layers: Sequence[Layer]) -> list[int]:
    """Those of each layer in the list for one face, as `fer_core.networks.cost` counts them: without biases."""
    return [cost for cost, _kernel in _costs(layers)]


def blocks_of(layers: Sequence[Layer]) -> tuple[Block, ...]:
    """The blocks of a network in the order of the list; () where there is none or where sides have any length."""
    if any(None in _without_batch(layer) for layer in layers):
        return ()
    costs = _costs(layers)
    groups: list[list[int]] = []
    for row, layer in enumerate(layers):
        if layer.type in KINDS or not groups:
            groups.append([row])
        elif layer.type in NORMALISATIONS:
            _group_to_normalise(groups, layers, row).append(row)
        else:
            groups[-1].append(row)
    blocks: list[Block] = []
    counts: dict[str, int] = {}
    for rows in groups:
        kind = KINDS.get(layers[rows[0]].type, layers[rows[0]].type)
        counts[kind] = counts.get(kind, 0) + 1
        # The face in several channels belongs to the input; what pads for a layer behind does not change the block.
        last = layers[rows[-1]] if kind == "input" else layers[rows[0]]
        if kind == "input":
            last = next(layers[row] for row in reversed(rows) if layers[row].type != "ZeroPadding2D")
        blocks.append(
            Block(
                kind,
                counts[kind],
                tuple(rows),
                _sides(last),
                sum(layers[row].parameters for row in rows),
                sum(costs[row][0] for row in rows),
                costs[rows[0]][1],
            )
        )
    return tuple(blocks)


def _group_to_normalise(groups: list[list[int]], layers: Sequence[Layer], row: int) -> list[int]:
    """The first convolution of this shape that is not normalised yet: two branches may stand between each other."""
    for rows in groups[-4:]:
        taken = any(layers[other].type in NORMALISATIONS for other in rows)
        if not taken and rows[0] > 0 and layers[rows[0]].output_shape == layers[row].output_shape:
            return rows
    return groups[-1]


def _without_batch(layer: Layer) -> tuple[int | None, ...]:
    """The shape of what comes out; in older metadata a None for the batch stands in front."""
    shape = layer.output_shape
    return shape[1:] if len(shape) in (2, 4) and shape[0] is None else shape


def _sides(layer: Layer) -> tuple[int, ...]:
    return tuple(side for side in _without_batch(layer) if side is not None)


def _costs(layers: Sequence[Layer]) -> list[tuple[int, int | None]]:
    """Multiply-accumulates and side of the kernel of each layer."""
    costs: list[tuple[int, int | None]] = []
    for row, layer in enumerate(layers):
        shape = _sides(layer)
        if layer.type == "Dense":
            positions, outputs = prod(shape[:-1]), shape[-1]
            before = [_sides(other)[-1] for other in layers[:row] if other.output_shape]
            # A bias is one parameter more than inputs for each output; whether there is one the input tells.
            with_bias = not before or before[-1] * outputs != layer.parameters
            costs.append((positions * (layer.parameters - (outputs if with_bias else 0)), None))
        elif layer.type in ("Conv2D", "DepthwiseConv2D") and len(shape) == 3:
            weights, kernel = _convolution(layers, row)
            costs.append((shape[0] * shape[1] * weights, kernel))
        else:
            costs.append((0, None))
    return costs


def _convolution(layers: Sequence[Layer], row: int) -> tuple[int, int | None]:
    """Weights without biases, and side of the kernel, of a convolution with square kernels."""
    layer = layers[row]
    maps = _sides(layer)[-1]
    before = [_sides(other)[-1] for other in layers[:row] if other.output_shape]
    # Behind two branches the layer before in the list is not always the one that feeds this one.
    for channels in dict.fromkeys(reversed(before)):
        single = maps if layer.type == "DepthwiseConv2D" else channels * maps
        for weights in (layer.parameters, layer.parameters - maps):
            side = isqrt(weights // single)
            if side and weights == side * side * single:
                return weights, side
    return layer.parameters, None
