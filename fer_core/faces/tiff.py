"""The pages of a TIFF, and how each is packed, from its directories alone.

No decoder is asked: what a directory claims is held against the file before one sees it.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

TIFF_BEGINS: Final = (b"II*\0", b"MM\0*", b"MM*\0", b"II\0*", b"II+\0", b"MM\0+")
_MOST_TAGS: Final = 4_096  # of one directory; cameras write some 60
_MOST_PIECES: Final = 100_000  # strips or tiles of one page
_MOST_VALUES: Final = 1_000_000  # of one tag, where each becomes an object of its own
_TYPE_BYTES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}
_WHOLE_NUMBERS: Final = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q"}
_SUBFILE, _OLD_SUBFILE, _WIDTH, _HEIGHT, _COMPRESSION = 254, 255, 256, 257, 259
_STRIP_OFFSETS, _ROWS_A_STRIP, _STRIP_BYTES = 273, 278, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_BYTES = 322, 323, 324, 325
_PIECES: Final = (_STRIP_OFFSETS, _STRIP_BYTES, _TILE_OFFSETS, _TILE_BYTES)
_OF_SIZE: Final = frozenset(
    {_WIDTH, _HEIGHT, _COMPRESSION, _ROWS_A_STRIP, _TILE_WIDTH, _TILE_HEIGHT, *_PIECES}
)
_REDUCED, _MASK = 1, 4
_OLD_REDUCED = 2
_UNCOMPRESSED = 1
_JPEG: Final = (6, 7)
_START_OF_SCAN: Final = b"\xff\xda"


@dataclass(frozen=True)
class _Field:
    """One entry of a directory.

    Attributes:
        kind: its type, as the form numbers them.
        count: how many values there are.
        offset: where they lie.
    """

    kind: int
    count: int
    offset: int


@dataclass(frozen=True)
class TiffPage:
    """One picture of a TIFF, as its directory describes it.

    Attributes:
        data: the whole file.
        order: of its bytes, "<" or ">".
        offset: where the directory lies.
        fields: by number of the tag; empty where there are too many.
        unsound: there are more tags than any picture has, or some twice, of which readers choose one or the other.
    """

    data: bytes
    order: str
    offset: int
    fields: dict[int, _Field]
    unsound: bool

    @property
    def pixels(self) -> int:
        """Width times height."""
        return max(0, self._value(_WIDTH, 0)) * max(0, self._value(_HEIGHT, 0))

    @property
    def is_photo(self) -> bool:
        """No reduced copy of another page and no mask for one."""
        if self._value(_SUBFILE, 0) & (_REDUCED | _MASK):
            return False
        return self._value(_OLD_SUBFILE, 0) != _OLD_REDUCED

    def is_costly(self, most_pixels: int, most_scanned: int) -> bool:
        """Tell whether decoding takes far more time or memory than a picture of this size should.

        Args:
            most_pixels: of a picture.
            most_scanned: pixels times scans, where pieces are JPEGs.
        """
        if self.unsound or self._has_too_many_values():
            return True
        width, height = self._value(_WIDTH, 0), self._value(_HEIGHT, 0)
        tiled = _TILE_OFFSETS in self.fields
        if tiled:
            piece_width, piece_height = self._value(_TILE_WIDTH, width), self._value(_TILE_HEIGHT, height)
        else:
            piece_width, piece_height = width, min(self._value(_ROWS_A_STRIP, height), height)
        if min(width, height, piece_width, piece_height) <= 0:
            return False  # no picture: the decoder says so
        compression = self._value(_COMPRESSION, _UNCOMPRESSED)
        pieces = -(-width // piece_width) * -(-height // piece_height)
        piece_pixels = piece_width * piece_height
        if pieces > _MOST_PIECES or pieces * piece_pixels > 4 * width * height + most_pixels:
            return True
        offsets = self._values(_TILE_OFFSETS if tiled else _STRIP_OFFSETS)
        sizes = self._values(_TILE_BYTES if tiled else _STRIP_BYTES)
        sizes = sizes or (len(self.data),) * min(len(offsets), 1)
        packed = [self.data_between(offset, size) for offset, size in zip(offsets, sizes, strict=False)]
        if sum(end - begin for begin, end in packed) > 2 * len(self.data):  # many pieces lie at one place
            return True
        if compression in _JPEG:
            packed = packed or [(0, len(self.data))]
            scans = sum(self.data.count(_START_OF_SCAN, begin, end) for begin, end in packed)
            return scans * piece_pixels > most_scanned
        return False

    def data_between(self, offset: int, size: int) -> tuple[int, int]:
        """Begin and end of a piece, within the file."""
        begin = min(offset, len(self.data))
        return begin, min(begin + size, len(self.data))

    def stream(self) -> io.BytesIO:
        """Return the file with this page as its first, which a reader then finds without the others."""
        if next(_directories(self.data)).offset == self.offset:
            return io.BytesIO(self.data)
        begin, number = (self.data[:8], "Q") if _is_big(self.data) else (self.data[:4], "I")
        return _WithOtherHeader(self.data, begin + struct.pack(self.order + number, self.offset))

    def _has_too_many_values(self) -> bool:
        if any(self.fields[tag].count > _MOST_PIECES for tag in _PIECES if tag in self.fields):
            return True
        return any(
            field.count > _MOST_VALUES for field in self.fields.values() if _TYPE_BYTES.get(field.kind, 1) > 1
        )

    def _value(self, tag: int, default: int) -> int:
        """The first value of a tag; the default where there is none."""
        field = self.fields.get(tag)
        code = _WHOLE_NUMBERS.get(field.kind) if field is not None and field.count else None
        if field is None or code is None:
            return default
        try:
            return int(struct.unpack_from(self.order + code, self.data, field.offset)[0])
        except (struct.error, OverflowError):
            return default

    def _values(self, tag: int) -> tuple[int, ...]:
        """All values of a tag; none where the file is too short for them."""
        field = self.fields.get(tag)
        code = _WHOLE_NUMBERS.get(field.kind) if field is not None else None
        if field is None or code is None:
            return ()
        try:
            return struct.unpack_from(f"{self.order}{field.count}{code}", self.data, field.offset)
        except (struct.error, OverflowError):
            return ()


class _WithOtherHeader(io.BytesIO):
    """A file that is read as if it began otherwise: a copy for each of hundreds of pages would take longest of all."""

    def __init__(self, data: bytes, header: bytes) -> None:
        super().__init__(data)
        self._header = header

    def read(self, size: int | None = -1, /) -> bytes:
        at = self.tell()
        content = super().read(size)
        own = self._header[at : at + len(content)]
        return own + content[len(own) :] if own else content


def pages_of_tiff(data: bytes, at_most: int) -> list[TiffPage]:
    """Read the directories of the pictures that count: no reduced copies, no masks.

    A TIFF that holds nothing else counts with the first of them.

    Args:
        data: content of the file.
        at_most: how many pages are listed.

    Returns:
        In their order; none where the file is no TIFF, or its first directory cannot be read.
    """
    if not data.startswith(TIFF_BEGINS):
        return []
    first: list[TiffPage] = []
    pages: list[TiffPage] = []
    for number, page in enumerate(_directories(data)):
        if page.pixels and not first:
            first = [page]
        if (page.pixels and page.is_photo) or page.unsound:
            pages.append(page)
        # Of each page some programs keep up to a dozen reduced copies.
        if len(pages) == at_most or number >= 16 * at_most + 16:
            break
    return pages or first


def _is_big(data: bytes) -> bool:
    return data[2] == 43  # as Pillow tells it: of "MM" it reads no such file


def _directories(data: bytes) -> Iterator[TiffPage]:
    """In the order of the file; ends where the next cannot be read or was there before."""
    order = "<" if data.startswith(b"II") else ">"
    big = _is_big(data)
    entry = struct.Struct(order + ("HHQ8s" if big else "HHI4s"))
    number, pointer = (struct.Struct(order + code) for code in ("QQ" if big else "HI"))
    inline_bytes = 8 if big else 4
    seen: set[int] = set()
    try:
        (offset,) = pointer.unpack_from(data, 8 if big else 4)
        while offset and offset not in seen:
            seen.add(offset)
            (count,) = number.unpack_from(data, offset)
            begin = offset + number.size
            fields: dict[int, _Field] = {}
            twice = False
            # More than any picture has are not read; what is cut short counts as far as it goes.
            readable = min(count, max(0, len(data) - begin) // entry.size) if count <= _MOST_TAGS else 0
            entries = entry.iter_unpack(data[begin : begin + readable * entry.size])
            for index, (tag, kind, values, _inline) in enumerate(entries, 1):
                at = begin + index * entry.size - inline_bytes
                if _TYPE_BYTES.get(kind, 1) * values > inline_bytes:
                    (at,) = pointer.unpack_from(data, at)
                twice |= tag in fields and tag in _OF_SIZE
                fields[tag] = _Field(kind, values, at)
            yield TiffPage(data, order, offset, fields, twice or count > _MOST_TAGS)
            (offset,) = pointer.unpack_from(data, begin + count * entry.size)
    except (struct.error, OverflowError):
        return  # cut short: there is no further page
