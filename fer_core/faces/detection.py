"""Face segmentation with a Haar cascade, as in the paper (Viola and Jones 2001, Lienhart and Maydt 2002).

The cascades are those that OpenCV ships (`cv2.data.haarcascades`).
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from fer_core.errors import N_, DetectionError
from fer_core.faces.boxes import (
    FaceDetections,
    iou,
    left_to_right,
    no_boxes,
    scale_boxes,
    xywh_to_xyxy,
)
from fer_core.faces.images import FACE_SIZE, shrink, square_crop

CASCADES: Final[dict[str, str]] = {
    "default": "haarcascade_frontalface_default.xml",
    "alt": "haarcascade_frontalface_alt.xml",
    "alt2": "haarcascade_frontalface_alt2.xml",
}
"""Cascades for faces from the front, by the short name that settings use."""

_CASCADE_WINDOW: Final = {"default": 24, "alt": 20, "alt2": 20}  # pixels: the faces each was trained on
_GROUP_EPS: Final = 0.2  # how much sides may differ within a group: OpenCV's own value
_PROFILE: Final = "haarcascade_profileface.xml"  # finds turned faces, and many that are not turned
_TIGHT_SIDE: Final = 128  # pixels: a picture this small is likely to be cut close around a face
_SAME_PLACE_EPS: Final = 0.4  # how much sides may differ for coarse hits to be one place
_AROUND: Final = 0.3  # what is searched on each side of a place, as a part of its side
_AROUND_SIDE: Final = 1.4  # how much larger or smaller than the place the windows there are
_SMALLEST_WINDOW: Final = 24  # pixels: no cascade above was trained on smaller faces


def _check_range(what: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also refuses NaN
        raise DetectionError(
            N_("The face detection setting “{what}” must lie between {low} and {high}; it is {received}."),
            what=what,
            low=f"{low:g}",
            high=f"{high:g}",
            received=value,
        )


@dataclass(frozen=True)
class DetectionSettings:
    """How thoroughly a picture is searched.

    The values were measured with `python benchmarks/detection.py` on pictures composed of known faces (the
    NASA portrait; FER2013's Training split). At 640x480, scale 1.1 and 3 neighbours, 74 faces: `default` finds
    77 % and invents 147 faces in 100 pictures, `alt` 76 % and 7, `alt2` 78 % and 13; 5 neighbours bring `alt2`
    to 76 % and 5. At 2400x1800, 72 faces, `alt2` with 4 neighbours finds 64 % at a working size of 640 pixels,
    72 % at 960 and 71 % at 1280, at twice the time. What is missed is mostly FER2013's half profiles and
    faces under 5 % of the picture.

    The margin is 0 because the box of `alt2` is as wide as FER2013 cuts its faces: 0.96 of the image in the
    median of 529 faces, in its middle to within 1 %.
    """

    cascade: str = "alt2"
    """Name in `CASCADES`."""
    scale_factor: float = 1.1
    """From one size of face to the next; over 1, at most 2. Smaller finds more and takes longer."""
    neighbours: int = 4
    """Hits around one place that make a face; 1 to 20. More invents fewer faces and misses more."""
    smallest_face: float = 0.05
    """Side of the smallest face that is looked for, as a part of the picture's shorter side; 0 to 1."""
    working_size: int = 960
    """Longest side of the picture that is searched, in pixels; larger ones are reduced to it."""
    margin: float = 0.0
    """What the crop takes on each side beyond the box, as a part of the box; -0.25 to 1."""
    coarse_step: float | None = None
    """Scan the picture coarsely, with this factor from one size of face to the next (over 1, at most 2), and as
    these settings say only around what that finds; None searches all of it as they say. It saves most of the time and
    misses some faces that few windows pass: on 177 faces in 140 pictures "normal" with 1.1 here found 138 instead of
    141 in 0.45 of the time, and on 72 others 48 instead of 52."""

    def __post_init__(self) -> None:
        if self.cascade not in CASCADES:
            raise DetectionError(
                N_("There is no face cascade named {received}. Choose one of: {expected}."),
                received=self.cascade,
                expected=", ".join(CASCADES),
            )
        _check_range("scale_factor", self.scale_factor, 1.01, 2.0)
        _check_range("neighbours", self.neighbours, 1, 20)
        _check_range("smallest_face", self.smallest_face, 0.0, 1.0)
        _check_range("working_size", self.working_size, 64, 8192)
        _check_range("margin", self.margin, -0.25, 1.0)
        if self.coarse_step is not None:
            _check_range("coarse_step", self.coarse_step, 1.01, 2.0)


EFFORTS: Final[dict[str, DetectionSettings]] = {
    "quick": DetectionSettings(neighbours=5, smallest_face=0.08, working_size=640, coarse_step=1.2),
    "normal": DetectionSettings(),
    "thorough": DetectionSettings(neighbours=5, smallest_face=0.02, working_size=1600),
}
"""Three grades for photos, from one that large faces need to one for a whole class in a picture.

In the order quick, normal, thorough, `benchmarks/detection.py` measured: on 2400x1800 with faces of 80 to
900 pixels 53, 72 and 74 % found and 3, 10 and 35 faces invented in 100 pictures; with faces of 40 to 110
pixels 0, 19 and 73 % found and 7, 13 and 40 invented. "Thorough" is for small faces: it finds few more of the
large ones, and invents more.
"""


@dataclass(frozen=True, eq=False)
class ReducedPicture:
    """What the cascade searches in place of a picture."""

    image_gray: np.ndarray
    """uint8 (H, W): the picture made smaller; a small one with room around it."""
    size: tuple[int, int]
    """Width, height without the room, in pixels."""
    room: int
    """Pixels on each side that are not of the picture."""
    smallest: int
    """Side of the smallest face that is looked for, in pixels."""
    picture_size: tuple[int, int]
    """Width, height of the picture itself, in pixels."""


class HaarFaceDetector:
    """Finds faces seen from the front.

    May be called from any thread: an OpenCV cascade that two threads use at once gives wrong boxes and
    exceptions, so each call borrows a cascade that no other call has, and a further one is read
    (10 to 20 ms) only while all are lent out. A detector that one thread uses keeps a single cascade.

    Args:
        settings: how thoroughly to search.

    Raises:
        DetectionError: this OpenCV cannot load the cascade.
    """

    def __init__(self, settings: DetectionSettings | None = None) -> None:
        self.settings = settings if settings is not None else DetectionSettings()
        self._lock = threading.Lock()
        self._idle: list[cv2.CascadeClassifier] = [read_cascade(self.settings.cascade)]

    def detect(self, image_gray: np.ndarray) -> FaceDetections:
        """Boxes of the faces in a picture, from left to right.

        Args:
            image_gray: uint8 (H, W), 0-255.

        Returns:
            Boxes in pixels of `image_gray`, square unless the border cuts them; none where no face is found.

        Raises:
            ValueError: another shape or dtype.
        """
        start = time.perf_counter()
        reduced = self.reduce(image_gray)
        step = self.settings.coarse_step
        if step is not None:
            boxes = self.group(self._hits_around(self._coarse_places(reduced, step), reduced), reduced)
        else:
            boxes = self._boxes(self._windows(reduced, self.settings.neighbours, None), reduced)
        return FaceDetections(boxes, reduced.picture_size, _milliseconds_since(start))

    def reduce(self, image_gray: np.ndarray) -> ReducedPicture:
        """What the cascade searches instead of this picture.

        Args:
            image_gray: uint8 (H, W), 0-255.

        Raises:
            ValueError: another shape or dtype.
        """
        if image_gray.ndim != 2 or image_gray.dtype != np.uint8 or image_gray.size == 0:
            raise ValueError(f"Expected uint8 (H, W). Received: {image_gray.dtype} {image_gray.shape}")
        working = np.ascontiguousarray(shrink(image_gray, self.settings.working_size))
        height, width = working.shape
        shorter = min(height, width)
        # The cascade needs room around a face. With it, 71 % of FER2013's own images are found, without 52 %.
        room = round(shorter * 0.25) if _SMALLEST_WINDOW <= shorter <= _TIGHT_SIDE else 0
        if room:
            working = cv2.copyMakeBorder(working, room, room, room, room, cv2.BORDER_REPLICATE)
        smallest = max(_SMALLEST_WINDOW, math.ceil(self.settings.smallest_face * shorter))
        return ReducedPicture(
            working, (width, height), room, smallest, (image_gray.shape[1], image_gray.shape[0])
        )

    def hits(self, reduced: ReducedPicture, part: int = 0, parts: int = 1) -> np.ndarray:
        """The windows that the cascade takes for faces, before those around one place are grouped.

        A video may not wait for a whole scan: it is cut by the size of the windows into parts that take about
        as long as each other. What all parts find, `group` makes the faces of, the same as `detect` finds.

        Args:
            reduced: from `reduce`.
            part: which one, from 0.
            parts: how many there are.

        Returns:
            int32 (N, 4): x, y, width, height in pixels of `reduced`.
        """
        sides = np.array(self._window_sides(reduced))
        if not len(sides):
            return no_boxes()
        # Windows of a size: as many as pixels of the picture when it is reduced to it, those of less than twice
        # the cascade's own at every other pixel only.
        costs = np.where(sides < 2 * _CASCADE_WINDOW[self.settings.cascade], 0.25, 1.0) / sides**2
        own = sides[np.floor((np.cumsum(costs) - costs / 2) / costs.sum() * parts) == part]
        return self._windows(reduced, 0, (int(own[0]), int(own[-1]))) if len(own) else no_boxes()

    def windows(self, image_gray: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the cascade takes for a face before neighbouring finds are grouped: for teaching.

        Args:
            image_gray: uint8 (H, W), 0-255.

        Returns:
            The reduced picture that was searched, uint8 (h, w), and every window that passed the cascade,
            int32 (N, 4), left, top, right, bottom in pixels of that picture.

        Raises:
            ValueError: another shape or dtype.
        """
        reduced = self.reduce(image_gray)
        (width, height), room = reduced.size, reduced.room
        searched_gray = reduced.image_gray[room : room + height, room : room + width]
        return searched_gray, xywh_to_xyxy(self.hits(reduced)) - room

    def group(self, hits_xywh: np.ndarray, reduced: ReducedPicture) -> np.ndarray:
        """Faces of hits: int32 (N, 4), in pixels of the picture, from left to right.

        Args:
            hits_xywh: int32 (N, 4), what `hits` gave for all parts.
            reduced: a picture of the same size as those they were found in.
        """
        grouped, _weights = cv2.groupRectangles(hits_xywh.tolist(), self.settings.neighbours, _GROUP_EPS)
        return self._boxes(np.asarray(grouped, np.int32).reshape(-1, 4), reduced)

    def _coarse_places(self, reduced: ReducedPicture, step: float) -> np.ndarray:
        """Where the cascade finds something in few steps: float64 (N, 4), x, y, side, side in pixels of `reduced`.

        OpenCV tries every pixel of a picture for faces of twice the cascade's own size and larger, every other
        one for smaller ones. So for each doubling of the size the picture is made as small as the cascade can
        take: it tries a quarter of the windows, and a face, which passes at many neighbouring ones, is hit all
        the same.
        """
        own = _CASCADE_WINDOW[self.settings.cascade]
        height, width = reduced.image_gray.shape
        found = [np.empty((0, 4))]
        small_gray, side = reduced.image_gray, float(reduced.smallest)
        while side <= min(height, width):
            size = (round(width * own / side), round(height * own / side))
            # From the size before: averaging the whole picture anew would take as long as its search.
            small_gray = cv2.resize(small_gray, size, interpolation=cv2.INTER_AREA)
            hits = self._windows_in(small_gray, 0, (own, 2 * own - 1), step)
            found.append(hits * (side / own))
            side *= 2
        hits = np.concatenate(found)
        # Each twice, since a group of one is none to OpenCV.
        places, _weights = cv2.groupRectangles(
            np.rint(np.repeat(hits, 2, axis=0)).astype(np.int32).tolist(), 1, _SAME_PLACE_EPS
        )
        return np.asarray(places, np.float64).reshape(-1, 4)

    def _hits_around(self, places_xywh: np.ndarray, reduced: ReducedPicture) -> np.ndarray:
        """Those of `hits` that lie around these places, int32 (N, 4), without trying the others."""
        sides = np.array(self._window_sides(reduced))
        found = [no_boxes()]
        for index, (x, y, side, _) in enumerate(places_xywh):
            near = sides[(sides >= side / _AROUND_SIDE) & (sides <= side * _AROUND_SIDE)]
            if not len(near):
                continue
            left, top = (max(0, math.floor(value - _AROUND * side)) for value in (x, y))
            right, bottom = (math.ceil(value + (1 + _AROUND) * side) for value in (x, y))
            cut_gray = reduced.image_gray[top:bottom, left:right]
            hits = self._windows_in(cut_gray, 0, (int(near[0]), int(near[-1])), self.settings.scale_factor)
            hits[:, :2] += (left, top)
            # Neighbouring places share windows: each counts once, for the place that it fits best.
            fits = iou(xywh_to_xyxy(hits), xywh_to_xyxy(places_xywh))
            found.append(hits[fits.argmax(axis=1) == index])
        return np.concatenate(found)

    def _window_sides(self, reduced: ReducedPicture) -> list[int]:
        """The sides of the windows that OpenCV goes through, ascending."""
        sides, side = [], float(_CASCADE_WINDOW[self.settings.cascade])
        while round(side) <= min(reduced.image_gray.shape):
            if round(side) >= reduced.smallest:
                sides.append(round(side))
            side *= self.settings.scale_factor
        return sides

    def _windows(self, reduced: ReducedPicture, neighbours: int, sides: tuple[int, int] | None) -> np.ndarray:
        """int32 (N, 4): x, y, width, height in pixels of `reduced`."""
        return self._windows_in(
            reduced.image_gray, neighbours, sides or (reduced.smallest, -1), self.settings.scale_factor
        )

    def _windows_in(
        self, image_gray: np.ndarray, neighbours: int, sides: tuple[int, int], scale_factor: float
    ) -> np.ndarray:
        """int32 (N, 4): x, y, width, height in pixels of `image_gray`, of windows from one side to another."""
        if min(image_gray.shape) < _CASCADE_WINDOW[self.settings.cascade]:
            return no_boxes()
        # One more than the largest: OpenCV takes two equal sizes for another request. 0 is any size.
        smallest, largest = sides[0], sides[1] + 1
        with self._borrowed_cascade() as cascade:
            found = cascade.detectMultiScale(
                image_gray,
                scaleFactor=scale_factor,
                minNeighbors=neighbours,
                minSize=(smallest, smallest),
                maxSize=(largest, largest),
            )
        return np.asarray(found, dtype=np.int32).reshape(-1, 4)

    @staticmethod
    def _boxes(windows_xywh: np.ndarray, reduced: ReducedPicture) -> np.ndarray:
        boxes = xywh_to_xyxy(windows_xywh) - reduced.room
        return left_to_right(scale_boxes(boxes, reduced.size, reduced.picture_size))

    def crops(self, image_gray: np.ndarray, detections: FaceDetections) -> np.ndarray:
        """The faces as a network sees them, in the order of the boxes.

        Args:
            image_gray: uint8 (H, W), the picture that was searched.
            detections: what `detect` found in it.

        Returns:
            uint8 (N, 48, 48); (0, 48, 48) without a face.
        """
        faces = np.empty((len(detections), FACE_SIZE, FACE_SIZE), dtype=np.uint8)
        for row, box_xyxy in enumerate(detections.boxes_xyxy):
            faces[row] = square_crop(image_gray, box_xyxy, self.settings.margin)
        return faces

    @contextmanager
    def _borrowed_cascade(self) -> Iterator[cv2.CascadeClassifier]:
        with self._lock:
            cascade = self._idle.pop() if self._idle else None
        if cascade is None:
            cascade = read_cascade(self.settings.cascade)
        try:
            yield cascade
        finally:
            with self._lock:
                self._idle.append(cascade)


def read_cascade(name: str) -> cv2.CascadeClassifier:
    """One of OpenCV's cascades, by its name in `CASCADES` or "profile". For one thread at a time.

    Raises:
        DetectionError: this OpenCV has none, or the file is damaged.
    """
    folder = Path(getattr(getattr(cv2, "data", None), "haarcascades", ""))
    file = _PROFILE if name == "profile" else CASCADES[name]
    path = folder / file
    if not hasattr(cv2, "CascadeClassifier") or not path.is_file():
        raise DetectionError(
            N_(
                "OpenCV {version} has no face cascade ({file}). "
                "Install the packages of requirements.txt again; Raut needs OpenCV 4.14."
            ),
            version=cv2.__version__,
            file=file,
        )
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise DetectionError(
            N_("The face cascade {file} is damaged. Install the packages of requirements.txt again."),
            file=file,
        )
    return cascade


def _milliseconds_since(start: float) -> float:
    return (time.perf_counter() - start) * 1000
