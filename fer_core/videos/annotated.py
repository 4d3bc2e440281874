"""A copy of a video with something drawn into its frames."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final

import av
import cv2
import numpy as np

from fer_core import __version__
from fer_core.videos.file import VideoFrame

_TIME_BASE: Final = Fraction(1, 90_000)
"""Of the times in the copy; every usual rate, 29.97 frames a second too, has its frames at whole numbers of it."""


def annotated_mp4(
    frames: Iterator[VideoFrame], frames_per_second: float, draw: Callable[[VideoFrame], np.ndarray]
) -> bytes:
    """A copy as MP4 (H.264, without sound), in memory; its comment names the version of Raut.

    Args:
        frames: in the order of time; all of one size, those of another are fitted into it. Each is shown when it was
            shown in the video that it comes from, also where the rate varies.
        frames_per_second: on average; the last one lasts as long.
        draw: gives the frame to show, uint8 (H, W, 3) BGR.

    Returns:
        The file; b"" without a frame.
    """
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as out:
        out.metadata["comment"] = f"Raut {__version__}"
        track = None
        for frame in frames:
            image_bgr = draw(frame)
            if track is None:
                track = out.add_stream("libx264", rate=Fraction(frames_per_second).limit_denominator(1001))
                track.codec_context.time_base = _TIME_BASE
                track.height, track.width = (
                    side - side % 2 for side in image_bgr.shape[:2]
                )  # H.264 wants even ones
                track.pix_fmt = "yuv420p"
                track.options = {"preset": "veryfast", "crf": "22"}
            if image_bgr.shape[:2] != (track.height, track.width):
                image_bgr = cv2.resize(image_bgr, (track.width, track.height), interpolation=cv2.INTER_AREA)
            shown = av.VideoFrame.from_ndarray(np.ascontiguousarray(image_bgr), format="bgr24")
            shown.pts = round(frame.time_s / _TIME_BASE)
            shown.time_base = _TIME_BASE
            out.mux(track.encode(shown))
        if track is None:
            return b""
        out.mux(track.encode())
    return stream.getvalue()
