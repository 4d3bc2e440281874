"""Zips of pictures as programs and people pack them, and damage to what their records say."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
import zlib

import cv2
import numpy as np

from fer_core.errors import ImageError
from fer_core.faces.images import decode_image
from fer_core.faces.limits import Limits
from fer_core.faces.uploads import pictures_in
from tests.fuzz.mutations import extreme, structured

__all__ = ["corpus", "decode", "mutate"]

_DATE = (2026, 1, 2, 3, 4, 6)
# Of each record: its sign, and where a number of how many bytes stands.
_RECORDS: tuple[tuple[bytes, tuple[tuple[int, int], ...]], ...] = (
    (b"PK\x03\x04", ((4, 2), (6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2))),
    (b"PK\x01\x02", ((4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (32, 2),
                     (34, 2), (38, 4), (42, 4))),
    (b"PK\x05\x06", ((4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2))),
    (b"PK\x06\x06", ((4, 8), (12, 2), (16, 4), (20, 4), (24, 8), (32, 8), (40, 8), (48, 8))),
    (b"PK\x06\x07", ((4, 4), (8, 8), (16, 4))),
    (b"PK\x07\x08", ((4, 4), (8, 4), (12, 4))),
)  # fmt: skip
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_LARGEST = 600_000


def pictures() -> dict[str, bytes]:
    """A small one in each of three forms."""
    image = np.add.outer(np.arange(56), np.arange(40)).astype(np.uint8) * 2
    tall = np.concatenate([image, image[::-1]])
    return {
        "a.jpg": cv2.imencode(".jpg", image)[1].tobytes(),
        "b.png": cv2.imencode(".png", tall)[1].tobytes(),
        "c.tif": cv2.imencodemulti(".tif", [image, image[::-1]])[1].tobytes(),
    }


def zipped(
    entries: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"", wide: bool = False
) -> bytes:
    """An ordinary zip, always the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.comment = comment
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = method
            with archive.open(info, "w", force_zip64=wide) as entry:
                entry.write(content)
    return stream.getvalue()


class _Unseekable(io.RawIOBase):
    """Standard output to a zip: sizes come behind what is packed."""

    def __init__(self) -> None:
        self.content = b""

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self.content += bytes(piece)
        return len(piece)


def streamed(entries: dict[str, bytes]) -> bytes:
    """With data descriptors, as a zip that is written to a pipe."""
    stream = _Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    return stream.content


def raw(name: bytes, content: bytes, *, flags: int = 0, method: int = 0, extra: bytes = b"") -> bytes:
    """One entry, record by record, for what Python's own writer does not write."""
    packed = content
    if method == 8:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
    facts = struct.pack("<HHHHHIIIHH", 20, flags, method, 0, 23_000, zlib.crc32(content), len(packed), len(content),
                        len(name), len(extra))  # fmt: skip
    local = b"PK\x03\x04" + facts + name + extra + packed
    central = (
        b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name + extra
    )
    return local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


def corpus() -> list[bytes]:
    """Plain, in folders, with companions, names in three encodings, streamed, wide, locked, nested, packed tightly."""
    whole = pictures()
    jpeg = whole["a.jpg"]
    folders = {f"album/{number}/{name}": content for number in range(3) for name, content in whole.items()}
    companions = {
        **whole, "__MACOSX/._a.jpg": b"\0\5\x16\7", "._b.png": b"\0\5\x16\7", "Thumbs.db": b"\xd0\xcf", ".DS_Store": b"\0",
        "@eaDir/a.jpg/SYNOFILE_THUMB_M.jpg": jpeg, "a.xmp": b"<x/>", "desktop.ini": b"[x]", "notes.txt": b"words",
        "empty/": b"",
    }  # fmt: skip
    named = {
        "été/Ärger\u0308 😀.jpg": jpeg,
        "../../outside.jpg": jpeg,
        "C:\\photos\\x.jpg": jpeg,
        "a\u202egpj.jpg": jpeg,
    }
    return [
        zipped(whole),
        zipped(whole, method=zipfile.ZIP_STORED, comment=b"holiday"),
        zipped(folders),
        zipped(companions),
        zipped(named),
        zipped(whole, wide=True),
        streamed(whole),
        raw("é.jpg".encode("cp437"), jpeg),
        raw("é.jpg".encode(), jpeg, method=8),  # UTF-8 that does not say so
        raw(b"time.jpg", jpeg, method=8, extra=struct.pack("<HHBI", 0x5455, 5, 1, 1_700_000_000)),
        raw(
            b"unicode.jpg",
            jpeg,
            extra=struct.pack("<HHBI", 0x7075, 10, 1, zlib.crc32(b"unicode.jpg")) + b"x.jpg",
        ),
        zipped({f"{number}.jpg": jpeg for number in range(40)}),
        zipped(whole) + b"trailing bytes",
        zipped({"inner.zip": zipped(whole), **whole}),
        zipped({"flat.png": bytes(900_000), **whole}),  # under the size from which a ratio is asked for
        zipped({"tight.bmp": bytes(3_000_000), **whole}),
        zipped(whole, method=zipfile.ZIP_BZIP2),
        zipped(whole, method=zipfile.ZIP_LZMA),
        raw(b"locked.jpg", jpeg, flags=1),
        zipped({}),
    ]


REFUSED = 4
"""So many whole files, the last ones, are refused with a sentence."""


def decode(content: bytes) -> bool:
    """Whether any picture in it is read; False where each has its sentence."""
    read = False
    for picture in pictures_in("damaged.zip", content, Limits(photos=60, unpacked_mb=20, pages=5)):
        assert not any(unicodedata.category(character) in _INVISIBLE for character in picture.name)
        if picture.error is not None:
            assert isinstance(picture.error, ImageError) and str(picture.error)
            continue
        try:
            read |= decode_image(picture.content, picture.name, picture.page).size > 0
        except ImageError as error:
            assert str(error)
    return read


def change(content: bytes, rng: np.random.Generator) -> bytes:
    """A number of a record, or of all records of its kind, becomes another one; or records come again."""
    changed = bytearray(content)
    places = [(at, fields) for sign, fields in _RECORDS for at in _found(content, sign)]
    if not places:
        return content
    at, fields = places[rng.integers(len(places))]
    match rng.integers(6):
        case 0 | 1 | 2:
            offset, size = fields[rng.integers(len(fields))]
            now = int.from_bytes(changed[at + offset : at + offset + size], "little")
            changed[at + offset : at + offset + size] = extreme(rng, size, now).to_bytes(size, "little")
        case 3:  # all records of the kind say so
            offset, size = fields[rng.integers(len(fields))]
            number = extreme(rng, size).to_bytes(size, "little")
            for each, same in places:
                if same is fields:
                    changed[each + offset : each + offset + size] = number
        case 4:  # a record again, or many times
            end = min((other for other, _ in places if other > at), default=len(content))
            times = int(min(rng.choice([1, 5, 200, 5000]), _LARGEST // max(1, end - at)))
            changed[at:at] = changed[at:end] * times
        case _:  # into a name
            names = [place for place, same in places if same is _RECORDS[0][1] or same is _RECORDS[1][1]]
            if names:
                place = names[rng.integers(len(names))] + (30 if rng.random() < 0.5 else 46)
                changed[place : place + 2] = (b"..", b"\0\0", b"/\\", b"\xff\xfe", b"\r\n", b"\x1b[", b"  ")[
                    rng.integers(7)
                ]
    return bytes(changed[: 2 * _LARGEST])


def _found(content: bytes, sign: bytes) -> list[int]:
    places, at = [], content.find(sign)
    while at >= 0 and len(places) < 500:
        places.append(at)
        at = content.find(sign, at + 1)
    return places


def mutate(originals: list[bytes], seed: int, index: int) -> bytes:
    """Damage to the numbers of the records, and records that come again."""
    return structured(change, originals, seed, index)
