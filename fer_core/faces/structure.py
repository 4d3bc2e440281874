"""How a picture file is built, read from its bytes before a decoder sees it.

A few bytes can ask a decoder for minutes of work or for gigabytes. What a photo of its size needs is known; a file
that is built to take far more is told here, without decoding anything.
"""

from __future__ import annotations

import re
import struct
from typing import Final

from fer_core.faces.heif import decoding_of_heif

_MOST_SEGMENTS: Final = 20_000  # of a JPEG; a photo of 50 MB has fewer than 1,000, of 64 KB each
_MOST_FILLING: Final = 100_000  # bytes between the segments of a JPEG, which Pillow looks at one by one
_MOST_CHUNKS: Final = 50_000  # of a PNG; one of 50 MB has some 6,000 of 8 KB each
_MOST_BLOCKS: Final = 50_000  # of a GIF, of up to 255 bytes, before its first picture
_MOST_RUN_LENGTH: Final = (
    25_000_000  # bytes and pixels of a BMP with run lengths, which Pillow reads in Python
)
_RUN_LENGTHS: Final = (1, 2)
_MOST_TILES: Final = 2_000  # of a HEIC or AVIF; 64 megapixels in tiles of 256x256 are 1,000
_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xff]")
_NEXT_AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_START_OF_SCAN, _END = 0xDA, 0xD9
# Pillow goes on behind these two bytes, whatever follows; libjpeg knows a length for all but a few.
_WITHOUT_LENGTH_AT_FIRST: Final = frozenset({0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)})
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def is_costly(data: bytes, most_pixels: int, most_scans: int) -> bool:
    """Tell whether decoding takes far more time or memory than any photo does.

    Args:
        data: content of the file; pages of a TIFF are asked themselves (`TiffPage.is_costly`).
        most_pixels: of a picture; one that has more is not decoded, whatever else it is.
        most_scans: in how many scans a JPEG of as many pixels may come; a smaller one in as many more.
    """
    most_scanned = most_pixels * most_scans
    if data.startswith(b"\xff\xd8"):
        return _jpeg_is_costly(data, most_pixels, most_scanned)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png_is_costly(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _gif_is_costly(data)
    if data.startswith(b"BM"):
        return _bmp_is_costly(data, most_pixels)
    if data[4:8] == b"ftyp":
        size, pixels, tiles = decoding_of_heif(data)
        return size <= most_pixels and (pixels > 2 * most_pixels + 4 * 512 * 512 or tiles > _MOST_TILES)
    return False


def _jpeg_is_costly(data: bytes, most_pixels: int, most_scanned: int) -> bool:
    """Each scan goes over all pixels, also where it brings nothing new."""
    position, filling, segments, pixels, scanned = 2, 0, 0, 0, 0
    while match := (_NEXT_AFTER_SCAN if scanned else _NEXT_MARKER).search(data, position):
        marker = data[match.end() - 1]
        if not scanned:
            filling += match.start() - position
        segments += 1
        position = match.end()
        if scanned and marker == _END:
            return False
        if marker not in (_WITHOUT_LENGTH if scanned else _WITHOUT_LENGTH_AT_FIRST):
            if position + 2 > len(data):
                return False  # cut short
            if marker in _FRAMES and position + 7 <= len(data):
                height, width = struct.unpack_from(">HH", data, position + 3)
                pixels = max(pixels, height * width)
            position += max(2, int.from_bytes(data[position : position + 2], "big"))
        if marker == _START_OF_SCAN:
            scanned += max(1, pixels)
        if pixels > most_pixels:
            return False
        if scanned > most_scanned or segments > _MOST_SEGMENTS or filling > _MOST_FILLING:
            return True
    return not scanned and filling + len(data) - position > _MOST_FILLING


def _png_is_costly(data: bytes) -> bool:
    position = 8
    for _chunk in range(_MOST_CHUNKS):
        if position + 8 > len(data) or data[position + 4 : position + 8] == b"IEND":
            return False
        position += 12 + int.from_bytes(data[position : position + 4], "big")
    return True


def _gif_is_costly(data: bytes) -> bool:
    """What comes before the first picture; the others are never looked at."""
    if len(data) < 13:
        return False
    position = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    blocks = 0
    while position < len(data) and data[position] not in b",;":
        blocks += 1
        if data[position] == 0x21:
            position += 2
            while position < len(data) and data[position] and blocks <= _MOST_BLOCKS:
                position += data[position] + 1
                blocks += 1
        position += 1
        if blocks > _MOST_BLOCKS:
            return True
    return False


def _bmp_is_costly(data: bytes, most_pixels: int) -> bool:
    if len(data) < 34 or int.from_bytes(data[14:18], "little") < 40:
        return False
    width, height = struct.unpack_from("<ii", data, 18)
    run_lengths = int.from_bytes(data[30:34], "little") in _RUN_LENGTHS
    pixels = abs(width * height)
    return run_lengths and pixels <= most_pixels and len(data) + pixels > _MOST_RUN_LENGTH
