"""A photo in, numbered faces with probabilities out; and the table that people take home as CSV."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from fer_core.errors import RautError
from fer_core.faces.detection import HaarFaceDetector
from fer_core.faces.images import decode_image, to_gray
from fer_core.recognition.answers import RecognizedFace
from fer_core.recognition.conformal import largest_sure, set_codes
from fer_core.recognition.recognizer import ExpressionRecognizer

Status = Literal["ok", "no_face", "error"]


@dataclass(frozen=True, eq=False)
class PhotoFace(RecognizedFace):
    """One face of a photo; numbers run from left to right."""

    crop_gray: np.ndarray
    """uint8 (48, 48): what the network was shown."""
    by_hand: bool = field(default=False, kw_only=True)
    """Drawn by a person where the detector found nothing."""


@dataclass(frozen=True, eq=False)
class PhotoResult:
    """What came of one photo: faces, no face, or the reason why it could not be read."""

    name: str
    image_rgb: np.ndarray | None
    """uint8 (H, W, 3), the right way up, in its own size; None when it could not be read."""
    faces: tuple[PhotoFace, ...]
    labels: tuple[str, ...]
    status: Status
    error: RautError | None
    elapsed_ms: float


def analyze_photo(
    data: bytes, name: str, detector: HaarFaceDetector, recognizer: ExpressionRecognizer, page: int = 0
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
    labels = tuple(recognizer.labels)
    try:
        image_rgb = decode_image(data, name, page)
        image_gray = to_gray(image_rgb)
        detections = detector.detect(image_gray)
        crops = detector.crops(image_gray, detections)
        probabilities = recognizer.predict(crops)  # (N, 48, 48) -> (N, C)
    except RautError as error:
        return PhotoResult(
            name, None, (), labels, "error", error.without_traceback(), _milliseconds_since(start)
        )
    faces = numbered_faces(detections.boxes_xyxy, crops, probabilities, recognizer)
    status: Status = "ok" if faces else "no_face"
    return PhotoResult(name, image_rgb, faces, labels, status, None, _milliseconds_since(start))


def numbered_faces(
    boxes_xyxy: np.ndarray,
    crops_gray: np.ndarray,
    probabilities: np.ndarray,
    recognizer: ExpressionRecognizer,
    *,
    first: int = 1,
    by_hand: bool = False,
) -> tuple[PhotoFace, ...]:
    """Faces with their answers.

    Args:
        boxes_xyxy: int32 (N, 4).
        crops_gray: uint8 (N, 48, 48).
        probabilities: float32 (N, C), from `recognizer` for these crops.
        recognizer: the network.
        first: number of the first one.
        by_hand: a person drew the boxes.
    """
    labels = tuple(recognizer.labels)
    how = recognizer.prediction_sets
    sets = set_codes(how.members(probabilities) if how else None, probabilities, labels)
    return tuple(
        PhotoFace(
            number,
            box_xyxy,
            row,
            labels[int(row.argmax())],
            crop,
            prediction_set=codes,
            largest_sure=largest_sure(how),
            by_hand=by_hand,
        )
        for number, (box_xyxy, row, crop, codes) in enumerate(
            zip(boxes_xyxy, probabilities, crops_gray, sets, strict=True), start=first
        )
    )


def _milliseconds_since(start: float) -> float:
    return (time.perf_counter() - start) * 1000
