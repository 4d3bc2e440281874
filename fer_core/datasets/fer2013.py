"""FER2013 as one value, whatever form it lies on the disk in.

A reader has the set as Kaggle's `fer2013.csv` (plain, in a `.zip`, in a `.tar.gz`), as
`icml_face_data.csv`, or as folders of pictures. `load_fer2013` takes any of them, and keeps what it read
in a cache file, so that only the first start waits.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fer_core.errors import N_, DatasetError, DatasetNotFoundError
from fer_core.labels import FER2013_LABELS

PROJECT_DIR = Path(__file__).resolve().parents[2]

USAGES: tuple[str, ...] = ("Training", "PublicTest", "PrivateTest")
"""Position = the code in `Fer2013.usages`."""

UNNAMED_TEST = 3
"""Code in `Fer2013.usages` of a test picture whose folder and file name do not say which of the two
official test sets it belongs to. Only folders have it."""

IMAGE_SIDE = 48
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

Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Fer2013:
    """The pictures and labels of FER2013, with the votes of FER+ where they were found.

    Attributes:
        images_gray: uint8 (N, 48, 48), 0-255, read-only.
        emotions: int8 (N,), codes of `FER2013_LABELS`.
        usages: int8 (N,), 0 Training, 1 PublicTest, 2 PrivateTest; 3 (`UNNAMED_TEST`) only for folders.
        votes: uint8 (N, 10), FER+ votes in the file's order (neutral to contempt, unknown, NF), or None.
        rows: int64 (N,), row numbers of `fer2013.csv` from 0; for folders 0 to N-1 in reading order.
        source: the file or folder that was read.
        form: "csv" or "folders".
    """

    images_gray: np.ndarray
    emotions: np.ndarray
    usages: np.ndarray
    votes: np.ndarray | None
    rows: np.ndarray
    source: Path
    form: str

    def __post_init__(self) -> None:
        count = len(self.emotions)
        expected: list[tuple[str, np.ndarray, tuple[int, ...], type]] = [
            ("images_gray", self.images_gray, (count, IMAGE_SIDE, IMAGE_SIDE), np.uint8),
            ("emotions", self.emotions, (count,), np.int8),
            ("usages", self.usages, (count,), np.int8),
            ("rows", self.rows, (count,), np.int64),
        ]
        if self.votes is not None:
            expected.append(("votes", self.votes, (count, 10), np.uint8))
        for name, array, shape, dtype in expected:
            if array.shape != shape or array.dtype != dtype:
                raise ValueError(
                    f"{name}: expected {np.dtype(dtype)} {shape}. Received: {array.dtype} {array.shape}"
                )
            array.setflags(write=False)  # one value is shared by every session of the app
        if count and not (0 <= self.emotions.min() and self.emotions.max() < len(FER2013_LABELS)):
            raise ValueError("emotions: expected codes 0 to 6")
        if count and not (0 <= self.usages.min() and self.usages.max() <= UNNAMED_TEST):
            raise ValueError("usages: expected codes 0 to 3")
        if self.form not in ("csv", "folders"):
            raise ValueError(f'form: expected "csv" or "folders". Received: {self.form!r}')

    def __len__(self) -> int:
        return len(self.emotions)


def default_place() -> Path:
    """The folder that is searched when none is named: `$FER2013_DIR`, else `data/` of the project."""
    named = os.environ.get("FER2013_DIR", "").strip()
    return Path(named).expanduser() if named else PROJECT_DIR / "data"


def find_fer2013(where: Path | None = None) -> Path:
    """The file or folder that holds FER2013.

    Args:
        where: a file in one of the known forms, or a folder to search (itself and two levels below);
            None: `$FER2013_DIR`, else `data/` of the project.

    Returns:
        The table or archive, or the folder that holds `train` and `test`.

    Raises:
        DatasetNotFoundError: nothing there looks like FER2013.
        DatasetError: several files could be it.
    """
    place = Path(where) if where is not None else default_place()
    if os.path.isfile(place):  # not Path.is_file, which raises where permission is denied
        return place
    if os.path.isdir(place):
        found = _find_below(place)
        if found is not None:
            return found
    raise DatasetNotFoundError(
        N_(
            "FER2013 was not found in {place}. Put fer2013.csv there (plain, as .zip or as .tar.gz), or "
            "the folders train and test, or set FER2013_DIR to the folder that holds it."
        ),
        place=place,
    )


def load_fer2013(
    where: Path | None = None, *, cache_dir: Path | None = None, progress: Progress | None = None
) -> Fer2013:
    """Read FER2013, and the votes of FER+ where `fer2013new.csv` lies beside it.

    What was read is kept in a cache file and taken from there as long as the source does not change.

    Args:
        where: as for `find_fer2013`.
        cache_dir: folder of the cache file; None: `$RAUT_CACHE_DIR`, else `.cache/` of the project.
        progress: called with the part that is done, 0 to 1.

    Raises:
        DatasetNotFoundError: nothing there looks like FER2013.
        DatasetError: it is there but cannot be read; the sentence names the row or the file.
    """
    from fer_core.datasets import cache, csv_table, ferplus, folders

    source = find_fer2013(where)
    is_folder = source.is_dir()
    pictures = folders.list_pictures(source) if is_folder else []
    votes_file = None if is_folder else find_ferplus(source, where)
    try:
        signature = cache.signature(source, pictures, votes_file)
    except OSError as error:
        raise DatasetError(
            N_("{file} cannot be read ({reason})."), file=source.name, reason=error.strerror or error
        ) from error
    cache_file = cache.cache_file(cache_dir, source)

    dataset = cache.load(cache_file, signature, source)
    if dataset is None:
        if is_folder:
            images_gray, emotions, usages = folders.read_pictures(source, pictures, progress)
            votes = None  # file names do not tell the row of the table, which FER+ goes by
        else:
            images_gray, emotions, usages = csv_table.read_table(source, progress)
            votes = ferplus.read_ferplus(votes_file, len(emotions), usages) if votes_file else None
        dataset = Fer2013(
            images_gray=images_gray,
            emotions=emotions,
            usages=usages,
            votes=votes,
            rows=np.arange(len(emotions), dtype=np.int64),
            source=source,
            form="folders" if is_folder else "csv",
        )
        cache.save(cache_file, signature, dataset)
    if progress:
        progress(1.0)
    return dataset


def find_ferplus(source: Path, where: Path | None = None) -> Path | None:
    """`fer2013new.csv` beside the table, or in the folder that was searched; None when there is none."""
    place = Path(where) if where is not None else default_place()
    for folder in (source.parent, place):
        votes_file = _files(folder).get(FERPLUS_FILE)
        if votes_file is not None:
            return votes_file
    return None


def _find_below(place: Path) -> Path | None:
    """Known names at every level first; a table of another name only at the top, and only if alone."""
    level = [place]
    for _depth in range(3):
        for folder in level:
            found = _known_form(folder)
            if found is not None:
                return found
        level = [below for folder in level for below in _folders(folder)]
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
    from fer_core.datasets import folders

    files = _files(folder)
    for name in _KNOWN_FILES:
        if name in files:
            return files[name]
    return folder if folders.looks_like_folders(folder) else None


def _files(folder: Path) -> dict[str, Path]:
    """Files by lower-case name; macOS's `._` companions are left out."""
    try:
        return {
            entry.name.lower(): entry
            for entry in sorted(folder.iterdir())
            if entry.is_file() and not entry.name.startswith(".")
        }
    except OSError:
        return {}


def _folders(folder: Path) -> list[Path]:
    try:
        return [e for e in sorted(folder.iterdir()) if e.is_dir() and not e.name.startswith((".", "_"))]
    except OSError:
        return []
