"""Parts of a face as FER2013 frames it, for the question where a map is brightest.

They are fixed parts of the picture and not found in the face: roughly where eyes, nose and mouth of a face from the front lie.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pages.ui.i18n import N_

REGIONS: Final[dict[str, tuple[float, float, float, float]]] = {
    "eyes": (0.24, 0.48, 0.14, 0.86),
    "nose": (0.48, 0.66, 0.22, 0.78),
    "mouth": (0.66, 0.88, 0.24, 0.76),
}
"""First and last row, first and last column, as shares of the side."""
EDGE: Final = 0.1
"""Width of the edge, as a share of the side."""
NAMES: Final = {
    "eyes": N_("Eyes and brows"),
    "nose": N_("Nose and cheeks"),
    "mouth": N_("Mouth and chin"),
    "edge": N_("Edge of the picture"),
}
SMALLEST_SIDE: Final = 12
"""Below it a place of a map covers more than one of these parts."""


def region_means(picture: np.ndarray) -> dict[str, float]:
    """The mean value in each part.

    Args:
        picture: float (H, W), H and W from `SMALLEST_SIDE`.
    """
    rows, columns = (((np.arange(side) + 0.5) / side) for side in picture.shape)
    means = {
        name: float(picture[np.ix_(_between(rows, top, bottom), _between(columns, left, right))].mean())
        for name, (top, bottom, left, right) in REGIONS.items()
    }
    inside = np.outer(_between(rows, EDGE, 1 - EDGE), _between(columns, EDGE, 1 - EDGE))
    return {**means, "edge": float(picture[~inside].mean())}


def _between(places: np.ndarray, low: float, high: float) -> np.ndarray:
    return (places >= low) & (places <= high)
