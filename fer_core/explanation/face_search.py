"""Pictures of how a face detector goes through a picture, for teaching: windows, candidates, boxes, points.

All are BGR, as OpenCV writes pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from fer_core.faces.squares import SquarePicture
from fer_core.faces.suppression import Candidates

LINE_BGR: Final = (66, 159, 230)
"""Of boxes: seen on any grey."""
NUMBERED: Final = 3
"""Candidates that bear a number, the best ones."""

_DARK_BGR: Final = (20, 20, 20)
_LIGHT_BGR: Final = (255, 255, 255)
_PLATE: Final = 19  # side of the plate behind a digit, in pixels
_GAP: Final = 6  # between two pictures, in pixels
_AROUND: Final = 0.3  # how far a face's picture reaches beyond its box, in sides of the box


def draw_windows(searched_gray: np.ndarray, windows_xyxy: np.ndarray) -> np.ndarray:
    """The windows that passed the cascade, each with a thin line.

    Args:
        searched_gray: uint8 (H, W).
        windows_xyxy: (N, 4), in its pixels.

    Returns:
        uint8 (H, W, 3).
    """
    drawn = cv2.cvtColor(searched_gray, cv2.COLOR_GRAY2BGR)
    for x1, y1, x2, y2 in windows_xyxy:
        cv2.rectangle(drawn, (int(x1), int(y1)), (int(x2) - 1, int(y2) - 1), LINE_BGR, 1)
    return drawn


def square_bgr(square: SquarePicture, side: int) -> np.ndarray:
    """The square that a network looks at, with so many pixels a side: enlarged, its own pixels can be seen.

    Returns:
        uint8 (side, side, 3).
    """
    own = square.pixels_rgb.shape[0]
    how = cv2.INTER_NEAREST if own < side else cv2.INTER_AREA
    return cv2.cvtColor(cv2.resize(square.pixels_rgb, (side, side), interpolation=how), cv2.COLOR_RGB2BGR)


def draw_candidates(square: SquarePicture, candidates: Candidates, side: int) -> np.ndarray:
    """All candidates, the thicker and brighter the higher their score; the best `NUMBERED` bear their number.

    Args:
        square: what the network looked at.
        candidates: in its pixels, in any order.
        side: of the picture that is made, in pixels.

    Returns:
        uint8 (side, side, 3).
    """
    drawn = square_bgr(square, side)
    if not len(candidates):
        return drawn
    best_first = by_score(candidates)
    scale = side / square.pixels_rgb.shape[0]
    low, high = float(candidates.scores.min()), float(candidates.scores.max())
    for row in best_first[::-1]:  # the best ones on top
        share = (float(candidates.scores[row]) - low) / (high - low) if high > low else 1.0
        colour = tuple(round(value * (0.35 + 0.65 * share)) for value in LINE_BGR)
        _box(drawn, candidates.boxes_xyxy[row] * scale, colour, 1 + round(share))
    # Candidates of one face lie almost upon each other: every number has a corner of its own.
    for number, row in enumerate(best_first[:NUMBERED], start=1):
        x1, y1, x2, y2 = candidates.boxes_xyxy[row] * scale
        out = _PLATE // 2  # beside the corner: the face stays in sight
        corner = ((x1 - out, y1 - out), (x2 + out, y1 - out), (x2 + out, y2 + out))[number - 1]
        _digit(drawn, number, corner)
    return drawn


def by_score(candidates: Candidates) -> np.ndarray:
    """Positions of the candidates, the best one first: int64 (N,)."""
    return np.argsort(-candidates.scores, kind="stable")


def draw_kept(square: SquarePicture, kept: Candidates, side: int) -> np.ndarray:
    """One thick box for each face that is left.

    Args:
        square: what the network looked at.
        kept: in its pixels.
        side: of the picture that is made, in pixels.

    Returns:
        uint8 (side, side, 3).
    """
    drawn = square_bgr(square, side)
    scale = side / square.pixels_rgb.shape[0]
    for box_xyxy in kept.boxes_xyxy:
        _box(drawn, box_xyxy * scale, LINE_BGR, 2)
    return drawn


def draw_points(frame_bgr: np.ndarray, box_xyxy: np.ndarray, points_xy: np.ndarray, side: int) -> np.ndarray:
    """A face with its points, each with its number from 1, in the order of `fer_core.faces.boxes.POINTS`.

    Args:
        frame_bgr: uint8 (H, W, 3).
        box_xyxy: (4,), the face's, in its pixels.
        points_xy: (6, 2), in its pixels.
        side: of the longer side of the picture that is made, in pixels.

    Returns:
        uint8 (h, w, 3); a part of the frame, so not always square.
    """
    height, width = frame_bgr.shape[:2]
    x1, y1, x2, y2 = (float(value) for value in box_xyxy)
    room = _AROUND * max(x2 - x1, y2 - y1)
    left, top = max(0, round(x1 - room)), max(0, round(y1 - room))
    right, bottom = min(width, round(x2 + room)), min(height, round(y2 + room))
    part = frame_bgr[top : max(top + 1, bottom), left : max(left + 1, right)]
    scale = side / max(part.shape[:2])
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    drawn = np.ascontiguousarray(cv2.resize(part, size, interpolation=how))
    _box(drawn, (np.array([x1, y1, x2, y2]) - [left, top, left, top]) * scale, LINE_BGR, 1)
    places = (np.asarray(points_xy, np.float64) - [left, top]) * scale
    for number, (x, y) in enumerate(places, start=1):
        _digit(drawn, number, (x + 14, y - 12))
    for x, y in places:
        cv2.circle(drawn, (round(x), round(y)), 4, _DARK_BGR, -1, cv2.LINE_AA)
        cv2.circle(drawn, (round(x), round(y)), 3, _LIGHT_BGR, -1, cv2.LINE_AA)
    return drawn


def beside(pictures_gray: Sequence[np.ndarray], height: int) -> np.ndarray:
    """Pictures of one size side by side, enlarged so that their pixels can be seen, with a light gap between them.

    Args:
        pictures_gray: uint8 (H, W) each.
        height: of the picture that is made, in pixels.

    Returns:
        uint8 (height, w, 3).
    """
    parts = []
    for picture in pictures_gray:
        width = round(picture.shape[1] * height / picture.shape[0])
        parts.append(cv2.resize(picture, (width, height), interpolation=cv2.INTER_NEAREST))
        parts.append(np.full((height, _GAP), 255, np.uint8))
    return cv2.cvtColor(np.concatenate(parts[:-1], axis=1), cv2.COLOR_GRAY2BGR)


def _box(drawn: np.ndarray, box_xyxy: np.ndarray, colour: Sequence[int], thickness: int) -> None:
    x1, y1, x2, y2 = (round(float(value)) for value in box_xyxy)
    # A dark line below the coloured one is seen on a bright wall, too.
    cv2.rectangle(drawn, (x1, y1), (x2 - 1, y2 - 1), _DARK_BGR, thickness + 2)
    cv2.rectangle(drawn, (x1, y1), (x2 - 1, y2 - 1), colour, thickness)


def _digit(drawn: np.ndarray, number: int, middle: tuple[float, float]) -> None:
    """A digit on a light plate, moved into the picture where it would reach beyond it."""
    height, width = drawn.shape[:2]
    half = _PLATE // 2
    x = round(min(max(middle[0], half), width - 1 - half))
    y = round(min(max(middle[1], half), height - 1 - half))
    cv2.rectangle(drawn, (x - half, y - half), (x + half, y + half), _LIGHT_BGR, -1)
    cv2.putText(drawn, str(number), (x - 6, y + 6), cv2.FONT_HERSHEY_SIMPLEX, 0.6, _DARK_BGR, 1, cv2.LINE_AA)
