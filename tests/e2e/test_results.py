"""Data set and Training in a real browser: charts are drawn, and pictures come where the data is there."""

from __future__ import annotations

import os

import pytest

from fer_core.datasets import find_fer2013
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
    watched.page.locator(CHART).first.wait_for(timeout=60_000)
    alone = watched.page.locator(".js-plotly-plot").count()
    watched.page.get_by_text("Compare with a second network").click()
    watched.page.wait_for_function(
        "count => document.querySelectorAll('.js-plotly-plot').length > count", arg=alone, timeout=60_000
    )
    watched.settle()
    assert watched.troubles == [] and watched.requests_outside == []


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
    page.locator(".raut-faces img").first.wait_for(timeout=90_000)
    assert watched.troubles == [] and watched.requests_outside == []
