"""The parts of the statistics of FER2013 that its pictures, labels and votes give without a network or a detector."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from fer_core import __version__
from fer_core.audit.kept import Progress
from fer_core.datasets.class_faces import faces_of_classes
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.splits import is_official
from fer_core.datasets.statistics.computed import rows_of
from fer_core.datasets.statistics.shipped import (
    CLASS_FACES,
    FOLDER,
    checksums,
    class_face_arrays,
    write_part,
)
from fer_core.errors import N_, DatasetError
from fer_core.labels import FERPLUS_LABELS

MEASURES: Final = ("brightness", "contrast", "sharpness")


def made_from(dataset: Fer2013) -> dict[str, Any]:
    """What a part is made from: the number of rows, and the checksums of pixels, labels, splits and votes."""
    return {"rows": len(dataset), **checksums(dataset)}


def command_of(part: str) -> str:
    """The command that makes a part anew."""
    return f"python -m fer_core data statistics --write --only {part}"


def make_rows(dataset: Fer2013, folder: Path = FOLDER, progress: Progress | None = None) -> Path:
    """Make the part "rows": labels, splits, votes, groups of exact duplicates, and how the pictures look.

    Args:
        dataset: FER2013, complete and in its official order, with the votes of FER+.
        folder: where the part goes.
        progress: called once it is done.

    Returns:
        The file that was written.

    Raises:
        DatasetError: it is not complete, or FER+ is missing.
    """
    check_complete(dataset)
    table = rows_of(dataset)
    names = ("split", "label", "votes", "duplicate_group", *MEASURES)
    arrays = {name: table.values(name) for name in names}
    file = write_part("rows", arrays, facts_of("rows", dataset), folder)
    if progress:
        progress(1.0)
    return file


def make_class_faces(dataset: Fer2013, folder: Path = FOLDER, progress: Progress | None = None) -> Path:
    """Make the part "class_faces": mean and standard deviation of the pictures of each label and of each FER+ majority.

    Each is over a whole class of hundreds of pictures, so that none of them can be seen in it.

    Args:
        dataset: the complete FER2013.
        folder: where the part goes.
        progress: called once it is done.

    Returns:
        The file that was written.

    Raises:
        DatasetError: it is not complete, or FER+ is missing.
    """
    check_complete(dataset)
    table = rows_of(dataset)
    arrays: dict[str, np.ndarray] = {}
    for column_id in ("label", "vote"):
        faces = faces_of_classes(table, dataset.images_gray, column_id)
        if column_id == "vote":
            faces = {code: faces[code] for code in FERPLUS_LABELS}
        arrays |= class_face_arrays(column_id, faces)
    file = write_part(CLASS_FACES, arrays, facts_of(CLASS_FACES, dataset), folder)
    if progress:
        progress(1.0)
    return file


def facts_of(part: str, dataset: Fer2013, **further: Any) -> dict[str, Any]:
    """What `statistics.json` says of a part: checksums of what it was made from, the command, versions, and more."""
    return {
        "made_from": made_from(dataset),
        "command": command_of(part),
        "raut": __version__,
        "numpy": np.__version__,
        **further,
    }


def check_complete(dataset: Fer2013) -> None:
    """Refuse another set than the complete fer2013.csv with its votes.

    Raises:
        DatasetError: it is not complete, or FER+ is missing.
    """
    if dataset.form != "csv" or not is_official(dataset) or dataset.votes is None:
        raise DatasetError(
            N_("The shipped statistics are made from the complete fer2013.csv with fer2013new.csv beside it.")
        )
