"""Video files as frames: MP4, MOV, WebM, Matroska and AVI through PyAV, one frame in memory at a time."""

from __future__ import annotations

import io
import logging
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import av
import numpy as np
from av.error import FFmpegError
from av.stream import Disposition

from fer_core.errors import N_, VideoError
from fer_core.faces.images import MAX_PIXELS
from fer_core.videos.claim_limits import ClaimError
from fer_core.videos.claims import check_claims
from fer_core.videos.geometry import ShownFrames
from fer_core.videos.mp4_claims import is_fragmented

logger = logging.getLogger(__name__)

_DAMAGED_IN_A_ROW: Final = 50
"""After so many packets that cannot be decoded the rest of the file is given up."""

_WITHOUT_A_FRAME: Final = 2_000
"""After so many packets in a row that give no frame, the same."""
_FRAMES_FOR_ONE: Final = 20_000
"""After so many frames of which none is wanted, the same: no camera takes 20,000 in a second."""
_SEARCH_S: Final = 20.0
"""So long a frame is looked for at a time in a file that cannot be searched."""

_OPTIONS: Final = {
    "max_pixels": str(MAX_PIXELS),
    # Bytes that FFmpeg reads to learn of a track what its header leaves out; twenty times as many by default, all kept.
    "probesize": "250000",
}

LONGEST_S: Final = 400 * 86_400.0
"""A longer duration, over a year, is taken for a fault of the file."""


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
        duration_s: seconds from the first frame to the end of the last.
        width, height: pixels as a player shows them, before a phone's picture is turned the right way up.
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
        VideoError: empty, no video that Raut reads, damaged, more claimed than it holds, without pictures, or too many
            pixels.
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
        try:
            check_claims(content, self._format)
        except ClaimError as error:
            logger.info("%s: refused: %s", name, error)
            raise VideoError(
                N_(
                    "This video is damaged: it claims more than it holds, or has more parts than Raut reads ({name}). "
                    "Export or download it again, or try another one."
                ),
                name=name,
            ) from error
        self.damage: VideoError | None = None
        """Why a reading ended before the end of the video, or left frames out; None as long as none did."""
        with self._opened() as (container, stream):
            self.facts = _facts(container, stream, self._format == "mov" and is_fragmented(content))

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
        unwanted = 0
        search_until_s = time.monotonic() + _SEARCH_S
        with self._opened() as (container, stream):
            shown = ShownFrames(stream)
            if from_s > 0 and stream.time_base:
                self._seek(container, stream, from_s)
            for frame in self._decoded(container, stream):
                if from_s > 0 and unwanted and time.monotonic() > search_until_s:
                    return
                unwanted += 1
                if from_s == 0 and unwanted > _FRAMES_FOR_ONE:
                    self._give_up("too many frames of one time")
                    return
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
                unwanted = 0
                search_until_s = math.inf
                yield VideoFrame(time_s, shown.picture(frame))
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
                io.BytesIO(self._content),
                "r",
                format=self._format,
                metadata_errors="replace",
                options=_OPTIONS,
            )
        except (FFmpegError, ValueError, OverflowError) as error:
            raise self._damaged() from error
        with container:
            tracks = [stream for stream in container.streams.video if not _is_attached(stream)]
            if not tracks:
                raise VideoError(
                    N_("This file has no pictures, only sound or nothing ({name}). Choose a video."),
                    name=self._name,
                )
            stream = next((stream for stream in tracks if stream.codec_context is not None), tracks[0])
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
            # Also for a size that changes.
            stream.codec_context.options = {"max_pixels": _OPTIONS["max_pixels"]}
            stream.thread_type = "AUTO"
            yield container, stream

    def _decoded(
        self, container: av.container.InputContainer, stream: av.video.stream.VideoStream
    ) -> Iterator[av.VideoFrame]:
        bad_in_a_row = without_a_frame = 0
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
                    self._give_up(str(error))
                    return
                continue
            bad_in_a_row = 0
            without_a_frame = 0 if frames else without_a_frame + 1
            if without_a_frame > _WITHOUT_A_FRAME:
                self._give_up("too many packets without a frame")
                return
            yield from frames

    def _give_up(self, reason: str) -> None:
        self.damage = self._cut_short()
        logger.info("%s: given up after damage: %s", self._name, reason)

    def _seek(
        self, container: av.container.InputContainer, stream: av.video.stream.VideoStream, time_s: float
    ) -> None:
        assert stream.time_base is not None
        try:
            container.seek(int((time_s + _begin_of(stream)) / stream.time_base), stream=stream)
        except (FFmpegError, OverflowError):  # no index: read from the beginning, which `from_s` skips
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


def _is_attached(stream: av.video.stream.VideoStream) -> bool:
    """Whether the track is a picture that belongs to the file, such as the cover of a song."""
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


def _facts(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream, fragmented: bool
) -> VideoFacts:
    width, height = ShownFrames(stream).size(stream.width, stream.height)
    rate = stream.average_rate
    return VideoFacts(
        duration_s=_duration_s(container, stream, fragmented),
        width=width,
        height=height,
        frames_per_second=float(rate) if rate else None,
        codec=stream.codec_context.name,
    )


def _duration_s(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream, fragmented: bool
) -> float | None:
    """From the first frame to the end of the last; None where the file says nothing, or nothing that can be."""
    if stream.duration is not None and stream.time_base is not None:
        ticks = stream.duration
        if fragmented and len(stream.index_entries):  # then FFmpeg gives the end
            ticks -= max(0, stream.index_entries[0].timestamp)
        duration_s = float(ticks * stream.time_base)
    elif container.duration is not None:  # of Matroska: the end
        duration_s = container.duration / 1e6 - max(0.0, _begin_of(stream))  # microseconds
    else:
        return None
    return duration_s if 0 < duration_s <= LONGEST_S else None


def _begin_of(stream: av.video.stream.VideoStream) -> float:
    """Time of the first frame in seconds: not every video begins at 0."""
    if stream.start_time is None or stream.time_base is None:
        return 0.0
    return float(stream.start_time * stream.time_base)
