"""The parts of the table of FER2013 that ships, made anew from FER2013, FER+ and the networks that are here.

`python -m fer_core data statistics --write` makes all of them, `--only PART` one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from fer_core import __version__
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.splits import is_official
from fer_core.datasets.statistics.computed import rows_of
from fer_core.datasets.statistics.shipped import FOLDER, checksums, write_part
from fer_core.errors import N_, DatasetError

Progress = Callable[[float], None]
"""Called with the part that is done, 0 to 1."""

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
    facts = {
        "made_from": made_from(dataset),
        "command": command_of("rows"),
        "raut": __version__,
        "numpy": np.__version__,
    }
    file = write_part("rows", arrays, facts, folder)
    if progress:
        progress(1.0)
    return file


def check_complete(dataset: Fer2013) -> None:
    """Refuse another set than the complete fer2013.csv with its votes.

    Raises:
        DatasetError: it is not complete, or FER+ is missing.
    """
    if dataset.form != "csv" or not is_official(dataset) or dataset.votes is None:
        raise DatasetError(
            N_("The shipped statistics are made from the complete fer2013.csv with fer2013new.csv beside it.")
        )
