"""A round of the quiz by keys alone, on the drawings that ship."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import OpenPage
from tests.e2e.test_accessibility import NOTHING_FADES, findings

FACES = 9
STARTS = ".st-key-quiz_start button"
QUESTION = ".raut-quiz-question"
NEXT = ".st-key-quiz_next button"
HAS_FOCUS = "selector => document.activeElement?.matches(selector)"


def test_a_round_is_played_by_keys_alone_and_a_reload_goes_on_where_it_was(open_page: OpenPage) -> None:
    pytest.importorskip("axe_playwright_python")
    watched = open_page("quiz", width=1366)
    page = watched.page
    page.locator(STARTS).press("Enter")
    found = []
    for number in range(1, FACES + 1):
        page.locator(f'.raut-quiz-face[data-turn="{number - 1}-asked"]').wait_for()
        page.wait_for_function(HAS_FOCUS, arg=QUESTION)
        if number == 1:
            page.add_style_tag(content=NOTHING_FADES)
            found += findings(watched)
            fold = page.evaluate(
                "Math.max(...[...document.querySelectorAll('.raut-quiz-face img, .st-key-quiz_options button')]"
                ".map(part => part.getBoundingClientRect().bottom))"
            )
            assert fold <= 768, "face, question and answers stand in one window of 1366x768"
        page.keyboard.press("4" if number % 2 else "0")
        page.wait_for_function(HAS_FOCUS, arg=NEXT)
        if number == 1:
            found += findings(watched)
        if number == 3:
            page.reload()
            page.locator(NEXT).wait_for()
            assert page.get_by_text("Face 3 of 9").is_visible()
            page.keyboard.press("ArrowLeft")
            page.locator('.raut-quiz-face[data-turn="1-revealed"]').wait_for()
            page.keyboard.press("ArrowRight")
            page.locator('.raut-quiz-face[data-turn="2-revealed"]').wait_for()
            page.wait_for_function(HAS_FOCUS, arg=NEXT)
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="Results", exact=True).wait_for()
    watched.settle()
    found += findings(watched)
    assert found == []
    assert watched.troubles == []
