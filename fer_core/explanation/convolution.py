"""A convolution worked out number by number, as pages explain it and tests compare with.

Everything is computed in float64, for one kernel on one picture; what a network computes is in `network_reader`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from fer_core.errors import N_, ExplanationError

Padding = Literal["same", "valid"]
Activation = Literal["relu", "relu6"]

STRIDE_NOT_WHOLE: Final = N_(
    "The stride says by how many pixels the kernel moves: a whole number, 1 or more. Received: {stride}."
)
STRIDE_TOO_LARGE: Final = N_(
    "With stride {stride} the kernel leaves the {side}×{side} patch with its first step. Choose {side} or less."
)
KERNEL_TOO_LARGE: Final = N_(
    "A kernel of {kernel}×{kernel} does not fit into a patch of {side}×{side} without padding. "
    "Choose padding or a smaller kernel."
)

PRESETS: Final[Mapping[str, np.ndarray]] = {
    "edge-vertical": np.array([[-1.0, 0, 1], [-1, 0, 1], [-1, 0, 1]]),
    "edge-horizontal": np.array([[-1.0, -1, -1], [0, 0, 0], [1, 1, 1]]),
    "blur": np.full((3, 3), 1 / 9),
    "sharpen": np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "identity": np.array([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]]),
}
"""Kernels by code, float64 (3, 3). The edges are Prewitt's: brighter at the right, or below, gives more."""


@dataclass(frozen=True)
class Windows:
    """Where the windows of a kernel lie along one side of a picture.

    Attributes:
        count: number of windows, which is the side of the result.
        stride: pixels from one to the next.
        before: zeros that padding adds before the first pixel.
        after: zeros that it adds after the last one.
    """

    count: int
    stride: int
    before: int
    after: int


@dataclass(frozen=True, eq=False)
class WorkedWindow:
    """One value of the result, with all that it is made of.

    Attributes:
        window: float64 (k, k, C), the numbers under the kernel, zeros where it reaches into the padding.
        is_padding: bool (k, k).
        products: float64 (k, k, C), of window and kernel.
        total: sum of the products.
        with_bias: the sum with the bias.
        result: after the activation.
    """

    window: np.ndarray
    is_padding: np.ndarray
    products: np.ndarray
    total: float
    with_bias: float
    result: float


def windows(side: int, kernel: int, stride: float, padding: Padding) -> Windows:
    """Where a kernel stands along a side.

    "same" adds as many zeros as there are windows for each `stride`-th pixel, the odd one at the end, as TensorFlow
    does; "valid" adds none and leaves out what the kernel does not reach.

    Args:
        side: of the picture, in pixels.
        kernel: its side, in pixels.
        stride: pixels from one window to the next.
        padding: "same" or "valid".

    Raises:
        ExplanationError: a stride that is no whole number, below 1 or larger than the side; a kernel larger than the
            picture without padding.
    """
    if stride != int(stride) or stride < 1:
        raise ExplanationError(STRIDE_NOT_WHOLE, stride=stride)
    if stride > side:
        raise ExplanationError(STRIDE_TOO_LARGE, stride=int(stride), side=side)
    step = int(stride)
    if padding == "valid":
        if kernel > side:
            raise ExplanationError(KERNEL_TOO_LARGE, kernel=kernel, side=side)
        return Windows((side - kernel) // step + 1, step, 0, 0)
    count = -(-side // step)
    zeros = max((count - 1) * step + kernel - side, 0)
    return Windows(count, step, zeros // 2, zeros - zeros // 2)


def convolve(
    picture: np.ndarray,
    kernel: np.ndarray,
    *,
    bias: float = 0.0,
    stride: float = 1,
    padding: Padding = "same",
    activation: Activation | None = "relu",
) -> np.ndarray:
    """The map that one kernel makes of a picture.

    As everywhere in neural networks the kernel is not turned around: the result is a cross-correlation.

    Args:
        picture: (H, W) or (H, W, C).
        kernel: (k, k) or (k, k, C), square.
        bias: added to each sum.
        stride: pixels from one window to the next, both ways.
        padding: "same" or "valid"; see `windows`.
        activation: what follows; None for nothing.

    Returns:
        float64 (H', W').

    Raises:
        ExplanationError: see `windows`.
        ValueError: shapes that do not belong together.
    """
    planes, weights = _with_channels(picture, kernel)
    down, across, padded = _padded(planes, weights, stride, padding)
    size = len(weights)
    every = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(0, 1))  # (.., .., C, k, k)
    chosen = every[:: down.stride, :: across.stride][: down.count, : across.count]
    sums = np.einsum("ijckl,klc->ij", chosen, weights) + bias  # (H', W', C, k, k) -> (H', W')
    return np.asarray(activated(sums, activation))


def worked_window(
    picture: np.ndarray,
    kernel: np.ndarray,
    row: int,
    column: int,
    *,
    bias: float = 0.0,
    stride: float = 1,
    padding: Padding = "same",
    activation: Activation | None = "relu",
) -> WorkedWindow:
    """One value of `convolve`, which takes the same arguments, step by step.

    Args:
        row: of the result, from 0.
        column: of the result, from 0.

    Raises:
        IndexError: the result has no such row or column.
    """
    planes, weights = _with_channels(picture, kernel)
    down, across, padded = _padded(planes, weights, stride, padding)
    if not (0 <= row < down.count and 0 <= column < across.count):
        raise IndexError(f"expected a place in {down.count}×{across.count}. Received: {row}, {column}")
    size, top, left = len(weights), row * down.stride, column * across.stride
    zeros = ((down.before, down.after), (across.before, across.after))
    outside = np.pad(np.zeros(planes.shape[:2], bool), zeros, constant_values=True)
    here = np.s_[top : top + size, left : left + size]
    products = padded[here] * weights
    with_bias = products.sum() + bias
    return WorkedWindow(
        window=padded[here],
        is_padding=outside[here],
        products=products,
        total=float(products.sum()),
        with_bias=float(with_bias),
        result=float(activated(with_bias, activation)),
    )


def activated(values: np.ndarray, activation: Activation | None) -> np.ndarray:
    """ReLU: negative values become 0; ReLU6: values above 6 become 6, too."""
    if activation is None:
        return values
    return np.clip(values, 0, 6 if activation == "relu6" else None)


def _with_channels(picture: np.ndarray, kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float64 (H, W, C) and (k, k, C)."""
    planes, weights = (
        np.asarray(each if each.ndim == 3 else each[..., None], np.float64) for each in (picture, kernel)
    )
    if planes.ndim != 3 or weights.shape[0] != weights.shape[1] or planes.shape[2] != weights.shape[2]:
        raise ValueError(
            f"expected (H, W, C) and (k, k, C) of the same C. Received: {picture.shape} and {kernel.shape}"
        )
    return planes, weights


def _padded(
    planes: np.ndarray, weights: np.ndarray, stride: float, padding: Padding
) -> tuple[Windows, Windows, np.ndarray]:
    """Windows downwards and across, and the picture with its zeros."""
    down, across = (windows(side, len(weights), stride, padding) for side in planes.shape[:2])
    return down, across, np.pad(planes, ((down.before, down.after), (across.before, across.after), (0, 0)))
