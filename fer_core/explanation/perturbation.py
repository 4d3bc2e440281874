"""Perturbations of a face: how far it has to be changed before the network changes its answer.

What is changed is the 48x48 picture that the network is shown, not the photo: whether the detector would still
find the face is another question.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fer_core.faces.images import FACE_SIZE

EYE_ROWS: Final = (11, 25)
MOUTH_ROWS: Final = (31, 46)
"""First row, and first row below, of what is covered, where the cascade's boxes have eyes and mouth."""

NOISE_SEED: Final = 5


@dataclass(frozen=True)
class SliderRange:
    """The values that a slider offers: `low` to `high` in steps of `step`."""

    low: float
    high: float
    step: float

    def values(self, count: int) -> np.ndarray:
        """float64 (count,), evenly spaced from `low` to `high`."""
        return np.linspace(self.low, self.high, count)


@dataclass(frozen=True)
class Perturbation:
    """How strongly a face is changed, kind by kind; the defaults change nothing."""

    brightness: float = 0.0
    """Grey levels added."""
    contrast: float = 100.0
    """Percent of the distance from the mean grey level."""
    blur: float = 0.0
    """Standard deviation of the Gaussian, in pixels of the 48x48 picture."""
    noise: float = 0.0
    """Standard deviation of the noise, in grey levels; always the same noise."""
    tilt: float = 0.0
    """Degrees, positive clockwise."""
    crop: float = 0.0
    """Percent of the side that is cut off at every edge; the rest fills the picture."""
    eyes: float = 0.0
    """Percent of the eye region that is covered, from its middle row outwards."""
    mouth: float = 0.0
    """The same of the mouth region."""


RANGES: Final[dict[str, SliderRange]] = {
    "brightness": SliderRange(-120, 120, 5),
    "contrast": SliderRange(0, 300, 10),
    "blur": SliderRange(0, 5, 0.25),
    "noise": SliderRange(0, 80, 5),
    "tilt": SliderRange(-45, 45, 5),
    "crop": SliderRange(0, 30, 2),
    "eyes": SliderRange(0, 100, 10),
    "mouth": SliderRange(0, 100, 10),
}
"""Fields of `Perturbation`, in the order of the page."""


def perturb(face_gray: np.ndarray, perturbation: Perturbation) -> np.ndarray:
    """The perturbed face: turned, cropped, blurred, its light changed, noise added, and at last covered.

    Args:
        face_gray: uint8 (48, 48).
        perturbation: how much of each.

    Returns:
        uint8 (48, 48).

    Raises:
        ValueError: another shape or dtype.
    """
    if face_gray.dtype != np.uint8 or face_gray.shape != (FACE_SIZE, FACE_SIZE):
        raise ValueError(f"Expected uint8 (48, 48). Received: {face_gray.dtype} {face_gray.shape}")
    face: np.ndarray = face_gray.astype(np.float32)
    centre = (FACE_SIZE - 1) / 2
    if perturbation.tilt or perturbation.crop:
        zoom = 1 / (1 - 2 * perturbation.crop / 100)
        turn = cv2.getRotationMatrix2D((centre, centre), -perturbation.tilt, zoom)
        face = cv2.warpAffine(face, turn, (FACE_SIZE, FACE_SIZE), borderMode=cv2.BORDER_REPLICATE)
    if perturbation.blur:
        face = cv2.GaussianBlur(face, (0, 0), perturbation.blur)
    mean = float(face.mean())
    face = mean + (face - mean) * perturbation.contrast / 100 + perturbation.brightness
    if perturbation.noise:
        face = face + perturbation.noise * np.random.default_rng(NOISE_SEED).standard_normal(face.shape)
    for share, (top, bottom) in ((perturbation.eyes, EYE_ROWS), (perturbation.mouth, MOUTH_ROWS)):
        rows = round((bottom - top) * share / 100)
        if rows:
            first = (top + bottom - rows) // 2
            face[first : first + rows] = np.clip(mean + perturbation.brightness, 0, 255)
    return np.asarray(np.clip(np.rint(face), 0, 255), np.uint8)


def perturb_over_range(
    face_gray: np.ndarray, perturbation: Perturbation, kind: str, values: Sequence[float] | np.ndarray
) -> np.ndarray:
    """The face at several values of one kind, everything else as in `perturbation`.

    Args:
        face_gray: uint8 (48, 48).
        perturbation: the other kinds.
        kind: key of `RANGES`.
        values: of that kind.

    Returns:
        uint8 (N, 48, 48).
    """
    return np.stack(
        [perturb(face_gray, dataclasses.replace(perturbation, **{kind: float(value)})) for value in values]
    )
