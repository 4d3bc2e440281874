"""The question of the step Convolution: of two places of this face, which one is brighter in the map?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.explanation.convolution import PRESETS, convolve
from pages.network.convolution.chosen import Chosen
from pages.network.convolution.first import FirstConvolution
from pages.network.seen import Seen
from pages.ui.i18n import _, format_number
from pages.ui.teaching.question import ask

_MARGIN: Final = 10
"""Pixels at the border of a face where no place of the question lies: often hair or background."""
_ALIKE: Final = 0.03
"""Share of the map's range within which two places count as equally bright."""


@dataclass(frozen=True)
class Place:
    """A place of the face: its mark, column and row."""

    mark: str
    x: int
    y: int


def two_places(face_gray: np.ndarray) -> tuple[Place, Place]:
    """Where a face has its strongest edge from dark at the left to bright at the right, and its most even area.

    Args:
        face_gray: uint8 (48, 48).
    """
    import cv2

    grey = face_gray.astype(np.float32)
    slope = convolve(grey, PRESETS["edge-vertical"])
    mean = cv2.blur(grey, (5, 5))
    deviation = cv2.blur(grey**2, (5, 5)) - mean**2
    inner = np.s_[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    edge = np.unravel_index(slope[inner].argmax(), slope[inner].shape)
    even = np.unravel_index(deviation[inner].argmin(), deviation[inner].shape)
    return (
        Place("A", int(edge[1]) + _MARGIN, int(edge[0]) + _MARGIN),
        Place("B", int(even[1]) + _MARGIN, int(even[0]) + _MARGIN),
    )


def brighter(seen: Seen, first: FirstConvolution, chosen: Chosen, places: tuple[Place, Place]) -> bool:
    """Ask which place is brighter in the map; whether the answer is open.

    Raises:
        ExplanationError: the kernel cannot slide over the face like this.
    """
    made = convolve(
        chosen.picture(first, seen.face_gray),
        chosen.weights,
        bias=chosen.bias,
        stride=chosen.stride,
        padding=chosen.padding,
        activation=chosen.activation(first),
    )
    # Without padding the first window lies in the middle of a kernel.
    shift = 0 if chosen.padding == "same" else len(chosen.weights) // 2

    def value(place: Place) -> float:
        at = ((each - shift) // int(chosen.stride) for each in (place.y, place.x))
        row, column = (min(max(each, 0), len(made) - 1) for each in at)
        return float(made[row, column])

    at_edge, at_even = (value(place) for place in places)
    alike = abs(at_edge - at_even) <= _ALIKE * float(made.max() - made.min())
    right = "alike" if alike else "edge" if at_edge > at_even else "even"
    decimals = 0 if chosen.in_grey else 2
    if 0 < float(np.abs(made).max()) < 0.5:
        decimals = 3
    return ask(
        f"brighter_{seen.key}_{chosen.code}_{chosen.stride}_{chosen.padding}_{chosen.in_grey}_{chosen.relu}_{chosen.bias}",
        _("Which will be brighter in the map of this kernel: A, on an edge, or B, in an even area?"),
        {"edge": _("A, on the edge"), "even": _("B, in the even area"), "alike": _("About the same")},
        right,
        _("The map has {edge} at A and {even} at B. {why}").format(
            edge=format_number(at_edge, decimals),
            even=format_number(at_even, decimals),
            why=_reason(chosen.weights, right),
        ),
    )


def _reason(weights: np.ndarray, right: str) -> str:
    total, size = float(weights.sum()), float(np.abs(weights).sum())
    if abs(total) <= 0.1 * size and right == "even":
        return _(
            "The weights of this kernel add up to about 0, so only differences between pixels count. Those at A run "
            "against the kernel, and ReLU makes 0 of what is negative; the small ones at B fit it better."
        )
    if abs(total) <= 0.1 * size:
        return _(
            "The weights of this kernel add up to about 0: where all pixels are alike, they cancel out. What is left is "
            "an edge in the direction that fits the kernel, from dark to bright; ReLU makes 0 of the opposite one."
        )
    if (weights >= 0).all():
        return _("No weight is negative: the brighter the pixels under the kernel, the larger the sum.")
    return _(
        "Positive and negative weights do not cancel out here, so both the brightness and the pattern under the kernel "
        "count."
    )
