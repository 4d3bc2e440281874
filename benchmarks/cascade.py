"""Which cascade and which settings miss few faces and invent few: `python benchmarks/cascade.py`.

The pictures are composed here from faces whose place is known, in memory only: NASA's portrait that
scikit-image carries, at several sizes, turns and brightnesses, and, where FER2013 is on this computer,
faces of its Training split, all on backgrounds of scikit-image in which there is no face. Every picture
is made from a seed, so that two runs see the same ones. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from scenes import FOUND_IOU, Face, Scene, astronaut_faces, backgrounds, fer2013_faces, paste

from fer_core.faces.boxes import iou
from fer_core.faces.haar import HaarFaceDetector
from fer_core.faces.search import CASCADES, EFFORTS, HaarSettings, photo_search


def compose(
    faces: Sequence[Face], size: tuple[int, int], sides: tuple[int, int], count: int, seed: int
) -> list[Scene]:
    """`count` scenes with none to three faces each, no two of which touch."""
    random = np.random.default_rng(seed)
    behind = backgrounds(*size)
    scenes = []
    for index in range(count):
        image = behind[index % len(behind)].copy()
        boxes: list[np.ndarray] = []
        kinds: list[str] = []
        # Columns of the picture keep the faces apart.
        columns = index % 4
        for column in range(columns):
            face = faces[int(random.integers(len(faces)))]
            # Evenly over the logarithm: as many small faces as large ones.
            side = round(float(np.exp(random.uniform(*np.log(sides)))))
            strip = image[:, size[0] * column // columns : size[0] * (column + 1) // columns]
            box = paste(strip, face, side, (random.uniform(), random.uniform()))
            if box is not None:
                boxes.append(box + [size[0] * column // columns, 0] * 2)
                kinds.append(face.kind)
        noisy = image.astype(np.float32) + random.normal(0, 4, image.shape)
        picture = np.clip(noisy, 0, 255).astype(np.uint8)
        scenes.append(Scene(picture, np.array(boxes, np.int32).reshape(-1, 4), tuple(kinds)))
    return scenes


@dataclass(frozen=True)
class Score:
    """What one setting did on all scenes."""

    settings: HaarSettings
    found: dict[str, int]
    present: dict[str, int]
    invented: int
    scenes: int
    median_ms: float

    @property
    def recall(self) -> float:
        """Found faces of those present; NaN without one."""
        total = sum(self.present.values())
        return sum(self.found.values()) / total if total else float("nan")


def measure(settings: HaarSettings, scenes: Iterable[Scene]) -> Score:
    """Run one setting over the scenes; every box that matches no face is an invented one."""
    detector = HaarFaceDetector(settings)
    found: dict[str, int] = defaultdict(int)
    present: dict[str, int] = defaultdict(int)
    invented, times = 0, []
    for scene in scenes:
        start = time.perf_counter()
        boxes = detector.detect(scene.image_gray).boxes_xyxy
        times.append((time.perf_counter() - start) * 1000)
        overlap = iou(scene.faces_xyxy, boxes)
        for row, kind in enumerate(scene.kinds):
            present[kind] += 1
            found[kind] += bool((overlap[row] >= FOUND_IOU).any())
        invented += int((overlap < FOUND_IOU).all(axis=0).sum())
    return Score(settings, found, present, invented, len(times), float(np.median(times)))


def print_table(title: str, scores: Sequence[Score]) -> None:
    """One row a setting: recall in all and by kind, invented faces for 100 pictures, time."""
    kinds = sorted({kind for score in scores for kind in score.present})
    faces = sum(scores[0].present.values())
    print(f"\n### {title}: {scores[0].scenes} pictures, {faces} faces\n")
    print("| cascade | scale | neighbours | working size | found | " + " | ".join(kinds), end="")
    print(" | invented / 100 pictures | ms (median) |")
    print("|" + "---|" * (7 + len(kinds)))
    for score in scores:
        s = score.settings
        parts = [f"{100 * score.found[k] / score.present[k]:.0f}%" for k in kinds]
        cells = [
            s.cascade,
            f"{s.scale_factor:g}",
            s.neighbours,
            s.working_size,
            f"**{100 * score.recall:.1f}%**",
        ]
        cells += [*parts, f"{100 * score.invented / score.scenes:.1f}", f"{score.median_ms:.0f}"]
        print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def print_margin(faces: Sequence[Face]) -> None:
    """How wide FER2013 cuts its faces, in boxes of the detector: the margin that a crop needs."""
    if not faces:
        return
    print("\n### Box of the detector within a FER2013 image (side 1)\n")
    print("| cascade | faces | side: quartile | median | quartile | middle x | middle y | margin |")
    print("|" + "---|" * 8)
    side, room = 144, 60
    for cascade in CASCADES:
        detector = HaarFaceDetector(HaarSettings(cascade=cascade, smallest_face=0.2))
        measured = []
        for face in faces:
            large = cv2.resize(face.image_gray, (side, side), interpolation=cv2.INTER_CUBIC)
            # Room around it, so that a box may also be larger than the image.
            boxes = detector.detect(
                cv2.copyMakeBorder(large, room, room, room, room, cv2.BORDER_REPLICATE)
            ).boxes_xyxy
            if len(boxes) == 1:
                x1, y1, x2, y2 = (boxes[0] - room) / side
                measured.append((x2 - x1, (x1 + x2) / 2, (y1 + y2) / 2))
        sides, xs, ys = np.array(measured).T
        quartiles = [f"{value:.2f}" for value in np.percentile(sides, (25, 50, 75))]
        margin = (1 / np.median(sides) - 1) / 2
        cells = [cascade, len(measured), *quartiles]
        cells += [f"{np.median(xs):.2f}", f"{np.median(ys):.2f}", f"{margin:.3f}"]
        print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def main() -> None:
    """Compose, measure, print."""
    tables = ("efforts", "grid", "sizes", "margin")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pictures", type=int, default=60, help="pictures a table (default: %(default)s)")
    parser.add_argument("--tables", nargs="+", choices=tables, default=tables, help="default: all of them")
    arguments = parser.parse_args()
    cv2.setNumThreads(2)
    faces = astronaut_faces()
    real = fer2013_faces(400)
    # Half of the faces from each source, however many there are.
    faces = faces * max(1, len(real) // len(faces)) + real
    if not real:
        print("FER2013 is not on this computer: the portrait alone is measured.")

    base = HaarSettings(smallest_face=0.05)
    small = compose(faces, (640, 480), (32, 240), arguments.pictures, seed=1)
    large = compose(faces, (2400, 1800), (80, 900), arguments.pictures, seed=2)
    if "efforts" in arguments.tables:
        print("\n## The grades that ship: " + ", ".join(EFFORTS))
        tiny = compose(faces, (2400, 1800), (40, 110), arguments.pictures, seed=3)
        for title, scenes in (
            ("640x480, faces of 32 to 240 pixels", small),
            ("2400x1800, faces of 80 to 900 pixels", large),
            ("2400x1800, faces of 40 to 110 pixels, as in a picture of a class", tiny),
        ):
            print_table(
                title,
                [measure(settings, scenes) for settings in (photo_search(effort).haar for effort in EFFORTS)],
            )
    if "grid" in arguments.tables:
        grid = itertools.product(CASCADES, (1.05, 1.1, 1.2), (3, 5, 8))
        settings = [
            dataclasses.replace(base, cascade=c, scale_factor=s, neighbours=n, working_size=640)
            for c, s, n in grid
        ]
        print_table("640x480, faces of 32 to 240 pixels", [measure(one, small) for one in settings])
    if "sizes" in arguments.tables:
        choice = (("default", 8), ("alt", 3), ("alt2", 3), ("alt2", 4))
        settings = [
            dataclasses.replace(base, cascade=c, neighbours=n, working_size=size)
            for c, n in choice
            for size in (480, 640, 800, 960, 1280)
        ]
        print_table("2400x1800, faces of 80 to 900 pixels", [measure(one, large) for one in settings])
    if "margin" in arguments.tables:
        print_margin(real)


if __name__ == "__main__":
    main()
