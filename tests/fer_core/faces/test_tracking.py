from __future__ import annotations

import cv2
import numpy as np
import pytest

from fer_core.faces.boxes import iou
from fer_core.faces.tracking import SCAN_EVERY, FaceTracker, TrackedFaces
from tests.e2e.clips import background_bgr, moving_faces, paste_portrait

SMALL_WALL = cv2.cvtColor(background_bgr(320, 240), cv2.COLOR_BGR2GRAY)


def gray(frame_bgr: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2GRAY)


def frame_with_face(
    centre: tuple[float, float], face: int = 100, size: tuple[int, int] = (640, 480)
) -> np.ndarray:
    frame_bgr = background_bgr(*size)
    paste_portrait(frame_bgr, centre, face)
    return gray(frame_bgr)


def follow(tracker: FaceTracker, frames: list[np.ndarray]) -> list[TrackedFaces]:
    return [tracker.update(frame) for frame in frames]


def test_an_empty_wall_has_no_faces() -> None:
    tracked = follow(FaceTracker(), [SMALL_WALL] * 4)
    assert [len(result) for result in tracked] == [0, 0, 0, 0]
    assert tracked[-1].boxes_xyxy.shape == (0, 4)
    assert len(tracked[-1].detections()) == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (23, 23)])
def test_a_frame_too_small_for_a_face_is_no_error(size: tuple[int, int]) -> None:
    frame = np.zeros((size[1], size[0]), np.uint8)
    assert len(FaceTracker().update(frame)) == 0


@pytest.mark.parametrize(
    "frame", [np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4)), np.zeros((0, 4), np.uint8)]
)
def test_another_shape_or_dtype_is_refused(frame: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Received"):
        FaceTracker().update(frame)


def test_a_moving_face_keeps_its_number_and_its_box_follows() -> None:
    tracker = FaceTracker()
    results = []
    for clip_frame in moving_faces(60):
        tracked = tracker.update(gray(clip_frame.frame_bgr))
        results.append(tracked)
        if len(results) > 1:  # one frame alone is not yet a face
            assert tracked.numbers == (1,)
            assert iou(tracked.boxes_xyxy, clip_frame.faces_xyxy)[0, 0] > 0.5
    assert len(results[0]) == 0


def test_three_moving_faces_keep_their_numbers_and_their_order() -> None:
    tracker = FaceTracker()
    for position, clip_frame in enumerate(moving_faces(60, faces=3, face=70)):
        tracked = tracker.update(gray(clip_frame.frame_bgr))
        if position:
            assert tracked.numbers == (1, 2, 3)
            assert (iou(tracked.boxes_xyxy, clip_frame.faces_xyxy).diagonal() > 0.4).all()


def test_the_whole_frame_is_searched_seldom_while_the_face_is_in_sight() -> None:
    results = follow(FaceTracker(), [frame_with_face((320, 240))] * (2 * SCAN_EVERY + 1))
    scans = [position for position, result in enumerate(results) if result.scanned]
    assert scans == [0, SCAN_EVERY, 2 * SCAN_EVERY]


def test_what_only_one_frame_takes_for_a_face_is_never_shown() -> None:
    wall = gray(background_bgr(640, 480))
    results = follow(FaceTracker(), [frame_with_face((320, 240)), *[wall] * 20])
    assert all(len(result) == 0 for result in results)


def test_a_face_that_leaves_is_forgotten_and_its_number_free_again() -> None:
    wall = gray(background_bgr(640, 480))
    tracker = FaceTracker()
    here = follow(tracker, [frame_with_face((160, 240))] * 3)
    away = follow(tracker, [wall] * 25)
    back = follow(tracker, [frame_with_face((480, 240))] * 6)
    assert here[-1].numbers == (1,)
    assert [len(result) for result in away[-15:]] == [0] * 15
    assert back[-1].numbers == (1,)


def test_a_face_hidden_for_a_moment_keeps_box_and_number() -> None:
    wall = gray(background_bgr(640, 480))
    tracker = FaceTracker()
    before = follow(tracker, [frame_with_face((320, 240))] * 3)[-1]
    hidden = follow(tracker, [wall] * 3)
    after = follow(tracker, [frame_with_face((330, 240))] * 3)[-1]
    assert all(result.numbers == (1,) for result in hidden)
    np.testing.assert_array_equal(hidden[-1].boxes_xyxy, before.boxes_xyxy)
    assert after.numbers == (1,)


def test_a_face_that_jumps_keeps_its_number() -> None:
    tracker = FaceTracker()
    follow(tracker, [frame_with_face((250, 240))] * 3)
    after = follow(tracker, [frame_with_face((330, 240))] * 6)[-1]  # 80 px: out of reach of the quick look
    assert after.numbers == (1,)
    assert after.boxes_xyxy[0, 0] > 250


def test_a_second_face_gets_the_next_number() -> None:
    tracker = FaceTracker()
    follow(tracker, [frame_with_face((480, 240))] * 3)
    both = background_bgr(640, 480)
    paste_portrait(both, (160, 240), 100)
    paste_portrait(both, (480, 240), 100)
    after = follow(tracker, [gray(both)] * (SCAN_EVERY + 2))[-1]
    assert after.numbers == (1, 2)
    assert after.boxes_xyxy[0, 0] > after.boxes_xyxy[1, 0]  # the first one stays number 1, though right


def test_numbers_and_places_outlast_a_change_of_the_frame_size() -> None:
    tracker = FaceTracker()
    large = follow(tracker, [frame_with_face((320, 240), 110)] * 3)[-1]
    small = tracker.update(
        cv2.resize(frame_with_face((320, 240), 110), (320, 240), interpolation=cv2.INTER_AREA)
    )
    assert small.numbers == large.numbers == (1,)
    assert small.frame_size == (320, 240)
    assert iou(small.boxes_xyxy * 2, large.boxes_xyxy)[0, 0] > 0.6


def test_a_face_at_the_border_stays_inside_the_frame() -> None:
    tracker = FaceTracker()
    for x in range(560, 640, 4):  # FaceDetections refuses a box that sticks out
        assert len(tracker.update(frame_with_face((x, 60))).detections()) <= 1
