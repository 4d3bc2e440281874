"""Tilted faces and faces that are turned away: `python benchmarks/upright.py`.

Sets faces of FER2013's PublicTest (in `$FER2013_DIR` or `data/`), enlarged three times, into pictures of their own
with blurred surroundings, turns each whole picture by several angles, and lets BlazeFace find the face and the shipped
default network read it: as it is, turned upright by the tilt of its points, and so after a second look at the picture
turned upright. Prints Markdown tables: by the angle of the picture, by the tilt that was found, and, for the pictures
that were not turned, where the cut lies in FER2013's frame, and accuracy by how far the head is turned away; `--write`
stores the last of it in `fer_core/faces/pose.json`, where the program finds its limit.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from quality import FALL, PUBLIC_TEST

from fer_core.datasets.load import load_fer2013
from fer_core.errors import DatasetNotFoundError
from fer_core.evaluation.figures import share_estimate
from fer_core.faces.blazeface import BlazeFaceDetector
from fer_core.faces.detection import face_boxes
from fer_core.faces.images import FACE_SIZE, square_crop
from fer_core.faces.pose import MEASURED_FILE, turns_away
from fer_core.faces.second_look import look_again_upright
from fer_core.faces.suppression import Candidates
from fer_core.faces.upright import roll_degrees, upright_crop
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network

ANGLES = (0, 15, -15, 30, -30, 45, -45, 60, -60)
ENLARGED = 3
PICTURE_SIDE = 360  # pixels; the face takes 144 of them, in the middle
SURROUNDINGS_SIGMA = 20.0  # pixels
TILT_STEP = 5.0  # degrees
POSE_STEP = 0.05
FEWEST = 50  # faces that a step of the tilt, or a limit beyond it, must have to be looked at


def picture_of(face_gray: np.ndarray, turn_degrees: float) -> np.ndarray:
    """A picture around an enlarged face, turned counter-clockwise around the middle of the face in one resampling."""
    side = FACE_SIZE * ENLARGED
    big = cv2.resize(face_gray, (side, side), interpolation=cv2.INTER_CUBIC)
    room = (PICTURE_SIDE - side) // 2
    around = cv2.copyMakeBorder(big, room, room, room, room, cv2.BORDER_REPLICATE)
    picture = cv2.GaussianBlur(around, (0, 0), SURROUNDINGS_SIGMA)
    picture[room : room + side, room : room + side] = big
    if not turn_degrees:
        return picture
    middle = (PICTURE_SIDE - 1) / 2
    turn = cv2.getRotationMatrix2D((middle, middle), turn_degrees, 1)
    return cv2.warpAffine(
        picture, turn, picture.shape, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


def nearest_to_middle(found: Candidates) -> int | None:
    """Position of the face that was put there; None where it was not found."""
    middles = (found.boxes_xyxy[:, :2] + found.boxes_xyxy[:, 2:]) / 2
    off = np.abs(middles - PICTURE_SIDE / 2).max(axis=1)
    if not len(off) or off.min() > FACE_SIZE * ENLARGED / 3:
        return None
    return int(off.argmin())


def share(right: np.ndarray) -> str:
    return f"{right.mean():.1%}" if len(right) else "–"


class Trials:
    """What was measured of each picture, row by row."""

    def __init__(self) -> None:
        self.angle: list[float] = []
        self.roll: list[float] = []
        self.turn: list[float] = []
        self.frame: list[np.ndarray] = []  # of the cut: middle x, y and side, in FER2013's frame
        self.truth: list[int] = []
        self.crops: tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]] = ([], [], [])

    def add(self, picture: np.ndarray, angle: float, truth: int, detector: BlazeFaceDetector) -> bool:
        """Find and cut the face of a picture; False where it is not found."""
        found = detector.detect(picture)
        row = nearest_to_middle(found)
        if row is None:
            return False
        box = face_boxes(found)[row]
        roll = float(roll_degrees(found.points_xy)[row])
        turned = upright_crop(picture, box, roll)
        second = look_again_upright(found[np.array([row])], picture, detector, 0.0)
        again = upright_crop(picture, face_boxes(second)[0], float(roll_degrees(second.points_xy)[0]))
        self.angle.append(abs(angle))
        self.roll.append(abs(roll))
        self.turn.append(float(turns_away(found.points_xy)[row]))
        corner = (PICTURE_SIDE - FACE_SIZE * ENLARGED) / 2
        middle = ((box[:2] + box[2:]) / 2 - corner) / (FACE_SIZE * ENLARGED)
        self.frame.append(np.array([*middle, (box[2] - box[0]) / (FACE_SIZE * ENLARGED)]))
        self.truth.append(truth)
        left = square_crop(picture, np.rint(box).astype(int))
        for crops, crop in zip(self.crops, (left, turned, again), strict=True):
            crops.append(crop)
        return True


def first_step(rolls: np.ndarray, left: np.ndarray, turned: np.ndarray) -> float | None:
    """The tilt from which on turning gives as much as leaving in each step of `TILT_STEP`; None where it never does."""
    first = None
    for start in np.arange(0, rolls.max(), TILT_STEP):
        inside = (rolls >= start) & (rolls < start + TILT_STEP)
        if inside.sum() < FEWEST:
            continue
        if turned[inside].mean() < left[inside].mean():
            first = None
        elif first is None:
            first = float(start)
    return first


def print_tilt(
    angles: np.ndarray, rolls: np.ndarray, rights: Sequence[np.ndarray], tried: dict[float, int]
) -> None:
    left, turned, again = rights
    print("\n| tilt found, degrees | pictures | left as it is | turned upright |\n|---|---:|---:|---:|")
    for start in np.arange(0, min(90.0, rolls.max()), TILT_STEP):
        inside = (rolls >= start) & (rolls < start + TILT_STEP)
        print(
            f"| {start:g} to {start + TILT_STEP:g} | {inside.sum():,} | {share(left[inside])} | {share(turned[inside])} |"
        )
    first = first_step(rolls, left, turned)
    print(f"\nTurned upright from: {first} degrees")
    by_rule = np.where(rolls >= (999.0 if first is None else first), again, left)
    print(
        "\n| picture turned by | found | left as it is | turned upright | after a second look | by the limit |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    for angle, count in sorted(tried.items()):
        at = angles == angle
        cells = " | ".join(share(right[at]) for right in (left, turned, again, by_rule))
        print(f"| {angle:g}° | {at.sum() / count:.1%} of {count:,} | {cells} |")
    beyond = (angles >= 30) & (angles <= 60)
    gain = again[beyond].mean() - turned[beyond].mean() if beyond.any() else float("nan")
    print(f"\nA second look gives {gain:+.1%} of the faces turned by 30 to 60 degrees.", flush=True)


def pose_limit(
    turns: np.ndarray, right: np.ndarray
) -> tuple[float | None, float | None, list[dict[str, Any]]]:
    """The smallest turn from which on accuracy is clearly lower, the smallest from which on it is lower, be it by chance,
    both without a further one from which on it is not lower; and the figures."""
    rows = []
    for start in np.arange(0, 3, POSE_STEP).round(2):
        beyond = right[turns >= start]
        if len(beyond) < FEWEST:
            break
        estimate = share_estimate(int(beyond.sum()), len(beyond))
        low, high = estimate.low, estimate.high
        falls = bool(right.mean() - beyond.mean() >= FALL and high < right.mean())
        rows.append({"from": float(start), "n": len(beyond), "accuracy": round(float(beyond.mean()), 4),
                     "low": round(low, 4), "high": round(high, 4), "falls": falls})  # fmt: skip
    limit = hint = None
    for row in reversed(rows):
        if right.mean() - row["accuracy"] < FALL:
            break
        hint = row["from"]
        limit = row["from"] if row["falls"] else limit
    return limit, hint, rows


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--write", action="store_true", help=f"store accuracy by pose in {MEASURED_FILE.name}"
    )
    parser.add_argument(
        "--every", type=int, default=1, help="only every n-th face is turned: quicker and coarser"
    )
    parser.add_argument(
        "--every-upright", type=int, default=1, help="only every n-th face is measured at 0 degrees"
    )
    options = parser.parse_args(arguments)
    try:
        dataset = load_fer2013()
    except DatasetNotFoundError as error:
        print(f"Not measured: {error}")
        return 0
    rows = np.flatnonzero(dataset.usages == PUBLIC_TEST)
    network = find_network()
    recognizer = ExpressionRecognizer(network)
    detector = BlazeFaceDetector()  # the face is large: tiles would find nothing more
    trials, tried = Trials(), dict.fromkeys(map(abs, ANGLES), 0)
    for angle in ANGLES:
        for row in rows[:: options.every if angle else options.every_upright]:
            picture = picture_of(dataset.images_gray[row], angle)
            tried[abs(angle)] += 1
            trials.add(picture, angle, int(dataset.emotions[row]), detector)
    angles, rolls, truth = np.array(trials.angle), np.array(trials.roll), np.array(trials.truth)
    rights = [recognizer.predict(np.stack(crops)).argmax(axis=1) == truth for crops in trials.crops]
    print(f"{network.id}, PublicTest, {len(rows):,} faces")
    print_tilt(angles, rolls, rights, tried)
    upright = angles == 0
    frames = np.stack(trials.frame)[upright]
    print("\n| the cut in FER2013's frame | quartile | median | quartile |\n|---|---:|---:|---:|")
    for name, values in zip(("middle x", "middle y", "side"), frames.T, strict=True):
        low, median, high = np.percentile(values, (25, 50, 75))
        print(f"| {name} | {low:.3f} | {median:.3f} | {high:.3f} |")
    turns, right = np.abs(np.array(trials.turn))[upright], rights[0][upright]
    limit, hint, by_pose = pose_limit(turns, right)
    print("\n| turned away at least | faces | right | 95% interval | falls |\n|---|---:|---:|---:|---|")
    for row in by_pose:
        interval = f"{row['low']:.1%} to {row['high']:.1%}"
        print(
            f"| {row['from']:.2f} | {row['n']:,} | {row['accuracy']:.1%} | {interval} | {'yes' if row['falls'] else 'no'} |"
        )
    print(f"\nTurned away from: {limit}; hint from: {hint}")
    if options.write:
        result = {"network": network.id, "split": "PublicTest", "n": len(turns), "accuracy": round(float(right.mean()), 4),
                  "fall": FALL, "limit": limit, "hint": hint, "beyond": by_pose}  # fmt: skip
        MEASURED_FILE.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
