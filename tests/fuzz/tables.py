"""FER2013's table and the votes of FER+, a few rows of them in all separators, quotes and encodings."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from fer_core.datasets.load import fer2013_signature, load_fer2013
from fer_core.errors import DatasetError
from tests.fuzz.mutations import structured
from tests.fuzz.texts import change_table

__all__ = ["corpus", "decode", "mutate"]

USAGES = ("Training", "PublicTest", "PrivateTest")


def table(rows: int = 3) -> str:
    """`fer2013.csv` of this many rows."""
    rng = np.random.default_rng(0)
    lines = ["emotion,pixels,Usage"]
    for row in range(rows):
        pixels = " ".join(map(str, rng.integers(0, 256, 48 * 48)))
        lines.append(f"{row % 7},{pixels},{USAGES[row % 3]}")
    return "\n".join(lines) + "\n"


def votes(rows: int = 3) -> str:
    """`fer2013new.csv` for the same rows."""
    lines = ["Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"]
    lines += [f"{USAGES[row % 3]},fer{row:07d}.png,{row},9,0,0,0,0,0,0,0,1" for row in range(rows)]
    return "\n".join(lines) + "\n"


def corpus() -> list[bytes]:
    """Both tables: with commas, semicolons, tabs, quotes, other ends of lines, a byte order mark."""
    faces, ballots = table(), votes()
    quoted = "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in faces.splitlines())
    icml = faces.replace("emotion,pixels,Usage", "emotion, Usage, pixels", 1).splitlines()
    swapped = [",".join((cells[0], cells[2], cells[1])) for cells in (line.split(",") for line in icml[1:])]
    return [
        faces.encode(),
        faces.replace(",", ";").replace("\n", "\r\n").encode("utf-8-sig"),
        quoted.encode(),
        "\n".join((icml[0], *swapped)).encode(),
        ballots.encode(),
        ballots.replace("\n", "\r\n").encode("utf-8-sig"),
        ballots.replace(",", ";").encode("utf-8-sig"),
    ]


REFUSED = 0
"""So many whole files, the last ones, are refused with a sentence."""


def decode(content: bytes) -> bool:
    """Whether it is read, as FER2013 or as the votes of a whole FER2013; False where sentences say why not."""
    return any([_loads(content, None), _loads(table().encode(), content)])


def _loads(faces: bytes, ballots: bytes | None) -> bool:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "fer2013.csv").write_bytes(faces)
        if ballots is not None:
            (folder / "fer2013new.csv").write_bytes(ballots)
        try:
            fer2013_signature(folder)
            dataset = load_fer2013(folder, cache_dir=folder / "cache")
        except DatasetError as error:
            assert str(error)
            return False
    assert len(dataset) and (ballots is None or dataset.votes is not None)
    return True


def mutate(originals: list[bytes], seed: int, index: int) -> bytes:
    """Damage to cells, rows, separators and encodings."""
    return structured(change_table, originals, seed, index)
