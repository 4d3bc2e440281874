"""Features of a face, read from the LiteRT file: those that the Keras network has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from fer_core.errors import NetworkError
from fer_core.explanation.features import LARGEST_BATCH, FeatureReader
from fer_core.networks.shipping import shipped_network
from fer_core.store.export import litert_bytes
from fer_core.store.folder import find_network, read_litert

if TYPE_CHECKING:
    import keras

FACES = np.random.default_rng(4).integers(0, 256, (LARGEST_BATCH + 3, 48, 48), dtype=np.uint8)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """A mean over the positions, one dense layer that changes the features, and the layer of the scores."""
    import keras

    keras.utils.set_random_seed(11)
    faces = keras.Input((48, 48, 1))
    x = keras.layers.Rescaling(1 / 255)(faces)
    x = keras.layers.Conv2D(12, 3, strides=2, activation="relu")(x)
    # Weights of fewer than 1,024 numbers stay float32 where the file is quantised.
    x = keras.layers.Conv2D(64, 3, strides=2, activation="relu")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dense(40, activation="relu", name="features")(x)
    return keras.Model(faces, keras.layers.Dense(3, activation="softmax")(x))


def features_in_keras(model: keras.Model, faces_gray: np.ndarray) -> np.ndarray:
    import keras

    part = keras.Model(model.input, model.get_layer("features").output)
    return np.asarray(part(faces_gray[..., None].astype(np.float32)))


def test_float32_weights_give_the_features_of_keras_to_a_thousandth(model: keras.Model) -> None:
    found = FeatureReader(litert_bytes(model, quantize=False)).features(FACES)
    expected = features_in_keras(model, FACES)
    assert found.shape == (len(FACES), 40) and found.dtype == np.float32
    assert expected.std() > 0.01
    np.testing.assert_allclose(found, expected, atol=1e-3 * float(expected.std()))


def test_int8_weights_give_them_to_two_hundredths_of_their_length(model: keras.Model) -> None:
    content = litert_bytes(model, quantize=True)
    assert len(content) < 0.6 * len(litert_bytes(model, quantize=False))
    expected = features_in_keras(model, FACES)
    away = np.linalg.norm(FeatureReader(content).features(FACES) - expected, axis=1)
    assert (away < 0.02 * np.linalg.norm(expected, axis=1)).all()


def test_with_a_mirror_image_the_features_are_the_mean_of_both(model: keras.Model) -> None:
    reader = FeatureReader(litert_bytes(shipped_network(model, flip_averaging=True), quantize=False))
    mirrored = np.ascontiguousarray(FACES[:5, :, ::-1])
    expected = (features_in_keras(model, FACES[:5]) + features_in_keras(model, mirrored)) / 2
    np.testing.assert_allclose(reader.features(FACES[:5]), expected, atol=1e-4)


def test_a_face_has_the_same_features_in_any_batch_of_the_default_network() -> None:
    network = find_network()
    reader = FeatureReader(read_litert(network), network.id)
    together = reader.features(FACES[:3])
    assert together.shape[1] == 384
    np.testing.assert_array_equal(reader.features(FACES[1:2])[0], together[1])


def test_no_face_has_no_features_and_their_number_is_known(model: keras.Model) -> None:
    assert FeatureReader(litert_bytes(model, quantize=False)).features(FACES[:0]).shape == (0, 40)


def test_another_shape_and_a_network_without_a_classification_are_refused(model: keras.Model) -> None:
    import keras

    with pytest.raises(ValueError, match="Expected faces as uint8"):
        FeatureReader(litert_bytes(model, quantize=False)).features(FACES[0])
    faces = keras.Input((48, 48, 1))
    no_answer = keras.Model(faces, keras.layers.Dense(3)(keras.layers.Flatten()(faces)))
    with pytest.raises(NetworkError, match="Wayang.*features"):
        FeatureReader(litert_bytes(no_answer, quantize=False), "Wayang")
