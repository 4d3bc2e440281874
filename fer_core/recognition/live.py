"""Live video: a frame in, numbered faces with probabilities out, and a slot that holds the newest of them.

Nothing here knows where frames come from or what shows them. `LiveSession` is what a frame callback calls
from its own thread, while a page sets it up and reads from it in another.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import cv2
import numpy as np

from fer_core.errors import N_, RautError
from fer_core.faces.boxes import FaceDetections, mirrored_boxes
from fer_core.faces.detection import DetectionSettings
from fer_core.faces.quality import TooFarAway, face_side
from fer_core.faces.tracking import LIVE_DETECTION, FaceTracker
from fer_core.labels import UNSURE
from fer_core.recognition.answers import RecognizedFace
from fer_core.recognition.conformal import PredictionSets, set_codes
from fer_core.recognition.drawing import FaceDrawer, FaceMark
from fer_core.recognition.live_record import LiveRecord
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.recognition.steadying import TIME_CONSTANT_S, SteadyAnswers
from fer_core.store import NetworkInfo

logger = logging.getLogger(__name__)

READ_A_FRAME = 1
"""Faces that the network reads in one frame, those apart that are new: they take turns.

Reading costs more than all else together, and three faces at 30 frames a second are then read ten times a second each.
"""

READ_EVERY_S = 1 / 16
"""Seconds until a face may be read again: its answer is smoothed over longer, and a fast camera shows nothing new."""


class Recognizes(Protocol):
    """What live video needs of a recogniser; `ExpressionRecognizer` is one."""

    @property
    def labels(self) -> tuple[str, ...]: ...

    @property
    def prediction_sets(self) -> PredictionSets | None: ...

    def predict(self, faces_gray: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True, eq=False)
class LiveFace(RecognizedFace):
    """One face of one frame; it keeps its number from frame to frame. All of its answer is smoothed over time.

    `label` is what is named: it stays until another expression is clearly more probable.
    """

    label_probability: float
    too_small: bool = field(default=False, kw_only=True)
    """The face has too few pixels to be read: it is numbered and not named."""

    @property
    def probability(self) -> float:
        """That of `label`, 0 to 1."""
        return self.label_probability

    @property
    def unsure(self) -> bool | None:
        """As of any face; a face that is too small is never named."""
        return True if self.too_small else super().unsure


@dataclass(frozen=True, eq=False)
class LiveResult:
    """What one frame showed. No face is a result, not an error."""

    faces: tuple[LiveFace, ...]
    """By number, ascending."""
    labels: tuple[str, ...]
    frame_size: tuple[int, int]
    """Width, height in pixels."""
    scanned: bool
    """Whether a part of the whole frame's scan was done, and not only a search at the places of known faces."""
    detection_ms: float
    recognition_ms: float


class LiveAnalyzer:
    """Faces and expressions in the frames of one video. For one thread at a time.

    Args:
        recognizer: the network that reads the faces.
        detection: how thoroughly faces are looked for.
        reads_a_frame: faces that the network reads in one frame, new ones apart.
        read_every_s: seconds until a face is read again; 0 for every frame.
        smoothing_s: time constant of the smoothing over time, in seconds.

    Raises:
        DetectionError: this OpenCV cannot load the face cascade.
    """

    def __init__(
        self,
        recognizer: Recognizes,
        detection: DetectionSettings = LIVE_DETECTION,
        *,
        reads_a_frame: int = READ_A_FRAME,
        read_every_s: float = READ_EVERY_S,
        smoothing_s: float = TIME_CONSTANT_S,
    ) -> None:
        self._reads_a_frame = reads_a_frame
        self._read_every_s = read_every_s
        self._tracker = FaceTracker(detection)
        self.use(recognizer, smoothing_s)

    def use(self, recognizer: Recognizes, smoothing_s: float = TIME_CONSTANT_S) -> None:
        """Read the faces with this network, smoothed so long, from now on; they keep their numbers."""
        self.recognizer = recognizer
        self._steady = SteadyAnswers(len(recognizer.labels), recognizer.prediction_sets, smoothing_s)

    def analyze(self, frame_bgr: np.ndarray, now_s: float | None = None) -> LiveResult:
        """The faces in the next frame.

        Args:
            frame_bgr: uint8 (H, W, 3), 0-255; its size may change from one frame to the next.
            now_s: when it was taken, in seconds; None for now. What is smoothed depends on it.

        Returns:
            The faces in sight, each with the number it keeps while it moves.

        Raises:
            ValueError: another shape or dtype.
        """
        if (
            frame_bgr.ndim != 3
            or frame_bgr.shape[2] != 3
            or frame_bgr.dtype != np.uint8
            or not frame_bgr.size
        ):
            raise ValueError(f"Expected uint8 (H, W, 3). Received: {frame_bgr.dtype} {frame_bgr.shape}")
        start = time.perf_counter()
        moment_s = time.monotonic() if now_s is None else now_s
        frame_gray = cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2GRAY)  # (H, W, 3) -> (H, W)
        tracked = self._tracker.update(frame_gray, moment_s)
        self._steady.keep(tracked.numbers, moment_s)
        due = self._steady.due(tracked.numbers, self._reads_a_frame, moment_s - self._read_every_s)
        crops = self._tracker.detector.crops(
            frame_gray, FaceDetections(tracked.boxes_xyxy[due], tracked.frame_size, tracked.elapsed_ms)
        )
        detected = time.perf_counter()
        labels = tuple(self.recognizer.labels)
        if due:
            self._steady.update(
                [tracked.numbers[row] for row in due], self.recognizer.predict(crops), moment_s
            )
        rows = self._steady.rows(tracked.numbers)
        sets = set_codes(rows.members, rows.probabilities, labels)
        faces = tuple(
            LiveFace(
                number,
                box_xyxy,
                row,
                labels[named],
                float(row[named]),
                prediction_set=_named_first(codes, labels[named]),
            )
            for number, box_xyxy, row, named, codes in zip(
                tracked.numbers, tracked.boxes_xyxy, rows.probabilities, rows.labels, sets, strict=True
            )
        )
        recognized = time.perf_counter()
        return LiveResult(
            faces,
            labels,
            tracked.frame_size,
            tracked.scanned,
            (detected - start) * 1000,
            (recognized - detected) * 1000,
        )


def _named_first(codes: tuple[str, ...] | None, label: str) -> tuple[str, ...] | None:
    return None if codes is None else (label, *(code for code in codes if code != label))


@dataclass(frozen=True)
class Captions:
    """What is written at a face, in the reader's language.

    The thread of the video knows no reader, so the page hands over all it can come to need.
    """

    names: Mapping[str, str]
    """Code of the expression to its name."""
    percents: tuple[str, ...]
    """101 texts: position p is shown for a probability that rounds to p per cent."""

    def __post_init__(self) -> None:
        if len(self.percents) != 101:
            raise ValueError(f"Expected 101 texts, for 0 to 100 per cent. Received: {len(self.percents)}")

    def text(self, label: str, probability: float) -> str:
        """ "happy", 0.731 -> "Happy 73 %"."""
        return f"{self.names[label]} {self.percents[round(100 * probability)]}"

    def face_text(self, face: RecognizedFace) -> str:
        """The face's answer; "unsure" has no probability of its own and stands alone."""
        return self.names[UNSURE] if face.unsure else self.text(face.label, face.probability)


def draw_result(
    drawer: FaceDrawer,
    frame_bgr: np.ndarray,
    result: LiveResult,
    captions: Captions,
    *,
    mirrored: bool = False,
    text_scale: float = 1.0,
) -> np.ndarray:
    """The frame with box, number, sign and answer at each face; drawn on in place if possible.

    Args:
        drawer: draws them.
        frame_bgr: uint8 (H, W, 3), the frame that was analysed, turned already if it is shown as in a mirror.
        result: what was found in it, before it was turned.
        captions: names and percentages.
        mirrored: whether the frame was turned left to right.
        text_scale: by how much the text is larger than usual.

    Returns:
        uint8 (H, W, 3), BGR.
    """
    marks = [
        FaceMark(
            mirrored_boxes(face.box_xyxy, result.frame_size[0])[0] if mirrored else face.box_xyxy,
            face.number,
            "" if face.too_small else captions.face_text(face),
            face.answer,
            sign=not face.too_small,
        )
        for face in result.faces
    ]
    return drawer.draw(frame_bgr, marks, text_scale=text_scale)


class LatestResult:
    """A slot for one result between two threads: the newest wins, nothing piles up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._result: LiveResult | None = None
        self._frame_bgr: np.ndarray | None = None
        self._count = 0

    def put(self, result: LiveResult, frame_bgr: np.ndarray | None = None) -> None:
        """Take in a result and the frame it belongs to, uint8 (H, W, 3), which must not be drawn on any more."""
        with self._lock:
            self._result = result
            self._frame_bgr = frame_bgr
            self._count += 1

    def get(self) -> LiveResult | None:
        """The newest result; None before the first and after `clear`. It stays in the slot."""
        with self._lock:
            return self._result

    def with_frame(self) -> tuple[LiveResult, np.ndarray] | None:
        """The newest result and the frame it was found in, uint8 (H, W, 3), BGR: not mirrored, nothing drawn in.

        None where `get` is None. The frame is the slot's own: copy it before drawing on it.
        """
        with self._lock:
            if self._result is None or self._frame_bgr is None:
                return None
            return self._result, self._frame_bgr

    def clear(self) -> None:
        with self._lock:
            self._result = self._frame_bgr = None

    @property
    def count(self) -> int:
        """How many results were put in since the beginning."""
        with self._lock:
            return self._count


class FrozenFrame:
    """Hands one frame from the thread of the video to another that asks for it. Copies nothing unasked."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._asked = 0
        self._frame_bgr: np.ndarray | None = None

    def offer(self, frame_bgr: np.ndarray) -> None:
        """The next frame, before anything is drawn into it."""
        with self._changed:
            if self._asked and self._frame_bgr is None:
                self._frame_bgr = frame_bgr.copy()
                self._changed.notify_all()

    def take(self, timeout_s: float) -> np.ndarray | None:
        """Wait for a frame, uint8 (H, W, 3); None where none comes in that time."""
        with self._changed:
            self._asked += 1
            try:
                self._changed.wait_for(lambda: self._frame_bgr is not None, timeout_s)
                return self._frame_bgr
            finally:
                self._asked -= 1
                if not self._asked:
                    self._frame_bgr = None


@dataclass(frozen=True)
class LiveSettings:
    """What a page may change while the video runs."""

    network: NetworkInfo
    detection: DetectionSettings
    captions: Captions
    smoothing_s: float = TIME_CONSTANT_S
    """Time constant of the smoothing over time, in seconds."""
    mirrored: bool = False
    """Show the video as a mirror does. What is found is always told of the camera's own picture."""
    text_scale: float = 1.0
    """By how much the text in the video is larger than usual."""


def _for_the_viewer(frame_bgr: np.ndarray, settings: LiveSettings) -> np.ndarray:
    """A frame to draw on, as in a mirror where that is wanted; the camera's own stays as it is."""
    return np.ascontiguousarray(frame_bgr[:, ::-1]) if settings.mirrored else frame_bgr.copy()


class LiveSession:
    """One viewer's video: set up from a page, fed from a frame callback, read from a page. Thread-safe.

    Detector and recogniser are made with the first frame, made anew when the settings ask for others, and
    freed by `close`. Frames go through one at a time.

    Args:
        settings: what to start with.
        make_recognizer: opens a network.
    """

    def __init__(
        self,
        settings: LiveSettings,
        make_recognizer: Callable[[NetworkInfo], Recognizes] = ExpressionRecognizer,
    ) -> None:
        self.latest = LatestResult()
        self.record = LiveRecord()
        """What was shown since the video began; it outlasts the video."""
        self._ended = True  # the next frame begins a new session
        self._frozen = FrozenFrame()
        self._make_recognizer = make_recognizer
        self._drawer = FaceDrawer()
        self._settings_lock = threading.Lock()
        self._settings = settings
        self._error: RautError | None = None
        self._frame_lock = threading.Lock()  # guards what follows
        self._analyzer: LiveAnalyzer | None = None
        self._too_far = TooFarAway()
        self._made_for: tuple[NetworkInfo, DetectionSettings, float] | None = None
        self._refused: tuple[NetworkInfo, Exception] | None = None

    def configure(self, settings: LiveSettings) -> None:
        """Use these settings from the next frame on."""
        with self._settings_lock:
            self._settings = settings

    @property
    def error(self) -> RautError | None:
        """Why the newest frame could not be analysed, as a sentence for the viewer; None when it could."""
        with self._settings_lock:
            return self._error

    def process(self, frame_bgr: np.ndarray) -> np.ndarray:
        """Analyse a frame, keep the result in `latest`, and give back the frame with the faces drawn in.

        Never raises: a frame that cannot be analysed comes back as it is, so that the video goes on. The
        reason is logged once for each run of such frames, and stays in `error` meanwhile.

        Args:
            frame_bgr: uint8 (H, W, 3); the session keeps it until the next one comes.

        Returns:
            uint8 (H, W, 3), BGR; mirrored where the settings say so.
        """
        with self._settings_lock:
            settings = self._settings
        self._frozen.offer(frame_bgr)
        try:
            with self._frame_lock:
                if self._ended:
                    self.record.begin()
                    self._ended = False
                result = self._analyzer_for(settings).analyze(frame_bgr)
                result = replace(result, faces=self._judged(result.faces))
            self.record.add(result.faces, result.labels, settings.network.id)
            drawn = draw_result(
                self._drawer,
                _for_the_viewer(frame_bgr, settings),
                result,
                settings.captions,
                mirrored=settings.mirrored,
                text_scale=settings.text_scale,
            )
        except Exception as error:  # noqa: BLE001 - an exception here would end the video
            self._note(error)
            self.latest.clear()
            return _for_the_viewer(frame_bgr, settings)
        self._note(None)
        self.latest.put(result, frame_bgr)
        return drawn

    def freeze(self, timeout_s: float = 1.0) -> np.ndarray | None:
        """The next frame as it comes from the camera, uint8 (H, W, 3) BGR; None where none comes in that time."""
        return self._frozen.take(timeout_s)

    def close(self) -> None:
        """Free detector and recogniser and empty the slot. A further frame makes them anew, and begins a new record."""
        with self._frame_lock:
            self._ended = True
            self._analyzer = None
            self._made_for = None
            self._refused = None
        self._note(None)
        self.latest.clear()

    def _analyzer_for(self, settings: LiveSettings) -> LiveAnalyzer:
        wanted = settings.network, settings.detection, settings.smoothing_s
        network, detection, smoothing_s = wanted
        if self._analyzer is None or self._made_for is None:
            self._analyzer = LiveAnalyzer(self._open(network), detection, smoothing_s=smoothing_s)
        elif self._made_for != wanted:
            same = self._made_for[0] == network
            recognizer = self._analyzer.recognizer if same else self._open(network)
            if self._made_for[1] != detection:
                self._analyzer = LiveAnalyzer(recognizer, detection, smoothing_s=smoothing_s)
            else:
                self._analyzer.use(recognizer, smoothing_s)
        self._made_for = wanted
        return self._analyzer

    def _judged(self, faces: tuple[LiveFace, ...]) -> tuple[LiveFace, ...]:
        """The faces, those marked that have too few pixels to be named."""
        small = self._too_far.update({face.number: face_side(face.box_xyxy) for face in faces})
        return tuple(replace(face, too_small=face.number in small) for face in faces)

    def _open(self, network: NetworkInfo) -> Recognizes:
        # A damaged file stays damaged: reading it again for every frame would stall the video.
        if self._refused is not None and self._refused[0] == network:
            raise self._refused[1]
        self._refused = None
        try:
            return self._make_recognizer(network)
        except Exception as error:
            self._refused = network, error
            raise

    def _note(self, error: Exception | None) -> None:
        shown: RautError | None = error if isinstance(error, RautError) else None
        if error is not None and shown is None:
            shown = RautError(
                N_(
                    "The pictures of the camera cannot be analysed just now; the video goes on. "
                    "Try another network, or stop and start again. The server's log has the details."
                )
            )
        with self._settings_lock:
            first = shown is not None and self._error is None
            self._error = shown
        if first:
            logger.error("Live video cannot be analysed: %s", error, exc_info=error)
