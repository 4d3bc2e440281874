"""What a HEIC or AVIF has a decoder do for its picture, from its list of items alone."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

_DEEPEST: Final = 8  # pictures made of pictures made of pictures
_MOST_BOXES: Final = 20_000
_MOST_PARTS: Final = 100_000  # of all pictures that are made of others
ENDLESS: Final = 1 << 62
"""Stands for more than can be counted."""


def decoding_of_heif(data: bytes) -> tuple[int, int, int]:
    """Count what is decoded for the primary picture: its tiles, each as often as it is named, and its transparency.

    Args:
        data: content of the file.

    Returns:
        Pixels of the picture, pixels that are decoded for it, and pictures that a decoder is started for. 0 for what cannot be read, which the decoder
        itself says; `ENDLESS` where pictures are made of each other without end.
    """
    try:
        items = _Items(data)
        roots = [items.primary, *items.auxiliaries.get(items.primary, [])]
        size = items.area(items.primary)
        costs = [items.cost(root, 0) for root in roots]
    except _EndlessError:
        return 0, ENDLESS, ENDLESS
    except (struct.error, IndexError):
        return 0, 0, 0
    return size, sum(pixels for pixels, _tiles in costs), sum(tiles for _pixels, tiles in costs)


class _EndlessError(Exception):
    """Pictures are made of each other, or of more parts than are counted."""


class _Items:
    """The pictures of a file and what they are made of."""

    def __init__(self, data: bytes) -> None:
        self.primary = 0
        self.parts: dict[int, list[int]] = defaultdict(list)
        self.auxiliaries: dict[int, list[int]] = defaultdict(list)
        self._areas: list[int | None] = []
        self._properties: dict[int, list[int]] = defaultdict(list)
        self._costs: dict[int, tuple[int, int]] = {}
        self._boxes = 0
        self._parts_left = _MOST_PARTS
        for kind, begin, end in self._boxes_in(data, 0, len(data)):
            if kind == b"meta":
                self._read(data, begin + 4, end)
                return

    def cost(self, item: int, depth: int) -> tuple[int, int]:
        """Pixels and decoders for an item."""
        if depth > _DEEPEST:
            raise _EndlessError
        if item not in self._costs:
            parts = self.parts.get(item)
            if parts:
                costs = [self.cost(part, depth + 1) for part in parts]
                self._costs[item] = sum(cost[0] for cost in costs), sum(cost[1] for cost in costs)
            else:
                self._costs[item] = self.area(item), 1
        return self._costs[item]

    def area(self, item: int) -> int:
        """Pixels of an item as its properties say."""
        areas = (self._areas[index - 1] for index in self._properties[item] if index)
        return next((area for area in areas if area is not None), 0)

    def _read(self, data: bytes, begin: int, end: int) -> None:
        for kind, inner, inner_end in self._boxes_in(data, begin, end):
            if kind == b"pitm":
                wide = data[inner] > 0
                self.primary = int(struct.unpack_from(">I" if wide else ">H", data, inner + 4)[0])
            elif kind == b"iref":
                self._read_references(data, inner, inner_end)
            elif kind == b"iprp":
                self._read(data, inner, inner_end)
            elif kind == b"ipco":
                for name, at, _end in self._boxes_in(data, inner, inner_end):
                    width, height = struct.unpack_from(">II", data, at + 4) if name == b"ispe" else (0, 0)
                    self._areas.append(width * height if name == b"ispe" else None)
            elif kind == b"ipma":
                self._read_associations(data, inner)

    def _read_references(self, data: bytes, begin: int, end: int) -> None:
        number = ">I" if data[begin] else ">H"
        size = struct.calcsize(number)
        for kind, inner, inner_end in self._boxes_in(data, begin + 4, end):
            source = int(struct.unpack_from(number, data, inner)[0])
            targets = [
                int(target) for (target,) in struct.iter_unpack(number, data[inner + size + 2 : inner_end])
            ]
            self._parts_left -= len(targets)
            if self._parts_left < 0:
                raise _EndlessError
            if kind == b"dimg":
                self.parts[source] += targets
            elif kind == b"auxl":
                for target in targets:
                    self.auxiliaries[target].append(source)

    def _read_associations(self, data: bytes, begin: int) -> None:
        wide_item, wide_index = data[begin] > 0, data[begin + 3] & 1
        (count,) = struct.unpack_from(">I", data, begin + 4)
        position = begin + 8
        for _entry in range(min(count, _MOST_BOXES)):
            (item,) = struct.unpack_from(">I" if wide_item else ">H", data, position)
            position += 4 if wide_item else 2
            associations = data[position]
            position += 1
            for _association in range(associations):
                index = int.from_bytes(data[position : position + 1 + wide_index], "big")
                self._properties[item].append(index & (0x7FFF if wide_index else 0x7F))
                position += 1 + wide_index

    def _boxes_in(self, data: bytes, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
        """Name, begin and end of the content of each box."""
        while begin + 8 <= end and self._boxes < _MOST_BOXES:
            self._boxes += 1
            size, kind = struct.unpack_from(">I4s", data, begin)
            header = 8
            if size == 1:
                (size,) = struct.unpack_from(">Q", data, begin + 8)
                header = 16
            box_end = end if size == 0 else min(begin + size, end)
            if box_end < begin + header:
                return
            yield kind, begin + header, box_end
            begin = box_end
