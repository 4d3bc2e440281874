"""A photo in, numbered faces with their answers out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fer_core.errors import RautError
from fer_core.faces.boxes import FaceDetections
from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import decode_image, to_gray
from fer_core.faces.search import photo_search
from fer_core.recognition.answers import RecognizedFace, Recognizes, read_faces

Status = Literal["ok", "no_face", "error"]


@dataclass(frozen=True, eq=False)
class PhotoFace(RecognizedFace):
    """One face of a photo; numbers run from left to right."""

    crop_gray: np.ndarray
    """uint8 (48, 48): what the network was shown."""

    @property
    def by_hand(self) -> bool:
        """Drawn by a person where the search found nothing."""
        return self.found_by == "hand"


@dataclass(frozen=True, eq=False)
class PhotoResult:
    """The analysis of one photo: faces, no face, or the reason why it could not be read."""

    name: str
    image_rgb: np.ndarray | None
    """uint8 (H, W, 3), the right way up, in its own size; None when it could not be read."""
    faces: tuple[PhotoFace, ...]
    labels: tuple[str, ...]
    status: Status
    error: RautError | None
    """Why it could not be read, exactly where the status is "error"."""
    elapsed_ms: float
    struck: tuple[PhotoFace, ...] = ()
    """Faces that a person struck out, found or drawn, in the order of their numbers: they are none of `faces`."""

    @classmethod
    def unread(
        cls, name: str, labels: Sequence[str], error: RautError, elapsed_ms: float = 0.0
    ) -> PhotoResult:
        """Of a photo that could not be read, with the reason."""
        return cls(name, None, (), tuple(labels), "error", error, elapsed_ms)


def analyze_photo(
    data: bytes, name: str, detector: FaceDetector, recognizer: Recognizes, page: int = 0
) -> PhotoResult:
    """Find the faces of a photo and read their expressions.

    Args:
        data: content of the file.
        name: its name, for the table and for the sentence of an error.
        detector: where faces are looked for, and how they are cropped.
        recognizer: the network that reads them.
        page: of a TIFF with several, from 0.

    Returns:
        The faces from left to right. A picture that cannot be read is a result with status "error", so
        that one bad file does not stop the others.
    """
    start = time.perf_counter()
    labels = recognizer.labels
    try:
        image_rgb = decode_image(data, name, page)
        image_gray = to_gray(image_rgb)
        detections = detector.detect(image_gray, image_rgb)
        crops = detector.crops(image_gray, detections)
        faces = numbered_faces(detections, crops, detector.turns_degrees(detections.points_xy), recognizer)
    except RautError as error:
        return PhotoResult.unread(name, labels, error.without_traceback(), _milliseconds_since(start))
    status: Status = "ok" if faces else "no_face"
    return PhotoResult(name, image_rgb, faces, labels, status, None, _milliseconds_since(start))


def numbered_faces(
    detections: FaceDetections, crops_gray: np.ndarray, turns_degrees: np.ndarray, recognizer: Recognizes
) -> tuple[PhotoFace, ...]:
    """Read cropped faces and number them in their order, from 1.

    Args:
        detections: N faces.
        crops_gray: uint8 (N, 48, 48), of the same faces.
        turns_degrees: float64 (N,), by how much each was turned upright.
        recognizer: the network that reads them.

    Returns:
        N faces with their answers.
    """
    answers = read_faces(crops_gray, recognizer)
    return tuple(
        PhotoFace(
            row + 1,
            detections.boxes_xyxy[row],
            prediction,
            crops_gray[row],
            found_by=detections.found_by[row],
            points_xy=None if np.isnan(detections.points_xy[row]).any() else detections.points_xy[row],
            turn_degrees=float(turns_degrees[row]),
        )
        for row, prediction in enumerate(answers)
    )


def faces_in(content: bytes, name: str) -> np.ndarray:
    """The faces of a picture as networks see them, found as on the page Photos.

    Args:
        content: of the file.
        name: for the sentence of an error.

    Returns:
        uint8 (N, 48, 48), from left to right; N may be 0.

    Raises:
        ImageError: it is no picture, or one that cannot be read.
    """
    image_rgb = decode_image(content, name)
    image_gray = to_gray(image_rgb)
    detector = FaceDetector(photo_search())
    return detector.crops(image_gray, detector.detect(image_gray, image_rgb))


def _milliseconds_since(start: float) -> float:
    return (time.perf_counter() - start) * 1000
