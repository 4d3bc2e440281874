"""Damage to a file, as a disk, a network or an ill-meaning person does it; the same for the same seed."""

from __future__ import annotations

import numpy as np

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
    content = bytearray(originals[rng.integers(len(originals))])
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
