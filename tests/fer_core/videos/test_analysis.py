"""Analysis of a video's frames: moments, progress, cancelling, what is raised, the table."""

from __future__ import annotations

import csv
import dataclasses
import io
import threading
from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from fer_core.errors import RautError, VideoError
from fer_core.faces.search import DETECTORS, video_search
from fer_core.labels import FER2013_LABELS
from fer_core.machine import release_free_memory
from fer_core.videos import analysis as video
from fer_core.videos.analysis import (
    FacesBetween,
    VideoJob,
    VideoMoment,
    analyze_video,
    moment_at,
    video_columns,
    video_csv,
)
from tests.e2e.clips import background_bgr, moving_faces
from tests.e2e.turning_clips import turning_face
from tests.network_records import network_of, source_of
from tests.recognizers import HappyRecognizer

SOURCE = source_of(network_of("wayang"))


def clip(faces: int = 2, count: int = 10) -> list[tuple[float, np.ndarray]]:
    return [
        (number / 5, frame.frame_bgr)
        for number, frame in enumerate(moving_faces(count, faces=faces, face=80))
    ]


def analysed(frames: Iterable[tuple[float, np.ndarray]]) -> VideoJob:
    job = analyze_video(frames, HappyRecognizer())
    job.wait(60)
    assert not job.running
    return job


def moments_of(frames: Iterable[tuple[float, np.ndarray]]) -> list[VideoMoment]:
    return analysed(frames).take()


def test_every_face_is_read_in_every_frame_and_keeps_its_number() -> None:
    job = analyze_video(clip(), HappyRecognizer(), duration_s=2.0)
    job.wait(60)
    moments = job.take()
    assert [moment.time_s for moment in moments] == [number / 5 for number in range(10)]
    assert [[face.number for face in moment.faces] for moment in moments] == [[1, 2]] * 10
    assert {face.label for moment in moments for face in moment.faces} == {"happy"}
    assert job.finished and not job.cancelled and job.error is None
    assert (job.steps, job.done, job.share) == (10, 1.8, 0.9)


def test_the_face_of_a_video_of_one_frame_counts_as_in_a_photo() -> None:
    (moment,) = moments_of(clip(count=1))
    assert [(face.number, face.label) for face in moment.faces] == [(1, "happy"), (2, "happy")]


def test_what_one_frame_of_several_takes_for_a_face_counts_nowhere() -> None:
    """A face that flashes up in one frame, and one that begins with the last."""
    with_face, wall = clip(faces=1, count=1)[0][1], background_bgr(640, 480)
    frames = [wall, with_face, wall, wall, wall, wall, wall, with_face]
    moments = moments_of((number / 5, frame) for number, frame in enumerate(frames))
    assert [moment.time_s for moment in moments] == [number / 5 for number in range(8)]
    assert not any(moment.faces for moment in moments)


def test_a_face_counts_from_its_first_frame_on_and_moments_stay_in_order() -> None:
    wall = background_bgr(640, 480)
    frames = [
        *((number / 5, wall) for number in range(3)),
        *((time_s + 0.6, image) for time_s, image in clip(1, 4)),
    ]
    moments = moments_of(frames)
    assert [len(moment.faces) for moment in moments] == [0, 0, 0, 1, 1, 1, 1]
    assert [moment.time_s for moment in moments] == [time_s for time_s, _image in frames]


def test_the_first_frame_shows_its_face_also_where_no_later_one_does() -> None:
    """As one who walks fast is elsewhere a second later, and a cut to another scene leaves nobody."""
    wall = background_bgr(640, 480)
    moments = moments_of([(0.0, clip(faces=1, count=1)[0][1]), *((float(n), wall) for n in range(1, 5))])
    assert [len(moment.faces) for moment in moments] == [1, 0, 0, 0, 0]


def test_between_two_moments_a_box_moves_along_and_a_face_that_goes_stays_for_a_moment() -> None:
    first, _second, third = moments_of(clip(faces=1, count=3))
    moments = [first, dataclasses.replace(third, time_s=0.4), VideoMoment(0.8, ())]
    between = FacesBetween(moments, hold_s=0.5)
    boxes = [face.box_xyxy.astype(int) for moment in moments[:2] for face in moment.faces]
    (halfway,) = between.at(0.2)
    np.testing.assert_allclose(halfway.box_xyxy, (boxes[0] + boxes[1]) / 2, atol=1)
    assert halfway.prediction is first.faces[0].prediction, "the answer of the moment before"
    assert between.at(0.0)[0].box_xyxy.tolist() == boxes[0].tolist()
    assert [len(between.at(time_s)) for time_s in (0.5, 0.79, 0.8, 1.0)] == [1, 1, 0, 0]
    assert [len(FacesBetween(moments[:1], 0.5).at(time_s)) for time_s in (0.4, 0.6)] == [1, 0]
    assert FacesBetween([], 0.5).at(0.0) == ()


def test_cancelling_keeps_what_is_done() -> None:
    begin = threading.Event()

    def frames() -> Iterator[tuple[float, np.ndarray]]:
        assert begin.wait(10)
        for number, frame in enumerate(clip()):
            if number == 4:
                job.cancel()
            yield frame

    job = analyze_video(frames(), HappyRecognizer())
    begin.set()
    job.wait(60)
    assert len(job.take()) == 4
    assert not job.running and job.cancelled


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (VideoError("{name} is broken", name="a.mp4"), VideoError, "a.mp4 is broken"),
        (ArithmeticError("a.mp4 is broken"), RautError, "Something went wrong that should not have."),
    ],
    ids=["expected", "unexpected"],
)
def test_what_goes_wrong_is_kept_and_what_is_done_as_well(
    error: Exception, kind: type[RautError], sentence: str
) -> None:
    def frames() -> Iterator[tuple[float, np.ndarray]]:
        yield from clip(count=3)
        raise error

    job = analysed(frames())
    assert len(job.take()) == 3
    assert type(job.error) is kind and str(job.error).startswith(sentence)
    assert job.error.__traceback__ is None  # it would keep a frame


def test_it_can_be_watched_while_it_runs() -> None:
    go_on, reached = threading.Event(), threading.Event()

    def frames() -> Iterator[tuple[float, np.ndarray]]:
        yield from clip(count=2)
        reached.set()
        assert go_on.wait(10)
        yield 9.0, background_bgr(640, 480)

    job = analyze_video(frames(), HappyRecognizer())
    assert reached.wait(10)
    assert job.steps == 2 and not job.finished
    go_on.set()
    job.wait(10)
    assert job.finished and job.take()[-1].faces == ()


def test_the_table_has_a_row_for_each_frame_and_face_and_one_for_a_frame_without() -> None:
    frames = [*clip(count=3), (3.0, np.zeros((480, 640, 3), np.uint8))]
    frames += [(4.0 + number, frames[-1][1]) for number in range(3)]
    moments = moments_of(frames)
    text = video_csv("=clip.mp4", moments, FER2013_LABELS, VideoError("cut short"), SOURCE)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == video_columns(FER2013_LABELS)
    assert text.count("\r\n") == len(rows) + 1
    assert {row["file"] for row in rows} == {"'=clip.mp4"}  # a spreadsheet runs nothing
    faces = [row for row in rows if row["status"] == "ok"]
    assert [(row["time_s"], row["face"]) for row in faces[:4]] == [
        ("0.000", "1"), ("0.000", "2"), ("0.200", "1"), ("0.200", "2"),
    ]  # fmt: skip
    assert faces[0]["happy"] == "0.700000" and faces[0]["answer"] == "happy"
    assert {(row["found_by"], row["turn_degrees"]) for row in faces} == {("blazeface", "0.0")}
    assert {(row["found_by"], row["turn_degrees"]) for row in rows if row["status"] != "ok"} == {("", "")}
    assert [row["time_s"] for row in rows if row["status"] == "no_face"][-1] == "6.000"
    assert {(row["network"], row["detector"]) for row in rows} == {("wayang", "BlazeFace back")}
    assert rows[-1]["status"] == "error" and rows[-1]["face"] == ""
    assert text == video_csv("=clip.mp4", moments, FER2013_LABELS, VideoError("cut short"), SOURCE)


def test_a_face_that_tilts_keeps_its_number_and_the_table_says_how_it_was_found_and_turned() -> None:
    frames = [
        (number / 30, frame.frame_bgr) for number, frame in enumerate(turning_face()) if number % 6 == 0
    ]
    kept = {}
    for detector in DETECTORS:
        job = analyze_video(iter(frames), HappyRecognizer(), video_search(detector))
        job.wait(30)
        moments = job.take()
        kept[detector] = sum(1 in [face.number for face in moment.faces] for moment in moments) / len(moments)
    assert kept["haar"] < 0.8 and min(kept["blazeface"], kept["both"]) >= 0.95
    (face,) = moments[11].faces  # of the last detector, in the middle of the tilt
    text = video_csv("clip.mp4", [moments[11]], FER2013_LABELS, None, SOURCE)
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["found_by"] == face.found_by == "blazeface"
    assert float(row["turn_degrees"]) == pytest.approx(45, abs=6)


def test_the_nearest_moment_is_found() -> None:
    found = moment_at(moments_of(clip(count=4)), 0.29)
    assert found is not None and found.time_s == 0.2
    assert moment_at([], 1.0) is None


def test_memory_goes_back_to_the_system_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    given_back: list[int] = []

    def frames() -> Iterator[tuple[float, np.ndarray]]:
        for number, frame in enumerate(clip(count=10)):
            analysed_frames[0] = number
            yield frame

    analysed_frames = [0]
    monkeypatch.setattr(video, "GIVE_BACK_EVERY", 3)
    monkeypatch.setattr(video, "release_free_memory", lambda: given_back.append(analysed_frames[0] + 1))
    analysed(frames())
    assert given_back == [3, 6, 9]


def test_without_glibc_giving_memory_back_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_library(_name: object) -> object:
        raise OSError

    release_free_memory()  # here as on any Linux
    monkeypatch.setattr("fer_core.machine.ctypes.CDLL", no_library)
    release_free_memory()
