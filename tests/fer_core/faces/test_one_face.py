"""One face, one box: within one detector's list and between two, whatever the order and whichever is larger."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from fer_core.faces import detection
from fer_core.faces.detection import FaceDetector
from fer_core.faces.one_face import distinct, same_faces
from fer_core.faces.search import photo_search
from fer_core.faces.suppression import Candidates

FACE = (100, 100, 200, 200)
MOUTH_WITHIN = (130, 150, 170, 190)
AROUND = (80, 80, 230, 230)
SHIFTED = (130, 100, 230, 200)  # shares 70 of 130: 0.54
NEIGHBOUR = (200, 100, 300, 200)  # touches
OVERLAPPED = (160, 100, 260, 200)  # shares 40 of 160: 0.25, and 0.4 of the smaller


@pytest.mark.parametrize("other", [FACE, MOUTH_WITHIN, AROUND, SHIFTED])
def test_boxes_that_show_one_face(other: tuple[int, ...]) -> None:
    one, second = np.array([FACE]), np.array([other])
    assert same_faces(one, second).tolist() == same_faces(second, one).tolist() == [[True]]


@pytest.mark.parametrize("other", [NEIGHBOUR, OVERLAPPED, (400, 400, 410, 410)])
def test_boxes_that_show_two_faces(other: tuple[int, ...]) -> None:
    one, second = np.array([FACE]), np.array([other])
    assert same_faces(one, second).tolist() == same_faces(second, one).tolist() == [[False]]


def test_of_one_face_the_best_box_stays_in_every_order() -> None:
    boxes = np.array([FACE, MOUTH_WITHIN, SHIFTED, NEIGHBOUR])
    scores = np.array([0.9, 0.5, 0.6, 0.7])
    for order in itertools.permutations(range(4)):
        kept = distinct(boxes[list(order)], scores[list(order)])
        assert sorted(order[row] for row in kept) == [0, 3]
        assert kept.tolist() == sorted(kept.tolist())


def test_of_equal_boxes_the_first_stays_and_of_none_none() -> None:
    assert distinct(np.array([FACE, FACE]), np.array([0.5, 0.5])).tolist() == [0]
    assert distinct(np.empty((0, 4)), np.empty(0)).shape == (0,)
    assert same_faces(np.empty((0, 4)), np.array([FACE])).shape == (0, 1)


def answered(boxes: list[tuple[int, ...]], scores: list[float]) -> Candidates:
    """What BlazeFace would have given for faces whose cut is `boxes`, upright."""
    cut = np.array(boxes, np.float64).reshape(-1, 4)
    sides = (cut[:, 2] - cut[:, 0]) / detection._CUT_SIDE
    centres = (cut[:, :2] + cut[:, 2:]) / 2
    centres[:, 1] -= detection._CUT_DOWN * sides
    half = sides[:, None] / 2
    points = np.zeros((len(cut), 6, 2), np.float32)
    points[:, 0], points[:, 1] = centres - half * 0.4, centres + half * [0.4, -0.4]
    return Candidates(
        np.concatenate([centres - half, centres + half], axis=1).astype(np.float32),
        points,
        np.array(scores, np.float32),
    )


def detect(
    monkeypatch: pytest.MonkeyPatch, haar: list[tuple[int, ...]], blazeface: Candidates, again: float = 0.9
) -> tuple[list[list[int]], tuple[str, ...]]:
    detector = FaceDetector(photo_search("quick", "both"))
    assert detector._haar is not None and detector._blazeface is not None
    found = detection.FaceDetections(np.array(haar, np.int32).reshape(-1, 4), (640, 480), 0.0)
    monkeypatch.setattr(detector._haar, "detect", lambda _gray: found)
    monkeypatch.setattr(detector._blazeface, "detect", lambda _rgb: blazeface)
    scores = lambda _rgb, places: np.full(len(places), again, np.float32)  # noqa: E731
    monkeypatch.setattr(detector._blazeface, "looked_at_again", scores)
    both = detector.detect(np.zeros((480, 640), np.uint8))
    return both.boxes_xyxy.tolist(), both.found_by


@pytest.mark.parametrize("haar", [FACE, MOUTH_WITHIN, AROUND, SHIFTED])
def test_two_detectors_boxes_around_one_face_are_one_that_both_found(
    haar: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes, found_by = detect(monkeypatch, [haar], answered([FACE], [0.9]))
    assert found_by == ("both",)
    assert np.abs(np.array(boxes) - FACE).max() <= 1


def test_a_mouth_within_a_face_is_dropped_whichever_detector_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for haar in ([FACE, MOUTH_WITHIN], [MOUTH_WITHIN, FACE]):
        assert detect(monkeypatch, haar, answered([], []))[0] == [list(FACE)]
    for rows, scores in (([FACE, MOUTH_WITHIN], [0.9, 0.7]), ([MOUTH_WITHIN, FACE], [0.7, 0.9])):
        boxes, found_by = detect(monkeypatch, [], answered(rows, scores))
        assert found_by == ("blazeface",)
        assert np.abs(np.array(boxes) - FACE).max() <= 1


def test_what_one_detector_alone_found_stays_and_the_order_is_from_left_to_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = (400, 100, 500, 200)
    boxes, found_by = detect(monkeypatch, [right], answered([FACE], [0.9]))
    assert found_by == ("blazeface", "haar")
    assert boxes[1] == list(right)
    assert detect(monkeypatch, [], answered([], [])) == ([], ())


def test_what_the_cascade_alone_found_is_dropped_where_blazeface_sees_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = (400, 100, 500, 200)
    boxes, found_by = detect(monkeypatch, [FACE, right], answered([FACE], [0.9]), again=0.4)
    assert (len(boxes), found_by) == (1, ("both",))
