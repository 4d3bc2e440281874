"""Damage to a file, as a disk, a network or an ill-meaning person does it; the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Mutate = Callable[[list[bytes], int, int], bytes]
"""Whole files, seed and index to a damaged file; the same for the same seed and index."""

_EXTREMES = (
    b"\x00",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x00\x00\x00\x00",
)


def mutated(originals: list[bytes], seed: int, index: int) -> bytes:
    """One of the files, damaged in one to four ways.

    Args:
        originals: whole files.
        seed, index: together they fix the file and the damage.
    """
    rng = np.random.default_rng((seed, index))
    return damaged(originals[rng.integers(len(originals))], originals, rng)


def damaged(whole: bytes, originals: list[bytes], rng: np.random.Generator) -> bytes:
    """This file, damaged in one to four ways without any knowledge of its form."""
    content = bytearray(whole)
    for _ in range(rng.integers(1, 5)):
        if len(content) < 2:
            break
        # Half of the damage goes to the first bytes: that is where sizes, counts and offsets stand.
        end = min(len(content), 256) if rng.random() < 0.5 else len(content)
        at = int(rng.integers(end))
        length = int(min(rng.integers(1, 64), len(content) - at))
        match rng.integers(7):
            case 0:
                content[at] ^= 1 << int(rng.integers(8))
            case 1:
                extreme = _EXTREMES[rng.integers(len(_EXTREMES))]
                content[at : at + len(extreme)] = extreme
            case 2:
                content[at : at + length] = rng.bytes(length)
            case 3:
                del content[at : at + length]
            case 4:
                content[at:at] = content[at : at + length] * int(rng.integers(1, 4))
            case 5:
                del content[at:]
            case 6:  # the rest of another file
                other = originals[rng.integers(len(originals))]
                content[at:] = other[min(at, len(other)) :]
    return bytes(content)


def structured(
    change: Callable[[bytes, np.random.Generator], bytes],
    originals: list[bytes],
    seed: int,
    index: int,
    most: int = 4,
) -> bytes:
    """One of the files, damaged by one who knows its form; a fifth is damaged blindly besides.

    Args:
        change: one change to a file, damaged before or not; gives it back as it is where it finds no place.
        originals, seed, index: as for `mutated`.
        most: changes of a file, at least one.
    """
    rng = np.random.default_rng((seed, index))
    content = originals[rng.integers(len(originals))]
    for _ in range(rng.integers(1, most + 1)):
        content = change(content, rng)
    return damaged(content, originals, rng) if rng.random() < 0.2 else content


def extreme(rng: np.random.Generator, size: int, now: int = 0) -> int:
    """A number that fits into so many bytes and is near a border, or near what stands there now."""
    top = 1 << 8 * size
    borders = (0, 1, 2, top - 1, top // 2, top // 2 - 1, 255, 65_535, 65_536, 1 << 20, 80_000_000, 1 << 28, now + 1, now - 1,
               now * 2, now // 2, now * 1000)  # fmt: skip
    return int(borders[rng.integers(len(borders))]) % top
