"""Where FER2013 and the votes of FER+ lie: known names first, then whatever could be it."""

from __future__ import annotations

import os
from pathlib import Path

from fer_core.errors import N_, DatasetError, DatasetNotFoundError
from fer_core.folders import folder_entries, is_folder
from fer_core.places import dataset_dir

FERPLUS_FILE = "fer2013new.csv"

# Best form first: the CSV has the official order of rows, which FER+ and Table 1 need.
_KNOWN_FILES = (
    "fer2013.csv", "icml_face_data.csv",
    "fer2013.csv.zip", "fer2013.zip", "icml_face_data.csv.zip", "icml_face_data.zip",
    "fer2013.tar.gz", "fer2013.tgz", "fer2013.csv.tar.gz", "fer2013.csv.gz", "fer2013.tar",
    "challenges-in-representation-learning-facial-expression-recognition-challenge.zip",
)  # fmt: skip
_TABLE_ENDINGS = (".csv", ".zip", ".tar.gz", ".tgz", ".csv.gz", ".tar")
_OTHER_TABLES = (FERPLUS_FILE, "table1_split.csv", "example_submission.csv", "train.csv", "test.csv")


def find_fer2013(where: Path | None = None) -> Path:
    """Find the file or folder that holds FER2013.

    Args:
        where: a file in one of the known forms, or a folder to search (itself and two levels below);
            None: `$FER2013_DIR`, else `data/` of the project.

    Returns:
        The table or archive, or the folder that holds `train` and `test`.

    Raises:
        DatasetNotFoundError: nothing there looks like FER2013.
        DatasetError: several files could be it, or nothing is and a folder cannot be read.
    """
    place = Path(where) if where is not None else dataset_dir()
    if os.path.isfile(place):  # not Path.is_file, which raises where permission is denied
        return place
    if os.path.isdir(place):
        closed: list[OSError] = []
        try:
            source = _find_below(place, closed)
        except OSError as error:
            source, closed = None, [error]
        if source is not None:
            return source
        if closed:
            raise DatasetError(
                N_(
                    "FER2013 was not found in {place}, where {folder} cannot be read ({reason}). If it is in there, "
                    "give yourself permission to open that folder."
                ),
                place=place, folder=closed[0].filename, reason=closed[0].strerror or closed[0],
            )  # fmt: skip
    raise DatasetNotFoundError(
        N_(
            "FER2013 was not found in {place}. Put fer2013.csv there (plain, as .zip or as .tar.gz), or "
            "the folders train and test, or set FER2013_DIR to the folder that holds it."
        ),
        place=place,
    )


def find_ferplus(source: Path, where: Path | None = None) -> Path | None:
    """Find `fer2013new.csv` beside the table, or in the folder that was searched; None when there is none."""
    place = Path(where) if where is not None else dataset_dir()
    for folder in (source.parent, place):
        try:
            votes_file = _files(folder).get(FERPLUS_FILE)
        except OSError:  # a folder that may be gone through and not be listed
            votes_file = folder / FERPLUS_FILE if os.path.isfile(folder / FERPLUS_FILE) else None
        if votes_file is not None:
            return votes_file
    return None


def _find_below(place: Path, closed: list[OSError]) -> Path | None:
    """Known names at every level first; a table of another name only at the top, and only if alone.

    Folders below that cannot be read are put into `closed`.
    """
    places = [place]
    for _depth in range(3):
        below: list[Path] = []
        for folder in places:
            try:
                if (source := _known_form(folder)) is not None:
                    return source
                below += _folders(folder)
            except OSError as error:
                if folder == place:
                    raise
                closed.append(error)
        places = below
    others = [
        entry
        for name, entry in _files(place).items()
        if name.endswith(_TABLE_ENDINGS) and name not in _OTHER_TABLES
    ]
    if len(others) > 1:
        raise DatasetError(
            N_(
                "{place} holds several tables ({files}), and none is called fer2013.csv. Rename the one "
                "that is FER2013 to fer2013.csv, or keep only that one."
            ),
            place=place,
            files=", ".join(sorted(entry.name for entry in others)),
        )
    return others[0] if others else None


def _known_form(folder: Path) -> Path | None:
    from fer_core.datasets.formats import folders

    files = _files(folder)
    for name in _KNOWN_FILES:
        if name in files:
            return files[name]
    return folder if folders.looks_like_folders(folder) else None


def _files(folder: Path) -> dict[str, Path]:
    """Regular files by lower-case name, without what systems put beside them."""
    return {
        entry.name.lower(): Path(entry.path)
        for entry in folder_entries(str(folder))
        if os.path.isfile(entry.path)  # of which a link in a circle is none, and not an error either
    }


def _folders(folder: Path) -> list[Path]:
    return [
        Path(entry.path)
        for entry in folder_entries(str(folder))
        if is_folder(entry) and not entry.name.startswith("_")
    ]
