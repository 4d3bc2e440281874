"""A face made worse on purpose, step by step: what has to change before the network changes its mind.

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
class Range:
    """From where to where a slider goes."""

    low: float
    high: float
    step: float

    def values(self, count: int) -> np.ndarray:
        """float64 (count,), evenly from end to end."""
        return np.linspace(self.low, self.high, count)


@dataclass(frozen=True)
class Spoiling:
    """How much of each; as it stands here, the face stays as it is."""

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


RANGES: Final[dict[str, Range]] = {
    "brightness": Range(-120, 120, 5),
    "contrast": Range(0, 300, 10),
    "blur": Range(0, 5, 0.25),
    "noise": Range(0, 80, 5),
    "tilt": Range(-45, 45, 5),
    "crop": Range(0, 30, 2),
    "eyes": Range(0, 100, 10),
    "mouth": Range(0, 100, 10),
}
"""Fields of `Spoiling`, in the order of the page."""


def spoil(face_gray: np.ndarray, spoiling: Spoiling) -> np.ndarray:
    """The face with all of it: turned, cut, blurred, its light changed, noise, and last what covers it.

    Args:
        face_gray: uint8 (48, 48).
        spoiling: how much of each.

    Returns:
        uint8 (48, 48).

    Raises:
        ValueError: another shape or dtype.
    """
    if face_gray.dtype != np.uint8 or face_gray.shape != (FACE_SIZE, FACE_SIZE):
        raise ValueError(f"Expected uint8 (48, 48). Received: {face_gray.dtype} {face_gray.shape}")
    face: np.ndarray = face_gray.astype(np.float32)
    centre = (FACE_SIZE - 1) / 2
    if spoiling.tilt or spoiling.crop:
        zoom = 1 / (1 - 2 * spoiling.crop / 100)
        turn = cv2.getRotationMatrix2D((centre, centre), -spoiling.tilt, zoom)
        face = cv2.warpAffine(face, turn, (FACE_SIZE, FACE_SIZE), borderMode=cv2.BORDER_REPLICATE)
    if spoiling.blur:
        face = cv2.GaussianBlur(face, (0, 0), spoiling.blur)
    mean = float(face.mean())
    face = mean + (face - mean) * spoiling.contrast / 100 + spoiling.brightness
    if spoiling.noise:
        face = face + spoiling.noise * np.random.default_rng(NOISE_SEED).standard_normal(face.shape)
    for share, (top, bottom) in ((spoiling.eyes, EYE_ROWS), (spoiling.mouth, MOUTH_ROWS)):
        rows = round((bottom - top) * share / 100)
        if rows:
            first = (top + bottom - rows) // 2
            face[first : first + rows] = np.clip(mean + spoiling.brightness, 0, 255)
    return np.asarray(np.clip(np.rint(face), 0, 255), np.uint8)


def spoil_over_range(
    face_gray: np.ndarray, spoiling: Spoiling, kind: str, values: Sequence[float] | np.ndarray
) -> np.ndarray:
    """The face at several values of one kind, everything else as in `spoiling`.

    Args:
        face_gray: uint8 (48, 48).
        spoiling: the other kinds.
        kind: key of `RANGES`.
        values: of that kind.

    Returns:
        uint8 (N, 48, 48).
    """
    return np.stack(
        [spoil(face_gray, dataclasses.replace(spoiling, **{kind: float(value)})) for value in values]
    )
