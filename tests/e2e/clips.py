"""Video clips with faces at known places, composed on the spot: no picture of a person lies in the tests.

The face is `skimage.data.astronaut()`, NASA's public-domain portrait of Eileen Collins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

FACE_XYXY = (176, 65, 274, 163)
"""The face in the portrait, as the cascade boxes it, in its 512x512 pixels."""

PORTRAIT_XYXY = (110, 5, 340, 235)
"""Head and shoulders: the part that is pasted into a clip."""


@dataclass(frozen=True, eq=False)
class ClipFrame:
    """A frame and where its faces are."""

    frame_bgr: np.ndarray  # uint8 (H, W, 3)
    faces_xyxy: np.ndarray  # float64 (N, 4), in the order in which they were placed


@cache
def portrait_bgr() -> np.ndarray:
    """uint8 (512, 512, 3)."""
    from skimage import data

    return np.ascontiguousarray(data.astronaut()[..., ::-1])


def background_bgr(width: int, height: int) -> np.ndarray:
    """A wall with soft shades, in which no cascade sees a face: uint8 (height, width, 3)."""
    shades = np.random.default_rng(7).uniform(110, 190, (4, 5, 3)).astype(np.float32)
    return cv2.resize(shades, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def paste_portrait(frame_bgr: np.ndarray, centre: tuple[float, float], face: int) -> np.ndarray:
    """Paste the portrait so that its face is centred there; returns the face's box, float64 (4,).

    Args:
        frame_bgr: uint8 (H, W, 3), drawn on in place.
        centre: x, y in pixels; what falls outside of the frame is cut off.
        face: side of the face in pixels.
    """
    left, top, right, bottom = PORTRAIT_XYXY
    scale = face / (FACE_XYXY[2] - FACE_XYXY[0])
    size = round((right - left) * scale)
    portrait = cv2.resize(portrait_bgr()[top:bottom, left:right], (size, size), interpolation=cv2.INTER_AREA)
    # The face's centre within the pasted part.
    offset_x = ((FACE_XYXY[0] + FACE_XYXY[2]) / 2 - left) * scale
    offset_y = ((FACE_XYXY[1] + FACE_XYXY[3]) / 2 - top) * scale
    x, y = round(centre[0] - offset_x), round(centre[1] - offset_y)
    height, width = frame_bgr.shape[:2]
    x1, y1, x2, y2 = max(0, x), max(0, y), min(width, x + size), min(height, y + size)
    if x1 < x2 and y1 < y2:
        frame_bgr[y1:y2, x1:x2] = portrait[y1 - y : y2 - y, x1 - x : x2 - x]
    middle = np.array([x + offset_x, y + offset_y])
    return np.concatenate([middle - face / 2, middle + face / 2])


def moving_faces(
    frames: int, *, faces: int = 1, width: int = 640, height: int = 480, face: int = 110, noise: float = 3.0
) -> Iterator[ClipFrame]:
    """Faces that sway beside each other, each around a place of its own, with a camera's noise.

    Args:
        frames: how many; the movement closes after 90 of them, so that a clip can be repeated.
        faces: how many beside each other; 0 gives the empty wall.
        width: of the frame, in pixels.
        height: of the frame, in pixels.
        face: side of a face, in pixels.
        noise: standard deviation, in grey levels.
    """
    wall = background_bgr(width, height)
    rng = np.random.default_rng(11)
    for number in range(frames):
        frame_bgr = wall.copy()
        boxes = np.empty((faces, 4))
        for index in range(faces):
            phase = 2 * np.pi * (number / 90 + index / 3)
            centre = (
                width * (index + 0.5) / faces + 0.25 * face * np.sin(phase),
                height * 0.5 + 0.2 * face * np.cos(phase),
            )
            boxes[index] = paste_portrait(frame_bgr, centre, face)
        if noise:
            grain = rng.normal(0, noise, (height, width, 1))
            frame_bgr = np.clip(frame_bgr + grain, 0, 255).astype(np.uint8)
        yield ClipFrame(frame_bgr, boxes)


def write_mjpeg(path: Path, frames: Iterable[ClipFrame], quality: int = 90) -> Path:
    """The clip as Chromium's fake camera reads it: one JPEG after another. Returns the absolute path."""
    with path.open("wb") as file:
        for frame in frames:
            encoded, data = cv2.imencode(".jpg", frame.frame_bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
            assert encoded
            file.write(data.tobytes())
    return path.resolve()


def fake_camera_arguments(clip: Path | None) -> list[str]:
    """Chromium's switches for a camera that plays the clip in a loop, or for one that is refused."""
    if clip is None:
        return ["--deny-permission-prompts", "--use-fake-device-for-media-stream"]
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={clip}",
        # Without this, a machine with only the loopback interface never connects.
        "--allow-loopback-in-peer-connection",
    ]
