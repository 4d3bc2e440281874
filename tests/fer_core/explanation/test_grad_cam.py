"""Grad-CAM: the map of a network whose map is known, and of a real one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from fer_core.errors import NetworkError
from fer_core.explanation.grad_cam import GradCam, has_keras_file, load_grad_cam, overlay
from fer_core.faces.detection import HaarFaceDetector
from fer_core.faces.images import decode_image, to_gray
from fer_core.networks.shipping import shipped_network
from fer_core.recognition.photos import SAMPLE_PHOTO
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store import find_network, list_networks

if TYPE_CHECKING:
    import keras

    from fer_core.datasets import Fer2013
    from fer_core.store import NetworkInfo

LABELS = ("angry", "happy", "sad")
FACE = np.random.default_rng(2).integers(0, 256, (48, 48), dtype=np.uint8)


@pytest.fixture(scope="module")
def small() -> keras.Model:
    """Convolution, mean over the places, dense: here Grad-CAM is CAM (Zhou et al. 2016), a plain weighted sum."""
    import keras

    keras.utils.set_random_seed(3)
    faces = keras.Input((48, 48, 1))
    x = keras.layers.Rescaling(1 / 255)(faces)
    x = keras.layers.Conv2D(5, 3, strides=2, padding="same", activation="relu", name="last")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(faces, keras.layers.Dense(3, activation="softmax", name="answer")(x))


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
    small: keras.Model, label: str
) -> None:
    expected = as_heat(class_activation_map(small, FACE, LABELS.index(label)))
    np.testing.assert_allclose(GradCam(small, LABELS).heat(FACE, label), expected, atol=1e-4)


@pytest.mark.parametrize("label", LABELS)
def test_a_network_that_averages_with_the_mirror_image_gets_both_maps_the_second_turned_back(
    small: keras.Model, label: str
) -> None:
    column = LABELS.index(label)
    both = (
        class_activation_map(small, FACE, column)
        + class_activation_map(small, FACE[:, ::-1], column)[:, ::-1]
    )
    cam = GradCam(shipped_network(small, flip_averaging=True, temperature=1.3), LABELS)
    heat = cam.heat(FACE, label)
    np.testing.assert_allclose(heat, as_heat(both), atol=1e-4)
    np.testing.assert_allclose(cam.heat(FACE[:, ::-1].copy(), label), heat[:, ::-1], atol=1e-4)


def test_an_expression_that_nothing_speaks_for_has_no_heat_and_the_others_have_some(
    small: keras.Model,
) -> None:
    import keras

    against = keras.models.clone_model(small)
    against.set_weights(small.get_weights())
    kernel, bias = against.get_layer("answer").get_weights()
    kernel[:, 1], kernel[:, 2] = -1.0, 1.0
    against.get_layer("answer").set_weights([kernel, bias])
    cam = GradCam(against, LABELS)
    assert not cam.heat(FACE, "happy").any()
    assert cam.heat(FACE, "sad").max() == 1.0


def test_a_temperature_alone_changes_no_map(small: keras.Model) -> None:
    warm = shipped_network(small, temperature=2.0)
    assert not GradCam(warm, LABELS).mirrored
    np.testing.assert_allclose(
        GradCam(warm, LABELS).heat(FACE, "sad"), GradCam(small, LABELS).heat(FACE, "sad"), atol=1e-6
    )


def test_a_network_without_convolution_is_refused_in_a_sentence() -> None:
    import keras

    faces = keras.Input((48, 48, 1))
    model = keras.Model(faces, keras.layers.Dense(3)(keras.layers.Flatten()(faces)))
    with pytest.raises(NetworkError, match="Grad-CAM"):
        GradCam(model, LABELS)


def test_an_unknown_expression_and_another_size_are_refused(small: keras.Model) -> None:
    cam = GradCam(small, LABELS)
    with pytest.raises(ValueError, match="contempt"):
        cam.heat(FACE, "contempt")
    with pytest.raises(ValueError, match="Expected uint8"):
        cam.heat(FACE[:40], "sad")


def test_a_network_that_ships_for_answering_only_says_so(tmp_path: Any) -> None:
    network = SimpleNamespace(id="x", name="Wayang", folder=tmp_path, metadata={"checksum": {}})
    assert not has_keras_file(network)  # type: ignore[arg-type]
    with pytest.raises(NetworkError, match="Wayang"):
        load_grad_cam(network)  # type: ignore[arg-type]


def test_where_there_is_no_heat_the_face_stays_grey() -> None:
    shown = overlay(FACE, np.zeros((48, 48), np.float32), 96)
    assert shown.shape == (96, 96, 3)
    np.testing.assert_array_equal(shown[::2, ::2, 0], FACE)
    np.testing.assert_array_equal(shown[..., 0], shown[..., 2])


def loss_when_covered(
    network: NetworkInfo, cam: GradCam, face: np.ndarray, label: str
) -> tuple[float, float]:
    """How much the probability falls when the hottest, and when the coldest, sixth of the face is covered."""
    order = np.argsort(cam.heat(face, label), axis=None)
    hot, cold = face.copy(), face.copy()
    part = face.size // 6
    hot.flat[order[-part:]] = cold.flat[order[:part]] = round(float(face.mean()))
    faces = np.stack([face, hot, cold])
    whole, without_hot, without_cold = ExpressionRecognizer(network).predict(faces)[
        :, network.labels.index(label)
    ]
    return float(whole - without_hot), float(whole - without_cold)


def test_covering_where_the_default_network_looks_costs_more_than_covering_where_it_does_not() -> None:
    network = find_network()
    gray = to_gray(decode_image(SAMPLE_PHOTO.read_bytes(), SAMPLE_PHOTO.name))
    detector = HaarFaceDetector()
    face = detector.crops(gray, detector.detect(gray))[0]
    hot, cold = loss_when_covered(network, load_grad_cam(network), face, "happy")
    assert hot > cold
    assert hot > 0


@pytest.mark.parametrize("name", [info.id for info in list_networks() if has_keras_file(info)])
def test_on_faces_of_fer2013_covering_the_hot_part_costs_more_on_average(
    name: str, real_fer2013: Fer2013
) -> None:
    network = find_network(name)
    cam = load_grad_cam(network)
    faces = real_fer2013.images_gray[real_fer2013.usages == 1][:30]
    labels = [network.labels[row] for row in ExpressionRecognizer(network).predict(faces).argmax(axis=1)]
    hot, cold = np.mean(
        [loss_when_covered(network, cam, face, label) for face, label in zip(faces, labels, strict=True)],
        axis=0,
    )
    assert hot > cold, (hot, cold)
