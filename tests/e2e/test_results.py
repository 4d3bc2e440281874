"""Data set and Training in a real browser: charts are drawn, and pictures come where the data is there."""

from __future__ import annotations

import os

import pytest

from fer_core.datasets.find import find_fer2013
from fer_core.errors import DatasetError
from tests.e2e.conftest import LaunchBrowser, OpenPage, StartServer
from tests.e2e.watch import WatchedPage

CHART = ".js-plotly-plot .main-svg"


def test_charts_are_drawn_without_the_data(open_page: OpenPage) -> None:
    watched = open_page("dataset")
    watched.page.locator(CHART).first.wait_for(timeout=60_000)
    assert watched.page.get_by_text("FER2013_DIR").count() >= 1  # how to get the data and where to put it
    assert watched.troubles == [] and watched.requests_outside == []


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_training_draws_curves_and_a_matrix_for_each_of_two_networks(open_page: OpenPage, shade: str) -> None:
    watched = open_page("training", shade=shade)
    watched.page.get_by_text("Compare with a second network").click()
    for number in (1, 2):
        for chart in ("accuracy", "loss", "matrix"):
            watched.page.locator(f".st-key-network{number}_{chart} .main-svg").first.wait_for(timeout=60_000)
    watched.settle()
    assert watched.troubles == [] and watched.requests_outside == []


@pytest.mark.parametrize("language", ["en", "id"])
def test_on_a_phone_accuracies_are_in_sight_and_titles_of_the_matrix_apart(
    open_page: OpenPage, language: str
) -> None:
    watched = open_page("training", width=390, language=language)
    page = watched.page
    matrix = page.locator(".st-key-network1_matrix")
    matrix.locator(".main-svg").first.wait_for(timeout=60_000)
    for section in ("networks", "paper"):
        table = page.locator(f"xpath=//*[@id='{section}']/following::*[contains(@class, 'raut-table')][1]")
        accuracy = table.locator("tbody tr").first.locator("td").first.bounding_box()
        assert accuracy is not None and accuracy["x"] + accuracy["width"] <= 390
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
    page = open_page("training").page
    chart = page.locator(".st-key-training_speed")
    chart.locator(".main-svg").first.wait_for(timeout=60_000)
    drawn = page.evaluate(
        "() => document.querySelector('.st-key-training_speed .js-plotly-plot').data.map(t => t.x.length)"
    )
    assert sum(drawn) == chart.locator(".scatterlayer .point").count() >= 1


def test_pictures_are_shown_where_the_data_is(
    launch_browser: LaunchBrowser, start_server: StartServer
) -> None:
    try:
        place = find_fer2013()
    except DatasetError:
        pytest.skip("FER2013 is not on this computer (FER2013_DIR)")
    server = start_server(FER2013_DIR=os.environ.get("FER2013_DIR", str(place)))
    page = launch_browser().new_page(viewport={"width": 1440, "height": 1000}, locale="en-US")
    watched = WatchedPage(page, server)
    watched.visit("dataset")
    page.locator(".raut-grid img").first.wait_for(timeout=90_000)
    assert watched.troubles == [] and watched.requests_outside == []
