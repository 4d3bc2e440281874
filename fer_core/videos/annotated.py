"""A copy of a video with something drawn into its frames."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from fractions import Fraction

import av
import cv2
import numpy as np

from fer_core import __version__
from fer_core.videos.file import VideoFrame


def annotated_mp4(
    frames: Iterator[VideoFrame], frames_per_second: float, draw: Callable[[VideoFrame], np.ndarray]
) -> bytes:
    """A copy as MP4 (H.264, without sound), in memory; its comment names the version of Raut.

    Args:
        frames: in the order of time; all of one size, those of another are fitted into it.
        frames_per_second: how long one lasts.
        draw: gives the frame to show, uint8 (H, W, 3) BGR.

    Returns:
        The file; b"" without a frame.
    """
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as out:
        out.metadata["comment"] = f"Raut {__version__}"
        track = None
        for position, frame in enumerate(frames):
            image_bgr = draw(frame)
            if track is None:
                track = out.add_stream("libx264", rate=Fraction(frames_per_second).limit_denominator(1000))
                track.height, track.width = (
                    side - side % 2 for side in image_bgr.shape[:2]
                )  # H.264 wants even ones
                track.pix_fmt = "yuv420p"
                track.options = {"preset": "veryfast", "crf": "22"}
            if image_bgr.shape[:2] != (track.height, track.width):
                image_bgr = cv2.resize(image_bgr, (track.width, track.height), interpolation=cv2.INTER_AREA)
            shown = av.VideoFrame.from_ndarray(np.ascontiguousarray(image_bgr), format="bgr24")
            shown.pts = position
            shown.time_base = 1 / track.codec_context.framerate
            out.mux(track.encode(shown))
        if track is None:
            return b""
        out.mux(track.encode())
    return stream.getvalue()
