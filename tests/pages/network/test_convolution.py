"""The step Convolution: what the address asks for, what it refuses, and the same numbers as the network's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fer_core.errors import ExplanationError
from fer_core.explanation.convolution import PRESETS
from fer_core.explanation.network_reader import NetworkReader
from fer_core.labels import FER2013_LABELS
from pages.network import selection
from pages.network.convolution.chosen import Chosen, chosen_of_address, usual
from pages.network.convolution.first import FirstConvolution, first_convolution
from pages.network.convolution.question import two_places
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts

PLACE = (20, 12)


def first(channels: int = 1, size: int = 3, stride: int = 1) -> FirstConvolution:
    chance = np.random.default_rng(1)
    return FirstConvolution(
        planes=chance.normal(size=(48, 48, channels)).astype(np.float32),
        kernels=chance.normal(size=(size, size, channels, 4)).astype(np.float32),
        biases=np.array([0.5, 0, -1, 2], np.float32),
        stride=stride,
        padding="same",
        activation="relu",
        maps=np.zeros((48 // stride, 48 // stride, 4), np.float32),
    )


class Address:
    """Parameters, and those that were refused."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.query: dict[str, str] = {}
        self.refused: list[str] = []
        monkeypatch.setattr(st, "query_params", self.query)
        monkeypatch.setattr(selection, "refuse", lambda name, _text, _shown: self.refused.append(name))

    def read(self, of: FirstConvolution, **query: str) -> Chosen:
        self.query.clear()
        self.query.update(query)
        self.refused.clear()
        return chosen_of_address(of, PLACE)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Address:
    return Address(monkeypatch)


def test_an_empty_address_is_the_first_preset_as_the_network_slides(address: Address) -> None:
    found = address.read(first(stride=2))
    assert np.array_equal(found.weights[..., 0], PRESETS["edge-vertical"])
    assert (found.x, found.y, found.stride, found.padding, found.window) == (*PLACE, 2, "same", 0)
    assert found.texts == usual(first(stride=2), PLACE)
    assert not address.refused


@pytest.mark.parametrize(
    "query",
    [
        {"kernel": "map3", "patch": "0_47", "window": "24", "relu": "off"},
        {"kernel": "1_0_-1_0.5_0_-.5_1e-3_0_-1", "bias": "-0.25", "stride": "2", "padding": "valid", "window": "3"},
        {"kernel": "2", "numbers": "grey"},
    ],
)  # fmt: skip
def test_what_is_chosen_comes_back_from_its_own_link(address: Address, query: dict[str, str]) -> None:
    found = address.read(first(), **query)
    assert not address.refused
    assert found.texts == {**usual(first(), PLACE), **query}
    again = address.read(first(), **found.texts)
    assert np.array_equal(found.weights, again.weights)
    assert (again.bias, again.x, again.y, again.stride, again.window, again.in_grey, again.relu) == (
        found.bias, found.x, found.y, found.stride, found.window, found.in_grey, found.relu,
    )  # fmt: skip


def test_the_numbers_of_an_address_are_rows_then_channels(address: Address) -> None:
    found = address.read(first(), kernel="1_0_-1_0.5_0_-.5_1e-3_0_-1")
    assert found.weights[..., 0].tolist() == [[1, 0, -1], [0.5, 0, -0.5], [0.001, 0, -1]]
    three = address.read(first(channels=3), kernel="_".join(map(str, range(27))))
    assert three.weights[..., 1].tolist() == [[9, 10, 11], [12, 13, 14], [15, 16, 17]]
    assert not three.in_grey
    own = address.read(first(channels=3), kernel="map3")
    assert np.array_equal(own.weights, first(channels=3).kernels[..., 2])
    assert own.bias == -1
    # One kernel for three channels slides over the grey values.
    assert address.read(first(channels=3), kernel="blur").in_grey


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"kernel": "map5"}, "kernel"),
        ({"kernel": "map-1"}, "kernel"),
        ({"kernel": "map0"}, "kernel"),
        ({"kernel": "1_2_3"}, "kernel"),
        ({"kernel": "nan"}, "kernel"),
        ({"kernel": "_".join("1" * 81)}, "kernel"),
        ({"kernel": "1e99"}, "kernel"),
        ({"bias": "much"}, "bias"),
        ({"patch": "48_0"}, "patch"),
        ({"patch": "3"}, "patch"),
        ({"stride": "fast"}, "stride"),
        ({"padding": "zero"}, "padding"),
        ({"window": "25"}, "window"),
        ({"window": "-1"}, "window"),
        ({"numbers": "big"}, "numbers"),
        ({"kernel": "map1", "numbers": "grey"}, "numbers"),
        ({"relu": "maybe"}, "relu"),
    ],
)
def test_what_cannot_be_read_is_refused_and_replaced(
    address: Address, query: dict[str, str], refused: str
) -> None:
    found = address.read(first(), **query)
    assert address.refused == [refused]
    assert found.texts[refused] == usual(first(), PLACE)[refused]


def test_a_stride_that_cannot_be_is_kept_for_the_sentence_about_it(address: Address) -> None:
    found = address.read(first(), stride="9")
    assert not address.refused
    with pytest.raises(ExplanationError, match="With stride 9 the kernel leaves the 5×5 patch"):
        found.place(first(), 0)


def test_the_patch_stays_on_the_face_and_where_windows_begin(address: Address) -> None:
    small, large = first(), first(size=5, stride=2)
    assert (small.patch, large.patch) == (5, 7)
    assert address.read(small, patch="0_47").top_left(small) == (43, 0)
    assert address.read(large, patch="20_21").top_left(large) == (18, 16)
    found = address.read(large, patch="20_21", window="5")
    assert found.place(large, 5) == (9 + 1, 8 + 1)


def test_the_two_places_of_the_question_are_an_edge_and_an_even_area() -> None:
    face = np.full((48, 48), 90, np.uint8)
    face[:, 30:] = 200
    face += np.random.default_rng(0).integers(0, 20, (48, 48), np.uint8)
    face[18:24, 14:20] = 95
    edge, even = two_places(face)
    assert edge.x in (29, 30)
    assert (even.x, even.y) in {(x, y) for x in (16, 17) for y in (20, 21)}


def test_the_page_works_a_convolution_out_and_refuses_with_a_sentence(
    open_app: OpenApp, exported_models: Path, monkeypatch: pytest.MonkeyPatch, no_fer2013: None
) -> None:
    monkeypatch.setenv("RAUT_MODELS_DIR", str(exported_models))
    app: AppTest = open_app(
        "pages/network/page.py", address={"step": "convolution", "kernel": "map1", "window": "99"}
    )
    assert_no_trouble(app)
    assert "window=99" in "\n".join(element.value for element in app.warning)
    table = next(element.value for element in app.get("html") if "Sum of the products" in element.value)
    assert table.count("<tr") == 1 + 25 + 3
    assert "Which will be brighter" in texts(app)


def test_the_numbers_worked_out_are_those_of_the_network(exported_models: Path) -> None:
    (file,) = exported_models.glob("*/model.tflite")
    reader = NetworkReader(file.read_bytes(), FER2013_LABELS)
    face = np.random.default_rng(2).integers(0, 256, (48, 48), np.uint8)
    found = first_convolution(reader, reader.run(face))
    assert found is not None
    for number in range(found.kernels.shape[3]):
        assert found.map_of(number) == pytest.approx(found.maps[..., number], abs=1e-4)
