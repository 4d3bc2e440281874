"""Which faces of FER2013 each detector misses: by label, brightness, tilt and turn.

`python benchmarks/missed.py --write` measures it and stores it in `missed.json` beside this file, with the settings that
were measured: figures of other settings are none of today's.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from fer_core.faces.search import DETECTORS, photo_search
from fer_core.json_files import read_json

MEASURED_FILE: Final = Path(__file__).with_name("missed.json")
EFFORT: Final = "normal"
"""Grade of the searches that are measured."""


@dataclass(frozen=True)
class MissedGroup:
    """Faces that have something in common, and how many of them each detector misses."""

    label: str | None
    """Code of the expression that FER2013 gives all of them; None where they have a measure in common."""
    low: float | None
    """Smallest measure of the group; None without a label and at the lower end."""
    high: float | None
    """Measures of the group are below it; None without a label and at the upper end."""
    n: int
    missed: dict[str, int]
    """Of each of `DETECTORS`."""


@dataclass(frozen=True)
class MissedFaces:
    """What `benchmarks/missed.py` measured."""

    split: str
    everyone: MissedGroup
    groups: dict[str, tuple[MissedGroup, ...]]
    """By "label", "brightness" (mean grey level, 0 to 255), "tilt" (degrees) and "turn" (as `turns_away`)."""


def searches_measured() -> dict[str, Any]:
    """The settings that figures must have been measured with, as JSON holds them."""
    return {name: asdict(photo_search(EFFORT, name)) for name in DETECTORS}


def missed_faces(file: Path = MEASURED_FILE) -> MissedFaces | None:
    """The stored figures; None where they were measured with other settings than today's."""
    stored = read_json(file)
    if stored["settings"] != searches_measured():
        return None
    groups = {
        name: tuple(MissedGroup(**group) for group in found) for name, found in stored["groups"].items()
    }
    return MissedFaces(stored["split"], MissedGroup(**stored["everyone"]), groups)
