"""Looking at photos in a thread of its own, which the page asks how far it is.

The page stays usable meanwhile: what is done can be sorted, rated and taken home.
"""

from __future__ import annotations

import base64
import dataclasses
from collections import deque
from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np

from fer_core.errors import N_, ImageError, RautError
from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import shrink
from fer_core.faces.search import FaceSearch
from fer_core.jobs import Job, error_to_keep
from fer_core.photos.analysis import PhotoResult, analyze_photo
from fer_core.photos.findings import FacePicture, Finding, FindingKey, Photo, PhotoKey, analysis_key
from fer_core.recognition.answers import read_faces
from fer_core.recognition.recognizer import LitertRecognizer

DISPLAY_SIDE = 1280  # longest side of the picture on the page, in pixels
DISPLAY_SIDE_OF_MANY = 480
SMALLEST_DISPLAY_SIDE = 640  # smaller ones are enlarged, so that the labels on them can be read
FACE_SIDE = 192
SMALL_FACE_SIDE = 56
AROUND_A_FACE = 0.25  # of its longer side, on each side


PhotoJob = Job[tuple[FindingKey, Finding]]


def look_at_photos(
    photos: Sequence[Photo],
    recognizer: LitertRecognizer,
    search: FaceSearch,
    *,
    known: Mapping[tuple[PhotoKey, FaceSearch], Finding],
    side: int,
    lives: Callable[[], bool],
) -> PhotoJob:
    """Begin one pass over photos with one network and one search.

    Args:
        photos: those to look at, in order.
        recognizer: the network.
        search: how faces are looked for.
        known: what other networks found, by photo and search: the same faces, only to be read anew.
        side: longest side of the pictures that are kept, in pixels.
        lives: whether the reader's session is still there; asked before each photo.

    Returns:
        A job with a finding for each photo, which counts photos.
    """
    key = analysis_key(recognizer, search)
    detector = FaceDetector(search)
    waiting = deque(photos)

    def work(job: PhotoJob) -> None:
        while waiting and job.should_continue():
            photo = waiting.popleft()  # its content can go as soon as nobody else needs it
            found = look_at(photo, detector, recognizer, known.get((photo.key, search)), side)
            job.add(((*photo.key, *key), found))

    return Job(work, name="photos", total=len(waiting), lives=lives)


def look_at(
    photo: Photo,
    detector: FaceDetector,
    recognizer: LitertRecognizer,
    known: Finding | None = None,
    side: int = DISPLAY_SIDE,
) -> Finding:
    """What is in a photo; never an exception, because one photo must not take the others with it.

    Args:
        photo: to look at.
        detector: finds the faces.
        recognizer: the network that reads them.
        known: what another network found with the same search: the same faces, only to be read anew. Where it failed
            for another reason than the file, the photo is looked at from the beginning.
        side: longest side of the picture that is kept, in pixels.
    """
    labels = tuple(recognizer.labels)
    try:
        if known is not None and (known.error is None or isinstance(known.error, ImageError)):
            return dataclasses.replace(known, result=_read_anew(known.result, recognizer))
        if photo.error is not None:
            return Finding(PhotoResult.unread(photo.name, labels, photo.error))
        if photo.content is None:
            raise ImageError(
                N_(
                    "This photo is no longer in memory ({name}). To search it in another way, drop it here again."
                ),
                name=photo.name,
            )
        result = analyze_photo(photo.content, photo.name, detector, recognizer, photo.page)
        if result.image_rgb is None:
            return Finding(result)
        small = shrink(result.image_rgb, side)
        height, width = small.shape[:2]
        if side == DISPLAY_SIDE and max(height, width) < SMALLEST_DISPLAY_SIDE:
            factor = SMALLEST_DISPLAY_SIDE / max(height, width)
            size = (max(1, round(width * factor)), max(1, round(height * factor)))
            small = cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)
        scale = max(small.shape[:2]) / max(result.image_rgb.shape[:2])
        pictures = tuple(_face_picture(result.image_rgb, face.box_xyxy) for face in result.faces)
        return Finding(dataclasses.replace(result, image_rgb=None), _jpeg(small, 92), scale, pictures)
    except Exception as error:  # noqa: BLE001 - said above
        unexpected = RautError(
            N_(
                "Something went wrong with this photo that should not have ({name}). Try another one; the "
                "server's log has the details."
            ),
            name=photo.name,
        )
        return Finding(PhotoResult.unread(photo.name, labels, error_to_keep(error, unexpected)))


def _read_anew(result: PhotoResult, recognizer: LitertRecognizer) -> PhotoResult:
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
