"""A clip of a head that tilts and turns, composed of the portrait in `clips.py`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import cv2
import numpy as np

from tests.e2e.clips import FACE_XYXY, ClipFrame, background_bgr, portrait_bgr

LARGEST_TILT: Final = 45.0
"""Degrees that the head is tilted by at most."""

LARGEST_TURN: Final = 40.0
"""Degrees that the head is turned to its side by at most: a half profile."""

TURNING_FRAMES: Final = 180
"""Frames of the clip: 30 from the front, 75 to tilt and back, 75 to turn and back."""

# The head as an ellipsoid around an upright axis, and the nose on it, in pixels of the portrait.
_HEAD_XY: Final = (226.0, 97.0)
_HEAD_RADII: Final = (73.0, 86.0)
_NOSE_XY: Final = (224.0, 124.0)
_NOSE_WIDTH: Final = (9.0, 16.0)
_NOSE_HEIGHT: Final = 13.0
_EYES_AND_MOUTH_XY: Final = np.array([[202.8, 102.0], [248.0, 103.2], [223.6, 149.2]])
_PART_XYXY: Final = (114, 0, 338, 224)  # what is pasted, with soft edges


def turning_face(
    *, width: int = 640, height: int = 480, face: int = 130, noise: float = 3.0
) -> Iterator[ClipFrame]:
    """A face from the front, then tilted to 45 degrees and back, then turned to a half profile and back; 30 frames a second.

    Args:
        width: of the frame, in pixels.
        height: of the frame, in pixels.
        face: side of the face, in pixels.
        noise: standard deviation of a camera's noise, in grey levels.
    """
    wall = background_bgr(width, height)
    rng = np.random.default_rng(13)
    # Drawing as much noise for each frame takes longer than all else: a part of this, another one each time, does.
    grain = rng.normal(0, noise, (height + 64, width + 64)).round().astype(np.int16)
    for number in range(TURNING_FRAMES):
        tilt = LARGEST_TILT * _there_and_back((number - 30) / 75)
        turn = LARGEST_TURN * _there_and_back((number - 105) / 75)
        portrait, middle_xy = turned_portrait(round(turn, 3))
        frame_bgr, box = _pasted(portrait, middle_xy, wall, tilt, face)
        x, y = rng.integers(64, size=2)
        here = cv2.merge([grain[y : y + height, x : x + width]] * 3)
        yield ClipFrame(cv2.add(frame_bgr, here, dtype=cv2.CV_8U), box[None])


@cache
def turned_portrait(degrees: float) -> tuple[np.ndarray, np.ndarray]:
    """The portrait's head, turned to its left as if it were an ellipsoid, and the middle of its face.

    Returns:
        uint8 (H, W, 3), BGR, and float64 (2,), in its pixels.
    """
    left, top, right, bottom = _PART_XYXY
    image_bgr = portrait_bgr()[top:bottom, left:right]
    middle_xy = _middle(degrees) - (left, top)
    if not degrees:
        return image_bgr, middle_xy
    xs, ys = np.meshgrid(np.arange(left, right, dtype=np.float32), np.arange(top, bottom, dtype=np.float32))
    radians = np.radians(degrees)
    x = (xs - _HEAD_XY[0]) / _HEAD_RADII[0]
    y = (ys - _HEAD_XY[1]) / _HEAD_RADII[1]
    deep = 1 - x**2 - y**2
    # Where the point that is seen at (x, y) lay before the head was turned: the ellipsoid as a sphere, turned back.
    before = x * np.cos(radians) - np.sqrt(np.clip(deep, 0, None)) * np.sin(radians)
    from_x = smooth_x = _HEAD_XY[0] + before * _HEAD_RADII[0]
    for _step in range(8):  # the nose stands out, so what is seen of it lay further from where it is
        from_x = smooth_x - _nose(from_x, ys) * np.tan(radians)
    from_x, from_y = (from_x - left).astype(np.float32), (ys - top).astype(np.float32)
    turned_bgr = cv2.remap(image_bgr, from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    share = np.clip(deep / 0.12, 0, 1)[..., None]  # soft at the head's border
    return (share * turned_bgr + (1 - share) * image_bgr).astype(np.uint8), middle_xy


def _nose(xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """How far the nose stands out there, in pixels."""
    x, y = (xs - _NOSE_XY[0]) / _NOSE_WIDTH[0], (ys - _NOSE_XY[1]) / _NOSE_WIDTH[1]
    return np.asarray(_NOSE_HEIGHT * np.exp(-(x**2 + y**2)))


def _middle(degrees: float) -> np.ndarray:
    """Where the middle of the face box lies when the head is turned: it moves with eyes and mouth."""
    radians = np.radians(degrees)
    x, y = ((_EYES_AND_MOUTH_XY - _HEAD_XY) / _HEAD_RADII[:2]).T
    seen_x = x * np.cos(radians) + np.sqrt(1 - x**2 - y**2) * np.sin(radians)
    middle = np.array([(FACE_XYXY[0] + FACE_XYXY[2]) / 2, (FACE_XYXY[1] + FACE_XYXY[3]) / 2])
    return middle + np.array([(seen_x - x).mean() * _HEAD_RADII[0], 0.0])


def _pasted(
    portrait: np.ndarray, middle_xy: np.ndarray, wall: np.ndarray, tilt: float, face: int
) -> tuple[np.ndarray, np.ndarray]:
    """The head, tilted around the middle of its face, before a wall; and the box of the face, float64 (4,)."""
    height, width = wall.shape[:2]
    scale = face / (FACE_XYXY[2] - FACE_XYXY[0])
    centre = np.array([width / 2, height / 2])
    to_frame = cv2.getRotationMatrix2D((float(middle_xy[0]), float(middle_xy[1])), -tilt, scale)
    to_frame[:, 2] += centre - middle_xy
    seen = cv2.warpAffine(portrait, to_frame, (width, height))
    share = cv2.merge([cv2.warpAffine(_soft_square(len(portrait)), to_frame, (width, height))] * 3)
    frame_bgr = cv2.add(
        cv2.multiply(seen, share, scale=1 / 255), cv2.multiply(wall, 255 - share, scale=1 / 255)
    )
    return frame_bgr, np.concatenate([centre - face / 2, centre + face / 2])


@cache
def _soft_square(side: int) -> np.ndarray:
    """How much of the portrait is seen, 0 at its border to 255: uint8 (side, side)."""
    to_border = np.minimum(np.arange(side), np.arange(side)[::-1])
    share = np.clip(np.minimum(to_border[:, None], to_border) / (0.08 * side), 0, 1)
    return np.asarray((255 * share).astype(np.uint8))


def _there_and_back(part: float) -> float:
    """0 to 1 and back to 0 while `part` goes from 0 to 1, resting at 1 for a fifth of it."""
    return float(np.clip(min(part, 1 - part) / 0.4, 0, 1))
