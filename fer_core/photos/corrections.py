"""What a person changes about the faces of a photo: false ones struck out, missed ones drawn.

A number is never given twice: the numbers of the others stay as they were, in the picture and in the table.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from fer_core.faces.detection import FaceDetector
from fer_core.photos.analysis import PhotoFace, PhotoResult
from fer_core.recognition.answers import Recognizes, read_faces


@dataclass(frozen=True, eq=False)
class DrawnFace:
    """A face that the detector missed."""

    box_xyxy: np.ndarray
    """int32 (4,), pixels of the photo, inside it."""
    crop_gray: np.ndarray
    """uint8 (48, 48)."""
    points_xy: np.ndarray | None = None
    """float32 (6, 2), its points, pixels of the photo; None where none were found in the box."""
    turn_degrees: float = 0.0
    """By how much it was turned upright, in degrees, counter-clockwise."""


@dataclass(frozen=True)
class Corrections:
    """The corrections to one photo, as one search for faces found it."""

    struck: frozenset[int] = frozenset()
    """Numbers of faces that are none, found or drawn."""
    drawn: tuple[DrawnFace, ...] = ()
    """In the order they were drawn; they are numbered behind those that were found."""

    def strike(self, number: int) -> Corrections:
        """These corrections, and that face struck out."""
        return dataclasses.replace(self, struck=self.struck | {number})

    def restore(self, number: int) -> Corrections:
        """These corrections, without that face being struck out."""
        return dataclasses.replace(self, struck=self.struck - {number})

    def draw(self, face: DrawnFace) -> Corrections:
        """These corrections, and one drawn face more."""
        return dataclasses.replace(self, drawn=(*self.drawn, face))


def drawn_face(
    image_gray: np.ndarray,
    corners: tuple[float, float, float, float],
    detector: FaceDetector,
    image_rgb: np.ndarray | None = None,
) -> DrawnFace:
    """Cut out the face in a rectangle that a person drew, turned upright where its points say that it is tilted.

    Args:
        image_gray: uint8 (H, W), the photo.
        corners: two opposite corners, x1, y1, x2, y2 in any order, in pixels of the photo; what lies outside
            of it is cut off. The box stays as it was drawn.
        detector: looks for the points in the box, and cuts the face out as it cuts those that it finds.
        image_rgb: the same photo in colour, uint8 (H, W, 3); None where there is none, or none at hand.

    Raises:
        ValueError: less than one pixel of the photo is inside.
    """
    height, width = image_gray.shape
    left, right = sorted(int(np.clip(round(x), 0, width)) for x in corners[::2])
    top, bottom = sorted(int(np.clip(round(y), 0, height)) for y in corners[1::2])
    if right <= left or bottom <= top:
        raise ValueError(f"Expected a rectangle inside {width}x{height}. Received: {corners}")
    box_xyxy = np.array([left, top, right, bottom], np.int32)
    points_xy = detector.points_in(image_gray if image_rgb is None else image_rgb, box_xyxy)
    turn = 0.0 if points_xy is None else float(detector.turns_degrees(points_xy[None])[0])
    return DrawnFace(box_xyxy, detector.crop(image_gray, box_xyxy, turn), points_xy, turn)


def every_face(
    result: PhotoResult, corrections: Corrections, recognizer: Recognizes
) -> tuple[PhotoFace, ...]:
    """The faces that were found and those that were drawn, also the ones that are struck out."""
    if not corrections.drawn:
        return result.faces
    answers = read_faces(np.stack([face.crop_gray for face in corrections.drawn]), recognizer)
    drawn = tuple(
        PhotoFace(
            number,
            face.box_xyxy,
            prediction,
            face.crop_gray,
            found_by="hand",
            points_xy=face.points_xy,
            turn_degrees=face.turn_degrees,
        )
        for number, (face, prediction) in enumerate(
            zip(corrections.drawn, answers, strict=True), start=len(result.faces) + 1
        )
    )
    return (*result.faces, *drawn)


def corrected(result: PhotoResult, corrections: Corrections, recognizer: Recognizes) -> PhotoResult:
    """Apply the corrections to a result.

    Args:
        result: as `analyze_photo` gave it.
        corrections: of this photo.
        recognizer: the network of the result; it reads the drawn faces.

    Returns:
        The result with the faces that are left and those that were struck out, both in the order of their numbers.
        One with the status "error" is returned as it is.
    """
    if result.status == "error":
        return result
    every = every_face(result, corrections, recognizer)
    faces = tuple(face for face in every if face.number not in corrections.struck)
    struck = tuple(face for face in every if face.number in corrections.struck)
    return dataclasses.replace(result, faces=faces, struck=struck, status="ok" if faces else "no_face")
