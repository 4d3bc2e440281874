"""Pooling worked out: the largest value, or the mean, of each window of a map."""

from __future__ import annotations

from typing import Literal

import numpy as np

from fer_core.explanation.convolution import windows

Pool = Literal["max", "average"]


def pool(values: np.ndarray, size: int, *, stride: int, kind: Pool) -> np.ndarray:
    """A map after pooling without padding.

    Args:
        values: (H, W).
        size: side of a window.
        stride: values from one window to the next, both ways.
        kind: "max" or "average".

    Returns:
        float64 (H', W'); what does not fill a window at the right and below is left out.

    Raises:
        ExplanationError: windows that do not fit; see `convolution.windows`.
    """
    down, across = (windows(side, size, stride, "valid") for side in values.shape)
    every = np.lib.stride_tricks.sliding_window_view(values.astype(np.float64), (size, size))
    chosen = every[::stride, ::stride][: down.count, : across.count]  # (H', W', size, size)
    return np.asarray(chosen.max(axis=(2, 3)) if kind == "max" else chosen.mean(axis=(2, 3)))
