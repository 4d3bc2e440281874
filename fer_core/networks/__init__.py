"""Architectures by name: `build_network("raut-compact", 7)` gives an untrained Keras model.

A new architecture is one file with a builder and one line in `ARCHITECTURES`. Every network takes grey
values 0-255 of shape (N, 48, 48, 1) and scales them itself, so training, photos and webcam cannot drift
apart, and ends in a softmax in float32.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fer_core.errors import N_, NetworkError

from . import paper, raut

if TYPE_CHECKING:
    import keras

Builder = Callable[..., "keras.Model"]

ARCHITECTURES: dict[str, Builder] = {
    "paper-small": paper.build_small,
    "paper-large": paper.build_large,
    "paper-four-conv": paper.build_four_conv,
    "raut": raut.build_raut,
    "raut-compact": raut.build_compact,
}


def build_network(architecture: str, classes: int | tuple[int, ...], *, portable: bool = True) -> keras.Model:
    """An untrained network.

    Args:
        architecture: a key of `ARCHITECTURES`.
        classes: length of the softmax; two of them where the architecture has two heads.
        portable: True uses only Keras' own layers, which is what ships; False may use a layer of the same
            weights that trains faster on this backend.

    Returns:
        keras.Model, float32 or uint8 (N, 48, 48, 1) grey 0-255 -> float32 (N, classes), rows sum to 1.

    Raises:
        NetworkError: no architecture of that name; the message lists the known ones.
    """
    if architecture not in ARCHITECTURES:
        raise NetworkError(
            N_("There is no architecture named “{name}”. Known: {known}."),
            name=architecture,
            known=", ".join(sorted(ARCHITECTURES)),
        )
    return ARCHITECTURES[architecture](classes, portable=portable)


def layer_table(model: keras.Model) -> list[dict[str, object]]:
    """The layers as rows: name, type, output shape without the batch axis, trainable + fixed parameters."""
    rows: list[dict[str, object]] = []
    for layer in model.layers:
        shape = getattr(layer, "output", None)
        rows.append(
            {
                "name": layer.name,
                "type": type(layer).__name__,
                "output_shape": list(shape.shape[1:]) if shape is not None else [],
                "parameters": int(layer.count_params()),
            }
        )
    return rows
