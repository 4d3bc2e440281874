"""Whether a camera shows anything: frames of one colour, and real ones that look alike."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.live.watch import PictureWatch

RNG = np.random.default_rng(3)


def noisy(level: int, deviation: float) -> np.ndarray:
    grain = RNG.normal(level, deviation, (480, 640, 3))
    return np.clip(grain, 0, 255).astype(np.uint8)


def watched(frames: list[np.ndarray], per_second: float) -> tuple[PictureWatch, float]:
    watch = PictureWatch()
    for number, frame in enumerate(frames):
        watch.note(frame, number / per_second)
    return watch, (len(frames) - 1) / per_second


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (0, 135, 0), (200, 10, 90)])
def test_frames_of_one_colour_are_no_picture_after_a_second_of_the_clock(
    colour: tuple[int, int, int],
) -> None:
    frame = np.full((480, 640, 3), colour, np.uint8)
    watch, now_s = watched([frame] * 31, 30)
    assert not watch.is_flat(now_s)
    assert watch.is_flat(now_s + 0.01)
    watch, now_s = watched([frame] * 3, 1)  # a browser sends black frames seldom
    assert watch.is_flat(now_s)
    watch.note(noisy(99, 30), now_s + 1)
    assert not watch.is_flat(now_s + 9)


def test_nearly_one_colour_counts_and_a_dark_room_with_noise_does_not() -> None:
    nearly, now_s = watched([noisy(16, 0.6) for _ in range(20)], 10)
    assert nearly.is_flat(now_s)
    dark, now_s = watched([noisy(6, 3.0) for _ in range(20)], 10)
    assert not dark.is_flat(now_s)


def test_another_video_begins_anew() -> None:
    watch, now_s = watched([np.zeros((480, 640, 3), np.uint8)] * 40, 10)
    watch.forget()
    assert not watch.is_flat(now_s + 9)


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 900, 3), (2160, 3840, 3)])
def test_frames_of_any_size_are_looked_at(shape: tuple[int, int, int]) -> None:
    watch = PictureWatch()
    watch.note(np.zeros(shape, np.uint8), 0.0)
    watch.note(np.zeros((48, 64, 3), np.uint8), 2.0)
    assert watch.is_flat(2.0)
