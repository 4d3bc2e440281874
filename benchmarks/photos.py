"""How many photos a second, and in how much memory: `python benchmarks/photos.py`.

Composes photos of 1024x768 with one to four faces whose places are known (the faces of `scenes.py`; half of the
photos before a wall in soft shades, half before its textures), as JPEG files under `.cache/benchmarks/photos/`.
`python -m fer_core predict`'s own path runs over them with two processes, then the PyPI package `fer` over the same
files, with two processes of one thread each and with one process of its default threads. `deepface` is not run: its
weights are fetched from GitHub on first use, outside of any package. Prints Markdown tables.

Where something else computes at the same time, processor time (CPU) says what the work itself takes; the ratio to
`fer` is given of both.

Needs Linux: memory is the proportional set size (PSS) of this process and its children together, from `/proc`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import psutil
from memory import memory_mb
from rivals import FER, fer_python
from scenes import FOUND_IOU, Face, astronaut_faces, backgrounds, fer2013_faces, paste

from fer_core.faces.boxes import iou
from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import decode_image, to_gray
from fer_core.faces.search import DEFAULT_DETECTOR, DETECTORS, EFFORTS, photo_search
from fer_core.machine import processor_name
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network
from tests.e2e.clips import background_bgr

PROJECT_DIR = Path(__file__).resolve().parents[1]
FOLDER = PROJECT_DIR / ".cache" / "benchmarks" / "photos"
SIZE = (1024, 768)
SIDES = (64, 320)  # pixels: fer looks for faces from 50, "quick" from 61
PROCESSES = 2
TIMES_AS_FAST = 5.0
MEMORY_MB = 700.0

_RAUT = """
import json, sys
from fer_core.batch import workers
from fer_core.batch.work import Settings
from fer_core.faces.search import photo_search
from fer_core.store.folder import find_network
if __name__ == "__main__":
    order = json.loads(open(sys.argv[1]).read())
    search = photo_search(order["effort"], order["detector"])
    settings = Settings.of(find_network(None), search=search)
    boxes = [
        [[row["x"], row["y"], row["width"], row["height"]] for row in photo.rows if row["status"] == "ok"]
        for photo in workers.in_processes(order["paths"], settings, order["processes"])
    ]
    print("RESULT" + json.dumps(boxes))
"""

_FER = """
import json, sys
from concurrent.futures import ProcessPoolExecutor
import multiprocessing
def begin(threads):
    global detector, cv2
    import cv2
    from fer.fer import FER
    if threads: cv2.setNumThreads(threads)
    detector = FER()
def look(path):
    return [[int(v) for v in face["box"]] for face in detector.detect_emotions(cv2.imread(path))]
if __name__ == "__main__":
    order = json.loads(open(sys.argv[1]).read())
    if order["processes"] == 1:
        begin(0)
        boxes = [look(path) for path in order["paths"]]
    else:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(order["processes"], spawn, initializer=begin, initargs=(1,)) as pool:
            boxes = list(pool.map(look, order["paths"], chunksize=4))
    print("RESULT" + json.dumps(boxes))
"""


@dataclass(frozen=True)
class Run:
    """What one program did with the photos.

    Attributes:
        seconds: from its start, with all imports, to its end.
        processor_ms: processor time of all its processes and threads, for each photo, in milliseconds.
        peak_mb: largest PSS of all its processes together, in MB.
        boxes_xyxy: of each photo, float64 (N, 4).
    """

    seconds: float
    processor_ms: float
    peak_mb: float
    boxes_xyxy: list[np.ndarray]


@dataclass
class Memory:
    """Samples the PSS of a process and its descendants in a thread, five times a second."""

    process: psutil.Process
    peak_mb: float = 0.0
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Memory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            self.peak_mb = max(self.peak_mb, memory_mb(self.process))


def compose_photos(count: int) -> tuple[list[str], list[np.ndarray]]:
    """Write the photos that are not there yet; their paths, and the places of their faces, int32 (N, 4)."""
    portrait, real = astronaut_faces(), fer2013_faces(400)
    faces: list[Face] = portrait * max(1, len(real) // len(portrait)) + real
    kind = "fer2013" if real else "portrait"
    textures = backgrounds(*SIZE)
    wall = to_gray(background_bgr(*SIZE))
    folder = FOLDER / kind
    folder.mkdir(parents=True, exist_ok=True)
    paths, places = [], []
    for index in range(count):
        random = np.random.default_rng((1024, index))  # of its own: 250 photos are the first 250 of 1,000
        image = (wall if index % 2 else textures[index // 2 % len(textures)]).copy()
        number = 1 + index // 2 % 4
        boxes = []
        for column in range(number):
            left, right = SIZE[0] * column // number, SIZE[0] * (column + 1) // number
            box = None
            while box is None:  # one that is too wide for its column is tried smaller
                side = round(float(np.exp(random.uniform(*np.log(SIDES)))))
                face = faces[int(random.integers(len(faces)))]
                place = (random.uniform(), random.uniform())
                box = paste(image[:, left:right], face, side, place)
            boxes.append(box + [left, 0, left, 0])
        places.append(np.array(boxes, np.int32))
        path = folder / f"{index:05}.jpg"
        paths.append(str(path))
        if not path.exists():
            noisy = np.clip(image + random.normal(0, 4, image.shape), 0, 255).astype(np.uint8)
            # A cast of colour, so that the decoder has as much to do as for a photo.
            cast = cv2.resize(random.uniform(96, 160, (4, 5, 2)).astype(np.float32), SIZE)
            ycrcb = np.dstack([noisy, cast.astype(np.uint8)])
            bgr = cv2.cvtColor(ycrcb, cv2.COLOR_YCrCb2BGR)
            cv2.imwrite(str(path), bgr, [cv2.IMWRITE_JPEG_QUALITY, 90])
    return paths, places


def run(python: Path | str, code: str, order: dict[str, object]) -> Run:
    """Run a program over the photos of the order.

    Raises:
        RuntimeError: it failed; the message has the end of what it printed.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    script, orders = FOLDER / "program.py", FOLDER / "order.json"
    script.write_text(code)
    orders.write_text(json.dumps(order))
    command = [str(python), str(script), str(orders)]
    environment = {"PYTHONPATH": str(PROJECT_DIR), "PATH": "/usr/bin:/bin", "TF_CPP_MIN_LOG_LEVEL": "3"}
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with (
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        ) as process,
        Memory(psutil.Process(process.pid)) as memory,
    ):
        out, err = process.communicate()
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    lines = [line for line in out.splitlines() if line.startswith("RESULT")]
    if process.returncode or not lines:
        raise RuntimeError(f"{command} failed: {err[-1500:]}")
    boxes = []
    for found in json.loads(lines[-1].removeprefix("RESULT")):
        xywh = np.array(found, np.float64).reshape(-1, 4)
        boxes.append(np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1))
    return Run(seconds, processor_s * 1000 / len(boxes), memory.peak_mb, boxes)


def counts(places: list[np.ndarray], boxes: list[np.ndarray]) -> tuple[int, int, int]:
    """Faces that were placed and found, and boxes that are none of them."""
    placed = found = invented = 0
    for faces_xyxy, boxes_xyxy in zip(places, boxes, strict=True):
        overlap = iou(faces_xyxy, boxes_xyxy)
        placed += len(faces_xyxy)
        found += int((overlap >= FOUND_IOU).any(axis=1).sum())
        invented += int((overlap < FOUND_IOU).all(axis=0).sum())
    return placed, found, invented


def print_parts(paths: list[str], efforts: list[str], detector_name: str) -> None:
    """Decoding, detection and recognition apart: processor time of one thread."""
    print(f"\n{len(paths)} of these photos on one thread, processor time, ms a photo:\n")
    print("| search | decode | to grey | detect | crop | recognise |\n|---|---:|---:|---:|---:|---:|")
    recognizer = ExpressionRecognizer(find_network(None))
    for effort in efforts:
        detector = FaceDetector(photo_search(effort, detector_name))
        spent = np.zeros(5)
        for path in paths:
            content = Path(path).read_bytes()
            marks = [time.thread_time()]
            image_rgb = decode_image(content, path)
            marks.append(time.thread_time())
            image_gray = to_gray(image_rgb)
            marks.append(time.thread_time())
            found = detector.detect(image_gray, image_rgb)
            marks.append(time.thread_time())
            crops = detector.crops(image_gray, found)
            marks.append(time.thread_time())
            recognizer.predict(crops)
            marks.append(time.thread_time())
            spent += np.diff(marks) * 1000
        print(
            f"| {effort} | " + " | ".join(f"{value:.1f}" for value in spent / len(paths)) + " |", flush=True
        )


def main() -> int:
    """Compose, measure, print; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--photos", type=int, default=1000, help="default: %(default)s")
    parser.add_argument("--efforts", nargs="+", choices=list(EFFORTS), default=["quick", "normal"])
    parser.add_argument(
        "--detector", choices=DETECTORS, default=DEFAULT_DETECTOR, help="default: %(default)s"
    )
    parser.add_argument("--no-rival", action="store_true", help="without the package fer")
    arguments = parser.parse_args()
    paths, places = compose_photos(arguments.photos)
    print(
        f"{processor_name()}; {len(paths)} photos of {SIZE[0]}x{SIZE[1]}, faces of {SIDES[0]} to {SIDES[1]} pixels; "
        f"detector: {arguments.detector}."
    )
    cv2.setNumThreads(1)
    print_parts(paths[:60], arguments.efforts, arguments.detector)
    print(f"\nThe whole run with its start, {PROCESSES} processes unless said otherwise:\n")
    print(
        "| program | photos | photos/s | CPU ms a photo | placed | found | invented | peak memory (PSS), MB |"
    )
    print("|---|" + "---:|" * 7)

    def row(name: str, done: Run) -> float:
        rate = len(done.boxes_xyxy) / done.seconds
        cells = (
            len(done.boxes_xyxy),
            f"{rate:.1f}",
            f"{done.processor_ms:.0f}",
            *counts(places[: len(done.boxes_xyxy)], done.boxes_xyxy),
        )
        print(f"| {name} | " + " | ".join(map(str, cells)) + f" | {done.peak_mb:.0f} |", flush=True)
        return rate

    rates: dict[str, float] = {}
    processor_ms: dict[str, float] = {}
    missed: list[str] = []
    for effort in arguments.efforts:
        for part in (paths[: len(paths) // 4], paths):
            order = {"paths": part, "effort": effort, "detector": arguments.detector, "processes": PROCESSES}
            done = run(sys.executable, _RAUT, order)
            processor_ms[effort] = done.processor_ms
            rates[effort] = row(f"Raut, {effort}", done)
            if done.peak_mb > MEMORY_MB:
                missed.append(f"Raut, {effort}: {done.peak_mb:.0f} MB")
    python = None if arguments.no_rival else fer_python()
    if python is not None:
        best, least_ms = 0.0, float("inf")
        for how, processes in ((f"{PROCESSES} processes", PROCESSES), ("1 process, its own threads", 1)):
            done = run(python, _FER, {"paths": paths, "processes": processes})
            best = max(best, row(f"{FER}, {how}", done))
            least_ms = min(least_ms, done.processor_ms)
        print()
        for effort, rate in rates.items():
            by_cpu = least_ms / processor_ms[effort]
            print(
                f"Raut, {effort}: {rate / best:.1f} times the better of fer's two; by processor time {by_cpu:.1f}."
            )
            if rate < TIMES_AS_FAST * best:
                missed.append(f"Raut, {effort}: {rate / best:.1f} times as fast as fer")
    print(
        "\ndeepface is not compared: its weights are not in its package, but fetched from GitHub on first use."
    )
    print("\nMissed: " + "; ".join(missed) if missed else "\nAll that must hold does.")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
