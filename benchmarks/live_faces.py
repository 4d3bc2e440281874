"""Which faces live video keeps, misses and invents with each face detector: `python benchmarks/live_faces.py`.

- FER2013: pictures of PublicTest that FER+ calls faces, with their border repeated around them, on a wall, each in six
  frames with a camera's noise; found where the last one has it.
- A face that tilts to 45 degrees and back, then turns to a half profile and back: in how many frames it keeps its number.
- A minute of an empty wall with noise, and a minute before textures of scikit-image over which the camera moves: how
  many faces are invented, and in how many frames one is seen.

Prints Markdown tables; nothing here is timed. Without FER2013 on this computer its rows are left out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import cv2
import numpy as np
import skimage.data

from fer_core.datasets.find import find_fer2013
from fer_core.datasets.load import load_fer2013
from fer_core.datasets.splits import split
from fer_core.errors import DatasetNotFoundError
from fer_core.faces.boxes import iou
from fer_core.faces.search import DETECTORS, live_search
from fer_core.faces.tracking.tracker import FaceTracker, TrackedFaces
from tests.e2e.clips import background_bgr, moving_faces
from tests.e2e.turning_clips import turning_face

FOUND_IOU = 0.4
NOT_A_FACE = 9  # column of the votes of FER+
FACE_SIDES = (48, 96, 192)
FRAMES_A_FACE = 6
MINUTE = 1800
TEXTURES = (
    "brick", "chelsea", "clock", "coffee", "coins", "grass", "gravel", "hubble_deep_field", "immunohistochemistry",
    "moon", "page", "retina", "rocket", "text",
)  # fmt: skip


def tracked(detector: str, frames_bgr: Iterator[np.ndarray]) -> Iterator[TrackedFaces]:
    """What the Webcam page would follow in frames that come 30 times a second."""
    tracker = FaceTracker(live_search(detector=detector))
    for number, frame_bgr in enumerate(frames_bgr):
        yield tracker.update(cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2GRAY), number / 30, frame_bgr)


def noisy(frame_bgr: np.ndarray, rng: np.random.Generator, noise: float = 4.0) -> np.ndarray:
    grain = rng.normal(0, noise, (*frame_bgr.shape[:2], 1)).astype(np.float32)
    return np.clip(frame_bgr + grain, 0, 255).astype(np.uint8)


def fer2013_found(faces_gray: np.ndarray, side: int) -> dict[str, np.ndarray]:
    """Which of the faces each detector has in the last of some frames: bool (N,)."""
    wall = background_bgr(640, 480)
    rng = np.random.default_rng(21)
    room = side // 2
    x, y = 320 - room, 240 - room
    found: dict[str, list[bool]] = {detector: [] for detector in DETECTORS}
    for face_gray in faces_gray:
        frame_bgr = wall.copy()
        large = cv2.resize(face_gray, (side, side), interpolation=cv2.INTER_CUBIC)
        with_room = cv2.copyMakeBorder(large, room, room, room, room, cv2.BORDER_REPLICATE)
        frame_bgr[y - room : y + side + room, x - room : x + side + room] = with_room[..., None]
        frames = [noisy(frame_bgr, rng, 2.0) for _ in range(FRAMES_A_FACE)]
        for detector in DETECTORS:
            boxes = list(tracked(detector, iter(frames)))[-1].boxes_xyxy
            overlaps = iou(boxes, np.array([[x, y, x + side, y + side]]))
            found[detector].append(bool(overlaps.max(initial=0) > FOUND_IOU))
    return {detector: np.array(hits) for detector, hits in found.items()}


def textures(frames: int) -> Iterator[np.ndarray]:
    """Pictures without a face, the camera moving over each for as long as over the others."""
    rng = np.random.default_rng(22)
    each = frames // len(TEXTURES) + 1
    for number in range(frames):
        name, at = TEXTURES[number // each], number % each
        if at == 0:
            image = getattr(skimage.data, name)()
            image = np.ascontiguousarray(image[..., :3] if image.ndim == 3 else np.dstack([image] * 3))
            factor = max(800 / image.shape[1], 600 / image.shape[0])
            large_bgr = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)[
                ..., ::-1
            ]
        x = round((large_bgr.shape[1] - 640) * at / each)
        y = round((large_bgr.shape[0] - 480) * (0.5 + 0.5 * np.sin(2 * np.pi * at / each)))
        yield noisy(large_bgr[y : y + 480, x : x + 640], rng)


def turning_kept(detector: str) -> tuple[float, float]:
    """Share of the frames with a box on the face, and with its first number on it."""
    frames = list(turning_face())
    found = kept = 0
    results = tracked(detector, (frame.frame_bgr for frame in frames))
    for frame, result in zip(frames, results, strict=True):
        overlaps = iou(result.boxes_xyxy, frame.faces_xyxy)[:, 0] if len(result) else np.zeros(0)
        hits = [
            number for number, overlap in zip(result.numbers, overlaps, strict=True) if overlap > FOUND_IOU
        ]
        found += bool(hits)
        kept += 1 in hits
    return found / len(frames), kept / len(frames)


def invented(results: Iterator[TrackedFaces]) -> tuple[int, int]:
    """Faces where there is none, and frames with one."""
    faces: set[int] = set()
    frames = 0
    for result in results:
        faces |= set(result.tracks)
        frames += bool(len(result))
    return len(faces), frames


def interval(hits: np.ndarray) -> str:
    """A share with its 95% interval (Wilson)."""
    count, share = len(hits), float(hits.mean())
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return f"{share:.1%} ({middle - half:.1%} to {middle + half:.1%})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--faces", type=int, default=300, help="of FER2013's PublicTest, at each size")
    parser.add_argument("--frames", type=int, default=MINUTE, help="of the empty wall, and of the textures")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    print("| | " + " | ".join(DETECTORS) + " |")
    print("|---|" + "---:|" * len(DETECTORS))
    try:
        dataset = load_fer2013(find_fer2013())
        rows = split(dataset, "PublicTest").rows
        if dataset.votes is not None:
            rows = rows[dataset.votes[rows, NOT_A_FACE] == 0]
        rows = np.random.default_rng(23).permutation(rows)[: arguments.faces]
        for side in FACE_SIDES:
            found = fer2013_found(dataset.images_gray[rows], side)
            cells = " | ".join(interval(found[detector]) for detector in DETECTORS)
            print(f"| {len(rows)} faces of FER2013 at {side} pixels, found | {cells} |", flush=True)
    except DatasetNotFoundError as error:
        print(error, file=sys.stderr)
    turning = [turning_kept(detector) for detector in DETECTORS]
    print(
        "| a face that tilts and turns, found | " + " | ".join(f"{found:.1%}" for found, _ in turning) + " |"
    )
    print("| the same, with its number | " + " | ".join(f"{kept:.1%}" for _, kept in turning) + " |")
    for name, clip in (
        ("an empty wall", lambda: (frame.frame_bgr for frame in moving_faces(arguments.frames, faces=0))),
        ("textures", lambda: textures(arguments.frames)),
    ):
        counts = [invented(tracked(detector, clip())) for detector in DETECTORS]
        cells = " | ".join(f"{faces} in {frames} frames" for faces, frames in counts)
        print(f"| {arguments.frames} frames of {name}, invented | {cells} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
