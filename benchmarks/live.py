"""How fast live video is analysed, without a browser: `python benchmarks/live.py`.

Clips composed here (NASA's portrait moving over a wall, with a camera's noise: one, three and five faces at
640x480, one at 1280x720; and one that tilts and turns) go through what the Webcam page uses: detection, tracking,
recognition and drawing, on one processor core. The three choices of face detectors and the PyPI package `fer` (its
default Haar path) take turns frame by frame, so that whatever else the computer does falls on all of them;
`--no-rival` leaves `fer` out. Prints Markdown tables; ends with 1 if something that must hold for the default detector
does not.

The musts are judged by the clock. Where something else computes at the same time, the clock counts that too: then
the column "of a core" is far below 100%, and processor time (CPU) says what the work itself takes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from rivals import FER, FerInTurns, fer_python

from fer_core.errors import NetworkError
from fer_core.faces.boxes import iou
from fer_core.faces.search import DEFAULT_LIVE_DETECTOR, DETECTORS, live_search
from fer_core.labels import EMOTIONS
from fer_core.live.drawing import draw_result
from fer_core.machine import processor_name
from fer_core.recognition.captions import Captions
from fer_core.recognition.drawing import FaceDrawer
from fer_core.recognition.frames import LiveAnalyzer
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network
from tests.e2e.clips import ClipFrame, moving_faces
from tests.e2e.turning_clips import turning_face

FOUND_IOU = 0.4  # a box that shares this much with a face has found it
WARM_UP = 20  # frames that are not counted: the first of anything is slow
P95_MS = 20.0
TIMES_AS_FAST = 8.0
KEPT = 0.95
BLOCK = 20  # frames: ratios of times are given for the median block, and for the tenth and the ninetieth of a hundred
CAPTIONS = Captions(
    {code: emotion.english for code, emotion in EMOTIONS.items()}, tuple(f"{p}%" for p in range(101))
)


@dataclass(frozen=True)
class Clip:
    """A clip to compose, and how many frames a second it must be analysed at."""

    faces: int
    width: int
    height: int
    side: int
    must: float | None
    turns: bool = False

    @property
    def name(self) -> str:
        if self.turns:
            return f"1 face that tilts and turns, {self.width}x{self.height}"
        return f"{self.faces} face{'s' if self.faces > 1 else ''}, {self.width}x{self.height}"

    def frames(self, count: int) -> list[ClipFrame]:
        if self.turns:
            return list(turning_face(width=self.width, height=self.height, face=self.side))
        return list(
            moving_faces(count, faces=self.faces, width=self.width, height=self.height, face=self.side)
        )


CLIPS = (
    Clip(1, 640, 480, 110, 120.0),
    Clip(3, 640, 480, 80, None),
    Clip(5, 640, 480, 60, 50.0),
    Clip(1, 1280, 720, 200, 80.0),
    Clip(1, 640, 480, 130, None, turns=True),
)


@dataclass
class Measured:
    """Milliseconds of each frame, by part, and which of the placed faces were found."""

    whole: list[float] = field(default_factory=list)
    detection: list[float] = field(default_factory=list)
    recognition: list[float] = field(default_factory=list)
    drawing: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Processor time of the whole frame, all threads."""
    found: list[float] = field(default_factory=list)
    """Share of the faces in each frame."""
    kept: list[float] = field(default_factory=list)
    """Share of the faces in each frame that have the number which they had first."""
    invented: int = 0

    @property
    def frames_a_second(self) -> float:
        return 1000 / statistics.mean(self.whole)

    @property
    def p95_ms(self) -> float:
        return float(np.percentile(self.whole, 95))

    def add_boxes(self, faces_xyxy: np.ndarray, boxes_xyxy: np.ndarray) -> np.ndarray:
        """Count which faces were found; which box is whose, or -1: int64 (number of faces,)."""
        if not len(boxes_xyxy):
            self.found.append(0.0)
            return np.full(len(faces_xyxy), -1)
        overlap = iou(faces_xyxy, boxes_xyxy)
        hits = overlap.max(axis=1) > FOUND_IOU
        self.found.append(float(hits.mean()))
        self.invented += int((overlap.max(axis=0) <= FOUND_IOU).sum())
        return np.where(hits, overlap.argmax(axis=1), -1)


class Runner:
    """Raut's analyser with one choice of detectors, and its drawing."""

    def __init__(self, detector: str, recognizer: ExpressionRecognizer) -> None:
        self.analyzer = LiveAnalyzer(recognizer, live_search(detector=detector))
        self.drawer = FaceDrawer()
        self.measured = Measured()
        self._first: dict[int, int] = {}  # number by face

    def look(self, number: int, frame: ClipFrame) -> None:
        image_bgr = frame.frame_bgr.copy()
        start, processor_start = time.perf_counter(), time.process_time()
        result = self.analyzer.analyze(image_bgr, number / 30)
        analysed = time.perf_counter()
        draw_result(self.drawer, image_bgr, result, CAPTIONS)
        end, processor_end = time.perf_counter(), time.process_time()
        if number < WARM_UP:
            return
        measured = self.measured
        measured.whole.append((end - start) * 1000)
        measured.processor.append((processor_end - processor_start) * 1000)
        measured.drawing.append((end - analysed) * 1000)
        measured.detection.append(result.detection_ms)
        measured.recognition.append(result.recognition_ms)
        boxes = np.array([face.box_xyxy for face in result.faces], np.float64).reshape(-1, 4)
        whose = measured.add_boxes(frame.faces_xyxy, boxes)
        numbers = [result.faces[row].number if row >= 0 else None for row in whose]
        for face, its in enumerate(numbers):
            if its is not None:
                self._first.setdefault(face, its)
        same = [its is not None and its == self._first[face] for face, its in enumerate(numbers)]
        measured.kept.append(sum(same) / len(same))


def ratios(rival_ms: list[float], own_ms: list[float]) -> tuple[float, float, float]:
    """How many times as long the rival takes: in all, and the 10% and 90% points over blocks of frames."""
    blocks = [
        sum(rival_ms[at : at + BLOCK]) / sum(own_ms[at : at + BLOCK])
        for at in range(0, len(own_ms) - BLOCK + 1, BLOCK)
    ]
    low, high = np.percentile(blocks, [10, 90])
    return sum(rival_ms) / sum(own_ms), float(low), float(high)


def own_row(clip: Clip, detector: str, own: Measured) -> str:
    parts = " | ".join(
        f"{statistics.mean(part):.1f}" for part in (own.detection, own.recognition, own.drawing)
    )
    return (
        f"| {clip.name} | {detector} | {own.frames_a_second:.0f} | {f'{clip.must:.0f}' if clip.must else ''} | "
        f"{statistics.mean(own.whole):.1f} | {statistics.median(own.whole):.1f} | {own.p95_ms:.1f} | {parts} | "
        f"{statistics.mean(own.processor):.1f} | {sum(own.processor) / sum(own.whole):.0%} | "
        f"{statistics.mean(own.found):.1%} | {statistics.mean(own.kept):.1%} | {own.invented} |"
    )


def missed_by(clip: Clip, own: Measured, rival: Measured | None) -> list[str]:
    """What must hold for this clip and does not."""
    missed = []
    if clip.must and own.frames_a_second < clip.must:
        missed.append(f"{own.frames_a_second:.0f} frames a second")
    if own.p95_ms >= P95_MS:
        missed.append(f"95% below {own.p95_ms:.1f} ms")
    if clip.turns and statistics.mean(own.kept) < KEPT:
        missed.append(f"{statistics.mean(own.kept):.1%} kept")
    if rival is not None:
        times = ratios(rival.whole, own.whole)[0]
        if times < TIMES_AS_FAST:
            missed.append(f"{times:.1f} times as fast as fer")
        if statistics.mean(own.found) < statistics.mean(rival.found) or own.invented > rival.invented:
            missed.append("fer finds more, or invents less")
    return [f"{clip.name}: {what}" for what in missed]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--network", help="id of a network; without it the default one")
    parser.add_argument("--frames", type=int, default=220, help=f"of each clip, {WARM_UP} of them uncounted")
    parser.add_argument("--cores", type=int, default=1, help="processor cores that are used (Linux)")
    parser.add_argument("--no-rival", action="store_true", help="without the package fer")
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        cores = set(sorted(os.sched_getaffinity(0))[: arguments.cores])
        os.sched_setaffinity(0, cores)  # also of the process that fer gets
        cv2.setNumThreads(len(cores))
    try:
        recognizer = ExpressionRecognizer(find_network(arguments.network))
    except NetworkError as error:
        print(error, file=sys.stderr)
        return 1
    python: Path | None = None if arguments.no_rival else fer_python()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"{processor_name()}, {arguments.cores} core(s){load}; network {recognizer.network.id}; "
        f"{arguments.frames - WARM_UP} frames a clip; default detector: {DEFAULT_LIVE_DETECTOR}\n"
    )
    print(
        "| clip | detector | frames/s | must | mean ms | median | 95% below | detection | recognition | drawing "
        "| CPU mean | of a core | found | kept | invented |"
    )
    print("|---|---|" + "---:|" * 13)
    missed: dict[str, list[str]] = {detector: [] for detector in DETECTORS}
    rows: list[str] = []
    with FerInTurns(python) if python is not None else nullcontext() as fer:
        for clip in CLIPS:
            runners = {detector: Runner(detector, recognizer) for detector in DETECTORS}
            rival = Measured() if fer is not None else None
            for number, frame in enumerate(clip.frames(arguments.frames)):
                # Each begins as often as any other: what comes first finds the frame in no cache.
                for turn in range(len(DETECTORS)):
                    runners[DETECTORS[(number + turn) % len(DETECTORS)]].look(number, frame)
                if rival is not None and fer is not None:
                    milliseconds, boxes = fer.look(frame.frame_bgr)
                    if number >= WARM_UP:
                        rival.whole.append(milliseconds)
                        rival.add_boxes(frame.faces_xyxy, boxes)
            for detector, runner in runners.items():
                own = runner.measured
                print(own_row(clip, detector, own), flush=True)
                missed[detector] += missed_by(clip, own, rival)
                if rival is not None:
                    times, low, high = ratios(rival.whole, own.whole)
                    rows.append(
                        f"| {clip.name} | {detector} | {statistics.mean(rival.whole):.1f} | "
                        f"{statistics.mean(own.whole):.1f} | {times:.1f} | {low:.1f} to {high:.1f} | "
                        f"{statistics.mean(rival.found):.1%} / {statistics.mean(own.found):.1%} | "
                        f"{rival.invented} / {own.invented} |"
                    )
    if rows:
        print(f"\nThe same frames with {FER} (finding and naming, nothing drawn), fer / Raut:\n")
        print(
            "| clip | detector | fer, mean ms | Raut, mean ms | times as fast | 8 of 10 blocks of 20 frames "
            "| found | invented |"
        )
        print("|---|---|" + "---:|" * 6)
        print("\n".join(rows))
    print()
    for detector, what in missed.items():
        print(f"{detector}: " + ("missed: " + "; ".join(what) if what else "all that must hold does."))
    return bool(missed[DEFAULT_LIVE_DETECTOR])


if __name__ == "__main__":
    sys.exit(main())
