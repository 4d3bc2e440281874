"""Pictures put together byte by byte, as no program saves them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

from PIL import Image

DATA = -1


def jpeg_of_scans(size: tuple[int, int], scans: int) -> bytes:
    """A progressive JPEG whose last scan comes again until there are `scans`."""
    file = io.BytesIO()
    Image.new("RGB", size, (120, 90, 60)).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    last, end = data.rfind(b"\xff\xda"), data.rfind(b"\xff\xd9")
    return data[:end] + data[last:end] * (scans - data.count(b"\xff\xda")) + data[end:]


def png_chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def tiff_of_fields(
    *directories: dict[int, int | Sequence[int]], data: bytes = b"", big: bool = False
) -> bytes:
    """A TIFF of these directories, all values of 32 bits, with `data` at its end; `DATA` as a value is its place."""
    entry, number, pointer, inline = (20, "Q", "Q", 8) if big else (12, "H", "I", 4)
    sizes = [struct.calcsize("<" + number) + entry * len(fields) + inline for fields in directories]
    header = 16 if big else 8
    extra_at = header + sum(sizes)
    lists = [tuple(v) for fields in directories for v in fields.values() if not isinstance(v, int)]
    data_at = extra_at + sum(4 * len(values) for values in lists)
    body, extra, at = b"", b"", header
    for index, (fields, size) in enumerate(zip(directories, sizes, strict=True), 1):
        at += size
        body += struct.pack("<" + number, len(fields))
        for tag, value in fields.items():
            values = [value] if isinstance(value, int) else value
            values = [data_at if item == DATA else item for item in values]
            packed = struct.pack(f"<{len(values)}I", *values)
            if len(packed) > inline:
                packed, extra = struct.pack("<" + pointer, extra_at + len(extra)), extra + packed
            body += struct.pack("<HH" + pointer, tag, 4, len(values)) + packed.ljust(inline, b"\0")
        body += struct.pack("<" + pointer, 0 if index == len(directories) else at)
    begin = b"II+\0\x08\0\0\0" + struct.pack("<Q", 16) if big else b"II*\0" + struct.pack("<I", 8)
    return begin + body + extra + data


def gray_page(width: int = 4, height: int = 4, **fields: int) -> dict[int, int | Sequence[int]]:
    """The fields of an uncompressed page whose pixels are the data of the file."""
    page: dict[int, int | Sequence[int]] = {
        256: width,
        257: height,
        258: 8,
        259: 1,
        262: 1,
        273: DATA,
        277: 1,
        278: height,
        279: width * height,
    }
    return {**page, **{int(tag[1:]): value for tag, value in fields.items()}}


def heif_of_tiles(tile: tuple[int, int], count: int, item_of_parts: int = 1) -> bytes:
    """The list of items of a HEIC whose primary picture, item 2, names another one `count` times; without pixels."""

    def box(kind: bytes, *parts: bytes) -> bytes:
        content = b"".join(parts)
        return struct.pack(">I4s", 8 + len(content), kind) + content

    size_of_tile = box(b"ispe", struct.pack(">III", 0, *tile))
    parts = struct.pack(">HH", 2, count) + struct.pack(">H", item_of_parts) * count
    properties = box(b"ipma", struct.pack(">IIHBB", 0, 1, 1, 1, 1))
    meta = box(
        b"meta",
        b"\0" * 4,
        box(b"pitm", struct.pack(">IH", 0, 2)),
        box(b"iref", b"\0" * 4, box(b"dimg", parts)),
        box(b"iprp", box(b"ipco", size_of_tile), properties),
    )
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + meta
