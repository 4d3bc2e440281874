"""Charts follow the theme, also when the reader changes it while looking at them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fer_core.places import SAMPLE_PHOTO
from fer_core.plots import LOOKS
from fer_core.recognition.drawing import contrast
from tests.e2e.conftest import OpenPage

PAPER_OF_A_CHART = (
    "paper => [...document.querySelectorAll('.js-plotly-plot')].length > 0 && "
    "[...document.querySelectorAll('.js-plotly-plot')].every(c => c._fullLayout?.paper_bgcolor === paper)"
)


@pytest.mark.parametrize(("first", "then"), [("dark", "light"), ("light", "dark")])
def test_charts_are_redrawn_when_the_theme_changes(open_page: OpenPage, first: str, then: str) -> None:
    watched = open_page("dataset?view=statistics", shade=first)
    watched.page.wait_for_function(PAPER_OF_A_CHART, arg=LOOKS[first].paper, timeout=60_000)
    watched.page.get_by_role("button", name=f"Change to {then}").click()
    watched.page.wait_for_function(PAPER_OF_A_CHART, arg=LOOKS[then].paper, timeout=60_000)
    watched.settle()
    assert watched.troubles == []


def test_a_chart_is_saved_as_a_picture_of_its_name(open_page: OpenPage) -> None:
    page = open_page("dataset?view=statistics").page
    with page.expect_download(timeout=60_000) as download:
        # By its key: charts do not always arrive in the order of the page.
        page.locator(".st-key-whole_chart .modebar-btn").click()
    assert re.fullmatch(r"raut-fer2013-classes-\d{4}-\d\d-\d\d\.png", download.value.suggested_filename)
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


COLOURS = """button => {
  const own = getComputedStyle(button), text = getComputedStyle(button.querySelector("p"));
  const page = getComputedStyle(document.querySelector(".stApp"));
  return [text.color, own.backgroundColor, own.outlineColor, page.backgroundColor];
}"""


def rgb(colour: str) -> tuple[int, int, int]:
    """ "rgb(29, 27, 24)" -> (29, 27, 24); a colour that lets another through is refused."""
    numbers = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour)
    assert numbers is not None, colour
    red, green, blue = (int(number) for number in numbers.groups())
    return red, green, blue


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_a_primary_button_can_be_read_and_its_focus_seen(
    open_page: OpenPage, tmp_path: Path, shade: str
) -> None:
    """The expression that a rater chose: WCAG 2.2 wants 4.5:1 for its text, 3:1 for its focus."""
    second = tmp_path / "again.jpg"
    second.write_bytes(SAMPLE_PHOTO.read_bytes() + b"\0")  # another file to Raut, with the same face
    watched = open_page("photos", shade=shade)
    page = watched.page
    page.locator("input[type=file]").set_input_files([SAMPLE_PHOTO, second])
    page.get_by_role("tab", name="Your rating").click(timeout=60_000)
    page.get_by_role("button", name="Sad").click(timeout=30_000)
    page.get_by_role("button", name="Back").click(timeout=30_000)
    chosen = page.get_by_test_id("stBaseButton-primary")
    chosen.wait_for(timeout=30_000)
    for state in ("plain", "focused", "hovered"):
        if state == "focused":
            chosen.focus()
            page.keyboard.press("Shift+Tab")
            page.keyboard.press("Tab")  # only the keyboard's focus is outlined
            assert chosen.evaluate("button => button.matches(':focus-visible')")
        elif state == "hovered":
            chosen.hover()
        page.wait_for_timeout(400)  # colours fade into each other
        text, button, outline, paper = (rgb(colour) for colour in chosen.evaluate(COLOURS))
        assert contrast(text, button) >= 4.5, f"{state}: {text} on {button}"
        if state == "focused":
            assert contrast(outline, paper) >= 3, f"{outline} on {paper}"
    assert watched.troubles == []
