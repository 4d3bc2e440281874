"""FER2013 as one value, whatever form it lies on the disk in.

A reader has the set as Kaggle's `fer2013.csv` (plain, in a `.zip`, in a `.tar.gz`), as
`icml_face_data.csv`, or as folders of pictures. `load_fer2013` takes any of them, and keeps what it read
in a cache file, so that only the first start waits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fer_core.labels import FER2013_LABELS

USAGES: tuple[str, ...] = ("Training", "PublicTest", "PrivateTest")
"""Position = the code in `Fer2013.usages`."""

UNNAMED_TEST = 3
"""Code in `Fer2013.usages` of a test picture whose folder and file name do not say which of the two
official test sets it belongs to. Only folders have it."""

IMAGE_SIDE = 48
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
