"""Which faces each detector misses: `python benchmarks/missed.py`.

Looks for all faces of FER2013's PublicTest (in `$FER2013_DIR` or `data/`) that FER+ calls faces, none twice, each with
room around it as in `detection.py`, with the cascade, BlazeFace and both at the normal effort of Photos. Prints Markdown
tables of how many are missed by label, by brightness (quarters of all faces), and by tilt and turn, as far as a further
look of BlazeFace at the enlarged face tells its points; `--write` stores the counts in `fer_core/faces/missed.json`,
which the page About shows.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

import cv2
import numpy as np
from detection_sets import NOT_A_FACE, PUBLIC_TEST, with_room
from scenes import FOUND_IOU
from upright import nearest_to_middle, picture_of

from fer_core.datasets.load import load_fer2013
from fer_core.errors import DatasetNotFoundError
from fer_core.faces.blazeface import BlazeFaceDetector
from fer_core.faces.boxes import iou
from fer_core.faces.detection import FaceDetector
from fer_core.faces.missed import EFFORT, MEASURED_FILE, MissedGroup, searches_measured
from fer_core.faces.pose import turned_away_from, turns_away
from fer_core.faces.search import DETECTORS, UPRIGHT_FROM_DEGREES, photo_search
from fer_core.faces.upright import roll_degrees
from fer_core.labels import FER2013_LABELS


def edges_of(measure: str, values: np.ndarray) -> list[float]:
    """Where the groups of a measure part."""
    if measure == "brightness":
        return [round(float(value)) for value in np.percentile(values, (25, 50, 75))]
    if measure == "tilt":
        return [UPRIGHT_FROM_DEGREES / 2, UPRIGHT_FROM_DEGREES]
    limit = turned_away_from()
    return [0.2] if limit is None else [round(limit / 2, 3), limit]


def group(these: np.ndarray, missed: dict[str, np.ndarray], label: str | None = None,
          low: float | None = None, high: float | None = None) -> MissedGroup:  # fmt: skip
    counts = {name: int(those[these].sum()) for name, those in missed.items()}
    return MissedGroup(label, low, high, int(these.sum()), counts)


def print_groups(name: str, groups: Sequence[MissedGroup]) -> None:
    print(f"\n| {name} | faces | " + " | ".join(f"{detector} misses" for detector in DETECTORS) + " |")
    print("|---|---:|" + "---:|" * len(DETECTORS))
    for each in groups:
        what = (
            each.label
            or f"{'' if each.low is None else each.low} to {'' if each.high is None else each.high}"
        )
        cells = [f"{each.missed[detector] / each.n:.1%}" if each.n else "–" for detector in DETECTORS]
        print(f"| {what} | {each.n:,} | " + " | ".join(cells) + " |", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"store the counts in {MEASURED_FILE.name}")
    parser.add_argument("--every", type=int, default=1, help="only every n-th face: quicker and coarser")
    options = parser.parse_args(arguments)
    try:
        dataset = load_fer2013()
    except DatasetNotFoundError as error:
        print(f"Not measured: {error}")
        return 0
    cv2.setNumThreads(1)
    chosen = dataset.usages == PUBLIC_TEST
    if dataset.votes is not None:
        chosen &= dataset.votes[:, NOT_A_FACE] == 0
    once = {dataset.images_gray[row].tobytes(): row for row in np.flatnonzero(chosen)[::-1]}
    rows = np.sort(np.array(list(once.values())))[:: options.every]
    detectors = {name: FaceDetector(photo_search(EFFORT, name)) for name in DETECTORS}
    pointing = BlazeFaceDetector()
    missed = {name: np.zeros(len(rows), bool) for name in DETECTORS}
    measures = {name: np.full(len(rows), np.nan) for name in ("brightness", "tilt", "turn")}
    for at, row in enumerate(rows):
        face = dataset.images_gray[row]
        scene = with_room(face)
        for name, detector in detectors.items():
            overlap = iou(scene.faces_xyxy, detector.detect(scene.image_gray).boxes_xyxy)
            missed[name][at] = not (overlap >= FOUND_IOU).any()
        measures["brightness"][at] = face.mean()
        found = pointing.detect(picture_of(face, 0))
        nearest = nearest_to_middle(found)
        if nearest is not None:
            measures["tilt"][at] = abs(roll_degrees(found.points_xy)[nearest])
            measures["turn"][at] = abs(turns_away(found.points_xy)[nearest])
    everyone = group(np.ones(len(rows), bool), missed)
    emotions = dataset.emotions[rows]
    groups = {"label": [group(emotions == code, missed, label) for code, label in enumerate(FER2013_LABELS)]}
    for name, values in measures.items():
        ends = [None, *edges_of(name, values[~np.isnan(values)]), None]
        groups[name] = []
        for low, high in zip(ends[:-1], ends[1:], strict=True):
            above = values >= (-np.inf if low is None else low)  # NaN is in no group
            groups[name].append(
                group(above & (values < (np.inf if high is None else high)), missed, None, low, high)
            )
    print(f"PublicTest, {len(rows):,} faces; settings: {EFFORT}")
    print_groups("all", [everyone])
    for name, found in groups.items():
        print_groups(name, found)
    if options.write:
        stored = {"command": "python benchmarks/missed.py --write", "split": "PublicTest", "settings": searches_measured(),
                  "everyone": asdict(everyone), "groups": {name: [asdict(each) for each in found] for name, found in groups.items()}}  # fmt: skip
        MEASURED_FILE.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
