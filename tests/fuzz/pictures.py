"""Small pictures in every form that Raut reads, to be damaged, and its decoder."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image

from fer_core.errors import ImageError
from fer_core.faces.images import MAX_PIXELS, decode_image


def corpus() -> list[bytes]:
    """One file for each form and kind of pixels, 40x56 pixels."""
    import pillow_heif

    rng = np.random.default_rng(0)
    smooth = np.add.outer(np.arange(56), np.arange(40)).astype(np.uint8) * 2
    colour = Image.fromarray(
        np.stack([smooth, smooth[::-1], rng.integers(0, 255, (56, 40), np.uint8)], axis=2)
    )
    deep = Image.fromarray(smooth.astype(np.uint16) * 257)
    alpha, palette = colour.convert("RGBA"), colour.quantize(32)
    exif = Image.Exif()
    exif[0x0112] = 6
    frames: dict[str, Any] = {"save_all": True, "append_images": [colour.rotate(90), colour.rotate(180)]}
    kinds: list[tuple[Image.Image, str, dict[str, Any]]] = [
        (colour, "JPEG", {"exif": exif}),
        (colour, "JPEG", {"progressive": True}),
        (colour.convert("L"), "JPEG", {}),
        (colour.convert("CMYK"), "JPEG", {}),
        (colour, "PNG", {}),
        (alpha, "PNG", {}),
        (palette, "PNG", {"transparency": 3}),
        (deep, "PNG", {}),
        (colour.convert("1"), "PNG", {}),
        (colour, "PNG", {"save_all": True, "append_images": [colour.rotate(90)]}),
        (colour, "WEBP", {}),
        (alpha, "WEBP", {"lossless": True}),
        (colour, "WEBP", frames),
        (palette, "GIF", {}),
        (colour, "GIF", frames),
        (colour, "BMP", {}),
        (palette, "BMP", {}),
        (colour, "TIFF", frames),
        (colour, "TIFF", {"compression": "tiff_lzw"}),
        (colour, "TIFF", {"compression": "jpeg"}),
        (deep, "TIFF", {"compression": "tiff_deflate"}),
        (Image.fromarray(smooth.astype(np.float32)), "TIFF", {}),
        (colour.convert("1"), "TIFF", {"compression": "group4"}),
        (colour, "AVIF", {}),
        (alpha, "AVIF", {}),
    ]
    files = []
    for image, form, options in kinds:
        stream = io.BytesIO()
        image.save(stream, form, **options)
        files.append(stream.getvalue())
    for image in (colour, alpha):
        stream = io.BytesIO()
        pillow_heif.from_pillow(image).save(stream)
        files.append(stream.getvalue())
    return files


def decode(content: bytes) -> bool:
    """Whether Raut reads it; False where it says why not."""
    try:
        pixels_rgb = decode_image(content, "damaged")
    except ImageError:
        return False
    assert pixels_rgb.dtype == np.uint8 and pixels_rgb.ndim == 3 and pixels_rgb.shape[2] == 3
    assert 0 < pixels_rgb.shape[0] * pixels_rgb.shape[1] <= MAX_PIXELS
    return True
