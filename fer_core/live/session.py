"""One viewer's live video: what a page sets up and reads, while a frame callback feeds it from its own thread."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import cv2
import numpy as np

from fer_core.errors import N_, RautError
from fer_core.faces.quality import TooFarAway, face_side
from fer_core.faces.search import FaceSearch
from fer_core.live.drawing import draw_result
from fer_core.live.neutral_face import NeutralBaselines
from fer_core.live.record import LiveRecord
from fer_core.live.watch import PictureWatch
from fer_core.machine import release_free_memory
from fer_core.recognition.answers import Answerer, Recognizes
from fer_core.recognition.captions import Captions
from fer_core.recognition.drawing import FaceDrawer
from fer_core.recognition.frames import LiveAnalyzer, LiveFace, LiveResult
from fer_core.recognition.provenance import Provenance, search_provenance
from fer_core.recognition.steadying import TIME_CONSTANT_S

logger = logging.getLogger(__name__)

SHOWN_FOR_S = 3.0
"""Answers that stand beside the video stay in it for so long, if nobody asks for newer ones."""

LEAST_CHANGE = 0.03
"""Change of a probability from which on another one is shown. Files have every one."""

GIVE_BACK_EVERY = 300
"""Frames between two calls of `release_free_memory`, of 1 to 5 ms each: ten seconds of smooth video."""


class LatestResult:
    """A slot for one result between two threads: the newest wins, nothing piles up."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._result: LiveResult | None = None
        self._frame_bgr: np.ndarray | None = None
        self._count = 0

    def put(self, result: LiveResult, frame_bgr: np.ndarray | None = None) -> None:
        """Take in a result and the frame it belongs to, uint8 (H, W, 3), which must not be drawn on any more."""
        with self._changed:
            self._result = result
            self._frame_bgr = frame_bgr
            self._count += 1
            self._changed.notify_all()

    def get(self) -> LiveResult | None:
        """The newest result; None before the first and after `clear`. It stays in the slot."""
        with self._changed:
            return self._result

    def with_frame(self) -> tuple[LiveResult, np.ndarray] | None:
        """The newest result and the frame it was found in, uint8 (H, W, 3), BGR: not mirrored, nothing drawn in.

        None where `get` is None. The frame is the slot's own: copy it before drawing on it.
        """
        with self._changed:
            if self._result is None or self._frame_bgr is None:
                return None
            return self._result, self._frame_bgr

    def next_frame(self, timeout_s: float) -> np.ndarray | None:
        """Wait for the next frame that is put in, as in `with_frame`; None where none comes in that time."""
        with self._changed:
            asked_at = self._count
            # `clear` may come between the frame and its waking us.
            self._changed.wait_for(lambda: self._count > asked_at and self._frame_bgr is not None, timeout_s)
            return self._frame_bgr if self._count > asked_at else None

    def clear(self) -> None:
        with self._changed:
            self._result = self._frame_bgr = None

    @property
    def count(self) -> int:
        """How many results were put in since the beginning."""
        with self._changed:
            return self._count


@dataclass(frozen=True)
class LiveSettings:
    """What a page may change while the video runs."""

    network: Answerer
    search: FaceSearch
    captions: Captions
    smoothing_s: float = TIME_CONSTANT_S
    """Time constant of the smoothing over time, in seconds."""
    mirrored: bool = False
    """Show the video as a mirror does. Boxes are always those of the camera's own picture."""
    text_scale: float = 1.0
    """By how much the text in the video is larger than usual."""


def _frame_to_draw_on(frame_bgr: np.ndarray, settings: LiveSettings) -> np.ndarray:
    """A frame to draw on, as in a mirror where that is wanted; the camera's own stays as it is."""
    # NumPy took 1.9 ms to turn 640x480 pixels, as long as the whole analysis.
    return np.asarray(cv2.flip(frame_bgr, 1)) if settings.mirrored else frame_bgr.copy()


def _sentence(error: Exception) -> RautError:
    """The error as a sentence for the viewer, without the frame that it happened to."""
    if isinstance(error, RautError):
        return error.without_traceback()
    return RautError(
        N_(
            "The pictures of the camera cannot be analysed just now; the video goes on. "
            "Try another network, or stop and start again. The server's log has the details."
        )
    )


def _steadied(result: LiveResult, before: LiveResult) -> LiveResult:
    """The result, with the answers of before where none of their probabilities changed by `LEAST_CHANGE`."""
    if result.labels != before.labels:
        return result
    known = {face.track: face.prediction for face in before.faces}

    def steady(face: LiveFace) -> LiveFace:
        prediction = known.get(face.track)
        if (
            prediction is None
            or (prediction.label, prediction.prediction_set) != (face.label, face.prediction.prediction_set)
            or np.abs(prediction.probabilities - face.probabilities).max() >= LEAST_CHANGE
        ):
            return face
        return replace(face, prediction=prediction)

    return replace(result, faces=tuple(map(steady, result.faces)))


class LiveSession:
    """One viewer's video: set up from a page, fed from a frame callback, read from a page. Thread-safe.

    Detector and recogniser are made with the first frame, made anew when the settings ask for others, and
    freed by `close`. Frames go through one at a time.

    Args:
        settings: what to start with.
        make_recognizer: opens the network of the settings, `ExpressionRecognizer` for one that ships.
    """

    def __init__(self, settings: LiveSettings, make_recognizer: Callable[..., Recognizes]) -> None:
        self.latest = LatestResult()
        self.record = LiveRecord()
        """What was shown since the video began; it outlasts the video."""
        self.watch = PictureWatch()
        """Whether there is a picture in the frames."""
        self.baselines = NeutralBaselines()
        """The neutral faces of those in sight."""
        self._ended = True  # the next frame begins a new session
        self._make_recognizer = make_recognizer
        self._drawer = FaceDrawer()
        self._settings_lock = threading.Lock()
        self._settings = settings
        self._error: RautError | None = None
        self._shown: tuple[LiveResult, float] | None = None
        self._source: tuple[LiveSettings, Provenance] | None = None
        self._frame_lock = threading.Lock()  # guards what follows
        self._analyzer: LiveAnalyzer | None = None
        self._too_far = TooFarAway()
        self._made_for: tuple[Answerer, FaceSearch, float] | None = None
        self._refused: tuple[Answerer, RautError] | None = None

    def configure(self, settings: LiveSettings) -> None:
        """Use these settings from the next frame on."""
        with self._settings_lock:
            self._settings = settings

    @property
    def error(self) -> RautError | None:
        """Why the newest frame could not be analysed, as a sentence for the viewer; None when it could."""
        with self._settings_lock:
            return self._error

    def show(self, now_s: float | None = None) -> LiveResult | None:
        """The newest result, to stand beside the video; None where there is none.

        Until the next call, and for `SHOWN_FOR_S` at most, the video names its faces as this result does: what is read
        in the video and beside it at one time is the same answer with the same percentage. Boxes follow the faces. An
        answer that hardly changed stays, since video and page reach the viewer at slightly different times.

        Args:
            now_s: in seconds on a clock that does not run backwards; None for now.
        """
        result = self.latest.get()
        with self._settings_lock:
            now_s = time.monotonic() if now_s is None else now_s
            if result is not None and self._shown is not None:
                result = _steadied(result, self._shown[0])
            self._shown = None if result is None else (result, now_s)
        return result

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
        try:
            self.watch.note(frame_bgr)
            with self._frame_lock:
                if self._ended:
                    self.record.begin()
                    self._ended = False
                result = self._analyzer_for(settings).analyze(frame_bgr)
                result = replace(result, faces=self._marked_too_small(result.faces))
            now_s = time.monotonic()
            self.record.add(result.faces, result.labels, self._source_of(settings))
            self.baselines.update(result, now_s)
            drawn = draw_result(
                self._drawer,
                _frame_to_draw_on(frame_bgr, settings),
                self._as_shown(result, now_s),
                settings.captions,
                mirrored=settings.mirrored,
                text_scale=settings.text_scale,
            )
        except Exception as error:  # noqa: BLE001 - an exception here would end the video
            self._note(error)
            self.latest.clear()
            return _frame_to_draw_on(frame_bgr, settings)
        self._note(None)
        self.latest.put(result, frame_bgr)
        if self.latest.count % GIVE_BACK_EVERY == 0:
            release_free_memory()
        return drawn

    def freeze(self, timeout_s: float = 1.0) -> np.ndarray | None:
        """The next analysed frame as it came from the camera, uint8 (H, W, 3) BGR; None where none comes in that time."""
        return self.latest.next_frame(timeout_s)

    def close(self) -> None:
        """Free detector and recogniser and empty the slot. A further frame makes them anew, and begins a new record."""
        with self._frame_lock:
            self._ended = True
            self._analyzer = None
            self._made_for = None
            self._refused = None
        with self._settings_lock:
            self._shown = None
        self._note(None)
        self.watch.forget()
        self.baselines.clear("stopped", time.monotonic())
        self.latest.clear()
        release_free_memory()

    def _analyzer_for(self, settings: LiveSettings) -> LiveAnalyzer:
        wanted = settings.network, settings.search, settings.smoothing_s
        network, search, smoothing_s = wanted
        if self._analyzer is None or self._made_for is None:
            self._analyzer = LiveAnalyzer(self._open(network), search, smoothing_s=smoothing_s)
        elif self._made_for != wanted:
            present_network, present_search, present_smoothing_s = self._made_for
            if (network, smoothing_s) != (present_network, present_smoothing_s):
                keeps_network = network == present_network
                if not keeps_network:
                    self.baselines.clear("network", time.monotonic())
                self._analyzer.set_recognizer(
                    self._analyzer.recognizer if keeps_network else self._open(network), smoothing_s
                )
            if search != present_search:
                self._analyzer.set_search(search)
        self._made_for = wanted
        return self._analyzer

    def _as_shown(self, result: LiveResult, now_s: float) -> LiveResult:
        """The result with the answers that stand beside the video; a face that is not there keeps its own."""
        with self._settings_lock:
            shown = self._shown
        if shown is None or now_s - shown[1] > SHOWN_FOR_S or shown[0].labels != result.labels:
            return result
        beside = {face.track: face for face in shown[0].faces}
        faces = tuple(
            replace(
                face,
                prediction=beside[face.track].prediction,
                too_small=beside[face.track].too_small,
                turned_away=beside[face.track].turned_away,
            )
            if face.track in beside
            else face
            for face in result.faces
        )
        return replace(result, faces=faces)

    def _source_of(self, settings: LiveSettings) -> Provenance:
        """The same value as long as the settings are the same."""
        source = self._source
        if source is None or source[0] != settings:
            made = search_provenance(
                datetime.now().astimezone(),
                settings.network,
                settings.search,
                {"smoothing_s": settings.smoothing_s},
            )
            source = self._source = settings, made
        return source[1]

    def _marked_too_small(self, faces: tuple[LiveFace, ...]) -> tuple[LiveFace, ...]:
        """The faces, with a mark on those that have too few pixels to be named."""
        small = self._too_far.update({face.number: face_side(face.box_xyxy) for face in faces})
        return tuple(replace(face, too_small=face.number in small) for face in faces)

    def _open(self, network: Answerer) -> Recognizes:
        # A damaged file stays damaged: reading it again for every frame would stall the video.
        if self._refused is not None and self._refused[0] == network:
            raise self._refused[1].without_traceback()
        self._refused = None
        try:
            return self._make_recognizer(network)
        except Exception as error:
            self._refused = network, _sentence(error)
            raise

    def _note(self, error: Exception | None) -> None:
        sentence = None if error is None else _sentence(error)
        with self._settings_lock:
            first = sentence is not None and self._error is None
            self._error = sentence
        if first:
            logger.error("Live video cannot be analysed: %s", error, exc_info=error)
