"""Network as a class uses it: a kernel that is edited changes the result, and its link shows the same."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.explanation.convolution import convolve
from fer_core.explanation.network_reader import NetworkReader
from fer_core.labels import FER2013_LABELS
from fer_core.places import models_dir
from pages.network.faces import sample_face
from tests.e2e.conftest import OpenPage
from tests.e2e.watch import WatchedPage

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

    page.locator(".convolution label.which select").select_option("map4")
    page.get_by_label("Stride", exact=True).fill("1")
    page.get_by_text("here: the same number.").wait_for(timeout=30_000)
    reader = NetworkReader((models_dir() / "raut" / "model.tflite").read_bytes(), FER2013_LABELS)
    values = reader.run(face)
    first = next(layer for layer in reader.layers if layer.kind == "convolution")
    assert shown(watched) == pytest.approx(float(values[first.index][18, 9, 4]), abs=5e-3)
    assert watched.troubles == [] and watched.requests_outside == []
