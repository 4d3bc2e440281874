"""Small made-up tables in the layout of FER2013; no test needs the real data unless it says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

USAGE_OF_ROW = ("Training", "Training", "Training", "PublicTest", "PrivateTest")
EMOTION_OF_ROW = (0, 3, 6, 2, 5)


@pytest.fixture
def images_gray() -> np.ndarray:
    """uint8 (5, 48, 48), with values of one, two and three digits, 0 and 255 among them."""
    pictures = np.random.default_rng(2013).integers(0, 256, (5, 48, 48), dtype=np.uint8)
    pictures[0, 0, :4] = (0, 255, 9, 10)
    pictures[-1, -1, -2:] = (255, 0)
    return pictures


@pytest.fixture
def table(images_gray: np.ndarray) -> list[str]:
    """The lines of `fer2013.csv` for those pictures, the header first."""
    lines = ["emotion,pixels,Usage"]
    for emotion, picture, usage in zip(EMOTION_OF_ROW, images_gray, USAGE_OF_ROW, strict=True):
        lines.append(f"{emotion},{' '.join(map(str, picture.ravel()))},{usage}")
    return lines


@pytest.fixture
def votes_table() -> list[str]:
    """The lines of `fer2013new.csv` for the same rows."""
    lines = ["Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"]
    votes = ("0,0,0,0,9,1,0,0,0,0", "1,9,0,0,0,0,0,0,0,0", "4,0,0,4,0,0,0,0,2,0", "0,0,0,0,0,0,1,0,9,0",
             "0,0,0,0,0,0,0,0,0,10")  # fmt: skip
    for row, (usage, ballot) in enumerate(zip(USAGE_OF_ROW, votes, strict=True)):
        lines.append(f"{usage},fer{row:07d}.png,{ballot}")
    return lines


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write lines to a file of the test's `data` folder."""

    def _write(lines: Sequence[str], name: str = "fer2013.csv", newline: str = "\n", end: str = "\n") -> Path:
        file = tmp_path / "data" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((newline.join(lines) + end).encode())
        return file

    return _write


@pytest.fixture(autouse=True)
def cache_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test writes to the project's cache, or reads what another one left there."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("RAUT_CACHE_DIR", str(folder))
    return folder
