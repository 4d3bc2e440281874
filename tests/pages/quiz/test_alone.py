"""The way "Alone" on the drawings that ship, answered by a network that ships."""

from __future__ import annotations

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fer_core.quiz.game import GAMES, Game
from fer_core.quiz.kept import Kept
from pages.quiz import selection
from pages.ui import session_keys
from pages.ui.address.parameters import choice_of_address, come_back
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.photos.test_page import controls

PAGE = "pages/quiz/page.py"


@pytest.fixture(autouse=True)
def games(monkeypatch: pytest.MonkeyPatch, no_fer2013: None) -> Kept[Game]:
    """Those of this test alone: where a server keeps any, a page waits for what its browser says."""
    monkeypatch.setattr(GAMES, "_things", {})
    return GAMES


def start(app: AppTest) -> AppTest:
    app.button(key="quiz_start").click().run()
    assert_no_trouble(app)
    return app


def keys(app: AppTest) -> list[str]:
    """Of the buttons for answers, as they stand on the page."""
    return [button.key for button in app.button if (button.key or "").startswith("quiz_option_")]


def face(app: AppTest) -> str:
    (figure,) = [element.value for element in app.main.get("html") if "raut-quiz-face" in element.value]
    return figure


def test_a_round_on_the_drawings_is_played_to_its_end_and_again(open_app: OpenApp, games: Kept[Game]) -> None:
    app = start(open_app(PAGE, language="en"))
    assert "Which expression does this face show?" in face_and_question(app)
    assert "Face 1 of 9" in face(app)
    assert keys(app)[-1] == "quiz_option_cannot_tell"
    assert len(keys(app)) == 9, "the eight expressions of this network, and that one cannot tell"
    for _face in range(9):
        app.button(key="quiz_option_happy").click().run()
        assert keys(app) == [], "an answer that was given cannot be changed"
        assert "Network" in texts(app)
        app.button(key="quiz_next").click().run()
        assert_no_trouble(app)
    (game,) = games.all()
    assert game.at_end
    assert [answer and answer.option for answer in game.answers] == ["happy"] * 9
    app.button(key="quiz_back").click().run()
    assert "Face 9 of 9" in face(app)
    app.button(key="quiz_next").click().run()
    app.button(key="quiz_same_faces").click().run()
    assert_no_trouble(app)
    (again,) = games.all()
    assert again is not game
    assert (again.quiz, again.answered) == (game.quiz, 0)


def face_and_question(app: AppTest) -> str:
    return "".join(element.value for element in app.main.get("html"))


def test_who_looks_for_other_faces_can_go_on_with_the_round(open_app: OpenApp, games: Kept[Game]) -> None:
    app = start(open_app(PAGE, language="en"))
    shown = face(app)
    app.button(key="quiz_option_sad").click().run()
    app.button(key="quiz_leave").click().run()
    assert app.button(key="quiz_start")
    app.button(key="quiz_set_other").click().run()  # another seed in the address
    assert "1 of 9 faces answered" in app.button(key="quiz_resume").label
    app.button(key="quiz_resume").click().run()
    assert_no_trouble(app)
    assert face(app).replace("revealed", "asked") == shown
    (game,) = games.all()
    assert app.query_params["seed"] == str(game.quiz.choice and game.quiz.choice.seed)
    start(app.button(key="quiz_leave").click().run())
    (another,) = games.all()
    assert another is not game, "the round before is erased"


def test_an_address_that_asks_for_other_faces_does_not_show_the_round_before(
    open_app: OpenApp, games: Kept[Game]
) -> None:
    app = start(open_app(PAGE, language="en"))
    app.query_params["seed"] = "7"
    app.run()
    assert app.button(key="quiz_start")
    assert app.button(key="quiz_resume").label.startswith("Go on with your round (0 of 9")


def test_faces_that_the_page_photos_gave_anew_are_no_longer_those_of_the_round_before(
    open_app: OpenApp, faces_gray: np.ndarray
) -> None:
    app = open_app(PAGE, language="en", address={"set": "photos"})
    for faces in (faces_gray[:3], faces_gray[2:]):
        app.session_state[session_keys.QUIZ_FACES] = {"faces_gray": faces, "meant": (None,) * 3}
        start(app.run())
        assert "Face 1 of 3" in face(app)


def test_at_most_five_controls_are_in_sight_beside_the_answers(open_app: OpenApp) -> None:
    app = open_app(PAGE, language="en")
    assert len(controls(app.main)) <= 5
    start(app)
    assert len(controls(app.main)) - len(keys(app)) <= 5
    app.button(key="quiz_option_sad").click().run()
    assert len(controls(app.main)) <= 5


@pytest.mark.parametrize("address", [{"way": "both"}, {"network": "none"}, {"set": "all", "seed": "x"}])
def test_an_address_that_is_not_possible_is_told_in_a_sentence(
    open_app: OpenApp, address: dict[str, str]
) -> None:
    app = open_app(PAGE, language="en", address=address)
    assert_no_trouble(app)
    assert len(app.error) == len(address)
    assert app.button(key="quiz_start")


def test_from_the_class_a_player_comes_back_to_playing_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Parameters(dict[str, str]):
        to_dict = dict.copy

    monkeypatch.setattr(st, "query_params", Parameters())
    monkeypatch.setattr(st, "session_state", {})
    for way in ("class", "alone"):
        selection.choose_way(way)
        come_back(selection.PAGE)
        assert choice_of_address(selection.WAY, selection.WAYS, "alone") == way
