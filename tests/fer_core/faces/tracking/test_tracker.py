from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from fer_core.faces.boxes import FaceDetections, iou
from fer_core.faces.search import DETECTORS, EFFORTS, live_search
from fer_core.faces.tracking.looking import SCAN_EVERY_S, SCAN_PARTS
from fer_core.faces.tracking.tracker import FaceTracker, TrackedFaces
from tests.e2e.clips import ClipFrame, background_bgr, moving_faces, paste_portrait

SMALL_WALL = cv2.cvtColor(background_bgr(320, 240), cv2.COLOR_BGR2GRAY)


def gray(frame_bgr: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2GRAY)


def frame_with_face(
    centre: tuple[float, float], face: int = 100, size: tuple[int, int] = (640, 480)
) -> np.ndarray:
    frame_bgr = background_bgr(*size)
    paste_portrait(frame_bgr, centre, face)
    return gray(frame_bgr)


class Clock:
    """30 frames a second, whatever this computer needs for one."""

    def __init__(self) -> None:
        self.frames = 0

    def __call__(self) -> float:
        self.frames += 1
        return self.frames / 30


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("fer_core.faces.tracking.tracker.time.monotonic", clock)
    return clock


@pytest.fixture(params=DETECTORS)
def any_tracker(request: pytest.FixtureRequest) -> FaceTracker:
    """What holds whoever finds the faces."""
    return FaceTracker(live_search(detector=request.param))


def follow(tracker: FaceTracker, frames: list[np.ndarray]) -> list[TrackedFaces]:
    return [tracker.update(frame) for frame in frames]


def test_an_empty_wall_has_no_faces(any_tracker: FaceTracker) -> None:
    tracked = follow(any_tracker, [SMALL_WALL] * 4)
    assert [len(result) for result in tracked] == [0, 0, 0, 0]
    assert tracked[-1].boxes_xyxy.shape == (0, 4)
    assert tracked[-1].numbers == ()


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (23, 23)])
def test_a_frame_too_small_for_a_face_is_no_error(size: tuple[int, int], any_tracker: FaceTracker) -> None:
    frame = np.zeros((size[1], size[0]), np.uint8)
    assert len(any_tracker.update(frame)) == 0


@pytest.mark.parametrize(
    "frame", [np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4)), np.zeros((0, 4), np.uint8)]
)
def test_another_shape_or_dtype_is_refused(frame: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Received"):
        FaceTracker().update(frame)


def test_a_moving_face_keeps_its_number_and_its_box_follows(any_tracker: FaceTracker) -> None:
    results = []
    for clip_frame in moving_faces(60):
        tracked = any_tracker.update(gray(clip_frame.frame_bgr))
        results.append(tracked)
        if len(results) > 1:  # one frame alone is not yet a face
            assert tracked.numbers == (1,)
            assert iou(tracked.boxes_xyxy, clip_frame.faces_xyxy)[0, 0] > 0.5
    assert len(results[0]) == 0


def test_three_moving_faces_keep_their_numbers_and_their_order(any_tracker: FaceTracker) -> None:
    for position, clip_frame in enumerate(moving_faces(60, faces=3, face=70)):
        tracked = any_tracker.update(gray(clip_frame.frame_bgr))
        if position:
            assert tracked.numbers == (1, 2, 3)
            assert (iou(tracked.boxes_xyxy, clip_frame.faces_xyxy).diagonal() > 0.4).all()


@pytest.mark.parametrize(
    ("detector", "expected"),
    [
        ("haar", [0, 15, 16, 17, 30, 31, 32]),
        ("blazeface", [0, 15, 30]),
        ("both", [0, 15, 16, 17, 18, 30, 31, 32, 33]),
    ],
)
def test_the_whole_frame_is_searched_seldom_while_the_face_is_in_sight(
    detector: str, expected: list[int]
) -> None:
    results = follow(FaceTracker(live_search(detector=detector)), [frame_with_face((320, 240))] * 40)
    scans = [position for position, result in enumerate(results) if result.scanned]
    assert scans == expected, "the first whole, the others in parts"


def test_frames_that_come_seldom_are_scanned_whole() -> None:
    tracker = FaceTracker()
    frame = frame_with_face((320, 240))
    results = [tracker.update(frame, number / 8) for number in range(13)]
    assert [number for number, result in enumerate(results) if result.scanned] == [0, 4, 8, 12]


def test_a_new_face_shows_soon_also_when_it_moves_while_the_parts_of_a_scan_are_done(
    any_tracker: FaceTracker,
) -> None:
    shown = None
    for number in range(40):
        frame_bgr = background_bgr(640, 480)
        paste_portrait(frame_bgr, (480, 240), 100)
        if number >= 5:
            newcomer = paste_portrait(frame_bgr, (100 + 5 * (number - 5), 200), 90)  # 1.7 sides a second
        tracked = any_tracker.update(gray(frame_bgr), number / 30)
        if len(tracked) == 2 and shown is None:
            shown = number
            assert iou(tracked.boxes_xyxy[1:], newcomer[None])[0, 0] > 0.5
    assert shown is not None
    assert shown <= 5 + round(30 * SCAN_EVERY_S) + SCAN_PARTS + 1


def test_a_scan_that_a_change_of_the_frame_size_interrupts_is_begun_anew() -> None:
    """Hits in pixels of two sizes would make faces where none is."""
    tracker = FaceTracker()
    wall = gray(background_bgr(640, 480))
    tracker.update(wall, 0.0)
    tracker.update(frame_with_face((320, 240)), 1 / 30)
    small = cv2.resize(frame_with_face((320, 240)), (320, 240), interpolation=cv2.INTER_AREA)
    results = [tracker.update(small, number / 30) for number in range(2, 10)]
    assert results[-1].numbers == (1,)
    assert all(iou(r.boxes_xyxy, np.array([[135, 95, 185, 145]])).min(initial=1) > 0.5 for r in results)


def test_what_only_one_frame_takes_for_a_face_is_never_shown(any_tracker: FaceTracker) -> None:
    wall = gray(background_bgr(640, 480))
    results = follow(any_tracker, [frame_with_face((320, 240)), *[wall] * 20])
    assert all(len(result) == 0 for result in results)


def test_a_face_that_leaves_is_forgotten_and_its_number_free_again(any_tracker: FaceTracker) -> None:
    wall = gray(background_bgr(640, 480))
    here = follow(any_tracker, [frame_with_face((160, 240))] * 3)
    away = follow(any_tracker, [wall] * 40)
    back = follow(any_tracker, [frame_with_face((480, 240))] * 6)
    assert here[-1].numbers == (1,)
    assert [len(result) for result in away[-30:]] == [0] * 30
    assert back[-1].numbers == (1,)


def test_a_face_hidden_for_a_moment_keeps_box_and_number(any_tracker: FaceTracker) -> None:
    wall = gray(background_bgr(640, 480))
    before = follow(any_tracker, [frame_with_face((320, 240))] * 3)[-1]
    hidden = follow(any_tracker, [wall] * 3)
    after = follow(any_tracker, [frame_with_face((330, 240))] * 3)[-1]
    assert all(result.numbers == (1,) for result in hidden)
    np.testing.assert_array_equal(hidden[-1].boxes_xyxy, before.boxes_xyxy)
    assert after.numbers == (1,)


def test_a_face_that_jumps_keeps_its_number(any_tracker: FaceTracker) -> None:
    follow(any_tracker, [frame_with_face((250, 240))] * 3)
    after = follow(any_tracker, [frame_with_face((330, 240))] * 6)[
        -1
    ]  # 80 px: out of reach of the quick look
    assert after.numbers == (1,)
    assert after.boxes_xyxy[0, 0] > 250


def test_a_second_face_gets_the_next_number() -> None:
    tracker = FaceTracker()
    follow(tracker, [frame_with_face((480, 240))] * 3)
    both = background_bgr(640, 480)
    paste_portrait(both, (160, 240), 100)
    paste_portrait(both, (480, 240), 100)
    after = follow(tracker, [gray(both)] * (round(30 * SCAN_EVERY_S) + SCAN_PARTS + 1))[-1]
    assert after.numbers == (1, 2)
    assert after.boxes_xyxy[0, 0] > after.boxes_xyxy[1, 0]  # the first one stays number 1, though right


def test_numbers_and_places_outlast_a_change_of_the_frame_size(any_tracker: FaceTracker) -> None:
    large = follow(any_tracker, [frame_with_face((320, 240), 110)] * 3)[-1]
    small = any_tracker.update(
        cv2.resize(frame_with_face((320, 240), 110), (320, 240), interpolation=cv2.INTER_AREA)
    )
    assert small.numbers == large.numbers == (1,)
    assert small.frame_size == (320, 240)
    assert iou(small.boxes_xyxy * 2, large.boxes_xyxy)[0, 0] > 0.6


@pytest.mark.parametrize("effort", EFFORTS)
def test_another_effort_keeps_numbers_and_searches_the_next_frame(effort: str) -> None:
    tracker = FaceTracker()
    # The right face is there first: numbers by place, given anew, would be the other way round.
    follow(tracker, [frame_with_face((480, 240))] * 3)
    both = background_bgr(640, 480)
    paste_portrait(both, (160, 240), 100)
    paste_portrait(both, (480, 240), 100)
    before = follow(tracker, [gray(both)] * 20)[-1]
    tracker.use(live_search(effort))
    after = follow(tracker, [gray(both)] * 6)
    assert before.numbers == (1, 2)
    assert after[0].scanned
    assert tracker.search == live_search(effort)
    for tracked in after:
        assert tracked.numbers == (1, 2)
        assert tracked.boxes_xyxy[0, 0] > 320 > tracked.boxes_xyxy[1, 0]


def test_another_effort_finds_what_the_one_before_could_not() -> None:
    tracker = FaceTracker(live_search("quick"))
    far = frame_with_face((320, 240), face=40)
    missed = follow(tracker, [far] * 5)
    tracker.use(live_search("thorough"))
    found = follow(tracker, [far] * 8)
    assert {len(tracked) for tracked in missed} == {0}
    assert found[-1].numbers == (1,)


def test_a_face_at_the_border_stays_inside_the_frame(any_tracker: FaceTracker) -> None:
    counts = []
    for x in range(560, 640, 4):
        tracked = any_tracker.update(frame_with_face((x, 60)))
        # A box that sticks out is refused here.
        counts.append(len(FaceDetections(tracked.boxes_xyxy, tracked.frame_size, tracked.elapsed_ms)))
    assert set(counts) == {0, 1}, "it was followed for a while"


def crossing(frames: int) -> Iterator[ClipFrame]:
    """Two faces of different sizes that pass each other; the second one is behind while they meet."""
    rng = np.random.default_rng(3)
    for number in range(frames):
        frame_bgr = background_bgr(640, 480)
        step = 6 * number
        behind = paste_portrait(frame_bgr, (540 - step, 250), 84)
        front = paste_portrait(frame_bgr, (100 + step, 230), 96)
        grain = rng.normal(0, 3, (480, 640, 1))
        yield ClipFrame(np.clip(frame_bgr + grain, 0, 255).astype(np.uint8), np.stack([front, behind]))


def test_two_faces_that_cross_keep_their_numbers(any_tracker: FaceTracker) -> None:
    owner: dict[int, int] = {}  # number to the place in the clip
    seen_after = set()
    for position, frame in enumerate(crossing(75)):
        tracked = any_tracker.update(gray(frame.frame_bgr))
        overlaps = iou(tracked.boxes_xyxy, frame.faces_xyxy)
        apart = abs(frame.faces_xyxy[0, 0] - frame.faces_xyxy[1, 0]) > 220
        for number, row in zip(tracked.numbers, overlaps, strict=True):
            if apart and row.max() > 0.4:
                assert owner.setdefault(number, int(row.argmax())) == int(row.argmax()), position
                if position > 45:
                    seen_after.add(number)
    assert set(owner) == {1, 2}, "no third number was ever given"
    assert seen_after == {1, 2}, "both are there again behind the crossing"


@pytest.mark.parametrize("seconds", [0.3, 0.9])
def test_a_face_that_vanishes_for_less_than_a_second_comes_back_with_its_number(seconds: float) -> None:
    wall = gray(background_bgr(640, 480))
    tracker = FaceTracker()
    # The second one gets number 2, so that a new number would show.
    both = background_bgr(640, 480)
    paste_portrait(both, (160, 240), 100)
    first = follow(tracker, [gray(both)] * 5)
    paste_portrait(both, (480, 240), 100)
    before = follow(tracker, [gray(both)] * 20)[-1]
    only_second = wall.copy()
    only_second[:, 320:] = gray(both)[:, 320:]
    away = follow(tracker, [only_second] * round(30 * seconds))[-1]
    after = follow(tracker, [gray(both)] * 8)[-1]
    assert first[-1].numbers == (1,) and before.numbers == after.numbers == (1, 2)
    assert away.numbers == (2,)
    assert after.boxes_xyxy[0, 0] < 320 < after.boxes_xyxy[1, 0]


@pytest.mark.parametrize(("seed", "noise"), [(1, 3), (2, 5), (3, 8)])
def test_the_box_of_a_still_face_trembles_by_less_than_a_hundredth_of_its_side(
    seed: int, noise: float
) -> None:
    tracker = FaceTracker()
    rng = np.random.default_rng(seed)
    still = background_bgr(640, 480)
    paste_portrait(still, (320, 240), 110)
    boxes = []
    for _frame in range(110):
        noisy = np.clip(gray(still) + rng.normal(0, noise, (480, 640)), 0, 255).astype(np.uint8)
        tracked = tracker.update(noisy)
        if len(tracked):
            boxes.append(tracked.boxes_xyxy[0].astype(float))
    steady = np.array(boxes[30:])  # from the first second on
    side = (steady[:, 2] - steady[:, 0]).mean()
    centre = (steady[:, :2] + steady[:, 2:]) / 2
    assert len(steady) > 70
    assert centre.std(axis=0).max() < 0.01 * side
    assert (steady[:, 2] - steady[:, 0]).std() < 0.01 * side


def test_a_moving_face_is_followed_without_a_delay_that_shows(any_tracker: FaceTracker) -> None:
    gaps = []
    for number in range(50):  # a third of a side in a tenth of a second
        frame_bgr = background_bgr(640, 480)
        box = paste_portrait(frame_bgr, (100 + 9 * number, 240), 100)
        tracked = any_tracker.update(gray(frame_bgr))
        if len(tracked) and number > 10:
            gaps.append(abs(tracked.boxes_xyxy[0].mean() - box.mean()) / 100)
    assert len(gaps) > 35
    assert max(gaps) < 0.2, "of the face's side"


def test_a_face_that_comes_nearer_keeps_its_number_and_its_box_grows(any_tracker: FaceTracker) -> None:
    for number in range(60):  # from 70 to 160 pixels in two seconds
        frame_bgr = background_bgr(640, 480)
        box = paste_portrait(frame_bgr, (320, 240), 70 + round(1.5 * number))
        tracked = any_tracker.update(gray(frame_bgr))
        if number:
            assert tracked.numbers == (1,)
            assert iou(tracked.boxes_xyxy, box[None])[0, 0] > 0.5


def test_more_faces_than_looks_take_turns_and_none_is_lost(any_tracker: FaceTracker) -> None:
    for position, clip_frame in enumerate(moving_faces(60, faces=5, face=56)):
        tracked = any_tracker.update(gray(clip_frame.frame_bgr))
        if position > 1:  # all were looked at twice
            assert tracked.numbers == (1, 2, 3, 4, 5)
            assert (iou(tracked.boxes_xyxy, clip_frame.faces_xyxy).diagonal() > 0.4).all()
