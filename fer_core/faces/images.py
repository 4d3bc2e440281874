"""From the bytes of an upload to pixels the right way up, and from a box to the crop a network sees.

Nothing here trusts a file: its form is read from its content, never from its name, and its size in
pixels is checked in the header, before any pixel is decoded.
"""

from __future__ import annotations

import io
import threading
import warnings
from typing import Final

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from fer_core.errors import N_, ImageError
from fer_core.faces.limits import LIMITS, MB
from fer_core.faces.structure import is_costly
from fer_core.faces.tiff import pages_of_tiff

MAX_BYTES: Final = LIMITS.file_mb * MB
"""Largest file that is looked at."""

MAX_PIXELS: Final = LIMITS.megapixels * 1_000_000
"""Largest picture that is decoded, in pixels."""

FACE_SIZE: Final = 48
"""Side of a face as the networks see it, in pixels (that of FER2013)."""

# Naming them keeps Pillow from trying the rest, among them forms that start other programs (EPS).
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
_HEIF_BRANDS: Final = (
    b"heic",
    b"heix",
    b"heim",
    b"heis",
    b"hevc",
    b"hevx",
    b"mif1",
    b"msf1",
    b"heif",
)
_EXIF_ORIENTATION: Final = 0x0112
_BAND_PIXELS: Final = (
    2_000_000  # are converted at once, so that a large picture is in memory twice and not four times
)

# Pillow has a limit of its own, of which ours may be made larger; where the two differ, ours has the sentence.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# It warns up to twice that. Not `catch_warnings` around a call, which threads would undo for each other.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
# Of a damaged tag, or a second picture that is none, the reader of the terminal can do nothing; the picture is
# read or gets its sentence.
warnings.filterwarnings("ignore", module=r"PIL\.")

_heif_lock = threading.Lock()
_heif_ready = False


def own_picture(jpeg: bytes) -> np.ndarray:
    """Pixels of a JPEG that Raut made itself, as it is kept beside what was found in a photo.

    Returns:
        uint8 (H, W, 3), BGR.

    Raises:
        ValueError: it is none; what a visitor brings goes through `decode_image`.
    """
    image_bgr = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) if jpeg else None
    if image_bgr is None:
        raise ValueError(f"Expected a JPEG that Raut made. Received: {len(jpeg)} bytes")
    return image_bgr


def decode_image(data: bytes, name: str, page: int = 0) -> np.ndarray:
    """Decode an uploaded picture to pixels, the right way up.

    Turns the picture as its EXIF says, puts transparency over white, scales 16-bit grey to 8 bits, takes
    the first frame of an animation, the first picture of an MPO and the primary one of a HEIC.

    Args:
        data: content of the file.
        name: its name, for the sentence of an error only.
        page: of a TIFF with several, from 0; see `pages_of_tiff`.

    Returns:
        uint8 (H, W, 3), RGB, 0-255; H x W at most `MAX_PIXELS`.

    Raises:
        ImageError: empty, too large in bytes or in pixels, built to take far more work than a photo, not a
            picture, or cut short.
    """
    if not data:
        raise ImageError(N_("This file is empty ({name}). Copy or download it again."), name=name)
    if len(data) > MAX_BYTES:
        raise too_large(name, len(data))
    pages = pages_of_tiff(data, page + 1)
    if page and page >= len(pages):
        raise _damaged(name)
    if pages:
        if pages[page].pixels > MAX_PIXELS:
            raise _too_many_pixels(name)
        costly = pages[page].is_costly(MAX_PIXELS, MAX_PIXELS * LIMITS.scans)
        stream = pages[page].stream()
    else:
        costly = is_costly(data, MAX_PIXELS, LIMITS.scans)
        stream = io.BytesIO(data)
    if costly:
        raise ImageError(
            N_(
                "Decoding this file would take far longer than any photo does ({name}). It was left out. If it "
                "is a photo, save it anew with another program."
            ),
            name=name,
        )
    pixels_rgb, orientation = _decoded(stream, data[:64], name)
    return np.ascontiguousarray(_upright(pixels_rgb, orientation))


def _decoded(stream: io.BytesIO, head: bytes, name: str) -> tuple[np.ndarray, int]:
    """Pixels as they are stored, uint8 (H, W, 3), and the EXIF orientation."""
    formats: tuple[str, ...] = _FORMATS
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS and b"avif" not in head[8:64]:
        _register_heif()
        formats = ("HEIF",)
    try:
        image = Image.open(stream, formats=formats)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(name) from error
    except UnidentifiedImageError as error:
        raise _not_a_picture(name) from error
    except Exception as error:  # a damaged header surfaces as nearly any class, by the form's reader
        raise _damaged(name) from error
    with image:
        try:
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels(name)
            image.load()
            if image.width * image.height > MAX_PIXELS:  # a HEIC may turn out larger than it says
                raise _too_many_pixels(name)
            return _to_rgb(image), _orientation(image)
        except ImageError:
            raise
        except Image.DecompressionBombError as error:
            raise _too_many_pixels(name) from error
        except Exception as error:  # as above: OSError, SyntaxError, struct.error, ValueError, ...
            raise _damaged(name) from error


def _upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Turn a picture as an EXIF orientation says; as it is where there is no such orientation."""
    match orientation:
        case 2:
            return cv2.flip(pixels, 1)
        case 3:
            return cv2.rotate(pixels, cv2.ROTATE_180)
        case 4:
            return cv2.flip(pixels, 0)
        case 5:
            return cv2.transpose(pixels)
        case 6:
            return cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
        case 7:
            return cv2.rotate(cv2.transpose(pixels), cv2.ROTATE_180)
        case 8:
            return cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case _:
            return pixels


def too_large(name: str, size_bytes: int) -> ImageError:
    """Make the error that says why a file over `MAX_BYTES` is not looked at."""
    return ImageError(
        N_("This file is too large ({name}): {megabytes} MB. Use a picture of at most {limit} MB."),
        name=name,
        megabytes=-(-size_bytes // MB),
        limit=MAX_BYTES // MB,
    )


def to_gray(image_rgb: np.ndarray) -> np.ndarray:
    """Convert a picture to grey levels, weighted as the eye weighs colours (ITU-R BT.601).

    Args:
        image_rgb: uint8 (H, W, 3), RGB.

    Returns:
        uint8 (H, W), 0-255.

    Raises:
        ValueError: another shape or dtype.
    """
    if image_rgb.ndim != 3 or image_rgb.shape[2] != 3 or image_rgb.dtype != np.uint8:
        raise ValueError(f"Expected uint8 (H, W, 3). Received: {image_rgb.dtype} {image_rgb.shape}")
    return np.asarray(cv2.cvtColor(image_rgb, cv2.COLOR_RGB2GRAY))


def shrink(image: np.ndarray, longest_side: int) -> np.ndarray:
    """Reduce a picture to a longest side of `longest_side` pixels; smaller ones come back as they are.

    Args:
        image: uint8 (H, W) or (H, W, 3).
        longest_side: pixels, at least 1.

    Returns:
        uint8, the same number of axes; each side at least 1 pixel.
    """
    height, width = image.shape[:2]
    factor = longest_side / max(height, width)
    if factor >= 1:
        return image
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def square_crop(image_gray: np.ndarray, box_xyxy: np.ndarray, margin: float = 0.0) -> np.ndarray:
    """Cut out a face as the networks see it: a square around the box, 48x48.

    The square is moved inwards at the border rather than filled up with black, which no training image
    has; it gets smaller only where the picture itself is narrower than it.

    Args:
        image_gray: uint8 (H, W).
        box_xyxy: left, top, right, bottom in pixels of `image_gray`; right and bottom lie outside.
        margin: what is added on each side, as a part of the longer side of the box (negative cuts off).

    Returns:
        uint8 (48, 48), 0-255.

    Raises:
        ValueError: not a grey picture, an empty box, or a margin that leaves nothing.
    """
    if image_gray.ndim != 2 or image_gray.dtype != np.uint8 or image_gray.size == 0:
        raise ValueError(f"Expected uint8 (H, W). Received: {image_gray.dtype} {image_gray.shape}")
    x1, y1, x2, y2 = (float(value) for value in box_xyxy)
    longer = max(x2 - x1, y2 - y1)
    if min(x2 - x1, y2 - y1) <= 0 or margin <= -0.5:
        raise ValueError(
            f"Expected a box with an area and a margin over -0.5. Received: {box_xyxy}, {margin}"
        )
    height, width = image_gray.shape
    side = int(min(max(1, round(longer * (1 + 2 * margin))), height, width))
    left = int(min(max(0, round((x1 + x2 - side) / 2)), width - side))
    top = int(min(max(0, round((y1 + y2 - side) / 2)), height - side))
    square = image_gray[top : top + side, left : left + side]
    # INTER_AREA averages when shrinking, so a large face is not sampled into noise.
    interpolation = cv2.INTER_AREA if side > FACE_SIZE else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(square, (FACE_SIZE, FACE_SIZE), interpolation=interpolation))


def _register_heif() -> None:
    """Teach Pillow HEIC on the first such file: the library is large and most sessions never need it."""
    global _heif_ready
    with _heif_lock:
        if not _heif_ready:
            import pillow_heif

            # Only the primary picture is a photo.
            pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
            _heif_ready = True


def _to_rgb(image: Image.Image) -> np.ndarray:
    """Any mode of Pillow as uint8 (H, W, 3); transparency over white."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return cv2.cvtColor(_deep_gray(image), cv2.COLOR_GRAY2RGB)
    pixels_rgb = np.empty((image.height, image.width, 3), np.uint8)
    for rows in _bands(image):
        band = image.crop((0, rows.start, image.width, rows.stop))
        if band.has_transparency_data:
            with_alpha = band.convert("RGBA")
            band = Image.alpha_composite(Image.new("RGBA", band.size, "white"), with_alpha)
        pixels_rgb[rows] = np.asarray(band if band.mode == "RGB" else band.convert("RGB"))
    return pixels_rgb


def _bands(image: Image.Image) -> list[slice]:
    """Rows that are converted at once, from the top down."""
    step = max(1, _BAND_PIXELS // image.width)
    return [slice(top, min(top + step, image.height)) for top in range(0, image.height, step)]


def _deep_gray(image: Image.Image) -> np.ndarray:
    """Grey of 16 or 32 bits or floating point as uint8 (H, W).

    Pillow's own conversion clips at 255, which turns such a picture white.
    """
    stored = np.asarray(image)
    bands = _bands(image)
    low = min(float(_finite(stored[rows]).min()) for rows in bands)
    high = max(float(_finite(stored[rows]).max()) for rows in bands)
    if image.mode.startswith("I;16") or (image.mode == "I" and 0 <= low and high <= 65_535):
        zero, unit = 0.0, 257.0  # 65535 -> 255
    elif image.mode == "F" and 0 <= low and high <= 1:
        zero, unit = 0.0, 1 / 255.0
    elif 0 <= low and high <= 255:
        zero, unit = 0.0, 1.0
    else:  # no scale is agreed on: from darkest to lightest
        zero, unit = low, max(high - low, 1e-6) / 255.0
    gray = np.empty(stored.shape, np.uint8)
    transparent = image.info.get("transparency")
    for rows in bands:
        gray[rows] = np.clip(np.rint((_finite(stored[rows]) - zero) / unit), 0, 255).astype(np.uint8)
        if isinstance(transparent, int):
            gray[rows][stored[rows] == transparent] = 255
    return gray


def _finite(values: np.ndarray) -> np.ndarray:
    """As float32, up to half of the largest number there is: darkest and lightest may then be subtracted."""
    values = values.astype(np.float32)
    return np.clip(np.where(np.isfinite(values), values, 0.0), -1e38, 1e38)


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1 to 8; 1 when it is missing or damaged, since the picture itself is readable."""
    try:
        return int(image.getexif().get(_EXIF_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF raises by whim: struct.error, TypeError, ...
        return 1


def _not_a_picture(name: str) -> ImageError:
    return ImageError(
        N_("This file is not a picture Raut can read ({name}). Use JPEG, PNG, WebP or HEIC."),
        name=name,
    )


def _damaged(name: str) -> ImageError:
    return ImageError(
        N_("This picture is damaged or cut short ({name}). Copy or download it again, or try another one."),
        name=name,
    )


def _too_many_pixels(name: str) -> ImageError:
    return ImageError(
        N_("This picture has too many pixels ({name}). Reduce it to at most {megapixels} megapixels."),
        name=name,
        megapixels=MAX_PIXELS // 1_000_000,
    )
