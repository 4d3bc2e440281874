"""The shape of a video's frames as a player shows it: stretched where pixels are not square, turned, mirrored."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, cast

import av
import cv2
import numpy as np
from av.sidedata.sidedata import Type as SideDataType

from fer_core.faces.images import MAX_PIXELS

if TYPE_CHECKING:
    from av.sidedata.sidedata import SideDataContainer

MOST_STRETCHED: Final = 16
"""Pixels that are said to be more than so many times as wide as high, or as high as wide, are taken for square."""
LONGEST_SIDE: Final = 16_384
"""Pixels that a frame may have after it was stretched."""


class ShownFrames:
    """Makes the pictures that a player shows from the frames of a track.

    Args:
        stream: the track, whose frames are decoded with its own codec.
    """

    def __init__(self, stream: av.video.stream.VideoStream) -> None:
        self._codec = stream.codec_context
        self._ratio = stream.sample_aspect_ratio
        self._turns: dict[int, tuple[bool, int | None]] = {}
        # Where the file does not say otherwise, each frame may: the codec's is that of its newest frame.
        self._of_frames = not self._ratio or self._ratio == self._codec.sample_aspect_ratio

    def size(self, width: int, height: int) -> tuple[int, int]:
        """The width and height to which so many pixels are stretched: by players always up, never down.

        0 by 0, as a file says that leaves it to its frames, stays what it is.
        """
        ratio = (self._of_frames and self._codec.sample_aspect_ratio) or self._ratio
        if not width * height or not ratio or ratio == 1 or not 1 / MOST_STRETCHED <= ratio <= MOST_STRETCHED:
            return width, height
        shown = (width * float(ratio), height) if ratio > 1 else (width, height / float(ratio))
        scale = min(1.0, math.sqrt(MAX_PIXELS / (shown[0] * shown[1])), LONGEST_SIDE / max(shown))
        return max(1, round(scale * shown[0])), max(1, round(scale * shown[1]))

    def picture(self, frame: av.VideoFrame) -> np.ndarray:
        """uint8 (H, W, 3) BGR: first stretched, then turned as a phone's sensor says and mirrored as its camera says."""
        width, height = self.size(frame.width, frame.height)
        image_bgr = frame.to_ndarray(format="bgr24", width=width, height=height)
        # Asked for its side data a frame lives until Python looks for cycles: one of them answers for all.
        if frame.rotation not in self._turns:
            self._turns[frame.rotation] = _turn(frame)
        transposed, flip = self._turns[frame.rotation]
        if transposed:
            image_bgr = cv2.transpose(image_bgr)
        return image_bgr if flip is None else cv2.flip(image_bgr, flip)


def _turn(frame: av.VideoFrame) -> tuple[bool, int | None]:
    """Whether rows become columns, and then OpenCV's code of the mirroring; None for none."""
    side_data = cast("SideDataContainer", frame.side_data)  # PyAV's own types know of one kind only
    if SideDataType.DISPLAYMATRIX not in side_data:
        return False, None
    # A point goes to (a x + c y, b x + d y).
    matrix = np.frombuffer(bytes(side_data[SideDataType.DISPLAYMATRIX]), np.int32).astype(np.int64)
    a, b, c, d = matrix[[0, 1, 3, 4]]
    transposed = bool(abs(b) + abs(c) > abs(a) + abs(d))
    mirrored, upside_down = (c < 0, b < 0) if transposed else (a < 0, d < 0)
    if mirrored and upside_down:
        return transposed, -1
    return transposed, 1 if mirrored else 0 if upside_down else None
