"""FER2013 as folders of pictures: `train|test/<emotion>/*.jpg`, in the spellings that go around.

Which official set a picture belongs to is taken, in this order, from

1. its name, where it begins with `Training_`, `PublicTest_` or `PrivateTest_`, as in the most common copy;
2. its folder: `train` is Training; `publictest` and `privatetest` speak for themselves; `validation` beside
   a `test` of official size (at most 3,589 pictures each) is PublicTest, and that `test` PrivateTest;
3. nothing: a `test` folder with 7,178 pictures called `im0.png` holds both official test sets, mixed. Such
   pictures get the usage `UNNAMED_TEST`, and asking for PublicTest or PrivateTest says so instead of guessing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fer_core.datasets.fer2013 import IMAGE_SIDE, UNNAMED_TEST, Progress
from fer_core.errors import N_, DatasetError
from fer_core.folders import (
    FileTooLargeError,
    folder_entries,
    is_folder,
    is_picture_name,
    read_regular_file,
)
from fer_core.labels import FER2013_LABELS

_MOST_BYTES = 8 << 20  # a picture of 48 x 48 points has some thousand; anything this large is none
_SPLIT_NAMES = {
    "train": "train", "training": "train",
    "publictest": "public", "public_test": "public", "public": "public",
    "privatetest": "private", "private_test": "private", "private": "private",
    "validation": "validation", "valid": "validation", "val": "validation",
    "test": "test", "testing": "test",
}  # fmt: skip
_EMOTION_NAMES: dict[str, tuple[str, ...]] = {
    "angry": ("angry", "anger", "marah", "0"),
    "disgust": ("disgust", "disgusted", "jijik", "1"),
    "fear": ("fear", "fearful", "afraid", "scared", "takut", "2"),
    "happy": ("happy", "happiness", "senang", "3"),
    "sad": ("sad", "sadness", "sedih", "4"),
    "surprise": ("surprise", "surprised", "terkejut", "5"),
    "neutral": ("neutral", "netral", "6"),
}
_EMOTION_CODES = {
    name: FER2013_LABELS.index(label) for label, names in _EMOTION_NAMES.items() for name in names
}
_PREFIXES = {"training_": 0, "publictest_": 1, "privatetest_": 2}
_OFFICIAL_TEST_ROWS = 3_589


class Picture(NamedTuple):
    """One file of the folders, before it is opened."""

    path: str  # a string: 35,887 `Path`s cost 0.2 s at every start
    size_bytes: int
    changed_ns: int
    emotion: int
    folder_role: str  # "train" | "public" | "private" | "validation" | "test"
    prefix_usage: int | None


def looks_like_folders(folder: Path) -> bool:
    """Say whether `folder` has a folder called `train` (or one of its other names).

    Raises:
        OSError: it cannot be read.
    """
    return any(
        _SPLIT_NAMES.get(entry.name.lower()) == "train" and is_folder(entry)
        for entry in folder_entries(str(folder))
    )


def picture_folders(folder: Path) -> list[str]:
    """`folder`, its split folders and their emotion folders: a picture that comes or goes changes one's time.

    Raises:
        DatasetError: one of them cannot be read.
    """
    found = [str(folder)]
    for split_folder, _role in _splits(folder):
        found += [split_folder, *(path for path, _emotion in _emotions(split_folder))]
    return found


def list_pictures(folder: Path) -> list[Picture]:
    """List all pictures below `folder`, by split, emotion and name.

    Raises:
        DatasetError: an emotion folder of another name or under two names, a folder that cannot be read, or no
            picture at all.
    """
    pictures: list[Picture] = []
    known: dict[str, str] = {}
    for split_folder, role in _splits(folder):
        for emotion_folder, emotion in _emotions(split_folder):
            if emotion is None:
                raise DatasetError(
                    N_(
                        "The folder {folder} is not named after one of the seven emotions of FER2013: "
                        "angry, disgust, fear, happy, sad, surprise, neutral."
                    ),
                    folder=Path(emotion_folder),
                )
            other = known.setdefault(os.path.realpath(emotion_folder), emotion_folder)
            if other != emotion_folder:
                raise DatasetError(
                    N_(
                        "The folders {folder} and {other} are one and the same, so that its pictures would count "
                        "twice. Remove the link."
                    ),
                    folder=Path(emotion_folder), other=Path(other),
                )  # fmt: skip
            with _named(emotion_folder):
                pictures.extend(_pictures(emotion_folder, emotion, role))
    if not pictures:
        raise DatasetError(
            N_(
                "{folder} has no pictures in train or test. Expected are folders such as train/happy "
                "with .jpg or .png files."
            ),
            folder=folder,
        )
    return pictures


def read_pictures(
    folder: Path, pictures: Sequence[Picture], progress: Progress | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read the pictures that `list_pictures` found.

    Returns:
        images_gray uint8 (N, 48, 48), emotions int8 (N,), usages int8 (N,).

    Raises:
        DatasetError: a picture that cannot be decoded, or is not 48 × 48 pixels; the sentence names it.
    """
    import cv2  # not at the top: whoever only wants the counts need not wait for it

    images_gray = np.empty((len(pictures), IMAGE_SIDE, IMAGE_SIDE), dtype=np.uint8)
    for index, picture in enumerate(pictures):
        image_gray = None
        try:
            # Not cv2.imread, which fails on some names on Windows and waits for a named pipe.
            content = np.frombuffer(read_regular_file(picture.path, _MOST_BYTES), dtype=np.uint8)
            if content.size:
                image_gray = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE)
        except (OSError, FileTooLargeError, cv2.error):
            pass
        if image_gray is None:
            raise DatasetError(
                N_("{file} cannot be read as a picture. Copy it again or remove it."),
                file=os.path.relpath(picture.path, folder),
            )
        height, width = image_gray.shape
        if (height, width) != (IMAGE_SIDE, IMAGE_SIDE):
            raise DatasetError(
                N_("{file} has {width} × {height} pixels; a picture of FER2013 has 48 × 48."),
                file=os.path.relpath(picture.path, folder), width=width, height=height,
            )  # fmt: skip
        images_gray[index] = image_gray
        if progress and index % 500 == 0:
            progress(index / len(pictures))
    emotions = np.array([picture.emotion for picture in pictures], dtype=np.int8)
    return images_gray, emotions, usages_of(pictures)


def usages_of(pictures: Sequence[Picture]) -> np.ndarray:
    """Return int8 (N,): the official set of each picture, by the rules at the top of this file."""
    sizes = Counter(picture.folder_role for picture in pictures if picture.prefix_usage is None)
    official_sizes = (
        0 < sizes["validation"] <= _OFFICIAL_TEST_ROWS and 0 < sizes["test"] <= _OFFICIAL_TEST_ROWS
    )
    by_role = {
        "train": 0,
        "public": 1,
        "private": 2,
        "validation": 1 if official_sizes else UNNAMED_TEST,
        "test": 2 if official_sizes else UNNAMED_TEST,
    }
    return np.array(
        [by_role[p.folder_role] if p.prefix_usage is None else p.prefix_usage for p in pictures],
        dtype=np.int8,
    )


def _splits(folder: Path) -> list[tuple[str, str]]:
    """Path and role of each folder of a split, by name."""
    with _named(str(folder)):
        return [
            (entry.path, _SPLIT_NAMES[entry.name.lower()])
            for entry in folder_entries(str(folder))
            if entry.name.lower() in _SPLIT_NAMES and _leads_to_a_folder(entry)
        ]


def _emotions(split_folder: str) -> list[tuple[str, int | None]]:
    """Path and emotion of each folder, by name, without the remains of other programs; None for another name."""
    found: list[tuple[str, int | None]] = []
    with _named(split_folder):
        for entry in folder_entries(split_folder):
            emotion = _EMOTION_CODES.get(entry.name.strip().lower())
            if emotion is not None:
                is_wanted = _leads_to_a_folder(entry)
            else:
                is_wanted = not entry.name.startswith("_") and is_folder(entry)
            if is_wanted:
                found.append((entry.path, emotion))
    return found


def _leads_to_a_folder(entry: os.DirEntry[str]) -> bool:
    """As `is_folder`; but a link that leads nowhere, as to a disk that is not there, raises OSError."""
    if entry.is_symlink():
        os.stat(entry.path)
    return is_folder(entry)


def _pictures(folder: str, emotion: int, role: str) -> Iterator[Picture]:
    """Every name counts, also links to one file: a store of files by content keeps equal pictures as such."""
    for entry in folder_entries(folder):
        name = entry.name.lower()
        if not is_picture_name(name) or is_folder(entry):
            continue
        facts = entry.stat()
        prefix = name.partition("_")[0] + "_"
        yield Picture(entry.path, facts.st_size, facts.st_mtime_ns, emotion, role, _PREFIXES.get(prefix))


@contextmanager
def _named(folder: str) -> Iterator[None]:
    """A folder, or a file in it, that cannot be read is an error: a data set without it would be another one."""
    try:
        yield
    except OSError as error:
        raise DatasetError(
            N_("{file} cannot be read ({reason})."),
            file=error.filename or folder, reason=error.strerror or error,
        ) from error  # fmt: skip
