"""How long a frame and a photo take, without a browser: `python benchmarks/live.py`.

A clip composed here (NASA's portrait moving over a wall, 640x480, with a camera's noise) goes through what
the Webcam page uses, and the sample photo through what the Photos page uses. Every part is timed apart:
detection with tracking, recognition, drawing. Prints Markdown tables; ends with 1 if an aim is missed.
`--network` names another network than the default one, `--cores 1` keeps to one processor core.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT_DIR))

import numpy as np  # noqa: E402

from fer_core.errors import NetworkError  # noqa: E402
from fer_core.faces.boxes import iou  # noqa: E402
from fer_core.faces.detection import HaarFaceDetector  # noqa: E402
from fer_core.faces.images import to_gray  # noqa: E402
from fer_core.labels import EMOTIONS  # noqa: E402
from fer_core.recognition.drawing import FaceDrawer  # noqa: E402
from fer_core.recognition.live import Captions, LiveAnalyzer, draw_result  # noqa: E402
from fer_core.recognition.photos import SAMPLE_PHOTO, analyze_photo, decode_image  # noqa: E402
from fer_core.recognition.recognizer import ExpressionRecognizer  # noqa: E402
from fer_core.store import find_network  # noqa: E402
from tests.e2e.clips import moving_faces  # noqa: E402

RECOGNITION_MS, PHOTO_MS, FRAMES_A_SECOND = 3.0, 300.0, 20.0
FOUND_IOU = 0.4  # a box that shares this much with the face counts as having found it
CAPTIONS = Captions(
    {code: emotion.english for code, emotion in EMOTIONS.items()}, tuple(f"{p} %" for p in range(101))
)


def milliseconds(start: float) -> float:
    return (time.perf_counter() - start) * 1000


def percentile(values: Sequence[float], percent: float) -> float:
    return float(np.percentile(values, percent))


def row(name: str, values: Sequence[float], aim: str = "") -> str:
    cells = f"{statistics.mean(values):.2f} | {percentile(values, 50):.2f} | {percentile(values, 95):.2f}"
    return f"| {name} | {cells} | {aim} |"


def table(title: str, rows: Iterable[str]) -> None:
    print(f"\n{title}\n\n| part | mean ms | median ms | 95 % below ms | aim |\n|---|---|---|---|---|")
    print("\n".join(rows), flush=True)


def frames(recognizer: ExpressionRecognizer, faces: int, count: int) -> float:
    """The table for a clip with that many faces; returns the median time of a whole frame."""
    clip = list(moving_faces(count, faces=faces, face=80))
    analyzer, drawer = LiveAnalyzer(recognizer), FaceDrawer()
    detection, recognition, drawing, whole, scans = [], [], [], [], []
    found = invented = 0
    for clip_frame in clip:
        start = time.perf_counter()
        result = analyzer.analyze(clip_frame.frame_bgr)
        analysed = time.perf_counter()
        draw_result(drawer, clip_frame.frame_bgr, result, CAPTIONS)
        drawing.append(milliseconds(analysed))
        whole.append(milliseconds(start))
        detection.append(result.detection_ms)
        if result.scanned:
            scans.append(result.detection_ms)
        if result.faces:
            recognition.append(result.recognition_ms)
            overlap = iou(clip_frame.faces_xyxy, np.stack([face.box_xyxy for face in result.faces]))
            if faces:
                found += int((overlap.max(axis=1) > FOUND_IOU).sum())
            invented += int((overlap.max(axis=0, initial=0.0) <= FOUND_IOU).sum())
    fastest = 1000 / percentile(whole, 50)
    table(
        f"**{faces} face(s), 640x480, {count} frames**: {found} of {faces * count} placed faces found, "
        f"{invented} invented, {fastest:.0f} frames a second in the median",
        [
            row("detection and tracking", detection),
            row(f"of these, frames with a scan ({len(scans)})", scans or [float("nan")]),
            *([row("recognition", recognition)] if recognition else []),
            row("drawing", drawing),
            row("whole frame", whole, f"{FRAMES_A_SECOND:.0f} frames a second" if faces == 1 else ""),
        ],
    )
    return percentile(whole, 50)


def one_face(recognizer: ExpressionRecognizer, repeats: int) -> float:
    """Median time to recognise one face."""
    image_gray = to_gray(decode_image(SAMPLE_PHOTO.read_bytes(), SAMPLE_PHOTO.name))
    detector = HaarFaceDetector()
    crop = detector.crops(image_gray, detector.detect(image_gray))[:1]
    times = []
    for _repeat in range(repeats):
        start = time.perf_counter()
        recognizer.predict(crop)
        times.append(milliseconds(start))
    table("**One face, cropped**", [row("recognition", times, f"under {RECOGNITION_MS:.0f} ms")])
    return percentile(times, 50)


def photo(recognizer: ExpressionRecognizer, repeats: int) -> float:
    """Median time for a photo of one face, from its bytes to its probabilities."""
    content = SAMPLE_PHOTO.read_bytes()
    detector = HaarFaceDetector()
    times = []
    for _repeat in range(repeats):
        start = time.perf_counter()
        result = analyze_photo(content, SAMPLE_PHOTO.name, detector, recognizer)
        times.append(milliseconds(start))
        if len(result.faces) != 1:
            sys.exit(f"expected one face in {SAMPLE_PHOTO.name}, found {len(result.faces)}")
    table(
        "**A photo of one face** (512x512 JPEG: decoding, detection, recognition)",
        [row("photo", times, f"under {PHOTO_MS:.0f} ms")],
    )
    return percentile(times, 50)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--network", help="id of a network; without it the default one")
    parser.add_argument("--frames", type=int, default=300, help="frames of each clip (default 300)")
    parser.add_argument("--cores", type=int, help="keep to this many processor cores (Linux)")
    arguments = parser.parse_args()
    if arguments.cores:
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[: arguments.cores]))
    try:
        recognizer = ExpressionRecognizer(find_network(arguments.network))
    except NetworkError as error:
        print(error, file=sys.stderr)
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    info = recognizer.network
    print(f"Network {info.id} ({info.parameters:,} parameters), {cores} processor core(s){load}")
    recognition_ms = one_face(recognizer, 300)
    photo_ms = photo(recognizer, 20)
    frame_ms = {faces: frames(recognizer, faces, arguments.frames) for faces in (0, 1, 3)}
    missed = [
        name
        for name, too_slow in {
            "recognition of one face": recognition_ms >= RECOGNITION_MS,
            "photo": photo_ms >= PHOTO_MS,
            "frame": frame_ms[1] >= 1000 / FRAMES_A_SECOND,
        }.items()
        if too_slow
    ]
    print("\nMissed: " + ", ".join(missed) if missed else "\nAll aims are met.")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
