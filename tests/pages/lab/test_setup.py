"""The page Lab as a whole: its address, the classes of FER2013, the network as blocks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fer_core.lab.cost import parameters_and_macs
from fer_core.lab.head import BATCH_SIZE, EPOCHS, LEARNING_RATE
from fer_core.lab.settings import PAPER_SMALL, PRESETS, SMALL, Architecture, Block, LabSettings
from pages.lab import selection
from pages.lab.architecture import too_large
from pages.lab.data import FACES_A_CLASS, drawn_faces
from pages.ui.i18n import format_number
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_fer2013

PAGE = "pages/lab/page.py"


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Stands in for the address of the browser."""

    class Parameters(dict[str, str]):
        to_dict = dict.copy

    parameters = Parameters()
    monkeypatch.setattr(st, "query_params", parameters)
    return parameters


@pytest.fixture
def fer2013(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FER2013_DIR", str(write_fer2013(tmp_path / "data")))
    monkeypatch.setenv("RAUT_CACHE_DIR", str(tmp_path / "cache"))


def drawing(app: AppTest) -> str:
    return next(element.value for element in app.main.get("html") if "raut-lab-network" in element.value)


@pytest.mark.parametrize(
    "architecture",
    [
        *PRESETS.values(),
        replace(SMALL, dropout=0.0),
        replace(PAPER_SMALL, dense_units=()),
        Architecture((Block(4), Block(96, 2), Block(7), Block(128, 2)), "flatten", (512,), True, 0.35),
        Architecture((Block(128),), "mean", (1, 2), False, 0.9),
    ],
)
def test_an_architecture_comes_back_from_its_address(
    address: dict[str, str], architecture: Architecture
) -> None:
    address["network"] = "paper-small"
    selection.put(selection.query_of(architecture))
    settings, problems = selection.settings_of_address("fer2013")
    assert settings.architecture == architecture and not problems


def test_without_an_address_the_defaults_hold_and_a_whole_one_is_read(address: dict[str, str]) -> None:
    settings, problems = selection.settings_of_address("fer2013")
    assert settings == LabSettings("fer2013", selection.CLASSES_AT_FIRST) and not problems
    address.update(classes="neutral,angry", pictures="100", epochs="3", rate="0.01", change="strong")
    address.update(batch="32", seed="4294967295", blocks="8,16x2", ending="flatten", dense="none")
    settings, problems = selection.settings_of_address("fer2013")
    assert not problems
    assert settings == LabSettings(
        "fer2013", ("angry", "neutral"), "scratch", replace(SMALL, blocks=(Block(8), Block(16, 2)), ending="flatten"),
        100, 3, 32, 0.01, "strong", 2**32 - 1,
    )  # fmt: skip


def test_own_faces_have_a_head_by_default_and_other_epochs(address: dict[str, str]) -> None:
    head, _problems = selection.settings_of_address("own")
    address["method"] = "scratch"
    whole, _problems = selection.settings_of_address("own")
    assert (head.method, whole.method) == ("head", "scratch")
    assert (head.epochs, head.batch_size, head.learning_rate) == (EPOCHS, BATCH_SIZE, LEARNING_RATE)
    assert whole.epochs == selection.EPOCHS_OF_OWN_FACES != head.epochs


BAD: dict[str, tuple[str, ...]] = {
    "classes": ("happy", "happy,joy", "sad,sad", "contempt,sad", ","),
    "pictures": ("9", "4001", "-5", "١٢٠", "1e3", "many"),
    "network": ("raut", "../small"),
    "blocks": ("3", "129", "16x3", "16x0", "16,,32", "8,8,8,8,8", "x2"),
    "ending": ("mean ", "max"),
    "dense": ("0", "513", "8,8,8", "-1", "none,none"),
    "normalised": ("True", "1"),
    "dropout": ("0.95", "nan", "inf", "-0.1", "0,5"),
    "epochs": ("0", "101", "12.5", "9" * 400),
    "rate": ("0", "0.11", "1e-7", "nan", "1e999", "0x1"),
    "change": ("wild",),
    "batch": ("0", "257"),
    "seed": ("-1", "4294967296"),
}


def test_each_value_that_is_not_possible_gives_one_sentence_and_the_default_holds(
    address: dict[str, str],
) -> None:
    defaults, _none = selection.settings_of_address("fer2013")
    for name, values in BAD.items():
        for text in values:
            address.clear()
            address[name] = text
            settings, problems = selection.settings_of_address("fer2013")
            assert settings == defaults, (name, text)
            assert len(problems) == 1 and len(str(problems[0].fields["asked"])) < 60, (name, text)
    address.clear()
    address["way"] = "by the river"
    assert selection.way_of_address()[0] == "fer2013" and selection.way_of_address()[1] is not None


def test_the_faces_that_are_shown_are_of_the_class_each_once_and_others_with_the_next_draw() -> None:
    pictures = np.arange(100, 160)
    first, second = drawn_faces(pictures, 0), drawn_faces(pictures, 1)
    assert len(set(first)) == FACES_A_CLASS and set(first) <= set(pictures) and set(first) != set(second)
    assert set(drawn_faces(np.array([5, 9]), 0)) == {5, 9}
    assert len(drawn_faces(np.array([], np.int64), 0)) == 0


def test_parameters_and_drawing_move_with_the_blocks(open_app: OpenApp, fer2013: None) -> None:
    app = open_app(PAGE, address={"classes": "angry,fear,happy", "rate": "9"})
    assert_no_trouble(app)
    assert [box.value.count("rate=9") for box in app.error] == [1]

    def shows(architecture: Architecture) -> None:
        assert_no_trouble(app)
        cost = parameters_and_macs(architecture, 3)
        assert f"{format_number(cost.parameters)} parameters" in texts(app)
        assert drawing(app).count('class="block"') == len(architecture.blocks)

    shows(SMALL)
    assert app.button(key="lab_block_more").disabled and "3 by then" in texts(app)
    app.button(key="lab_block_less").click().run()
    shows(replace(SMALL, blocks=SMALL.blocks[:-1]))
    assert app.query_params["blocks"] == "16,32,64x2"
    app.button(key="lab_block_more").click().run()
    four = replace(SMALL, blocks=(*SMALL.blocks[:-1], SMALL.blocks[-2]))
    shows(four)
    app.select_slider(key="lab_block0_channels").set_value(8).run()
    shows(replace(four, blocks=(Block(8), *four.blocks[1:])))
    app.segmented_control(key="lab_preset").set_value("paper-small").run()
    shows(PAPER_SMALL)
    app.segmented_control(key="lab_block1_convolutions").set_value(1).run()
    shows(replace(PAPER_SMALL, blocks=(Block(32, 2), Block(64), Block(128, 2))))


def test_a_network_that_is_too_large_says_so(open_app: OpenApp, fer2013: None) -> None:
    large = Architecture((Block(128),), "flatten", (512,))
    assert too_large(parameters_and_macs(large, 2)) and not too_large(parameters_and_macs(PAPER_SMALL, 10))
    address: dict[str, Any] = {"blocks": "128", "ending": "flatten", "dense": "512", "classes": "sad,happy"}
    app = open_app(PAGE, address=address)
    assert_no_trouble(app)
    assert any("3,000,000 are the most" in box.value for box in app.error)
    assert app.button(key="lab_start").disabled


def test_classes_are_chosen_at_least_two_and_stand_in_the_address(open_app: OpenApp, fer2013: None) -> None:
    app = open_app(PAGE)
    app.button_group(key="lab_classes").set_value(["neutral", "angry"]).run()
    assert_no_trouble(app)
    assert app.query_params["classes"] == "angry,neutral"
    app.button_group(key="lab_classes").set_value(["neutral"]).run()
    assert app.query_params["classes"] == "angry,neutral" and "at least 2 classes" in texts(app)
    app.button_group(key="lab_classes").set_value(list(selection.CLASSES_AT_FIRST)).run()
    assert "classes" not in app.query_params


def test_without_fer2013_it_says_how_to_get_it(open_app: OpenApp, no_fer2013: None) -> None:
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert "FER2013 is not on this computer" in texts(app)
