"""Which face detector misses few faces, invents few and is fast: `python benchmarks/detection.py`.

The Haar cascade, BlazeFace and both, each at its three efforts, and the PyPI package `fer`, on the pictures of
`detection_sets.py`: composed photos, FER2013's faces with room, and pictures without a face. Settings are tuned with
`--set tuning`; what is published comes from the measuring set, which has other faces, backgrounds and seeds. The
programs take turns picture by picture, each time in another order, on one thread, so that what else the computer does
falls on all of them. Milliseconds are those of finding the faces, cutting them out and reading them. Prints Markdown
tables, and what decides which detector is the default. FER2013 has to be there (`$FER2013_DIR` or `data/`).
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from detection_sets import (
    KINDS,
    MEASURING,
    PRIVATE_TEST,
    TUNING,
    PictureSet,
    fer2013_faces,
    photos,
    with_room,
    without_faces,
)
from rivals import FER, FerInTurns, fer_python
from scenes import FOUND_IOU, Scene

from fer_core.errors import DatasetNotFoundError
from fer_core.faces.boxes import iou
from fer_core.faces.detection import FaceDetector
from fer_core.faces.search import DETECTORS, EFFORTS, FaceSearch, photo_search
from fer_core.machine import processor_name
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network

LEAST_FOUND = 0.95
SMALLEST_OF_FER = (
    50  # pixels: fer looks for no smaller face, so it gets FER2013's pictures at twice their size
)

Look = Callable[[np.ndarray], tuple[float, np.ndarray]]


@dataclass
class Result:
    """What one program did with the pictures of a set."""

    name: str
    found: list[bool] = field(default_factory=list)
    """Of each face, in the order of the pictures."""
    kinds: list[str] = field(default_factory=list)
    """Of the same faces."""
    invented: int = 0
    """Boxes that are none of the faces."""
    twice: int = 0
    """Faces around which there is a second box."""
    milliseconds: list[float] = field(default_factory=list)
    """Of each picture."""

    @property
    def share(self) -> float:
        """Of the faces that are found; NaN where there is none."""
        return float(np.mean(self.found)) if self.found else math.nan


def of_raut(search: FaceSearch, recognizer: ExpressionRecognizer) -> Look:
    """A search of Raut as something that looks at a grey picture: milliseconds, and boxes (N, 4)."""
    detector = FaceDetector(search)

    def look(image_gray: np.ndarray) -> tuple[float, np.ndarray]:
        start = time.perf_counter()
        found = detector.detect(image_gray)
        recognizer.predict(detector.crops(image_gray, found))
        return (time.perf_counter() - start) * 1000, found.boxes_xyxy

    return look


def of_fer(fer: FerInTurns) -> Look:
    """The same of fer; a picture that is cut close around a face it gets at twice its size."""

    def look(image_gray: np.ndarray) -> tuple[float, np.ndarray]:
        factor = 2 if min(image_gray.shape) < 2 * SMALLEST_OF_FER else 1
        large = cv2.resize(image_gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        milliseconds, boxes = fer.look(cv2.cvtColor(large, cv2.COLOR_GRAY2BGR))
        return milliseconds, boxes / factor

    return look


def measure(programs: dict[str, Look], scenes: Iterable[Scene]) -> list[Result]:
    """Let all programs look at each picture, one after the other, beginning with another one each time."""
    results = {name: Result(name) for name in programs}
    names = list(programs)
    for index, scene in enumerate(scenes):
        first = index % len(names)
        for name in names[first:] + names[:first]:
            milliseconds, boxes = programs[name](scene.image_gray)
            overlap = iou(scene.faces_xyxy, boxes)
            result = results[name]
            result.found += (overlap >= FOUND_IOU).any(axis=1).tolist()
            result.twice += int(((overlap > 0.1).sum(axis=1) > 1).sum())
            result.kinds += scene.kinds
            result.invented += int((overlap < FOUND_IOU).all(axis=0).sum())
            result.milliseconds.append(milliseconds)
    return list(results.values())


def median_ratio(slower: Sequence[float], faster: Sequence[float]) -> tuple[float, float, float]:
    """The median of how many times as long the one took as the other, and its 95% interval (bootstrap)."""
    ratios = np.array(slower) / np.array(faster)
    draws = np.random.default_rng(0).integers(len(ratios), size=(2000, len(ratios)))
    low, high = np.percentile(np.median(ratios[draws], axis=1), (2.5, 97.5))
    return float(np.median(ratios)), float(low), float(high)


def paired_difference(found_a: Sequence[bool], found_b: Sequence[bool]) -> tuple[float, float]:
    """How much more often the first found a face, as a part of all, and half of its 95% interval (McNemar)."""
    more, fewer = (
        int(np.sum(np.array(a) & ~np.array(b))) for a, b in ((found_a, found_b), (found_b, found_a))
    )
    count = len(found_a)
    return (more - fewer) / count, 1.96 * math.sqrt(more + fewer - (more - fewer) ** 2 / count) / count


def print_table(title: str, results: Sequence[Result], kinds: Sequence[str] = ()) -> None:
    """A row for each program."""
    pictures, faces = len(results[0].milliseconds), len(results[0].found)
    rival = next((each for each in results if each.name == FER), None)
    print(f"\n### {title}: {pictures} pictures, {faces} faces\n")
    heads = ["program", *(["found", *kinds, "two boxes"] if faces else []), "invented", "ms"]
    heads += ["fer's time / its time (95%)"] if rival else []
    print("| " + " | ".join(heads) + " |\n|---|" + "---:|" * (len(heads) - 1))
    for each in results:
        cells = [each.name]
        if faces:
            cells.append(f"{100 * each.share:.1f}%")
            for kind in kinds:
                of_kind = [found for found, its in zip(each.found, each.kinds, strict=True) if its == kind]
                cells.append(f"{100 * np.mean(of_kind):.0f}%" if of_kind else "–")
            cells.append(str(each.twice))
        cells += [str(each.invented), f"{np.median(each.milliseconds):.1f}"]
        if rival:
            ratio = median_ratio(rival.milliseconds, each.milliseconds)
            cells.append("1" if each is rival else "{:.1f} ({:.1f} to {:.1f})".format(*ratio))
        print("| " + " | ".join(cells) + " |", flush=True)


def print_decision(effort: str, composed: list[Result], fer2013: list[Result], empty: list[Result]) -> None:
    """What the rule of docs/experiments/face-detectors.md says of the three detectors, but for musts of speed."""
    by_name = [{each.name: each for each in results} for results in (composed, fer2013, empty)]
    names = [f"{detector}, {effort}" for detector in DETECTORS]
    most = by_name[2]["haar, normal"].invented
    print(
        f"\n### The rule, {effort}\n\n| program | finds {LEAST_FOUND:.0%} of FER2013's | invents at most {most} |"
    )
    print("|---|---|---|")
    eligible = []
    for name in names:
        finds, invents = by_name[1][name].share >= LEAST_FOUND, by_name[2][name].invented <= most
        print(f"| {name} | {'yes' if finds else 'no'} | {'yes' if invents else 'no'} |")
        eligible += [name] if finds and invents else []
    print("\nEligible but for speed: " + ("; ".join(eligible) or "none") + ".\n")
    for row, name in enumerate(names):
        for other in names[row + 1 :]:
            more, half = paired_difference(by_name[0][name].found, by_name[0][other].found)
            print(
                f"- {name} finds {100 * more:+.1f} ± {100 * half:.1f} points of the composed faces more than {other}."
            )


def sets(of: PictureSet, quick: bool) -> tuple[Iterable[Scene], Iterable[Scene], Iterable[Scene]]:
    """Composed photos, FER2013's faces with room, pictures without a face."""
    count, groups, faces, textures = (24, 3, 100, 6) if quick else (120, 12, 1000, 45)
    return (
        photos(of, count, groups),
        (with_room(face) for face in fer2013_faces(of.split, faces)),
        without_faces(of, textures),
    )


def coarse_programs(steps: Sequence[float], recognizer: ExpressionRecognizer) -> dict[str, Look]:
    """Normal searches in which the cascade takes part, with each coarse step (see `HaarSettings`) and without one."""
    programs = {}
    for detector in ("haar", "both"):
        search = photo_search("normal", detector)
        for step in (None, *steps):
            tried = replace(search, haar=replace(search.haar, coarse_step=step))
            name = f"{detector}, {'no coarse search' if step is None else f'coarse step {step}'}"
            programs[name] = of_raut(tried, recognizer)
    return programs


def main() -> int:
    """Measure and print; 2 without FER2013."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    names = [each.name for each in (MEASURING, TUNING)]
    parser.add_argument("--set", choices=names, default=names[0], help="default: %(default)s")
    parser.add_argument("--detectors", nargs="+", choices=DETECTORS, default=list(DETECTORS))
    parser.add_argument("--efforts", nargs="+", choices=EFFORTS, default=list(EFFORTS))
    parser.add_argument(
        "--coarse-steps",
        nargs="+",
        type=float,
        default=[],
        help="instead: the cascade, alone and with BlazeFace at normal, with these coarse searches and without one",
    )
    parser.add_argument("--quick", action="store_true", help="few pictures, two minutes")
    parser.add_argument("--no-rival", action="store_true", help="without the package fer")
    arguments = parser.parse_args()
    of = next(each for each in (MEASURING, TUNING) if each.name == arguments.set)
    cv2.setNumThreads(1)
    try:
        composed, fer2013, empty = sets(of, arguments.quick)
    except DatasetNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    recognizer = ExpressionRecognizer(find_network(None))
    programs = {
        f"{detector}, {effort}": of_raut(photo_search(effort, detector), recognizer)
        for detector in arguments.detectors
        for effort in arguments.efforts
    }
    if arguments.coarse_steps:
        programs = coarse_programs(arguments.coarse_steps, recognizer)
    python = None if arguments.no_rival or arguments.coarse_steps else fer_python()
    print(f"{processor_name()}; one thread; the {of.name} set.")
    with ExitStack() as stack:
        if python is not None:
            programs[FER] = of_fer(stack.enter_context(FerInTurns(python)))
        composed_results = measure(programs, composed)
        print_table("Composed photos", composed_results, KINDS)
        fer2013_results = measure(programs, fer2013)
        print_table("FER2013's faces with room", fer2013_results)
        if of is MEASURING:
            faces = fer2013_faces(PRIVATE_TEST, 100 if arguments.quick else 1000)
            print_table(
                "PrivateTest's faces with room, reported only", measure(programs, map(with_room, faces))
            )
        empty_results = measure(programs, empty)
        print_table("Pictures without a face", empty_results)
    decides = set(arguments.detectors) == set(DETECTORS) and "normal" in arguments.efforts
    if decides and not arguments.coarse_steps:
        for effort in arguments.efforts:
            print_decision(effort, composed_results, fer2013_results, empty_results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
