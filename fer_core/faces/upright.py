"""A tilted face, turned upright as it is cut out: from the points of its eyes, in one resampling from the photo."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from fer_core.faces.boxes import POINTS
from fer_core.faces.images import FACE_SIZE

_RIGHT_EYE, _LEFT_EYE = POINTS.index("right_eye"), POINTS.index("left_eye")
_MOST_SAMPLES: Final = 16  # on each side of a pixel of the crop: enough for faces of 768 pixels


def roll_degrees(points_xy: np.ndarray) -> np.ndarray:
    """By how much faces are tilted in the plane of the picture.

    Args:
        points_xy: (N, 6, 2), in the order of `POINTS`, in pixels; NaN for a face without points.

    Returns:
        float64 (N,), -180 to 180: positive where the face's own left eye lies lower in the picture than its right one,
        so that turning the picture by it, counter-clockwise, makes the face upright; NaN without points.
    """
    points = np.asarray(points_xy, np.float64).reshape(-1, len(POINTS), 2)
    across = points[:, _LEFT_EYE] - points[:, _RIGHT_EYE]  # (N, 2)
    return np.degrees(np.arctan2(across[:, 1], across[:, 0]))


def upright_crop(image_gray: np.ndarray, box_xyxy: np.ndarray, turn_degrees: float) -> np.ndarray:
    """Cut out a tilted face as the network sees it: around the middle of its box, turned upright.

    Args:
        image_gray: uint8 (H, W), 0-255.
        box_xyxy: (4,), pixels; the longer side is that of the square that is cut out. One that the picture's border has
            cut is taken for the square that it was, so that its middle stays that of the face.
        turn_degrees: the face's own `roll_degrees`.

    Returns:
        uint8 (48, 48), 0-255; beyond the picture its border is repeated.

    Raises:
        ValueError: not a grey picture, or an empty box.
    """
    if image_gray.ndim != 2 or image_gray.dtype != np.uint8 or image_gray.size == 0:
        raise ValueError(f"Expected uint8 (H, W). Received: {image_gray.dtype} {image_gray.shape}")
    x1, y1, x2, y2 = (float(value) for value in box_xyxy)
    if min(x2 - x1, y2 - y1) <= 0:
        raise ValueError(f"Expected a box with an area. Received: {box_xyxy}")
    x1, y1, x2, y2 = _uncut(x1, y1, x2, y2, image_gray.shape[1], image_gray.shape[0])
    centre = np.array([(x1 + x2) / 2, (y1 + y2) / 2])
    return turned_square(image_gray, centre, max(x2 - x1, y2 - y1), turn_degrees, FACE_SIZE)


def turned_square(
    image: np.ndarray, centre_xy: np.ndarray, part: float, turn_degrees: float, side: int
) -> np.ndarray:
    """A square part of a picture, turned, in one resampling; `from_turned_square` tells where its places lie.

    Args:
        image: uint8 (H, W) or (H, W, 3).
        centre_xy: (2,), middle of the part, in pixels.
        part: its side, in pixels.
        turn_degrees: by how much it is turned counter-clockwise.
        side: of the square that is made, in pixels.

    Returns:
        uint8 (S, S) or (S, S, 3); beyond the picture its border is repeated.
    """
    # Each pixel of the square is the mean of several places of the picture, as many as it covers: one resampling.
    samples = min(_MOST_SAMPLES, max(1, math.ceil(part / side)))
    size = side * samples
    to_picture = part / size * _rotation(turn_degrees)
    shift = centre_xy - 0.5 - to_picture @ np.full(2, (size - 1) / 2)  # cv2 counts from the middle of a pixel
    fine = cv2.warpAffine(
        image,
        np.column_stack([to_picture, shift]),
        (size, size),
        flags=(cv2.INTER_LINEAR if samples > 1 else cv2.INTER_CUBIC) | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA))


def from_turned_square(
    places_xy: np.ndarray, centre_xy: np.ndarray, part: float, turn_degrees: float, side: int
) -> np.ndarray:
    """Where places of a `turned_square` lie in the picture: float64 (..., 2), pixels; the arguments are those of it."""
    return centre_xy + (places_xy - side / 2) * (part / side) @ _rotation(turn_degrees).T


def _rotation(degrees: float) -> np.ndarray:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[cosine, -sine], [sine, cosine]])


def _uncut(
    x1: float, y1: float, x2: float, y2: float, width: int, height: int
) -> tuple[float, float, float, float]:
    """The square that a box was before the picture's border cut its shorter side; any other box as it is."""
    missing = (y2 - y1) - (x2 - x1)
    if missing > 0 and x1 <= 0 < width - x2:
        x1 -= missing
    elif missing > 0 and x2 >= width and x1 > 0:
        x2 += missing
    elif missing < 0 and y1 <= 0 < height - y2:
        y1 += missing
    elif missing < 0 and y2 >= height and y1 > 0:
        y2 -= missing
    return x1, y1, x2, y2
