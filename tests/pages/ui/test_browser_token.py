"""A token that the browser keeps: what it says counts only where the server knows it, and what has ended is erased."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from pages.ui.browser_token import kept
from pages.ui.browser_token.kept import ANSWERS_WITHIN_S, LONGEST_TOKEN, BrowserToken
from tests.clock import Clock

KNOWN = {"mine", "other"}
TOKEN = BrowserToken(name="raut-test", key="test", lasts="browser", is_known=lambda token: token in KNOWN)


class Browser(dict[str, Any]):
    """The session, with what the component gets and whether the page was to run anew."""

    asked: dict[str, Any]
    reruns = 0

    def says(self, kept: object) -> bool:
        self[TOKEN.component_key] = SimpleNamespace(kept=kept)
        return TOKEN.told()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(kept.time, "monotonic", clock)
    return clock


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Browser]:
    browser = Browser()

    def part(**given: Any) -> None:
        browser.asked = given["data"]

    def rerun() -> None:
        browser.reruns += 1

    monkeypatch.setattr(kept.st, "session_state", browser)
    monkeypatch.setattr(kept.st, "rerun", rerun)
    monkeypatch.setattr(kept.st.components.v2, "component", lambda *_given, **_more: part)
    yield browser


def test_the_browser_gets_the_token_and_says_nothing_new(browser: Browser) -> None:
    assert TOKEN.token() is None and not TOKEN.heard
    TOKEN.keep("mine")
    TOKEN._ask(False)
    assert browser.asked == {
        "name": "raut-test", "lasts": "browser", "token": "mine", "heard": False, "refused": "",
    }  # fmt: skip
    assert not browser.says({"token": "mine"})
    assert TOKEN.heard and TOKEN.token() == "mine" and not browser.reruns


def test_a_session_moves_to_what_the_browser_kept_and_its_page_runs_anew(browser: Browser) -> None:
    TOKEN.keep("mine")
    assert browser.says({"token": "other"})
    assert TOKEN.token() == "other"
    TOKEN._ask(False)
    TOKEN._ask(False)
    assert browser.reruns == 1


@pytest.mark.parametrize("said", [{"token": "guessed"}, {"token": 7}, {"token": ["mine"]}, {}, "mine", None])
def test_what_nobody_knows_changes_nothing(browser: Browser, said: object) -> None:
    TOKEN.keep("mine")
    assert not browser.says(said)
    assert TOKEN.token() == "mine"


def test_no_more_of_a_long_text_is_said_back_than_a_token_is_long(browser: Browser) -> None:
    browser.says({"token": "x" * 10_000})
    TOKEN._ask(False)
    assert browser.asked["refused"] == "x" * LONGEST_TOKEN


@pytest.mark.parametrize("by_itself", [True, False])
def test_what_has_ended_is_erased_in_the_browser(browser: Browser, by_itself: bool) -> None:
    TOKEN.keep("over" if by_itself else "mine")
    assert TOKEN.token() == (None if by_itself else "mine")
    TOKEN.forget()
    TOKEN._ask(False)
    assert browser.asked["token"] == ""
    assert browser.asked["refused"] == ("over" if by_itself else "mine")  # kept.js removes it
    TOKEN.forget()  # once more: nothing to forget
    assert browser["test_refused"] == ("over" if by_itself else "mine")


def test_a_browser_that_says_nothing_is_not_waited_for_longer(browser: Browser, clock: Clock) -> None:
    TOKEN._ask(True)
    clock.now_s += 3  # the page runs once more, for another reason
    TOKEN._ask(True)
    assert not TOKEN.heard and not browser.reruns
    clock.now_s += ANSWERS_WITHIN_S - 3
    TOKEN._ask(True)
    assert TOKEN.heard and browser.reruns == 1
