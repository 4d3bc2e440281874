"""Faces to paste into pictures, and pictures to paste them into: what benchmarks of face detection share."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import skimage.data

from fer_core.datasets.find import find_fer2013
from fer_core.datasets.load import load_fer2013
from fer_core.errors import DatasetNotFoundError
from fer_core.faces.images import to_gray

FOUND_IOU = 0.4  # a box that shares this much with the face counts as having found it
# Of those that scikit-image carries in its package "coins" is left out: the coins show heads.
BACKGROUNDS = (
    "brick",
    "coffee",
    "grass",
    "gravel",
    "moon",
    "page",
    "rocket",
    "chelsea",
    "motorcycle",
)
ASTRONAUT_FACE_XYXY = (177, 66, 273, 162)


@dataclass(frozen=True)
class Face:
    """A face to paste: pixels with context, where the face lies in them, and what is hard about it."""

    image_gray: np.ndarray
    face_xyxy: tuple[int, int, int, int]
    kind: str


@dataclass(frozen=True)
class Scene:
    """A composed picture and what is in it."""

    image_gray: np.ndarray
    faces_xyxy: np.ndarray
    kinds: tuple[str, ...]


def backgrounds(width: int, height: int) -> list[np.ndarray]:
    """Pictures without a face, filled up to the size by cutting, never by stretching."""
    found = []
    for name in BACKGROUNDS:
        if name == "motorcycle":
            image = skimage.data.stereo_motorcycle()[0]
        else:
            image = getattr(skimage.data, name)()
        gray = image if image.ndim == 2 else to_gray(np.ascontiguousarray(image[..., :3]))
        factor = max(width / gray.shape[1], height / gray.shape[0])
        size = (round(gray.shape[1] * factor) + 1, round(gray.shape[0] * factor) + 1)
        found.append(cv2.resize(gray, size, interpolation=cv2.INTER_CUBIC)[:height, :width])
    return found


def astronaut(turn_degrees: float, brightness: float, kind: str) -> Face:
    """The portrait's head and shoulders, turned around the middle of the face."""
    gray = to_gray(skimage.data.astronaut())
    x1, y1, x2, y2 = ASTRONAUT_FACE_XYXY
    centre = ((x1 + x2) / 2, (y1 + y2) / 2)
    turn = cv2.getRotationMatrix2D(centre, turn_degrees, 1.0)
    turned = cv2.warpAffine(gray, turn, gray.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    lit = np.clip(turned.astype(np.float32) * brightness, 0, 255).astype(np.uint8)
    left, top = x1 - 62, 4
    return Face(lit[top : y2 + 60, left : x2 + 62], (x1 - left, y1 - top, x2 - left, y2 - top), kind)


def astronaut_faces() -> list[Face]:
    """Upright, turned, dark and bright."""
    return [
        astronaut(0, 1.0, "upright"),
        astronaut(0, 1.15, "upright"),
        astronaut(12, 1.0, "turned 12°"),
        astronaut(-12, 1.0, "turned 12°"),
        astronaut(0, 0.3, "dark"),
        astronaut(0, 1.8, "bright"),
    ]


def fer2013_faces(count: int) -> list[Face]:
    """Faces of FER2013's Training split; the whole 48x48 image counts as the face. [] without the data."""
    try:
        dataset = load_fer2013(find_fer2013())
    except DatasetNotFoundError:
        return []
    training = np.flatnonzero(dataset.usages == 0)
    rows = np.random.default_rng(2013).choice(training, count, replace=False)
    return [Face(dataset.images_gray[row], (0, 0, 48, 48), "FER2013") for row in rows]


def paste(scene: np.ndarray, face: Face, side: int, place: tuple[float, float]) -> np.ndarray | None:
    """Put the face into the scene with a soft edge; its box there, or None where it does not fit."""
    x1, y1, x2, y2 = face.face_xyxy
    factor = side / (x2 - x1)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    patch = cv2.resize(face.image_gray, None, fx=factor, fy=factor, interpolation=how)
    height, width = patch.shape
    if height >= scene.shape[0] or width >= scene.shape[1]:
        return None
    left, top = (
        round(share * room)
        for share, room in zip(place, np.subtract(scene.shape[::-1], (width, height)), strict=True)
    )
    edge = max(2, round(side * 0.08))
    alpha = cv2.copyMakeBorder(
        np.ones((height - 2 * edge, width - 2 * edge), np.float32),
        edge,
        edge,
        edge,
        edge,
        cv2.BORDER_CONSTANT,
    )
    alpha = cv2.blur(alpha, (edge, edge))
    below = scene[top : top + height, left : left + width]
    below[:] = np.clip(alpha * patch + (1 - alpha) * below, 0, 255).astype(np.uint8)
    return np.rint(np.array([x1, y1, x2, y2]) * factor + [left, top, left, top]).astype(np.int32)
