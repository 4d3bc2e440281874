"""MP4 and QuickTime files put together box by box, and damage that keeps them well-formed.

Blind damage seldom gets past the first wrong size. Here counts, sizes and order of boxes change, and the sizes around
them are made to fit again, so that each table is believed as far as the decoder goes.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

import cv2
import numpy as np

from tests.fer_core.videos.made_by_hand import box, u32
from tests.fuzz.mutations import extreme, structured
from tests.fuzz.videos import decode, video

__all__ = ["corpus", "decode", "mutate"]

_HOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts", b"mvex", b"moof", b"traf", b"udta", b"cmov",
            b"mfra", b"ilst")  # fmt: skip
_COUNT_AT = {b"stts": 4, b"ctts": 4, b"stsc": 4, b"stsz": 8, b"stz2": 8, b"stco": 4, b"co64": 4, b"stss": 4, b"trun": 4,
             b"elst": 4, b"tfra": 12, b"sidx": 20, b"sbgp": 8, b"sgpd": 8, b"saiz": 5, b"saio": 4, b"senc": 4, b"dref": 4,
             b"stsd": 4, b"keys": 4, b"stps": 4, b"cslg": 4}  # fmt: skip
_LARGEST = 400_000
MATRIX = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_SIZE = (64, 48)
_FRAMES = 10


def full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """A box whose payload begins with version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def jpegs(count: int = _FRAMES) -> list[bytes]:
    """Frames that a track of the kind `jpeg` holds as they are."""
    frames = []
    for index in range(count):
        image = np.full((_SIZE[1], _SIZE[0], 3), 20 * index % 200, np.uint8)
        image[:16, :20] = 255
        frames.append(cv2.imencode(".jpg", image)[1].tobytes())
    return frames


def tkhd(number: int = 1, *, version: int = 0) -> bytes:
    """The header of a track, enabled, upright."""
    times = struct.pack(">QQIIQ", 0, 0, number, 0, 1000) if version else u32(0, 0, number, 0, 1000)
    return full(
        b"tkhd", version, 7, times, bytes(8), struct.pack(">hhHH", 0, 0, 0, 0), u32(*MATRIX),
        u32(_SIZE[0] << 16, _SIZE[1] << 16),
    )  # fmt: skip


def mvhd(*, version: int = 0) -> bytes:
    """The header of the film: 1,000 ticks a second."""
    times = struct.pack(">QQIQ", 0, 0, 1000, 1000) if version else u32(0, 0, 1000, 1000)
    return full(b"mvhd", version, 0, times, u32(0x10000), bytes(12), u32(*MATRIX), bytes(24), u32(2))


def stsd(kind: bytes = b"jpeg", *extra: bytes) -> bytes:
    """One description of samples: pictures of 64 by 48."""
    entry = box(
        kind, bytes(6), struct.pack(">H", 1), bytes(16), struct.pack(">HHIIIH", *_SIZE, 0x480000, 0x480000, 0, 1),
        bytes(32), struct.pack(">Hh", 24, -1), *extra,
    )  # fmt: skip
    return full(b"stsd", 0, 0, u32(1), entry)


def trak(
    tables: bytes, number: int = 1, *, version: int = 0, handler: bytes = b"vide", edits: bytes = b""
) -> bytes:
    """A track around these tables."""
    times = struct.pack(">QQIQI", 0, 0, 1000, 1000, 0) if version else u32(0, 0, 1000, 1000, 0)
    media = box(
        b"mdia", full(b"mdhd", version, 0, times),
        full(b"hdlr", 0, 0, bytes(4), handler, bytes(12), b"fuzz\0"),
        box(
            b"minf", full(b"vmhd", 0, 1, bytes(8)), box(b"dinf", full(b"dref", 0, 0, u32(1), full(b"url ", 0, 1))),
            box(b"stbl", tables),
        ),
    )  # fmt: skip
    return box(b"trak", tkhd(number, version=version), edits, media)


def tables(sizes: list[int], offset: int, *extra: bytes, wide: bool = False, kind: bytes = b"jpeg") -> bytes:
    """The tables of samples that lie behind each other in one chunk."""
    chunk = struct.pack(">Q", offset) if wide else u32(offset)
    return b"".join((
        stsd(kind), full(b"stts", 0, 0, u32(1, len(sizes), 100)), full(b"stsc", 0, 0, u32(1, 1, len(sizes), 1)),
        full(b"stsz", 0, 0, u32(0, len(sizes), *sizes)),
        full(b"co64" if wide else b"stco", 0, 0, u32(1), chunk), *extra,
    ))  # fmt: skip


def fragmented(runs: int = 2) -> bytes:
    """An MP4 in fragments, as players fetch it."""
    frames = jpegs(_FRAMES)
    empty = b"".join((
        stsd(), full(b"stts", 0, 0, u32(0)), full(b"stsc", 0, 0, u32(0)), full(b"stsz", 0, 0, u32(0, 0)),
        full(b"stco", 0, 0, u32(0)),
    ))  # fmt: skip
    trex = full(b"trex", 0, 0, u32(1, 1, 100, len(frames[0]), 0))
    content = box(b"ftyp", b"iso5", u32(0x200), b"iso5") + box(
        b"moov", mvhd(), box(b"mvex", trex), trak(empty)
    )
    content += full(b"sidx", 0, 0, u32(1, 1000, 0, 0, 1, 5_000, 1000, 0x90000000))
    a_run = _FRAMES // runs
    for run in range(runs):
        samples = frames[run * a_run : (run + 1) * a_run]
        sizes = [value for sample in samples for value in (100, len(sample))]
        parts = [
            full(b"tfhd", 0, 0x20000, u32(1)),
            full(b"tfdt", 0, 0, u32(run * a_run * 100)),
        ]
        number = full(b"mfhd", 0, 0, u32(run + 1))
        at = 8 + len(number) + 8 + sum(len(part) for part in parts) + 20 + 4 * len(sizes) + 8
        trun = full(b"trun", 0, 0x301, u32(len(samples), at, *sizes))
        fragment = box(b"moof", number, box(b"traf", *parts, trun))
        content += fragment + box(b"mdat", *samples)
    return content + box(
        b"mfra",
        full(b"tfra", 1, 0, u32(1, 0, 1, 0, 0, 0, 500), b"\1\1\1"),
        full(b"mfro", 0, 0, u32(60)),
    )


def corpus() -> list[bytes]:
    """Plain, 64-bit, with edits and offsets, several tracks, a compressed header, fragments; and of two encoders."""
    frames = jpegs()
    sizes = [len(frame) for frame in frames]
    head, data = box(b"ftyp", b"isom", u32(0x200), b"isomiso2"), box(b"mdat", *frames)
    at = len(head) + 8
    plain = tables(sizes, at)
    clap = box(b"pasp", u32(4, 3)) + box(b"clap", u32(60, 1, 44, 1, 0, 1, 0, 1))
    shifted = tables(
        sizes, at, full(b"ctts", 0, 0, u32(2, 5, 0, 5, 100)), full(b"stss", 0, 0, u32(2, 1, 5)),
        full(b"sdtp", 0, 0, bytes(_FRAMES)), full(b"sbgp", 0, 0, b"roll", u32(1, _FRAMES, 1)),
        full(b"sgpd", 1, 0, b"roll", u32(2, 1), struct.pack(">h", -1)), wide=True,
    )  # fmt: skip
    edits = box(b"edts", full(b"elst", 0, 0, u32(2, 200, 0xFFFFFFFF, 0x10000, 800, 0, 0x10000)))
    shaped = stsd(b"jpeg", clap) + plain[len(stsd()) :]
    metadata = box(b"udta", full(b"meta", 0, 0, full(b"hdlr", 0, 0, bytes(4), b"mdir", bytes(13)),
                   box(b"ilst", box(b"\xa9nam", box(b"data", u32(1, 0), b"fuzz")), box(b"covr", box(b"data", u32(13, 0), frames[0])))))  # fmt: skip
    moov = box(b"moov", mvhd(), trak(plain))
    packed = zlib.compress(moov)
    compressed = box(b"moov", box(b"cmov", box(b"dcom", b"zlib"), box(b"cmvd", u32(len(moov)), packed)))
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + sum(sizes)) + b"".join(frames)
    fixed = b"".join((
        stsd(b"raw "), full(b"stts", 0, 0, u32(1, 1, 100)), full(b"stsc", 0, 0, u32(1, 1, 1, 1)),
        full(b"stsz", 0, 0, u32(_SIZE[0] * _SIZE[1] * 3, 1)), full(b"stco", 0, 0, u32(1, at)),
    ))  # fmt: skip
    return [
        head + data + moov,
        head + data + box(b"moov", mvhd(version=1), trak(shifted, version=1, edits=edits)),
        head + data + box(b"moov", mvhd(), trak(shaped), metadata),
        head + data + box(b"moov", mvhd(), *(trak(plain, number) for number in (1, 2, 3)),
                          trak(plain, 4, handler=b"soun"), trak(plain, 5, handler=b"text")),
        head + large + box(b"moov", mvhd(), trak(tables(sizes, at + 8))),
        head + box(b"mdat", bytes(_SIZE[0] * _SIZE[1] * 3)) + box(b"moov", mvhd(), trak(fixed)),
        fragmented(),
        fragmented(5),
        video("mp4", "libx264"),
        video("mov", "mpeg4"),
        head + data + compressed,
    ]  # fmt: skip


REFUSED = 1
"""So many whole files, the last ones, are refused with a sentence: what a compressed header claims is not read."""


@dataclass
class _Box:
    kind: bytes
    payload: bytes = b""
    inside: list[_Box] = field(default_factory=list)
    size: int | None = None
    """What it says of its own size; None for the right one."""

    @property
    def holds(self) -> bool:
        return bool(self.inside) or self.kind in _HOLDERS

    def encode(self) -> bytes:
        content = self.payload + b"".join(each.encode() for each in self.inside)
        return (
            struct.pack(">I4s", (8 + len(content)) % 2**32 if self.size is None else self.size, self.kind)
            + content
        )


def _parsed(content: bytes, depth: int = 0) -> list[_Box]:
    found, at = [], 0
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        stated = None if 8 <= size <= len(content) - at else size
        end = at + size if stated is None else len(content)
        payload = content[at + 8 : end]
        if kind in _HOLDERS and depth < 20:
            found.append(_Box(kind, b"", _parsed(payload, depth + 1), stated))
        else:
            found.append(_Box(kind, payload, [], stated))
        at = end
    return found


def _all(boxes: list[_Box]) -> list[tuple[list[_Box], int]]:
    places = []
    for index, each in enumerate(boxes):
        places += [(boxes, index), *_all(each.inside)]
    return places


def _change(content: bytes, rng: np.random.Generator) -> bytes:
    boxes = _parsed(content)
    places = _all(boxes)
    if not places:
        return content
    counted = [place for place in places if place[0][place[1]].kind in _COUNT_AT]
    siblings, index = places[rng.integers(len(places))]
    chosen = siblings[index]
    match rng.integers(10):
        case 0 | 1 if counted:  # claims
            siblings, index = counted[rng.integers(len(counted))]
            _set(siblings[index], _COUNT_AT[siblings[index].kind], 4, rng)
        case 2 if counted:
            _claim(boxes, int(extreme(rng, 4)))
        case 3 if counted:
            siblings, index = counted[rng.integers(len(counted))]
            _set(siblings[index], 4 * int(rng.integers(1 + len(siblings[index].payload) // 4)), 4, rng)
        case 4:
            for _ in range(rng.integers(1, 4)):
                size = int(rng.choice([1, 2, 4, 8]))
                _set(chosen, size * int(rng.integers(1 + len(chosen.payload) // size)), size, rng)
        case 5:
            length = max(1, len(chosen.encode()))
            siblings[index:index] = [chosen] * int(min(rng.choice([1, 2, 20, 300, 3000]), _LARGEST // length))
        case 6:
            del siblings[index]
        case 7:
            other, _ = places[rng.integers(len(places))]
            other.insert(int(rng.integers(len(other) + 1)), _Box(chosen.kind, chosen.encode()[8:]))
        case 8:  # into each other
            content = chosen.encode()
            for _ in range(int(rng.choice([1, 3, 50, 2000]))):
                if len(content) > _LARGEST:
                    break
                content = box(chosen.kind if chosen.holds else b"moov", content)
            siblings[index] = _Box(content[4:8], content[8:])
        case _:
            chosen.size = extreme(rng, 4, len(chosen.payload) + 8)
    return b"".join(each.encode() for each in boxes)[: 4 * _LARGEST]


def _set(chosen: _Box, at: int, size: int, rng: np.random.Generator) -> None:
    now = int.from_bytes(chosen.payload[at : at + size], "big")
    number = extreme(rng, size, now).to_bytes(size, "big")
    chosen.payload = chosen.payload[:at] + number + chosen.payload[at + size :]


def _claim(boxes: list[_Box], count: int) -> None:
    """Tables that agree on so many samples, and need one entry for all of them; also in fragments."""
    for siblings, index in _all(boxes):
        match siblings[index].kind:
            case b"stts":
                siblings[index].payload = u32(0, 1, count, 1)
            case b"stsc":
                siblings[index].payload = u32(0, 1, 1, count, 1)
            case b"stsz":
                siblings[index].payload = u32(0, 1, count)
            case b"trun":
                siblings[index].payload = u32(1, count, 200)


def mutate(originals: list[bytes], seed: int, index: int) -> bytes:
    """Damage that leaves most of the boxes in order."""
    return structured(_change, originals, seed, index)
