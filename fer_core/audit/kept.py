"""Work on every picture of a data set that takes long: what is done is kept in a file, and goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from fer_core.files import replaced_whole
from fer_core.places import runs_dir

Progress = Callable[[float], None]
"""Called with the part that is done, 0 to 1."""


def kept_folder() -> Path:
    """Where such files lie: beside the checkpoints of trainings. They may be deleted; the work is then done anew."""
    return runs_dir() / "statistics"


def in_pieces(
    images_gray: np.ndarray,
    work: Callable[[np.ndarray], np.ndarray],
    file: Path,
    piece: int,
    progress: Progress | None = None,
) -> np.ndarray:
    """What `work` answers for all pictures, piece by piece, each kept as soon as it is done.

    Args:
        images_gray: uint8 (N, 48, 48).
        work: takes some of them, (n, 48, 48), and answers (n, …) of one dtype.
        file: what is done already, an `.npy`; its name must tell apart what gives other answers. A damaged one, or one
            of more pictures, is begun anew.
        piece: how many pictures are worked on at once.
        progress: called with the part that is done.

    Returns:
        (N, …).

    Raises:
        OSError: the file cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    done = _read(file, len(images_gray))
    while done is None or len(done) < len(images_gray):
        start = 0 if done is None else len(done)
        answers = work(images_gray[start : start + piece])
        done = answers if done is None else np.concatenate([done, answers])
        with replaced_whole(file) as stream:
            np.save(stream, done)
        if progress:
            progress(len(done) / len(images_gray))
    if progress:
        progress(1.0)
    return done


def _read(file: Path, most: int) -> np.ndarray | None:
    try:
        done: np.ndarray = np.load(file, allow_pickle=False)
    except Exception:  # noqa: BLE001 - none yet, or a damaged one, which shows in several ways
        return None
    return done if 0 < len(done) <= most else None
