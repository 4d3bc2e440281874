"""The lab on pictures of FER2013: a training is watched, left, found again, stopped, and its network tried."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage, StartServer

SETUP = "lab?classes=happy,sad&epochs=100&batch=16"
CHART = ".js-plotly-plot .main-svg"


@pytest.fixture(scope="module")
def lab_server(
    chromium_path: str, start_server: StartServer, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The app with 700 made-up pictures of two classes: 600 to learn from, in tenths of a second an epoch."""
    folder: Path = tmp_path_factory.mktemp("fer2013")
    rng = np.random.default_rng(0)
    usages = ("Training",) * 600 + ("PublicTest",) * 80 + ("PrivateTest",) * 20
    rows = ["emotion,pixels,Usage"]
    for index, usage in enumerate(usages):
        shade = 60 if index % 2 else 140  # easily told apart
        pixels = " ".join(map(str, rng.integers(shade, shade + 60, 48 * 48)))
        rows.append(f"{3 if index % 2 else 4},{pixels},{usage}")
    (folder / "fer2013.csv").write_text("\n".join(rows) + "\n")
    return start_server(FER2013_DIR=str(folder), RAUT_CACHE_DIR=str(folder / "cache"))


def test_a_training_is_watched_left_found_again_stopped_and_tried(
    open_page: OpenPage, lab_server: str
) -> None:
    watched = open_page("about", width=1366)
    page = watched.page
    watched.server = lab_server
    watched.visit(SETUP)
    page.get_by_role("button", name="Start the training").click()
    curves = page.get_by_role("img", name=re.compile("^Accuracy;"))
    curves.wait_for(timeout=120_000)
    expect(
        page.get_by_role("list", name="Faces of the newest step").get_by_role("listitem")
    ).not_to_have_count(0)
    page.locator(".raut-lab-right, .raut-lab-wrong").first.wait_for(timeout=60_000)

    watched.go("Home")
    watched.go("Lab")
    curves.wait_for(timeout=30_000)
    page.reload()
    curves.wait_for(timeout=60_000)

    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text("Stopped by you after").wait_for(timeout=60_000)
    page.get_by_text("80 test pictures (PublicTest)").first.wait_for()
    page.locator(CHART).first.wait_for(timeout=30_000)
    expect(page.get_by_role("tab", name="Confusion matrix")).to_be_visible()

    page.get_by_role("tab", name="Photo").click()
    page.locator(".st-key-lab_sample").get_by_text("Portrait", exact=True).click()
    bars = page.locator("table.lab-bars").first
    bars.get_by_text("Sad").wait_for(timeout=30_000)
    assert "Angry" not in bars.inner_text(), "only the classes of this network"
    assert watched.troubles == [] and watched.requests_outside == []
