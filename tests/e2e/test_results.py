"""Training in a real browser: charts are drawn, on a phone, too."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import OpenPage


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_training_draws_curves_of_two_networks_and_their_difference(open_page: OpenPage, shade: str) -> None:
    networks = "network=raut,raut-compact"
    watched = open_page(f"training?view=curves&{networks}", shade=shade)
    watched.page.locator(".st-key-training_curves .main-svg").first.wait_for(timeout=60_000)
    watched.settle()
    assert watched.troubles == [] and watched.requests_outside == []
    watched = open_page(f"training?view=accuracy&numbers=difference&{networks}", shade=shade)
    cells = watched.page.locator(".st-key-training_matrix [data-at]")
    cells.first.wait_for(timeout=60_000)
    assert cells.count() == 49 and any("+" in text for text in cells.all_text_contents())
    watched.settle()
    assert watched.troubles == [] and watched.requests_outside == []


def test_a_cell_opens_its_pictures_and_one_leads_to_its_sheet(open_page: OpenPage) -> None:
    """Without FER2013 they are row numbers. By keys to the cell, by a click to the sheet, and one step back."""
    watched = open_page("training?view=accuracy", width=1366)
    page = watched.page
    cells = page.locator(".st-key-training_matrix [data-at]")
    cells.first.wait_for(timeout=60_000)
    cells.first.focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):  # label angry, answer fear
        page.keyboard.press(key)
    page.wait_for_url("**cell=angry-fear*")
    lines = page.locator(".st-key-training_answers a")
    page.locator(".st-key-accuracy_close").first.wait_for()
    expected = int((cells.nth(2).text_content() or "").replace(",", ""))
    watched.settle()
    assert lines.count() == min(24, expected)
    row = lines.first.get_attribute("data-row")
    lines.first.click()
    page.wait_for_url(f"**/dataset?*predicted.raut=fear*sheet={row}*")
    page.locator(".st-key-dataset_sheet_head").get_by_text(f"Row {row}").wait_for(timeout=60_000)
    page.go_back()
    page.locator(".st-key-accuracy_close").first.wait_for(timeout=60_000)
    assert "cell=angry-fear" in page.url and "/training" in page.url
    assert watched.troubles == [] and watched.requests_outside == []


@pytest.mark.parametrize("language", ["en", "id"])
def test_on_a_phone_accuracies_are_in_sight_and_the_matrix_is_whole(
    open_page: OpenPage, language: str
) -> None:
    for view in ("networks", "paper"):
        watched = open_page(f"training?view={view}", width=390, language=language)
        table = watched.page.locator(".raut-table").first
        accuracy = table.locator("tbody tr").first.locator("td").first.bounding_box()
        assert accuracy is not None and accuracy["x"] + accuracy["width"] <= 390
        assert watched.troubles == []
    watched = open_page("training?view=accuracy", width=390, language=language)
    cells = watched.page.locator(".st-key-training_matrix [data-at]")
    cells.first.wait_for(timeout=60_000)
    cells.first.scroll_into_view_if_needed()
    for cell in (cells.nth(6), cells.last):
        box = cell.bounding_box()
        assert box is not None and box["width"] >= 24 and box["height"] >= 24, "can be hit by a finger"
        assert box["x"] + box["width"] <= 390
        assert cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth"), "the number is whole"
    assert watched.troubles == []


def test_accuracy_against_speed_is_drawn_with_every_network_of_its_split(open_page: OpenPage) -> None:
    page = open_page("training?view=networks").page
    chart = page.locator(".st-key-training_speed")
    chart.locator(".main-svg").first.wait_for(timeout=60_000)
    drawn = page.evaluate(
        "() => document.querySelector('.st-key-training_speed .js-plotly-plot').data.map(t => t.x.length)"
    )
    assert sum(drawn) == chart.locator(".scatterlayer .point").count() >= 1
