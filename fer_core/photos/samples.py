"""Pictures to begin with: a portrait, and a drawn face for each expression (see `fer_core/assets/SOURCES.md`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from fer_core.labels import EXPRESSIONS
from fer_core.photos.analysis import faces_in
from fer_core.places import SAMPLE_PHOTO, SAMPLES_DIR


@dataclass(frozen=True)
class Sample:
    """One of them."""

    path: Path
    expression: str | None = None
    """Code of what a drawing is meant to show; None for the photo."""

    @property
    def is_drawing(self) -> bool:
        return self.expression is not None


PORTRAIT: Final = Sample(SAMPLE_PHOTO)

DRAWINGS: Final = tuple(Sample(SAMPLES_DIR / f"drawing-{code}.png", code) for code in EXPRESSIONS)
"""A drawn face for each expression, in the order in which people read them."""


@cache
def sample_face(sample: Sample) -> np.ndarray:
    """The face of a sample as networks see it, found as on the page Photos: uint8 (48, 48), read-only.

    Raises:
        ImageError: its file cannot be read.
    """
    face_gray = np.ascontiguousarray(faces_in(sample.path.read_bytes(), sample.path.name)[0])
    face_gray.setflags(write=False)  # one value is shared by every session of the app
    return face_gray
