"""The neutral look of a face: time counts and not frames, and what fails says why."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.live.neutral_face import (
    FEWEST,
    LEAVE_AFTER_S,
    LONGEST_S,
    NO_PICTURE_S,
    SECONDS,
    TOLD_FOR_S,
    NeutralBaselines,
    Why,
)
from fer_core.recognition.answers import Prediction
from fer_core.recognition.frames import LiveFace, LiveResult

LABELS = ("sad", "happy", "neutral")
CALM = np.array([0.2, 0.1, 0.7])
GLOOMY = np.array([0.6, 0.1, 0.3])
BOX = (100, 100, 200, 200)
SIZE = (640, 480)


def face(
    probabilities: np.ndarray = CALM,
    box: tuple[int, int, int, int] = BOX,
    track: int = 1,
    *,
    too_small: bool = False,
) -> LiveFace:
    top = int(probabilities.argmax())
    prediction = Prediction(probabilities, LABELS[min(top, 2)], float(probabilities[top]))
    return LiveFace(track, np.array(box), prediction, track=track, too_small=too_small)


def frame(*faces: LiveFace, labels: tuple[str, ...] = LABELS, size: tuple[int, int] = SIZE) -> LiveResult:
    return LiveResult(faces, labels, size, True, 1.0, 1.0)


def looking(
    baselines: NeutralBaselines, *results: LiveResult, every_s: float = 0.25, from_s: float = 0.0
) -> float:
    """Frames at that pace; the time of the last."""
    now_s = from_s
    for result in results:
        now_s += every_s
        baselines.update(result, now_s)
    return now_s


def begun() -> NeutralBaselines:
    baselines = NeutralBaselines()
    baselines.begin(1, 1, 0.0)
    return baselines


def taken(probabilities: np.ndarray = CALM) -> NeutralBaselines:
    baselines = begun()
    looking(baselines, *[frame(face(probabilities))] * 16)
    return baselines


def whys(baselines: NeutralBaselines, now_s: float) -> list[tuple[int, Why]]:
    return [(failure.number, failure.why) for failure in baselines.failures(now_s)]


def test_the_change_is_the_difference_from_the_average_look() -> None:
    baselines = begun()
    calmer, livelier = frame(face(np.array([0.1, 0.1, 0.8]))), frame(face(np.array([0.3, 0.1, 0.6])))
    looking(baselines, *[calmer, livelier] * 8)
    change = baselines.change(1, np.array([0.5, 0.1, 0.4]))
    assert change is not None
    np.testing.assert_allclose(change, [0.3, 0.0, -0.3], atol=1e-12)


@pytest.mark.parametrize("every_s", [1 / 30, 0.2, 0.6], ids=["fast", "slow", "very slow"])
def test_three_seconds_are_enough_at_any_pace(every_s: float) -> None:
    baselines = begun()
    looking(baselines, *[frame(face())] * (int(SECONDS / every_s) - 1), every_s=every_s)
    assert baselines.change(1, CALM) is None
    assert baselines.seconds_left(1, SECONDS - every_s) == pytest.approx(every_s)
    looking(baselines, *[frame(face())] * 2, every_s=every_s, from_s=SECONDS - every_s)
    assert baselines.change(1, CALM) is not None
    assert baselines.seconds_left(1, SECONDS) is None


def test_with_few_frames_it_takes_longer_and_with_too_few_it_fails() -> None:
    baselines = begun()
    looking(baselines, *[frame(face())] * (FEWEST - 1), every_s=1.4)
    assert baselines.change(1, CALM) is None
    looking(baselines, frame(face()), every_s=0.4, from_s=(FEWEST - 1) * 1.4)
    assert baselines.change(1, CALM) is not None
    baselines = begun()
    end_s = looking(baselines, *[frame(face())] * 3, every_s=2.7)
    assert end_s > LONGEST_S
    assert whys(baselines, end_s) == [(1, "too_few")]


FAILING: list[tuple[Why, list[LiveResult]]] = [
    ("no_face", [frame()] * 6),
    ("lost", [frame(face(track=2))] * 6),
    ("crossed", [frame(face(), face(box=(150, 100, 250, 200), track=2))]),
    ("moved", [frame(face(box=(160, 100, 260, 200)))]),
    ("moved", [frame(face(box=(70, 70, 230, 230)))]),
    ("too_far", [frame(face(too_small=True))]),
]


@pytest.mark.parametrize(("why", "then"), FAILING, ids=[f"{why} {n}" for n, (why, _) in enumerate(FAILING)])
def test_a_look_that_fails_says_when_and_why_for_a_while(why: Why, then: list[LiveResult]) -> None:
    baselines = begun()
    end_s = looking(baselines, *[frame(face())] * 5, *then)
    (failure,) = baselines.failures(end_s)
    assert (failure.number, failure.why) == (1, why)
    assert failure.after_s == pytest.approx(end_s)
    assert baselines.seconds_left(1, end_s) is None
    assert baselines.failures(end_s + TOLD_FOR_S + 0.1) == []


def test_a_smaller_frame_is_no_movement_and_another_face_at_a_distance_no_mix_up() -> None:
    baselines = begun()
    half = frame(face(box=(50, 50, 100, 100)), face(box=(200, 50, 250, 100), track=2), size=(320, 240))
    end_s = looking(baselines, *[frame(face())] * 5, *[half] * 11)
    assert whys(baselines, end_s) == []
    assert baselines.change(1, CALM) is not None


def test_without_frames_it_fails_whoever_asks() -> None:
    baselines = begun()
    looking(baselines, frame(face()))
    assert baselines.seconds_left(1, NO_PICTURE_S) is not None
    assert baselines.seconds_left(1, NO_PICTURE_S + 0.3) is None
    assert whys(baselines, NO_PICTURE_S + 0.3) == [(1, "no_picture")]


@pytest.mark.parametrize("why", ["stopped", "network"])
def test_a_look_ends_with_the_video_and_with_another_network(why: Why) -> None:
    baselines = begun()
    looking(baselines, *[frame(face())] * 3)
    baselines.clear(why, 0.7)
    assert whys(baselines, 0.7) == [(1, why)]
    baselines = taken()
    baselines.clear(why, 4.0)
    assert whys(baselines, 4.0) == ([(1, why)] if why == "network" else [])
    assert baselines.change(1, CALM) is None


def test_a_look_that_is_not_neutral_is_asked_about() -> None:
    baselines = taken(GLOOMY)
    assert baselines.change(1, CALM) is None
    doubt = baselines.doubt(1)
    assert doubt is not None
    assert (doubt.label, doubt.probability) == ("sad", pytest.approx(0.6))
    baselines.accept(1)
    assert baselines.doubt(1) is None
    np.testing.assert_allclose(baselines.change(1, CALM), CALM - GLOOMY, atol=1e-12)  # type: ignore[arg-type]
    assert taken(np.array([0.45, 0.15, 0.4])).doubt(1) is None, "no certainty"


def test_another_face_has_none_also_with_the_same_number() -> None:
    baselines = taken()
    assert baselines.change(2, CALM) is None
    assert baselines.seconds_left(2, 1.0) is None


def test_a_baseline_goes_with_its_face_and_says_so() -> None:
    baselines = taken()
    looking(baselines, *[frame()] * 3, frame(face()), from_s=4.0)
    assert baselines.change(1, CALM) is not None, "out of sight for less than a second"
    end_s = looking(baselines, frame(), frame(), every_s=LEAVE_AFTER_S + 0.1, from_s=5.0)
    assert baselines.change(1, CALM) is None
    assert whys(baselines, end_s) == [(1, "left")]


def test_a_video_that_pauses_between_two_frames_loses_no_baseline() -> None:
    baselines = taken()
    baselines.update(frame(face()), 9.0)
    assert baselines.change(1, CALM) is not None


def test_other_expressions_need_another_baseline() -> None:
    assert taken().change(1, np.full(8, 0.125)) is None


def test_forgetting_and_beginning_anew_leave_nothing() -> None:
    baselines = taken()
    baselines.forget(1)
    assert baselines.change(1, CALM) is None
    baselines = begun()
    looking(baselines, *[frame(face())] * 3, *[frame()] * 7)
    baselines.begin(2, 1, 2.0)
    assert baselines.failures(2.0) == [], "the same number tries again"
