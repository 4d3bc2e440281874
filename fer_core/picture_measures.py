"""Brightness, contrast and sharpness of grey pictures, measured the same way for a camera's faces and for FER2013."""

from __future__ import annotations

from typing import Final

import numpy as np

GRAIN_PX: Final = 1.0
"""What is finer than this in 48x48 is the camera's noise, which is no sharpness."""

_AT_ONCE: Final = 4096  # pictures, whose means are computed in float64


def brightness(images_gray: np.ndarray) -> np.ndarray:
    """Mean grey level of each picture.

    Args:
        images_gray: uint8 (N, H, W).

    Returns:
        float32 (N,), 0 to 255.
    """
    return images_gray.mean(axis=(1, 2), dtype=np.float64).astype(np.float32)


def contrast(images_gray: np.ndarray) -> np.ndarray:
    """Standard deviation of the grey levels of each picture (root mean square contrast).

    Args:
        images_gray: uint8 (N, H, W).

    Returns:
        float32 (N,), 0 to 127.5.
    """
    deviations = np.empty(len(images_gray), np.float32)
    for start in range(0, len(images_gray), _AT_ONCE):
        chunk = images_gray[start : start + _AT_ONCE]
        deviations[start : start + len(chunk)] = chunk.std(axis=(1, 2), dtype=np.float64)
    return deviations


def sharpness(image_gray: np.ndarray) -> float:
    """Standard deviation of the Laplacian of Gaussian over that of the grey levels; 0 for an even area.

    The ratio, so that a face in weak light is not taken for a blurred one.

    Args:
        image_gray: uint8 (H, W).
    """
    import cv2  # not at the top: whoever only asks for figures that ship need not wait for it

    smooth = cv2.GaussianBlur(image_gray.astype(np.float32), (0, 0), GRAIN_PX)
    spread = float(smooth.std())
    return float(cv2.Laplacian(smooth, cv2.CV_32F).std()) / spread if spread > 0 else 0.0


def sharpness_of_each(images_gray: np.ndarray) -> np.ndarray:
    """`sharpness` of each picture: float32 (N,).

    Args:
        images_gray: uint8 (N, H, W).
    """
    return np.array([sharpness(image) for image in images_gray], np.float32)
