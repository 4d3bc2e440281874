"""Charts follow the theme, also when the reader changes it while looking at them."""

from __future__ import annotations

import pytest

from fer_core.plots import LOOKS
from tests.e2e.conftest import OpenPage

PAPER_OF_A_CHART = (
    "paper => [...document.querySelectorAll('.js-plotly-plot')].length > 0 && "
    "[...document.querySelectorAll('.js-plotly-plot')].every(c => c._fullLayout?.paper_bgcolor === paper)"
)


@pytest.mark.parametrize(("first", "then"), [("dark", "light"), ("light", "dark")])
def test_charts_are_redrawn_when_the_theme_changes(open_page: OpenPage, first: str, then: str) -> None:
    watched = open_page("dataset", shade=first)
    watched.page.wait_for_function(PAPER_OF_A_CHART, arg=LOOKS[first].paper, timeout=60_000)
    watched.page.locator("[data-testid=stMainMenu] button").click()
    watched.page.locator("button, [role=menuitemradio], [role=radio]").filter(
        has_text=then.capitalize()
    ).click()
    watched.page.wait_for_function(PAPER_OF_A_CHART, arg=LOOKS[then].paper, timeout=60_000)
    watched.settle()
    assert watched.troubles == []


def test_a_chart_is_saved_as_a_picture_of_its_name(open_page: OpenPage) -> None:
    page = open_page("dataset").page
    with page.expect_download(timeout=60_000) as download:
        # By its key: charts do not always arrive in the order of the page.
        page.locator(".st-key-whole_chart .modebar-btn").click()
    assert download.value.suggested_filename == "fer2013-classes.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
