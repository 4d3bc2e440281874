"""Raut's own networks: small residual networks made for one face at a time on a laptop.

Residual blocks after He et al. 2016 (arXiv:1512.03385), with the average-pooled shortcut of ResNet-D
(arXiv:1812.01187). The stem halves the picture at once: at 48x48 the first layers would cost more than
all the others together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras


def build_compact(classes: int = 7, *, portable: bool = True, dropout: float = 0.3) -> keras.Model:
    """One residual block each at 24x24 (64 channels), 12x12 (128) and 6x6 (256); 1.2 million parameters."""
    import keras

    from .layers import batch_normalization

    layers = keras.layers

    def normalised(x: Any) -> Any:
        return batch_normalization(portable=portable)(x)

    def convolution(x: Any, channels: int, size: int, strides: int = 1) -> Any:
        # No bias: the normalisation behind it has one.
        return layers.Conv2D(
            channels, size, strides=strides, padding="same", use_bias=False, kernel_initializer="he_normal"
        )(x)

    faces = keras.Input((48, 48, 1), name="face_gray")
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(faces)
    x = layers.ReLU()(normalised(convolution(x, 32, 5, strides=2)))  # (N, 48, 48, 1) -> (N, 24, 24, 32)
    for channels, strides in ((64, 1), (128, 2), (256, 2)):
        x = _residual_block(x, channels, strides, convolution, normalised)
    x = layers.GlobalAveragePooling2D()(x)  # (N, 6, 6, 256) -> (N, 256)
    x = layers.Dropout(dropout)(x)
    probabilities = layers.Dense(classes, activation="softmax", dtype="float32", name="expression")(x)
    return keras.Model(faces, probabilities, name="raut_compact")


def _residual_block(
    x: Any, channels: int, strides: int, convolution: Callable[..., Any], normalised: Callable[[Any], Any]
) -> Any:
    import keras

    layers = keras.layers
    shortcut = layers.AveragePooling2D(strides)(x) if strides > 1 else x
    shortcut = normalised(convolution(shortcut, channels, 1))
    y = layers.ReLU()(normalised(convolution(x, channels, 3, strides=strides)))
    y = normalised(convolution(y, channels, 3))
    return layers.ReLU()(layers.Add()([y, shortcut]))
