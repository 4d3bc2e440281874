"""Step "Classification": the numbers that are shown are those that the network computes, and add up."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.explanation.network_reader import NetworkReader
from fer_core.explanation.softmax import answer_of_scores
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network, read_litert
from pages.network.classification.softmax import moves_of_text
from pages.network.classification.softmax_sliders import Sliders, limits, read_settled
from pages.network.faces import sample_face
from pages.network.numbers import number_grid, signed_number
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts

PAGE = "pages/network/page.py"
SLIDERS = Sliders("x", {"happy": "Happy", "sad": "Sad"}, {"happy": 3.2, "sad": -1.0}, None, 1.3, 1.3, {})


def opened(open_app: OpenApp, **address: str) -> AppTest:
    """The page with its question answered."""
    app = open_app(PAGE, address={"step": "classification", **address})
    assert_no_trouble(app)
    next(button for button in app.button if button.label == "Show the answer").click().run()
    assert_no_trouble(app)
    return app


def component(app: AppTest, name: str) -> dict[str, Any]:
    """What a part in the browser was sent."""
    (found,) = [each for each in app.get("bidi_component") if each.proto.component_name == name]
    data: dict[str, Any] = json.loads(found.proto.json)
    return data


def reader_of(name: str) -> NetworkReader:
    info = find_network(name)
    return NetworkReader(read_litert(info), info.labels, info.name)


@pytest.mark.parametrize(("name", "kind"), [("raut", "maps"), ("paper-small", "places")])
def test_the_bars_of_two_expressions_end_at_the_scores_that_the_network_computes(
    open_app: OpenApp, name: str, kind: str
) -> None:
    app = opened(open_app, part="dense", network=name, parts=kind, expression="sad", against="happy")
    (chart,) = [json.loads(each.proto.spec) for each in app.get("plotly_chart")]
    values = reader_of(name).run(sample_face("portrait"))
    labels = find_network(name).labels
    for bars, code in zip(
        [one for one in chart["data"] if one["type"] == "bar"], ("sad", "happy"), strict=True
    ):
        *parts, total = bars["x"]
        assert total == pytest.approx(sum(parts), abs=1e-4)
        assert total == pytest.approx(float(values.scores[labels.index(code)]), abs=1e-4)
        assert len(parts) == 12  # ten, the others, the bias


def test_flatten_or_mean_shows_the_mean_of_a_map_and_which_network_does_which(open_app: OpenApp) -> None:
    app = opened(open_app, part="positions", network="raut-compact", lastmap="7")
    reader = reader_of("raut-compact")
    values = reader.run(sample_face("portrait"))
    (mean,) = [layer for layer in reader.layers if layer.kind == "mean"]
    shown = texts(app)
    assert "Map 7" in shown
    assert f"**{values[mean.index][6]:.3f}**" in shown
    (table,) = [element.value for element in app.main.get("html") if "Paper, small" in element.value]
    assert "flattens" in table and "takes the mean" in table and "Raut compact (this page)" in table


def test_the_sliders_begin_with_what_the_network_computes_and_where_the_address_has_them(
    open_app: OpenApp,
) -> None:
    app = opened(open_app, part="softmax", network="raut", temperature="2.5", scores="sad:1.5")
    sent = component(app, "network_softmax")
    info, values = find_network("raut"), reader_of("raut").run(sample_face("portrait"))
    assert [row["code"] for row in sent["rows"]] == list(info.expressions)
    order = [info.labels.index(row["code"]) for row in sent["rows"]]
    np.testing.assert_allclose([row["score"] for row in sent["rows"]], values.scores[order])
    np.testing.assert_allclose([row["mirror"] for row in sent["rows"]], values.mirror_scores[order])
    assert {row["code"]: row["move"] for row in sent["rows"] if row["move"]} == {"sad": 1.5}
    assert sent["temperature"] == 2.5
    assert sent["own"] == pytest.approx(info.record.temperature, abs=1e-4)
    # What the part computes from these before anything is moved is what Photos would show, but for 8 bits.
    computed = answer_of_scores(values.scores, values.mirror_scores, sent["own"])
    shipped = ExpressionRecognizer(info).predict(sample_face("portrait")[None])[0]
    assert np.abs(computed - shipped).max() < 0.01
    assert "mirror image" in texts(app)


def test_an_address_that_says_something_else_gives_a_sentence_and_the_networks_own_numbers(
    open_app: OpenApp,
) -> None:
    app = opened(open_app, part="softmax", network="paper-small", temperature="-1", scores="bored:1")
    said = "\n".join(element.value for element in app.warning)
    assert "temperature=" in said and "scores=bored" in said
    sent = component(app, "network_softmax")
    assert sent["temperature"] == sent["own"] == 1
    assert not any(row["move"] for row in sent["rows"])
    assert sent["rows"][0]["mirror"] is None


def test_moves_are_read_from_an_address_whole_or_not_at_all() -> None:
    assert moves_of_text("", ("happy",)) == {}
    assert moves_of_text("happy:1.5,sad:-2", ("happy", "sad")) == {"happy": 1.5, "sad": -2}
    for wrong in ("happy", "happy:", "happy:nan", "happy:1e99", "happy:1,,", "bored:1", "happy:1;sad:2"):
        assert moves_of_text(wrong, ("happy", "sad")) is None


def test_what_a_browser_says_of_the_sliders_is_believed_only_within_their_limits() -> None:
    assert limits(SLIDERS) == (-7, 10)
    said = {"temperature": 2.0, "moves": {"happy": 99, "sad": -1.25, "bored": 3}}
    assert read_settled(said, SLIDERS) == (2.0, {"happy": 6.8, "sad": -1.25})
    for wrong in (None, 3, {}, {"temperature": 2.0}, {"temperature": float("nan"), "moves": {}},
                  {"temperature": 0, "moves": {}}, {"temperature": True, "moves": {}}, {"temperature": "2", "moves": {}}):  # fmt: skip
        assert read_settled(wrong, SLIDERS) is None


def test_numbers_have_a_true_minus_and_nothing_is_minus_zero() -> None:
    assert [signed_number(value) for value in (-1.234, 1.234, -0.001)] == ["−1.23", "1.23", "0.00"]
    assert signed_number(0.5, plus=True) == "+0.50"
    grid = number_grid(np.array([[1.0, -2.0]]), 2.0, signed=True)
    assert "+1.00" in grid and "−2.00" in grid and grid.count("<td style") == 2
