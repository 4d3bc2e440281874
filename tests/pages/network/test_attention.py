"""Step "What it looks at": maps, a patch that is moved, and a patch everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.explanation.occlusion import Patch, cover
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network
from pages.network.attention.cover_patch import read_patch
from pages.network.attention.covering import patch_of_text, text_of_patch
from pages.network.attention.words import place_name
from pages.network.faces import sample_face
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.network.test_classification import PAGE, component

LABELS = find_network("raut-compact").labels


def test_a_link_covers_the_place_that_it_names_and_the_shipped_network_answers(open_app: OpenApp) -> None:
    address = {"step": "attention", "look": "cover", "network": "raut-compact", "cover": "4,20,24,black"}
    app = open_app(PAGE, address=address)
    assert_no_trouble(app)
    assert "eyes or mouth?" in texts(app)
    next(button for button in app.button if button.label == "Show the answer").click().run()
    assert_no_trouble(app)
    sent = component(app, "network_cover")
    assert sent["patch"] == {"left": 4, "top": 20, "size": 24, "fill": "black"}
    face = sample_face("portrait")
    faces = np.stack([face, cover(face, Patch(4, 20, 24, "black"))])
    before, after = ExpressionRecognizer(find_network("raut-compact")).predict(faces)
    for row in sent["rows"]:
        column = LABELS.index(row["code"])
        assert row["before"] == pytest.approx(float(before[column]), abs=1e-5)
        assert row["after"] == pytest.approx(float(after[column]), abs=1e-5)


def test_the_map_of_each_expression_and_the_numbers_that_add_up_to_its_score(open_app: OpenApp) -> None:
    address = {"step": "attention", "network": "raut-compact", "expression": "sad", "cover": "99,0,8,mean"}
    app = open_app(PAGE, address=address)
    next(button for button in app.button if button.label == "Show the answer").click().run()
    assert_no_trouble(app)
    tiles = component(app, "network_tiles")
    assert len(tiles["names"]) == len(LABELS)
    assert tiles["names"][tiles["chosen"]].startswith("Heat map of Sad")
    (grid,) = [
        element.value for element in app.main.get("html") if "Numbers by row and column" in element.value
    ]
    assert grid.count("<td style") == 36
    # Another part of the same step, with the address of the test before it refused.
    app.query_params["look"] = "cover"
    app.run()
    next(button for button in app.button if button.label == "Show the answer").click().run()
    assert "cover=99,0,8,mean" in "\n".join(element.value for element in app.warning).replace("\\", "")
    assert component(app, "network_cover")["patch"]["size"] == 24


def test_covered_everywhere_both_maps_stand_beside_each_other_and_are_compared(open_app: OpenApp) -> None:
    address = {
        "step": "attention",
        "look": "occlusion",
        "network": "raut-compact",
        "size": "24",
        "fill": "black",
    }
    app = open_app(PAGE, address=address, language="id")
    next(button for button in app.button if button.label == "Tampilkan jawaban").click().run()
    assert_no_trouble(app)
    shown = texts(app)
    assert "korelasi peringkat" in shown and "dari 144 posisi" in shown
    for english in ("patch", "covering", "heat map", "falls"):
        assert english not in shown
    app.button(key="occlusion_to_cover").click().run()
    assert app.query_params["look"] == "cover"
    assert app.query_params["cover"].endswith(",24,black")


def test_a_patch_is_read_from_an_address_or_a_browser_only_where_it_is_offered() -> None:
    assert patch_of_text("16,30,16,mean") == Patch(16, 30, 16)
    assert patch_of_text(text_of_patch(Patch(0, 24, 24, "blur"))) == Patch(0, 24, 24, "blur")
    for wrong in ("", "1,2", "1,2,8", "1,2,9,mean", "41,0,8,mean", "-1,0,8,mean", "1,2,8,flowers", "1,2,8,mean,3", "a,b,c,d"):  # fmt: skip
        assert patch_of_text(wrong) is None
    for wrong in (None, 3, {}, {"left": 1.5, "top": 0, "size": 8, "fill": "mean"},
                  {"left": True, "top": 0, "size": 8, "fill": "mean"}, {"left": 0, "top": 0, "size": [8], "fill": "mean"}):  # fmt: skip
        assert read_patch(wrong) is None


def test_places_are_ninths_of_the_picture() -> None:
    assert place_name(0, 0) == "above left"
    assert place_name(0.5, 0.99) == "right in the middle"
    assert place_name(1, 0.5) == "below in the middle"
