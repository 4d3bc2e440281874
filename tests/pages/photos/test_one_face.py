"""Photos page, one face closely: what the views say, and faces struck out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fer_core.explanation.perturbation import RANGES
from fer_core.faces.search import photo_search
from fer_core.photos.corrections import Corrections
from fer_core.places import SAMPLE_PHOTO
from fer_core.recognition.conformal import PredictionSets
from pages.photos.break_it import STATE_KEY
from pages.photos.moving_slider import MOVED_KEY
from pages.ui.i18n import speaking
from tests.pages.harness import assert_no_trouble, elements, texts
from tests.pages.photo_harness import shelf_of
from tests.recognizers import SureRecognizer
from tests.tiny import grad_cam_of

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from fer_core.store.network import NetworkInfo


def look_closer(photos_page, view: str) -> AppTest:  # type: ignore[no-untyped-def]
    """The page with the sample photo, and one of the views of its face."""
    app = photos_page()
    next(button for button in app.button if "sample" in button.label).click().run()
    app.session_state["face_closer"] = True
    app.session_state["face_view_True"] = view
    return app.run()


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("figures", "Size in the photo"),
        ("why", "Grad-CAM shows which parts of the picture"),
        ("compare", "Milliseconds: measured just now"),
        ("break", "What to change"),
        ("correct", "drag a square around it"),
    ],
)
def test_each_view_says_what_it_shows(  # type: ignore[no-untyped-def]
    photos_page, tiny_network: NetworkInfo, monkeypatch: pytest.MonkeyPatch, view: str, words: str
) -> None:
    monkeypatch.setattr("pages.photos.one_face.grad_cam", lambda _network: grad_cam_of(tiny_network))
    app = look_closer(photos_page, view)
    assert_no_trouble(app)
    shown = texts(app) + "".join(str(element.label) for element in app.selectbox)
    assert words in shown


@pytest.mark.parametrize(
    ("detector", "captions"),
    [("haar", 1), ("blazeface", 2)],
)
def test_the_points_of_a_face_are_shown_where_they_are_known(  # type: ignore[no-untyped-def]
    photos_page, detector: str, captions: int
) -> None:
    app = photos_page()
    app.session_state["photo_detector"] = detector
    with speaking("en"):  # the harness names the choice outside of a run of the page
        app.run()
        next(button for button in app.button if "sample" in button.label).click().run()
        app.session_state["face_closer"] = True
        app.session_state["face_view_True"] = "figures"
        app.run()
    assert_no_trouble(app)
    (closer,) = [one for one in app.expander if "closer" in one.label]
    said = [image.caption for one in elements(closer) if one.type == "image" for image in one.proto.imgs]
    assert len(said) == captions
    assert any("1 right eye, 2 left eye, 3 nose" in caption for caption in said) == (detector != "haar")


def test_the_promise_of_a_set_is_the_networks_own(photos_page, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    how = PredictionSets(threshold=0.01, level=0.8, split="PublicTest", n=100)
    monkeypatch.setattr(SureRecognizer, "prediction_sets", how)
    assert "80% prediction set: " in texts(look_closer(photos_page, "figures"))


def test_numbers_typed_in_for_one_photo_are_not_those_of_the_next(photos_page) -> None:  # type: ignore[no-untyped-def]
    photo = SAMPLE_PHOTO.read_bytes()
    app = photos_page(("a.jpg", photo), ("b.jpg", photo + b"\0"))
    app.session_state["face_closer"] = True
    app.session_state["face_view_True"] = "correct"
    app.run().number_input[0].set_value(7).run()
    assert app.number_input[0].value == 7
    app.selectbox(key="face_chosen").set_value((shelf_of(app).photos[1].key, 1)).run()
    assert_no_trouble(app)
    assert app.number_input[0].value == 0


def test_a_struck_face_leaves_picture_table_and_file(photos_page) -> None:  # type: ignore[no-untyped-def]
    app = photos_page()
    next(button for button in app.button if "sample" in button.label).click().run()
    shelf = shelf_of(app)
    shelf.corrections[shelf.photos[0].digest, photo_search()] = Corrections().strike(1)
    app.run()
    assert_no_trouble(app)
    assert "No face found" in texts(app)
    assert SureRecognizer.calls == 1


def test_a_correction_never_jumps_to_a_face_of_another_photo(photos_page) -> None:  # type: ignore[no-untyped-def]
    photo = SAMPLE_PHOTO.read_bytes()
    app = photos_page(("a.jpg", photo), ("b.jpg", photo + b"\0"))
    app.session_state["face_closer"] = True
    app.session_state["face_view_True"] = "correct"
    app.run()
    first, last = shelf_of(app).photos
    app.selectbox(key="face_chosen").set_value((last.key, 1)).run()
    struck, none = Corrections().strike(1), Corrections()
    for of_first, kept_of_last, chosen, label in (
        (none, [], (last.key, 0), "b.jpg – no face found"),
        (struck, [], (last.key, 0), "b.jpg – no face found"),
        (struck, [1], (last.key, 1), "b.jpg – 1: Sad"),
    ):
        shelf_of(app).corrections[first.digest, photo_search()] = of_first
        app.session_state[f"faces_kept_{last.digest}_{photo_search().name}_1_wayang"] = kept_of_last
        app.run()
        assert_no_trouble(app)
        told = app.selectbox(key="face_chosen").proto
        assert app.session_state["face_chosen"] == chosen
        assert told.set_value and told.raw_value == label, "the browser knows it by the old label"


def test_the_face_looked_at_stays_when_an_earlier_photo_is_removed(photos_page) -> None:  # type: ignore[no-untyped-def]
    photo = SAMPLE_PHOTO.read_bytes()
    app = photos_page(*((f"{name}.jpg", photo + name.encode()) for name in "abc"))
    app.session_state["face_closer"] = True
    app.run()
    second = shelf_of(app).photos[1].key
    app.selectbox(key="face_chosen").set_value((second, 1)).run()
    app.file_uploader[0].set_value([(f"{name}.jpg", photo + name.encode(), "image/jpeg") for name in "bc"])
    assert_no_trouble(app.run())
    assert app.session_state["face_chosen"] == (second, 1)
    assert app.selectbox(key="face_chosen").proto.raw_value == "b.jpg – 1: Sad"


def test_what_is_heard_of_a_moving_slider_counts_until_it_is_let_go(photos_page) -> None:  # type: ignore[no-untyped-def]
    app = look_closer(photos_page, "break")
    assert_no_trouble(app)
    slider = app.slider[0]
    app.session_state[MOVED_KEY] = (slider.key, 45.0)
    app.run()
    assert_no_trouble(app)
    assert app.session_state[STATE_KEY][1].brightness == 45
    app.session_state[MOVED_KEY] = (slider.key, 9000)  # from a browser that was tampered with
    app.run()
    assert app.session_state[STATE_KEY][1].brightness == RANGES["brightness"].high
    app.session_state[MOVED_KEY] = ("another_slider", 45.0)
    app.slider[0].set_value(-20.0).run()
    assert app.session_state[STATE_KEY][1].brightness == -20
    assert_no_trouble(app)


def test_a_network_that_cannot_be_explained_says_so(photos_page) -> None:  # type: ignore[no-untyped-def]
    """The file of the network of these tests is missing."""
    app = look_closer(photos_page, "why")
    assert_no_trouble(app)
    assert any("model.tflite" in error.value for error in app.error)
