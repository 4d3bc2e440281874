"""Face segmentation: the Haar cascade of the paper, BlazeFace, or both, as one detector that pages and commands use."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.faces.blazeface import BlazeFaceDetector
from fer_core.faces.boxes import POINTS, FaceDetections, left_to_right_order, scale_boxes
from fer_core.faces.haar import HaarFaceDetector
from fer_core.faces.images import FACE_SIZE, square_crop
from fer_core.faces.one_face import distinct, same_faces
from fer_core.faces.search import FaceSearch
from fer_core.faces.second_look import look_again_upright
from fer_core.faces.suppression import Candidates
from fer_core.faces.upright import roll_degrees, upright_crop

# Where FER2013's 48x48 cut lies around the box of BlazeFace (brow to chin), in sides of that box, in the face's own
# upright directions. Chosen by the accuracy of `raut` on faces of the Training split that were set into pictures; the
# cut then has the size and the middle of FER2013's frame in the median: `python benchmarks/upright.py`.
_CUT_SIDE: Final = 1.14
_CUT_DOWN: Final = -0.11
_MOST_SIZE: Final = 2.5  # how much larger or smaller than a drawn box the face in it may be

HAAR_CONFIRMED: Final = 0.5
"""Score of BlazeFace's look at what the cascade alone found, from which it is a face when both search."""


@dataclass(frozen=True, eq=False)
class _Found:
    """Faces of one detector or of both, boxes as FER2013 cuts faces; not yet in order, perhaps beyond the border."""

    boxes_xyxy: np.ndarray
    points_xy: np.ndarray
    scores: np.ndarray
    found_by: tuple[str, ...]


class FaceDetector:
    """Finds faces with the detectors that a search names. May be called from any thread.

    Args:
        search: with which detectors, how thoroughly, and from which tilt on a face is turned upright.

    Raises:
        DetectionError: this OpenCV cannot load the cascade, or the file of a network is missing or damaged.
    """

    def __init__(self, search: FaceSearch | None = None) -> None:
        self.search = search if search is not None else FaceSearch()
        self._haar = HaarFaceDetector(self.search.haar) if self.search.uses_haar else None
        self._blazeface = BlazeFaceDetector(self.search.blazeface) if self.search.uses_blazeface else None

    def detect(self, image_gray: np.ndarray, image_rgb: np.ndarray | None = None) -> FaceDetections:
        """Find the faces in a picture.

        Args:
            image_gray: uint8 (H, W), 0-255.
            image_rgb: the same picture in colour, uint8 (H, W, 3); None where there is none, or none at hand.

        Returns:
            Faces from left to right, boxes in pixels of `image_gray`, square unless the border cuts them; none where no
            face is found.

        Raises:
            ValueError: another shape or dtype.
        """
        start = time.perf_counter()
        if image_gray.ndim != 2 or image_gray.dtype != np.uint8 or image_gray.size == 0:
            raise ValueError(f"Expected uint8 (H, W). Received: {image_gray.dtype} {image_gray.shape}")
        image_rgb = image_gray if image_rgb is None else image_rgb
        lists = []
        if self._haar is not None:
            lists.append(_of_haar(self._haar.detect(image_gray).boxes_xyxy))
        if self._blazeface is not None:
            of_blazeface = self._blazeface.detect(image_rgb)
            least_tilt = self.search.upright_from_degrees
            if least_tilt is not None:
                of_blazeface = look_again_upright(of_blazeface, image_rgb, self._blazeface, least_tilt)
            lists.append(_of_blazeface(of_blazeface))
        found = _one_list(lists)
        if self._blazeface is not None and "haar" in found.found_by:
            found = _seen_by_both(found, image_rgb, self._blazeface)
        return _in_order(found, (image_gray.shape[1], image_gray.shape[0]), start)

    def crops(self, image_gray: np.ndarray, detections: FaceDetections) -> np.ndarray:
        """Cut out the faces as a network sees them, in the order of the boxes; tilted ones turned upright.

        Args:
            image_gray: uint8 (H, W), the picture that was searched.
            detections: what `detect` found in it.

        Returns:
            uint8 (N, 48, 48); (0, 48, 48) without a face.
        """
        faces = np.empty((len(detections), FACE_SIZE, FACE_SIZE), dtype=np.uint8)
        turns = self.turns_degrees(detections.points_xy)
        for row, box_xyxy in enumerate(detections.boxes_xyxy):
            faces[row] = self.crop(image_gray, box_xyxy, float(turns[row]))
        return faces

    def turns_degrees(self, points_xy: np.ndarray) -> np.ndarray:
        """By how much each face is turned before it is recognised: float64 (N,), 0 for those that are left as they are.

        To a tenth of a degree, as tables give it: a page would else round another value to other whole degrees.

        Args:
            points_xy: (N, 6, 2), in pixels, as in `FaceDetections`.
        """
        rolls = np.round(np.nan_to_num(roll_degrees(points_xy)), 1)
        least = self.search.upright_from_degrees
        return np.where(np.abs(rolls) >= least, rolls, 0.0) if least is not None else np.zeros(len(rolls))

    def points_in(self, image: np.ndarray, box_xyxy: np.ndarray) -> np.ndarray | None:
        """The points of the face in a box that a person drew.

        Args:
            image: uint8 (H, W, 3), RGB, or (H, W).
            box_xyxy: (4,), in pixels.

        Returns:
            float32 (6, 2), in pixels, as in `FaceDetections`; None where BlazeFace takes no part in the search, or sees
            no face whose middle lies in the box and whose size is like it.
        """
        if self._blazeface is None:
            return None
        found = self._blazeface.look_near(image, box_xyxy)
        boxes = face_boxes(found)
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        inside = ((middles >= box_xyxy[:2]) & (middles <= box_xyxy[2:])).all(axis=1)
        sizes = (boxes[:, 2] - boxes[:, 0]) / max(box_xyxy[2:] - box_xyxy[:2])
        fitting = np.flatnonzero(inside & (sizes >= 1 / _MOST_SIZE) & (sizes <= _MOST_SIZE))
        return found.points_xy[fitting[0]] if len(fitting) else None  # the best one comes first

    def crop(self, image_gray: np.ndarray, box_xyxy: np.ndarray, turn_degrees: float = 0.0) -> np.ndarray:
        """As `crop_as_read`, with the search of this detector."""
        return crop_as_read(image_gray, box_xyxy, turn_degrees, self.search)


def crop_as_read(
    image_gray: np.ndarray, box_xyxy: np.ndarray, turn_degrees: float, search: FaceSearch
) -> np.ndarray:
    """Cut out one face as a network sees it: uint8 (48, 48).

    Args:
        image_gray: uint8 (H, W).
        box_xyxy: (4,), pixels.
        turn_degrees: as `FaceDetector.turns_degrees` gives it.
        search: that found the face.
    """
    if turn_degrees:
        return upright_crop(image_gray, box_xyxy, turn_degrees)
    return square_crop(image_gray, box_xyxy, search.haar.margin)


def face_boxes(found: Candidates) -> np.ndarray:
    """Square boxes as FER2013 cuts faces, of what BlazeFace found.

    Args:
        found: in pixels.

    Returns:
        float64 (N, 4), pixels, perhaps beyond the picture's border.
    """
    boxes = found.boxes_xyxy.astype(np.float64)
    sides = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    rolls = np.radians(roll_degrees(found.points_xy))
    down = np.stack([-np.sin(rolls), np.cos(rolls)], axis=1)  # the face's own way down, in the picture
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2 + down * (_CUT_DOWN * sides)[:, None]
    half = (_CUT_SIDE * sides / 2)[:, None]
    return np.concatenate([centres - half, centres + half], axis=1)


def _seen_by_both(found: _Found, image_rgb: np.ndarray, blazeface: BlazeFaceDetector) -> _Found:
    """Without what the cascade alone found and BlazeFace does not see when it looks there."""
    alone = np.array([each == "haar" for each in found.found_by])
    scores = blazeface.looked_at_again(image_rgb, _network_boxes(found.boxes_xyxy[alone]))
    kept = ~alone
    kept[alone] = scores >= HAAR_CONFIRMED
    which = np.flatnonzero(kept)
    return _rows(found, which, [found.found_by[row] for row in which])


def _network_boxes(boxes_xyxy: np.ndarray) -> Candidates:
    """Upright boxes as FER2013 cuts faces as BlazeFace would draw them, without points and scores."""
    sides = (boxes_xyxy[:, 2:] - boxes_xyxy[:, :2]).max(axis=1) / _CUT_SIDE
    centres = (boxes_xyxy[:, :2] + boxes_xyxy[:, 2:]) / 2 - np.stack([0 * sides, _CUT_DOWN * sides], axis=1)
    half = (sides / 2)[:, None]
    return Candidates(
        np.concatenate([centres - half, centres + half], axis=1).astype(np.float32),
        np.full((len(boxes_xyxy), len(POINTS), 2), np.nan, np.float32),
        np.full(len(boxes_xyxy), np.nan, np.float32),
    )


def _of_haar(boxes_xyxy: np.ndarray) -> _Found:
    count = len(boxes_xyxy)
    return _Found(
        boxes_xyxy.astype(np.float64),
        np.full((count, len(POINTS), 2), np.nan, np.float32),
        np.full(count, np.nan, np.float32),
        ("haar",) * count,
    )


def _of_blazeface(found: Candidates) -> _Found:
    return _Found(face_boxes(found), found.points_xy, found.scores, ("blazeface",) * len(found))


def _one_list(lists: list[_Found]) -> _Found:
    """All faces once: of two boxes around one face that of BlazeFace stays, which knows its points."""
    parts = []
    for each in lists:
        # Of the cascade's boxes the larger one stays: a second one within a face is mostly a mouth or an eye.
        worth = np.where(np.isnan(each.scores), each.boxes_xyxy[:, 2] - each.boxes_xyxy[:, 0], each.scores)
        kept = distinct(each.boxes_xyxy, worth)
        parts.append(_rows(each, kept, [each.found_by[row] for row in kept]))
    if len(parts) == 1:
        return parts[0]
    haar, blazeface = parts
    same = same_faces(haar.boxes_xyxy, blazeface.boxes_xyxy)
    names = ["both" if same[:, column].any() else "blazeface" for column in range(same.shape[1])]
    alone = np.flatnonzero(~same.any(axis=1))
    rest = _rows(haar, alone, ["haar"] * len(alone))
    return _Found(
        np.concatenate([blazeface.boxes_xyxy, rest.boxes_xyxy]),
        np.concatenate([blazeface.points_xy, rest.points_xy]),
        np.concatenate([blazeface.scores, rest.scores]),
        (*names, *rest.found_by),
    )


def _rows(found: _Found, which: np.ndarray, found_by: list[str]) -> _Found:
    return _Found(found.boxes_xyxy[which], found.points_xy[which], found.scores[which], tuple(found_by))


def _in_order(found: _Found, size: tuple[int, int], start: float) -> FaceDetections:
    boxes = scale_boxes(found.boxes_xyxy, size, size)
    order = left_to_right_order(boxes)
    return FaceDetections(
        boxes[order],
        size,
        (time.perf_counter() - start) * 1000,
        found.points_xy[order],
        found.scores[order],
        tuple(found.found_by[row] for row in order),
    )
