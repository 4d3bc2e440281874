"""A network that trains in a second: what the trainings of these tests are about is not the network.

It has what Raut's own have and what a training can get wrong: normalisation in its fused form, dropout, one head
or two on one trunk, faces of any size that 8 divides.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from fer_core.networks import ARCHITECTURES
from fer_core.networks.layers import batch_normalization
from fer_core.networks.raut import HEADS

if TYPE_CHECKING:
    import keras

    from fer_core.training.recipes.recipe import Recipe

SMALL = "small-for-tests"


def build_small_network(
    classes: int | tuple[int, ...], *, portable: bool = True, dropout: float = 0.1
) -> keras.Model:
    """As the builders of `ARCHITECTURES`; 15 thousand parameters."""
    import keras

    layers = keras.layers
    size = 48 if portable else None
    faces = keras.Input((size, size, 1), name="face_gray")
    x: Any = layers.Rescaling(1 / 127.5, offset=-1)(faces)
    for channels in (8, 16, 32):
        x = layers.Conv2D(channels, 5, strides=2, padding="same", use_bias=False)(x)
        x = layers.ReLU()(batch_normalization(portable=portable)(x))
    x = layers.Dropout(dropout)(layers.GlobalAveragePooling2D()(x))
    lengths = (classes,) if isinstance(classes, int) else classes
    outputs = [
        layers.Dense(length, activation="softmax", dtype="float32", name=head)(x)
        for length, head in zip(lengths, HEADS, strict=False)
    ]
    return keras.Model(faces, outputs if len(outputs) > 1 else outputs[0], name="small_for_tests")


def small_form(recipe: Recipe, **changes: Any) -> Recipe:
    """The recipe with this network in place of its own."""
    return dataclasses.replace(recipe, architecture=SMALL, options={}, **changes)


@contextmanager
def small_network_known() -> Iterator[None]:
    """`SMALL` can be trained meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ARCHITECTURES, SMALL, build_small_network)
        yield
