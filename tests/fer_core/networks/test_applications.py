"""The networks of `keras.applications` on grey faces, and ImageNet's weights without a download."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fer_core.errors import NetworkError
from fer_core.networks import PRETRAINED, build_network
from fer_core.networks.layers import fused_batch_normalization

if TYPE_CHECKING:
    import keras


APPLICATIONS = {"vgg19": "VGG19", "mobilenet": "MobileNet", "resnet50": "ResNet50"}


@cache
def built(name: str, *, portable: bool = True) -> keras.Model:
    """The network as it is built, once for all tests; only its weights may be changed."""
    return build_network(name, 7, portable=portable)


@cache
def other_weights(name: str) -> keras.Model:
    """The network as `keras.applications` makes it, with weights that are not ours."""
    import keras

    keras.utils.set_random_seed(5)
    build = getattr(keras.applications, APPLICATIONS[name])
    return build(include_top=False, weights=None, input_shape=(48, 48, 3))


@pytest.fixture(scope="module", autouse=True)
def networks_of_these_tests_go_with_them() -> Iterator[None]:
    yield
    built.cache_clear()
    other_weights.cache_clear()


@pytest.mark.parametrize(
    ("name", "places", "channels"), [("vgg19", 3, 512), ("mobilenet", 3, 1024), ("resnet50", 3, 2048)]
)
def test_the_last_layers_see_as_many_places_as_the_docstring_says(
    name: str, places: int, channels: int
) -> None:
    model = built(name)
    backbone = next(layer for layer in model.layers if hasattr(layer, "layers"))
    assert tuple(backbone.output.shape[1:]) == (places, places, channels)


@pytest.mark.parametrize("name", ["vgg19", "mobilenet", "resnet50"])
def test_the_form_that_trains_takes_small_faces_and_has_the_same_weights(
    name: str, faces_gray: np.ndarray
) -> None:
    training, shipping = built(name, portable=False), built(name)
    small = faces_gray[:1, :32, :32, None].astype(np.float32)
    assert np.asarray(training(small)).shape == (1, 7)
    shipping.set_weights(training.get_weights())
    inputs = faces_gray[:2, ..., None].astype(np.float32)
    np.testing.assert_allclose(np.asarray(training(inputs)), np.asarray(shipping(inputs)), atol=1e-5)


@pytest.mark.parametrize("name", ["mobilenet", "resnet50"])
def test_the_form_that_trains_normalises_in_the_fused_way_and_the_one_that_ships_as_keras_does(
    name: str,
) -> None:
    import keras

    for portable, form in ((False, fused_batch_normalization()), (True, keras.layers.BatchNormalization)):
        model = built(name, portable=portable)
        backbone = next(layer for layer in model.layers if hasattr(layer, "layers"))
        forms = {type(each) for each in backbone.layers if isinstance(each, keras.layers.BatchNormalization)}
        assert forms == {form}


def test_vgg19_sees_a_grey_face_as_imagenet_pictures_were_seen(faces_gray: np.ndarray) -> None:
    import keras

    model = built("vgg19")
    scaled = keras.Model(model.input, model.get_layer("scale").output)
    inputs = faces_gray[..., None].astype(np.float32)
    expected = keras.applications.vgg19.preprocess_input(np.repeat(inputs, 3, axis=-1))
    np.testing.assert_allclose(np.asarray(scaled(inputs)), expected, atol=1e-3)


@pytest.fixture
def stub_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Instead of the download: a file of the right form with other weights; the addresses asked for."""
    from keras.src.utils import file_utils

    asked: list[str] = []

    def fetched(fname: str, origin: str, **_: object) -> str:
        asked.append(origin)
        (name,) = [name for name in APPLICATIONS if name in fname]
        path = tmp_path / f"{name}.weights.h5"
        other_weights(name).save_weights(path)
        # `keras.applications` reads the older form of its files by name; this one is read by the ending.
        return str(path)

    monkeypatch.setattr(file_utils, "get_file", fetched)
    return asked


@pytest.mark.parametrize("portable", [True, False], ids=["ships", "trains"])
@pytest.mark.parametrize("name", APPLICATIONS)
def test_imagenet_weights_are_fetched_and_taken_over(
    stub_download: list[str], name: str, portable: bool
) -> None:
    """Also where a pool is left out or a stride is another."""
    model = build_network(name, 7, weights="imagenet", portable=portable)
    assert len(stub_download) == 1 and name in stub_download[0]
    backbone = next(layer for layer in model.layers if hasattr(layer, "layers"))
    for ours, theirs in zip(backbone.get_weights(), other_weights(name).get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_without_internet_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from keras.src.utils import file_utils

    def offline(*_: object, **__: object) -> str:
        raise Exception("URL fetch failure on https://storage.example/: None -- no route")

    monkeypatch.setattr(file_utils, "get_file", offline)
    with pytest.raises(NetworkError, match="weights of ResNet50 could not be fetched .*--weights"):
        build_network("resnet50", 7, weights="imagenet")


@pytest.mark.parametrize(("name", "weights"), [("raut", "imagenet"), ("vgg19", "faces")])
def test_weights_that_there_are_not_are_refused(name: str, weights: str) -> None:
    with pytest.raises(NetworkError, match=f"no weights “{weights}” for “{name}”.*{PRETRAINED[0]}"):
        build_network(name, 7, weights=weights)
