"""View "Map" of the page Data set: what is handed to the browser, what lasso and clicks do, a face from Photos."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.datasets.filters import Condition, Filter
from fer_core.datasets.map import shipped_map
from fer_core.datasets.statistics.shipped import shipped_rows
from pages.dataset.map_points import _flags, _palette
from pages.ui import session_keys
from pages.ui.i18n import speaking
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts

PAGE = "pages/dataset/page.py"
ROWS = 35_887


def numbers(text: str, dtype: type) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype)


def flags(text: str) -> np.ndarray:
    return np.unpackbits(numbers(text, np.uint8), count=ROWS).astype(bool)


def on_map(app: AppTest) -> dict[str, Any]:
    return next(
        json.loads(each.proto.json)
        for each in app.get("bidi_component")
        if each.proto.component_name == "dataset_map"
    )


def open_map(open_app: OpenApp, language: str | None = None) -> AppTest:
    app = open_app(PAGE, language=language)
    app.segmented_control(key="view").set_value("map").run()
    assert_no_trouble(app)
    return app


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "What distances do not mean"), ("id", "Yang tidak ditunjukkan oleh jarak")],
)
def test_without_the_data_all_points_are_there_and_it_says_what_distances_do_not_mean(
    open_app: OpenApp, no_fer2013: None, language: str, sentence: str
) -> None:
    app = open_map(open_app, language)
    data = on_map(app)
    places = numbers(data["places"], np.int16).reshape(-1, 2)
    assert len(places) == ROWS and np.abs(places.astype(int)).max() == 32_767
    # As far from each other as on the map that ships, up to rounding.
    drawn = shipped_map().coordinates
    ratio = np.ptp(places.astype(float), axis=0) / np.ptp(drawn, axis=0)
    assert ratio[0] == pytest.approx(ratio[1], rel=1e-3)
    assert len(numbers(data["classes"], np.uint8)) == ROWS and flags(data["inside"]).all()
    assert not data["pictures"] and not flags(data["selected"]).any()
    assert sentence in texts(app)
    near = shipped_map().facts["measured"]["PrivateTest"]["neighbours"]
    assert f"{round(100 * near)}%" in texts(app), "the figures beside the map are generated"
    assert len(json.dumps(data)) < 700_000


def test_each_colour_counts_the_pictures_of_the_filter() -> None:
    table = shipped_rows()
    inside = Filter((Condition("label", ("happy",)),)).mask(table)
    with speaking("en"):
        for column_id in ("label", "vote", "predicted:raut", "right:raut", "split"):
            classes, palette = _palette(table, column_id, inside)
            assert classes.max() < len(palette), column_id
            assert sum(int(str(entry["count"]).replace(",", "")) for entry in palette) == inside.sum()
        classes, palette = _palette(table, "right:raut", inside)
    wrong = next(at for at, entry in enumerate(palette) if entry["name"] == "wrong")
    np.testing.assert_array_equal(classes == wrong, table.values("right:raut") == 0)


def test_only_what_the_filter_leaves_is_inside_and_what_is_selected_is_marked(
    open_app: OpenApp, no_fer2013: None
) -> None:
    app = open_app(PAGE)
    app.query_params["label"] = "disgust"
    app.session_state["dataset_selected"] = np.array([0, 299], np.int64)
    app.segmented_control(key="view").set_value("map").run()
    assert_no_trouble(app)
    labels = shipped_rows().values("label")
    np.testing.assert_array_equal(flags(on_map(app)["inside"]), labels == 1)
    chosen = np.flatnonzero(flags(on_map(app)["selected"])).tolist()
    assert chosen == [row for row in (0, 299) if labels[row] == 1]


def test_what_is_no_set_of_points_is_left_alone() -> None:
    whole = base64.b64encode(np.packbits([True, False, True]).tobytes()).decode()
    assert _flags(whole, 3) is not None
    for wrong in (None, 7, "?", "", whole + whole, base64.b64encode(b"12345").decode()):
        assert _flags(wrong, 3) is None


def test_a_face_stands_at_the_mean_of_its_ten_nearest_and_can_be_taken_off(
    open_app: OpenApp, no_fer2013: None, files_written: list[str]
) -> None:
    app = open_app(PAGE)
    face = np.random.default_rng(1).integers(0, 256, (48, 48), dtype=np.uint8)
    app.session_state[session_keys.PLACED_FACE] = {"face_gray": face, "turn": 5}
    app.segmented_control(key="view").set_value("map").run()
    assert_no_trouble(app)
    data = on_map(app)
    placed = data["placed"]
    assert len(set(placed["nearest"])) == 10 and placed["turn"] == 5
    places = numbers(data["places"], np.int16).reshape(-1, 2)
    np.testing.assert_allclose(placed["place"], places[placed["nearest"]].mean(axis=0), atol=8)
    assert files_written == []
    app.button(key="map_face_off").click().run()
    assert on_map(app)["placed"] is None
