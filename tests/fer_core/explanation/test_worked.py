"""What feeds a map and a score, worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fer_core.explanation.layers import Layer
from fer_core.explanation.network_reader import LayerValues
from fer_core.explanation.worked import (
    contribution_of_inputs,
    convolve_at,
    corner_of,
    inputs_of,
    kernels_of,
)


class Numbers:
    """Weights of a layer that no file holds."""

    def __init__(self, kernel: np.ndarray, bias: np.ndarray) -> None:
        self.kernel, self.bias = kernel, bias
        self.graph, self.kernel_tensor, self.bias_tensor = self, 0, 1

    def shape(self, _tensor: int) -> tuple[int, ...]:
        return self.kernel.shape


def layer(kind: str, kernel: list[Any], bias: list[float], shape: tuple[int, ...], **facts: Any) -> Layer:
    """A layer behind the input, its kernel as LiteRT orders it."""
    numbers: Any = Numbers(np.array(kernel, np.float32), np.array(bias, np.float32))
    return Layer(1, kind, kind, (0,), shape, weights=numbers, **facts)


def values(taken: list[Any]) -> LayerValues:
    """What the layers hold, of which only the first is looked at."""
    nothing = np.zeros(0, np.float32)
    return LayerValues((np.array(taken, np.float32), nothing), nothing, None, nothing, nothing)


# Two maps of 3x3: 1 to 9, and a 1 in the middle.
MAPS = values([[[1, 0], [2, 0], [3, 0]], [[4, 0], [5, 1], [6, 0]], [[7, 0], [8, 0], [9, 0]]])
# One map of 2x2 from them, one place of stride 2 and padding for each: (out, kh, kw, in).
KERNEL = [[[[1, 10], [0, 0]], [[0, 0], [-1, 20]]]]
MIXING = layer("convolution", KERNEL, [0.5], (2, 2, 1), stride=2, padding="same", activation="relu")


def test_a_place_is_worked_out_with_all_maps_under_the_kernel() -> None:
    worked = convolve_at(MIXING, 0, 0, 0, MAPS)
    # 1*1 + 5*-1 of the first map, 0*10 + 1*20 of the second.
    assert worked.total == 1 - 5 + 20
    assert worked.with_bias == worked.result == 16.5
    np.testing.assert_array_equal(worked.products[..., 0], [[1, 0], [0, -5]])
    np.testing.assert_array_equal(worked.products[..., 1], [[0, 0], [0, 20]])


def test_padding_lies_below_and_on_the_right_where_one_row_is_missing() -> None:
    worked = convolve_at(MIXING, 0, 1, 1, MAPS)
    np.testing.assert_array_equal(worked.is_padding, [[False, True], [True, True]])
    assert worked.total == 9
    assert corner_of(MIXING, 1, 1, MAPS) == (2, 2)
    assert corner_of(
        layer("convolution", [[[[1]] * 3] * 3], [0], (3, 3, 1), stride=1, padding="same"), 0, 1, MAPS
    ) == (
        -1,
        0,
    )


def test_what_the_maps_add_is_the_sum_over_all_places() -> None:
    # First map: top left corners 1 + 3 + 7 + 9, less the only bottom right corner inside, 5. Second: 20 once.
    np.testing.assert_array_equal(contribution_of_inputs(MIXING, 0, MAPS), [15, 20])
    assert sum(convolve_at(MIXING, 0, row, column, MAPS).total for row in (0, 1) for column in (0, 1)) == 35


def test_a_depthwise_convolution_looks_at_one_map_only() -> None:
    single = layer("depthwise_convolution", [[[[1, 2]]]], [0, 1], (3, 3, 2), stride=1, padding="same")
    assert inputs_of(single, 1).tolist() == [1]
    assert kernels_of(single, 1).tolist() == [[[2]]]
    assert convolve_at(single, 1, 1, 1, MAPS).with_bias == 1 * 2 + 1
    assert contribution_of_inputs(single, 0, MAPS).tolist() == [45]


def test_products_and_bias_of_a_dense_layer_are_its_sum() -> None:
    dense = layer("dense", [[1, -2, 3], [0, 1, 1]], [0.25, 0], (2,))
    assert contribution_of_inputs(dense, 0, values([4, 5, 6])).tolist() == [4, -10, 18]
    assert inputs_of(dense, 0).tolist() == [0, 1, 2]


def test_what_has_no_kernel_is_refused() -> None:
    pooling = Layer(1, "pooling", "pool1", (0,), (1, 1, 2), stride=2, padding="valid", pool="max")
    for function in (kernels_of, inputs_of):
        with pytest.raises(ValueError, match="Received: pooling"):
            function(pooling, 0)
    with pytest.raises(ValueError, match="Received: pooling"):
        contribution_of_inputs(pooling, 0, MAPS)
    with pytest.raises(IndexError):
        convolve_at(MIXING, 0, 2, 0, MAPS)
