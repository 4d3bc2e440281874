"""Network as a class uses it: five steps walked by keyboard; an edited kernel changes the result, as its link does."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest

from fer_core.explanation.convolution import convolve
from fer_core.explanation.network_reader import NetworkReader
from fer_core.explanation.softmax import answer_of_scores
from fer_core.labels import EMOTIONS, FER2013_LABELS
from fer_core.places import models_dir
from pages.network.faces import sample_face
from tests.e2e.conftest import OpenPage
from tests.e2e.watch import WatchedPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

STEPS = ("Overview", "Stage", "Convolution", "Classification", "What it looks at")
CODES = ("overview", "stage", "convolution", "classification", "attention")
FOCUSED = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (["MAIN", "BODY"].includes(one?.tagName)) return "";
  return `${one?.className} ${one?.getAttribute("aria-label") ?? ""} ${one?.innerText ?? ""}`;
}"""
"""What has the focus, also within components."""
MOST_TABS = 60


KERNEL = "0_-1_0.5_2_1_0_-0.25_0_1"
"""In rows."""


def shown(watched: WatchedPage) -> float:
    """The number of the window that is lit up."""
    return float(watched.page.locator(".convolution output").inner_text().replace("−", "-").replace(",", ""))


def test_an_edited_kernel_changes_the_result_as_computed_here(open_page: OpenPage) -> None:
    face = sample_face("portrait")
    weights = np.array([float(text) for text in KERNEL.split("_")]).reshape(3, 3)

    def expected(kernel: np.ndarray, *, stride: int = 1, bias: float = 0.0, row: int, column: int) -> float:
        made = convolve(face, kernel, stride=stride, bias=bias)
        return float(made[row, column])

    watched = open_page(
        f"network?network=raut&step=convolution&numbers=grey&patch=10_20&kernel={KERNEL}", width=1366
    )
    page = watched.page
    page.locator(".convolution output").wait_for(timeout=60_000)
    watched.settle()
    assert shown(watched) == pytest.approx(expected(weights, row=18, column=8), abs=0.5)

    page.get_by_role("button", name="Next").click()
    assert shown(watched) == pytest.approx(expected(weights, row=18, column=9), abs=0.5)

    weights[0, 1] = 3
    cell = page.get_by_label("Weight in row 1, column 2", exact=True)
    cell.focus()
    page.keyboard.type("3")
    assert shown(watched) == pytest.approx(expected(weights, row=18, column=9), abs=0.5)
    page.get_by_label("Bias", exact=True).fill("-50")
    assert shown(watched) == pytest.approx(expected(weights, bias=-50, row=18, column=9), abs=0.5)
    page.wait_for_url("**kernel=0_3_0.5_2_1_0_-0.25_0_1**", timeout=30_000)
    watched.settle()

    page.get_by_label("Stride", exact=True).fill("6")
    page.get_by_text("With stride 6 the kernel leaves the 5×5 patch").wait_for()
    page.get_by_label("Stride", exact=True).fill("2")
    # The patch begins where a window does: at row and column 18 and 8, or 9 and 4 of the map.
    assert shown(watched) == pytest.approx(expected(weights, stride=2, bias=-50, row=9, column=5), abs=0.5)
    page.wait_for_url("**stride=2**", timeout=30_000)
    watched.settle()

    second = WatchedPage(page.context.new_page(), watched.server)
    second.page.goto(page.url)
    second.page.locator(".convolution output").wait_for(timeout=60_000)
    assert shown(second) == shown(watched)
    second.page.close()

    page.locator(".convolution label.which select").select_option("map5")
    page.get_by_label("Stride", exact=True).fill("1")
    page.get_by_text("here: the same number.").wait_for(timeout=30_000)
    reader = NetworkReader((models_dir() / "raut" / "model.tflite").read_bytes(), FER2013_LABELS)
    values = reader.run(face)
    first = next(layer for layer in reader.layers if layer.kind == "convolution")
    assert shown(watched) == pytest.approx(float(values[first.index][18, 9, 4]), abs=5e-3)
    assert watched.troubles == [] and watched.requests_outside == []


def test_a_moved_score_and_temperature_give_the_probabilities_computed_here(open_page: OpenPage) -> None:
    reader = NetworkReader((models_dir() / "raut" / "model.tflite").read_bytes(), FER2013_LABELS)
    values = reader.run(sample_face("portrait"))
    assert values.mirror_scores is not None
    watched = open_page("network?network=raut&step=classification&part=softmax")
    page = watched.page
    page.get_by_role("button", name="Show the answer").click(timeout=60_000)
    sad = page.locator(".softmax input[data-code=sad]")
    sad.fill("4")
    page.locator(".softmax .temperature input").fill("0.7")  # its logarithm

    moved = np.zeros(len(FER2013_LABELS))
    at = FER2013_LABELS.index("sad")
    moved[at] = float(sad.input_value()) - values.scores[at]
    temperature = float(np.exp(0.7))
    expected = answer_of_scores(values.scores + moved, values.mirror_scores + moved, temperature)
    last = page.locator(".softmax tbody tr td:last-child").all_inner_texts()[:-1]
    shown = [float(text.strip("<>%")) for text in last]
    names = page.locator(".softmax tbody tr th").all_inner_texts()[:-1]
    assert names == [EMOTIONS[code].english for code in FER2013_LABELS]
    assert shown == pytest.approx(100 * expected, abs=0.06)
    assert watched.troubles == []


def tab_to(page: Page, words: str) -> None:
    """Press the tabulator key until what has the focus is called so."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"{MOST_TABS} presses of the tabulator key do not lead to “{words}”")


def address(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlparse(page.url).query).items()}


def wait_for(watched: WatchedPage, **parameters: str | None) -> None:
    """Until the address says so and the page stands."""
    for name, text in parameters.items():
        watched.page.wait_for_function(
            "([name, text]) => new URL(location).searchParams.get(name) === text", arg=[name, text]
        )
    watched.settle()


def test_the_five_steps_are_walked_by_keyboard(open_page: OpenPage) -> None:
    watched = open_page("network?network=raut-compact")
    page = watched.page
    page.locator("button.card").first.wait_for(timeout=60_000)

    # Overview: the question is answered, then the third stage opens.
    tab_to(page, "Show the answer")
    page.keyboard.press("Enter")
    page.get_by_text("The answer:").wait_for()
    watched.settle()
    tab_to(page, "card")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    wait_for(watched, step="stage", stage="conv2", map=None)

    # Stage: a map opens, the next one follows, and Escape goes back; twice, to all stages.
    page.locator(".tile").first.wait_for()
    tab_to(page, "tile")
    page.keyboard.press("Enter")
    page.locator(".readout").wait_for()
    first = address(page)["map"]
    page.locator(".raut-feeds tbody tr").first.wait_for()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => new URL(location).searchParams.get('map') !== before", arg=first)
    watched.settle()
    page.keyboard.press("Escape")
    wait_for(watched, map=None)
    page.locator(".tile").first.wait_for()
    page.keyboard.press("Escape")
    wait_for(watched, step="overview")

    # The step control goes through all five; each asks before it shows.
    page.locator("button.card").first.wait_for()
    page.locator("body").focus()
    tab_to(page, "Overview")
    for code in CODES[1:]:
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        wait_for(watched, step=code)
        page.get_by_role("button", name="Show the answer").or_(
            page.get_by_role("button", name="Ask again")
        ).first.wait_for()
        assert STEPS[CODES.index(code)] in page.evaluate(FOCUSED)
    assert watched.troubles == []
    assert watched.requests_outside == []
