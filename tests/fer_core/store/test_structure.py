"""Blocks, kernels and multiply-accumulates from the list of layers: by hand, and of every network with figures."""

from __future__ import annotations

import pytest

from fer_core.store.folder import list_measured
from fer_core.store.network import NetworkInfo
from fer_core.store.record import Layer
from fer_core.store.structure import blocks_of, multiply_accumulates


@pytest.mark.parametrize("info", list_measured(), ids=lambda info: info.id)
def test_the_layers_add_up_to_what_the_metadata_say(info: NetworkInfo) -> None:
    layers = info.record.layers or ()
    passes = 2 if info.record.flip_averaging else 1  # the mirror image goes through, too
    assert sum(multiply_accumulates(layers)) * passes == info.macs
    blocks = blocks_of(layers)
    assert sum(block.multiply_accumulates for block in blocks) * passes == info.macs
    assert sum(block.parameters for block in blocks) == info.parameters
    assert sorted(row for block in blocks for row in block.rows) == list(range(len(layers)))


def layer(kind: str, shape: tuple[int | None, ...], parameters: int = 0) -> Layer:
    return Layer(kind.lower(), kind, shape, parameters)


INPUT = layer("InputLayer", (48, 48, 1))


def test_a_convolution_costs_its_weights_at_each_place_and_a_bias_nothing() -> None:
    # 3x3 on one map, eight kernels: 72 weights, and eight biases or none.
    with_bias, without = (layer("Conv2D", (24, 24, 8), count) for count in (80, 72))
    assert (
        multiply_accumulates([INPUT, with_bias])
        == multiply_accumulates([INPUT, without])
        == [0, 24 * 24 * 72]
    )
    assert blocks_of([INPUT, with_bias])[1].kernel == blocks_of([INPUT, without])[1].kernel == 3


def test_a_depthwise_convolution_has_one_kernel_a_map() -> None:
    layers = [INPUT, layer("Conv2D", (48, 48, 8), 8), layer("DepthwiseConv2D", (24, 24, 8), 5 * 5 * 8)]
    assert multiply_accumulates(layers) == [0, 48 * 48 * 8, 24 * 24 * 200]
    assert [block.kernel for block in blocks_of(layers)] == [None, 1, 5]


def test_a_dense_layer_costs_its_weights() -> None:
    flat = layer("Flatten", (10,))
    assert multiply_accumulates([flat, layer("Dense", (4,), 44)]) == [0, 40]
    assert multiply_accumulates([flat, layer("Dense", (4,), 40)]) == [0, 40]


def test_a_shortcut_is_fed_by_an_earlier_layer_than_the_one_before_it() -> None:
    # 2 -> 4 maps through two convolutions and through one of 1x1 beside them.
    layers = [
        INPUT,
        layer("Conv2D", (48, 48, 2), 18),
        layer("Conv2D", (24, 24, 4), 72),
        layer("Conv2D", (24, 24, 4), 144),
        layer("Conv2D", (24, 24, 4), 8),
        layer("BatchNormalization", (24, 24, 4), 16),
        layer("BatchNormalization", (24, 24, 4), 16),
        layer("Add", (24, 24, 4)),
        layer("ReLU", (24, 24, 4)),
    ]
    assert multiply_accumulates(layers)[2:5] == [24 * 24 * 72, 24 * 24 * 144, 24 * 24 * 8]
    blocks = blocks_of(layers)
    assert [block.kind for block in blocks] == ["input", *["convolution"] * 4, "addition"]
    assert [block.number for block in blocks] == [1, 1, 2, 3, 4, 1]
    # Either of the equal normalisations belongs to one convolution.
    assert sorted(block.parameters for block in blocks[2:5]) == [8, 88, 160]
    assert blocks[-1].rows == (7, 8)


def test_layers_whose_sides_have_any_length_make_no_blocks() -> None:
    assert blocks_of([layer("InputLayer", (None, None, 1))]) == ()
    assert blocks_of([]) == ()
