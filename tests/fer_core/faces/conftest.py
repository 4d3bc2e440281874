"""What tests of finding faces share."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.data

from fer_core.faces.images import to_gray


@pytest.fixture(scope="session")
def astronaut_rgb() -> np.ndarray:
    """NASA's portrait of Eileen Collins, uint8 (512, 512, 3)."""
    return skimage.data.astronaut()


@pytest.fixture(scope="session")
def astronaut_gray(astronaut_rgb: np.ndarray) -> np.ndarray:
    """The same in grey, uint8 (512, 512)."""
    return to_gray(astronaut_rgb)
