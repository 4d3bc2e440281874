"""The column "Try" of the lab: whose network answers, its bars, hidden labels, the model card, and files that are refused."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.cards.lab_figures import figures_json
from fer_core.lab.desk import DESKS, Desk
from fer_core.lab.file import network_file
from fer_core.lab.network import LabNetwork
from fer_core.lab.settings import LabSettings
from fer_core.recognition.provenance import Provenance, local_now
from pages.lab.own import consent
from pages.lab.tryout.answers import comparable, shipped_shares
from pages.lab.tryout.in_use import InUse
from pages.lab.tryout.photo import TRIED_KEY
from pages.ui import session_keys
from tests.lab_networks import NAMES, own_network
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import USAGE_OF_ROW, write_fer2013
from tests.pages.photo_harness import page_html
from tests.pages.test_names import assert_names_are_text
from tests.recognizers import FixedRecognizer

CODES = ("happy", "sad", "surprise")


class OwnRecognizer(FixedRecognizer):
    """Finds the second of three classes most probable."""

    shares = np.array([0.2, 0.7, 0.1], np.float32)


def of_fer2013(network_id: str = "lab:2") -> LabNetwork:
    network = own_network(CODES, network_id=network_id, name="three")
    return replace(network, settings=LabSettings("fer2013", CODES))


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """Of an empty desk, beside a made-up FER2013."""
    monkeypatch.setenv("FER2013_DIR", str(write_fer2013(tmp_path / "data")))
    monkeypatch.setenv("RAUT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("pages.ui.resources.LabRecognizer", OwnRecognizer)
    token = DESKS.open()
    yield token
    DESKS.leave(token, "")


def desk_of(token: str) -> Desk:
    desk = DESKS.find(token)
    assert desk is not None
    return desk


def column(token: str, tab: str, language: str = "en") -> AppTest:
    """The column alone, with that tab open."""

    def page() -> None:
        import streamlit as st

        from fer_core.lab.desk import DESKS
        from pages.lab.tryout.view import render_try

        desk = DESKS.find(st.session_state["lab_token"])
        assert desk is not None
        render_try(desk)

    app = AppTest.from_function(page, default_timeout=60)
    app.session_state[session_keys.LAB_TOKEN] = token
    app.session_state["lab_try_with"] = tab
    app.session_state["lang"] = language
    return app.run()


# --- which network ---------------------------------------------------------------------------------------


def test_until_there_is_one_the_network_that_ships_answers_and_is_called_so(token: str) -> None:
    app = column(token, "Photo")
    assert_no_trouble(app)
    assert "Raut's own network" in texts(app) and "Your network" not in texts(app)
    assert not app.selectbox
    assert "What your network is not" not in texts(app)


def test_of_a_head_it_is_said_that_it_cannot_tell_left_from_right(token: str) -> None:
    network = own_network(network_id="lab:1")
    desk_of(token).add(replace(network, settings=replace(network.settings, method="head")))
    assert "cannot tell left from right" in texts(column(token, "Photo"))
    desk_of(token).add(own_network(network_id="lab:2"))
    assert "cannot tell left from right" not in texts(column(token, "Photo"))


def test_the_networks_of_the_desk_are_offered_and_the_one_in_use_is_marked(token: str) -> None:
    desk = desk_of(token)
    desk.add(own_network(network_id="lab:1", name="7b *try*"))
    desk.add(of_fer2013())
    app = column(token, "Photo")
    assert app.selectbox[0].options == ["three", "7b *try*", "Raut's own network"]
    assert "Your network: **three**" in texts(app)
    assert "3 classes: Happy, Sad, Surprise" in texts(app)
    app.selectbox[0].set_value("lab:1").run()
    assert_names_are_text(app)
    assert desk.in_use == "lab:1"
    assert "It learnt from 90 faces, of few people" in texts(app)
    app.selectbox[0].set_value("").run()
    assert desk.in_use is None and "Your network" not in texts(app)


# --- photos and test pictures ----------------------------------------------------------------------------


def test_a_sample_is_answered_by_both_networks_where_they_know_the_same_classes(token: str) -> None:
    desk_of(token).add(of_fer2013())
    app = column(token, "Photo")
    app.button_group[0].set_value("happy").run()
    assert_no_trouble(app)
    shown = page_html(app)
    assert shown.count('class="track shipped"') == 4, "one for each class, and one for the rest"
    assert "Other expressions" in shown and "70%" in shown


def test_names_of_classes_are_text_and_are_not_compared(token: str) -> None:
    desk_of(token).add(own_network(network_id="lab:1"))
    app = column(token, "Photo")
    app.button_group[0].set_value("happy").run()
    assert_names_are_text(app)
    shown = page_html(app)
    assert "“笑”; =1+1" in shown and "shipped" not in shown.split("raut-faces")[1]


def test_the_label_of_a_test_picture_is_hidden_until_it_is_asked_for(token: str) -> None:
    desk_of(token).add(of_fer2013())
    app = column(token, "Test picture")
    assert_no_trouble(app)
    row = int(app.number_input[0].value)
    assert USAGE_OF_ROW[row] == "PublicTest" and row % 7 in (3, 4, 5), "of the network's classes"
    assert "Label of FER2013" not in texts(app)
    next(button for button in app.button if button.label == "Show the label").click().run()
    assert "Label of FER2013" in texts(app)
    app.number_input[0].set_value(row + 1 if row < 49 else row - 1).run()
    assert "Label of FER2013" not in texts(app), "hidden again with another picture"


def test_classes_are_compared_only_where_the_shipped_network_has_all_of_them() -> None:
    class Seven(FixedRecognizer):
        pass

    shipped = InUse(own_network(("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")), Seven())  # type: ignore[arg-type]
    for names, codes in (
        (("Senang", "sad", "SURPRISE"), ["happy", "sad", "surprise"]),  # in either language
        (("Happy", "Senang", "sad"), []),  # twice the same
        (("happy", "sad", "contempt"), []),  # which the seven do not have
        (NAMES, []),
    ):
        found = comparable(InUse(own_network(names), OwnRecognizer()), shipped)  # type: ignore[arg-type]
        assert list(found.values()) == codes
    shares = shipped_shares({"Senang": "happy", "sad": "sad"}, shipped, Seven.shares)
    assert shares is not None
    assert shares["Senang"] == pytest.approx(0.0004) and shares[""] == pytest.approx(1 - 0.0004 - 0.9176)


# --- files -----------------------------------------------------------------------------------------------


def test_a_file_that_was_changed_is_refused_with_a_sentence(token: str) -> None:
    app = column(token, "Photo")
    app.session_state["lab_keeping"] = True
    app.run()
    file = bytearray(network_file(own_network()))
    file[len(file) // 2] ^= 1
    app.file_uploader[-1].set_value([("raut-lab-7b.zip", bytes(file), "application/zip")])
    app.run()
    assert len(app.error) == 1 and "damaged" in app.error[0].value
    assert not desk_of(token).networks


def test_figures_for_programs_are_those_of_the_network() -> None:
    network = own_network()
    stored = json.load(io.BytesIO(figures_json(network, Provenance(local_now(), network))))
    assert stored["test"]["accuracy"] == pytest.approx(5 / 6) and stored["frames"]["accuracy"] == 1.0
    assert stored["conditions"] == [
        {"name": "lamp off", "n": 2, "accuracy": 0.5, "confusion": [[1, 1, 0], [0] * 3, [0] * 3]}
    ]
    assert stored["provenance"]["network"]["sha256"] == network.checksum
    assert stored["training"]["kept_epoch"] == 2 and stored["settings"]["classes"] == list(NAMES)


def test_who_erases_the_faces_erases_the_photo_that_was_tried(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, object] = {TRIED_KEY: ("me.jpg", None, object()), "lang": "en"}
    monkeypatch.setattr(consent.st, "session_state", state)
    monkeypatch.setattr(consent.st, "rerun", lambda: None)
    consent._erase(desk_of(token), 1, [])
    assert TRIED_KEY not in state and state["lang"] == "en"
