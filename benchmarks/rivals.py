"""What people use today, each in an environment of its own, on the same frames as Raut.

`fer` from PyPI with its default Haar path. Its environment is made under `.cache/benchmarks/` on the first run
(about 700 MB to download); without internet a sentence says so and the comparison is left out.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PROJECT_DIR = Path(__file__).resolve().parents[1]
FER_ENVIRONMENT = PROJECT_DIR / ".cache" / "benchmarks" / "fer"
FER_PACKAGES = (
    # OpenCV 5 has no cascade; setuptools 81 has no pkg_resources, which fer asks for. fer itself without
    # its dependencies: facenet-pytorch and moviepy are for what is not compared here.
    "opencv-python-headless==4.14.0.94", "tensorflow==2.21.0", "numpy==2.4.6", "setuptools<81", "pandas",
    "requests", "tqdm", "pillow",
)  # fmt: skip
FER = "fer==25.10.3"

_CHILD = """
import json, os, sys, time
cores = json.loads(sys.argv[2])
if cores: os.sched_setaffinity(0, cores)
import numpy as np
from fer.fer import FER
frames = np.load(sys.argv[1], mmap_mode="r")
detector = FER()
detector.detect_emotions(np.array(frames[0]))  # the first call of anything is slow
milliseconds, processor, boxes = [], [], []
for frame in frames:
    frame = np.array(frame)
    start, processor_start = time.perf_counter(), time.process_time()
    found = detector.detect_emotions(frame)
    milliseconds.append((time.perf_counter() - start) * 1000)
    processor.append((time.process_time() - processor_start) * 1000)
    boxes.append([[int(value) for value in face["box"]] for face in found])
print("RESULT" + json.dumps({"milliseconds": milliseconds, "processor": processor, "boxes_xywh": boxes}))
"""

_IN_TURNS = """
import json, os, struct, sys, time
answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # what libraries print is no answer
import cv2, numpy as np
cv2.setNumThreads(1)
import tensorflow as tf
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
from fer.fer import FER
detector = FER()
frames = sys.stdin.buffer
while len(head := frames.read(8)) == 8:
    height, width = struct.unpack("<II", head)
    frame = np.frombuffer(frames.read(3 * height * width), np.uint8).reshape(height, width, 3).copy()
    start = time.perf_counter()
    found = detector.detect_emotions(frame)
    milliseconds = (time.perf_counter() - start) * 1000
    boxes = [[int(value) for value in face["box"]] for face in found]
    print(json.dumps([milliseconds, boxes]), file=answers)
"""


@dataclass(frozen=True)
class Rival:
    """What another package did with some frames.

    Attributes:
        milliseconds: of each frame, finding and naming; nothing is drawn.
        processor: processor time of the same, all threads, in milliseconds.
        boxes_xyxy: of each frame, float64 (N, 4).
    """

    milliseconds: list[float]
    processor: list[float]
    boxes_xyxy: list[np.ndarray]


def fer_python() -> Path | None:
    """The interpreter of fer's environment, which is made where it is missing; None without internet."""
    python = FER_ENVIRONMENT / "bin" / "python"
    ready = FER_ENVIRONMENT / ".ready"
    if ready.exists():
        return python
    print("Making an environment for the package fer …", file=sys.stderr, flush=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", FER_ENVIRONMENT], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--no-input"]
        subprocess.run([*install, *FER_PACKAGES], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*install, "--no-deps", FER], check=True, stdout=subprocess.DEVNULL)
    except (subprocess.CalledProcessError, OSError) as error:
        print(
            f"The package fer cannot be installed here ({error}); the comparison is left out.",
            file=sys.stderr,
        )
        return None
    ready.touch()
    return python


def run_fer(python: Path, frames_bgr: list[np.ndarray], cores: set[int] | None) -> Rival:
    """Let fer look at the frames, on these processor cores.

    Raises:
        RuntimeError: it failed; the message has the end of what it printed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frames.npy"
        np.save(path, np.stack(frames_bgr))
        done = subprocess.run(
            [python, "-c", _CHILD, path, json.dumps(sorted(cores or ()))], capture_output=True, text=True
        )
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    if done.returncode or not lines:
        raise RuntimeError(f"fer failed: {done.stderr[-1500:]}")
    result = json.loads(lines[-1].removeprefix("RESULT"))
    boxes = []
    for found in result["boxes_xywh"]:
        xywh = np.array(found, np.float64).reshape(-1, 4)
        boxes.append(np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1))
    return Rival(result["milliseconds"], result["processor"], boxes)


class FerInTurns:
    """fer with one thread in a process of its own, which looks at one frame at a time.

    Args:
        python: from `fer_python`.
    """

    def __init__(self, python: Path) -> None:
        environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
        self._process = subprocess.Popen(
            [python, "-c", _IN_TURNS],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip
        self.look(np.zeros((480, 640, 3), np.uint8))  # the first call of anything is slow

    def __enter__(self) -> FerInTurns:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def look(self, frame_bgr: np.ndarray) -> tuple[float, np.ndarray]:
        """Milliseconds that it took to find the faces and read them, and their boxes, float64 (N, 4).

        Raises:
            RuntimeError: it has ended.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        height, width = frame_bgr.shape[:2]
        self._process.stdin.write(struct.pack("<II", height, width) + frame_bgr.tobytes())
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("fer ended before it had answered.")
        milliseconds, found = json.loads(answer)
        xywh = np.array(found, np.float64).reshape(-1, 4)
        return milliseconds, np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1)
