"""How fast live video is analysed, without a browser: `python benchmarks/live.py`.

Clips composed here (NASA's portrait moving over a wall, with a camera's noise: one, three and five faces at
640x480, one at 1280x720) go through what the Webcam page uses: detection, tracking, recognition and drawing,
on one processor core. The same frames go through the PyPI package `fer` (its default Haar path) in the same
run; `--no-rival` leaves that out. Prints Markdown tables; ends with 1 if something that must hold does not.

The musts are judged by the clock. Where something else computes at the same time, the clock counts that too: then
the column "of a core" is far below 100%, and processor time (CPU) says what the work itself takes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from dataclasses import dataclass

import cv2
import numpy as np
from rivals import FER, Rival, fer_python, run_fer

from fer_core.errors import NetworkError
from fer_core.faces.boxes import iou
from fer_core.labels import EMOTIONS
from fer_core.live.drawing import draw_result
from fer_core.machine import processor_name
from fer_core.recognition.captions import Captions
from fer_core.recognition.drawing import FaceDrawer
from fer_core.recognition.frames import LiveAnalyzer
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network
from tests.e2e.clips import moving_faces

FOUND_IOU = 0.4  # a box that shares this much with a face has found it
WARM_UP = 20  # frames that are not counted: the first of anything is slow
P95_MS = 20.0
TIMES_AS_FAST = 8.0
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

    @property
    def name(self) -> str:
        return f"{self.faces} face{'s' if self.faces > 1 else ''}, {self.width}x{self.height}"


CLIPS = (
    Clip(1, 640, 480, 110, 120.0),
    Clip(3, 640, 480, 80, None),
    Clip(5, 640, 480, 60, 50.0),
    Clip(1, 1280, 720, 200, 80.0),
)


@dataclass(frozen=True)
class Measured:
    """Milliseconds of each frame, by part, and how many of the placed faces were found."""

    whole: list[float]
    detection: list[float]
    recognition: list[float]
    drawing: list[float]
    processor: list[float]
    """Processor time of the whole frame, all threads."""
    found: float
    invented: int

    @property
    def frames_a_second(self) -> float:
        return 1000 / statistics.mean(self.whole)

    @property
    def p95_ms(self) -> float:
        return float(np.percentile(self.whole, 95))


def hits(faces_xyxy: np.ndarray, boxes_xyxy: np.ndarray) -> tuple[int, int]:
    """How many of the placed faces were found, and how many boxes are none of them."""
    if not len(boxes_xyxy):
        return 0, 0
    overlap = iou(faces_xyxy, boxes_xyxy)
    return int((overlap.max(axis=1) > FOUND_IOU).sum()), int((overlap.max(axis=0) <= FOUND_IOU).sum())


def raut(clip: Clip, frames: list, recognizer: ExpressionRecognizer) -> Measured:
    """Raut's analyser and its drawing."""
    analyzer, drawer = LiveAnalyzer(recognizer), FaceDrawer()
    whole, detection, recognition, drawing, processor = [], [], [], [], []
    found = invented = 0
    for number, frame in enumerate(frames):
        image_bgr = frame.frame_bgr.copy()
        start, processor_start = time.perf_counter(), time.process_time()
        result = analyzer.analyze(image_bgr, number / 30)
        analysed = time.perf_counter()
        draw_result(drawer, image_bgr, result, CAPTIONS)
        end, processor_end = time.perf_counter(), time.process_time()
        if number < WARM_UP:
            continue
        whole.append((end - start) * 1000)
        processor.append((processor_end - processor_start) * 1000)
        drawing.append((end - analysed) * 1000)
        detection.append(result.detection_ms)
        recognition.append(result.recognition_ms)
        boxes = np.array([face.box_xyxy for face in result.faces], np.float64).reshape(-1, 4)
        here, more = hits(frame.faces_xyxy, boxes)
        found, invented = found + here, invented + more
    share_found = found / (clip.faces * (len(frames) - WARM_UP))
    return Measured(whole, detection, recognition, drawing, processor, share_found, invented)


def rival_hits(clip: Clip, frames: list, rival: Rival) -> tuple[float, int]:
    """The same counts for another package."""
    counted = list(zip(frames, rival.boxes_xyxy, strict=True))[WARM_UP:]
    pairs = [hits(frame.faces_xyxy, boxes) for frame, boxes in counted]
    return sum(a for a, _ in pairs) / (clip.faces * len(pairs)), sum(b for _, b in pairs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--network", help="id of a network; without it the default one")
    parser.add_argument("--frames", type=int, default=220, help=f"of each clip, {WARM_UP} of them uncounted")
    parser.add_argument("--cores", type=int, default=1, help="processor cores that are used (Linux)")
    parser.add_argument("--no-rival", action="store_true", help="without the package fer")
    arguments = parser.parse_args()
    cores: set[int] | None = None
    if hasattr(os, "sched_setaffinity"):
        cores = set(sorted(os.sched_getaffinity(0))[: arguments.cores])
        os.sched_setaffinity(0, cores)
        cv2.setNumThreads(len(cores))
    try:
        recognizer = ExpressionRecognizer(find_network(arguments.network))
    except NetworkError as error:
        print(error, file=sys.stderr)
        return 1
    python = None if arguments.no_rival else fer_python()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"{processor_name()}, {arguments.cores} core(s){load}; network {recognizer.network.id}; "
        f"{arguments.frames - WARM_UP} frames a clip\n"
    )
    print(
        "| clip | frames/s | must | mean ms | median | 95 % below | detection | recognition | drawing "
        "| CPU mean | CPU 95% | of a core | found | invented |"
    )
    print("|---|" + "---:|" * 13)
    missed: list[str] = []
    rows: list[str] = []
    for clip in CLIPS:
        frames = list(
            moving_faces(
                arguments.frames, faces=clip.faces, width=clip.width, height=clip.height, face=clip.side
            )
        )
        own = raut(clip, frames, recognizer)
        parts = " | ".join(
            f"{statistics.mean(part):.1f}" for part in (own.detection, own.recognition, own.drawing)
        )
        print(
            f"| {clip.name} | {own.frames_a_second:.0f} | {clip.must or '–'} | {statistics.mean(own.whole):.1f} | "
            f"{statistics.median(own.whole):.1f} | {own.p95_ms:.1f} | {parts} | "
            f"{statistics.mean(own.processor):.1f} | {np.percentile(own.processor, 95):.1f} | "
            f"{sum(own.processor) / sum(own.whole):.0%} | {own.found:.1%} | {own.invented} |",
            flush=True,
        )
        if clip.must and own.frames_a_second < clip.must:
            missed.append(f"{clip.name}: {own.frames_a_second:.0f} frames a second")
        if own.p95_ms >= P95_MS:
            missed.append(f"{clip.name}: 95 % below {own.p95_ms:.1f} ms")
        if python is None:
            continue
        rival = run_fer(python, [frame.frame_bgr for frame in frames], cores)
        mean_ms = statistics.mean(rival.milliseconds[WARM_UP:])
        found, invented = rival_hits(clip, frames, rival)
        times = mean_ms / statistics.mean(own.whole)
        cpu_ms = statistics.mean(rival.processor[WARM_UP:])
        cpu_times = cpu_ms / statistics.mean(own.processor)
        rows.append(
            f"| {clip.name} | {mean_ms:.1f} | {statistics.mean(own.whole):.1f} | {times:.1f} | "
            f"{cpu_ms:.1f} | {statistics.mean(own.processor):.1f} | {cpu_times:.1f} | {found:.1%} / {own.found:.1%} | {invented} / {own.invented} |"
        )
        if times < TIMES_AS_FAST:
            missed.append(f"{clip.name}: {times:.1f} times as fast as fer")
        if own.found < found or own.invented > invented:
            missed.append(f"{clip.name}: fer finds more, or invents less")
    if rows:
        print(f"\nThe same frames with {FER} (finding and naming, nothing drawn), fer / Raut:\n")
        print(
            "| clip | fer, mean ms | Raut, mean ms | times as fast | fer, CPU ms | Raut, CPU ms | times as fast "
            "| found | invented |"
        )
        print("|---|" + "---:|" * 8)
        print("\n".join(rows))
    print("\nMissed: " + "; ".join(missed) if missed else "\nAll that must hold does.")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
