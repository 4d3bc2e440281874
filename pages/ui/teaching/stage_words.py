"""What the stages of a network are called, on every page that names them."""

from __future__ import annotations

from collections.abc import Sequence

from pages.ui.i18n import N_, _, format_number

NAMES = {
    "input": N_("Input"),
    "convolution": N_("Convolution {n}"),
    "depthwise_convolution": N_("Depthwise convolution {n}"),
    "pooling": N_("Pooling {n}"),
    "addition": N_("Addition {n}"),
    "multiplication": N_("Multiplication {n}"),
    "sigmoid": N_("Sigmoid"),
    "mean": N_("Mean"),
    "flatten": N_("Flatten"),
    "reshape": N_("Reshape"),
    "dense": N_("Dense layer {n}"),
    "softmax": N_("Softmax"),
}


def kind_name(kind: str, number: int, *, otherwise: str = "") -> str:
    """ "Convolution 2".

    Args:
        kind: of `fer_core.explanation.layers.Stage`.
        number: counts the stages of this kind, from 1 on.
        otherwise: for a kind that has no name here.
    """
    name = NAMES.get(kind)
    return otherwise or kind if name is None else _(name).format(n=format_number(number))


def shape_words(shape: Sequence[int]) -> str:
    """(48, 48, 32) -> "48×48×32"."""
    return "×".join(format_number(side) for side in shape)
