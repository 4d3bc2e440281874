"""In which pictures of FER2013 neither face detector finds a face."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np

from fer_core import faces
from fer_core.audit.kept import Progress, in_pieces, kept_folder
from fer_core.audit.statistics import check_complete, facts_of, made_from
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.statistics.shipped import FOLDER, write_part
from fer_core.faces.detection import FaceDetector
from fer_core.faces.search import FaceSearch, photo_search

ROOM_PX: Final = 24
"""How far the border of a 48x48 picture is repeated around it: its face fills it, and detectors want room."""

FOUND_CODES: Final = ("none", "haar", "blazeface", "both")
"""What found a face, by the numbers that `found_in` gives."""

_PIECE = 500


def make_detectors(dataset: Fer2013, folder: Path = FOLDER, progress: Progress | None = None) -> Path:
    """Make the part "detectors": whether neither the Haar cascade nor BlazeFace finds a face.

    Both look as in photos at normal effort, at each picture with room around it. It takes some 20 minutes of one core;
    what is done is kept in `kept_folder()`, under a name that other settings and other code of `fer_core.faces` change.

    Args:
        dataset: the complete FER2013.
        folder: where the part goes.
        progress: called with the part that is done.

    Returns:
        The file that was written.

    Raises:
        DatasetError: the data set is not complete.
        DetectionError: a detector cannot be set up.
    """
    check_complete(dataset)
    source = made_from(dataset)
    search = photo_search("normal", "both")
    found = in_pieces(
        dataset.images_gray, found_in(search), _kept_file(search, str(source["pixels"])), _PIECE, progress
    )
    undetected = found == FOUND_CODES.index("none")
    counts = {code: int((found == number).sum()) for number, code in enumerate(FOUND_CODES)}
    facts = facts_of("detectors", dataset, room_px=ROOM_PX, search=asdict(search), found=counts)
    return write_part("detectors", {"undetected": undetected}, facts, folder)


def found_in(search: FaceSearch) -> Callable[[np.ndarray], np.ndarray]:
    """A function that says what finds a face in each of some pictures: uint8 (N, 48, 48) -> int8 (N,), `FOUND_CODES`.

    Raises:
        DetectionError: a detector cannot be set up.
    """
    detector = FaceDetector(search)

    def found(images_gray: np.ndarray) -> np.ndarray:
        return np.array([_code(detector.detect(with_room(image)).found_by) for image in images_gray], np.int8)

    return found


def with_room(image_gray: np.ndarray) -> np.ndarray:
    """A picture with its border repeated around it: uint8 (48, 48) -> uint8 (96, 96)."""
    return np.pad(image_gray, ROOM_PX, mode="edge")


def _code(found_by: tuple[str, ...]) -> int:
    by = set(found_by)
    if "both" in by or {"haar", "blazeface"} <= by:
        return FOUND_CODES.index("both")
    return FOUND_CODES.index(next(iter(by), "none"))


def _kept_file(search: FaceSearch, pixels_sha256: str) -> Path:
    """Named after everything that the answers depend on: settings, pixels, and the code that looks for faces."""
    settings = json.dumps(asdict(search), sort_keys=True)
    digest = hashlib.sha256(f"{settings}|{ROOM_PX}|{pixels_sha256}".encode())
    for source in sorted(Path(faces.__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return kept_folder() / f"detectors-{digest.hexdigest()[:12]}.npy"
