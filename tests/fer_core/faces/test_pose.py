"""How far a face is turned away: by hand-made points, mirrored ones, and none."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from fer_core.faces import pose
from fer_core.faces.pose import (
    MEASURED_FILE,
    hint_from,
    is_turned_away,
    turned_away_from,
    turns_away,
    wants_to_be_turned,
)

FRONT = np.array([[30, 40], [70, 40], [50, 60], [50, 80], [10, 45], [90, 45]], np.float32)
MIRRORED = [1, 0, 2, 3, 5, 4]  # what was the right eye is the left one


def turned(degrees: float) -> np.ndarray:
    """Points of a head that turns its nose to the picture's right: (6, 2), seen from far away."""
    aside_and_ahead = np.array([[-20, 30], [20, 30], [0, 50], [0, 35], [-40, -20], [40, -20]], np.float64)
    x = aside_and_ahead @ np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
    return np.stack([50 + x, FRONT[:, 1]], axis=1)


def test_a_face_from_the_front_is_not_turned() -> None:
    assert turns_away(FRONT[None])[0] == pytest.approx(0)


def test_the_nose_beside_the_middle_of_eyes_and_ears_by_an_eighth_of_the_way_to_the_mouth() -> None:
    points = FRONT.copy()
    points[2, 0] += 5  # eyes to mouth: 40
    assert turns_away(points[None])[0] == pytest.approx(5 / 40)


def test_the_farther_a_head_turns_the_larger_it_is() -> None:
    turns = turns_away(np.stack([turned(degrees) for degrees in range(-80, 81, 10)]))
    assert (np.diff(turns) > 0).all()
    np.testing.assert_allclose(turns, -turns[::-1], atol=1e-12)


def test_a_mirrored_face_is_turned_as_far_to_the_other_side() -> None:
    points = turned(35)
    mirrored = (points * [-1, 1] + [100, 0])[MIRRORED]
    assert turns_away(mirrored[None])[0] == pytest.approx(-turns_away(points[None])[0])


@pytest.mark.parametrize("degrees", [0, 30, 45, 90, 180])
@pytest.mark.parametrize("size", [0.3, 1, 7])
def test_neither_size_nor_tilt_changes_it(degrees: float, size: float) -> None:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    points = turned(35)
    there = size * points @ np.array([[cosine, sine], [-sine, cosine]]) + 1000
    assert turns_away(there[None])[0] == pytest.approx(turns_away(points[None])[0])


def test_without_points_it_is_not_known_and_the_face_not_called_turned_away() -> None:
    none = np.full((6, 2), np.nan, np.float32)
    assert np.isnan(turns_away(none[None])).all()
    assert np.isnan(turns_away(np.zeros((1, 6, 2)))).all()
    assert turns_away(np.empty((0, 6, 2))).shape == (0,)
    assert not is_turned_away(none)
    assert not is_turned_away(None)


def test_the_limits_follow_from_what_was_measured() -> None:
    measured = json.loads(MEASURED_FILE.read_text(encoding="utf-8"))
    rows = measured["beyond"]
    lower = [measured["accuracy"] - row["accuracy"] >= measured["fall"] for row in rows]
    tail = [row for place, row in enumerate(rows) if all(lower[place:])]
    clear = [row["from"] for row in tail if row["high"] < measured["accuracy"]]
    assert hint_from() == (tail[0]["from"] if tail else None)
    assert turned_away_from() == (clear[0] if clear else None)


def test_only_beyond_the_limit_a_face_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    aside = FRONT.copy()
    aside[2, 0] += 20  # half of the way from the eyes to the mouth
    for limit, said in ((0.45, True), (0.55, False), (None, False)):
        monkeypatch.setattr(pose, "turned_away_from", lambda limit=limit: limit)
        monkeypatch.setattr(pose, "hint_from", lambda limit=limit: limit)
        assert is_turned_away(aside) is said
        assert wants_to_be_turned(aside) is said
