"""VGG19, MobileNet and ResNet-50, which the paper names as further work, adapted to faces of 48x48 grey.

The networks are those of `keras.applications`, made for 224x224 in colour. For all three
the grey face goes into each of the three channels, scaled as the network's ImageNet weights expect; the top
with its 1000 classes gives way to a global mean, dropout and our softmax. For MobileNet and ResNet-50 the
stride of the first convolution is 1 instead of 2, so that the last layers still see 3x3 places and not 2x2.
VGG19 goes without the last of its five pools, which would make 1x1 of 3x3 places and drop those at the right and
below. No kernel changes its shape, so ImageNet weights fit.
The form that trains takes faces of any size from 32 pixels on, because a training may begin with small ones.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fer_core.errors import N_, NetworkError

from .layers import fused_batch_normalization

if TYPE_CHECKING:
    import keras

IMAGENET = "imagenet"
_CAFFE_MEANS = (103.939, 116.779, 123.68)
"""Mean blue, green and red of ImageNet, 0-255, which VGG19 and ResNet-50 subtract without scaling."""


def build_vgg19(
    classes: int = 7, *, portable: bool = True, dropout: float = 0.3, weights: str | None = None
) -> keras.Model:
    """VGG19 of Simonyan and Zisserman 2014 (arXiv:1409.1556): sixteen convolutions, 48x48 to 3x3x512."""
    return _adapted_network(
        "vgg19", "VGG19", "block5_pool", _CAFFE_MEANS, classes, portable, dropout, weights
    )


def build_mobilenet(
    classes: int = 7, *, portable: bool = True, dropout: float = 0.3, weights: str | None = None
) -> keras.Model:
    """MobileNet of Howard et al. 2017 (arXiv:1704.04861): depthwise separable, 48x48 to 3x3x1024."""
    return _adapted_network("mobilenet", "MobileNet", "conv1", None, classes, portable, dropout, weights)


def build_resnet50(
    classes: int = 7, *, portable: bool = True, dropout: float = 0.3, weights: str | None = None
) -> keras.Model:
    """ResNet-50 of He et al. 2015 (arXiv:1512.03385): bottleneck blocks, 48x48 to 3x3x2048."""
    return _adapted_network(
        "resnet50", "ResNet50", "conv1_conv", _CAFFE_MEANS, classes, portable, dropout, weights
    )


def _adapted_network(
    name: str,
    application: str,
    downsampling_layer: str,
    means: tuple[float, float, float] | None,
    classes: int,
    portable: bool,
    dropout: float,
    weights: str | None,
) -> keras.Model:
    import keras

    layers = keras.layers
    size = 48 if portable else None
    backbone = _backbone(getattr(keras.applications, application), weights, size)
    backbone = _without_downsampling(backbone, downsampling_layer, portable)
    faces = keras.Input((size, size, 1), name="face_gray")
    x = layers.Concatenate(name="three_channels")([faces, faces, faces])  # (N, 48, 48, 1) -> (N, 48, 48, 3)
    if means is None:
        x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(x)
    else:
        x = layers.Rescaling(1.0, offset=[-mean for mean in means], name="scale")(x)
    x = layers.GlobalAveragePooling2D()(backbone(x))
    x = layers.Dropout(dropout)(x)
    probabilities = layers.Dense(classes, activation="softmax", dtype="float32", name="expression")(x)
    return keras.Model(faces, probabilities, name=name)


def _backbone(application: Callable[..., Any], weights: str | None, size: int | None) -> keras.Model:
    try:
        with warnings.catch_warnings():
            # That the weights come from larger pictures is what is wanted here.
            warnings.filterwarnings("ignore", message="`input_shape` is undefined")
            return application(include_top=False, weights=weights, input_shape=(size, size, 3))
    except Exception as error:  # `get_file` raises whatever the connection raised
        if weights is None:
            raise
        raise NetworkError(
            N_("The ImageNet weights of {name} could not be fetched ({reason}). Connect to the internet and "
               "try again, or train without --weights."),
            name=application.__name__,
            reason=str(error).splitlines()[0][:200] if str(error) else type(error).__name__,
        ) from error  # fmt: skip


def _without_downsampling(model: keras.Model, name: str, portable: bool) -> keras.Model:
    """A copy whose layer of that name does not halve the picture, or without it if it only pools; weights are kept.

    The form that trains normalises in the fused way. Two cores, a step of 64 faces of 48x48: MobileNet in float32
    takes 0.60 of the time, ResNet-50 in bfloat16 0.68.
    """
    import keras

    if model.layers[-1].name == name:
        return keras.Model(model.input, model.layers[-2].output, name=model.name)

    def copied(layer: Any) -> Any:
        settings = layer.get_config()
        if layer.name == name:
            settings["strides"] = (1, 1)
        normalises = isinstance(layer, keras.layers.BatchNormalization) and not portable
        form = fused_batch_normalization() if normalises else type(layer)
        return form.from_config(settings)

    changed = keras.models.clone_model(model, clone_function=copied)
    changed.set_weights(model.get_weights())
    return changed
