"""Short videos in every container that Raut reads, and its decoder."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np

from fer_core.errors import VideoError
from fer_core.videos.file import VideoFile

KINDS = (
    ("mp4", "libx264", "yuv420p"), ("mp4", "mpeg4", "yuv420p"), ("mov", "libx264", "yuv420p"),
    ("mov", "mjpeg", "yuvj420p"), ("webm", "libvpx", "yuv420p"), ("webm", "libvpx-vp9", "yuv420p"),
    ("avi", "mpeg4", "yuv420p"), ("avi", "mjpeg", "yuvj420p"),
)  # fmt: skip


def video(
    container: str, codec: str, pixels: str = "yuv420p", *, times: list[float] | None = None,
    rotation: int = 0, matrix: tuple[int, int, int, int] | None = None, pixel: Fraction | None = None, size: tuple[int, int] = (64, 48), levels: list[int] | None = None,
) -> bytes:  # fmt: skip
    """A video whose frames each have one grey level, with a bright square in the upper left corner.

    Args:
        container, codec, pixels: FFmpeg's names.
        times: of the frames, in seconds; ten frames in one second by default.
        rotation: in degrees, counter-clockwise, as a phone writes it.
        matrix: a, b, c and d of the matrix that a phone writes: a point goes to (a x + c y, b x + d y).
        pixel: width of a pixel by its height.
        size: width and height.
        levels: grey level of each frame.
    """
    times = times if times is not None else [n / 10 for n in range(10)]
    stream = io.BytesIO()
    with av.open(
        stream, "w", format=container, options={"fflags": "bitexact"}
    ) as out:  # nothing random in it
        track = out.add_stream(codec, rate=10)
        track.width, track.height = size
        track.pix_fmt = pixels
        track.codec_context.time_base = Fraction(1, 1000)
        if rotation:
            track.set_display_rotation(rotation)
        if matrix:
            a, b, c, d = (value << 16 for value in matrix)
            track.set_display_matrix((a, b, 0, c, d, 0, 0, 0, 1 << 30))
        if pixel:
            track.codec_context.sample_aspect_ratio = pixel
        for index, time_s in enumerate(times):
            level = 20 * index % 200 if levels is None else levels[index]
            image = np.full((size[1], size[0], 3), level, np.uint8)
            image[: size[1] // 3, : size[0] // 3] = 255
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = round(time_s * 1000), Fraction(1, 1000)
            out.mux(track.encode(frame))
        out.mux(track.encode())
    return stream.getvalue()


def corpus() -> list[bytes]:
    return [video(*kind) for kind in KINDS]


def decode(content: bytes) -> bool:
    """Whether Raut reads anything of it; False where it says why not."""
    try:
        file = VideoFile(content, "damaged")
        count = 0
        for count, frame in enumerate(file.frames(), start=1):
            assert frame.image_bgr.dtype == np.uint8 and frame.image_bgr.shape[2:] == (3,)
            if count == 30:  # damage may stretch it
                break
        file.frame_at(0.5)
    except VideoError:
        return False
    return count > 0
