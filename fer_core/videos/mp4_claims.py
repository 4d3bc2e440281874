"""The numbers of an MP4 or MOV file that FFmpeg multiplies, held against the file's size before FFmpeg sees them.

A table says in twelve bytes that it has 80 million samples, and FFmpeg makes room for all of them: 2.9 GB of memory for
a file of 700 bytes. So they are read here first, with little more than `bytes.find` and sums.

Boxes are found by their names and not by their nesting: FFmpeg takes a table wherever it stands, also within another
box, and gives it to the track that began last.
"""

from __future__ import annotations

import bisect
import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from fer_core.videos.claim_limits import MAX_ENTRIES, MAX_TEXTS, MAX_TRACKS, ClaimError, hold

MAX_FRAGMENT_ENTRIES: Final = 4_000_000
"""Fragments times tracks: for each FFmpeg keeps 48 bytes."""
MAX_BOXES: Final = 1_000_000
"""Boxes of one name."""

_WITHOUT_BOXES: Final = (b"mdat", b"wide", b"uuid")
"""Boxes of the outermost level in which FFmpeg looks for no other (it does in those that are said to be free)."""

_ENTRY_BYTES: Final = {
    b"stts": 8, b"ctts": 8, b"stsc": 12, b"stco": 4, b"co64": 8, b"stss": 4, b"stps": 4, b"dref": 8, b"stsd": 8,
    b"keys": 8,
}  # fmt: skip
"""Tables that begin with version, flags and a number of entries, with the bytes of the smallest entry."""


def is_fragmented(content: bytes) -> bool:
    """Whether an MP4 comes in fragments, each with tables of its own."""
    return any(kind == b"moof" for kind, _begin, _end in _boxes(content, 0, len(content)))


@dataclass
class _Track:
    """What was claimed between the beginning of a track and that of the next."""

    samples: int = 0
    chunks: int = 0
    edits: int = 0
    handlers: set[bytes] = field(default_factory=set)
    one_tick_each: bool = True  # every sample lasts one tick, as samples of sound do
    shifted: bool = False  # has composition times
    stsc: list[np.ndarray] = field(default_factory=list)  # (N, 3): first chunk, samples a chunk, description

    def index_entries(self) -> int:
        """Entries of FFmpeg's index: one a sample; for plain sound one for 512 of a chunk, or more of them."""
        if self.one_tick_each and not self.shifted and self.handlers == {b"soun"}:
            entries = sum(self._sound_entries(table) for table in self.stsc)
        else:
            entries = self.samples
        # Each edit can take in the whole track anew; some trims and a delay are usual.
        return entries * max(1, self.edits - 2)

    def _sound_entries(self, table: np.ndarray) -> int:
        first, each = table[:, 0].astype(np.float64), table[:, 1].astype(np.float64)
        until = np.append(first[1:], self.chunks + 1)
        return int(min(1e18, (np.maximum(0, until - first) * (1 + each // 512)).sum()))


def check_mp4(content: bytes) -> None:
    """Hold the numbers of all tables against their sizes, and their sums against the limits.

    Args:
        content: of the file; it may be cut short.

    Raises:
        ClaimError: a number does not fit.
    """
    outermost = list(itertools.islice(_boxes(content, 0, len(content)), MAX_BOXES + 1))
    hold("boxes", len(outermost), MAX_BOXES)
    parts = [(at, end) for kind, at, end in outermost if kind not in _WITHOUT_BOXES]
    if any(_places(content, parts, b"cmov")):
        raise ClaimError("its tables are compressed")
    begins = list(_places(content, parts, b"trak"))
    hold("tracks", len(begins), MAX_TRACKS)
    tracks = [_Track() for _ in range(len(begins) + 1)]  # the first for what stands before any track

    def track_at(at: int) -> _Track:
        return tracks[bisect.bisect_right(begins, at)]

    for name, entry_bytes in _ENTRY_BYTES.items():
        total = 0
        for at in _places(content, parts, name):
            count = _fitting(content, at, name, 4, entry_bytes)
            total += count
            track = track_at(at)
            if name in (b"stco", b"co64"):
                track.chunks += count
            elif name == b"stsc":
                track.stsc.append(
                    np.frombuffer(content[at + 12 : at + 12 + 12 * count], ">u4").reshape(-1, 3)
                )
            elif name == b"stts":
                track.one_tick_each &= count == 1 and _number(content, at + 16) == 1
            elif name == b"ctts":
                track.shifted = True
        hold(name.decode(), total, MAX_TEXTS if name == b"keys" else MAX_ENTRIES)
    for at in _places(content, parts, b"hdlr"):
        track_at(at).handlers |= {content[at + 12 : at + 16]} & {b"soun", b"vide"}
    for at in _places(content, parts, b"elst"):
        track_at(at).edits += _fitting(
            content, at, b"elst", 4, 20 if content[at + 4 : at + 5] == b"\1" else 12
        )
    for at in _places(content, parts, b"stsz"):
        table = _number(content, at + 8) == 0  # or all of one size
        track_at(at).samples += _fitting(content, at, b"stsz", 8, 4 if table else 0)
    for at in _places(content, parts, b"stz2"):  # 4, 8 or 16 bits a sample
        track_at(at).samples += 2 * _fitting(content, at, b"stz2", 8, 0.5)
    _hold_samples(content, sum(track.index_entries() for track in tracks) + _fragment_samples(content, parts))
    _check_groups(content, parts)
    fragments = sum(1 for _ in _places(content, parts, b"moof"))
    fragments += _indexed(content, parts, {at for _kind, at, _end in outermost})
    hold("fragments", fragments * max(1, len(begins)), MAX_FRAGMENT_ENTRIES)
    hold("defaults of tracks", sum(1 for _ in _places(content, parts, b"trex")), 5 * MAX_TRACKS)
    texts = 0
    for name in (b"udta", b"ilst"):
        for at in _places(content, parts, name):
            end = min(len(content), at - 4 + _number(content, at - 4))
            for _child in _boxes(content, at + 4, end):
                texts += 1
                hold("texts", texts, MAX_TEXTS)


def _fragment_samples(content: bytes, parts: list[tuple[int, int]]) -> int:
    """Samples of all fragments, and those that are said to be encrypted: each may take no byte at all."""
    samples = sum(
        _number(content, at + 8) for name in (b"trun", b"senc") for at in _places(content, parts, name)
    )
    for at in _places(content, parts, b"saiz"):
        with_type = 8 * (_number(content, at + 4) & 1)
        samples += _number(content, at + 9 + with_type)
    return samples


def _indexed(content: bytes, parts: list[tuple[int, int]], begins: set[int]) -> int:
    """The number of fragments in indexes, none of which may hide in a box that was not looked into.

    FFmpeg reads boxes wherever an index says that a fragment begins.
    """
    count = 0
    for at in _places(content, parts, b"sidx"):
        long = content[at + 4 : at + 5] == b"\1"
        entries = _number(content, at + (32 if long else 24)) & 0xFFFF
        count += entries
        hold("fragments", count, MAX_BOXES)
        place = at - 4 + _number(content, at - 4) + _number(content, at + (28 if long else 20))
        for entry in range(entries):
            for kind, begin, _end in _boxes(content, place, len(content)):
                if begin in begins:
                    break
                if kind == b"moof":
                    raise ClaimError("an index names a fragment within another box")
                begins.add(begin)
            place += _number(content, at + (36 if long else 28) + 12 * entry) & 0x7FFFFFFF
    return count


def _check_groups(content: bytes, parts: list[tuple[int, int]]) -> None:
    """Tables whose number of entries stands elsewhere."""
    for at in _places(content, parts, b"sbgp"):
        _fitting(content, at, b"sbgp", 8 + 4 * (content[at + 4 : at + 5] == b"\1"), 8)
    for at in _places(content, parts, b"sgpd"):
        _fitting(content, at, b"sgpd", 8 + 4 * (content[at + 4 : at + 5] in (b"\1", b"\2")), 1)
    for at in _places(content, parts, b"tfra"):
        _fitting(content, at, b"tfra", 12, 11)
    for at in _places(content, parts, b"iinf"):
        if content[at + 4 : at + 5] != b"\0":
            _fitting(content, at, b"iinf", 4, 12)


def _boxes(content: bytes, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, begin of the content, end) of the boxes there; the last one may be cut short."""
    at = begin
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", content, at)
        head = 8
        if size == 1 and at + 16 <= end:
            (size,) = struct.unpack_from(">Q", content, at + 8)
            head = 16
        elif size == 0:
            size = end - at
        if size < head:
            return
        yield kind, at + head, min(end, at + size)
        at += size


def _places(content: bytes, parts: list[tuple[int, int]], name: bytes) -> Iterator[int]:
    """Where the name of a box stands, within these parts or as the name of one of them."""
    count = 0
    for begin, end in parts:
        at = content.find(name, begin - 4, end)
        while at >= 0:
            count += 1
            hold(name.decode(), count, MAX_BOXES)
            yield at
            at = content.find(name, at + 4, end)


def _fitting(content: bytes, at: int, name: bytes, offset: int, entry_bytes: float) -> int:
    """The number of entries that a box claims.

    Args:
        content: of the file.
        at: where the name of the box stands.
        name: of the box.
        offset: of the number, in bytes after the name.
        entry_bytes: of the smallest entry; 0 where the number needs no bytes.

    Raises:
        ClaimError: they have no room in the box, or in what is left of the file.
    """
    count = _number(content, at + 4 + offset)
    size = _number(content, at - 4)
    begin = at + 8 + offset
    end = len(content) if size in (0, 1) else min(len(content), at - 4 + size)
    if count * entry_bytes > max(0, end - begin):
        raise ClaimError(f"{name.decode()} claims {count} entries in {max(0, end - begin)} bytes")
    return count


def _number(content: bytes, at: int) -> int:
    """uint32 there, big-endian; 0 beyond the end of the file."""
    return int.from_bytes(content[at : at + 4], "big") if 0 <= at <= len(content) - 4 else 0


def _hold_samples(content: bytes, samples: int) -> None:
    if samples > len(content):
        raise ClaimError(f"{samples} samples are claimed in {len(content)} bytes")
    hold("samples", samples, MAX_ENTRIES)
