"""When a face is too dark, too bright, too blurred or too small: `python benchmarks/quality.py`.

Spoils the faces of FER2013's PublicTest (in `$FER2013_DIR` or `data/`) step by step, one thing at a time, and
lets the shipped default network read them. A limit is where it has lost 5 points of its accuracy, between two
steps in a straight line. Prints a Markdown table for each; `--write` stores all of it in
`fer_core/faces/quality.json`, where the Webcam page finds its limits.

- dark: all grey levels are multiplied by a share, and what a webcam leaves of its noise is added (without it
  a computer could brighten the picture again, which no camera in a dark room can);
- bright: grey levels are multiplied beyond 255 and cut off there;
- blurred: Gaussian blur, its standard deviation in pixels at 48x48;
- small: so many pixels wide in a larger picture with blurred surroundings, where BlazeFace, looking at its place, finds
  it and it is cut out as it is found; faces that are not found are left out, and those that are lose or gain against the
  same faces as they are in FER2013. The first step is a large face: what finding and cutting cost is no fault of its size.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np

from fer_core.datasets.load import load_fer2013
from fer_core.errors import DatasetNotFoundError
from fer_core.faces.blazeface import BlazeFaceDetector
from fer_core.faces.detection import face_boxes
from fer_core.faces.images import square_crop
from fer_core.faces.quality import MEASURED_FILE, WHITE
from fer_core.picture_measures import sharpness
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network

FALL = 0.05
ENOUGH = 2 * FALL  # what is worse than that is no longer tried
CAMERA_NOISE = (
    1.3  # standard deviation, grey levels: what a webcam's 3 leave of a face of 110 pixels reduced to 48
)
PUBLIC_TEST = 1
LARGE = 144  # pixels: side of a face that nothing is lost of
SIDES = (96, 48, 40, 36, 32, 30, 28, 26)
FEWEST_FOUND = 0.2  # of the faces: fewer are too special to measure anything

Spoil = Callable[[np.ndarray, float], np.ndarray]
Measure = Callable[[np.ndarray], float]


def darkened(face: np.ndarray, share: float) -> np.ndarray:
    grain = np.random.default_rng(int(face.sum())).normal(0, CAMERA_NOISE, face.shape)
    return np.clip(np.rint(face * share + grain), 0, 255).astype(np.uint8)


def brightened(face: np.ndarray, factor: float) -> np.ndarray:
    return np.clip(np.rint(face * factor), 0, 255).astype(np.uint8)


def blurred(face: np.ndarray, sigma_px: float) -> np.ndarray:
    return cv2.GaussianBlur(face, (0, 0), sigma_px) if sigma_px else face


def found_small(face: np.ndarray, side_px: float, detector: BlazeFaceDetector) -> np.ndarray | None:
    """The face as it is found and cut out of a picture in which it is so many pixels wide; None where it is not found."""
    side = int(side_px)
    large = cv2.resize(face, (LARGE,) * 2, interpolation=cv2.INTER_CUBIC)
    small = cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)
    around = cv2.copyMakeBorder(small, side, side, side, side, cv2.BORDER_REPLICATE)
    picture = cv2.GaussianBlur(around, (0, 0), side / 7)
    picture[side : 2 * side, side : 2 * side] = small
    boxes = face_boxes(detector.look_near(picture, np.array([side, side, 2 * side, 2 * side])))
    off = np.abs((boxes[:, :2] + boxes[:, 2:]) / 2 - 1.5 * side).max(axis=1)
    if not len(off) or off.min() > side / 3:
        return None
    return square_crop(picture, np.rint(boxes[off.argmin()]))


# Name of the limit, what is done, the steps from harmless to bad, and what a program can measure of a face.
TRIALS: tuple[tuple[str, str, Spoil, tuple[float, ...], Measure | None], ...] = (
    (
        "grey",
        "dark: multiplied by",
        darkened,
        (1, 0.5, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03),
        lambda face: float(face.mean()),
    ),
    (
        "white",
        "bright: multiplied by",
        brightened,
        (1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4),
        lambda face: float((face >= WHITE).mean()),
    ),
    (
        "sharpness",
        "blurred: standard deviation, pixels",
        blurred,
        (0, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3),
        sharpness,
    ),
)


def crossing(values: Sequence[float], accuracies: Sequence[float], needed: float) -> float:
    """The value at which the accuracy first falls below `needed`, in a straight line between two steps.

    Raises:
        ValueError: it never does, so that no limit was found.
    """
    for index in range(1, len(values)):
        high, low = accuracies[index - 1], accuracies[index]
        if low < needed <= high:
            part = (high - needed) / (high - low)
            return values[index - 1] + part * (values[index] - values[index - 1])
    raise ValueError(f"Accuracy never falls below {needed:.3f}: {list(accuracies)}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"store the result in {MEASURED_FILE.name}")
    parser.add_argument("--every", type=int, default=1, help="only every n-th face: quicker and coarser")
    options = parser.parse_args(arguments)
    try:
        dataset = load_fer2013()
    except DatasetNotFoundError as error:
        print(f"Not measured: {error}")
        return 0
    rows = np.flatnonzero(dataset.usages == PUBLIC_TEST)[:: options.every]
    faces, truth = dataset.images_gray[rows], dataset.emotions[rows]
    network = find_network()
    recognizer = ExpressionRecognizer(network)

    def accuracy(crops: np.ndarray) -> float:
        return float((recognizer.predict(crops).argmax(axis=1) == truth).mean())

    untouched = accuracy(faces)
    print(
        f"{network.id}, PublicTest, {len(faces):,} faces: {untouched:.1%} right when nothing is done to them"
    )
    result: dict[str, Any] = {
        "network": network.id,
        "split": "PublicTest",
        "n": len(faces),
        "accuracy": round(untouched, 4),
        "fall": FALL,
        "limits": {},
        "trials": {},
    }
    for name, done, spoil, steps, measure in TRIALS:
        values, accuracies = [], []
        print(f"\n| {done} | measured of a face, median | right | fall |\n|---|---|---|---|")
        for step in steps:
            crops = np.stack([spoil(face, step) for face in faces])
            value = float(np.median([measure(crop) for crop in crops])) if measure else float(step)
            values.append(value)
            accuracies.append(accuracy(crops))
            print(
                f"| {step:g} | {value:.3f} | {accuracies[-1]:.1%} | {untouched - accuracies[-1]:+.1%} |",
                flush=True,
            )
            if accuracies[-1] < untouched - ENOUGH:
                break
        limit = crossing(values, accuracies, untouched - FALL)
        result["limits"][name] = round(limit, 3)
        # A limit on what a face measures is crossed by some that nobody spoilt: they are hinted at in vain.
        alarm = None
        if measure:
            own = np.array([measure(face) for face in faces])
            alarm = float((own > limit if name == "white" else own < limit).mean())
        result["trials"][name] = {
            "steps": list(steps[: len(values)]),
            "values": [round(value, 3) for value in values],
            "accuracies": [round(value, 4) for value in accuracies],
            "unspoilt_beyond": None if alarm is None else round(alarm, 4),
        }
        beyond = "" if alarm is None else f"; {alarm:.1%} of the untouched faces are beyond it"
        print(f"\nLimit {name}: {limit:.3f}{beyond}", flush=True)
    detector = BlazeFaceDetector()
    values, accuracies, shares = [], [], []
    as_it_is = recognizer.predict(faces).argmax(axis=1) == truth
    print(
        "\n| small: side, pixels | found | right | the same faces as they are | fall |\n|---|---|---|---|---|"
    )
    for side in SIDES:
        cut = {
            row: crop
            for row, face in enumerate(faces)
            if (crop := found_small(face, side, detector)) is not None
        }
        if len(cut) < FEWEST_FOUND * len(faces):
            break
        these = np.array(list(cut))
        right = recognizer.predict(np.stack(list(cut.values()))).argmax(axis=1) == truth[these]
        values.append(float(side))
        shares.append(len(cut) / len(faces))
        accuracies.append(float(untouched + right.mean() - as_it_is[these].mean()))
        print(
            f"| {side} | {shares[-1]:.1%} | {right.mean():.1%} | {as_it_is[these].mean():.1%} | {untouched - accuracies[-1]:+.1%} |",
            flush=True,
        )
    # What finding and cutting cost a large face is no fault of a small one.
    accuracies = [untouched + value - accuracies[0] for value in accuracies]
    limit = crossing(values, accuracies, untouched - FALL)
    result["limits"]["side_px"] = round(limit, 3)
    result["trials"]["side_px"] = {
        "steps": list(SIDES[: len(values)]),
        "values": values,
        "accuracies": [round(value, 4) for value in accuracies],
        "found": [round(value, 4) for value in shares],
        "unspoilt_beyond": None,
    }
    print(f"\nLimit side_px: {limit:.3f}", flush=True)
    if options.write:
        MEASURED_FILE.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
