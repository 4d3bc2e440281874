"""Face segmentation with BlazeFace (Bazarevsky et al. 2019, arXiv:1907.05047): where its networks look in a picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fer_core.faces.blazeface_networks import BlazeFaceNetwork, blazeface_network
from fer_core.faces.boxes import iou
from fer_core.faces.search import BlazeFaceSettings
from fer_core.faces.squares import (
    SquarePicture,
    is_tight,
    part_of_picture,
    tile_boxes,
    tile_sides,
    tiles,
    whole_picture,
)
from fer_core.faces.suppression import Candidates, joined, suppress

_AROUND: Final = 0.5  # how far a look at a place reaches around it, in its longer sides
_SAME_FACE_IOU: Final = 0.3  # of MediaPipe: candidates that share so much are one face
_TIGHT_MODEL: Final = "back"  # for small pictures: of FER2013's faces the others find fewer
_TIGHT_SCORE: Final = 0.6
_SECOND_MODEL, _THIRD_MODEL = "short_range", "back"  # 1 ms a look, and 7 ms: for doubtful places only
_AROUND_AGAIN: Final = {"short_range": 0.5, "back": 1.5}  # in sides of the box: where faces score highest
_DOUBTFUL: Final = 0.6
# Not looked at again from this score on: on the tuning set half of the faces, and 1 of 82 wrong candidates.
_CERTAIN: Final = {"short_range": 0.8}
_SAME_PLACE_IOU: Final = 0.4
# Side of a face, as a part of the tiles that were searched last, below which smaller tiles follow: after the first tiles,
# which every photo goes through, and later.
_SMALL_IN_TILE: Final = (0.15, 0.22)


@dataclass(frozen=True, eq=False)
class BlazeFaceSteps:
    """What a search of the whole picture went through, for teaching; all in pixels of `square`."""

    square: SquarePicture
    candidates: Candidates
    """Those at which the score is at least that of the settings, before they are joined."""
    kept: Candidates
    """One for each face."""


class BlazeFaceDetector:
    """Finds faces from all sides up to a profile, tilted and partly hidden ones, too. May be called from any thread.

    Args:
        settings: how thoroughly to search.

    Raises:
        DetectionError: the file of a network is missing or damaged.
    """

    def __init__(self, settings: BlazeFaceSettings | None = None) -> None:
        self.settings = settings if settings is not None else BlazeFaceSettings()
        self._network = blazeface_network(self.settings.model)

    def detect(self, image_rgb: np.ndarray) -> Candidates:
        """Find the faces in a picture.

        Args:
            image_rgb: uint8 (H, W, 3), or (H, W) where there is no colour.

        Returns:
            One candidate a face, in pixels of the picture, the best one first; boxes as the network draws them, from
            the brow to the chin.

        Raises:
            ValueError: another shape or dtype.
        """
        image_rgb = _as_rgb(image_rgb)
        found = self.look_at(image_rgb, None)
        if self.settings.tile_share is None or is_tight(image_rgb):
            return self._confirmed(image_rgb, found)
        always, closer = self._tile_sides((image_rgb.shape[1], image_rgb.shape[0]))
        found = suppress(
            joined([found, *(self._in_tiles(image_rgb, side) for side in always)]), _SAME_FACE_IOU
        )
        faces = self._confirmed(image_rgb, found)
        for level, side in enumerate(closer):
            if not self._may_be_smaller(faces, level, 2 * side):
                break
            more = suppress(self._in_tiles(image_rgb, side), _SAME_FACE_IOU)
            # What larger tiles showed has been looked at again already.
            overlap = iou(more.boxes_xyxy, found.boxes_xyxy).max(axis=1, initial=0.0)
            more = more[overlap < _SAME_FACE_IOU]
            faces = joined([faces, self._confirmed(image_rgb, more)])
            found = joined([found, more])
        return faces[np.argsort(-faces.scores, kind="stable")]

    def steps(self, image_rgb: np.ndarray, box_xyxy: np.ndarray | None = None) -> BlazeFaceSteps:
        """What the search of the whole picture goes through, or that of a place: for teaching.

        Args:
            image_rgb: uint8 (H, W, 3), or (H, W) where there is no colour.
            box_xyxy: (4,), in pixels: the place, searched as by `look_near`; None for the whole picture.

        Raises:
            ValueError: another shape or dtype.
        """
        image_rgb = _as_rgb(image_rgb)
        network = self._for_whole(image_rgb) if box_xyxy is None else self._network
        square = whole_picture(image_rgb, network.model.side)
        if box_xyxy is not None:
            square = part_of_picture(image_rgb, box_xyxy, _AROUND, network.model.side)
        candidates = network.candidates(square.pixels_rgb, self.settings.least_score)
        kept = self._confirmed(image_rgb, square.in_picture(suppress(candidates, _SAME_FACE_IOU)))
        return BlazeFaceSteps(square, candidates, square.of_picture(kept))

    def places(self, size: tuple[int, int]) -> list[np.ndarray | None]:
        """What `detect` looks at one after the other: None for the whole picture, float64 (4,) for each of its tiles.

        Args:
            size: width, height of the picture, in pixels.
        """
        always, _closer = self._tile_sides(size)
        return [None, *(box for side in always for box in tile_boxes(size, side))]

    def look_at(self, image_rgb: np.ndarray, place: np.ndarray | None) -> Candidates:
        """Find the faces of one of `places`: a video may not wait for all of them.

        Args:
            image_rgb: uint8 (H, W, 3), or (H, W) where there is no colour.
            place: one of `places` of its size.

        Returns:
            One candidate a face, in pixels of the picture, the best one first.
        """
        image_rgb = _as_rgb(image_rgb)
        if place is None:
            network = self._for_whole(image_rgb)
            return self._find(whole_picture(image_rgb, network.model.side), network)
        return self._find(part_of_picture(image_rgb, place, 0.0, self._network.model.side))

    def look_near(self, image_rgb: np.ndarray, box_xyxy: np.ndarray, around: float = _AROUND) -> Candidates:
        """Find faces around a place.

        Args:
            image_rgb: uint8 (H, W, 3), or (H, W) where there is no colour.
            box_xyxy: (4,), in pixels.
            around: how far around the box is searched, in its longer sides.

        Returns:
            One candidate a face, in pixels of the picture, the best one first.
        """
        return self._find(part_of_picture(_as_rgb(image_rgb), box_xyxy, around, self._network.model.side))

    def _tile_sides(self, size: tuple[int, int]) -> tuple[list[float], list[float]]:
        """Sides of the tiles that are always searched, and of those that follow where small faces may be."""
        share, closer_share = self.settings.tile_share, self.settings.closer_share
        if share is None:
            return [], []
        always = tile_sides(size, self._network.model.side, share)
        least = max((closer_share or math.inf) * min(size), 0.75 * self._network.model.side)
        closer = [always[-1] / 2] if always else []
        while closer and closer[-1] / 2 >= least:
            closer.append(closer[-1] / 2)
        return always, [side for side in closer if side >= least]

    def _in_tiles(self, image_rgb: np.ndarray, tile_side: float) -> Candidates:
        """What may be a face in tiles of one size, in pixels of the picture."""
        squares = tiles(image_rgb, self._network.model.side, tile_side)
        return joined([self._find(square) for square in squares if not square.is_even])

    @staticmethod
    def _may_be_smaller(faces: Candidates, level: int, searched_side: float) -> bool:
        """Whether smaller tiles are worth their time, after those of a side in pixels: where faces are small, others are
        probably smaller, and where there is none yet, one may be."""
        if not len(faces):
            return level == 0
        return bool(_sides(faces).min() < _SMALL_IN_TILE[min(level, 1)] * searched_side)

    def _for_whole(self, image_rgb: np.ndarray) -> BlazeFaceNetwork:
        return blazeface_network(_TIGHT_MODEL) if is_tight(image_rgb) else self._network

    def _find(self, square: SquarePicture, network: BlazeFaceNetwork | None = None) -> Candidates:
        """The faces of a square, in pixels of the picture."""
        found = (network or self._network).candidates(square.pixels_rgb, self.settings.least_score)
        return square.in_picture(suppress(found, _SAME_FACE_IOU))

    def looked_at_again(self, image_rgb: np.ndarray, places: Candidates) -> np.ndarray:
        """How sure this detector is that places are faces when it looks at each alone, larger, as it is and mirrored.

        Args:
            image_rgb: uint8 (H, W, 3), or (H, W) where there is no colour.
            places: their boxes as the network draws them; NaN as the score of one that was found without it.

        Returns:
            float32 (N,), the mean of the scores, of fewer where they say enough; of a doubtful place that of a larger
            network if it is higher.
        """
        image_rgb = _as_rgb(image_rgb)
        sure = self.settings.confirm_score or 1.0
        scores = np.empty(len(places), np.float32)
        for row, box in enumerate(places.boxes_xyxy):
            looks = [float(places.scores[row])]
            certain = looks[0] >= _CERTAIN.get(self.settings.model, math.inf)
            for look in _scores_at(_SECOND_MODEL, image_rgb, box, mirrored=True) if not certain else ():
                looks.append(look)
                if np.nanmean(looks) >= sure:
                    break
            scores[row] = np.nanmean(looks)
            if _DOUBTFUL <= scores[row] < sure:
                scores[row] = max(scores[row], *_scores_at(_THIRD_MODEL, image_rgb, box, mirrored=False))
        return scores

    def _confirmed(self, image_rgb: np.ndarray, found: Candidates) -> Candidates:
        least = self.settings.confirm_score
        if least is None:
            return found
        if is_tight(image_rgb):  # a second look would show no more than the first one
            return found[found.scores >= _TIGHT_SCORE]
        scores = self.looked_at_again(image_rgb, found)
        order = np.argsort(-scores, kind="stable")
        kept = order[scores[order] >= least]
        return Candidates(found.boxes_xyxy[kept], found.points_xy[kept], scores[kept])


def _scores_at(name: str, image_rgb: np.ndarray, box_xyxy: np.ndarray, *, mirrored: bool) -> Iterator[float]:
    """The scores of what a network sees where a box lies, as it is and mirrored; 0 where it sees no face there."""
    network = blazeface_network(name)
    square = part_of_picture(image_rgb, box_xyxy, _AROUND_AGAIN[name], network.model.side)
    for look in (square, square.mirrored()) if mirrored else (square,):
        found = look.in_picture(network.candidates(look.pixels_rgb, 0.05))
        there = iou(box_xyxy[None], found.boxes_xyxy)[0] >= _SAME_PLACE_IOU
        yield float(found.scores[there].max(initial=0))


def _sides(found: Candidates) -> np.ndarray:
    return (found.boxes_xyxy[:, 2:] - found.boxes_xyxy[:, :2]).max(axis=1)


def _as_rgb(image: np.ndarray) -> np.ndarray:
    if image.dtype != np.uint8 or image.size == 0 or image.shape[2:] not in ((), (3,)) or image.ndim < 2:
        raise ValueError(f"Expected uint8 (H, W, 3) or (H, W). Received: {image.dtype} {image.shape}")
    return cv2.cvtColor(image, cv2.COLOR_GRAY2RGB) if image.ndim == 2 else image
