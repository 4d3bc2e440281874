"""Architectures by name: `build_network("raut-compact", 7)` gives an untrained Keras model.

A new architecture is one file with a builder and one line in `ARCHITECTURES`. Every network takes grey
values 0-255 of shape (N, 48, 48, 1) and scales them itself, so training, photos and webcam cannot drift
apart, and ends in a softmax in float32.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fer_core.errors import N_, NetworkError

from . import applications, blocks, paper, raut

if TYPE_CHECKING:
    import keras

Builder = Callable[..., "keras.Model"]

ARCHITECTURES: dict[str, Builder] = {
    "paper-small": paper.build_small,
    "paper-large": paper.build_large,
    "paper-four-conv": paper.build_four_conv,
    "vgg19": applications.build_vgg19,
    "mobilenet": applications.build_mobilenet,
    "resnet50": applications.build_resnet50,
    "raut": raut.build_raut,
    "raut-compact": raut.build_compact,
    "raut-wide": raut.build_wide,
    "raut-deep": raut.build_deep,
    "raut-plain": raut.build_plain,
    "blocks": blocks.build_blocks,
}

PRETRAINED = ("vgg19", "mobilenet", "resnet50")
"""Architectures that can begin with weights from ImageNet."""


def build_network(
    architecture: str,
    classes: int | tuple[int, ...],
    *,
    portable: bool = True,
    weights: str | None = None,
    **options: Any,
) -> keras.Model:
    """An untrained network.

    Args:
        architecture: a key of `ARCHITECTURES`.
        classes: length of the softmax; two of them where the architecture has two heads.
        portable: True uses only Keras' own layers, which is what ships; False may use a layer of the same
            weights that trains faster on this backend.
        weights: "imagenet" to begin with those, for the networks of `keras.applications`; needs internet the
            first time.
        options: what the architecture's builder takes beyond that, such as `dropout`.

    Returns:
        keras.Model, float32 or uint8 (N, 48, 48, 1) grey 0-255 -> float32 (N, classes), rows sum to 1.

    Raises:
        NetworkError: no architecture of that name; no such weights for it, or they cannot be fetched.
    """
    if architecture not in ARCHITECTURES:
        raise NetworkError(
            N_("There is no architecture named “{name}”. Known: {known}."),
            name=architecture,
            known=", ".join(sorted(ARCHITECTURES)),
        )
    if weights is None:
        return ARCHITECTURES[architecture](classes, portable=portable, **options)
    if weights != applications.IMAGENET or architecture not in PRETRAINED:
        raise NetworkError(
            N_("There are no weights “{weights}” for “{name}”. Only these begin with ImageNet's: {known}."),
            weights=weights,
            name=architecture,
            known=", ".join(PRETRAINED),
        )
    return ARCHITECTURES[architecture](classes, portable=portable, weights=weights, **options)


def layer_table(model: keras.Model) -> list[dict[str, object]]:
    """The layers as rows: name, type, output shape without the batch axis, trainable + fixed parameters.

    A network inside the network, such as the trunk that sees a face and its mirror image, is told by its own
    layers, without its input.
    """
    rows: list[dict[str, object]] = []
    for layer in model.layers:
        inner = getattr(layer, "layers", None)
        if inner:
            rows += [row for row in layer_table(layer) if row["type"] != "InputLayer"]
            continue
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
