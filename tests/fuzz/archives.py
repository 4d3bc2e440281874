"""FER2013 as people have it packed: zip, tar, tar.gz, gz around a small table; and damage in all layers."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zlib

import numpy as np

from tests.fuzz import zips
from tests.fuzz.mutations import damaged, extreme, structured
from tests.fuzz.tables import decode, table, votes

__all__ = ["corpus", "decode", "mutate"]

_BLOCK = 512


def tarred(entries: dict[str, bytes], form: int = tarfile.GNU_FORMAT) -> bytes:
    """An ordinary tar, always the same bytes."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for name, content in entries.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("fer2013/link.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "../../etc/passwd"
        archive.addfile(link)
    return stream.getvalue()


def corpus() -> list[bytes]:
    """Each way of packing; with other tables beside, long names, in folders; and what holds no table."""
    faces, ballots = table(2).encode(), votes(2).encode()
    kaggle = {"fer2013/README": b"words", "fer2013/fer2013.csv": faces, "fer2013/fer2013.bib": b"@misc{}"}
    several = {
        "train.csv": ballots,
        "test.csv": b"a,b\n",
        "icml_face_data.csv": faces,
        "__MACOSX/._fer2013.csv": b"\0",
    }
    return [
        zips.zipped({"fer2013.csv": faces}),
        zips.zipped(several),
        zips.streamed(kaggle),
        tarred(kaggle),
        tarred({"x" * 150 + "/fer2013.csv": faces}, tarfile.PAX_FORMAT),
        gzip.compress(tarred(kaggle), mtime=0),
        gzip.compress(faces, mtime=0),
        gzip.compress(tarred(several), mtime=0),
        zips.zipped({"train/happy/a.jpg": zips.pictures()["a.jpg"]}),
        zips.zipped({"one.csv": faces, "two.csv": faces}),
    ]


REFUSED = 2
"""So many whole files, the last ones, are refused with a sentence."""


def _change(content: bytes, rng: np.random.Generator) -> bytes:
    if content[:2] == b"PK":
        return zips.change(content, rng)
    if content[:2] == b"\x1f\x8b" and rng.random() < 0.7:
        try:
            return gzip.compress(_change(gzip.decompress(content), rng), mtime=0)
        except (OSError, EOFError, zlib.error):
            return content
    if content[257:262] != b"ustar":
        return damaged(content, [content], rng)
    changed = bytearray(content)
    heads = [at for at in range(0, len(content) - _BLOCK, _BLOCK) if content[at + 257 : at + 262] == b"ustar"]
    at = heads[rng.integers(len(heads))]
    match rng.integers(6):
        case 0 | 1:  # the size, in digits or in bytes
            size = extreme(rng, 8, int(rng.integers(100_000)))
            octal = b"%011o\0" % (size % 8**11)
            changed[at + 124 : at + 136] = (
                octal if rng.random() < 0.6 else b"\x80\0\0\0" + struct.pack(">Q", size)
            )
        case 2:
            changed[at + 156] = b"0123456789LKSxgDV\0\xff"[rng.integers(19)]
        case 3:
            name = (b"", b"..", b"/fer2013.csv", b"fer2013.csv\0x", b"\xff" * 100, b"x" * 100)[
                rng.integers(6)
            ]
            changed[at : at + 100] = name.ljust(100, b"\0")
        case 4:
            field = (100, 108, 116, 136, 148, 265, 345, 386, 483)[rng.integers(9)]
            changed[at + field : at + field + 12] = (b"-1", b"7" * 12, b"\xff" * 12, bytes(12), b"9 x")[
                rng.integers(5)
            ].ljust(12, b"\0")
        case _:
            end = min((head for head in heads if head > at), default=len(content))
            changed[at:at] = changed[at:end] * int(
                min(rng.choice([1, 300, 3000]), 1 + 1_000_000 // (end - at))
            )
    if rng.random() < 0.9:  # a sum that is right, so that the rest is believed
        changed[at + 148 : at + 156] = b" " * 8
        changed[at + 148 : at + 156] = b"%06o\0 " % sum(changed[at : at + _BLOCK])
    return bytes(changed)


def mutate(originals: list[bytes], seed: int, index: int) -> bytes:
    """Damage to what the archives say of their files, inside of what is packed too."""
    return structured(_change, originals, seed, index)
