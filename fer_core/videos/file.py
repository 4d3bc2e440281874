"""Video files as frames: MP4, MOV, WebM, Matroska and AVI through PyAV, one frame in memory at a time."""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import av
import cv2
import numpy as np
from av.error import FFmpegError

from fer_core import __version__
from fer_core.errors import N_, VideoError
from fer_core.faces.images import MAX_PIXELS

logger = logging.getLogger(__name__)

_DAMAGED_IN_A_ROW: Final = 50
"""After so many packets that cannot be decoded the rest of the file is given up."""

_QUARTER_TURNS: Final = {
    1: cv2.ROTATE_90_COUNTERCLOCKWISE,
    2: cv2.ROTATE_180,
    3: cv2.ROTATE_90_CLOCKWISE,
}


@dataclass(frozen=True, eq=False)
class VideoFrame:
    """One frame.

    Attributes:
        time_s: since the beginning of the video, as the file says it; rates may vary.
        image_bgr: uint8 (H, W, 3), the right way up.
    """

    time_s: float
    image_bgr: np.ndarray


@dataclass(frozen=True)
class VideoFacts:
    """What the file says of itself; None where it does not.

    Attributes:
        duration_s: seconds.
        width, height: pixels, before a phone's picture is turned the right way up.
        frames_per_second: on average.
        codec: FFmpeg's name of it.
    """

    duration_s: float | None
    width: int
    height: int
    frames_per_second: float | None
    codec: str


class VideoFile:
    """A video in memory. Nothing of it is written to disk, and no address in it is followed.

    Args:
        content: of the file.
        name: its name, for the sentence of an error.

    Raises:
        VideoError: empty, no video that Raut reads, damaged, without pictures, or too many pixels.
    """

    def __init__(self, content: bytes, name: str) -> None:
        if not content:
            raise VideoError(N_("This file is empty ({name}). Copy or download it again."), name=name)
        self._content = content
        self._name = name
        self._format = _container_format(content)
        if self._format is None:
            raise VideoError(
                N_("This file is not a video Raut can read ({name}). Use MP4, MOV, WebM or AVI."), name=name
            )
        self.damage: VideoError | None = None
        """Why a reading ended before the end of the video, or left frames out; None as long as none did."""
        with self._opened() as (container, stream):
            self.facts = _facts(container, stream)

    def frames(self, frames_per_second: float | None = None, *, from_s: float = 0.0) -> Iterator[VideoFrame]:
        """The frames in the order of their times, and `damage` afterwards.

        Args:
            frames_per_second: at most so many, evenly spread; None for all.
            from_s: begin with the frame that is shown at that time.

        Raises:
            VideoError: not one frame can be read.
        """
        if frames_per_second is not None and not frames_per_second > 0:
            raise ValueError(f"Expected a rate over 0. Received: {frames_per_second}")
        begin_s: float | None = None
        last_s = -math.inf
        last_slot = -1
        with self._opened() as (container, stream):
            if from_s > 0 and stream.time_base:
                self._seek(container, stream, from_s)
            for frame in self._decoded(container, stream):
                if frame.time is None:
                    continue
                if begin_s is None:
                    begin_s = _begin_of(stream) if from_s > 0 else frame.time
                time_s = frame.time - begin_s
                if time_s <= last_s or time_s < from_s - 1e-6:
                    continue
                if frames_per_second is not None:
                    slot = time_slot(time_s, frames_per_second)
                    if slot <= last_slot:
                        continue
                    last_slot = slot
                last_s = time_s
                yield VideoFrame(time_s, _upright(frame))
        if not math.isfinite(last_s) and from_s == 0:
            raise self._damaged()

    def frame_at(self, time_s: float) -> VideoFrame | None:
        """The first frame at that time or after it; None beyond the end. Leaves `damage` as it is."""
        damage = self.damage
        try:
            return next(self.frames(from_s=max(0.0, time_s)), None)
        finally:
            self.damage = damage

    @contextmanager
    def _opened(self) -> Iterator[tuple[av.container.InputContainer, av.video.stream.VideoStream]]:
        try:
            container = av.open(
                io.BytesIO(self._content), "r", format=self._format, metadata_errors="replace"
            )
        except (FFmpegError, ValueError, OverflowError) as error:
            raise self._damaged() from error
        with container:
            if not container.streams.video:
                raise VideoError(
                    N_("This file has no pictures, only sound or nothing ({name}). Choose a video."),
                    name=self._name,
                )
            stream = container.streams.video[0]
            if stream.codec_context is None:
                raise VideoError(
                    N_(
                        "The pictures of this video are coded in a way that Raut cannot read ({name}). Save it as "
                        "MP4 with H.264."
                    ),
                    name=self._name,
                )
            if stream.width * stream.height > MAX_PIXELS:
                raise VideoError(
                    N_(
                        "This video has too many pixels ({name}). Reduce it to at most {megapixels} megapixels."
                    ),
                    name=self._name,
                    megapixels=MAX_PIXELS // 1_000_000,
                )
            stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}  # also for a size that changes
            stream.thread_type = "AUTO"
            yield container, stream

    def _decoded(
        self, container: av.container.InputContainer, stream: av.video.stream.VideoStream
    ) -> Iterator[av.VideoFrame]:
        bad_in_a_row = 0
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                frames = packet.decode()
            except FFmpegError as error:
                bad_in_a_row += 1
                self.damage = self._cut_short()
                if bad_in_a_row > _DAMAGED_IN_A_ROW or not isinstance(error, av.error.InvalidDataError):
                    logger.info("%s: given up after damage: %s", self._name, error)
                    return
                continue
            bad_in_a_row = 0
            yield from frames

    def _seek(
        self, container: av.container.InputContainer, stream: av.video.stream.VideoStream, time_s: float
    ) -> None:
        assert stream.time_base is not None
        try:
            container.seek(int((time_s + _begin_of(stream)) / stream.time_base), stream=stream)
        except FFmpegError:  # no index: read from the beginning, which `from_s` skips
            logger.info("%s cannot be searched; read from its beginning", self._name)

    def _damaged(self) -> VideoError:
        return VideoError(
            N_("This video is damaged or cut short ({name}). Copy or download it again, or try another one."),
            name=self._name,
        )

    def _cut_short(self) -> VideoError:
        return VideoError(
            N_("Parts of this video are damaged ({name}): what could be read is here, the rest is missing."),
            name=self._name,
        )


def time_slot(time_s: float, frames_per_second: float) -> int:
    """Which of the evenly spread frames one at that time can be; the first for each number is taken."""
    # A little early counts: 30 frames a second of a video of 29.97 are all of them and not half. The last summand
    # is for times a hair below the tenth: of 50 frames a second, it would be now the ninth and now the tenth.
    return math.floor(time_s * frames_per_second + 0.1 + 1e-9)


def _container_format(content: bytes) -> str | None:
    """FFmpeg's demuxer, by what the file begins with; None for any other.

    Named here and not left to FFmpeg, which also knows forms that open other files or addresses
    (playlists).
    """
    if content[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    if content[:4] == b"RIFF" and content[8:12] == b"AVI ":
        return "avi"
    if content[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return "mov"
    return None


def _facts(container: av.container.InputContainer, stream: av.video.stream.VideoStream) -> VideoFacts:
    duration_s = None
    if stream.duration is not None and stream.time_base is not None:
        duration_s = float(stream.duration * stream.time_base)
    elif container.duration is not None:
        duration_s = container.duration / 1e6  # microseconds
    rate = stream.average_rate
    return VideoFacts(
        duration_s=duration_s if duration_s and duration_s > 0 else None,
        width=stream.width,
        height=stream.height,
        frames_per_second=float(rate) if rate else None,
        codec=stream.codec_context.name,
    )


def _begin_of(stream: av.video.stream.VideoStream) -> float:
    """Time of the first frame in seconds: not every video begins at 0."""
    if stream.start_time is None or stream.time_base is None:
        return 0.0
    return float(stream.start_time * stream.time_base)


def _upright(frame: av.VideoFrame) -> np.ndarray:
    """uint8 (H, W, 3) BGR, turned as a phone's sensor says."""
    image_bgr = frame.to_ndarray(format="bgr24")
    turns = round(frame.rotation / 90) % 4  # degrees, counter-clockwise
    return image_bgr if turns == 0 else cv2.rotate(image_bgr, _QUARTER_TURNS[turns])


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
