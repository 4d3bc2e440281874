from __future__ import annotations

import numpy as np
import pytest

from fer_core.quiz.game import Game
from fer_core.quiz.question import CANNOT_TELL, Answer, Question, Quiz
from fer_core.recognition.answers import Prediction
from tests.network_records import network_of

NETWORK = network_of("wayang")
LABEL = NETWORK.labels[0]


def quiz_of(count: int = 3, votes: tuple[int, ...] | None = (8, 0, 0, 2, 0, 0, 0, 0, 0, 0)) -> Quiz:
    shares = np.full(len(NETWORK.labels), 1 / len(NETWORK.labels), np.float32)
    answer = Prediction(shares, LABEL, float(shares[0]))
    face = Question(np.zeros((48, 48), np.uint8), answer, votes=votes)
    return Quiz((face,) * count, NETWORK)


def test_an_answer_is_counted_once_and_stays() -> None:
    game = Game(quiz_of())
    game.choose(0, "happy")
    game.choose(0, "sad")
    assert game.answers == (Answer("happy"), None, None)
    assert game.place == 0, "the player sees what others say before the next face comes"


def test_what_was_meant_for_another_place_changes_nothing() -> None:
    game = Game(quiz_of())
    game.choose(1, "happy")
    game.go(1, 2)
    assert (game.place, game.answered) == (0, 0)
    game.choose(0, "happy")
    game.go(0, 1)
    game.go(0, 1)  # the same key, pressed twice
    assert game.place == 1


def test_a_choice_waits_for_how_sure_the_player_is_and_can_be_changed_until_then() -> None:
    game = Game(quiz_of(), asks_sure=True)
    game.say_how_sure(0, 0.5)
    game.choose(0, "happy")
    assert (game.chosen, game.answered) == ("happy", 0)
    game.choose(0, "sad")
    game.say_how_sure(0, 0.75)
    game.say_how_sure(0, 0.25)
    assert game.answers[0] == Answer("sad", 0.75)
    assert game.chosen is None


def test_who_cannot_tell_is_not_asked_how_sure() -> None:
    game = Game(quiz_of(), asks_sure=True)
    game.choose(0, "happy")
    game.choose(0, CANNOT_TELL)
    assert game.answers[0] == Answer(CANNOT_TELL)
    assert game.chosen is None


def test_of_a_face_without_votes_nobody_is_asked_how_sure() -> None:
    game = Game(quiz_of(votes=None), asks_sure=True)
    game.choose(0, "happy")
    assert game.answers[0] == Answer("happy")


def test_nobody_looks_ahead_and_everybody_looks_back() -> None:
    game = Game(quiz_of())
    for to in (1, -1, 3, 4):
        game.go(0, to)
        assert game.place == 0, to
    for place in (0, 1):
        game.choose(place, "happy")
        game.go(place, place + 1)
    game.go(2, 0)
    assert game.place == 0
    game.go(0, 2)
    assert game.place == 2
    game.choose(2, "sad")
    game.go(2, 3)
    assert game.at_end
    game.choose(3, "sad")
    assert game.answers == (Answer("happy"), Answer("happy"), Answer("sad"))
    game.go(3, 1)
    assert game.place == 1


def test_the_results_can_be_seen_before_every_face_was_and_the_round_goes_on_from_there() -> None:
    game = Game(quiz_of())
    game.choose(0, "happy")
    game.go(0, 1)
    game.go(1, 3)
    assert game.at_end
    game.go(3, 2)
    assert game.at_end, "the second face comes before the third"
    game.go(3, 1)
    assert game.place == 1


def test_a_choice_that_waits_is_let_go_of_when_the_player_looks_back() -> None:
    game = Game(quiz_of(), asks_sure=True)
    game.choose(0, CANNOT_TELL)
    game.go(0, 1)
    game.choose(1, "happy")
    game.go(1, 0)
    assert game.chosen is None


def test_an_answer_that_is_no_option_is_refused() -> None:
    game = Game(quiz_of(), asks_sure=True)
    with pytest.raises(ValueError, match="one of"):
        game.choose(0, "bored")
    game.choose(0, "happy")
    with pytest.raises(ValueError, match="sure"):
        game.say_how_sure(0, 0.6)
    assert game.answered == 0
