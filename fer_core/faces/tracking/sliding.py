"""A face found again by its own picture: slid over the surroundings of where the face is expected.

It costs a tenth of a look of the cascade, and says where the face went; whether it still is one, the cascade says.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

_SLIDE_SIZE: Final = 32  # pixels: the side of the face's picture while it is slid
_SLIDE_REACH: Final = 0.3  # it is slid so far beyond the expected box, in sides of the box
_SLIDE_MATCH: Final = 0.8  # correlation from which it counts as found; a face that changes is looked for anew


def face_picture(frame_gray: np.ndarray, box_xyxy: np.ndarray) -> np.ndarray | None:
    """Cut out the picture that `find_picture` looks for, uint8 (_SLIDE_SIZE, _SLIDE_SIZE); None where the box is outside."""
    return _cut(frame_gray, box_xyxy, _SLIDE_SIZE)


def find_picture(
    frame_gray: np.ndarray, picture_gray: np.ndarray, expected_xyxy: np.ndarray
) -> np.ndarray | None:
    """Find where the picture of a face lies in a frame, by normalised cross-correlation.

    Args:
        frame_gray: uint8 (H, W).
        picture_gray: from `face_picture`.
        expected_xyxy: (4,), around which it is looked for; its size says how large the face is.

    Returns:
        Its box, float64 (4,); None where nothing there is like it.
    """
    x1, y1, x2, y2 = expected_xyxy
    reach = _SLIDE_REACH * (x2 - x1)
    pixels = round(_SLIDE_SIZE * (1 + 2 * _SLIDE_REACH))
    around = np.array([x1 - reach, y1 - reach, x2 + reach, y2 + reach])
    surroundings = _cut(frame_gray, around, pixels)
    if surroundings is None:
        return None
    match = cv2.matchTemplate(surroundings, picture_gray, cv2.TM_CCOEFF_NORMED)
    _low, best, _at_low, (column, row) = cv2.minMaxLoc(match)
    if not best >= _SLIDE_MATCH:
        return None
    scale = (around[2] - around[0]) / pixels  # pixels of the frame for one of the surroundings
    left = around[0] + scale * (column + _subpixel_offset(match[row], column))
    top = around[1] + scale * (row + _subpixel_offset(match[:, column], row))
    side = scale * _SLIDE_SIZE
    return np.array([left, top, left + side, top + side])


def _cut(image_gray: np.ndarray, box_xyxy: np.ndarray, size: int) -> np.ndarray | None:
    """A square of the frame, uint8 (size, size), the border repeated outside; None where all of it is outside."""
    height, width = image_gray.shape
    x1, y1, x2, y2 = box_xyxy
    if x2 <= 0 or y2 <= 0 or x1 >= width or y1 >= height or x2 - x1 < 1:
        return None
    scale = (x2 - x1) / size
    # Pixel centres: those of the square at (0.5, 0.5) and so on lie at x1 + 0.5 scale in the frame.
    to_frame = np.array([[scale, 0, x1 + scale / 2 - 0.5], [0, scale, y1 + scale / 2 - 0.5]])
    return np.asarray(
        cv2.warpAffine(
            image_gray,
            to_frame,
            (size, size),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )


def _subpixel_offset(values: np.ndarray, at: int) -> float:
    """Where the top of the parabola through the largest value and its neighbours lies, -0.5 to 0.5 from it."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, middle, after = (float(value) for value in values[at - 1 : at + 2])
    bend = before - 2 * middle + after
    return 0.0 if bend >= 0 else float(np.clip((before - after) / (2 * bend), -0.5, 0.5))
