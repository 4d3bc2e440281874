"""Which faces a round asks about, as a reader chooses them, and the round that comes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.quiz.choice import KINDS, SetChoice
from fer_core.quiz.question import Question, Quiz
from fer_core.recognition.answers import Prediction
from fer_core.store.folder import find_network
from pages.quiz.set_words import SET_NAMES, set_words
from pages.ui import session_keys
from pages.ui.i18n import speaking
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_fer2013

Choose = Callable[..., AppTest]


def _page() -> None:
    import streamlit as st

    from fer_core.store.folder import find_network
    from pages.quiz.faces import quiz_of
    from pages.quiz.set_choice import choose_set, keep_in_address, more_of_set
    from pages.ui.guard import guarded_page

    choice = st.session_state["chosen"] = choose_set()
    more_of_set()
    if st.button("Start", key="start"):
        keep_in_address(choice)
        with guarded_page():
            st.session_state["quiz"] = quiz_of(choice, find_network("raut-plus"))


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Choose:
    """A page with nothing but the choice and a button, as a link opens it; a made-up FER2013 of 60 rows is here."""
    monkeypatch.setenv("RAUT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "fer2013"))

    def open_(*, here: bool = True, **address: str) -> AppTest:
        if here:
            write_fer2013(tmp_path / "fer2013")
        else:
            (tmp_path / "fer2013").mkdir()
        app = AppTest.from_function(_page, default_timeout=60)
        for name, text in address.items():
            app.query_params[name] = text
        app.run()
        assert_no_trouble(app)
        return app

    return open_


def _press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert_no_trouble(app)


def test_a_round_is_drawn_at_random_and_its_address_keeps_the_seed(choose: Choose) -> None:
    app = choose()
    first = app.session_state["chosen"]
    assert (first.kind, first.count) == ("random", 10)
    _press(app, "start")
    assert app.query_params == {"set": "random", "count": "10", "seed": str(first.seed)}
    quiz = app.session_state["quiz"]
    assert len(quiz) == 10 and quiz.choice == first
    assert all(question.split in ("PublicTest", "PrivateTest") for question in quiz.questions)
    assert quiz.questions[0].vote_counts["neutral"] == 7
    _press(app, "quiz_set_other")
    other = app.session_state["chosen"]
    assert other.seed != first.seed
    assert app.query_params["seed"] == str(other.seed)
    assert int(app.number_input(key="quiz_seed").value) == other.seed


def test_what_is_chosen_goes_into_the_address_and_a_link_opens_it(choose: Choose) -> None:
    app = choose(set="pair", pair="sad-neutral", seed="7", count="12")
    assert app.session_state["chosen"] == SetChoice("pair", 7, 12, ("sad", "neutral"))
    assert app.selectbox(key="quiz_pair").value == "sad-neutral"
    assert len(app.selectbox(key="quiz_pair").options) == 28, (
        "each pair once, whichever way round the address has it"
    )
    app.selectbox(key="quiz_pair").set_value("disgust-fear").run()
    app.selectbox(key="quiz_count").set_value(5).run()
    app.selectbox(key="quiz_set").set_value("unanimous").run()
    assert app.session_state["chosen"] == SetChoice("unanimous", 7, 5, ("disgust", "fear"))
    _press(app, "start")
    assert "0 faces of the data set fit this set" in texts(app), "no made-up face has ten equal votes"


def test_rows_are_asked_in_their_order_and_each_that_is_not_there_is_named(choose: Choose) -> None:
    app = choose(set="rows", rows="55,3,x,9000")
    assert [error.value for error in app.error] == [
        "The address asks for row “x”, which is no row number.",
        "There is no row 9000 in the data set. It is left out.",
    ]
    _press(app, "start")
    assert [(question.row, question.split) for question in app.session_state["quiz"].questions] == [
        (55, "PrivateTest"), (3, "Training"),
    ]  # fmt: skip


def test_without_the_data_set_the_samples_that_ship_are_asked(choose: Choose) -> None:
    app = choose(here=False, set="contested", seed="3")
    assert app.session_state["chosen"].kind == "samples"
    assert app.selectbox(key="quiz_set").options == ["Samples that come with Raut"]
    assert "This set is made of FER2013, which is not on this computer" in texts(app)
    _press(app, "start")
    assert len(app.session_state["quiz"]) == 9


def test_faces_from_photos_are_asked_as_they_are_and_only_in_their_session(choose: Choose) -> None:
    app = choose(set="photos")
    assert "are not here" in texts(app)
    faces_gray = np.random.default_rng(1).integers(0, 256, (3, 48, 48), dtype=np.uint8)
    app.session_state[session_keys.QUIZ_FACES] = {"faces_gray": faces_gray, "meant": (None, "sad", None)}
    app.run()
    assert "Ask the people first" in texts(app)
    _press(app, "start")
    questions = app.session_state["quiz"].questions
    np.testing.assert_array_equal([question.face_gray for question in questions], faces_gray)
    assert [question.meant for question in questions] == [None, "sad", None]


@pytest.mark.parametrize("kind", KINDS)
def test_every_set_has_a_name_and_says_what_was_asked_in_both_languages(kind: str) -> None:
    network = find_network("raut-plus")
    answer = Prediction(np.full(8, 1 / 8, np.float32), "neutral", 1 / 8)
    question = Question(np.zeros((48, 48), np.uint8), answer, row=7, split="PublicTest")
    quiz = Quiz((question,) * 10, network, SetChoice(kind, seed=1234))  # type: ignore[arg-type]
    said = {}
    for language in ("en", "id"):
        with speaking(language):
            said[language] = set_words(quiz)
    assert said["en"] != said["id"]
    for sentence in said.values():
        assert "10" in sentence
        assert ("1234" in sentence) == (kind not in ("rows", "photos"))
    assert set(SET_NAMES) == set(KINDS)
