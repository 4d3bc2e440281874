"""The bursts of each class, as the page shows them."""

from __future__ import annotations

from fer_core.lab.burst import Burst
from fer_core.lab.bursts import FaceStore


def finished_bursts(faces: FaceStore) -> tuple[Burst, ...]:
    """All bursts and photos but the one that is being recorded."""
    recording = faces.recording
    growing = None if recording is None else recording.id
    return tuple(burst for burst in faces.bursts if burst.id != growing)


def bursts_of_classes(faces: FaceStore, condition: str | None) -> dict[str, list[Burst]]:
    """Name of each class to its finished bursts and photos, oldest first.

    Args:
        faces: of the visitor.
        condition: what was changed in them; None for those to learn from.
    """
    by_class: dict[str, list[Burst]] = {name: [] for name in faces.classes}
    for burst in finished_bursts(faces):
        if burst.condition == condition and burst.class_name in by_class:
            by_class[burst.class_name].append(burst)
    return by_class
