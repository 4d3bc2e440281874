"""Training in a real browser: charts are drawn, on a phone, too."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import OpenPage


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_training_draws_curves_and_a_matrix_for_each_of_two_networks(open_page: OpenPage, shade: str) -> None:
    networks = "network=raut,raut-compact"
    for view, charts in {"curves": ("accuracy", "loss"), "accuracy": ("matrix",)}.items():
        watched = open_page(f"training?view={view}&{networks}", shade=shade)
        for number in (1, 2):
            for chart in charts:
                watched.page.locator(f".st-key-network{number}_{chart} .main-svg").first.wait_for(
                    timeout=60_000
                )
    watched.settle()
    assert watched.troubles == [] and watched.requests_outside == []


@pytest.mark.parametrize("language", ["en", "id"])
def test_on_a_phone_accuracies_are_in_sight_and_titles_of_the_matrix_apart(
    open_page: OpenPage, language: str
) -> None:
    for view in ("networks", "paper"):
        watched = open_page(f"training?view={view}", width=390, language=language)
        table = watched.page.locator(".raut-table").first
        accuracy = table.locator("tbody tr").first.locator("td").first.bounding_box()
        assert accuracy is not None and accuracy["x"] + accuracy["width"] <= 390
        assert watched.troubles == []
    watched = open_page("training?view=accuracy", width=390, language=language)
    matrix = watched.page.locator(".st-key-network1_matrix")
    matrix.locator(".main-svg").first.wait_for(timeout=60_000)
    matrix.scroll_into_view_if_needed()
    title, *axes = (
        matrix.locator(part).first.bounding_box()
        for part in (".gtitle", ".xtitle", ".ytitle", ".xaxislayer-above")
    )
    assert title is not None
    for axis in axes:
        assert axis is not None
        assert axis["y"] >= title["y"] + title["height"] or axis["x"] >= title["x"] + title["width"]
    assert watched.troubles == []


def test_accuracy_against_speed_is_drawn_with_every_network_of_its_split(open_page: OpenPage) -> None:
    page = open_page("training?view=networks").page
    chart = page.locator(".st-key-training_speed")
    chart.locator(".main-svg").first.wait_for(timeout=60_000)
    drawn = page.evaluate(
        "() => document.querySelector('.st-key-training_speed .js-plotly-plot').data.map(t => t.x.length)"
    )
    assert sum(drawn) == chart.locator(".scatterlayer .point").count() >= 1
