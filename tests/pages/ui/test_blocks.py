from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.evaluation.headline import headline_figure
from fer_core.store.folder import read_network
from tests.network_records import network_of, with_facts
from tests.pages.harness import texts
from tests.pages.made_up import write_network

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo

CHOICE = """
import streamlit as st
from pages.ui.network_choice import choose_network, network_caption
info = choose_network("which", {task!r})
st.text(info.id if info else "none")
if info:
    network_caption(info)
"""


def choice(task: str | None = None, **state: str) -> AppTest:
    app = AppTest.from_string(CHOICE.format(task=task))
    for key, value in state.items():
        app.session_state[key] = value
    return app.run()


@pytest.fixture
def two_networks(one_network: NetworkInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    other = network_of(
        "angklung", one_network.folder, task="ferplus", name="Angklung", parameters=one_network.parameters
    )
    monkeypatch.setattr("pages.ui.resources.list_networks", lambda: [one_network, other])


def test_without_a_network_there_is_nothing_to_choose(no_networks: None) -> None:
    app = choice()
    assert not app.selectbox
    assert app.text[0].value == "none"


def test_the_default_network_comes_first_and_is_chosen(two_networks: None) -> None:
    app = choice()
    assert app.selectbox[0].options == ["Wayang — 71.2% (PrivateTest), not calibrated", "Angklung"]
    assert app.text[0].value == "wayang"


def test_the_figure_is_that_of_the_weights_whatever_test_it_was_measured_on(tmp_path: Path) -> None:
    folder = write_network(tmp_path)
    evaluation = (folder / "evaluation.json").read_text()
    (folder / "evaluation.json").write_text(evaluation.replace("PrivateTest", "Table1Test"))
    info = read_network(folder)
    assert headline_figure(info) == ("Table1Test", 0.7, 10)
    other = with_facts(info, checksum={"model.tflite": "cd34"})
    assert headline_figure(other) is None


def test_a_task_offers_its_networks_only(two_networks: None) -> None:
    assert choice("ferplus").selectbox[0].options == ["Angklung"]
    assert choice("fer2013").text[0].value == "wayang"


def test_a_choice_is_kept(two_networks: None) -> None:
    app = choice().selectbox[0].set_value("angklung").run()
    assert app.text[0].value == "angklung"
    assert app.session_state["which"] == "angklung"


def test_a_network_that_is_gone_gives_way_to_the_default(two_networks: None) -> None:
    app = choice(which="deleted")
    assert not app.exception
    assert app.text[0].value == "wayang"


@pytest.mark.parametrize(
    ("language", "caption"),
    [
        ("en", "Wayang · 1,234,567 parameters · accuracy 71.2% on 3,589 test images (PrivateTest)"),
        ("id", "Wayang · 1.234.567 parameter · akurasi 71,2% pada 3.589 gambar uji (PrivateTest)"),
    ],
)
def test_the_caption_says_which_network_how_good_and_on_what(
    one_network: NetworkInfo, language: str, caption: str
) -> None:
    assert choice(lang=language).caption[0].value == caption


def test_an_unevaluated_network_says_so(two_networks: None) -> None:
    assert "not evaluated yet" in choice("ferplus").caption[0].value


@pytest.mark.parametrize(
    ("language", "words"), [("en", "is not on this computer"), ("id", "tidak ada di komputer ini")]
)
def test_the_card_for_missing_data_says_where_to_get_it_and_where_to_put_it(
    language: str, words: str
) -> None:
    app = AppTest.from_string("from pages.ui.blocks import no_dataset_card\nno_dataset_card()")
    app.session_state["lang"] = language
    shown = texts(app.run())
    for part in (words, "kaggle.com", "`data/`", "`FER2013_DIR`", "fer2013.csv"):
        assert part in shown
