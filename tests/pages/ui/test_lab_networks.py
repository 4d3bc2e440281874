"""A network of the lab on the pages Photos and Webcam: chosen by hand only, marked, and gone with its desk."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.lab.desk import DESKS, Desk
from fer_core.live.session import LiveSession
from fer_core.places import SAMPLE_PHOTO
from pages.photos.exports import Asked, csv_bytes
from pages.ui import session_keys
from tests.lab_networks import NAMES, own_network
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.photo_harness import PAGE, page_html, upload
from tests.pages.test_names import assert_names_are_text
from tests.recognizers import FixedRecognizer

SCRIPT = """
import streamlit as st
from pages.ui.network_choice import choose_any_network, choose_expressions, network_name
task = choose_expressions(lab=True)
network = choose_any_network(task)
st.text(network_name(network))
"""


class OwnRecognizer(FixedRecognizer):
    """Finds the second of three classes most probable."""

    shares = np.array([0.2, 0.7, 0.1], np.float32)


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Of a desk with one network of three classes that people named."""
    monkeypatch.setattr("pages.ui.resources.LabRecognizer", OwnRecognizer)
    token = DESKS.open()
    desk_of(token).add(own_network(network_id="lab:1", name="7b *try*"))
    yield token
    DESKS.leave(token, "")


def desk_of(token: str) -> Desk:
    desk = DESKS.find(token)
    assert desk is not None
    return desk


def test_it_is_offered_to_its_own_session_only_and_never_at_first(token: str) -> None:
    app = AppTest.from_string(SCRIPT).run()
    assert not any("made in the lab" in option for option in app.selectbox[0].options)
    app.session_state[session_keys.LAB_TOKEN] = token
    app.run()
    assert app.text[0].value == "Raut", "the default network, although the desk uses its own one"
    assert app.selectbox[0].options[-1] == "“7b *try*”, made in the lab"
    assert len(app.segmented_control) == 1


def test_while_it_is_chosen_there_is_no_choice_of_expressions_and_it_goes_with_its_desk(token: str) -> None:
    app = AppTest.from_string(SCRIPT)
    app.session_state[session_keys.LAB_TOKEN] = token
    app.run()
    app.selectbox[0].set_value("lab:1").run()
    assert not app.exception
    assert app.text[0].value == "“7b *try*”, made in the lab"
    assert len(app.segmented_control) == 0
    assert "“7b \\*try\\*”, made in the lab" in app.caption[0].value
    app.selectbox[0].set_value("mobilenet").run()
    assert app.text[0].value == "MobileNet", "back to one that ships"
    app.selectbox[0].set_value("lab:1").run()
    DESKS.leave(token, "")
    app.run()
    assert app.text[0].value == "Raut"
    assert len(app.segmented_control) == 1


def test_photos_read_with_it_are_marked_and_what_it_cannot_have_is_left_out(
    open_app: OpenApp, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fer_core.photos.shelf.PATIENCE_S", 60)
    asked: list[Asked] = []
    monkeypatch.setattr("pages.photos.exports.csv_download", lambda one, _saved: asked.append(one))
    app = open_app()
    app.session_state[session_keys.LAB_TOKEN] = token
    app.session_state[session_keys.NETWORK] = "lab:1"
    app.switch_page(PAGE).run()
    upload(app, ("a.jpg", SAMPLE_PHOTO.read_bytes()), ("b.jpg", SAMPLE_PHOTO.read_bytes() + b" "))
    assert_names_are_text(app)
    assert "made in the lab" in texts(app)
    assert [tab.label for tab in app.tabs] == ["Photos", "Table", "Gallery"]
    assert "“笑”; =1+1" in page_html(app), "the answer, as people wrote it"
    rows = list(csv.DictReader(io.StringIO(csv_bytes(asked[-1]).decode("utf-8-sig"))))
    assert {row["network"] for row in rows} == {"lab:1"}
    assert {row["network_sha256"] for row in rows} == {desk_of(token).networks[0].checksum}
    assert {row["probability smile"] for row in rows} == {"0.2"}


def test_live_video_reads_with_it_and_the_page_says_so(
    open_app: OpenApp, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions: list[LiveSession] = []

    def stream(session: LiveSession, key: str, otherwise: str) -> bool:
        sessions.append(session)
        return True

    monkeypatch.setattr("pages.ui.live.stream.webcam_stream", stream)
    app = open_app()
    app.session_state[session_keys.LAB_TOKEN] = token
    app.session_state[session_keys.NETWORK] = "lab:1"
    app.switch_page("pages/webcam/page.py")
    app.run()
    assert_no_trouble(app)
    assert "made in the lab" in texts(app)
    settings = sessions[-1]._settings
    assert settings.network.labels == NAMES
    assert set(settings.captions.names.values()) >= set(NAMES)
    monkeypatch.setattr(
        "fer_core.lab.recognizer.LabRecognizer", lambda network, _threads: OwnRecognizer(network)
    )
    for _frame in range(4):  # a face is shown once it was found again
        sessions[-1].process(cv2.imread(str(SAMPLE_PHOTO)))
    result = sessions[-1].show()
    assert sessions[-1].error is None and result is not None
    assert [face.label for face in result.faces] == [NAMES[1]]
