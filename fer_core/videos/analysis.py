"""A video file analysed frame by frame: who is in it, and what each face resembles over time.

Where frames come from is for the caller; nothing of them is kept but numbers, so a film of an hour takes a few
megabytes.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core import __version__
from fer_core.errors import RautError
from fer_core.faces.search import DetectionSettings
from fer_core.jobs import Job
from fer_core.machine import release_free_memory
from fer_core.recognition.answers import Recognizes
from fer_core.recognition.frames import LiveAnalyzer, LiveFace, LiveResult
from fer_core.recognition.table import VERSION_COLUMN, harmless_cell, result_columns

VIDEO_DETECTION: Final = DetectionSettings(
    scale_factor=1.15, neighbours=4, smallest_face=0.07, working_size=640
)
"""Between live video and photos: a file can wait, but has thousands of frames."""

GIVE_BACK_EVERY: Final = 100
"""Frames after which memory goes back to the system: an hour of video must not take more than a minute does."""
ESTIMATE_AFTER_S: Final = 2.0
"""Before so many seconds no time left is named: opening a file and its first frames take longer than others."""
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


VideoJob = Job[VideoMoment]


def analyze_video(
    frames: Iterable[tuple[float, np.ndarray]],
    recognizer: Recognizes,
    detection: DetectionSettings = VIDEO_DETECTION,
    *,
    duration_s: float | None = None,
    lives: Callable[[], bool] = lambda: True,
    leniency_s: float = 0.0,
) -> VideoJob:
    """Begin to run through the frames once.

    Args:
        frames: (seconds since the beginning, uint8 (H, W, 3) BGR) of each frame that is to be analysed, which the job
            asks for one by one.
        recognizer: the network that reads the faces.
        detection: how thoroughly faces are looked for.
        duration_s: of the video; None where nobody knows.
        lives: whether the reader's session is still there; asked before each frame.
        leniency_s: for so many seconds the session may be gone and come back.

    Returns:
        A job with a moment for each frame, in the order of time, which counts seconds of the video. A face counts from
        the first frame on in which it was seen, once a later one has confirmed it; in a video of one frame at once.
    """
    analyzer = LiveAnalyzer(
        recognizer, detection, reads_a_frame=1_000, read_every_s=0.0, shows_unconfirmed=True
    )

    def work(job: VideoJob) -> None:
        waiting = _WaitingMoments(job)
        try:
            for count, (time_s, image_bgr) in enumerate(frames, start=1):
                if not job.should_continue():
                    return
                waiting.add(time_s, analyzer.analyze(image_bgr, time_s))
                if count % GIVE_BACK_EVERY == 0:
                    release_free_memory()
        finally:
            waiting.close()

    return Job(
        work,
        name="raut-video",
        total=duration_s,
        lives=lives,
        leniency_s=leniency_s,
        estimate_after_s=ESTIMATE_AFTER_S,
    )


class _WaitingMoments:
    """Moments with faces of which the next frames will say whether they are any; all others go to the job at once."""

    def __init__(self, job: VideoJob) -> None:
        self._job = job
        self._moments: deque[VideoMoment] = deque()
        self._unconfirmed: frozenset[int] = frozenset()
        self._confirmed: set[int] = set()
        self._count = 0

    def add(self, time_s: float, result: LiveResult) -> None:
        self._count += 1
        self._moments.append(VideoMoment(time_s, result.faces))
        self._unconfirmed = result.unconfirmed
        self._confirmed |= {face.track for face in result.faces} - self._unconfirmed
        while self._moments and not self._unconfirmed & {face.track for face in self._moments[0].faces}:
            self._hand_over(self._confirmed)
        self._job.report(time_s)

    def close(self) -> None:
        """No frame follows: of a single frame all faces count, as in a photo."""
        while self._moments:
            self._hand_over(self._confirmed | (self._unconfirmed if self._count == 1 else frozenset()))

    def _hand_over(self, tracks: Collection[int]) -> None:
        moment = self._moments.popleft()
        faces = tuple(face for face in moment.faces if face.track in tracks)
        self._job.add(VideoMoment(moment.time_s, faces), done=moment.time_s)


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
