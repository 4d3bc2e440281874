"""Raut's own networks: small residual networks made for one face at a time on a laptop.

Residual blocks after He et al. 2016 (arXiv:1512.03385), with the average-pooled shortcut of ResNet-D
(arXiv:1812.01187) and, in the larger one, squeeze and excitation (arXiv:1709.01507). The stem halves the
picture at once: at 48x48 the first layers would cost more than all the others together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

HEADS = ("expression", "expression_plus")
"""Names of the outputs: FER2013's seven classes, FER+'s eight."""


def build_compact(classes: int = 7, *, portable: bool = True, dropout: float = 0.3) -> keras.Model:
    """One residual block each at 24x24 (64 channels), 12x12 (128) and 6x6 (256); 1.2 million parameters."""
    return _residual_network("raut_compact", classes, 48, portable, dropout)


def build_raut(
    classes: int | tuple[int, ...] = (7, 8), *, portable: bool = True, dropout: float = 0.2
) -> keras.Model:
    """A softmax for each task on one trunk: one block each at 24x24 and 12x12, two at 6x6; 2.4 million.

    The form that trains takes faces of any size that 8 divides, because it learns from small ones first.
    """
    size = 48 if portable else None
    return _residual_network("raut", classes, size, portable, dropout, depths=(1, 1, 2), squeeze=True)


def build_wide(
    classes: int | tuple[int, ...] = (7, 8), *, portable: bool = True, dropout: float = 0.3
) -> keras.Model:
    """Stem at 48x48, then two blocks each at 24x24 (128 channels), 12x12 (256) and 6x6 (512); 11.2 million.

    Six times the arithmetic of `build_raut`: it tells what size alone gives.
    """
    return _residual_network(
        "raut_wide", classes, 48, portable, dropout, stem=(64, 3, 1), widths=(128, 256, 512), depths=(2, 2, 2),
        squeeze=True,
    )  # fmt: skip


def build_deep(
    classes: int | tuple[int, ...] = (7, 8), *, portable: bool = True, dropout: float = 0.3
) -> keras.Model:
    """As `build_wide`, narrower and deeper: three blocks each of 96, 192 and 384 channels; 9.9 million."""
    return _residual_network(
        "raut_deep", classes, 48, portable, dropout, stem=(64, 3, 1), widths=(96, 192, 384), depths=(3, 3, 3),
        squeeze=True,
    )  # fmt: skip


def build_plain(
    classes: int | tuple[int, ...] = (7, 8),
    *,
    portable: bool = True,
    dropout: float = 0.5,
    widths: Sequence[int] = (64, 128, 256, 512),
    depths: Sequence[int] = (2, 3, 3, 3),
) -> keras.Model:
    """Convolutions one after the other, as in VGG (arXiv:1409.1556), each normalised.

    A stage each at 48x48, 24x24, 12x12 and 6x6, with a maximum of 2x2 between them; as given by default 7.8 million
    parameters.

    Args:
        widths: channels in each stage.
        depths: convolutions in each.
    """
    import keras

    layers = keras.layers
    convolution, normalised = _layer_builders(portable)
    faces, x = _scaled_input(48)
    for stage, (channels, depth) in enumerate(zip(widths, depths, strict=True)):
        if stage:
            x = layers.MaxPooling2D(2)(x)
        for _layer in range(depth):
            x = layers.ReLU()(normalised(convolution(x, channels, 3)))
    return _with_heads("raut_plain", faces, x, classes, dropout)


def _residual_network(
    name: str,
    classes: int | tuple[int, ...],
    size: int | None,
    portable: bool,
    dropout: float,
    stem: tuple[int, int, int] = (32, 5, 2),
    widths: tuple[int, int, int] = (64, 128, 256),
    depths: tuple[int, int, int] = (1, 1, 1),
    squeeze: bool = False,
) -> keras.Model:
    """A stem (channels, kernel, strides), then blocks at 24x24, 12x12 and 6x6: the first halves what the stem does not."""
    import keras

    layers = keras.layers
    convolution, normalised = _layer_builders(portable)
    stem_channels, kernel, stem_strides = stem
    faces, x = _scaled_input(size)
    x = layers.ReLU()(normalised(convolution(x, stem_channels, kernel, strides=stem_strides)))
    for channels, strides, depth in zip(widths, (2 // stem_strides, 2, 2), depths, strict=True):
        for block in range(depth):
            x = _residual_block(x, channels, strides if block == 0 else 1, convolution, normalised, squeeze)
    return _with_heads(name, faces, x, classes, dropout)


def _layer_builders(portable: bool) -> tuple[Callable[..., Any], Callable[[Any], Any]]:
    """Two functions that add a layer: convolution(x, channels, size, strides) and normalised(x)."""
    import keras

    from .layers import batch_normalization

    def convolution(x: Any, channels: int, size: int, strides: int = 1) -> Any:
        # No bias: the normalisation behind it has one.
        return keras.layers.Conv2D(
            channels, size, strides=strides, padding="same", use_bias=False, kernel_initializer="he_normal"
        )(x)

    def normalised(x: Any) -> Any:
        return batch_normalization(portable=portable)(x)

    return convolution, normalised


def _scaled_input(size: int | None) -> tuple[Any, Any]:
    """The input (N, size, size, 1), grey 0-255, and the same scaled to -1 to 1."""
    import keras

    faces = keras.Input((size, size, 1), name="face_gray")
    return faces, keras.layers.Rescaling(1 / 127.5, offset=-1, name="scale")(faces)


def _with_heads(name: str, faces: Any, x: Any, classes: int | tuple[int, ...], dropout: float) -> keras.Model:
    """The model: global average pooling, dropout, and a softmax for each task."""
    import keras

    layers = keras.layers
    x = layers.GlobalAveragePooling2D()(x)  # (N, 6, 6, C) -> (N, C)
    x = layers.Dropout(dropout)(x)
    lengths = (classes,) if isinstance(classes, int) else classes
    outputs = [
        layers.Dense(length, activation="softmax", dtype="float32", name=head)(x)
        for length, head in zip(lengths, HEADS, strict=False)
    ]
    return keras.Model(faces, outputs if len(outputs) > 1 else outputs[0], name=name)


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
