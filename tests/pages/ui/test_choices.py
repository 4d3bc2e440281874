"""What is chosen and opened outlasts a change of language."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.places import SAMPLE_PHOTO
from pages.ui.i18n import catalogue, speaking
from tests.pages.harness import assert_no_trouble
from tests.pages.photo_harness import Opened

SCRIPT = """
import streamlit as st
from pages.ui.choices import keep_choice
from pages.ui.i18n import emotion_name

keep_choice("chosen")
st.{widget}("Expression", ["angry", "happy", "sad"], format_func=emotion_name, key="chosen")
"""


@pytest.mark.parametrize(
    ("widget", "value", "labels"),
    [("selectbox", "sad", "Sedih"), ("multiselect", ["happy", "sad"], ["Senang", "Sedih"]),
     ("select_slider", "sad", ["Sedih"])],
)  # fmt: skip
def test_the_browser_hears_the_new_labels_of_what_is_chosen(widget: str, value: Any, labels: Any) -> None:
    app = AppTest.from_string(SCRIPT.format(widget=widget)).run()
    app.get(widget)[0].set_value(value).run()
    assert not app.get(widget)[0].proto.set_value, "in the same language it knows them"
    app.session_state["lang"] = "id"
    app.run()
    told = app.get(widget)[0].proto
    assert app.session_state["chosen"] == value
    assert told.set_value
    sent = told.raw_value if widget != "multiselect" else told.raw_values
    assert (sent if isinstance(sent, str) else list(sent)) == labels


def test_the_open_tab_and_the_open_face_stay_open_in_another_language(photos_page: Opened) -> None:
    photo = SAMPLE_PHOTO.read_bytes()
    app = photos_page(("a.jpg", photo), ("b.jpg", photo + b"\0"))
    app.session_state["photo_view"] = "Charts"
    app.session_state["face_closer"] = True
    app.run()
    before = "en"
    for code, name in (("id", catalogue("id")["Charts"][0]), ("en", "Charts")):
        app.session_state["lang"] = code
        for labels in (before, code):
            with speaking(labels):  # the harness formats what is on the page once more, outside of the run
                app.run()
            assert_no_trouble(app)
            assert app.session_state["photo_view"] == name
            assert app.session_state["face_closer"] is True
            assert len(app.get("plotly_chart")) == 2, "nothing but the charts is made"
        before = code
