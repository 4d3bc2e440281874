"""Networks as a class puts them together: blocks of 3x3 convolutions, each ended by a maximum of 2x2.

The names of the layers are those of `fer_core.lab.cost`, which knows shapes and costs without building anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from .layers import batch_normalization

if TYPE_CHECKING:
    import keras


def build_blocks(
    classes: int,
    *,
    blocks: Sequence[tuple[int, int]] = ((16, 1), (32, 1), (64, 1)),
    ending: Literal["flatten", "mean"] = "mean",
    dense_units: Sequence[int] = (),
    normalised: bool = True,
    dropout: float = 0.0,
    portable: bool = True,
) -> keras.Model:
    """Blocks, a vector made of the last maps, dense layers and a softmax.

    Args:
        classes: length of the softmax.
        blocks: channels and number of the convolutions of each block; 48 pixels halve four times to 3.
        ending: `flatten` puts all values of the last maps one after the other, `mean` takes the mean of each map.
        dense_units: of each dense layer before the classification, each with ReLU.
        normalised: batch normalisation between each convolution and its ReLU; the convolution then has no bias.
        dropout: share of values left out before the classification, while it learns.
        portable: as for `build_network`.
    """
    import keras

    layers = keras.layers
    faces = keras.Input((48, 48, 1), name="face_gray")
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(faces)
    for block, (channels, convolutions) in enumerate(blocks, start=1):
        for number in range(1, convolutions + 1):
            x = layers.Conv2D(
                channels,
                3,
                padding="same",
                use_bias=not normalised,
                kernel_initializer="he_normal",
                name=f"block{block}_conv{number}",
            )(x)
            if normalised:
                x = batch_normalization(portable=portable, name=f"block{block}_norm{number}")(x)
            x = layers.ReLU(name=f"block{block}_relu{number}")(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
    x = (
        layers.Flatten(name="flatten")(x)
        if ending == "flatten"
        else layers.GlobalAveragePooling2D(name="mean")(x)
    )
    for number, units in enumerate(dense_units, start=1):
        x = layers.Dense(units, activation="relu", kernel_initializer="he_normal", name=f"dense{number}")(x)
    if dropout:
        x = layers.Dropout(dropout, name="dropout")(x)
    probabilities = layers.Dense(classes, activation="softmax", dtype="float32", name="expression")(x)
    return keras.Model(faces, probabilities, name="blocks")
