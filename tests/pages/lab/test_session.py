"""Which desk a tab of the lab is at: at once, after a reload, with a token of somebody else, and in a duplicated tab."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.lab.desk import Desks
from fer_core.lab.workers import Workers
from pages.lab import session
from tests.clock import Clock
from tests.fer_core.lab import fake_work


class Kept(Workers):
    """Counts how often a process was to be made ready; starts none."""

    asked = 0

    def prepare(self) -> None:
        self.asked += 1


@pytest.fixture
def desks(monkeypatch: pytest.MonkeyPatch) -> Desks:
    made = Desks(Kept(fake_work.work), clock=Clock())
    monkeypatch.setattr(session, "DESKS", made)
    monkeypatch.setattr(session, "session_id", lambda: "this tab")
    return made


def open_tab() -> AppTest:
    def page() -> None:
        import streamlit as st

        from pages.lab.session import desk_of_session

        st.title("Lab")
        st.text(", ".join(desk_of_session().faces.classes) or "nothing yet")

    return AppTest.from_function(page, default_timeout=60).run()


def shown(tab: AppTest) -> list[str]:
    assert not tab.exception
    return [element.value for element in (*tab.caption, *tab.text)]


def says(tab: AppTest, monkeypatch: pytest.MonkeyPatch, kept: object) -> AppTest:
    """The browser says what it kept, and Streamlit runs the callback and the page."""
    names = ("lab_token", "lab_heard", "lab_asked", "lab_refused")
    state = {name: tab.session_state[name] for name in names if name in tab.session_state}
    state[session.TAB_KEY] = SimpleNamespace(kept=kept)
    with monkeypatch.context() as patch:
        patch.setattr(session.st, "session_state", state)
        session._told()
    for name, value in state.items():
        if name != session.TAB_KEY:
            tab.session_state[name] = value
    return tab.run()


def desk_with(desks: Desks, name: str) -> str:
    token = desks.open()
    desk = desks.find(token)
    assert desk is not None
    desk.faces.add_class(name)
    return token


def test_a_visitor_has_a_desk_at_once_while_others_are_there(desks: Desks) -> None:
    desks.attend(desk_with(desks, "frown"), "somebody", lambda: True)
    assert shown(open_tab()) == ["nothing yet"]


def test_a_tab_that_loads_again_is_asked_and_finds_its_desk(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = desk_with(desks, "smile")  # whose page is gone for a moment
    tab = open_tab()
    assert shown(tab) == ["The lab comes back …"]
    assert shown(says(tab, monkeypatch, {"token": token})) == ["smile"]
    assert not desks.somebody_is_away()


@pytest.mark.parametrize("kept", [{"token": ""}, {"token": "guessed"}, {"token": 7}, {}, "token", None])
def test_a_token_of_nobody_gives_a_new_desk(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, kept: object
) -> None:
    desk_with(desks, "smile")
    tab = open_tab()
    assert shown(says(tab, monkeypatch, kept)) == ["nothing yet"]
    # Then the browser may keep the new one over it.
    token = kept.get("token") if isinstance(kept, dict) else None
    if isinstance(token, str):
        assert tab.session_state["lab_refused"] == token


def test_a_browser_that_answers_late_still_gets_its_desk(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = desk_with(desks, "smile")
    tab = open_tab()
    tab.session_state["lab_heard"] = True  # nobody has answered in time
    assert shown(tab.run()) == ["nothing yet"]
    assert shown(says(tab, monkeypatch, {"token": token})) == ["smile"]


def test_a_duplicated_tab_moves_to_the_desk_and_its_own_is_gone(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = desk_with(desks, "smile")
    desks.attend(token, "the first tab", lambda: True)
    tab = open_tab()
    own = tab.session_state["lab_token"]
    assert shown(tab) == ["nothing yet"]
    assert shown(says(tab, monkeypatch, {"token": token})) == ["smile"]
    assert desks.find(own) is None


def test_a_desk_that_was_erased_meanwhile_is_a_new_one(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = open_tab()
    desks.leave(tab.session_state["lab_token"], "this tab")
    assert shown(tab.run()) == ["nothing yet"]


def test_a_process_is_made_ready_for_a_browser_only(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(desks.workers, Kept)
    tab = open_tab().run()
    assert desks.workers.asked == 0
    says(tab, monkeypatch, {"token": ""})
    assert desks.workers.asked == 1


def test_the_token_is_in_nothing_that_the_page_shows(desks: Desks) -> None:
    tab = open_tab()
    assert dict(tab.query_params) == {} and tab.session_state["lab_token"] not in " ".join(shown(tab))
