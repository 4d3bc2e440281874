"""All parts of the statistics of FER2013 that ship, and what makes each anew."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

from fer_core.audit.detectors import make_detectors
from fer_core.audit.doubtful import make_doubt
from fer_core.audit.faces_map import make_map
from fer_core.audit.kept import Progress
from fer_core.audit.near_duplicates import make_near_duplicates
from fer_core.audit.networks import make_networks
from fer_core.audit.statistics import make_class_faces, make_rows
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.map import MAP
from fer_core.datasets.statistics.shipped import CLASS_FACES


class Maker(Protocol):
    """Makes one part from the complete FER2013 and returns its file."""

    def __call__(self, dataset: Fer2013, folder: Path = ..., progress: Progress | None = ...) -> Path: ...


MAKERS: Final[dict[str, Maker]] = {
    "rows": make_rows,
    CLASS_FACES: make_class_faces,
    "near_duplicates": make_near_duplicates,
    "networks": make_networks,
    "detectors": make_detectors,
    MAP: make_map,
    "doubt": make_doubt,
}
"""By the name that `python -m fer_core data statistics --write --only` takes, quick ones first."""
