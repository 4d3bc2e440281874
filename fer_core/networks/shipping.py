"""The network that ships, made from a trained one: one head, flip averaging, temperature scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

PROBABILITY_FLOOR = 1e-7
"""Smaller probabilities count as this one, so that their logarithm is finite."""


def shipped_network(
    model: keras.Model, *, head: int = 0, flip_averaging: bool = False, temperature: float = 1.0
) -> keras.Model:
    """The network as it ships, float32 (N, 48, 48, 1) grey 0-255 -> float32 (N, C).

    Args:
        model: portable, in float32, with one output or several.
        head: which output.
        flip_averaging: average the probabilities of a face and of its mirror image.
        temperature: divides the logits (arXiv:1706.04599); above 1 the network becomes less sure, and the
            order of its answers stays.

    Returns:
        keras.Model that shares its weights with `model`; `model` itself where nothing is to be done.
    """
    import keras

    several = len(model.outputs) > 1
    if not several and not flip_averaging and temperature == 1.0:
        return model
    trunk = keras.Model(model.input, model.outputs[head], name=model.name) if several else model
    faces = keras.Input((48, 48, 1), name="face_gray")
    if flip_averaging:
        # Both halves go through in one batch, so that the file holds the weights once.
        both = keras.ops.concatenate([faces, keras.ops.flip(faces, axis=2)], axis=0)  # -> (2N, 48, 48, 1)
        answers = keras.ops.reshape(trunk(both), (2, -1, model.outputs[head].shape[-1]))  # -> (2, N, C)
        probabilities = keras.ops.mean(answers, axis=0)
    else:
        probabilities = trunk(faces)
    if temperature != 1.0:
        logits = keras.ops.log(keras.ops.maximum(probabilities, PROBABILITY_FLOOR))
        probabilities = keras.ops.softmax(logits / temperature, axis=-1)
    return keras.Model(faces, probabilities, name=f"{model.name}_{model.output_names[head]}")
