"""Stretches and shares of time, on cases worked out by hand."""

from __future__ import annotations

import pytest

from fer_core.recognition.stretches import Stretch, stretches, summaries

CLOSE = {"gap_s": 0.5, "frame_s": 0.1}


def test_an_answer_holds_until_the_next_one() -> None:
    answers = [(0.0, 1, "happy"), (0.2, 1, "happy"), (0.4, 1, "sad"), (0.5, 1, "happy")]
    assert stretches(answers, **CLOSE) == [
        Stretch(1, 0.0, 0.4, "happy"), Stretch(1, 0.4, 0.5, "sad"), Stretch(1, 0.5, pytest.approx(0.6), "happy"),
    ]  # fmt: skip


def test_time_out_of_sight_is_not_counted() -> None:
    answers = [(0.0, 1, "happy"), (0.1, 1, "happy"), (5.0, 1, "happy")]
    parts = stretches(answers, **CLOSE)
    assert parts == [
        Stretch(1, 0.0, pytest.approx(0.2), "happy"), Stretch(1, 5.0, pytest.approx(5.1), "happy")
    ]  # fmt: skip
    (face,) = summaries(parts)
    assert face.seconds == pytest.approx(0.3)
    assert face.shares == {"happy": pytest.approx(1.0)}
    assert face.longest == parts[0]


def test_another_answer_behind_a_gap_begins_anew() -> None:
    parts = stretches([(0.0, 1, "happy"), (5.0, 1, "sad")], **CLOSE)
    assert [(part.begin_s, part.code) for part in parts] == [(0.0, "happy"), (5.0, "sad")]
    assert [part.seconds for part in parts] == [pytest.approx(0.1)] * 2


def test_faces_are_counted_apart() -> None:
    answers = [
        (0.0, 1, "happy"), (0.0, 2, "unsure"), (0.3, 1, "sad"), (0.3, 2, "unsure"), (0.4, 1, "sad"),
        (0.4, 2, "unsure"),
    ]  # fmt: skip
    first, second = summaries(stretches(answers, **CLOSE))
    assert first.face == 1 and second.face == 2
    assert first.shares == {"happy": pytest.approx(0.6), "sad": pytest.approx(0.4)}  # 0.3 and 0.2 of 0.5
    assert second.shares == {"unsure": pytest.approx(1.0)}
    assert (first.longest.code, first.longest.seconds) == ("happy", pytest.approx(0.3))
    assert sum(first.shares.values()) == pytest.approx(1.0)


def test_nothing_gives_nothing() -> None:
    assert stretches([], **CLOSE) == [] and summaries([]) == []
