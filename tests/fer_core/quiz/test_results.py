from __future__ import annotations

import math

import pytest

from fer_core.quiz.question import CANNOT_TELL, Answer, Quiz
from fer_core.quiz.results import (
    asked_alone,
    asked_in_room,
    camps,
    entropy_bits,
    most_divided,
    network_shares,
    shown_answers,
    tally_of,
)
from fer_core.quiz.room import Action, Room
from tests.fer_core.quiz.answered import NETWORK, asked, question, tally
from tests.network_records import network_of


def test_who_says_the_same_stands_together_and_the_largest_camp_first() -> None:
    face = question({"fear": 5, "surprise": 4, CANNOT_TELL: 1}, answered="surprise", label="fear")
    found = [(camp.answer, camp.raters) for camp in camps(face, tally({"fear": 8, "sad": 8, "happy": 1}))]
    assert found == [
        ("fear", ("players", "voters", "label")),
        ("sad", ("players",)),  # as many of the class as for fear
        ("surprise", ("network",)),
    ]


def test_a_drawing_has_what_it_is_meant_to_show_and_no_voters() -> None:
    face = question(None, answered="sad", label=None, row=None, split=None, meant="fear")
    found = [(camp.answer, camp.raters) for camp in camps(face, tally({CANNOT_TELL: 1}))]
    assert found == [("fear", ("drawing",)), ("sad", ("network",)), (CANNOT_TELL, ("players",))]


def test_a_vote_for_what_the_network_does_not_know_is_shown_all_the_same() -> None:
    seven = network_of("seven")
    assert "contempt" not in shown_answers(question({"sad": 10}), seven)
    assert shown_answers(question({"contempt": 1, "sad": 9}), seven)[-2:] == ("contempt", CANNOT_TELL)


def test_probabilities_come_in_reading_order() -> None:
    found = network_shares(question(answered="neutral", probability=0.3), NETWORK)
    assert list(found) == ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "contempt"]
    assert found["neutral"] == pytest.approx(0.3)
    assert found["fear"] == pytest.approx(0.1)


def test_entropy_is_that_of_the_answers() -> None:
    assert entropy_bits({"sad": 7, "fear": 0}) == 0
    assert entropy_bits({"sad": 4, "fear": 2, "happy": 2}) == pytest.approx(1.5)
    assert math.isnan(entropy_bits({"sad": 0}))


def test_the_faces_that_divide_a_class_come_first_and_those_that_do_not_are_left_out() -> None:
    faces = (
        asked(0, question(), tally({"sad": 3, "fear": 1})),
        asked(1, question(), tally({"sad": 4})),
        asked(2, question(), tally({"sad": 2, "fear": 2})),
        asked(3, question(), tally({"sad": 4}), tally({"sad": 1, "fear": 1, "happy": 1})),
    )
    assert [each.number for each in most_divided(faces, 9)] == [3, 2, 0]
    assert [each.number for each in most_divided(faces, 1)] == [3]
    assert most_divided((), 3) == ()


def test_one_player_is_a_class_of_one() -> None:
    quiz = Quiz((question(), question(), question()), NETWORK)
    found = asked_alone(quiz, (Answer("fear", 0.75), None, Answer(CANNOT_TELL)))
    assert [each.number for each in found] == [0, 2]
    assert found[0].last.counts["fear"] == found[0].last.answers == 1
    assert found[0].last.by_sureness[0.75]["fear"] == 1
    assert found[1].last.counts[CANNOT_TELL] == 1
    with pytest.raises(ValueError, match="contempt"):
        tally_of(0, Answer("contempt"), ("sad", CANNOT_TELL))


def test_of_a_room_come_the_faces_that_anybody_answered_with_both_votes() -> None:
    room = Room("12345678", Quiz((question(), question()), NETWORK), False)
    token = room.join(None)
    assert asked_in_room(room) == ()
    room.step(Action.START, room.stage)
    room.answer(token, room.stage, Answer("fear"))
    room.step(Action.SHOW, room.stage)
    room.step(Action.AGAIN, room.stage)
    assert [each.last.counts["fear"] for each in asked_in_room(room)] == [1], "nobody has voted again yet"
    room.answer(token, room.stage, Answer("sad"))
    room.step(Action.REVEAL, room.stage)
    room.step(Action.NEXT, room.stage)
    (found,) = asked_in_room(room)
    assert [vote.counts["fear"] for vote in found.tallies] == [1, 0]
    assert found.last.counts["sad"] == 1
