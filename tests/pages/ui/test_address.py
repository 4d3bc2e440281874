"""What is chosen stands in the address: read, changed, brought back, and controls that show it."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fer_core.errors import RautError
from pages.ui.address import parameters
from pages.ui.address.parameters import choice_of_address, come_back, of_every_page, put, refusal

SCRIPT = """
import streamlit as st
from pages.ui.address.controls import choose_from_list, choose_part
from pages.ui.address.parameters import choice_of_address, put
from pages.ui.i18n import emotion_name

codes = ("angry", "happy", "sad")
names = {code: emotion_name(code) for code in codes}
for name, choose in (("part", choose_part), ("list", choose_from_list)):
    chosen = choice_of_address(name, codes, "angry")
    choose(name, names, chosen, lambda code, name=name: put({name: code}), key=name)
    st.text(chosen)
"""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Stands in for the address of the browser, with a session without anything."""

    class Parameters(dict[str, str]):
        to_dict = dict.copy

    query = Parameters(lang="id")
    session: dict[str, Any] = {}
    monkeypatch.setattr(st, "query_params", query)
    monkeypatch.setattr(st, "session_state", session)
    return query


def comes_by_a_plain_link(address: dict[str, str]) -> None:
    address.clear()
    address["lang"] = "id"


def test_what_is_not_possible_is_said_with_what_holds_instead(
    address: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[RautError] = []
    monkeypatch.setattr(parameters, "show_error", said.append)
    assert choice_of_address("way", ("own", "class"), "own") == "own" and not said
    address["way"] = "class"
    assert choice_of_address("way", ("own", "class"), "own") == "class" and not said
    address["way"] = "x" * 99
    assert choice_of_address("way", ("own", "class"), "own") == "own"
    assert [one.fields for one in said] == [{"asked": f"way={'x' * 30}…", "shown": "way=own"}]
    assert refusal("way", "x" * 30, "own").fields["asked"] == f"way={'x' * 30}"


def test_a_page_with_a_sentence_of_its_own_says_that(address: dict[str, str]) -> None:
    address["face"] = "nobody"
    refused: list[tuple[str, str, str]] = []
    found = choice_of_address("face", ("one", "two"), "one", lambda *asked: refused.append(asked))
    assert found == "one" and refused == [("face", "nobody", "one")]


def test_each_page_comes_back_to_its_own_address(address: dict[str, str]) -> None:
    come_back("quiz")
    put({"way": "class", "seed": "7"})
    come_back("quiz")
    comes_by_a_plain_link(address)
    come_back("lab")
    assert address == {"lang": "id"}, "another page"
    address["lang"] = "en"
    come_back("quiz")
    assert address == {"lang": "en", "way": "class", "seed": "7"}
    comes_by_a_plain_link(address)
    address["way"] = "alone"
    come_back("quiz")
    assert address == {"lang": "id", "way": "alone"}, "a link that says what it wants"
    assert of_every_page() == {"lang": "id"}


def test_a_page_whose_default_was_chosen_stays_at_it(address: dict[str, str]) -> None:
    put({"way": "class"}, page="quiz")
    come_back("quiz")
    put({"way": None}, page="quiz")
    come_back("quiz")
    assert address == {"lang": "id"}


def test_a_page_that_was_there_already_stays_without_parameters(address: dict[str, str]) -> None:
    put({"view": "paper"}, page="training")
    comes_by_a_plain_link(address)
    come_back("training", arrives=False)
    come_back("training")
    assert address == {"lang": "id"}


@pytest.mark.parametrize("name", ["part", "list"])
def test_a_control_shows_the_address_and_changes_it_in_each_language(name: str) -> None:
    app = AppTest.from_string(SCRIPT)
    app.query_params[name] = "happy"
    app.run()

    def control() -> Any:
        return app.segmented_control(key=name) if name == "part" else app.selectbox(key=name)

    assert control().value == "happy"
    control().set_value("sad").run()
    assert app.query_params[name] in ("sad", ["sad"])
    app.session_state["lang"] = "id"
    app.run()
    assert control().value == "sad" and "sad" in [text.value for text in app.text]
    assert "Sedih" in str(control().proto)
