"""The multiply-accumulates that a network needs for one face, counted call by call."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from fer_core.errors import N_, NetworkError

if TYPE_CHECKING:
    import keras

COUNTED_LAYERS = (
    "Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D",
    "Dense",
)  # fmt: skip
"""Layers of Keras that apply each of their kernels once at every place of their output."""


def multiply_accumulates(model: keras.Model) -> int:
    """Multiply-accumulates for one face of 48x48, those of convolutions and dense layers.

    Biases, normalisation, activations and pooling are left out, as is usual. A layer or an inner model
    counts as often as it is called and for every row that it is called with, so a trunk that gets a face and
    its mirror image counts twice.

    Args:
        model: a functional network with one input, (N, 48, 48, 1); it stays as it is.

    Raises:
        NetworkError: a layer has a kernel and is none of `COUNTED_LAYERS`; a figure without it would be too small.
    """
    import keras

    return _count(model, keras.Input(batch_shape=(1, 48, 48, 1), dtype=model.inputs[0].dtype))


def _count(model: keras.Model, inputs: Any) -> int:
    """The multiply-accumulates of one call of `model` with tensors of these shapes, batch axis included."""
    import keras

    total = 0

    # The calls run on copies, because every call leaves a trace in its layer: one that was called twice no
    # longer has *an* output, which `layer_table` reads.
    def copy_layer(layer: Any) -> Any:
        return layer if isinstance(layer, keras.Model) else type(layer).from_config(layer.get_config())

    def count_call(layer: Any, *arguments: Any, **options: Any) -> Any:
        nonlocal total
        outputs = layer(*arguments, **options)
        if isinstance(layer, keras.Model):
            inner_inputs = keras.tree.map_structure(
                lambda tensor: keras.Input(batch_shape=tensor.shape, dtype=tensor.dtype), arguments[0]
            )
            total += _count(layer, inner_inputs)
        else:
            total += _count_layer(layer, outputs)
        return outputs

    keras.models.clone_model(
        model, input_tensors=inputs, clone_function=copy_layer, call_function=count_call, recursive=False
    )
    return total


def _count_layer(layer: Any, outputs: Any) -> int:
    import keras

    kernels = [weight for weight in getattr(layer, "weights", ()) if len(weight.shape) > 1]
    if not kernels:
        return 0
    if not isinstance(layer, tuple(getattr(keras.layers, name) for name in COUNTED_LAYERS)):
        raise NetworkError(
            N_("How to count the multiply-accumulates of the layer “{name}” ({type}) is not defined. Add it to "
               "fer_core/networks/cost.py."),
            name=layer.name,
            type=type(layer).__name__,
        )  # fmt: skip
    axis = 1 if getattr(layer, "data_format", "channels_last") == "channels_first" else -1
    positions = prod(outputs.shape) // outputs.shape[axis]  # (B, H, W, C) -> B * H * W
    # A kernel's shape has the inputs of *one* group, so its size is right for grouped convolutions too.
    return positions * sum(prod(kernel.shape) for kernel in kernels)
