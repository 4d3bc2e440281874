"""A video file analysed frame by frame: who is in it, and what each face resembles over time.

Where frames come from is for the caller; nothing of them is kept but numbers, so a film of an hour takes a few
megabytes.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from fer_core.csv_files import harmless_cell
from fer_core.errors import RautError
from fer_core.faces.boxes import iou
from fer_core.faces.detection import FaceDetector
from fer_core.faces.search import FaceSearch, photo_search, video_search
from fer_core.jobs import Job
from fer_core.machine import release_free_memory
from fer_core.recognition.answers import Recognizes
from fer_core.recognition.frames import LiveAnalyzer, LiveFace, LiveResult
from fer_core.recognition.provenance import PROVENANCE_COLUMNS, Provenance

GIVE_BACK_EVERY: Final = 100
"""Frames after which memory goes back to the system: an hour of video must not take more than a minute does."""
ESTIMATE_AFTER_S: Final = 2.0
"""Before so many seconds no time left is named: opening a file and its first frames take longer than others."""
_SAME_FACE: Final = 0.4  # intersection over union of two boxes of one face
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
    search: FaceSearch | None = None,
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
        search: how faces are looked for; None for `video_search()`.
        duration_s: of the video; None where nobody knows.
        lives: whether the reader's session is still there; asked before each frame.
        leniency_s: for so many seconds the session may be gone and come back.

    Returns:
        A job with a moment for each frame, in the order of time, which counts seconds of the video. A face counts from
        the first frame on in which it was seen, once a later one has confirmed it; in the first frame also where a
        search as in a photo finds it, since nothing before it was there to be confirmed; in a video of one frame at
        once.
    """
    used = video_search() if search is None else search
    analyzer = LiveAnalyzer(recognizer, used, reads_a_frame=1_000, read_every_s=0.0, shows_unconfirmed=True)

    def work(job: VideoJob) -> None:
        waiting = _WaitingMoments(job)
        try:
            for count, (time_s, image_bgr) in enumerate(frames, start=1):
                if not job.should_continue():
                    return
                result = analyzer.analyze(image_bgr, time_s)
                waiting.add(
                    time_s, result, _found_in_a_photo(image_bgr, result, used.detector) if count == 1 else ()
                )
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

    def add(self, time_s: float, result: LiveResult, certain: Collection[int] = ()) -> None:
        """Take in the next frame.

        Args:
            time_s: of it.
            result: what it showed.
            certain: tracks of its faces that need no other frame to confirm them.
        """
        self._count += 1
        self._moments.append(VideoMoment(time_s, result.faces))
        self._confirmed |= {*certain, *({face.track for face in result.faces} - result.unconfirmed)}
        self._unconfirmed = result.unconfirmed - self._confirmed
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


def _found_in_a_photo(image_bgr: np.ndarray, result: LiveResult, detector: str) -> set[int]:
    """Tracks of the faces that a search finds as well that is meant for single pictures."""
    if not result.faces:
        return set()
    image_gray = cv2.cvtColor(image_bgr, cv2.COLOR_BGR2GRAY)
    found = FaceDetector(photo_search("normal", detector)).detect(image_gray, image_bgr[..., ::-1]).boxes_xyxy
    if not len(found):
        return set()
    overlaps = iou(np.stack([face.box_xyxy for face in result.faces]), found)  # (faces, found)
    return {
        face.track
        for face, best in zip(result.faces, overlaps.max(axis=1), strict=True)
        if best >= _SAME_FACE
    }


def moment_at(moments: Sequence[VideoMoment], time_s: float) -> VideoMoment | None:
    """The analysed frame that is nearest to that time; None where there is none."""
    return min(moments, key=lambda moment: abs(moment.time_s - time_s), default=None)


class FacesBetween:
    """The faces of any frame of a video, also of one between two that were analysed.

    Args:
        moments: in the order of time.
        hold_s: for so long the faces of a moment are where they were, if none follows; twice as far apart or more, two
            moments say nothing of the time between them.
    """

    def __init__(self, moments: Sequence[VideoMoment], hold_s: float) -> None:
        self._moments = moments
        self._times_s = [moment.time_s for moment in moments]
        self._hold_s = hold_s

    def at(self, time_s: float) -> tuple[LiveFace, ...]:
        """The faces with the answers of the moment before, and their boxes on the way to the moment behind."""
        position = bisect_right(self._times_s, time_s + 1e-4) - 1
        if position < 0:
            return ()
        before = self._moments[position]
        after = self._moments[position + 1] if position + 1 < len(self._moments) else None
        if after is None or after.time_s - before.time_s > 2 * self._hold_s:
            return before.faces if time_s - before.time_s < self._hold_s else ()
        share = max(0.0, time_s - before.time_s) / (after.time_s - before.time_s)
        goals = {face.track: face.box_xyxy for face in after.faces}
        return tuple(
            replace(face, box_xyxy=_between(face.box_xyxy, goals[face.track], share))
            if face.track in goals
            else face
            for face in before.faces
        )


def _between(first_xyxy: np.ndarray, then_xyxy: np.ndarray, share: float) -> np.ndarray:
    return np.rint((1 - share) * first_xyxy + share * then_xyxy).astype(np.int32)


def video_columns(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns of `video_csv`, in their order."""
    return (
        *("file", "time_s", "face", "x", "y", "width", "height"),
        *labels,
        *("label", "answer", "status", "found_by", "turn_degrees"),
        *PROVENANCE_COLUMNS,
    )


def video_csv(
    name: str,
    moments: Iterable[VideoMoment],
    labels: Sequence[str],
    damage: RautError | None,
    source: Provenance,
) -> str:
    """One row for each frame and face, as CSV (RFC 4180); a frame without a face is one row.

    Args:
        name: of the file.
        moments: in the order of time.
        labels: of the network.
        damage: why the video could not be read to its end; then the last row has the status "error".
        source: the network that read the faces, the detector that found them, the settings and the time.

    Returns:
        `label` is the one that is named, smoothed over time; `answer` is the same or "unsure"; `found_by` says which
        detectors found the face ("haar", "blazeface", "both"), `turn_degrees` by how much it was turned upright, 0 for
        not at all. Pixels are those of the frame the right way up; probabilities have six decimals, times three and
        degrees one.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, video_columns(labels), restval="", lineterminator="\r\n")
    writer.writeheader()
    safe_name = harmless_cell(name)
    cells = source.cells()
    last_s = 0.0
    for moment in moments:
        last_s = moment.time_s
        frame = {"file": safe_name, "time_s": f"{moment.time_s:.3f}", **cells}
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
                    "found_by": face.found_by, "turn_degrees": f"{face.turn_degrees:.1f}",
                }
            )  # fmt: skip
    if damage is not None:
        writer.writerow({"file": safe_name, "time_s": f"{last_s:.3f}", "status": "error", **cells})
    return text.getvalue()
