"""The three networks of Ekawati, Putra, Sumadyo and Whidhiasih (2024), exact to the parameter.

All convolutions are 3x3, stride 1, 'same', ReLU; all pools 2x2. The paper prints the smallest layer by
layer; the two others follow from their parameter counts. Dropout has no parameters and is not reported, so
it is an argument here and 0 by default.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

POOL = 0  # marks a 2x2 maximum pool in a list of channel counts


def _build(
    name: str,
    feature_layers: Sequence[int],
    dense_units: Sequence[int],
    classes: int,
    pool_dropout: float,
    dense_dropout: float,
) -> keras.Model:
    import keras

    faces = keras.Input((48, 48, 1), name="face_gray")
    x = keras.layers.Rescaling(1 / 255, name="scale")(faces)
    for channels in feature_layers:
        if channels == POOL:
            x = keras.layers.MaxPooling2D(2)(x)
            if pool_dropout:
                x = keras.layers.Dropout(pool_dropout)(x)
        else:
            x = keras.layers.Conv2D(channels, 3, padding="same", activation="relu")(x)
    x = keras.layers.Flatten()(x)
    for units in dense_units:
        x = keras.layers.Dense(units, activation="relu")(x)
        if dense_dropout:
            x = keras.layers.Dropout(dense_dropout)(x)
    probabilities = keras.layers.Dense(classes, activation="softmax", dtype="float32", name="expression")(x)
    return keras.Model(faces, probabilities, name=name)


def build_small(
    classes: int = 8, *, portable: bool = True, pool_dropout: float = 0.0, dense_dropout: float = 0.0
) -> keras.Model:
    """The smallest network: 2,679,592 parameters with eight classes (the paper's tables print 2.678.592)."""
    del portable  # only Keras' own layers in any case
    features = (32, 32, POOL, 64, 64, POOL, 128, 128, POOL)
    return _build("paper_small", features, (512, 64), classes, pool_dropout, dense_dropout)


def build_large(
    classes: int = 8, *, portable: bool = True, pool_dropout: float = 0.0, dense_dropout: float = 0.0
) -> keras.Model:
    """The largest network: 10,714,696 parameters with eight classes."""
    del portable
    features = (64, 64, POOL, 128, 128, POOL, 256, 256, POOL)
    return _build("paper_large", features, (1024, 128), classes, pool_dropout, dense_dropout)


def build_four_conv(
    classes: int = 8, *, portable: bool = True, pool_dropout: float = 0.0, dense_dropout: float = 0.0
) -> keras.Model:
    """The network with four convolutions: 4,968,072 parameters with eight classes."""
    del portable
    features = (32, 64, POOL, 128, POOL, 128, POOL)
    return _build("paper_four_conv", features, (1024,), classes, pool_dropout, dense_dropout)
