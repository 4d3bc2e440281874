"""The face chosen in the table, the gallery or the list is the same in all of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fer_core.places import SAMPLE_PHOTO
from pages.photos.choice import place_id
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.photo_harness import Opened, page_html, shelf_of

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

VIEWS = {"en": {"Table": "Table", "Gallery": "Gallery"}, "id": {"Table": "Tabel", "Gallery": "Galeri"}}


@pytest.fixture
def closer(photos_page: Opened) -> Opened:
    """Three photos of one face each and a file that is none, in the table, with a face shown closely."""

    def open_(view: str = "Table", language: str = "en") -> AppTest:
        photo = SAMPLE_PHOTO.read_bytes()
        files = [(f"{name}.jpg", photo + name.encode()) for name in "abc"]
        app = photos_page(*files, ("notes.txt.jpg", b"no picture"), language=language)
        app.session_state["photo_view"] = VIEWS[language][view]
        app.session_state["face_closer"] = True
        app.run()
        assert_no_trouble(app)
        return app

    return open_


def marked(app: AppTest) -> list[int]:
    """Numbers of the rows that the browser is told to mark, by the run that changed it."""
    state = json.loads(app.dataframe[0].proto.selection_state or '{"selection": {"cells": []}}')
    return [row for row, _column in state["selection"]["cells"]]


def shown(app: AppTest) -> str:
    """Name of the photo that is looked at closely."""
    (name, _identity), _number = app.selectbox(key="face_chosen").value
    return str(name)


def test_the_buttons_go_through_the_faces_and_the_table_marks_each(closer: Opened) -> None:
    app = closer()
    assert shown(app) == "a.jpg"
    assert app.button(key="face_previous").disabled
    app.button(key="face_next").click().run()
    assert_no_trouble(app)
    assert shown(app) == "b.jpg" and marked(app) == [1]
    app.button(key="face_next").click().run()
    app.button(key="face_next").click().run()
    assert shown(app) == "notes.txt.jpg" and app.button(key="face_next").disabled
    assert any("not a picture" in error.value for error in app.error)
    app.selectbox(key="face_chosen").set_value((shelf_of(app).photos[0].key, 1)).run()
    assert marked(app) == [0]


def test_a_filter_moves_the_mark_with_the_face_and_the_buttons_stay_within_it(closer: Opened) -> None:
    app = closer()
    app.selectbox(key="face_chosen").set_value((shelf_of(app).photos[3].key, 0)).run()
    assert marked(app) == [3]
    app.session_state["photos_statuses"] = ["error"]
    app.run()
    assert_no_trouble(app)
    assert marked(app) == [0], "the same file, now in the first row"
    assert app.button(key="face_next").disabled and "1 of 1" in texts(app)
    app.session_state["photos_statuses"] = ["ok"]
    app.run()
    assert marked(app) == [] and shown(app) == "notes.txt.jpg", "hidden above, and still looked at"
    app.button(key="face_next").click().run()
    assert shown(app) == "a.jpg" and marked(app) == [0]


def test_the_gallery_has_a_button_for_each_face_and_marks_the_chosen_one(closer: Opened) -> None:
    app = closer("Gallery")
    app.selectbox(key="face_chosen").set_value((shelf_of(app).photos[1].key, 1)).run()
    app.run()
    assert_no_trouble(app)
    places = [(photo.key, 1) for photo in shelf_of(app).photos[:3]]
    html = page_html(app)
    assert [html.count(f'data-face="{place_id(place)}"') for place in places] == [1, 1, 1]
    assert f'data-face="{place_id(places[1])}" aria-current="true"' in html
    assert html.count("aria-current") == 1


def test_the_face_stays_chosen_over_tabs_and_languages(closer: Opened) -> None:
    app = closer()
    app.button(key="face_next").click().run()
    app.session_state["photo_view"] = "Charts"
    app.run()
    app.session_state["lang"] = "id"
    app.run()
    app.session_state["photo_view"] = "Tabel"
    app.run()
    assert_no_trouble(app)
    assert shown(app) == "b.jpg" and marked(app) == [1]
