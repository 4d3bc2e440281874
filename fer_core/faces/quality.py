"""Whether a face can be seen well enough to be read: too dark, too bright, too small, too blurred, turned away.

The limits are measured and not chosen: `python benchmarks/quality.py` spoils the faces of FER2013's PublicTest
step by step, and a limit is where the shipped default network has lost `fall` of its accuracy. It writes them
into `quality.json` beside this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import numpy as np

from fer_core.faces.boxes import iou
from fer_core.faces.cascades import read_cascade
from fer_core.faces.images import FACE_SIZE, shrink
from fer_core.json_files import read_json
from fer_core.picture_measures import sharpness

Hint = Literal["small", "dark", "backlit", "bright", "blurred"]

MEASURED_FILE: Final = Path(__file__).with_name("quality.json")

WHITE: Final = 250
"""Grey level from which a point is burnt out: a camera's compression leaves few at 255 itself."""

_BEHIND: Final = (
    2.0  # how much brighter the picture is than a dark face, for the light to be named as the cause
)
_BACK_IN: Final = 1.1  # times the limit: a box trembles by 1%
_REACH: Final = 0.5  # a turned face is looked for so far around its last place, in sides of the box
_PROFILE_SIZE: Final = 140  # pixels: longest side of what is searched for a profile
_PROFILE_SMALLEST: Final = 0.3  # of the searched part; the last box has half of its side
_PROFILE_NEIGHBOURS: Final = 1  # few, since a face was just there
_ASK_FOR_S: Final = 3.0  # a face that vanished longer ago has gone elsewhere


@dataclass(frozen=True)
class QualityLimits:
    """What a face must have to be read nearly as well as an unspoilt one."""

    grey: float
    """Mean grey level of the crop, 0 to 255; less is too dark."""
    white: float
    """Share of the crop's points from `WHITE` on, 0 to 1; more is too bright."""
    sharpness: float
    """As `fer_core.picture_measures.sharpness` measures it; less is too blurred."""
    side_px: float
    """Side of the face in the camera's picture, in pixels; less is too small."""


@dataclass(frozen=True)
class FaceQuality:
    """What was measured of one face, in the units of `QualityLimits`."""

    grey: float
    white: float
    sharpness: float
    side_px: float
    picture_grey: float
    """Mean grey level of the whole picture, 0 to 255."""

    def hints(self, limits: QualityLimits) -> tuple[Hint, ...]:
        """What makes this face hard to read, what matters most first; empty for a good one.

        A face in the dark has no edges to be measured, nor has a burnt out or a tiny one: one cause is named.
        """
        if self.side_px < limits.side_px:
            return ("small",)
        if self.grey < limits.grey:
            return ("backlit" if self.picture_grey >= _BEHIND * max(self.grey, 1.0) else "dark",)
        if self.white > limits.white:
            return ("bright",)
        return ("blurred",) if self.sharpness < limits.sharpness else ()


def measure_quality(crop_gray: np.ndarray, side_px: float, picture_grey: float) -> FaceQuality:
    """How dark, bright, sharp and large a face is.

    Args:
        crop_gray: uint8 (48, 48), the face as the network sees it.
        side_px: the longer side of its box, in pixels of the camera's picture.
        picture_grey: mean grey level of that picture, 0 to 255.

    Raises:
        ValueError: another shape or dtype.
    """
    if crop_gray.shape != (FACE_SIZE, FACE_SIZE) or crop_gray.dtype != np.uint8:
        raise ValueError(f"Expected uint8 (48, 48). Received: {crop_gray.dtype} {crop_gray.shape}")
    return FaceQuality(
        float(crop_gray.mean()),
        float((crop_gray >= WHITE).mean()),
        sharpness(crop_gray),
        float(side_px),
        float(picture_grey),
    )


@cache
def quality_limits() -> QualityLimits:
    """The measured limits, from `quality.json`."""
    limits = read_json(MEASURED_FILE)["limits"]
    return QualityLimits(**{name: float(value) for name, value in limits.items()})


def face_side(box_xyxy: np.ndarray) -> float:
    """The longer side of a face's box, in pixels."""
    x1, y1, x2, y2 = (float(value) for value in box_xyxy)
    return max(x2 - x1, y2 - y1)


class TooFarAway:
    """Which faces of a video are too small to be named, without a face at the limit flickering.

    Args:
        limit_px: side of the smallest usable face; None for the measured one.
    """

    def __init__(self, limit_px: float | None = None) -> None:
        self._limit_px = quality_limits().side_px if limit_px is None else limit_px
        self._small: frozenset[int] = frozenset()

    def update(self, sides_px: Mapping[int, float]) -> frozenset[int]:
        """The numbers of those that are too small in the next frame.

        Args:
            sides_px: number of each face in sight to the side of its box, in pixels.
        """
        self._small = frozenset(
            number
            for number, side in sides_px.items()
            if side < self._limit_px * (_BACK_IN if number in self._small else 1.0)
        )
        return self._small


class TurnedAway:
    """Which faces have turned to the side: those that vanished where a profile is found now.

    A profile cascade alone cannot tell a turned face: with 3 neighbours it answers to 29% of those faces of
    FER2013's PublicTest that the frontal cascade finds, and to 18% of the others (the first 800). So it is asked
    only about a face that the frontal cascade has just lost, near its last place. It can't name a half profile that the frontal cascade still finds, nor a face that looks
    up or down.

    For one thread at a time.
    """

    def __init__(self) -> None:
        self._profile = read_cascade("profile")
        self._lost: dict[int, tuple[np.ndarray, float]] = {}

    def update(
        self, boxes_xyxy: Mapping[int, np.ndarray], frame_gray: np.ndarray, now_s: float
    ) -> tuple[int, ...]:
        """The numbers of the faces that are turned away in this frame; call it a few times a second.

        Args:
            boxes_xyxy: number of each face seen from the front to its box, (4,), in pixels.
            frame_gray: uint8 (H, W), the frame they were found in.
            now_s: in seconds, on a clock that does not run backwards.
        """
        self._lost = {
            number: (box, seen_s)
            for number, (box, seen_s) in self._lost.items()
            if now_s - seen_s <= _ASK_FOR_S and not any(_meet(box, other) for other in boxes_xyxy.values())
        }
        turned = tuple(
            number
            for number, (box, _seen_s) in self._lost.items()
            if number not in boxes_xyxy and self._is_profile(frame_gray, box)
        )
        for number, box in boxes_xyxy.items():
            self._lost[number] = (np.array(box), now_s)
        for number in turned:  # as long as the profile is there, it is asked about
            self._lost[number] = (self._lost[number][0], now_s)
        return turned

    def _is_profile(self, frame_gray: np.ndarray, box_xyxy: np.ndarray) -> bool:
        height, width = frame_gray.shape
        x1, y1, x2, y2 = (float(value) for value in box_xyxy)
        reach = _REACH * max(x2 - x1, y2 - y1)
        left, top = max(0, round(x1 - reach)), max(0, round(y1 - reach))
        right, bottom = min(width, round(x2 + reach)), min(height, round(y2 + reach))
        if right - left < 2 or bottom - top < 2:
            return False
        around = np.ascontiguousarray(shrink(frame_gray[top:bottom, left:right], _PROFILE_SIZE))
        side = round(_PROFILE_SMALLEST * min(around.shape))
        # The cascade knows one side of the face only.
        return any(
            len(self._profile.detectMultiScale(picture, 1.1, _PROFILE_NEIGHBOURS, minSize=(side, side)))
            for picture in (around, np.ascontiguousarray(around[:, ::-1]))
        )


def _meet(first_xyxy: np.ndarray, second_xyxy: np.ndarray) -> bool:
    """Whether the boxes share more than a tenth: the face is back, perhaps with another number."""
    return float(iou(first_xyxy, second_xyxy)[0, 0]) > 0.1
