"""Boxes, numbers, signs and labels drawn into video frames and photos.

Text is drawn with Pillow and a font that ships with the package, since OpenCV's own fonts know no accents. A finished plate is kept, so a frame costs one small copy for each face.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fer_core.labels import COLOURS, UNSURE
from fer_core.places import ASSETS_DIR
from fer_core.signs import sign_image

Channels = Literal["bgr", "rgb"]
Rgb = tuple[int, int, int]
Rect = tuple[int, int, int, int]  # left, top, right, bottom

_FONT: Final = ASSETS_DIR / "fonts" / "Inter-SemiBold.otf"
_BLACK: Final[Rgb] = (16, 18, 22)
_WHITE: Final[Rgb] = (255, 255, 255)
_REFERENCE_HEIGHT: Final = 480  # a line is 2 px and a text 20 px high on a frame of this height
_LINE: Final = 2.0
_TEXT: Final = 20.0
_SMALLEST_TEXT: Final = 11

TEN_METRES: Final = 1.7
"""How much larger text must be to be read from ten metres, where the video fills seven tenths of a projection.

ISO 9241-303 wants capitals of 20 minutes of arc, 16 at least: 5.8 cm at ten metres, 4.7 cm at least. A projection
1.5 m high shows the 480 lines of the video on 1.05 m, 2.2 mm each. Text of 20 px has capitals of 14.5 px (0.727 em
in Inter), which are 3.2 cm; 1.7 times as much are 5.4 cm, 19 minutes of arc.
"""

_SHRINKING: Final = (1.0, 0.75, 0.55)  # shares of the text's size that are tried in a crowd
_PLATES_KEPT: Final = 1024  # faces x expressions x 101 percentages come back again and again

_render_lock = threading.Lock()  # one FreeType font must not be used by two threads at once


@dataclass(frozen=True, eq=False)
class FaceMark:
    """What is drawn for one face."""

    box_xyxy: np.ndarray
    """(4,), pixels of the picture that is drawn on."""
    number: int
    """Shown at the corner of the box; the row of the table."""
    text: str
    """Already in the reader's language, for example "Sad 73%". Letters that the font does not have are left out:
    number and sign stand beside them."""
    code: str
    """Key of `fer_core.labels.COLOURS`: its colour and sign; `unsure` is an outline without colour."""
    sign: bool = True
    """False leaves the sign out: a face that is numbered and not named."""


class FaceDrawer:
    """Draws marks into pictures. May be used from several threads, each with a picture of its own."""

    def draw(
        self,
        image: np.ndarray,
        marks: Sequence[FaceMark],
        *,
        channels: Channels = "bgr",
        text_scale: float = 1.0,
    ) -> np.ndarray:
        """The picture with a box and a plate for each face.

        Where plates would cover faces or each other, all get smaller; where that is not enough, those
        that still would are reduced to number and sign.

        Args:
            image: uint8 (H, W, 3); drawn on in place where it can be written to.
            marks: the faces; none leaves the picture as it is.
            channels: order of the colours in `image`.
            text_scale: by how much the text is larger than usual, for example `TEN_METRES`.

        Returns:
            uint8 (H, W, 3): `image` itself, or a copy where it is read-only or not contiguous.

        Raises:
            ValueError: another shape or dtype.
            KeyError: a code that `COLOURS` does not have.
        """
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            raise ValueError(f"Expected uint8 (H, W, 3). Received: {image.dtype} {image.shape}")
        if not image.flags.writeable or not image.flags.c_contiguous:
            image = image.copy()
        height, width = image.shape[:2]
        line = max(1, round(_LINE * height / _REFERENCE_HEIGHT))
        # A wide picture is shown as wide as any other: its text must not shrink with its height.
        text = text_scale * _TEXT * max(height, width * 3 / 4) / _REFERENCE_HEIGHT

        boxes = [_as_rect(mark.box_xyxy) for mark in marks]
        for mark, box in zip(marks, boxes, strict=True):
            _draw_box(image, box, _WHITE if mark.code == UNSURE else _fill(mark.code), line, channels)
        for rect, plate_rgba in _arrange(marks, boxes, text, line, width, height):
            _paste(image, plate_rgba, rect, channels)
        return image


def contrast(first: Rgb, second: Rgb) -> float:
    """Contrast of two colours, 1 to 21, as WCAG 2 defines it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_colour(fill: Rgb) -> Rgb:
    """Near-black or white, whichever stands out more on `fill`; at least 4.5:1 on every emotion's colour."""
    return max((_BLACK, _WHITE), key=lambda colour: contrast(colour, fill))


def _luminance(colour: Rgb) -> float:
    channels = (value / 255 for value in colour)
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _fill(code: str) -> Rgb:
    colour = COLOURS[code]
    if not colour:  # unsure has none
        return _BLACK
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _as_rect(box_xyxy: np.ndarray) -> Rect:
    x1, y1, x2, y2 = (round(float(value)) for value in box_xyxy)
    return x1, y1, x2, y2


def _overlap(a: Rect, b: Rect) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _draw_box(image: np.ndarray, box: Rect, colour: Rgb, line: int, channels: Channels) -> None:
    """A frame `line` pixels wide around the face; the dark edge shows it on any background."""
    outside = line // 2
    _draw_frame(image, _grown(box, outside + 1), line + 2, _BLACK)
    _draw_frame(image, _grown(box, outside), line, colour if channels == "rgb" else colour[::-1])


def _grown(rect: Rect, by: int) -> Rect:
    return rect[0] - by, rect[1] - by, rect[2] + by, rect[3] + by


def _draw_frame(image: np.ndarray, outer: Rect, line: int, colour: Rgb) -> None:
    """Four bars; `cv2.rectangle` rounds its line width and its corners."""
    left, top, right, bottom = outer
    bars = (
        (left, top, right, top + line),
        (left, bottom - line, right, bottom),
        (left, top, left + line, bottom),
        (right - line, top, right, bottom),
    )
    for x1, y1, x2, y2 in bars:  # negative indices would count from the other end
        image[max(0, y1) : max(0, y2), max(0, x1) : max(0, x2)] = colour


def _arrange(
    marks: Sequence[FaceMark], boxes: list[Rect], text: float, line: int, width: int, height: int
) -> list[tuple[Rect, np.ndarray]]:
    """A plate and its place for each mark; all in one size, so that no face looks more important."""

    def placed(size: int, with_text: bool) -> list[tuple[Rect, np.ndarray]]:
        plates = [_plate(m.number, m.text if with_text else "", m.code, size, m.sign) for m in marks]
        return [
            (_place(box, plate, line, width, height), plate) for box, plate in zip(boxes, plates, strict=True)
        ]

    def is_free(index: int, rect: Rect, rects: list[Rect]) -> bool:
        others = boxes[:index] + boxes[index + 1 :] + rects[:index] + rects[index + 1 :]
        return not any(_overlap(rect, other) for other in others)

    for share in _SHRINKING:
        size = max(_SMALLEST_TEXT, round(text * share))
        full = placed(size, True)
        rects = [rect for rect, _plate_rgba in full]
        if all(is_free(index, rect, rects) for index, rect in enumerate(rects)):
            return full
    chosen = placed(size, False)
    for index, (rect, plate_rgba) in enumerate(full):
        if is_free(index, rect, [other for other, _plate_rgba in chosen]):
            chosen[index] = rect, plate_rgba
    return chosen


def _place(box: Rect, plate_rgba: np.ndarray, line: int, width: int, height: int) -> Rect:
    """Above the box, else below it, else inside at its top; always within the picture as far as it fits."""
    plate_height, plate_width = plate_rgba.shape[:2]
    edge = line // 2 + 1  # the frame's outer half and its dark edge
    left = max(0, min(box[0] - edge, width - plate_width))
    top = box[1] - edge - plate_height
    if top < 0:
        top = box[3] + edge if box[3] + edge + plate_height <= height else max(0, box[1])
    return left, top, left + plate_width, top + plate_height


def _paste(image: np.ndarray, plate_rgba: np.ndarray, rect: Rect, channels: Channels) -> None:
    height, width = image.shape[:2]
    left, top, right, bottom = rect[0], rect[1], min(rect[2], width), min(rect[3], height)
    if left >= right or top >= bottom:
        return
    part = plate_rgba[: bottom - top, : right - left]
    colours = part[..., :3] if channels == "rgb" else part[..., 2::-1]
    alpha = part[..., 3:].astype(np.uint16)
    below = image[top:bottom, left:right]
    below[:] = (colours * alpha + below * (255 - alpha) + 127) // 255


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """Code points that the font has: Latin, Greek and Cyrillic letters."""
    from fontTools.ttLib import TTFont

    with TTFont(_FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _drawable(text: str) -> str:
    """The text without what would be drawn as an empty box."""
    return " ".join("".join(sign if ord(sign) in _letters() else " " for sign in text).split())


@lru_cache(maxsize=_PLATES_KEPT)
def _plate(number: int, text: str, code: str, size: int, with_sign: bool = True) -> np.ndarray:
    """Number, sign and text on the expression's colour: uint8 (h, w, 4), RGBA, not to be written to."""
    with _render_lock:
        font = _font(size)
        fill = _fill(code)
        ink = text_colour(fill)
        pad = max(2, round(size * 0.3))
        height = round(size * 1.5)
        number_text = str(number)
        text = _drawable(text)
        badge = max(height, round(font.getlength(number_text)) + 2 * pad)
        sign_size = round(size * 1.15)
        text_width = round(font.getlength(text)) + round(pad * 0.7) if text else 0
        width = badge + (pad + sign_size + text_width + pad if with_sign else 0)
        plate = Image.new("RGBA", (width, height), (0, 0, 0, 0))
        pen = ImageDraw.Draw(plate)
        pen.rectangle((0, 0, width, height), fill=fill)
        pen.rectangle((0, 0, badge - 1, height), fill=ink)
        middle = height / 2
        # Centred on the height of capitals, so that digits sit on one line whatever the letters.
        pen.text((badge / 2, middle), number_text, font=font, fill=fill, anchor="mm")
        if with_sign:
            plate.alpha_composite(sign_image(code, sign_size, ink), (badge + pad, (height - sign_size) // 2))
        if with_sign and text:
            baseline = middle + size * 0.36  # half of Inter's capital height, 0.727 em
            x = badge + pad + sign_size + round(pad * 0.7)
            pen.text((x, baseline), text, font=font, fill=ink, anchor="ls")
        if code == UNSURE:  # an outline where the others have a colour
            pen.rectangle((0, 0, width - 1, height - 1), outline=_WHITE, width=max(1, size // 12))
        pixels = np.asarray(plate)
    pixels.flags.writeable = False
    return pixels


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONT), size)
