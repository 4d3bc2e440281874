"""A head that tilts and turns, as each detector follows it."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from fer_core.faces.boxes import iou
from fer_core.faces.search import BlazeFaceSettings, FaceSearch, live_search
from fer_core.faces.tracking.looking import SCAN_AGAIN_S, Frame, FrameScan
from fer_core.faces.tracking.steady_box import SteadyBox
from fer_core.faces.tracking.track import Find, Track
from fer_core.faces.tracking.tracker import FaceTracker, TrackedFaces
from tests.e2e.clips import ClipFrame, background_bgr, paste_portrait
from tests.e2e.turning_clips import LARGEST_TILT, turning_face


@pytest.fixture(scope="module")
def clip() -> list[ClipFrame]:
    return list(turning_face())


def follow(clip: list[ClipFrame], detector: str) -> Iterator[TrackedFaces]:
    tracker = FaceTracker(live_search(detector=detector))
    for number, frame in enumerate(clip):
        gray = cv2.cvtColor(frame.frame_bgr, cv2.COLOR_BGR2GRAY)
        yield tracker.update(gray, number / 30, frame.frame_bgr)


def kept(clip: list[ClipFrame], followed: list[TrackedFaces]) -> float:
    """Share of the frames in which the face has its first number, at its place."""
    hits = [
        1 in tracked.numbers and iou(tracked.boxes_xyxy, frame.faces_xyxy)[tracked.numbers.index(1), 0] > 0.4
        for frame, tracked in zip(clip, followed, strict=True)
    ]
    return sum(hits) / len(hits)


@pytest.fixture(scope="module", params=["blazeface", "both"])
def followed(request: pytest.FixtureRequest, clip: list[ClipFrame]) -> list[TrackedFaces]:
    return list(follow(clip, request.param))


def test_a_face_that_tilts_and_turns_is_kept_where_the_cascade_loses_it(
    clip: list[ClipFrame], followed: list[TrackedFaces]
) -> None:
    assert kept(clip, followed) >= 0.95
    assert kept(clip, list(follow(clip, "haar"))) < 0.8


def test_no_second_face_is_made_of_a_face_that_turns(followed: list[TrackedFaces]) -> None:
    assert {tracked.tracks for tracked in followed[1:]} == {(1,)}


def test_a_tilted_face_is_turned_by_its_tilt_and_one_that_only_turns_away_is_not(
    followed: list[TrackedFaces],
) -> None:
    turns = np.array([tracked.turns_degrees[0] for tracked in followed[1:]])
    assert (turns[:29] == 0).all(), "from the front"
    # BlazeFace sees 45 degrees as 45 to 50, and what is smoothed follows a little later.
    assert turns[64:74].min() > LARGEST_TILT - 5 and turns.max() < LARGEST_TILT + 8
    assert (turns[110:] == 0).all(), "the half profile"
    begins = np.flatnonzero(np.diff((turns != 0).astype(int)))
    assert len(begins) == 2, "it begins and ends once, without flickering"


def test_points_move_with_the_box_between_two_looks(followed: list[TrackedFaces]) -> None:
    for before, after in zip(followed[1:], followed[2:], strict=False):
        for tracked in (before, after):
            assert np.isfinite(tracked.points_xy).all()
            nose, box = tracked.points_xy[0, 2], tracked.boxes_xyxy[0]
            assert (box[:2] < nose).all() and (nose < box[2:]).all()
        step = np.abs(after.points_xy - before.points_xy).max()
        assert step < 0.25 * (after.boxes_xyxy[0, 2] - after.boxes_xyxy[0, 0])


def test_each_face_says_who_found_it(clip: list[ClipFrame]) -> None:
    front = clip[:25]
    found = {name: list(follow(front, name))[-1].found_by for name in ("haar", "blazeface", "both")}
    assert found == {"haar": ("haar",), "blazeface": ("blazeface",), "both": ("both",)}
    tilted = list(follow(clip, "both"))[75]
    assert tilted.found_by == ("blazeface",), "the cascade finds no tilted face"


def test_the_cascade_gives_no_points_and_turns_no_face(clip: list[ClipFrame]) -> None:
    tracked = list(follow(clip[:5], "haar"))[-1]
    assert tracked.points_xy.shape == (1, 6, 2) and np.isnan(tracked.points_xy).all()
    assert tracked.turns_degrees == (0.0,)


def test_another_detector_from_the_next_frame_on_keeps_the_number(clip: list[ClipFrame]) -> None:
    tracker = FaceTracker(live_search(detector="haar"))
    numbers = []
    for number in range(40):
        if number == 15:
            tracker.use(live_search(detector="blazeface"))
        gray = cv2.cvtColor(clip[number].frame_bgr, cv2.COLOR_BGR2GRAY)
        tracked = tracker.update(gray, number / 30, clip[number].frame_bgr)
        numbers.append(tracked.numbers)
    assert set(numbers[1:]) == {(1,)}
    assert tracked.found_by == ("blazeface",)


def test_both_detectors_draw_the_same_kind_of_box(clip: list[ClipFrame]) -> None:
    sides = {
        name: np.diff(list(follow(clip[:25], name))[-1].boxes_xyxy[0, [0, 2]])[0]
        for name in ("haar", "blazeface")
    }
    assert 0.75 < sides["haar"] / sides["blazeface"] < 1.33


def test_colour_goes_to_blazeface_as_rgb_and_only_when_it_looks() -> None:
    frame_bgr = np.zeros((4, 4, 3), np.uint8)
    frame_bgr[..., 0] = 200  # blue
    frame = Frame(cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2GRAY), frame_bgr)
    assert "rgb" not in vars(frame)
    assert frame.rgb[0, 0].tolist() == [0, 0, 200]
    list(FrameScan(live_search(detector="haar")).look(untouched := Frame(frame.gray, frame_bgr), range(1)))
    assert "rgb" not in vars(untouched)


def test_a_scan_in_tiles_looks_at_one_square_a_frame() -> None:
    search = FaceSearch("blazeface", blazeface=BlazeFaceSettings(tile_share=0.6))
    scan = FrameScan(search)
    wall_bgr = background_bgr(640, 480)
    paste_portrait(wall_bgr, (500, 300), 30)
    frame = Frame(cv2.cvtColor(wall_bgr, cv2.COLOR_BGR2GRAY), wall_bgr)
    done, found = [], 0
    for number in range(7):
        parts = scan.due(frame.size, number / 30, doubt=False, seldom=False)
        done += list(parts)
        for finds in scan.look(frame, parts):
            found += len(finds)
    assert done == list(range(7))
    assert found >= 2, "the whole frame and a tile"
    assert not scan.due(frame.size, 7 / 30, doubt=False, seldom=False)
    assert len(scan.due(frame.size, 7 / 30, doubt=True, seldom=True)) == 7


def test_blazeface_scans_an_empty_room_no_more_often_than_the_cascade_in_parts() -> None:
    tracker = FaceTracker(live_search("quick", "blazeface"))
    wall = cv2.cvtColor(background_bgr(320, 240), cv2.COLOR_BGR2GRAY)
    scans = [number / 60 for number in range(60) if tracker.update(wall, number / 60).scanned]
    assert np.diff(scans).min() > SCAN_AGAIN_S - 1e-6
    assert len(scans) >= 10


def test_a_box_within_a_face_that_is_followed_begins_no_second_face(monkeypatch: pytest.MonkeyPatch) -> None:
    tracker = FaceTracker(live_search(detector="haar"))
    wall_bgr = background_bgr(640, 480)
    x1, y1, x2, _y2 = paste_portrait(wall_bgr, (320, 240), 110)
    gray = cv2.cvtColor(wall_bgr, cv2.COLOR_BGR2GRAY)
    for number in range(5):
        tracker.update(gray, number / 30)
    inside = Find(np.array([x1 + 40, y1 + 60, x1 + 70, y1 + 90]))
    beside = Find(np.array([x2 + 40, y1, x2 + 140, y1 + 100]))
    monkeypatch.setattr(FrameScan, "due", lambda *_args, **_how: range(1))
    monkeypatch.setattr(FrameScan, "look", lambda *_args: iter([[inside, beside]]))
    tracked = tracker.update(gray, 5 / 30)
    assert tracked.unconfirmed == {2}, "the one beside alone"


def tilted_find(degrees: float) -> Find:
    radians = np.radians(degrees)
    points_xy = np.full((6, 2), 100.0)
    points_xy[:2] += np.array([[-20.0], [20.0]]) * (np.cos(radians), np.sin(radians))  # the eyes
    return Find(np.array([50.0, 50.0, 150.0, 150.0]), "blazeface", points_xy.astype(np.float32))


def test_at_the_limit_a_face_is_not_turned_and_left_by_turns() -> None:
    track = Track(1, 1, SteadyBox(np.array([50.0, 50.0, 150.0, 150.0]), 0.0), 0.0, 0.0)
    turned = []
    for number, degrees in enumerate((19, 21, 19, 21, 18, 15, 19)):
        track.note(tilted_find(degrees), 0.4 * number)
        turned.append(track.turn_degrees(20.0, 0.4 * number) != 0)
    assert turned == [False, True, True, True, True, False, False]
    assert track.turn_degrees(None, 2.4) == 0.0


def test_points_that_are_too_old_turn_no_face() -> None:
    track = Track(1, 1, SteadyBox(np.array([50.0, 50.0, 150.0, 150.0]), 0.0), 0.0, 0.0)
    track.note(tilted_find(40), 0.0)
    assert track.turn_degrees(20.0, 0.3) == pytest.approx(40)
    assert track.turn_degrees(20.0, 0.6) == 0.0
    assert np.isnan(track.points_xy(0.6)).all()


def test_at_the_limit_a_face_is_not_turned_away_and_back_by_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fer_core.faces.tracking.track.turned_away_from", lambda: 0.35)
    track = Track(1, 1, SteadyBox(np.array([50.0, 50.0, 150.0, 150.0]), 0.0), 0.0, 0.0)
    away = []
    for number, aside in enumerate((0.0, 14.6, 13.4, 14.6, 11.0)):  # pixels of 40 from the eyes to the mouth
        points_xy = np.array([[80, 80], [120, 80], [100 + aside, 100], [100, 120], [70, 80], [130, 80]])
        track.note(
            Find(np.array([50.0, 50.0, 150.0, 150.0]), "blazeface", points_xy.astype(np.float32)),
            0.4 * number,
        )
        away.append(track.is_turned_away(0.4 * number))
    assert away == [False, True, True, True, False]
    assert not track.is_turned_away(9.0), "points that are too old"
