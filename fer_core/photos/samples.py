"""Pictures to begin with: a portrait, and a drawn face for each expression (see `fer_core/assets/SOURCES.md`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fer_core.labels import EXPRESSIONS
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
