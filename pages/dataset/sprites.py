"""Pictures of the data set as sprites: many in one file, made when the grid asks for them and stored nowhere."""

from __future__ import annotations

import base64

import cv2
import numpy as np

WINDOW = 96
"""Pictures that come together."""
ACROSS = 12
"""Pictures beside each other in a sprite."""
_QUALITY = 92  # of JPEG; a sheet has the picture with every pixel


def sprite_url(images_gray: np.ndarray) -> str:
    """Pictures side by side, `ACROSS` in a line, as the address of an image.

    Args:
        images_gray: uint8 (n, side, side), n from 1.

    Returns:
        A JPEG as data: address; places that are over are black.
    """
    count, side, _side = images_gray.shape
    across, down = min(ACROSS, count), -(-count // ACROSS)
    sheet = np.zeros((down * across, side, side), np.uint8)
    sheet[:count] = images_gray
    # (down, across, side, side) -> (down * side, across * side)
    sheet = sheet.reshape(down, across, side, side).swapaxes(1, 2).reshape(down * side, across * side)
    _ok, jpeg = cv2.imencode(".jpg", sheet, (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg.tobytes()).decode()}"
