"""Feature maps as pictures: many of them in one file, made when they are shown and stored nowhere.

What is not negative is grey, from black for 0 to white; what may be negative has two colours, blue below 0 and
orange above, white at 0 (Okabe and Ito's, which colour-blind readers tell apart).
"""

from __future__ import annotations

import base64
from typing import Final

import cv2
import numpy as np

BELOW_RGB: Final = (0, 114, 178)
ABOVE_RGB: Final = (213, 94, 0)
_SMALLEST_SIDE: Final = 48  # of one map in a mosaic, in pixels: smaller ones are enlarged, pixel by pixel


def shades(values: np.ndarray, limit: float, *, signed: bool) -> np.ndarray:
    """The colours of values.

    Args:
        values: float, any shape.
        limit: what is white (grey) or fully coloured (signed); larger values look the same.
        signed: whether values may be negative.

    Returns:
        uint8 RGB, the shape of `values` and 3.
    """
    share = np.clip(values / limit if limit > 0 else np.zeros_like(values), -1, 1)
    if not signed:
        return np.repeat((255 * np.maximum(share, 0)).round().astype(np.uint8)[..., None], 3, axis=-1)
    colour = np.where(share[..., None] < 0, BELOW_RGB, ABOVE_RGB)
    strength = np.abs(share)[..., None]
    return (255 + strength * (colour - 255)).round().astype(np.uint8)


def limit_of(values: np.ndarray) -> float:
    """The largest distance from 0: what is white or fully coloured. 1 where all is 0."""
    largest = float(np.abs(values).max()) if values.size else 0.0
    return largest or 1.0


def is_signed(values: np.ndarray) -> bool:
    """Whether any value is negative."""
    return bool((values < 0).any())


def url_of(picture_rgb: np.ndarray) -> str:
    """A picture as the address of an image.

    Args:
        picture_rgb: uint8 (H, W, 3), or (H, W) in grey.
    """
    shown = picture_rgb[..., ::-1] if picture_rgb.ndim == 3 else picture_rgb
    _ok, png = cv2.imencode(".png", shown, (cv2.IMWRITE_PNG_COMPRESSION, 4))
    return f"data:image/png;base64,{base64.b64encode(png.tobytes()).decode()}"


def sprite_url(pictures: np.ndarray, across: int) -> str:
    """Pictures side by side without a gap, `across` in a line, as the address of an image.

    Args:
        pictures: uint8 (n, H, W) or (n, H, W, 3), n from 1.
        across: in a line; the last line is filled up with black.
    """
    return url_of(_sheet(pictures, across))


def mosaic_url(pictures: np.ndarray, across: int) -> str:
    """As `sprite_url`, with a narrow transparent gap between pictures, each pixel as a square, for one look at them."""
    count, height, width = pictures.shape[:3]
    times = max(1, -(-_SMALLEST_SIDE // max(height, width)))
    gap = max(2, round(0.06 * times * width))
    large = pictures.repeat(times, axis=1).repeat(times, axis=2)
    if large.ndim == 3:
        large = np.repeat(large[..., None], 3, axis=-1)
    seen = np.zeros((count, times * height + gap, times * width + gap, 4), np.uint8)
    seen[:, gap:, gap:, :3] = large
    seen[:, gap:, gap:, 3] = 255
    sheet = _sheet(seen, across)[gap:, gap:]
    _ok, png = cv2.imencode(
        ".png", cv2.cvtColor(sheet, cv2.COLOR_RGBA2BGRA), (cv2.IMWRITE_PNG_COMPRESSION, 4)
    )
    return f"data:image/png;base64,{base64.b64encode(png.tobytes()).decode()}"


def _sheet(pictures: np.ndarray, across: int) -> np.ndarray:
    count, height, width, *channels = pictures.shape
    across = min(across, count)
    down = -(-count // across)
    sheet = np.zeros((down * across, height, width, *channels), np.uint8)
    sheet[:count] = pictures
    # (down, across, H, W, …) -> (down * H, across * W, …)
    sheet = sheet.reshape(down, across, height, width, *channels).swapaxes(1, 2)
    return sheet.reshape(down * height, across * width, *channels)
