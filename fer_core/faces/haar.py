"""Face segmentation with a Haar cascade, as in the paper (Viola and Jones 2001, Lienhart and Maydt 2002)."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fer_core.faces.boxes import (
    FaceDetections,
    iou,
    left_to_right,
    no_boxes,
    scale_boxes,
    xywh_to_xyxy,
)
from fer_core.faces.cascades import SharedCascade
from fer_core.faces.images import shrink
from fer_core.faces.search import HaarSettings

_GROUP_EPS: Final = 0.2  # how much sides may differ within a group: OpenCV's own value
_TIGHT_SIDE: Final = 128  # pixels: a picture this small is likely to be cut close around a face
_SAME_PLACE_EPS: Final = 0.4  # how much sides may differ for coarse hits to be one place
_AROUND: Final = 0.3  # what is searched on each side of a place, as a part of its side
_AROUND_SIDE: Final = 1.4  # how much larger or smaller than the place the windows there are
_SMALLEST_WINDOW: Final = 24  # pixels: no cascade was trained on smaller faces


@dataclass(frozen=True, eq=False)
class ReducedPicture:
    """The picture that the cascade searches in place of the whole one."""

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

    May be called from any thread.

    Args:
        settings: how thoroughly to search.

    Raises:
        DetectionError: this OpenCV cannot load the cascade.
    """

    def __init__(self, settings: HaarSettings | None = None) -> None:
        self.settings = settings if settings is not None else HaarSettings()
        self._cascade = SharedCascade(self.settings.cascade)

    def detect(self, image_gray: np.ndarray) -> FaceDetections:
        """Find the faces in a picture.

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
        """Reduce a picture to the one that the cascade searches instead of it.

        Args:
            image_gray: uint8 (H, W), 0-255.

        Raises:
            ValueError: another shape or dtype.
        """
        if image_gray.ndim != 2 or image_gray.dtype != np.uint8 or image_gray.size == 0:
            raise ValueError(f"Expected uint8 (H, W). Received: {image_gray.dtype} {image_gray.shape}")
        working = np.ascontiguousarray(shrink(image_gray, self._longest_side(*image_gray.shape)))
        height, width = working.shape
        shorter = min(height, width)
        # The cascade needs room around a face. With it, 71% of FER2013's own images are found, without 52%.
        room = round(shorter * 0.25) if _SMALLEST_WINDOW <= shorter <= _TIGHT_SIDE else 0
        if room:
            working = cv2.copyMakeBorder(working, room, room, room, room, cv2.BORDER_REPLICATE)
        smallest = max(_SMALLEST_WINDOW, math.ceil(self.settings.smallest_face * shorter))
        return ReducedPicture(
            working, (width, height), room, smallest, (image_gray.shape[1], image_gray.shape[0])
        )

    def _longest_side(self, height: int, width: int) -> int:
        """What a picture of this shape is reduced to, in pixels."""
        size, longest_shape = self.settings.working_size, self.settings.longest_shape
        if longest_shape is None:
            return size
        shape = max(height, width) / min(height, width)
        # Beyond `longest_shape` the number of pixels stays, so the shorter side shrinks with the root of the shape.
        return max(size, round(self.settings.shorter_side * math.sqrt(shape * min(shape, longest_shape))))

    def hits(self, reduced: ReducedPicture, part: int = 0, parts: int = 1) -> np.ndarray:
        """Find the windows that the cascade takes for faces, before those around one place are grouped.

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
        costs = np.where(sides < 2 * self._cascade.window, 0.25, 1.0) / sides**2
        part_sides = sides[np.floor((np.cumsum(costs) - costs / 2) / costs.sum() * parts) == part]
        return (
            self._windows(reduced, 0, (int(part_sides[0]), int(part_sides[-1])))
            if len(part_sides)
            else no_boxes()
        )

    def windows(self, image_gray: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Find the windows that the cascade takes for a face before neighbouring ones are grouped: for teaching.

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
        own = self._cascade.window
        height, width = reduced.image_gray.shape
        found = [np.empty((0, 4))]
        small_gray, side = reduced.image_gray, float(reduced.smallest)
        while side <= min(height, width):
            size = (round(width * own / side), round(height * own / side))
            # From the size before: averaging the whole picture anew would take as long as its search.
            small_gray = cv2.resize(small_gray, size, interpolation=cv2.INTER_AREA)
            hits = self._cascade.windows(small_gray, 0, (own, 2 * own - 1), step)
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
        hits_by_place = [no_boxes()]
        for index, (x, y, side, _) in enumerate(places_xywh):
            near = sides[(sides >= side / _AROUND_SIDE) & (sides <= side * _AROUND_SIDE)]
            if not len(near):
                continue
            left, top = (max(0, math.floor(value - _AROUND * side)) for value in (x, y))
            right, bottom = (math.ceil(value + (1 + _AROUND) * side) for value in (x, y))
            cut_gray = reduced.image_gray[top:bottom, left:right]
            hits = self._cascade.windows(
                cut_gray, 0, (int(near[0]), int(near[-1])), self.settings.scale_factor
            )
            hits[:, :2] += (left, top)
            # Neighbouring places share windows: each counts once, for the place that it fits best.
            fits = iou(xywh_to_xyxy(hits), xywh_to_xyxy(places_xywh))
            hits_by_place.append(hits[fits.argmax(axis=1) == index])
        return np.concatenate(hits_by_place)

    def _window_sides(self, reduced: ReducedPicture) -> list[int]:
        """The sides of the windows that OpenCV goes through, ascending."""
        sides, side = [], float(self._cascade.window)
        while round(side) <= min(reduced.image_gray.shape):
            if round(side) >= reduced.smallest:
                sides.append(round(side))
            side *= self.settings.scale_factor
        return sides

    def _windows(self, reduced: ReducedPicture, neighbours: int, sides: tuple[int, int] | None) -> np.ndarray:
        """int32 (N, 4): x, y, width, height in pixels of `reduced`."""
        return self._cascade.windows(
            reduced.image_gray, neighbours, sides or (reduced.smallest, -1), self.settings.scale_factor
        )

    @staticmethod
    def _boxes(windows_xywh: np.ndarray, reduced: ReducedPicture) -> np.ndarray:
        boxes = xywh_to_xyxy(windows_xywh) - reduced.room
        return left_to_right(scale_boxes(boxes, reduced.size, reduced.picture_size))


def _milliseconds_since(start: float) -> float:
    return (time.perf_counter() - start) * 1000
