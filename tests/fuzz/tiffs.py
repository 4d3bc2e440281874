"""TIFF files with pages, tiles and samples of many kinds, and damage to the entries of their directories."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

from fer_core.errors import ImageError
from fer_core.faces.images import decode_image
from fer_core.faces.limits import Limits
from fer_core.faces.uploads import pages_of
from tests.fuzz.mutations import extreme, structured

__all__ = ["corpus", "decode", "mutate"]

_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_FORMATS = {1: "B", 3: "H", 4: "I", 16: "Q"}
_NUMBERS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 64, 32_773, 32_946, 34_712, 34_925, 50_000, 50_001)
"""Compressions, kinds of pixels, bits and samples that some TIFF has."""
_LARGEST = 600_000
_PAGES = 12
HEIGHT, WIDTH = 56, 40
Tags = dict[int, tuple[int, ...]]


def tiff(pages: list[tuple[Tags, list[bytes], bool]], *, order: str = "<", big: bool = False) -> bytes:
    """A TIFF, entry by entry.

    Args:
        pages: tags with their numbers (SHORT where they fit, LONG otherwise), blocks of pixels, and whether those
            are tiles; offsets and sizes of the blocks are added.
        order: of the bytes, as `struct` has it.
        big: BigTIFF, with 64 bits.
    """
    sign = b"II" if order == "<" else b"MM"
    pointer, width = ("Q", 8) if big else ("I", 4)
    content = bytearray(
        sign + struct.pack(order + ("HHHQ" if big else "HI"), *((43, 8, 0, 0) if big else (42, 0)))
    )
    link = len(content) - width  # where the place of the next directory is written
    for tags, blocks, tiled in pages:
        offsets = []
        for block in blocks:
            offsets.append(len(content))
            content += block + bytes(len(block) % 2)
        sizes = tuple(len(block) for block in blocks)
        tags = {**tags, 324 if tiled else 273: tuple(offsets), 325 if tiled else 279: sizes}
        entries = b""
        for tag, values in sorted(tags.items()):
            kind = 3 if max(values) < 65_536 and tag not in (273, 324) else 4
            value = struct.pack(f"{order}{len(values)}{_FORMATS[kind]}", *values)
            if len(value) > width:
                place, value = len(content), value + bytes(len(value) % 2)
                content += value
                value = struct.pack(order + pointer, place)
            entries += struct.pack(order + "HH" + pointer, tag, kind, len(values)) + value.ljust(width, b"\0")
        content[link : link + width] = struct.pack(order + pointer, len(content))
        content += struct.pack(order + ("Q" if big else "H"), len(tags)) + entries
        link = len(content)
        content += bytes(width)
    return bytes(content)


def page(pixels: np.ndarray, **changes: Any) -> tuple[Tags, list[bytes], bool]:
    """A page of pixels (H, W) or (H, W, C) in two strips.

    Args:
        pixels: of any type that TIFF knows.
        changes: `tags` to add, `planar` for one strip a colour, `tile` for tiles of 16 by 16, `deflate`.
    """
    height, width = pixels.shape[:2]
    samples = 1 if pixels.ndim == 2 else pixels.shape[2]
    form = {"u": 1, "i": 2, "f": 3, "c": 6}[pixels.dtype.kind]
    tags: Tags = {
        254: (0,), 256: (width,), 257: (height,), 258: (8 * pixels.itemsize,) * samples, 259: (1,),
        262: (2 if samples in (3, 4) else 1,), 277: (samples,), 278: (height // 2,), 284: (1,), 339: (form,) * samples,
    }  # fmt: skip
    if samples in (2, 4):
        tags[338] = (2,)
    tiled = bool(changes.get("tile"))
    blocks = [pixels[: height // 2].tobytes(), pixels[height // 2 :].tobytes()]
    if changes.get("planar"):
        tags[284], tags[278] = (2,), (height,)
        blocks = [pixels[:, :, sample].tobytes() for sample in range(samples)]
    if tiled:
        del tags[278]
        tags |= {322: (16,), 323: (16,)}
        padded = np.pad(
            pixels, ((0, -height % 16), (0, -width % 16), *(((0, 0),) if pixels.ndim == 3 else ()))
        )
        blocks = [
            padded[y : y + 16, x : x + 16].tobytes()
            for y in range(0, height, 16)
            for x in range(0, width, 16)
        ]
    if changes.get("deflate"):
        tags[259], blocks = (8,), [zlib.compress(block) for block in blocks]
    return {**tags, **changes.get("tags", {})}, blocks, tiled


def corpus() -> list[bytes]:
    """Strips, tiles, planes, 1 to 64 bits, reduced pages and masks, both orders, BigTIFF; and of Pillow's writer."""
    grey = np.add.outer(np.arange(HEIGHT), np.arange(WIDTH)).astype(np.uint8) * 2
    colour = np.stack([grey, grey[::-1], grey[:, ::-1]], axis=2)
    small, mask = page(grey[::2, ::2], tags={254: (1,)}), page(grey, tags={254: (4,), 262: (4,)})
    bilevel = page(grey)
    bilevel = (
        {**bilevel[0], 258: (1,)},
        [np.packbits(half > 60, axis=1).tobytes() for half in (grey[:28], grey[28:])],
        False,
    )
    palette = page(grey, tags={262: (3,), 320: tuple(range(0, 65_536, 256)) * 3})
    pages = [page(grey), small, page(colour), mask, page(grey[::-1])]
    files = [
        tiff([page(grey)]),
        tiff([page(colour)], order=">"),
        tiff(pages),
        tiff(pages, big=True),
        tiff([page(colour, planar=True)]),
        tiff([page(colour, tile=True), page(grey, tile=True, deflate=True)]),
        tiff([page(grey.astype(np.uint16) * 257)]),
        tiff([page(grey.astype(np.int16))]),
        tiff([page(grey.astype(np.uint32))]),
        tiff([page(grey.astype(np.float32) / 255)]),
        tiff([page(np.dstack([colour, grey]))]),
        tiff([page(colour.astype(np.uint16) * 257)]),
        tiff([bilevel]),
        tiff([palette]),
        tiff([page(grey, deflate=True, tags={317: (2,)})]),
        tiff([small, page(grey)]),
        tiff([page(grey, tags={330: (8,), 274: (6,)})]),
        tiff([page(grey)] * 9, big=True),
    ]
    image = Image.fromarray(colour)
    for compression in ("tiff_lzw", "tiff_deflate", "jpeg", "packbits", "tiff_adobe_deflate"):
        stream = io.BytesIO()
        image.save(stream, "TIFF", compression=compression, save_all=True, append_images=[image.rotate(180)])
        files.append(stream.getvalue())
    for compression in ("group3", "group4", "tiff_ccitt"):
        stream = io.BytesIO()
        image.convert("1").save(stream, "TIFF", compression=compression)
        files.append(stream.getvalue())
    inks = page(np.dstack([colour, grey]), tags={262: (5,), 338: (0,)})
    return [*files, tiff([inks]), tiff(pages, order=">", big=True), tiff([page(grey.astype(np.float64))])]


REFUSED = 3
"""So many whole files, the last ones, are refused with a sentence."""


def decode(content: bytes) -> bool:
    """Whether any of its pages is read; False where each has its sentence."""
    read = False
    for picture in pages_of("damaged.tif", content, Limits(pages=_PAGES)):
        if picture.error is not None:
            assert isinstance(picture.error, ImageError) and str(picture.error)
            continue
        try:
            read |= decode_image(picture.content, picture.name, picture.page).dtype == np.uint8
        except ImageError as error:
            assert str(error)
    return read


def _directories(content: bytes) -> tuple[str, bool, list[tuple[int, int]]]:
    """Order of the bytes, whether it is a BigTIFF, and place and number of entries of each directory."""
    order = ">" if content[:2] == b"MM" else "<"
    big = content[2:4] in (b"+\0", b"\0+")
    pointer, width, entry = ("Q", 8, 20) if big else ("I", 4, 12)
    found: list[tuple[int, int]] = []
    try:
        (at,) = struct.unpack_from(order + pointer, content, 8 if big else 4)
        while 0 < at < len(content) and len(found) < 50 and at not in (place for place, _ in found):
            (count,) = struct.unpack_from(order + ("Q" if big else "H"), content, at)
            found.append((at, count))
            (at,) = struct.unpack_from(order + pointer, content, at + (8 if big else 2) + entry * count)
    except (struct.error, OverflowError):
        pass
    return order, big, found


def _change(content: bytes, rng: np.random.Generator) -> bytes:
    order, big, directories = _directories(content)
    if not directories:
        return content
    endian = "big" if order == ">" else "little"
    changed = bytearray(content)
    place, count = directories[rng.integers(len(directories))]
    head, entry, width = (8, 20, 8) if big else (2, 12, 4)
    at = place + head + entry * int(rng.integers(min(max(1, count), 1000)))
    match rng.integers(9):
        case 0 | 1 | 2:  # the value of an entry, or where it stands
            _put(changed, at + 4 + width, int(rng.choice([2, width])), endian, rng)
        case 3:
            _put(changed, at + 4, width, endian, rng)
        case 4:
            changed[at + 2 : at + 4] = int(rng.choice([*_SIZES, 0, 14, 99])).to_bytes(2, endian)
        case 5:  # another tag
            known = (254, 255, 256, 257, 258, 259, 262, 266, 274, 277, 284, 317, 320, 322, 323, 330, 338, 339, 347, 34_665,
                     34_675, 700, 50_838)  # fmt: skip
            changed[at : at + 2] = int(rng.choice(known)).to_bytes(2, endian)
        case 6:  # the next directory is another one, or the same again
            link = place + head + entry * count
            target = (
                directories[rng.integers(len(directories))][0] if rng.random() < 0.7 else extreme(rng, width)
            )
            changed[link : link + width] = target.to_bytes(width, endian)
        case 7:  # compression, kind of pixels, samples or kind of page
            for index in range(min(count, 200)):
                each = place + head + entry * index
                said = int.from_bytes(changed[each : each + 2], endian)
                if said in (254, 258, 259, 262, 277, 339) and rng.random() < 0.4:
                    value = int(rng.choice(_NUMBERS))
                    changed[each + 4 + width : each + 6 + width] = value.to_bytes(2, endian)
        case _:  # its number of entries
            _put(changed, place, 8 if big else 2, endian, rng)
    return bytes(changed[:_LARGEST])


def _put(changed: bytearray, at: int, size: int, endian: Any, rng: np.random.Generator) -> None:
    now = int.from_bytes(changed[at : at + size], endian)
    changed[at : at + size] = extreme(rng, size, now).to_bytes(size, endian)


def mutate(originals: list[bytes], seed: int, index: int) -> bytes:
    """Damage to entries of directories, and to what leads from one to the next."""
    return structured(_change, originals, seed, index)
