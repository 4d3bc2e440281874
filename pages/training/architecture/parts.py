"""The parts of a network as the view "Architecture" draws and lists them.

Figures come from the list of layers in the metadata. What feeds what, and in which order, is read from the LiteRT file
where it ships; without it the layers follow one another as they are listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from fer_core.errors import NetworkError
from fer_core.explanation.layers import Layer, Stage, stages_of
from fer_core.explanation.litert_graph import LitertGraph, UnknownGraphError
from fer_core.explanation.read_layers import read_layers
from fer_core.store.folder import find_network, read_litert
from fer_core.store.network import NetworkInfo
from fer_core.store.structure import Block, blocks_of


@dataclass(frozen=True)
class Part:
    """One box of the drawing and one row of the table.

    Attributes:
        kind: of `fer_core.explanation.layers.Stage`.
        number: counts the parts of this kind, from 1 on.
        output_shape: (H, W, K) or (D,).
        parameters: trained ones, normalisation included.
        multiply_accumulates: for one face; for both images where the network looks at the mirror image as well.
        inputs: places of the parts that feed it.
        names: of its layers, as Keras calls them.
        kernel: side of the kernel of a convolution.
        stride: of a convolution; None where it is not known.
        pool: "max" or "average".
        stage: name of the stage on the page Network; "" where the weights do not ship.
    """

    kind: str
    number: int
    output_shape: tuple[int, ...]
    parameters: int
    multiply_accumulates: int
    inputs: tuple[int, ...]
    names: tuple[str, ...] = ()
    kernel: int | None = None
    stride: int | None = None
    pool: str | None = None
    stage: str = ""


def parts_of(info: NetworkInfo) -> tuple[Part, ...]:
    """The parts of a network in order of computation; () where its layers are not listed."""
    return _parts(info.id, str(info.checksum), str(info.record.layers), info)


@st.cache_data(show_spinner=False, max_entries=32)
def _parts(network_id: str, checksum: str, layers: str, _info: NetworkInfo) -> tuple[Part, ...]:
    blocks = blocks_of(_info.record.layers or ())
    if not blocks:
        return ()
    passes = 2 if _info.record.flip_averaging else 1
    listed = tuple(_listed(block, place, blocks, _info, passes) for place, block in enumerate(blocks))
    if _info.ships:
        try:
            read = read_layers(LitertGraph(read_litert(find_network(network_id))))
        except (NetworkError, UnknownGraphError):
            return listed  # another view says what is wrong with the file
        return _in_order_of_the_file(listed, read.layers, stages_of(read.layers)) or listed
    return listed


def _listed(block: Block, place: int, blocks: Sequence[Block], info: NetworkInfo, passes: int) -> Part:
    layers = [(info.record.layers or ())[row] for row in block.rows]
    pools = {"MaxPooling2D": "max", "AveragePooling2D": "average"}
    return Part(
        block.kind,
        block.number,
        block.output_shape,
        block.parameters,
        block.multiply_accumulates * passes,
        (place - 1,) if place else (),
        tuple(layer.name for layer in layers),
        block.kernel,
        _stride(block, blocks[place - 1]) if place else None,
        pools.get(layers[0].type),
    )


def _stride(block: Block, before: Block) -> int | None:
    if block.kernel is None or len(before.output_shape) != 3:
        return None
    return -(-before.output_shape[0] // block.output_shape[0])


def _in_order_of_the_file(
    listed: Sequence[Part], layers: Sequence[Layer], stages: Sequence[Stage]
) -> tuple[Part, ...]:
    """The same parts as the stages of the file have them; () where they are not the same ones."""
    waiting = list(listed)
    parts: list[Part] = []
    for stage in stages:
        layer = layers[stage.layer]
        found = next((part for part in waiting if _is_same(part, stage, layer)), None)
        if found is None and stage.kind != "softmax":
            return ()
        if found is not None:
            waiting.remove(found)
        part = found or Part("softmax", stage.number, stage.output_shape, 0, 0, ())
        stride = layer.stride if part.kernel is not None else None
        parts.append(replace(part, number=stage.number, inputs=stage.inputs, stride=stride, stage=stage.name))
    return () if waiting else tuple(parts)


def _is_same(part: Part, stage: Stage, layer: Layer) -> bool:
    if (part.kind, part.output_shape) != (stage.kind, stage.output_shape):
        return False
    # Beside each other two branches have convolutions of one shape: what they cost tells them apart.
    return part.multiply_accumulates % max(1, layer.multiply_accumulates) == 0 and (
        part.kernel is None or layer.kernel_size == (part.kernel, part.kernel)
    )
