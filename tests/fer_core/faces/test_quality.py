from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from fer_core.faces.images import square_crop
from fer_core.faces.quality import (
    MEASURED_FILE,
    FaceQuality,
    QualityLimits,
    TooFarAway,
    TurnedAway,
    measure_quality,
    quality_limits,
)
from tests.e2e.clips import FACE_XYXY, PORTRAIT_XYXY, portrait_bgr

GRAY = cv2.cvtColor(portrait_bgr(), cv2.COLOR_BGR2GRAY)
CROP = square_crop(GRAY, np.array(FACE_XYXY))
LIMITS = QualityLimits(grey=40, white=0.3, sharpness=0.15, side_px=24)


def hints(crop_gray: np.ndarray, *, side_px: float = 100, picture_grey: float = 100) -> tuple[str, ...]:
    return measure_quality(crop_gray, side_px, picture_grey).hints(quality_limits())


def turned_head(degrees: float) -> np.ndarray:
    """The portrait on a cylinder that is turned: uint8 (230, 230). A head, as far as a cascade can tell."""
    left, top, right, bottom = PORTRAIT_XYXY
    centre, radius = (FACE_XYXY[0] + FACE_XYXY[2]) / 2, 0.62 * (FACE_XYXY[2] - FACE_XYXY[0])
    columns, rows = np.meshgrid(np.arange(512, dtype=np.float32), np.arange(512, dtype=np.float32))
    across = (columns - centre) / radius
    angle = np.arcsin(np.clip(across, -1, 1)) - np.deg2rad(degrees)
    seen = (np.abs(across) < 1) & (np.abs(angle) < np.pi / 2)
    source = np.where(seen, centre + 0.95 * radius * angle, 0).astype(np.float32)
    head = np.where(seen, cv2.remap(GRAY, source, rows, cv2.INTER_LINEAR), 150).astype(np.uint8)
    return head[top:bottom, left:right]


def test_a_good_face_has_no_hint() -> None:
    assert hints(CROP) == ()


@pytest.mark.parametrize(
    ("spoilt", "picture_grey", "hint"),
    [
        ((CROP * 0.03).astype(np.uint8), 5, "dark"),
        ((CROP * 0.03).astype(np.uint8), 150, "backlit"),
        (np.clip(CROP * 4.0, 0, 255).astype(np.uint8), 200, "bright"),
        (cv2.GaussianBlur(CROP, (0, 0), 4), 100, "blurred"),
    ],
    ids=["dark", "backlit", "bright", "blurred"],
)
def test_each_fault_has_its_hint(spoilt: np.ndarray, picture_grey: float, hint: str) -> None:
    assert hints(spoilt, picture_grey=picture_grey) == (hint,)


def test_a_small_face_is_told_to_come_closer_and_nothing_else() -> None:
    assert hints(np.zeros_like(CROP), side_px=quality_limits().side_px - 1) == ("small",)


def test_weak_light_is_not_taken_for_blur() -> None:
    faint = (CROP * 0.5).astype(np.uint8)
    assert FaceQuality(100, 0, measure_quality(faint, 100, 100).sharpness, 100, 100).hints(LIMITS) == ()


def test_an_even_area_is_no_division_by_zero() -> None:
    assert measure_quality(np.full((48, 48), 90, np.uint8), 100, 100).sharpness == 0


def test_a_crop_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="Received"):
        measure_quality(np.zeros((47, 48), np.uint8), 100, 100)


def test_the_limits_are_those_that_were_measured() -> None:
    measured = json.loads(MEASURED_FILE.read_text(encoding="utf-8"))
    for name, trial in measured["trials"].items():
        needed = measured["accuracy"] - measured["fall"]
        inside = [v for v, a in zip(trial["values"], trial["accuracies"], strict=True) if a < needed]
        limit = getattr(quality_limits(), name)
        worse = [v > limit for v in inside] if name == "white" else [v < limit for v in inside]
        assert worse and all(worse), f"{name}: {limit} is not where the accuracy has fallen"


def test_a_face_at_the_limit_does_not_flicker() -> None:
    far = TooFarAway(limit_px=24)
    sides = [30, 23.9, 24.2, 23.8, 24.5, 27, 24.2]
    assert [1 in far.update({1: side}) for side in sides] == [False, True, True, True, True, False, False]
    assert far.update({}) == frozenset()


def test_a_head_that_turns_is_told_from_one_that_leaves() -> None:
    box = np.array(FACE_XYXY) - np.array([PORTRAIT_XYXY[0], PORTRAIT_XYXY[1]] * 2)
    front = turned_head(0)
    turned = TurnedAway()
    assert turned.update({1: box}, front, 0.0) == ()
    assert turned.update({}, turned_head(-70), 0.5) == (1,)
    assert turned.update({}, np.full_like(front, 150), 1.0) == ()
    assert turned.update({}, turned_head(-70), 9.0) == (), "who left long ago is not asked about"


def test_a_face_that_is_back_with_another_number_has_not_turned_away() -> None:
    box = np.array(FACE_XYXY) - np.array([PORTRAIT_XYXY[0], PORTRAIT_XYXY[1]] * 2)
    turned = TurnedAway()
    turned.update({1: box}, turned_head(0), 0.0)
    assert turned.update({2: box}, turned_head(-70), 0.5) == ()
