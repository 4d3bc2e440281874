"""Contributions: worked out by hand, and adding up whatever the weights."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from fer_core.errors import NetworkError
from fer_core.explanation.contributions import (
    Classification,
    DenseStep,
    ScoreParts,
    read_classification,
)
from fer_core.explanation.network_reader import NetworkReader
from fer_core.explanation.softmax import answer_of_scores
from fer_core.store.folder import find_network, read_litert
from tests.tiny import grad_cam_of

FACE = np.random.default_rng(2).integers(0, 256, (48, 48), dtype=np.uint8)


def dense_step(inputs: np.ndarray, kernel: np.ndarray, bias: np.ndarray, highest: float | None) -> DenseStep:
    """A layer as it answers: with a ReLU up to `highest`, or without an activation."""
    sums = inputs @ kernel + bias
    if highest is None:
        return DenseStep(kernel, bias, sums, np.ones(len(sums), bool))
    return DenseStep(kernel, bias, np.clip(sums, 0, highest), (sums > 0) & (sums < highest))


def test_behind_a_mean_each_map_adds_its_mean_times_its_weight() -> None:
    maps = np.zeros((2, 2, 2), np.float32)
    maps[..., 0] = [[1, 2], [3, 6]]  # mean 3
    maps[..., 1] = [[0, 0], [0, 2]]  # mean 0.5
    kernel = np.array([[2.0, -1.0], [4.0, 0.0]], np.float32)  # (maps, scores)
    bias = np.array([0.25, 1.0], np.float32)
    seen = Classification(maps, False, (dense_step(np.array([3, 0.5]), kernel, bias, None),))
    np.testing.assert_allclose(seen.features, [3, 0.5])
    for parts in (seen.of_features(), seen.of_maps()):
        np.testing.assert_allclose(parts.values, [[6, -3], [2, 0]])
        np.testing.assert_allclose(parts.constant, [0.25, 1])
        np.testing.assert_allclose(parts.scores, [8.25, -2])
    # The first score: (1·2 + 0·4)/4, (2·2)/4, (3·2)/4, (6·2 + 2·4)/4
    np.testing.assert_allclose(seen.of_positions().values[:, 0], [0.5, 1, 1.5, 5])


def test_where_maps_are_flattened_a_neuron_at_zero_hands_nothing_on_and_its_bias_neither() -> None:
    maps = np.array([[[1.0, 2.0]], [[3.0, 0.0]]])  # two rows, one column, two maps: flattened 1, 2, 3, 0
    first_kernel = np.array([[1.0, -1.0], [0.0, -1.0], [2.0, 0.0], [5.0, 5.0]])
    first = dense_step(np.array([1.0, 2, 3, 0]), first_kernel, np.array([-2.0, 1.0]), np.inf)
    np.testing.assert_allclose(first.outputs, [5, 0])  # 1 + 6 - 2; 1 - 1 - 2 is below zero
    last = dense_step(first.outputs, np.array([[3.0], [7.0]]), np.array([0.5]), None)
    seen = Classification(maps, True, (first, last))
    np.testing.assert_allclose(seen.of_features().values, [[15], [0]])
    np.testing.assert_allclose(seen.of_features().constant, [0.5])
    np.testing.assert_allclose(seen.of_maps().values, [[3 * (1 * 1 + 3 * 2)], [0]])
    np.testing.assert_allclose(seen.of_positions().values, [[3], [18]])
    np.testing.assert_allclose(seen.of_maps().constant, [-2 * 3 + 0.5])
    np.testing.assert_allclose(seen.of_maps().scores, [15.5])


@pytest.mark.parametrize("flattened", [True, False])
def test_all_ways_to_divide_a_score_add_up_to_it_also_where_an_activation_is_full(flattened: bool) -> None:
    random = np.random.default_rng(4)
    maps = random.uniform(0, 2, (3, 4, 5))
    inputs = maps.reshape(-1) if flattened else maps.mean(axis=(0, 1))
    steps = []
    for outputs, highest in ((30, 6.0), (20, np.inf), (7, None)):
        kernel = random.normal(0, 1.5, (len(inputs), outputs))
        steps.append(dense_step(inputs, kernel, random.normal(size=outputs), highest))
        inputs = steps[-1].outputs
    full = steps[0].outputs == 6
    assert full.any() and (steps[0].outputs == 0).any()
    seen = Classification(maps, flattened, tuple(steps))
    for parts in (seen.of_features(), seen.of_maps(), seen.of_positions()):
        np.testing.assert_allclose(parts.scores, inputs, atol=1e-9)


def test_the_strongest_parts_are_those_for_or_against_and_of_two_scores_those_that_set_them_apart() -> None:
    parts = ScoreParts(np.array([[1.0, 1.0], [-3.0, -2.5], [0.0, 2.0], [0.0, 0.0]]), np.zeros(2))
    assert parts.strongest((0,), 5).tolist() == [1, 0]
    assert parts.strongest((1,), 2).tolist() == [1, 2]
    assert parts.strongest((0, 1), 5).tolist() == [2, 1]


@pytest.mark.parametrize("name", ["paper-small", "raut", "paper-four-conv", "raut-compact"])
def test_the_parts_of_a_shipped_network_add_up_to_the_scores_that_it_computes(name: str) -> None:
    info = find_network(name)
    reader = NetworkReader(read_litert(info), info.labels, info.name)
    values = reader.run(FACE)
    taken = read_classification(reader.layers, values, info.name)
    assert taken.flattened == name.startswith("paper")
    assert len(taken.dense) == {"paper-small": 3, "paper-four-conv": 2}.get(name, 1)
    for parts in (taken.of_features(), taken.of_maps(), taken.of_positions()):
        np.testing.assert_allclose(parts.scores, values.scores, atol=1e-4)
    np.testing.assert_allclose(
        answer_of_scores(values.scores, values.mirror_scores, reader.temperature), values.answer, atol=1e-5
    )
    if values.mirror_scores is None:
        cam = grad_cam_of(info)
        for column, label in enumerate(info.labels):
            shares = np.maximum(taken.of_positions().values[:, column], 0).reshape(taken.maps.shape[:2])
            expected = cv2.resize(shares, (48, 48), interpolation=cv2.INTER_LINEAR)
            heat = cam.heat(FACE, label)  # from the file that rounds to 8 bits
            if heat.any():
                assert np.corrcoef(expected.ravel(), heat.ravel())[0, 1] > 0.98


def test_a_network_that_ends_in_another_way_is_refused_in_a_sentence() -> None:
    info = find_network("raut-compact")
    reader = NetworkReader(read_litert(info), info.labels, info.name)
    layers = [replace(layer, kind="reshape") if layer.kind == "mean" else layer for layer in reader.layers]
    with pytest.raises(NetworkError, match="Wayang.*taken apart"):
        read_classification(layers, reader.run(FACE), "Wayang")
