"""JPEGs of many scans, whole and made up, and damage to their segments."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import Image

from tests.fuzz.mutations import extreme, structured
from tests.fuzz.pictures import decode

__all__ = ["corpus", "decode", "mutate"]

_LARGEST = 300_000
_ALONE = (0x01, *range(0xD0, 0xDA))  # markers without a length


def segments(content: bytes) -> list[bytes]:
    """The segments in their order; a scan is one with what is coded behind it, up to the next marker."""
    found, at = [], 0
    while at + 2 <= len(content):
        marker = content[at + 1]
        if content[at] != 0xFF or marker in _ALONE:
            end = at + 2
        else:
            length = int.from_bytes(content[at + 2 : at + 4], "big")
            end = at + 2 + max(2, length)
            while marker == 0xDA and end < len(content):
                if (
                    content[end] == 0xFF
                    and end + 1 < len(content)
                    and content[end + 1] not in (0, *range(0xD0, 0xD8))
                ):
                    break
                end += 1
        found.append(content[at:end])
        at = end
    return found


def with_scans(content: bytes, times: int) -> bytes:
    """The same JPEG with each of its scans so many times."""
    return b"".join(part * (times if part[1:2] == b"\xda" else 1) for part in segments(content))


def segment(marker: int, payload: bytes) -> bytes:
    """Marker, length, payload."""
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def corpus() -> list[bytes]:
    """Baseline and progressive, grey, colour and CMYK, with restarts, metadata, and their scans again."""
    rows = np.add.outer(np.arange(56), np.arange(40)).astype(np.uint8) * 2
    noise = np.random.default_rng(0).integers(0, 255, rows.shape, np.uint8)
    colour = Image.fromarray(np.stack([rows, rows[::-1], noise], axis=2))
    exif = Image.Exif()
    exif[0x0112] = 6
    files = []
    for image, options in (
        (colour, {}), (colour, {"progressive": True}), (colour.convert("L"), {"progressive": True}),
        (colour.convert("CMYK"), {"progressive": True}), (colour.convert("L"), {}),
        (colour, {"restart_marker_blocks": 2}), (colour, {"progressive": True, "subsampling": 0, "exif": exif}),
    ):  # fmt: skip
        stream = io.BytesIO()
        image.save(stream, "JPEG", **options)
        files.append(stream.getvalue())
    progressive = files[1]
    application = segment(0xE2, b"MPF\0MM\0*\0\0\0\x08" + bytes(20)) + segment(0xEE, b"Adobe\0d\0\0\0\0\1")
    return [
        *files,
        with_scans(progressive, 3),
        with_scans(files[6], 10),
        progressive[:2] + application + segment(0xFE, b"words" * 50) + progressive[2:],
    ]


def _change(content: bytes, rng: np.random.Generator) -> bytes:
    parts = segments(content)
    if len(parts) < 3:
        return content
    scans = [index for index, part in enumerate(parts) if part[1:2] == b"\xda"]
    index = int(rng.integers(1, len(parts)))
    match rng.integers(9):
        case 0 | 1 if scans:  # a scan, many times
            index = scans[rng.integers(len(scans))]
            times = int(min(rng.choice([2, 20, 600, 5000]), _LARGEST // len(parts[index])))
            parts[index:index] = [parts[index]] * times
        case 2 if scans:  # what it says of itself: components, tables, first and last coefficient, bits
            index = scans[rng.integers(len(scans))]
            _put(parts, index, int(rng.integers(4, 14)), 1, rng)
        case 3 if scans:  # without anything coded
            index = scans[rng.integers(len(scans))]
            length = int.from_bytes(parts[index][2:4], "big")
            parts[index : index + 1] = [parts[index][: 2 + length]] * int(rng.choice([1, 100, 1000, 10_000]))
        case 4:  # size of the picture, components, sampling
            frames = [place for place, part in enumerate(parts) if part[1:2] in (b"\xc0", b"\xc2")]
            if frames:
                at, size = ((4, 1), (5, 2), (7, 2), (9, 1), (10, 1), (11, 1), (14, 1))[rng.integers(7)]
                _put(parts, frames[0], at, size, rng)
        case 5:
            frames = [place for place, part in enumerate(parts) if part[1:2] in (b"\xc0", b"\xc2")]
            if frames:
                sides = ((5000, 5000), (65_000, 400), (400, 65_000), (2000, 2000))[rng.integers(4)]
                parts[frames[0]] = parts[frames[0]][:5] + struct.pack(">HH", *sides) + parts[frames[0]][9:]
        case 6:
            other = int(rng.integers(1, len(parts)))
            parts[index], parts[other] = parts[other], parts[index]
        case 7:
            parts[index:index] = [parts[index]] * int(
                min(rng.choice([1, 100, 3000]), _LARGEST // len(parts[index]))
            )
        case _:
            _put(parts, index, int(rng.integers(2, max(3, len(parts[index])))), int(rng.choice([1, 2])), rng)
    return b"".join(parts)[: 2 * _LARGEST]


def _put(parts: list[bytes], index: int, at: int, size: int, rng: np.random.Generator) -> None:
    part = parts[index]
    number = extreme(rng, size, int.from_bytes(part[at : at + size], "big"))
    parts[index] = part[:at] + number.to_bytes(size, "big") + part[at + size :]


def mutate(originals: list[bytes], seed: int, index: int) -> bytes:
    """Scans and segments that come again, say something else, or are empty."""
    return structured(_change, originals, seed, index)
