"""Raut's own networks: small residual networks made for one face at a time on a laptop.

Residual blocks after He et al. 2016 (arXiv:1512.03385), with the average-pooled shortcut of ResNet-D
(arXiv:1812.01187) and, in the larger one, squeeze and excitation (arXiv:1709.01507). The stem halves the
picture at once: at 48x48 the first layers would cost more than all the others together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

HEADS = ("expression", "expression_plus")
"""Names of the outputs: FER2013's seven classes, FER+'s eight."""


def build_compact(classes: int = 7, *, portable: bool = True, dropout: float = 0.3) -> keras.Model:
    """One residual block each at 24x24 (64 channels), 12x12 (128) and 6x6 (256); 1.2 million parameters."""
    return _residual_network("raut_compact", (classes,), 48, portable, dropout)


def build_raut(
    classes: int | tuple[int, ...] = (7, 8), *, portable: bool = True, dropout: float = 0.2
) -> keras.Model:
    """A softmax for each task on one trunk: one block each at 24x24 and 12x12, two at 6x6; 2.4 million.

    The form that trains takes faces of any size that 8 divides, because it learns from small ones first.
    """
    lengths = (classes,) if isinstance(classes, int) else tuple(classes)
    size = 48 if portable else None
    return _residual_network("raut", lengths, size, portable, dropout, depths=(1, 1, 2), squeeze=True)


def build_wide(
    classes: int | tuple[int, ...] = (7, 8), *, portable: bool = True, dropout: float = 0.3
) -> keras.Model:
    """Stem at 48x48, then two blocks each at 24x24 (128 channels), 12x12 (256) and 6x6 (512); 11.2 million.

    Six times the arithmetic of `build_raut`: it tells what size alone gives.
    """
    lengths = (classes,) if isinstance(classes, int) else tuple(classes)
    return _residual_network(
        "raut_wide", lengths, 48, portable, dropout, widths=(128, 256, 512), depths=(2, 2, 2), squeeze=True,
        stem=(64, 3, 1),
    )  # fmt: skip


def _normalised(portable: bool) -> Callable[[Any], Any]:
    from .layers import batch_normalization

    return lambda x: batch_normalization(portable=portable)(x)


def _convolution(x: Any, channels: int, size: int, strides: int = 1) -> Any:
    import keras

    # No bias: the normalisation behind it has one.
    return keras.layers.Conv2D(
        channels, size, strides=strides, padding="same", use_bias=False, kernel_initializer="he_normal"
    )(x)


def _heads(x: Any, classes: tuple[int, ...], dropout: float) -> Any:
    """(N, H, W, C) -> a softmax for each task; the softmax itself where there is one."""
    import keras

    layers = keras.layers
    x = layers.Dropout(dropout)(layers.GlobalAveragePooling2D()(x))
    outputs = [
        layers.Dense(length, activation="softmax", dtype="float32", name=head)(x)
        for length, head in zip(classes, HEADS, strict=False)
    ]
    return outputs if len(outputs) > 1 else outputs[0]


def _residual_network(
    name: str,
    classes: tuple[int, ...],
    size: int | None,
    portable: bool,
    dropout: float,
    widths: tuple[int, int, int] = (64, 128, 256),
    depths: tuple[int, int, int] = (1, 1, 1),
    squeeze: bool = False,
    stem: tuple[int, int, int] = (32, 5, 2),
) -> keras.Model:
    """Args beyond those of the builders: `stem`: channels, size and strides of the first convolution.

    At 6x6 every network ends, so a stem that does not halve the picture leaves it to the first block.
    """
    import keras

    layers = keras.layers
    normalised = _normalised(portable)
    faces = keras.Input((size, size, 1), name="face_gray")
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(faces)
    channels, kernel, halving = stem
    x = layers.ReLU()(normalised(_convolution(x, channels, kernel, strides=halving)))
    for channels, strides, depth in zip(widths, (2 // halving, 2, 2), depths, strict=True):
        for block in range(depth):
            x = _residual_block(x, channels, strides if block == 0 else 1, _convolution, normalised, squeeze)
    return keras.Model(faces, _heads(x, classes, dropout), name=name)  # x: (N, 6, 6, widths[-1])


def _residual_block(
    x: Any,
    channels: int,
    strides: int,
    convolution: Callable[..., Any],
    normalised: Callable[[Any], Any],
    squeeze: bool,
) -> Any:
    import keras

    layers = keras.layers
    shortcut = layers.AveragePooling2D(strides)(x) if strides > 1 else x
    if x.shape[-1] != channels:
        shortcut = normalised(convolution(shortcut, channels, 1))
    y = layers.ReLU()(normalised(convolution(x, channels, 3, strides=strides)))
    y = normalised(convolution(y, channels, 3))
    if squeeze:
        gate = layers.GlobalAveragePooling2D(keepdims=True)(y)  # (N, H, W, C) -> (N, 1, 1, C)
        gate = layers.Conv2D(channels // 8, 1, activation="relu")(gate)
        y = layers.Multiply()([y, layers.Conv2D(channels, 1, activation="sigmoid")(gate)])
    return layers.ReLU()(layers.Add()([y, shortcut]))
