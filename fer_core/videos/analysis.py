"""A video file analysed frame by frame: who is in it, and what each face resembles over time.

Where frames come from is for the caller; nothing of them is kept but numbers, so a film of an hour takes a few
megabytes.
"""

from __future__ import annotations

import csv
import io
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fer_core import __version__
from fer_core.errors import RautError
from fer_core.faces.search import DetectionSettings
from fer_core.machine import release_free_memory
from fer_core.recognition.answers import Recognizes
from fer_core.recognition.frames import LiveAnalyzer, LiveFace
from fer_core.recognition.table import VERSION_COLUMN, harmless_cell, result_columns

logger = logging.getLogger(__name__)

VIDEO_DETECTION: Final = DetectionSettings(
    scale_factor=1.15, neighbours=4, smallest_face=0.07, working_size=640
)
"""Between live video and photos: a file can wait, but has thousands of frames."""

GIVE_BACK_EVERY: Final = 100
"""Frames after which memory goes back to the system: an hour of video must not take more than a minute does."""
RATES: Final = (1, 2, 5, 10)
"""Frames a second that may be asked for; expressions last half a second and longer."""


@dataclass(frozen=True, eq=False)
class VideoMoment:
    """One analysed frame.

    Attributes:
        time_s: since the beginning of the video.
        faces: by number, ascending; a face keeps its number while it is followed.
    """

    time_s: float
    faces: tuple[LiveFace, ...]


@dataclass(frozen=True)
class VideoProgress:
    """How far an analysis is.

    Attributes:
        reached_s: time of the newest analysed frame, in seconds of the video.
        moments: analysed frames.
        finished: the end was reached, or it was cancelled, or it failed.
        cancelled: by `VideoAnalysis.cancel`; what was done is kept.
        error: why it ended early, for the reader.
    """

    reached_s: float = 0.0
    moments: int = 0
    finished: bool = False
    cancelled: bool = False
    error: Exception | None = None


def _without_frames(error: Exception) -> Exception:
    """The error as it can be kept: what it holds of the analysis, pictures among it, is logged and let go."""
    if isinstance(error, RautError):
        return error.without_traceback()
    logger.error("The analysis of a video ended with an error", exc_info=error)
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


class VideoAnalysis:
    """Runs through the frames once, in a thread of the caller's; may be watched and cancelled from another.

    Args:
        frames: (seconds since the beginning, uint8 (H, W, 3) BGR) of each frame that is to be analysed.
        recognizer: the network that reads the faces.
        detection: how thoroughly faces are looked for.
    """

    def __init__(
        self,
        frames: Callable[[], Iterable[tuple[float, np.ndarray]]],
        recognizer: Recognizes,
        detection: DetectionSettings = VIDEO_DETECTION,
    ) -> None:
        self.labels = tuple(recognizer.labels)
        self._frames = frames
        self._analyzer = LiveAnalyzer(recognizer, detection, reads_a_frame=1_000, read_every_s=0.0)
        self._lock = threading.Lock()
        self._moments: list[VideoMoment] = []
        self._progress = VideoProgress()
        self._cancel = threading.Event()

    def run(self) -> None:
        """Analyse to the end. Never raises: `progress.error` has what went wrong."""
        error: Exception | None = None
        try:
            for time_s, image_bgr in self._frames():
                if self._cancel.is_set():
                    break
                result = self._analyzer.analyze(image_bgr, time_s)
                with self._lock:
                    self._moments.append(VideoMoment(time_s, result.faces))
                    self._progress = replace(self._progress, reached_s=time_s, moments=len(self._moments))
                if len(self._moments) % GIVE_BACK_EVERY == 0:
                    release_free_memory()
        except Exception as caught:  # noqa: BLE001 - a thread has nobody to raise to
            error = _without_frames(caught)
        with self._lock:
            self._progress = replace(
                self._progress, finished=True, cancelled=self._cancel.is_set(), error=error
            )

    def cancel(self) -> None:
        """End after the present frame."""
        self._cancel.set()

    @property
    def progress(self) -> VideoProgress:
        """As it is now."""
        with self._lock:
            return self._progress

    @property
    def moments(self) -> list[VideoMoment]:
        """What is analysed so far, in the order of time."""
        with self._lock:
            return list(self._moments)


def moment_at(moments: Sequence[VideoMoment], time_s: float) -> VideoMoment | None:
    """The analysed frame that is nearest to that time; None where there is none."""
    return min(moments, key=lambda moment: abs(moment.time_s - time_s), default=None)


def video_columns(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns of `video_csv`, in their order."""
    first, *further, status, version = result_columns(labels)
    return (first, "time_s", *further, "answer", status, version)


def video_csv(
    name: str, moments: Iterable[VideoMoment], labels: Sequence[str], damage: RautError | None
) -> str:
    """One row for each frame and face, as CSV (RFC 4180); a frame without a face is one row.

    Args:
        name: of the file.
        moments: in the order of time.
        labels: of the network.
        damage: why the video could not be read to its end; then the last row has the status "error".

    Returns:
        `label` is the one that is named, smoothed over time; `answer` is the same or "unsure". Pixels are those of
        the frame the right way up; probabilities have six decimals and times three.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, video_columns(labels), restval="", lineterminator="\r\n")
    writer.writeheader()
    safe_name = harmless_cell(name)
    last_s = 0.0
    for moment in moments:
        last_s = moment.time_s
        frame = {"file": safe_name, "time_s": f"{moment.time_s:.3f}", VERSION_COLUMN: __version__}
        if not moment.faces:
            writer.writerow({**frame, "status": "no_face"})
        for face in moment.faces:
            x1, y1, x2, y2 = (int(value) for value in face.box_xyxy)
            shares = {
                label: f"{float(share):.6f}" for label, share in zip(labels, face.probabilities, strict=True)
            }
            writer.writerow(
                {
                    **frame, "face": face.number, "x": x1, "y": y1, "width": x2 - x1, "height": y2 - y1,
                    **shares, "label": face.label, "answer": face.answer, "status": "ok",
                }
            )  # fmt: skip
    if damage is not None:
        writer.writerow(
            {
                "file": safe_name,
                "time_s": f"{last_s:.3f}",
                "status": "error",
                VERSION_COLUMN: __version__,
            }
        )
    return text.getvalue()
