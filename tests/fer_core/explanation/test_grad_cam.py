"""Grad-CAM: the map of a network whose map is known, and of a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from fer_core.errors import NetworkError
from fer_core.explanation.grad_cam import GradCam, overlay
from fer_core.explanation.litert_head import read_head
from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import decode_image, to_gray
from fer_core.networks.shipping import shipped_network
from fer_core.places import SAMPLE_PHOTO
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.export import litert_bytes, litert_bytes_in_memory
from fer_core.store.folder import find_network, list_networks
from tests.tiny import grad_cam_of

if TYPE_CHECKING:
    import keras

    from fer_core.datasets.fer2013 import Fer2013
    from fer_core.store.network import NetworkInfo

LABELS = ("angry", "happy", "sad")
FACE = np.random.default_rng(2).integers(0, 256, (48, 48), dtype=np.uint8)


def grad_cam(model: keras.Model) -> GradCam:
    return GradCam(litert_bytes_in_memory(model), LABELS, "Wayang")


def network(*behind: keras.Layer) -> keras.Model:
    """Two convolutions, what is given, three answers."""
    import keras

    faces = keras.Input((48, 48, 1))
    x = keras.layers.Rescaling(1 / 255)(faces)
    x = keras.layers.Conv2D(6, 3, strides=2, padding="same", activation="relu")(x)
    x = keras.layers.Conv2D(5, 3, strides=2, padding="same", activation="relu", name="last")(x)
    for layer in behind:
        x = layer(x)
    return keras.Model(faces, keras.layers.Dense(3, activation="softmax", name="answer")(x))


@pytest.fixture(scope="module")
def averaged() -> keras.Model:
    """A mean over the places: here Grad-CAM is CAM (Zhou et al. 2016), a plain weighted sum."""
    import keras

    keras.utils.set_random_seed(3)
    return network(keras.layers.GlobalAveragePooling2D())


@pytest.fixture(scope="module")
def flattened() -> keras.Model:
    """As the paper's: pooled, flattened, dense layers that switch off what is negative."""
    import keras

    keras.utils.set_random_seed(5)
    return network(
        keras.layers.MaxPooling2D(name="pooled"),
        keras.layers.Dropout(0.5),
        keras.layers.Flatten(),
        keras.layers.Dense(40, activation="relu"),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(30, activation=keras.activations.relu6),
    )


def class_activation_map(model: keras.Model, face_gray: np.ndarray, column: int) -> np.ndarray:
    import keras

    part = keras.Model(model.input, model.get_layer("last").output)
    activations = np.asarray(part(face_gray[None, ..., None].astype(np.float32)))[0]
    return activations @ np.asarray(model.get_layer("answer").kernel)[:, column]


def as_heat(sums: np.ndarray) -> np.ndarray:
    """What is positive of the weighted sums, at the size of the face, the hottest place 1."""
    heat = cv2.resize(np.maximum(sums, 0), (48, 48), interpolation=cv2.INTER_LINEAR)
    return heat / heat.max() if sums.max() > 1e-6 else np.zeros_like(heat)


@pytest.mark.parametrize("label", LABELS)
def test_behind_a_mean_over_the_places_the_map_is_the_class_activation_map(
    averaged: keras.Model, label: str
) -> None:
    expected = as_heat(class_activation_map(averaged, FACE, LABELS.index(label)))
    cam = grad_cam(averaged)
    assert cam.method == "Grad-CAM"
    np.testing.assert_allclose(cam.heat(FACE, label), expected, atol=1e-4)


@pytest.mark.parametrize("label", LABELS)
def test_where_places_have_weights_of_their_own_it_is_activation_times_gradient(
    flattened: keras.Model, label: str
) -> None:
    """Against the gradient that TensorFlow takes."""
    import keras
    import tensorflow as tf

    places = keras.Model(flattened.input, flattened.get_layer("pooled").output)(
        FACE[None, ..., None].astype(np.float32)
    )
    with tf.GradientTape() as tape:
        tape.watch(places)
        x = places
        for layer in flattened.layers[flattened.layers.index(flattened.get_layer("pooled")) + 1 : -1]:
            x = layer(x, training=False)
        score = (x @ flattened.get_layer("answer").kernel)[0, LABELS.index(label)]
    expected = as_heat(np.sum(places * tape.gradient(score, places), axis=-1)[0])
    cam = grad_cam(flattened)
    assert cam.method == "HiResCAM"
    assert expected.max() == 1.0
    np.testing.assert_allclose(cam.heat(FACE, label), expected, atol=1e-4)


@pytest.mark.parametrize("which", ["averaged", "flattened"])
def test_int8_weights_give_nearly_the_same_map(which: str) -> None:
    import keras

    # Weights of fewer than 1,024 numbers stay float32: the layers must be large enough to be quantised.
    keras.utils.set_random_seed(7)
    end = keras.layers.GlobalAveragePooling2D() if which == "averaged" else keras.layers.Flatten()
    model = network(
        keras.layers.Conv2D(64, 3, padding="same", activation="relu"), end, keras.layers.Dense(64, "relu")
    )
    plain, small = litert_bytes(model, quantize=False), litert_bytes(model, quantize=True)
    assert read_head(small).dense[1].kernel.dtype == np.float32
    assert len(small) < 0.5 * len(plain)
    maps = [GradCam(content, LABELS).heat(FACE, "sad") for content in (plain, small)]
    assert np.corrcoef(maps[0].ravel(), maps[1].ravel())[0, 1] > 0.99


@pytest.mark.parametrize("label", LABELS)
def test_a_network_that_averages_with_the_mirror_image_gets_both_maps_the_second_turned_back(
    averaged: keras.Model, label: str
) -> None:
    column = LABELS.index(label)
    both = (
        class_activation_map(averaged, FACE, column)
        + class_activation_map(averaged, FACE[:, ::-1], column)[:, ::-1]
    )
    cam = grad_cam(shipped_network(averaged, flip_averaging=True, temperature=1.3))
    heat = cam.heat(FACE, label)
    np.testing.assert_allclose(heat, as_heat(both), atol=1e-4)
    np.testing.assert_allclose(cam.heat(FACE[:, ::-1].copy(), label), heat[:, ::-1], atol=1e-4)


def test_the_answer_of_the_file_is_still_the_first_output(averaged: keras.Model) -> None:
    from ai_edge_litert.interpreter import Interpreter

    content = litert_bytes_in_memory(averaged)
    answers = []
    for file in (content, read_head(content).content):
        interpreter = Interpreter(model_content=file)
        interpreter.allocate_tensors()
        interpreter.set_tensor(
            interpreter.get_input_details()[0]["index"], FACE[None, ..., None].astype(np.float32)
        )
        interpreter.invoke()
        answers.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))
    np.testing.assert_array_equal(*answers)


def test_an_expression_that_nothing_speaks_for_has_no_heat_and_the_others_have_some(
    averaged: keras.Model,
) -> None:
    import keras

    against = keras.models.clone_model(averaged)
    against.set_weights(averaged.get_weights())
    kernel, bias = against.get_layer("answer").get_weights()
    kernel[:, 1], kernel[:, 2] = -1.0, 1.0
    against.get_layer("answer").set_weights([kernel, bias])
    cam = grad_cam(against)
    assert not cam.heat(FACE, "happy").any()
    assert cam.heat(FACE, "sad").max() == 1.0


def test_a_temperature_alone_changes_no_map(averaged: keras.Model) -> None:
    warm = shipped_network(averaged, temperature=2.0)
    np.testing.assert_allclose(
        grad_cam(warm).heat(FACE, "sad"), grad_cam(averaged).heat(FACE, "sad"), atol=1e-6
    )


def test_networks_that_end_in_another_way_are_refused_in_a_sentence() -> None:
    import keras

    faces = keras.Input((48, 48, 1))
    flat = keras.layers.Flatten()(faces)
    strongest = keras.layers.GlobalMaxPooling2D()(keras.layers.Conv2D(4, 3)(faces))
    bent = keras.layers.Dense(4, activation="tanh")(keras.layers.GlobalAveragePooling2D()(faces))
    for end in (
        keras.layers.Dense(3)(flat),  # no softmax
        keras.layers.Dense(3, activation="softmax")(strongest),
        keras.layers.Dense(3, activation="softmax")(bent),
    ):
        with pytest.raises(NetworkError, match="Wayang.*Grad-CAM"):
            grad_cam(keras.Model(faces, end))


@pytest.mark.parametrize("architecture", ["mobilenet", "vgg19", "resnet50", "paper-large"])
def test_every_kind_of_network_that_is_to_ship_can_be_explained(architecture: str) -> None:
    """How its head looks once it is converted; int8 weights are above, and the files that ship below."""
    from fer_core.networks import build_network

    cam = grad_cam(build_network(architecture, 3))
    assert cam.heat(FACE, "sad").shape == (48, 48)


def test_an_unknown_expression_and_another_size_are_refused(averaged: keras.Model) -> None:
    cam = grad_cam(averaged)
    with pytest.raises(ValueError, match="contempt"):
        cam.heat(FACE, "contempt")
    with pytest.raises(ValueError, match="Expected uint8"):
        cam.heat(FACE[:40], "sad")


def test_where_there_is_no_heat_the_face_stays_grey() -> None:
    shown = overlay(FACE, np.zeros((48, 48), np.float32), 96)
    assert shown.shape == (96, 96, 3)
    np.testing.assert_array_equal(shown[::2, ::2, 0], FACE)
    np.testing.assert_array_equal(shown[..., 0], shown[..., 2])


def loss_when_covered(
    info: NetworkInfo, cam: GradCam, face: np.ndarray, label: str, share: float = 1 / 6
) -> tuple[float, float]:
    """How much the probability falls when that share of the face is covered, the hottest and the coldest."""
    order = np.argsort(cam.heat(face, label), axis=None)
    hot, cold = face.copy(), face.copy()
    part = round(face.size * share)
    hot.flat[order[-part:]] = cold.flat[order[:part]] = round(float(face.mean()))
    faces = np.stack([face, hot, cold])
    whole, without_hot, without_cold = ExpressionRecognizer(info).predict(faces)[:, info.labels.index(label)]
    return float(whole - without_hot), float(whole - without_cold)


def test_covering_where_the_default_network_looks_costs_more_than_covering_where_it_does_not() -> None:
    network = find_network()
    gray = to_gray(decode_image(SAMPLE_PHOTO.read_bytes(), SAMPLE_PHOTO.name))
    detector = FaceDetector()
    face = detector.crops(gray, detector.detect(gray))[0]
    # A third of so clear a smile may be missed: the network learnt faces of which rectangles were erased.
    hot, cold = loss_when_covered(network, grad_cam_of(network), face, "happy", share=1 / 2)
    assert hot > 0.2
    assert cold < 0.1


@pytest.mark.parametrize("name", [info.id for info in list_networks()])
def test_on_faces_of_fer2013_covering_the_hot_part_costs_more_on_average(
    name: str, real_fer2013: Fer2013
) -> None:
    network = find_network(name)
    cam = grad_cam_of(network)
    faces = real_fer2013.images_gray[real_fer2013.usages == 1][:30]
    labels = [network.labels[row] for row in ExpressionRecognizer(network).predict(faces).argmax(axis=1)]
    hot, cold = np.mean(
        [loss_when_covered(network, cam, face, label) for face, label in zip(faces, labels, strict=True)],
        axis=0,
    )
    assert hot > max(0.1, 3 * cold), (hot, cold)
