"""Near duplicates: the same photo again, brighter, stored as another JPEG, moved by a pixel, or mirrored.

Two pictures are candidates where their 64-bit difference hashes differ in few bits, and near duplicates where, of
these, the pixels correlate at the best of some small shifts. The hash compares all pairs in seconds; the correlation
tells those that only look alike from afar.

Source of the hash: Krawetz 2013, "Kind of Like That" (hackerfactor.com/blog, article 529).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

LARGEST_SHIFT = 2
"""Pixels by which one picture may lie beside the other, along each axis."""

LARGEST_DISTANCE = 10
"""Bits in which the hashes of near duplicates may differ: docs/experiments/near-duplicates.md."""

LEAST_CORRELATION = 0.93
"""Of the pixels of near duplicates: from here on 30 of 30 pairs that were looked at show the same photo."""

_BLOCK = 256
"""Rows compared with all others at a time: 256 x 35,887 differences of 8 bytes are 73 MB."""

_CORRELATED_AT_A_TIME = 1024
"""Pairs whose pixels are held at a time, with their running sums of 8 bytes: 60 MB."""


@dataclass(frozen=True, eq=False)
class SimilarPairs:
    """Pairs of pictures that look alike.

    Attributes:
        first, second: int32 (P,), positions, first < second.
        distance: uint8 (P,), bits in which their difference hashes differ, 0 to 64.
        correlation: float32 (P,), -1 to 1, of their pixels at the best shift; NaN where a picture is of one grey.
        mirrored: bool (P,), True where the second one was mirrored for the comparison.
    """

    first: np.ndarray
    second: np.ndarray
    distance: np.ndarray
    correlation: np.ndarray
    mirrored: np.ndarray

    def __len__(self) -> int:
        return len(self.first)

    def where(self, kept: np.ndarray) -> SimilarPairs:
        """Only the pairs of a bool (P,) mask."""
        return SimilarPairs(
            self.first[kept],
            self.second[kept],
            self.distance[kept],
            self.correlation[kept],
            self.mirrored[kept],
        )


def difference_hashes(images_gray: np.ndarray) -> np.ndarray:
    """Whether each of 8 x 8 areas is darker than its right neighbour, as 64 bits.

    Args:
        images_gray: uint8 (N, H, W).

    Returns:
        uint64 (N,).
    """
    small = np.empty((len(images_gray), 8, 9), np.uint8)
    for image, target in zip(images_gray, small, strict=True):
        cv2.resize(image, (9, 8), dst=target, interpolation=cv2.INTER_AREA)
    darker = small[:, :, :-1] < small[:, :, 1:]  # (N, 8, 8)
    return np.packbits(darker.reshape(len(small), 64), axis=1).view(np.uint64)[:, 0]


def candidate_pairs(
    hashes: np.ndarray, others: np.ndarray, largest_distance: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All pairs whose hashes differ in at most so many bits.

    Args:
        hashes, others: uint64 (N,); `others` are the same pictures, as they are or mirrored.
        largest_distance: bits, 0 to 64.

    Returns:
        first int32 (P,), second int32 (P,), first < second, and the distance uint8 (P,).
    """
    firsts, seconds, distances = [], [], []
    for start in range(0, len(hashes), _BLOCK):
        block = hashes[start : start + _BLOCK]
        # (B, N - start): what lies before the block was compared from the other side.
        distance = np.bitwise_count(block[:, None] ^ others[None, start:])
        here, there = np.nonzero(distance <= largest_distance)
        ordered = here < there
        here, there = here[ordered], there[ordered]
        firsts.append(here + start)
        seconds.append(there + start)
        distances.append(distance[here, there])
    if not firsts:
        return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.uint8)
    return (
        np.concatenate(firsts).astype(np.int32),
        np.concatenate(seconds).astype(np.int32),
        np.concatenate(distances).astype(np.uint8),
    )


def pixel_correlations(
    images_gray: np.ndarray, first: np.ndarray, second: np.ndarray, *, mirrored: bool = False
) -> np.ndarray:
    """Pearson's correlation of the pixels that two pictures share, at the best shift of up to `LARGEST_SHIFT`.

    Args:
        images_gray: uint8 (N, H, W).
        first, second: int (P,), positions.
        mirrored: mirror each second picture before.

    Returns:
        float32 (P,), NaN where the shared part of one is of a single grey.
    """
    best = np.full(len(first), np.nan, np.float32)
    margin = LARGEST_SHIFT
    height, width = (side - 2 * margin for side in images_gray.shape[1:])
    for start in range(0, len(first), _CORRELATED_AT_A_TIME):
        part = slice(start, start + _CORRELATED_AT_A_TIME)
        fixed = _standardised(images_gray[first[part], margin : margin + height, margin : margin + width])
        moving = images_gray[second[part]]
        if mirrored:
            moving = moving[:, :, ::-1]
        moving = moving.astype(np.float32)
        sums, squares = _running_sums(moving), _running_sums(np.square(moving, dtype=np.float64))
        for top in range(2 * margin + 1):
            for left in range(2 * margin + 1):
                window = moving[:, top : top + height, left : left + width]
                # The fixed picture has a mean of 0, so that the mean of the other one does not matter here.
                products = np.einsum("nyx,nyx->n", fixed, window)
                total = _window_sum(sums, top, left, height, width)
                spread = _window_sum(squares, top, left, height, width) - total**2 / (height * width)
                length = np.sqrt(np.where(spread > 0.5, spread, np.nan))  # whole numbers: under 0.5 is 0
                best[part] = np.fmax(best[part], (products / length).astype(np.float32))
    return best


def _standardised(pixels: np.ndarray) -> np.ndarray:
    """Mean 0 and length 1 for each picture: uint8 (N, h, w) -> float32 (N, h, w); NaN for one of a single grey."""
    centred = pixels.astype(np.float32)
    centred -= centred.mean(axis=(1, 2), keepdims=True)
    length = np.sqrt(np.einsum("nyx,nyx->n", centred, centred))[:, None, None]
    return np.asarray(centred / np.where(length > 0.5, length, np.nan), np.float32)


def _running_sums(pixels: np.ndarray) -> np.ndarray:
    """Sums of all above and to the left: (N, H, W) -> float64 (N, H + 1, W + 1)."""
    sums = np.zeros((len(pixels), pixels.shape[1] + 1, pixels.shape[2] + 1))
    sums[:, 1:, 1:] = pixels.cumsum(axis=1, dtype=np.float64).cumsum(axis=2)
    return sums


def _window_sum(sums: np.ndarray, top: int, left: int, height: int, width: int) -> np.ndarray:
    bottom, right = top + height, left + width
    found: np.ndarray = (
        sums[:, bottom, right] - sums[:, top, right] - sums[:, bottom, left] + sums[:, top, left]
    )
    return found


def similar_pairs(images_gray: np.ndarray, largest_distance: int = LARGEST_DISTANCE) -> SimilarPairs:
    """All pairs of pictures whose hashes differ in at most so many bits, as they are or with one mirrored.

    A pair that is found both ways counts as it is.

    Pairs of exact duplicates are among them, with a correlation of 1, or NaN where they are of a single grey.

    Args:
        images_gray: uint8 (N, H, W).
        largest_distance: bits, 0 to 64.
    """
    hashes = difference_hashes(images_gray)
    plain = candidate_pairs(hashes, hashes, largest_distance)
    flipped = candidate_pairs(
        hashes, difference_hashes(np.ascontiguousarray(images_gray[:, :, ::-1])), largest_distance
    )
    plain_keys = plain[0].astype(np.int64) * len(images_gray) + plain[1]
    flipped_keys = flipped[0].astype(np.int64) * len(images_gray) + flipped[1]
    new = ~np.isin(flipped_keys, plain_keys)
    first, second, distance = (
        np.concatenate([one, other[new]]) for one, other in zip(plain, flipped, strict=True)
    )
    mirrored = np.arange(len(first)) >= len(plain[0])
    correlation = np.concatenate(
        [
            pixel_correlations(images_gray, first[part], second[part], mirrored=flip)
            for part, flip in ((~mirrored, False), (mirrored, True))
        ]
    )
    return SimilarPairs(first, second, distance, correlation, mirrored)


def near_groups(pairs: SimilarPairs, duplicate_group: np.ndarray) -> np.ndarray:
    """The column `near_group`: groups of near and exact duplicates, also by way of others.

    Args:
        pairs: from `similar_pairs`.
        duplicate_group: int (N,), the group of exact duplicates of each picture, -1 for none.

    Returns:
        int32 (N,), groups counted from 0 in the order of their first rows; -1 for a picture without a twin.
    """
    near = pairs.where(pairs.correlation >= LEAST_CORRELATION)
    order = np.argsort(duplicate_group, kind="stable")
    same = np.flatnonzero(
        (duplicate_group[order][1:] == duplicate_group[order][:-1]) & (duplicate_group[order][1:] >= 0)
    )
    groups = pair_groups(
        np.concatenate([near.first, order[same]]),
        np.concatenate([near.second, order[same + 1]]),
        len(duplicate_group),
    )
    numbered = np.full(len(groups), -1, np.int32)
    numbered[groups >= 0] = np.unique(groups[groups >= 0], return_inverse=True)[1]
    return numbered


def pair_groups(first: np.ndarray, second: np.ndarray, count: int) -> np.ndarray:
    """Groups of pictures that pairs hold together, also by way of others (union-find).

    Args:
        first, second: int (P,), positions below `count`.
        count: pictures.

    Returns:
        int32 (count,), the smallest position of the picture's group; -1 for a picture in no pair.
    """
    parents = np.arange(count, dtype=np.int32)

    def root(position: int) -> int:
        while parents[position] != position:
            parents[position] = parents[parents[position]]
            position = int(parents[position])
        return position

    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        low, high = sorted((root(one), root(other)))
        parents[high] = low
    groups = np.full(count, -1, np.int32)
    for position in np.unique(np.concatenate([first, second])).tolist():
        groups[position] = root(position)
    return groups
