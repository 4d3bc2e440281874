"""One small made-up set in both of its forms: a table, and folders of the same pictures without loss."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pytest

from fer_core.datasets.fer2013 import USAGES
from fer_core.labels import FER2013_LABELS

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
LABELS = ["angry", "fear", "fear", "happy", "happy", "happy", "sad", "neutral", "fear", "happy"]
SPLITS = (0, 0, 0, 0, 0, 0, 0, 1, 1, 2)
PICTURES = (0, 1, 1, 2, 3, 4, 5, 6, 1, 3)
"""Which of seven pictures each row shows: rows 1, 2 and 8 are the same one, and so are rows 4 and 9."""


class Forms(NamedTuple):
    """Where the two forms of the set lie."""

    table: Path
    folders: Path


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Forms:
    """The set as fer2013.csv, and as `train`, `publictest` and `privatetest` with PNG files."""
    base = tmp_path_factory.mktemp("audited")
    pictures = np.random.default_rng(5).integers(0, 256, (7, 48, 48)).astype(np.uint8)
    lines = ["emotion,pixels,Usage"]
    roles = ("train", "publictest", "privatetest")
    for row, (label, split, shown) in enumerate(zip(LABELS, SPLITS, PICTURES, strict=True)):
        pixels = " ".join(map(str, pictures[shown].ravel()))
        lines.append(f"{FER2013_LABELS.index(label)},{pixels},{USAGES[split]}")
        folder = base / "folders" / roles[split] / label
        folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / f"=im{row}.png"), pictures[shown])
    (base / "table").mkdir()
    (base / "table" / "fer2013.csv").write_text("\n".join(lines) + "\n")
    return Forms(base / "table", base / "folders")
