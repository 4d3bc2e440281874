"""Faces that the picture's border cuts: `python benchmarks/border.py`.

Faces of FER2013's PublicTest (in `$FER2013_DIR` or `data/`), in pictures of their own as in `upright.py`, as they are and
tilted by 30 degrees to both sides; the picture is cut on each of its four sides in turn, so that 0, 10, 20 or 30% of
the face's own square lie beyond. BlazeFace finds the face, and the shipped default network reads it twice: the square
that is cut out moved inwards, and left in its place with the border repeated beyond. Prints a Markdown table for
upright and for tilted faces, and what the rule of `docs/experiments/tilted-faces.md` says.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import cv2
import numpy as np
from detection import paired_difference
from quality import PUBLIC_TEST
from upright import ENLARGED, PICTURE_SIDE, picture_of, share

from fer_core.datasets.load import load_fer2013
from fer_core.errors import DatasetNotFoundError
from fer_core.faces.blazeface import BlazeFaceDetector
from fer_core.faces.boxes import scale_boxes
from fer_core.faces.detection import face_boxes
from fer_core.faces.images import FACE_SIZE
from fer_core.faces.search import UPRIGHT_FROM_DEGREES
from fer_core.faces.second_look import look_again_upright
from fer_core.faces.upright import roll_degrees, turned_square
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network

TURNS = (0, 30, -30)
CUTS = (0.0, 0.1, 0.2, 0.3)
FACE_SIDE = FACE_SIZE * ENLARGED


def cut_picture(picture: np.ndarray, beyond: float, side: int) -> tuple[np.ndarray, np.ndarray]:
    """What is left where so much of the face lies beyond one side (0 left, 1 top, 2 right, 3 bottom), and the face's
    middle there, (2,)."""
    off = (PICTURE_SIDE - FACE_SIDE) // 2 + round(beyond * FACE_SIDE)
    middle = np.full(2, PICTURE_SIDE / 2)
    if side < 2:
        middle[side] -= off
    kept = [slice(off, None), slice(None, PICTURE_SIDE - off)][side // 2]
    cut = picture[:, kept] if side % 2 == 0 else picture[kept]
    return np.ascontiguousarray(cut), middle


def whole_square(box_xyxy: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The square that a box was before the border of a picture (width, height) cut it: int (4,)."""
    square = box_xyxy.copy()
    side = int((square[2:] - square[:2]).max())
    for axis in (0, 1):
        if square[axis] <= 0:
            square[axis] = square[axis + 2] - side
        elif square[axis + 2] >= size[axis]:
            square[axis + 2] = square[axis] + side
    return square


def moved_inwards(square_xyxy: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The same square within the picture."""
    moved = square_xyxy.copy()
    for axis in (0, 1):
        shift = max(0, -int(moved[axis])) - max(0, int(moved[axis + 2]) - size[axis])
        moved[[axis, axis + 2]] += shift
    return moved


def crop(picture: np.ndarray, square_xyxy: np.ndarray, turn_degrees: float) -> np.ndarray:
    """A square of the picture, its border repeated beyond, turned upright: uint8 (48, 48)."""
    side = int(square_xyxy[2] - square_xyxy[0])
    if turn_degrees:
        centre = (square_xyxy[:2] + square_xyxy[2:]) / 2
        return turned_square(picture, centre, side, turn_degrees, FACE_SIZE)
    beyond = np.maximum(0, [*-square_xyxy[:2], *(square_xyxy[2:] - picture.shape[::-1])])
    left, top, right, bottom = (int(value) for value in beyond)
    around = cv2.copyMakeBorder(picture, top, bottom, left, right, cv2.BORDER_REPLICATE)
    x, y = int(square_xyxy[0]) + left, int(square_xyxy[1]) + top
    how = cv2.INTER_AREA if side > FACE_SIZE else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(around[y : y + side, x : x + side], (FACE_SIZE,) * 2, interpolation=how))


def found_square(
    picture: np.ndarray, middle_xy: np.ndarray, detector: BlazeFaceDetector
) -> tuple[np.ndarray, float] | None:
    """The face's square, perhaps beyond the border, and by how much it is turned upright; None where it is not found."""
    found = detector.detect(picture)
    found = look_again_upright(found, picture, detector, UPRIGHT_FROM_DEGREES)
    if not len(found):
        return None
    size = (picture.shape[1], picture.shape[0])
    boxes = face_boxes(found)
    off = np.abs((boxes[:, :2] + boxes[:, 2:]) / 2 - middle_xy).max(axis=1)
    row = int(off.argmin())
    if off[row] > FACE_SIDE / 3:
        return None
    roll = float(roll_degrees(found.points_xy)[row])
    turn = roll if abs(roll) >= UPRIGHT_FROM_DEGREES else 0.0
    return whole_square(scale_boxes(boxes, size, size)[row], size), turn


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=5, help="only every n-th face; default: %(default)s")
    options = parser.parse_args(arguments)
    try:
        dataset = load_fer2013()
    except DatasetNotFoundError as error:
        print(f"Not measured: {error}")
        return 0
    rows = np.flatnonzero(dataset.usages == PUBLIC_TEST)[:: options.every]
    network = find_network()
    recognizer = ExpressionRecognizer(network)
    detector = BlazeFaceDetector()  # the face is large: tiles would find nothing more
    print(f"{network.id}, PublicTest, {len(rows):,} faces, each cut on four sides")
    for name, turns in (("upright", TURNS[:1]), ("tilted by 30 degrees", TURNS[1:])):
        beyond, truth = [], []
        crops: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
        for row in rows:
            for turn in turns:
                whole = picture_of(dataset.images_gray[row], turn)
                for part in CUTS:
                    for side in range(4):
                        picture, middle = cut_picture(whole, part, side)
                        found = found_square(picture, middle, detector)
                        if found is None:
                            continue
                        square, upright = found
                        inside = moved_inwards(square, (picture.shape[1], picture.shape[0]))
                        if (inside == square).all():
                            continue  # both ways are one
                        beyond.append(part)
                        truth.append(int(dataset.emotions[row]))
                        crops[0].append(crop(picture, inside, upright))
                        crops[1].append(crop(picture, square, upright))
        rights = [recognizer.predict(np.stack(each)).argmax(axis=1) == truth for each in crops]
        print(
            f"\n| {name}: beyond the border | pictures | moved inwards | border repeated | difference, points |"
        )
        print("|---|---:|---:|---:|---:|")
        for part in (*CUTS, None):
            these = np.ones(len(beyond), bool) if part is None else np.array(beyond) == part
            inwards, repeated = (right[these] for right in rights)
            more, half = paired_difference(repeated.tolist(), inwards.tolist())
            print(
                f"| {'all' if part is None else f'{part:.0%} of the face'} | {these.sum():,} | {share(inwards)} | "
                f"{share(repeated)} | {100 * more:+.1f} ± {100 * half:.1f} |",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
