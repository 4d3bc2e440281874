"""The pictures that face detectors are tuned on, and those that they are measured on; no picture is in both.

Composed photos hold faces of FER2013 (Training to tune, PublicTest to measure; only those that FER+ calls faces) and
NASA's portrait, upright, tilted, cut by the border, or small in a group. FER2013's faces with room are its 48x48
pictures with their border repeated around them. Pictures without a face are those that scikit-image carries in its
package, whole, in tiles of 256 pixels and enlarged, and drawn textures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import skimage.data
from scenes import ASTRONAUT_FACE_XYXY, Scene

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.find import find_fer2013
from fer_core.datasets.load import load_fer2013
from fer_core.faces.images import to_gray

TRAINING, PUBLIC_TEST, PRIVATE_TEST = range(3)
NOT_A_FACE = 9  # column of the votes of FER+
ROOM = 24  # pixels around a picture of FER2013, on each side
PHOTO_SIZE, GROUP_SIZE = (1024, 768), (2048, 1536)
KINDS = ("upright", "tilted 15-30°", "tilted 30-60°", "cut by the border", "small in a group")


@dataclass(frozen=True)
class PictureSet:
    """What a set is made from."""

    name: str
    split: int
    """Of FER2013."""
    seed: int
    behind: tuple[str, ...]
    """Pictures of scikit-image without a face; "coins" is in none, since its coins show heads."""


TUNING = PictureSet(
    "tuning",
    TRAINING,
    1,
    ("brick", "coffee", "moon", "chelsea", "clock", "cell", "text", "retina", "colorwheel", "logo"),
)
MEASURING = PictureSet(
    "measuring", PUBLIC_TEST, 2,
    ("grass", "gravel",  "page", "rocket", "stereo_motorcycle", "hubble_deep_field", "immunohistochemistry",
     "microaneurysms", "horse"),
)  # fmt: skip


@cache
def _dataset() -> Fer2013:
    return load_fer2013(find_fer2013())


def fer2013_faces(split: int, count: int) -> np.ndarray:
    """Pictures of a split that FER+ calls faces, none twice: uint8 (N, 48, 48).

    Raises:
        DatasetNotFoundError: FER2013 is not on this computer.
    """
    dataset = _dataset()
    of_split = dataset.usages == split
    if dataset.votes is not None:
        of_split &= dataset.votes[:, NOT_A_FACE] == 0
    rows = np.random.default_rng(2013).permutation(np.flatnonzero(of_split))
    seen: set[bytes] = set()
    kept = []
    for row in rows:
        content = dataset.images_gray[row].tobytes()
        if content not in seen and len(kept) < count:
            seen.add(content)
            kept.append(dataset.images_gray[row])
    return np.stack(kept)


def with_room(face: np.ndarray) -> Scene:
    """A picture of FER2013 with its border repeated around it: uint8 (96, 96)."""
    image = cv2.copyMakeBorder(face, ROOM, ROOM, ROOM, ROOM, cv2.BORDER_REPLICATE)
    return Scene(image, np.array([[ROOM, ROOM, ROOM + 48, ROOM + 48]], np.int32), ("FER2013",))


def picture(name: str) -> np.ndarray:
    """One of scikit-image's in grey, uint8 (H, W)."""
    image = getattr(skimage.data, name)()
    image = np.asarray(image[0] if isinstance(image, tuple) else image)
    if image.dtype == bool:
        image = image.astype(np.uint8) * 255
    return image if image.ndim == 2 else to_gray(np.ascontiguousarray(image[..., :3]))


def texture(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Noise of several scales, ellipses and lines: uint8 (height, width)."""
    image = np.full((height, width), random.uniform(60, 190), np.float32)
    for octave in range(2, 8):
        size = (max(2, width >> octave), max(2, height >> octave))
        noise = random.normal(0, random.uniform(2, 25), size[::-1]).astype(np.float32)
        image += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    drawn = np.clip(image, 0, 255).astype(np.uint8)
    for _ in range(int(random.integers(0, 40))):
        centre = (int(random.integers(width)), int(random.integers(height)))
        axes = tuple(int(value) for value in random.integers(3, max(4, width // 8), 2))
        shade, thick = int(random.integers(256)), int(random.choice([-1, 2, 4]))
        cv2.ellipse(drawn, centre, axes, float(random.uniform(0, 180)), 0, 360, shade, thick)
    for _ in range(int(random.integers(0, 20))):
        ends = random.integers(0, (width, height), (2, 2))
        cv2.line(
            drawn, ends[0].tolist(), ends[1].tolist(), int(random.integers(256)), int(random.integers(1, 6))
        )
    return cv2.GaussianBlur(drawn, (0, 0), 0.7)


def without_faces(of: PictureSet, textures: int) -> Iterator[Scene]:
    """Pictures in which no face is."""
    none = np.empty((0, 4), np.int32)
    for name in of.behind:
        whole = picture(name)
        height, width = whole.shape
        yield Scene(whole, none, ())
        for top in range(0, height - 255, 256):
            for left in range(0, width - 255, 256):
                yield Scene(np.ascontiguousarray(whole[top : top + 256, left : left + 256]), none, ())
        large = cv2.resize(
            whole, None, fx=1600 / max(whole.shape), fy=1600 / max(whole.shape), interpolation=cv2.INTER_CUBIC
        )
        yield Scene(large, none, ())
    random = np.random.default_rng((of.seed, 5))
    for index in range(textures):
        width, height = ((640, 480), (1024, 768), (1600, 1200))[index % 3]
        yield Scene(texture(random, width, height), none, ())


@dataclass(frozen=True)
class Source:
    """A face to paste: its pixels with what lies around it, and the middle and side of the face in them."""

    image_gray: np.ndarray
    centre_xy: tuple[float, float]
    side: float


def sources(of: PictureSet, count: int) -> list[Source]:
    """FER2013's faces, and for each ten of them the portrait once."""
    x1, y1, x2, y2 = ASTRONAUT_FACE_XYXY
    portrait = to_gray(skimage.data.astronaut())[0:250, 90:360]
    hers = Source(portrait, ((x1 + x2) / 2 - 90, (y1 + y2) / 2), x2 - x1)
    found: list[Source] = []
    for index, face in enumerate(fer2013_faces(of.split, count)):
        found.append(Source(face, (24, 24), 48))
        if index % 10 == 9:
            found.append(hers)
    return found


def paste(
    scene: np.ndarray, face: Source, side: float, centre: tuple[float, float], degrees: float
) -> np.ndarray:
    """Put a face into the scene with a soft edge, turned around its middle; what of its square lies in the scene, (4,)."""
    scale = side / face.side
    height, width = face.image_gray.shape
    image = face.image_gray
    if scale < 0.7:  # warping takes single pixels: reduce first, by averaging
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    factor = scale * height / image.shape[0]
    middle = (np.array(face.centre_xy) * image.shape[0] / height) - 0.5
    turn = cv2.getRotationMatrix2D(middle.tolist(), degrees, factor)
    turn[:, 2] += np.array(centre) - middle
    size = scene.shape[::-1]
    warped = cv2.warpAffine(image, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    edge = max(2, round(0.06 * min(image.shape)))
    alpha = np.zeros(image.shape, np.float32)
    alpha[edge:-edge, edge:-edge] = 1
    alpha = cv2.blur(alpha, (edge, edge))
    alpha = cv2.warpAffine(alpha, turn, size, flags=cv2.INTER_LINEAR)
    scene[:] = np.clip(alpha * warped + (1 - alpha) * scene, 0, 255).astype(np.uint8)
    box = np.array([*(np.array(centre) - side / 2), *(np.array(centre) + side / 2)])
    return np.rint(np.clip(box, 0, np.tile(size, 2))).astype(np.int32)


def photos(of: PictureSet, count: int, groups: int) -> Iterator[Scene]:
    """Composed photos: those of 1024x768 with one to four faces, then those of 2048x1536 with twelve small ones."""
    faces = sources(of, 500)
    for index in range(count + groups):
        random = np.random.default_rng((of.seed, 77, index))
        group = index >= count
        width, height = GROUP_SIZE if group else PHOTO_SIZE
        name = of.behind[index % len(of.behind)]
        if index % 2:
            image = texture(random, width, height)
        else:
            behind = picture(name)
            factor = max(width / behind.shape[1], height / behind.shape[0])
            image = cv2.resize(
                behind, None, fx=factor * 1.01, fy=factor * 1.01, interpolation=cv2.INTER_CUBIC
            )
            image = np.ascontiguousarray(image[:height, :width])
        columns, rows = (4, 3) if group else (1 + index % 4, 1)
        boxes, kinds = [], []
        for cell in range(columns * rows):
            left, top = cell % columns * width / columns, cell // columns * height / rows
            cell_size = np.array([width / columns, height / rows])
            kind = KINDS[4] if group else KINDS[int(random.integers(4))]
            low, high = (0.022, 0.07) if group else (0.07, 0.45)  # of the shorter side
            largest = min(high * height, 0.6 * cell_size.min())
            side = float(np.exp(random.uniform(np.log(low * height), np.log(largest))))
            centre = (
                np.array([left, top])
                + cell_size / 2
                + random.uniform(-0.5, 0.5, 2) * np.maximum(0, cell_size - 1.7 * side)
            )
            degrees = 0.0
            if kind.startswith("tilted"):
                degrees = float(
                    random.uniform(*((15, 30) if kind == KINDS[1] else (30, 60))) * random.choice([-1, 1])
                )
            if (
                kind == "cut by the border"
            ):  # a fifth to two fifths of the face lie beyond the upper or lower one
                beyond = random.uniform(0.2, 0.4)
                centre[1] = side * (0.5 - beyond) if random.random() < 0.5 else height - side * (0.5 - beyond)
            face = faces[int(random.integers(len(faces)))]
            boxes.append(paste(image, face, side, (centre[0], centre[1]), degrees))
            kinds.append(kind)
        noisy = np.clip(image + random.normal(0, 3, image.shape), 0, 255).astype(np.uint8)
        yield Scene(noisy, np.array(boxes, np.int32).reshape(-1, 4), tuple(kinds))
