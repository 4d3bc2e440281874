"""Whether live video goes on while a class trains a network: `python benchmarks/lab_live.py`.

One visitor's frames (one face at 640x480, composed here, 30 a second, of which the newest is taken, as on the page) are
analysed and drawn on two processor cores. Beside it a network of the lab learns from faces of noise, in the process that
the page uses, which is paused and goes on by turns of a few seconds, so that whatever else the computer does falls on both.
Prints a Markdown table; ends with 1 if fewer than 12 frames a second are analysed while the network learns.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import time
from dataclasses import dataclass, field

import cv2
import numpy as np
from live import CAPTIONS

from fer_core.faces.search import DEFAULT_LIVE_DETECTOR, live_search
from fer_core.lab.desk import DESKS
from fer_core.lab.settings import PRESETS, LabSettings
from fer_core.lab.task import FaceSet, TrainingTask
from fer_core.live.drawing import draw_result
from fer_core.machine import processor_name
from fer_core.recognition.drawing import FaceDrawer
from fer_core.recognition.frames import LiveAnalyzer
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network
from tests.e2e.clips import moving_faces

CAMERA = 30.0
"""Frames a second."""
MUST = 12.0
"""Frames a second that must be analysed while a network learns."""
CORES = 2
FACES = 3000
CLASSES = ("happy", "sad", "surprise")


@dataclass
class Measured:
    """Frames a second in each turn, and milliseconds of each frame."""

    frames_a_second: list[float] = field(default_factory=list)
    whole_ms: list[float] = field(default_factory=list)


def noise(count: int) -> FaceSet:
    faces_gray = np.random.default_rng(1).integers(0, 256, (count, 48, 48), np.uint8)
    return FaceSet(faces_gray, np.arange(count) % len(CLASSES), np.arange(count))


def watch(analyzer: LiveAnalyzer, frames: list[np.ndarray], seconds: float, measured: Measured) -> None:
    """Look at the newest frame of a camera, again and again, for so long."""
    drawer = FaceDrawer()
    begin, shown, number = time.perf_counter(), -1, 0
    while (now := time.perf_counter() - begin) < seconds:
        newest = int(now * CAMERA)
        if newest == shown:
            time.sleep((newest + 1) / CAMERA - now)
            continue
        shown = newest
        frame_bgr = frames[newest % len(frames)].copy()
        start = time.perf_counter()
        draw_result(drawer, frame_bgr, analyzer.analyze(frame_bgr, time.perf_counter()), CAPTIONS)
        measured.whole_ms.append((time.perf_counter() - start) * 1000)
        number += 1
    measured.frames_a_second.append(number / (time.perf_counter() - begin))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--network", choices=list(PRESETS), default="small", help="that learns")
    parser.add_argument("--turns", type=int, default=8, help="with and without learning")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each turn")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:CORES]))  # of the lab's process, too
    cv2.setNumThreads(CORES)
    frames = [each.frame_bgr for each in moving_faces(90, faces=1, width=640, height=480, face=110)]
    analyzer = LiveAnalyzer(ExpressionRecognizer(find_network()), live_search(detector=DEFAULT_LIVE_DETECTOR))
    token = DESKS.open()
    DESKS.attend(token, "benchmark", lambda: True)
    desk = DESKS.find(token)
    assert desk is not None
    settings = LabSettings("own", CLASSES, architecture=PRESETS[arguments.network], epochs=100)
    task = TrainingTask(settings, noise(FACES), noise(30))
    print(f"{processor_name()}, {CORES} cores, load {os.getloadavg()[0]:.1f}; {arguments.network} learns\n")
    training = desk.start(lambda: task, settings, "Noise")
    while training.running and training.phase != "learning":
        time.sleep(0.1)
    process = DESKS.workers.taken
    if training.error is not None or process is None or process.process_id is None:
        print(training.error, file=sys.stderr)
        return 1
    watch(analyzer, frames, 1.0, Measured())  # the first of anything is slow
    measured = {True: Measured(), False: Measured()}
    for turn in range(2 * arguments.turns):
        learns = turn % 2 == 0
        os.kill(process.process_id, signal.SIGCONT if learns else signal.SIGSTOP)
        watch(analyzer, frames, 0.3, Measured())
        watch(analyzer, frames, arguments.seconds, measured[learns])
    os.kill(process.process_id, signal.SIGCONT)
    if not training.running:
        print("The training ended too early; give fewer turns.", file=sys.stderr)
        return 1
    training.abandon()
    training.wait()
    print("| network that learns | frames/s, median turn | lowest turn | mean ms | 95% below |")
    print("|---|" + "---:|" * 4)
    for learns, each in measured.items():
        print(
            f"| {'yes' if learns else 'paused'} | {statistics.median(each.frames_a_second):.1f} | "
            f"{min(each.frames_a_second):.1f} | {statistics.mean(each.whole_ms):.1f} | "
            f"{np.percentile(each.whole_ms, 95):.1f} |"
        )
    with_s, without_s = (statistics.median(measured[learns].frames_a_second) for learns in (True, False))
    print(f"\nWith learning {with_s / without_s:.0%} of the frames without.")
    return int(with_s < MUST)


if __name__ == "__main__":
    sys.exit(main())
