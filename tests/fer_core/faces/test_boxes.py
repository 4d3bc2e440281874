"""Boxes as values, worked out by hand; always also without a box."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fer_core.faces.boxes import (
    FaceDetections,
    box_areas,
    iou,
    left_to_right,
    mirrored_boxes,
    no_boxes,
    scale_boxes,
    xywh_to_xyxy,
)


def boxes(*rows: tuple[int, int, int, int]) -> np.ndarray:
    return np.array(rows, dtype=np.int32).reshape(-1, 4)


def test_no_face_is_an_ordinary_result() -> None:
    nothing = FaceDetections(no_boxes(), (640, 480), 1.0)
    assert len(nothing) == 0
    assert nothing.boxes_xyxy.shape == (0, 4)


@pytest.mark.parametrize(
    "bad",
    [
        np.zeros((2, 4), np.float32),
        np.zeros((4,), np.int32),
        boxes((0, 0, 641, 10)),
        boxes((0, 0, 10, 481)),
        boxes((-1, 0, 10, 10)),
        boxes((5, 5, 5, 9)),
    ],
)
def test_detections_refuse_what_is_no_box_in_the_frame(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Received"):
        FaceDetections(bad, (640, 480), 1.0)


def test_detections_cannot_be_changed() -> None:
    found = FaceDetections(no_boxes(), (640, 480), 1.0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.elapsed_ms = 2.0  # type: ignore[misc]


def test_xywh_to_xyxy() -> None:
    assert xywh_to_xyxy(boxes((10, 20, 30, 40))).tolist() == [[10, 20, 40, 60]]
    assert xywh_to_xyxy(no_boxes()).shape == (0, 4)


def test_scaling_up_and_clamping() -> None:
    scaled = scale_boxes(boxes((10, 10, 50, 40), (90, 0, 101, 61)), (100, 60), (400, 240))
    assert scaled.tolist() == [[40, 40, 200, 160], [360, 0, 400, 240]]
    assert scaled.dtype == np.int32
    assert scale_boxes(no_boxes(), (100, 60), (400, 240)).shape == (0, 4)


def test_a_box_scaled_to_nothing_keeps_one_pixel_inside_the_frame() -> None:
    assert scale_boxes(boxes((990, 990, 1000, 1000)), (1000, 1000), (10, 10)).tolist() == [[9, 9, 10, 10]]


def test_numbering_runs_from_left_to_right_then_from_top_to_bottom() -> None:
    mixed = boxes((50, 0, 60, 10), (0, 90, 40, 130), (0, 0, 40, 40))
    assert left_to_right(mixed).tolist() == [[0, 0, 40, 40], [0, 90, 40, 130], [50, 0, 60, 10]]
    assert left_to_right(no_boxes()).shape == (0, 4)


def test_faces_one_above_the_other_are_a_column_whatever_a_pixel_says() -> None:
    grid = boxes((102, 0, 142, 40), (2, 100, 42, 140), (100, 100, 140, 140), (5, 0, 45, 40))
    assert left_to_right(grid).tolist() == [
        [5, 0, 45, 40],
        [2, 100, 42, 140],
        [102, 0, 142, 40],
        [100, 100, 140, 140],
    ]


def test_numbering_does_not_depend_on_the_order_of_finding() -> None:
    random = np.random.default_rng(1)
    left_top = random.integers(0, 500, (20, 2))
    some = np.concatenate([left_top, left_top + random.integers(20, 60, (20, 2))], axis=1).astype(np.int32)
    expected = left_to_right(some)
    for _ in range(5):
        np.testing.assert_array_equal(left_to_right(random.permutation(some)), expected)


def test_iou_worked_out_by_hand() -> None:
    a = boxes((0, 0, 10, 10), (100, 100, 110, 110))
    b = boxes((0, 0, 10, 10), (5, 0, 15, 10), (0, 0, 20, 20))
    np.testing.assert_allclose(iou(a, b), [[1, 1 / 3, 1 / 4], [0, 0, 0]])


def test_iou_with_nothing_has_no_rows_or_columns() -> None:
    some = boxes((0, 0, 10, 10))
    assert iou(no_boxes(), some).shape == (0, 1)
    assert iou(some, no_boxes()).shape == (1, 0)
    assert iou(boxes((3, 3, 3, 3)), boxes((3, 3, 3, 3))).tolist() == [[0.0]]


def test_areas() -> None:
    assert box_areas(boxes((0, 0, 10, 20), (5, 5, 6, 6))).tolist() == [200, 1]
    assert box_areas(no_boxes()).shape == (0,)


def test_a_mirrored_box_is_as_far_from_the_other_side() -> None:
    mirrored = mirrored_boxes(boxes((10, 20, 110, 120), (0, 0, 640, 480)), 640)
    assert mirrored.tolist() == [[530, 20, 630, 120], [0, 0, 640, 480]]
    assert mirrored.dtype == np.int32
    assert mirrored_boxes(no_boxes(), 640).shape == (0, 4)
