"""Multiply-accumulates against cases worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from fer_core.errors import NetworkError
from fer_core.lab.cost import parameters_and_macs, weight_shapes
from fer_core.lab.settings import PAPER_SMALL as PAPER_SMALL_OF_THE_LAB
from fer_core.lab.settings import SMALL, Architecture, Block
from fer_core.networks import build_network, layer_table
from fer_core.networks.cost import multiply_accumulates
from fer_core.networks.shipping import shipped_network

PAPER_SMALL = (
    48 * 48 * (3 * 3 * 1) * 32  # places of the output, values under the kernel, kernels
    + 48 * 48 * (3 * 3 * 32) * 32
    + 24 * 24 * (3 * 3 * 32) * 64
    + 24 * 24 * (3 * 3 * 64) * 64
    + 12 * 12 * (3 * 3 * 64) * 128
    + 12 * 12 * (3 * 3 * 128) * 128
    + (6 * 6 * 128) * 512
    + 512 * 64
    + 64 * 8
)


def network(*layers: Any) -> Any:
    """Those layers one after another on a face."""
    import keras

    faces = x = keras.Input((48, 48, 1))
    for layer in layers:
        x = layer(x)
    return keras.Model(faces, x)


def test_the_papers_smallest_network_costs_what_its_layers_cost() -> None:
    assert PAPER_SMALL == 87_990_784
    assert multiply_accumulates(build_network("paper-small", 8)) == PAPER_SMALL


def test_a_depthwise_convolution_sees_one_channel_at_a_time() -> None:
    from keras import layers

    model = network(
        layers.Conv2D(4, 1), layers.DepthwiseConv2D(5, strides=2, padding="same", depth_multiplier=3)
    )
    assert multiply_accumulates(model) == 48 * 48 * 1 * 4 + 24 * 24 * (5 * 5) * (4 * 3)


def test_a_separable_convolution_is_a_depthwise_one_and_a_pointwise_one() -> None:
    from keras import layers

    model = network(layers.Conv2D(4, 1), layers.SeparableConv2D(6, 3, padding="valid"))
    assert multiply_accumulates(model) == 48 * 48 * 4 + 46 * 46 * (3 * 3 * 4 + 4 * 6)


def test_a_grouped_convolution_costs_a_group_th() -> None:
    from keras import layers

    model = network(layers.Conv2D(8, 1), layers.Conv2D(16, 3, groups=4, padding="same"))
    assert multiply_accumulates(model) == 48 * 48 * 8 + 48 * 48 * (3 * 3 * 8 // 4) * 16


def test_what_has_no_kernel_costs_nothing() -> None:
    from keras import layers

    model = network(
        layers.Rescaling(1 / 255), layers.BatchNormalization(), layers.MaxPooling2D(2), layers.ReLU(),
        layers.Flatten(), layers.Dense(7, activation="softmax"),
    )  # fmt: skip
    assert multiply_accumulates(model) == 24 * 24 * 7


def test_a_layer_that_is_called_twice_counts_twice() -> None:
    import keras

    shared = keras.layers.Conv2D(1, 3, padding="same")
    assert multiply_accumulates(network(shared, shared)) == 2 * 48 * 48 * 9


def test_the_mirror_image_doubles_the_trunk() -> None:
    plain = build_network("paper-small", 8)
    mirrored = shipped_network(plain, flip_averaging=True, temperature=1.5)
    assert multiply_accumulates(mirrored) == 2 * PAPER_SMALL


def test_one_head_ships_without_the_cost_of_the_other() -> None:
    both = build_network("raut", (7, 8))
    seven, eight = (multiply_accumulates(shipped_network(both, head=head)) for head in (0, 1))
    assert eight - seven == 256  # one more class on 256 features
    assert multiply_accumulates(both) == seven + 256 * 8
    assert multiply_accumulates(shipped_network(both, head=1, flip_averaging=True)) == 2 * eight
    assert multiply_accumulates(build_network("raut", 8)) == eight


def test_the_backbone_of_vgg19_is_counted_inside_its_model() -> None:
    blocks = ((48, (3, 64), (64, 64)), (24, (64, 128), (128, 128)), (12, (128, 256), *((256, 256),) * 3),
              (6, (256, 512), *((512, 512),) * 3), (3, *((512, 512),) * 4))  # fmt: skip
    by_hand = sum(side * side * 9 * inputs * outputs for side, *pairs in blocks for inputs, outputs in pairs)
    assert multiply_accumulates(build_network("vgg19", 7)) == by_hand + 512 * 7


def test_counting_leaves_the_network_as_it_is() -> None:
    model = shipped_network(build_network("raut-compact", 7), flip_averaging=True)
    before = layer_table(model), model.count_params()
    assert multiply_accumulates(model) == multiply_accumulates(model)
    assert (layer_table(model), model.count_params()) == before


def test_a_kernel_that_nobody_can_count_is_an_error_and_not_a_smaller_figure() -> None:
    from keras import layers

    with pytest.raises(NetworkError, match=r"layer “up” \(Conv2DTranspose\)"):
        multiply_accumulates(network(layers.Conv2DTranspose(2, 3, name="up")))


@pytest.mark.parametrize(
    "architecture",
    [
        SMALL,
        PAPER_SMALL_OF_THE_LAB,
        Architecture((Block(4), Block(7, 2), Block(5), Block(128, 2)), "mean", (30, 10), dropout=0.5),
        Architecture((Block(12, 2),), "flatten", (9,), normalised=True, dropout=0.0),
        Architecture((Block(6),), "mean", (), normalised=False),
    ],
)
def test_a_network_of_blocks_is_what_the_closed_form_says(architecture: Architecture) -> None:
    cost = parameters_and_macs(architecture, 3)
    for portable in (True, False):
        model = build_network(
            "blocks",
            3,
            portable=portable,
            blocks=[(block.channels, block.convolutions) for block in architecture.blocks],
            ending=architecture.ending,
            dense_units=architecture.dense_units,
            normalised=architecture.normalised,
            dropout=architecture.dropout,
        )
        assert (model.count_params(), multiply_accumulates(model)) == (cost.parameters, cost.macs)
        shapes = {layer.name: tuple(layer.output.shape[1:]) for layer in model.layers}
        assert {layer.name: shapes[layer.name] for layer in cost.layers} == {
            layer.name: layer.output_shape for layer in cost.layers
        }
        weights = {
            variable.path: tuple(variable.shape)
            for variable in model.variables
            if not variable.path.startswith("seed_generator")  # of dropout
        }
        assert weights == weight_shapes(architecture, 3)


def test_the_papers_smallest_network_of_blocks_has_its_parameters_and_costs() -> None:
    cost = parameters_and_macs(PAPER_SMALL_OF_THE_LAB, 8)
    assert (cost.parameters, cost.macs) == (build_network("paper-small", 8).count_params(), PAPER_SMALL)
