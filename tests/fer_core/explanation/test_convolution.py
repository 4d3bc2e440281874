from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import correlate2d

from fer_core.errors import ExplanationError
from fer_core.explanation.convolution import PRESETS, Windows, convolve, windows, worked_window
from fer_core.explanation.pooling import pool

PATCH = np.array(
    [
        [1.0, 2, 0, 1, 3],
        [0, 1, 2, 3, 1],
        [2, 0, 1, 0, 2],
        [1, 3, 0, 2, 1],
        [0, 1, 2, 1, 0],
    ]
)


def test_nine_products_their_sum_bias_and_relu_by_hand() -> None:
    found = worked_window(PATCH, PRESETS["edge-vertical"], 0, 0, bias=0.5, padding="valid")
    assert found.window[..., 0].tolist() == [[1, 2, 0], [0, 1, 2], [2, 0, 1]]
    assert found.products[..., 0].tolist() == [[-1, 0, 0], [0, 0, 2], [-2, 0, 1]]
    assert (found.total, found.with_bias, found.result) == (0, 0.5, 0.5)
    assert not found.is_padding.any()
    negative = worked_window(PATCH, PRESETS["edge-vertical"], 0, 0, bias=-0.5, padding="valid")
    assert (negative.total, negative.with_bias, negative.result) == (0, -0.5, 0)


def test_a_map_by_hand_with_and_without_relu() -> None:
    edges = convolve(PATCH, PRESETS["edge-vertical"], padding="valid", activation=None)
    # Columns add up to 3 3 3 4 6, 3 4 3 5 4 and 3 4 3 3 3: right minus left.
    assert edges.tolist() == [[0, 1, 3], [0, 1, 1], [0, -1, 0]]
    assert convolve(PATCH, PRESETS["edge-vertical"], padding="valid").tolist() == [
        [0, 1, 3],
        [0, 1, 1],
        [0, 0, 0],
    ]
    assert convolve(PATCH, PRESETS["identity"]).tolist() == PATCH.tolist()
    assert (
        convolve(PATCH, np.full((1, 1), 4), activation="relu6").tolist() == np.minimum(4 * PATCH, 6).tolist()
    )


def test_zeros_stand_around_the_picture_with_padding() -> None:
    corner = worked_window(PATCH, PRESETS["blur"] * 9, 0, 0)
    assert corner.window[..., 0].tolist() == [[0, 0, 0], [0, 1, 2], [0, 0, 1]]
    assert corner.is_padding.tolist() == [[True] * 3, [True, False, False], [True, False, False]]
    assert corner.result == pytest.approx(4)


@pytest.mark.parametrize(
    ("side", "kernel", "stride", "padding", "expected"),
    [
        (5, 3, 1, "valid", Windows(3, 1, 0, 0)),
        (5, 3, 2, "valid", Windows(2, 2, 0, 0)),
        (5, 3, 1, "same", Windows(5, 1, 1, 1)),
        (48, 5, 2, "same", Windows(24, 2, 1, 2)),  # the first convolution of Raut compact
        (48, 3, 5, "same", Windows(10, 5, 0, 0)),
        (5, 7, 1, "same", Windows(5, 1, 3, 3)),
        (3, 3, 3, "valid", Windows(1, 3, 0, 0)),
    ],
)
def test_the_number_of_windows(side: int, kernel: int, stride: int, padding: str, expected: Windows) -> None:
    assert windows(side, kernel, stride, padding) == expected  # type: ignore[arg-type]
    made = convolve(np.zeros((side, side)), np.zeros((kernel, kernel)), stride=stride, padding=padding)  # type: ignore[arg-type]
    assert made.shape == (expected.count, expected.count)


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "words"),
    [
        (7, 1, "valid", "A kernel of 7×7 does not fit into a patch of 5×5 without padding"),
        (3, 0, "same", "a whole number, 1 or more. Received: 0"),
        (3, -1, "same", "Received: -1"),
        (3, 1.5, "valid", "Received: 1.5"),
        (3, 6, "same", "With stride 6 the kernel leaves the 5×5 patch"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    kernel: int, stride: float, padding: str, words: str
) -> None:
    with pytest.raises(ExplanationError) as refused:
        convolve(PATCH, np.zeros((kernel, kernel)), stride=stride, padding=padding)  # type: ignore[arg-type]
    assert words in str(refused.value)


def test_every_value_of_a_map_is_its_worked_window_and_what_scipy_says() -> None:
    chance = np.random.default_rng(3)
    picture, kernel = chance.normal(size=(9, 8, 3)), chance.normal(size=(5, 5, 3))
    made = convolve(picture, kernel, bias=0.2, stride=2, padding="same", activation=None)
    assert made.shape == (5, 4)
    for row, column in np.ndindex(made.shape):
        found = worked_window(picture, kernel, row, column, bias=0.2, stride=2, activation=None)
        assert found.result == pytest.approx(made[row, column])
    valid = convolve(picture, kernel, padding="valid", activation=None)
    known = sum(correlate2d(picture[..., each], kernel[..., each], "valid") for each in range(3))
    assert valid == pytest.approx(known)


def test_shapes_that_do_not_belong_together_are_told() -> None:
    with pytest.raises(ValueError, match=r"Received: \(5, 5\) and \(3, 3, 2\)"):
        convolve(PATCH, np.zeros((3, 3, 2)))
    with pytest.raises(IndexError, match="Received: 3, 0"):
        worked_window(PATCH, PRESETS["blur"], 3, 0, padding="valid")


def test_pooling_by_hand() -> None:
    assert pool(PATCH, 2, stride=2, kind="max").tolist() == [[2, 3], [3, 2]]
    assert pool(PATCH, 2, stride=2, kind="average").tolist() == [[1, 1.5], [1.5, 0.75]]
    assert pool(PATCH, 3, stride=2, kind="max").tolist() == [[2, 3], [3, 2]]
    with pytest.raises(ExplanationError, match="kernel of 6×6"):
        pool(PATCH, 6, stride=1, kind="max")
