"""Looking at photos in a thread of its own, which the page asks how far it is.

The page stays usable meanwhile: what is done can be sorted, rated and taken home.
"""

from __future__ import annotations

import base64
import dataclasses
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np

from fer_core.errors import N_, ImageError, RautError
from fer_core.faces.detection import HaarFaceDetector
from fer_core.faces.images import shrink
from fer_core.faces.search import EFFORTS
from fer_core.photos.analysis import PhotoResult, analyze_photo
from fer_core.photos.findings import FacePicture, Finding, Photo, which
from fer_core.recognition.answers import read_faces
from fer_core.recognition.recognizer import ExpressionRecognizer

logger = logging.getLogger(__name__)
DISPLAY_SIDE = 1280  # longest side of the picture on the page, in pixels
DISPLAY_SIDE_OF_MANY = 480
SMALLEST_DISPLAY_SIDE = 640  # smaller ones are enlarged, so that the labels on them can be read
FACE_SIDE = 192
SMALL_FACE_SIDE = 56
AROUND_A_FACE = 0.25  # of its longer side, on each side


class PhotoWork:
    """One pass over photos with one network and one search.

    Args:
        photos: those to look at, in order.
        recognizer: the network.
        effort: key of `EFFORTS`.
        known: what other networks found, by name and digest of the photo and effort: the same faces, only to be read anew.
        side: longest side of the pictures that are kept, in pixels.
        keep: takes each finding; False ends the pass, because the photos are gone.
        wanted: asked before each photo; False ends the pass.
    """

    def __init__(
        self,
        photos: Sequence[Photo],
        recognizer: ExpressionRecognizer,
        effort: str,
        *,
        known: Mapping[tuple[str, str, str], Finding],
        side: int,
        keep: Callable[[PhotoWork, Photo, Finding], bool],
        wanted: Callable[[], bool],
    ) -> None:
        self.which = which(recognizer, effort)
        self.count = len(photos)
        self.done = 0
        self._photos, self._recognizer, self._known, self._side = photos, recognizer, known, side
        self._keep, self._wanted = keep, wanted
        self._detector = HaarFaceDetector(EFFORTS[effort])
        self._cancelled = threading.Event()
        self._begin = time.perf_counter()
        self._thread = threading.Thread(target=self._run, name="photos", daemon=True)
        self._thread.start()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def seconds_left(self, more: int = 0) -> float | None:
        """About, for its own photos and so many more; None before the first one is done."""
        if not self.done:
            return None
        return (time.perf_counter() - self._begin) / self.done * (self.count - self.done + more)

    def wait(self, seconds: float) -> None:
        """Until it is done, at most so long."""
        self._thread.join(seconds)

    def cancel(self) -> None:
        """End after the photo that it is at."""
        self._cancelled.set()

    def _run(self) -> None:
        for photo in self._photos:
            if self._cancelled.is_set() or not self._wanted():
                return
            known = self._known.get((*photo.key, self.which[1]))
            found = look_at(photo, self._detector, self._recognizer, known, self._side)
            if not self._keep(self, photo, found):
                return
            self.done += 1


def look_at(
    photo: Photo,
    detector: HaarFaceDetector,
    recognizer: ExpressionRecognizer,
    known: Finding | None = None,
    side: int = DISPLAY_SIDE,
) -> Finding:
    """What is in a photo; never an exception, because one photo must not take the others with it.

    Args:
        photo: to look at.
        detector, recognizer: with which.
        known: what another network found with the same search: the same faces, only to be read anew.
        side: longest side of the picture that is kept, in pixels.
    """
    try:
        if known is not None and known.result is not None:
            return dataclasses.replace(known, result=_read_anew(known.result, recognizer))
        error = photo.error
        if error is None and not photo.content and known is None and photo.digest != _EMPTY:
            error = ImageError(
                N_(
                    "This photo is no longer in memory ({name}). To search it in another way, drop it here again."
                ),
                name=photo.name,
            )
        if error is not None:
            return Finding(
                PhotoResult(photo.name, None, (), tuple(recognizer.labels), "error", error, 0.0), error
            )
        result = analyze_photo(photo.content, photo.name, detector, recognizer, photo.page)
        if result.image_rgb is None:
            return Finding(result, result.error)
        small = shrink(result.image_rgb, side)
        height, width = small.shape[:2]
        if side == DISPLAY_SIDE and max(height, width) < SMALLEST_DISPLAY_SIDE:
            factor = SMALLEST_DISPLAY_SIDE / max(height, width)
            size = (max(1, round(width * factor)), max(1, round(height * factor)))
            small = cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)
        scale = max(small.shape[:2]) / max(result.image_rgb.shape[:2])
        pictures = tuple(_face_picture(result.image_rgb, face.box_xyxy) for face in result.faces)
        return Finding(dataclasses.replace(result, image_rgb=None), None, _jpeg(small, 92), scale, pictures)
    except RautError as error:
        return Finding(None, error.without_traceback())
    except Exception:  # said above
        logger.exception("A photo cannot be analysed")
        return Finding(
            None,
            RautError(
                N_(
                    "Something went wrong with this photo that should not have ({name}). Try another one; the "
                    "server's log has the details."
                ),
                name=photo.name,
            ),
        )


_EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # SHA-256 of b"": an empty file


def _read_anew(result: PhotoResult, recognizer: ExpressionRecognizer) -> PhotoResult:
    """The same faces with the answers of another network; its labels are those of the result, also without a face."""
    labels = recognizer.labels
    if not result.faces:
        return dataclasses.replace(result, labels=labels)
    answers = read_faces(np.stack([face.crop_gray for face in result.faces]), recognizer)
    faces = tuple(
        dataclasses.replace(face, prediction=prediction)
        for face, prediction in zip(result.faces, answers, strict=True)
    )
    return dataclasses.replace(result, faces=faces, labels=labels)


def _face_picture(image_rgb: np.ndarray, box_xyxy: np.ndarray) -> FacePicture:
    x1, y1, x2, y2 = (int(value) for value in box_xyxy)
    around = round(AROUND_A_FACE * max(x2 - x1, y2 - y1))
    face = image_rgb[max(0, y1 - around) : y2 + around, max(0, x1 - around) : x2 + around]
    small = base64.b64encode(_jpeg(shrink(face, SMALL_FACE_SIDE), 75)).decode("ascii")
    return FacePicture(_jpeg(shrink(face, FACE_SIDE), 85), f"data:image/jpeg;base64,{small}")


def _jpeg(image_rgb: np.ndarray, quality: int) -> bytes:
    _ok, jpeg = cv2.imencode(".jpg", image_rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return jpeg.tobytes()
