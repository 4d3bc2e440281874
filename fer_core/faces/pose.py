"""How far a face is turned away, from its points, and from where on that was measured to cost accuracy.

The limit is measured: `python benchmarks/upright.py --write` stores it, and what it follows from, in `pose.json` beside
this file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from fer_core.faces.boxes import POINTS
from fer_core.json_files import read_json

MEASURED_FILE: Final = Path(__file__).with_name("pose.json")

_EYES: Final = [POINTS.index("right_eye"), POINTS.index("left_eye")]
_EYES_AND_EARS: Final = [*_EYES, POINTS.index("right_ear"), POINTS.index("left_ear")]
_NOSE: Final = POINTS.index("nose")
_MOUTH: Final = POINTS.index("mouth")


def turns_away(points_xy: np.ndarray) -> np.ndarray:
    """How far faces are turned to the side: how far the nose lies beside the middle of eyes and ears.

    It grows with the sine of the angle (yaw), and is measured across the line from the eyes to the mouth, whose length
    is the unit: neither the size of a face nor its tilt in the picture changes it.

    Args:
        points_xy: (N, 6, 2), in the order of `POINTS`, in pixels; NaN for a face without points.

    Returns:
        float64 (N,): 0 for a face seen from the front, positive where the nose points to the right of an upright face's
        picture; NaN without points, or where eyes and mouth are in one place.
    """
    points = np.asarray(points_xy, np.float64).reshape(-1, len(POINTS), 2)
    down = points[:, _MOUTH] - points[:, _EYES].mean(axis=1)  # (N, 2)
    aside = points[:, _NOSE] - points[:, _EYES_AND_EARS].mean(axis=1)
    squared = (down**2).sum(axis=1)
    across = aside[:, 0] * down[:, 1] - aside[:, 1] * down[:, 0]
    return np.divide(across, squared, out=np.full(len(points), np.nan), where=squared > 0)


@cache
def _measured(name: str) -> float | None:
    value = read_json(MEASURED_FILE)[name]
    return None if value is None else float(value)


def turned_away_from() -> float | None:
    """The measured limit of `is_turned_away`, from `pose.json`; None where accuracy was not found to fall."""
    return _measured("limit")


def hint_from() -> float | None:
    """From where on a person before the camera is told to look at it: accuracy falls, be it by chance; None: nowhere."""
    return _measured("hint")


def is_turned_away(points_xy: np.ndarray | None) -> bool:
    """Whether a face is turned away so far that its expression was measured to be read less well.

    Args:
        points_xy: (6, 2), of one face, as in `turns_away`; None or NaN where no points are known: it is then False.
    """
    return _is_beyond(turned_away_from(), points_xy)


def wants_to_be_turned(points_xy: np.ndarray | None) -> bool:
    """Whether a face is turned away beyond `hint_from`; the argument is that of `is_turned_away`."""
    return _is_beyond(hint_from(), points_xy)


def _is_beyond(limit: float | None, points_xy: np.ndarray | None) -> bool:
    return points_xy is not None and limit is not None and bool(np.abs(turns_away(points_xy))[0] >= limit)
