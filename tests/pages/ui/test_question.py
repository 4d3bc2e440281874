from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.teaching.question import ask

QUESTION = """
import streamlit as st
from pages.ui.teaching.question import ask
shown = ask("bright", "Which is brighter?", {{"a": "The eyes", "b": "The *edge*"}}, {right!r}, "It has 3 times as much.")
st.text("open" if shown else "closed")
"""


def question(right: object = "b") -> AppTest:
    return AppTest.from_string(QUESTION.format(right=right)).run()


def words(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.success, *app.info))


def test_the_answer_is_not_on_the_page_before_a_guess() -> None:
    app = question()
    assert app.text[0].value == "closed"
    assert not words(app)
    assert app.button[0].label == "Show the answer"


def test_a_guess_opens_the_answer_and_says_whether_it_was_right() -> None:
    app = question()
    app.segmented_control[0].set_value("b").run()
    assert app.text[0].value == "open"
    assert app.success[0].value == r"Right. The answer: **The \*edge\***. It has 3 times as much."
    app.segmented_control[0].set_value("a").run()
    assert not app.success
    assert app.info[0].value.startswith("Not this one. The answer: ")


def test_the_answer_is_shown_without_a_guess_and_can_be_hidden_again() -> None:
    app = question()
    app.button[0].click().run()
    assert app.text[0].value == "open"
    assert words(app).startswith("The answer: ")
    app.button[0].click().run()
    assert app.text[0].value == "closed"


def test_asking_again_forgets_the_guess() -> None:
    app = question()
    app.segmented_control[0].set_value("a").run()
    app.button[0].click().run()
    assert app.text[0].value == "closed"
    assert app.segmented_control[0].value is None


def test_several_may_be_right() -> None:
    app = question(["a", "b"])
    app.segmented_control[0].set_value("a").run()
    assert app.success[0].value.startswith(r"Right. The answer: **The eyes or The \*edge\***.")


def test_what_is_right_is_one_of_the_options() -> None:
    for wrong in ("c", [], ["a", "c"]):
        with pytest.raises(ValueError, match="Expected one or more of"):
            ask("bright", "Which?", {"a": "A", "b": "B"}, wrong, "")
