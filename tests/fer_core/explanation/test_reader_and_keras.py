"""Keras with the numbers that a LiteRT file stands for computes the maps that the reader shows."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from fer_core.explanation.layers import Layer
from fer_core.explanation.network_reader import LayerValues, NetworkReader
from fer_core.explanation.worked import convolve_at
from fer_core.faces.images import to_gray
from fer_core.networks.shipping import shipped_network
from fer_core.places import SAMPLE_PHOTO
from fer_core.store.folder import find_network, read_litert

if TYPE_CHECKING:
    import keras

    from fer_core.store.network import NetworkInfo

CLOSE = 1e-4
SHOWN = ("ReLU", "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "Flatten", "Dense")
"""Layers of Keras whose outputs are values of the reader, too; a convolution with an activation is one as well."""


@pytest.fixture(scope="module")
def face() -> np.ndarray:
    """A face of the photo that ships, not noise: networks react to it as they do on the page."""
    import cv2

    from fer_core.faces.detection import FaceDetector
    from fer_core.faces.images import decode_image

    gray = to_gray(decode_image(SAMPLE_PHOTO.read_bytes(), SAMPLE_PHOTO.name))
    left, top, right, bottom = FaceDetector().detect(gray).boxes_xyxy[0]
    return np.asarray(cv2.resize(gray[top:bottom, left:right], (48, 48)), np.uint8)


def with_weights_of(reader: NetworkReader, info: NetworkInfo) -> keras.Model:
    """The architecture as Keras builds it, with kernels and biases of the file, one output a class."""
    from fer_core.networks import build_network

    model = build_network(info.recipe.architecture, len(info.labels), **info.recipe.options)
    waiting = [layer for layer in reader.layers if layer.kernel is not None]
    # The factor 1/255 before the first convolution of the paper's networks is part of its kernel in the file.
    scaled = any(layer.kind == "scaling" for layer in reader.layers)
    biases: dict[int, np.ndarray] = {}
    first = True
    for layer in model.layers:
        if type(layer).__name__ in ("Conv2D", "DepthwiseConv2D", "Dense"):
            shape = tuple(layer.weights[0].shape)
            there: Layer = next(
                each for each in waiting if each.kernel is not None and each.kernel.shape == shape
            )
            waiting.remove(there)
            assert there.kernel is not None
            assert there.bias is not None
            kernel = there.kernel * (255 if first and not scaled else 1)
            first = False
            layer.set_weights([kernel, there.bias] if layer.use_bias else [kernel])
            biases[id(layer.output)] = there.bias
        elif type(layer).__name__ == "BatchNormalization":
            ones = np.ones(layer.gamma.shape, np.float32)
            layer.set_weights([ones, biases[id(layer.input)], 0 * ones, (1 - layer.epsilon) * ones])
    assert not waiting
    return model


def shown_by_keras(model: keras.Model, face: np.ndarray) -> list[np.ndarray]:
    import keras

    shown = [
        layer.output
        for layer in model.layers
        if type(layer).__name__ in SHOWN
        or (type(layer).__name__ == "Conv2D" and layer.activation is keras.activations.relu)
    ]
    outputs: list[Any] = keras.Model(model.input, shown)(face[None, ..., None].astype(np.float32))
    return [np.asarray(output)[0] for output in outputs]


def shown_by_the_reader(reader: NetworkReader, values: LayerValues) -> list[np.ndarray]:
    kinds = ("pooling", "mean", "flatten", "softmax")
    shown = [
        layer.index
        for layer in reader.layers
        if layer.kind in kinds or (layer.activation is not None and layer.kind != "pooling")
    ]
    return [values[index] for index in shown]


@pytest.mark.parametrize("name", ["paper-small", "raut", "raut-compact"])
def test_every_stage_is_what_keras_computes_with_these_weights(name: str, face: np.ndarray) -> None:
    info = find_network(name)
    reader = NetworkReader(read_litert(info), info.labels, info.name)
    values = reader.run(face)
    model = with_weights_of(reader, info)
    # Beside each other a shortcut and its block stand in one order here and in another there: by shape, they agree.
    ours, theirs = (
        sorted(outputs, key=lambda output: output.shape)
        for outputs in (shown_by_the_reader(reader, values), shown_by_keras(model, face))
    )
    assert [each.shape for each in ours] == [each.shape for each in theirs]
    assert len(ours) >= 11
    for stage, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        np.testing.assert_allclose(one, other, atol=CLOSE, rtol=CLOSE, err_msg=f"{name}, {stage}")
    # And the answer, with mirror image and temperature where the network ships with them.
    shipped = shipped_network(model, flip_averaging=reader.mirror, temperature=reader.temperature)
    answer = np.asarray(shipped(face[None, ..., None].astype(np.float32)))[0]
    np.testing.assert_allclose(values.answer, answer, atol=CLOSE)


@pytest.mark.parametrize("name", ["paper-small", "raut"])
def test_the_worked_convolution_is_what_keras_computes(name: str, face: np.ndarray) -> None:
    """At the corners, at an edge and inside, in the first convolution and in the last."""
    import keras

    info = find_network(name)
    reader = NetworkReader(read_litert(info), info.labels, info.name)
    values = reader.run(face)
    convolutions = [layer for layer in reader.layers if layer.kind == "convolution"]
    for layer in (convolutions[0], convolutions[-1]):
        kernel, bias = layer.kernel, layer.bias
        assert kernel is not None
        taken = values[layer.inputs[0]][None]
        sums = (
            np.asarray(keras.ops.conv(taken, kernel, layer.stride or 1, layer.padding or "valid"))[0] + bias
        )
        rows, columns, maps = sums.shape
        places = chain([(0, 0), (rows - 1, columns - 1)], [(0, columns // 2), (rows // 2, columns // 2)])
        for row, column in places:
            for number in (0, maps - 1):
                worked = convolve_at(layer, number, row, column, values)
                expected = sums[row, column, number]
                assert worked.with_bias == pytest.approx(expected, abs=CLOSE, rel=CLOSE)
                assert worked.result == pytest.approx(max(expected, 0), abs=CLOSE, rel=CLOSE)
