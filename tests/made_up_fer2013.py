"""FER2013 and the votes of FER+ in their own layout, with made-up rows: the real ones may not be passed on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fer_core.datasets.votes import VOTE_COLUMNS

USAGES = ("Training",) * 40 + ("PublicTest",) * 10 + ("PrivateTest",) * 10


def write_fer2013(folder: Path) -> None:
    """`fer2013.csv` with 60 pictures of noise."""
    rng = np.random.default_rng(0)
    rows = ["emotion,pixels,Usage"]
    for index, usage in enumerate(USAGES):
        pixels = " ".join(map(str, rng.integers(0, 256, 48 * 48)))
        rows.append(f"{index % 7},{pixels},{usage}")
    (folder / "fer2013.csv").write_text("\n".join(rows) + "\n")


def write_ferplus(folder: Path) -> None:
    """`fer2013new.csv` with votes for each of those rows: nine for one expression, one for another."""
    rows = [",".join(("Usage", "Image name", *VOTE_COLUMNS))]
    for index, usage in enumerate(USAGES):
        votes = [0] * len(VOTE_COLUMNS)
        votes[index % 8], votes[(index + 1) % 8] = 9, 1
        rows.append(",".join((usage, f"fer{index:07}.png", *map(str, votes))))
    (folder / "fer2013new.csv").write_text("\n".join(rows) + "\n")
