"""Video files written box by box: what no encoder writes, in a few milliseconds."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import cache

import cv2
import numpy as np

MANY = 80_000_000
"""What a table claims that holds nothing."""

# --- MP4 ----------------------------------------------------------------------------------------------------


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def full(kind: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, u32(version << 24 | flags), *parts)


def u32(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


def table(stts: tuple[int, int], size: int, count: int, chunk: int, more: bytes = b"") -> bytes:
    """Tables of samples that are all of one size, in one chunk."""
    return (
        full(b"stts", u32(1, *stts)) + full(b"stsz", u32(size, count)) + full(b"stsc", u32(1, 1, chunk, 1))
        + full(b"stco", u32(1, 900)) + more
    )  # fmt: skip


def of_one_size(count: int) -> bytes:
    return table((count, 1), 1, count, count)


def track(tables: bytes, number: int = 1, edits: bytes = b"", handler: bytes = b"vide") -> bytes:
    entry = bytes(6) + b"\0\1" + bytes(16) + struct.pack(">HH", 64, 48) + u32(0x480000, 0x480000, 0)
    entry += b"\0\1" + bytes(32) + b"\0\x18\xff\xff"
    return box(
        b"trak", full(b"tkhd", u32(0, 0, number, 0, 1000), bytes(60), flags=3), edits,
        box(
            b"mdia", full(b"mdhd", u32(0, 0, 1000, 1000, 0)), full(b"hdlr", u32(0), handler, bytes(13)),
            box(b"minf", box(b"stbl", full(b"stsd", u32(1), box(b"jpeg", entry)), tables)),
        ),
    )  # fmt: skip


def mp4(*parts: bytes, after: bytes = b"") -> bytes:
    head = full(b"mvhd", u32(0, 0, 1000, 1000, 0x10000), bytes(76), u32(99))
    return box(b"ftyp", b"isom", u32(512)) + box(b"moov", head, *parts) + after + box(b"mdat", bytes(100))


def fragments(*runs: bytes) -> bytes:
    """A track without samples, and a fragment for each of these runs."""
    empty = full(b"stts", u32(0)) + full(b"stsz", u32(0, 0)) + full(b"stsc", u32(0)) + full(b"stco", u32(0))
    extends = box(b"mvex", full(b"trex", u32(1, 1, 1, 1, 0)))
    after = b"".join(
        box(b"moof", full(b"mfhd", u32(1)), box(b"traf", full(b"tfhd", u32(1, 1, 1), flags=0x18), run))
        for run in runs
    )
    return mp4(track(empty), extends, after=after)


def run(count: int) -> bytes:
    return full(b"trun", u32(count))


def hidden_fragment() -> bytes:
    """An index that names a fragment within the pictures."""
    hidden = box(b"moof", box(b"traf", full(b"tfhd", u32(1, 1, 1), flags=0x18), run(MANY)))
    index = full(b"sidx", u32(1, 1000, 0, 8), b"\0\0\0\1", u32(len(hidden), 1000, 0))
    return fragments(run(1)) + index + box(b"mdat", hidden)


def texts(count: int) -> bytes:
    return box(b"udta", *[box(b"\xa9%03x" % n, b"\0\1\0\0x") for n in range(count)])


# --- Matroska -----------------------------------------------------------------------------------------------


def element(identity: str, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return bytes.fromhex(identity) + (len(body) | 1 << 56).to_bytes(8, "big") + body


def number(identity: str, value: int) -> bytes:
    return element(identity, value.to_bytes(8, "big"))


@cache
def jpeg(size: tuple[int, int] = (64, 48)) -> bytes:
    return cv2.imencode(".jpg", np.full((size[1], size[0], 3), 90, np.uint8))[1].tobytes()


def picture_track(count: int = 1, more: bytes = b"") -> bytes:
    return b"".join(
        element(
            "AE", number("D7", n), number("73C5", n), number("83", 1), element("86", b"V_MJPEG"),
            element("E0", number("B0", 64), number("BA", 48), more),
        )
        for n in range(1, count + 1)
    )  # fmt: skip


def block(time_ms: int, data: bytes, flags: bytes = b"\x80") -> bytes:
    return element("A3", b"\x81" + struct.pack(">h", time_ms) + flags + data)


def matroska(*parts: bytes, tracks: bytes | None = None, clusters: tuple[bytes, ...] = ()) -> bytes:
    info = element("1549A966", number("2AD7B1", 1_000_000))
    segment = element(
        "18538067",
        info,
        *parts,
        element("1654AE6B", picture_track() if tracks is None else tracks),
        *clusters,
    )
    return element("1A45DFA3", element("4282", b"webm")) + segment


def cluster(begin_ms: int, *blocks: bytes) -> bytes:
    return element("1F43B675", number("E7", begin_ms), *blocks)


def pictures_at(*times_ms: int, more: bytes = b"") -> bytes:
    """A picture at each of these times, which may be as far apart as one likes."""
    return matroska(
        tracks=picture_track(more=more),
        clusters=tuple(cluster(time_ms, block(0, jpeg())) for time_ms in times_ms),
    )


# --- AVI ----------------------------------------------------------------------------------------------------


def avi(*lists: bytes) -> bytes:
    body = b"AVI " + b"".join(lists)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body


HURTING: dict[str, Callable[[], bytes]] = {
    "80 million samples of one size": lambda: mp4(track(of_one_size(MANY))),
    "two such tracks": lambda: mp4(*(track(of_one_size(MANY), n) for n in (1, 2))),
    "ten such tracks": lambda: mp4(*(track(of_one_size(MANY // 10), n) for n in range(1, 11))),
    "a run of 80 million": lambda: fragments(run(MANY)),
    "sixty runs of a million": lambda: fragments(*[run(1_000_000)] * 60),
    "a run in a hidden fragment": hidden_fragment,
    "a chunk of two thousand million": lambda: mp4(track(table((MANY, 1), 1, MANY, 0x7FFFFFFF))),
    "sound in chunks that explode": lambda: mp4(
        track(table((MANY, 1), 1, MANY, 0x7FFFFFFF), handler=b"soun")
    ),
    "composition times": lambda: mp4(track(table((9, 1), 1, 9, 9, full(b"ctts", u32(MANY, 1, 1))))),
    "sync samples": lambda: mp4(track(table((9, 1), 1, 9, 9, full(b"stss", u32(MANY, 1))))),
    "edits times samples": lambda: mp4(
        track(of_one_size(5000), edits=box(b"edts", full(b"elst", u32(20_000, *[1000, 0, 65536] * 20_000))))
    ),
    "keys of texts": lambda: mp4(track(of_one_size(1)), box(b"meta", full(b"keys", u32(MANY, 8)))),
    "60,000 texts": lambda: mp4(track(of_one_size(1)), texts(60_000)),
    "compressed tables": lambda: mp4(box(b"cmov", bytes(20))),
    "3,000 tracks": lambda: mp4(*(track(of_one_size(1), n) for n in range(3000))),
    "encryption of samples": lambda: mp4(track(of_one_size(1)), full(b"saiz", b"\x08", u32(MANY))),
    "Matroska with 2,000 tracks": lambda: matroska(tracks=picture_track(2000)),
    "Matroska with a million chapters": lambda: matroska(
        element("1043A770", element("45B9", b"\xb6\x80" * 1_000_000))
    ),
    "Matroska with 60,000 texts": lambda: matroska(
        element("1254C367", element("7373", *[element("67C8", element("45A3", b"%06d" % n)) for n in range(9000)]))
    ),
    "AVI with 60,000 texts": lambda: avi(
        chunk(b"LIST", b"INFO" + b"".join(chunk(b"%04x" % n, b"ab") for n in range(60_000)))
    ),
    "AVI with 3,000 tracks": lambda: avi(chunk(b"LIST", b"hdrl" + chunk(b"strh", bytes(56)) * 3000)),
}  # fmt: skip
"""Files that took gigabytes or minutes, by what hurts in them; all are refused before FFmpeg sees them."""

CHEAP: dict[str, Callable[[], bytes]] = {
    "packets of one byte": lambda: matroska(
        clusters=(cluster(0, *[block(0, b"\xff" + bytes(256), b"\x84")] * 6000),)
    ),
    "30,000 pictures of one time": lambda: matroska(clusters=(cluster(0, *[block(0, jpeg())] * 30_000),)),
    "pictures 2^31 s apart": lambda: pictures_at(0, 2**31 * 1000, 2**32 * 1000),
    "2,000 million pictures announced": lambda: avi(
        chunk(b"LIST", b"hdrl" + chunk(b"avih", bytes(16) + u32(0x7FFFFFFF) + bytes(36))),
        chunk(b"LIST", b"movi" + chunk(b"00dc", bytes(50))),
    ),
}  # fmt: skip
"""Files that no number gives away; they are read at little cost, or refused."""
