"""A round of the quiz with a class: a teacher and phones, each in a browser of its own."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pages.quiz.classroom.host_buttons import PAUSE_S
from tests.e2e.watch import WatchedPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.slow

WAIT_MS = 30_000
Visit = Callable[..., WatchedPage]


@pytest.fixture
def visit(browser: Browser, app_server: str) -> Visit:
    """`visit("quiz", width=390, language="id")` is somebody with a browser of their own."""

    def visit(path: str, *, width: int = 390, height: int = 844, language: str = "en") -> WatchedPage:
        locale = {"en": "en-US", "id": "id-ID"}[language]
        context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
        watched = WatchedPage(context.new_page(), app_server)
        watched.page.set_default_timeout(WAIT_MS)
        watched.visit(path)
        return watched

    return visit


def text(watched: WatchedPage, words: str) -> Locator:
    return watched.page.get_by_text(words).first


def in_one_window(watched: WatchedPage) -> bool:
    """Whether nothing of the page has to be scrolled to."""
    seen: bool = watched.page.evaluate(
        "(() => { const main = document.querySelector('[data-testid=stMain]');"
        " return main.scrollHeight <= main.clientHeight + 1 && main.scrollWidth <= main.clientWidth + 1; })()"
    )
    return seen


def press(teacher: WatchedPage, key: str) -> None:
    """A key of a presenter's remote, once the button is there and the press is no second half of a double one."""
    teacher.settle()
    teacher.page.locator(".st-key-quiz_host_next button").wait_for()
    teacher.page.wait_for_timeout(1000 * PAUSE_S)
    teacher.page.keyboard.press(key)


def test_a_class_answers_on_its_phones_and_sees_together_what_others_said(visit: Visit) -> None:
    teacher = visit("quiz?way=class&projector=true", width=1366, height=768)
    projector = teacher.page
    projector.locator(".st-key-quiz_host_open button").click()
    projector.locator(".raut-quiz-code").wait_for()
    code = projector.locator(".raut-quiz-code").inner_text()

    by_code = visit("quiz")
    by_code.page.get_by_role("button", name="Join a round").click()
    by_code.page.get_by_role("textbox", name="Room code").fill(code)
    by_code.page.get_by_role("textbox", name="Room code").press("Enter")
    text(by_code, "You are in").wait_for()
    by_address = visit(f"quiz?room={''.join(code.split())}", language="id")
    text(teacher, "2 phones have joined").wait_for()

    press(teacher, "PageDown")
    by_code.page.locator(".st-key-quiz_option_happy button").click()
    text(by_code, "Counted.").wait_for()
    text(teacher, "1 of 2 answered").wait_for()
    assert in_one_window(teacher)

    # A phone keeps its place, a late one gets one, and the teacher's browser finds the round again.
    by_code.page.reload()
    text(by_code, "Counted.").wait_for()
    late = visit(f"quiz?room={''.join(code.split())}")
    late.page.locator(".st-key-quiz_option_sad button").click()
    by_address.page.locator(".st-key-quiz_option_sad button").click()
    text(teacher, "All 3 have answered").wait_for()
    projector.reload()
    text(teacher, "All 3 have answered").wait_for()

    press(teacher, "PageDown")
    text(teacher, "What the class says").wait_for()
    text(teacher, "67%").wait_for()
    assert projector.get_by_text("Network", exact=True).locator("visible=true").count() == 1, "the top bar's"
    press(teacher, "PageUp")
    text(late, "Second vote, after talking").wait_for()
    late.page.locator(".st-key-quiz_option_happy button").click()
    text(teacher, "1 of 3 answered").wait_for()
    projector.locator(".st-key-quiz_host_bar").get_by_role("button", name="More").click()
    projector.get_by_role("button", name="Reveal at once").click()
    text(teacher, "Who says the same").wait_for()
    text(by_code, "Who says the same").wait_for()
    text(by_address, "Siapa yang sependapat").wait_for()
    teacher.settle()
    assert in_one_window(teacher), projector.evaluate(
        "document.querySelector('[data-testid=stMain]').scrollHeight"
    )

    projector.wait_for_timeout(1000 * PAUSE_S)
    projector.locator(".st-key-quiz_host_bar").get_by_role("button", name="More").click()
    projector.locator(".st-key-quiz_host_finish button").click()
    text(teacher, "Results of the round").wait_for()
    with projector.expect_download() as download:
        projector.get_by_role("button", name="Download the answers").click()
    with zipfile.ZipFile(download.value.path()) as taken:
        answers = taken.read("answers.csv").decode("utf-8-sig")
    assert "happy" in answers
    assert code.split()[0] not in answers
    projector.locator(".st-key-quiz_host_close button").click()
    projector.locator(".st-key-quiz_host_close_now button").click()
    projector.locator(".st-key-quiz_host_open").wait_for()
    text(by_code, "The round has ended").wait_for()
    for watched in (teacher, by_code, by_address, late):
        assert watched.troubles == []
        assert watched.requests_outside == []
        watched.page.context.close()
