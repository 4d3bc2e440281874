"""The table of FER2013 that ships: parts of columns, each a file that one command makes anew.

Each part is `<part>.npz` beside this file, and its entry in `statistics.json` says what it was made from: checksums,
settings, versions, the command. Columns that follow from others are not stored.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from fer_core.datasets.class_faces import MeanFace
from fer_core.datasets.columns import column
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.rows import RowTable
from fer_core.errors import N_, DatasetError
from fer_core.files import replaced_whole, write_whole
from fer_core.json_files import read_json

FOLDER: Final = Path(__file__).resolve().parent

PARTS: Final = ("rows", "networks", "detectors", "near_duplicates", "doubt")
"""Files of columns, in the order in which they are made: each may need those before it."""

CLASS_FACES: Final = "class_faces"
"""A part without columns: the mean and the standard-deviation face of each class."""

_GREY_STEPS: Final = 256  # of which mean faces are stored
_STEPS: Final = 65_535
"""Certainties are stored as whole numbers of this, since their last digits would take up half of the file."""


@cache
def shipped_rows() -> RowTable:
    """The table of all 35,887 rows of FER2013, in the order of fer2013.csv, with every column that ships.

    One value for all callers, whose arrays are read-only; the first call takes some 0.1 s.

    Raises:
        DatasetError: a file of it is missing or damaged.
    """
    columns: dict[str, np.ndarray] = {}
    for part in PARTS:
        if part_file(part).exists() or part == "rows":
            columns |= read_part(part)
    columns["row"] = np.arange(len(columns["label"]), dtype=np.int32)
    for name, values in columns.items():
        if name.startswith("certainty:"):
            columns[name] = (values / np.float32(_STEPS)).astype(np.float32)
    labels = shipped_statistics().get("networks", {}).get("labels", {})
    return RowTable(columns, {network: tuple(codes) for network, codes in labels.items()})


@cache
def shipped_statistics() -> dict[str, Any]:
    """What each part was made from: `statistics.json`; name of the part to its facts.

    Raises:
        DatasetError: it is missing or damaged.
    """
    return statistics_in(FOLDER)


def statistics_in(folder: Path) -> dict[str, Any]:
    """The same of another folder; not kept.

    Raises:
        DatasetError: the file is missing or damaged.
    """
    try:
        facts = read_json(folder / "statistics.json")
    except (OSError, ValueError) as error:
        raise _damaged("statistics.json") from error
    if not isinstance(facts, dict):
        raise _damaged("statistics.json")
    return facts


def part_file(part: str, folder: Path = FOLDER) -> Path:
    """Where the arrays of a part lie."""
    return folder / f"{part}.npz"


def read_part(part: str, folder: Path = FOLDER) -> dict[str, np.ndarray]:
    """The arrays of a part by their names.

    Raises:
        DatasetError: it is missing or damaged.
    """
    file = part_file(part, folder)
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except Exception as error:  # damage shows in a dozen ways
        raise _damaged(file.name) from error


def write_part(
    part: str, arrays: Mapping[str, np.ndarray], facts: Mapping[str, Any], folder: Path = FOLDER
) -> Path:
    """Write the arrays of a part and what they were made from, each file whole or not at all.

    The same arrays give the same bytes.

    Args:
        part: its name.
        arrays: by column id or another name; certainties as `certainty_steps` gives them.
        facts: what `statistics.json` should say of the part, ready for JSON; its place among the parts stays.
        folder: where to write.

    Returns:
        The file of arrays.
    """
    content = io.BytesIO()
    np.savez_compressed(content, **{name: np.ascontiguousarray(each) for name, each in arrays.items()})  # type: ignore[arg-type]
    with replaced_whole(part_file(part, folder)) as stream:
        stream.write(content.getvalue())
    file = folder / "statistics.json"
    try:
        earlier = read_json(file)
    except FileNotFoundError:
        earlier = {}
    whole = {**earlier, part: dict(facts)}
    write_whole(file, json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    for loader in (shipped_rows, shipped_statistics, shipped_class_faces):
        loader.cache_clear()
    return part_file(part, folder)


@cache
def shipped_class_faces(column_id: str) -> dict[str, MeanFace]:
    """The mean face of each class of FER2013 by its code, to 1/512 of a grey level.

    Args:
        column_id: "label" (seven classes) or "vote" (the eight expressions of FER+).

    Raises:
        DatasetError: the file is missing or damaged.
        KeyError: another column.
    """
    arrays = read_part(CLASS_FACES)
    means, deviations, counts = (arrays[f"{column_id}:{name}"] for name in ("mean", "deviation", "n"))
    return {
        code: MeanFace(
            (mean / _GREY_STEPS).astype(np.float32), (deviation / _GREY_STEPS).astype(np.float32), int(n)
        )
        for code, mean, deviation, n in zip(
            column(column_id).codes[: len(counts)], means, deviations, counts, strict=True
        )
    }


def class_face_arrays(column_id: str, faces: Mapping[str, MeanFace]) -> dict[str, np.ndarray]:
    """Mean faces as they are stored for `shipped_class_faces`.

    Args:
        column_id: the class that they are of.
        faces: code to face, in the order of its codes from the first on; one without a picture is stored as 0.
    """
    steps = {
        name: np.round(np.nan_to_num([getattr(face, name) for face in faces.values()]) * _GREY_STEPS)
        for name in ("mean", "deviation")
    }
    return {
        **{f"{column_id}:{name}": values.astype(np.uint16) for name, values in steps.items()},
        f"{column_id}:n": np.array([face.n for face in faces.values()], np.int32),
    }


def certainty_steps(certainty: np.ndarray) -> np.ndarray:
    """Probabilities as they are stored: uint16 (N,), in 65,535ths."""
    return np.round(np.asarray(certainty, np.float64) * _STEPS).astype(np.uint16)


def checksums(dataset: Fer2013) -> dict[str, str]:
    """SHA-256 of what statistics are made from: "pixels", "labels", "splits", and "votes" where there are any."""
    parts = {"pixels": dataset.images_gray, "labels": dataset.emotions, "splits": dataset.usages}
    if dataset.votes is not None:
        parts["votes"] = dataset.votes
    return {
        name: hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
        for name, array in parts.items()
    }


def is_shipped_set(dataset: Fer2013) -> bool:
    """Whether a data set is the one that the shipped table was made from, row by row.

    Pixels, labels and splits must be the same; votes only where the data set has any. It takes some 0.1 s: keep it.

    Raises:
        DatasetError: `statistics.json` is missing or damaged.
    """
    made_from = shipped_statistics().get("rows", {}).get("made_from", {})
    if len(dataset) != made_from.get("rows"):
        return False
    return all(made_from.get(name) == checksum for name, checksum in checksums(dataset).items())


def _damaged(file: str) -> DatasetError:
    return DatasetError(
        N_("The statistics of FER2013 that come with Raut are damaged ({file}). Fetch Raut again."), file=file
    )
