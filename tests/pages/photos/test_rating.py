"""Rating faces on the Photos page: blind, quick, and with figures that can be cited."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from fer_core.faces.search import photo_search
from fer_core.labels import EXPRESSIONS, TASK_LABELS, in_reading_order
from fer_core.places import SAMPLE_PHOTO
from fer_core.store.network import NetworkInfo
from pages.ui import session_keys
from pages.ui.i18n import expression_words
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.photo_harness import Opened, encoded, page_html, shelf_of


@pytest.fixture
def rating_page(photos_page: Opened) -> Opened:
    """The rating of two photos with three faces, all of which the network calls sad."""
    one = Image.open(SAMPLE_PHOTO).convert("RGB")
    two = Image.fromarray(np.hstack([np.asarray(one)] * 2))
    files = [("one.png", encoded(one, "PNG")), ("two.png", encoded(two, "PNG"))]

    def open_(language: str = "en") -> AppTest:
        app = photos_page(*files, language=language)
        app.session_state["photo_view"] = {"en": "Your rating", "id": "Penilaian Anda"}[language]
        app.run()
        assert_no_trouble(app)
        return app

    return open_


def press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert_no_trouble(app)


def said(app: AppTest) -> list[str]:
    (ratings,) = shelf_of(app).ratings_of.values()
    return list(ratings.values())


def test_a_click_rates_and_shows_the_next_face(rating_page: Opened) -> None:
    app = rating_page()
    for place, code in enumerate(("sad", "happy", "unsure"), start=1):
        assert f"Face {place} of 3" in page_html(app)
        press(app, f"rate_{code}")
    assert said(app) == ["sad", "happy", "unsure"]
    assert "3 of 3 faces rated" in str([element.proto for element in app.get("progress")])


@pytest.mark.parametrize("task", TASK_LABELS)
def test_a_key_says_the_same_expression_whatever_the_network_knows(
    rating_page: Opened, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    codes = (*in_reading_order(TASK_LABELS[task]), "unsure")
    monkeypatch.setattr(NetworkInfo, "expressions", codes[:-1])
    app = rating_page()
    keys = {code: app.button(key=f"rate_{code}").proto.shortcut for code in codes}
    assert keys == {code: "12345678"[EXPRESSIONS.index(code)] if code != "unsure" else "0" for code in codes}


def test_the_networks_answer_is_hidden_until_the_face_is_rated_or_asked_for(rating_page: Opened) -> None:
    app = rating_page()
    assert "Network's answer:" not in texts(app)
    press(app, "rate_happy")
    assert "Network's answer:" not in texts(app), "the next face is not rated"
    press(app, "rate_back")
    assert "Network's answer: Sad (92%)" in texts(app)
    press(app, "rate_next")
    app.session_state["rating_place"] = 2
    app.toggle(key="rate_unblinded").set_value(True).run()
    assert "Network's answer:" in texts(app)


@pytest.mark.parametrize(("language", "same"), [("en", "50.0%"), ("id", "50,0%")])
def test_agreement_counts_only_what_both_gave_a_label(rating_page: Opened, language: str, same: str) -> None:
    app = rating_page(language)
    for code in ("sad", "happy", "unsure"):
        press(app, f"rate_{code}")
    shown = page_html(app)
    assert same in shown and "<td>2</td>" in shown
    assert len(app.get("plotly_chart")) == 1


TABLE = "file,face,rating\none.png,1,sad\n"


def away_and_back(app: AppTest) -> None:
    """To another tab, which empties the drop areas."""
    for view in ("Table", "Your rating"):
        app.session_state["photo_view"] = view
        assert_no_trouble(app.run())


def load(app: AppTest, which: int, *tables: str) -> None:
    files = [(f"rater{n}.csv", table.encode(), "text/csv") for n, table in enumerate(tables)]
    uploader = app.file_uploader[which]
    uploader.set_value(files if which == 2 else files[0])
    app.run()
    assert_no_trouble(app)


def test_ratings_of_an_earlier_day_can_be_gone_on_with(rating_page: Opened) -> None:
    app = rating_page()
    load(app, 1, "file;face;rating\none.png;1;Sedih\ntwo.png;2;happy\n")
    assert said(app) == ["sad", "happy"]


def test_further_raters_give_kappas_of_each_pair_and_of_all(rating_page: Opened) -> None:
    app = rating_page()
    press(app, "rate_sad")
    press(app, "rate_happy")
    load(
        app, 2, "file,face,rating\none.png,1,sad\ntwo.png,1,happy\nelsewhere.png,1,sad\n",
        "file,face,rating\none.png,1,happy\ntwo.png,1,happy\n", "no table",
    )  # fmt: skip
    shown = texts(app) + page_html(app)
    assert "You – rater0.csv" in shown and "rater1.csv – Wayang" in shown
    assert "1 rating is of a face that is not here" in shown
    assert "lacks a column" in shown
    assert "3 raters, 2 faces that all of them rated" in shown


def test_other_raters_stay_until_their_tables_are_taken_out(rating_page: Opened) -> None:
    app = rating_page()
    press(app, "rate_sad")
    load(app, 2, TABLE)
    away_and_back(app)
    assert list(shelf_of(app.run()).raters) == ["rater0.csv"]
    assert "Loaded before: rater0.csv" in texts(app)
    load(app, 2, TABLE.replace("sad", "happy"))
    assert list(shelf_of(app).raters) == ["rater0.csv", "rater0.csv (2)"]
    assert "rater0.csv – rater0.csv (2)" in page_html(app), "both count"
    app.file_uploader[2].set_value(None).run()
    assert list(shelf_of(app).raters) == ["rater0.csv"], "the earlier one does not lie there"
    away_and_back(app)
    next(button for button in app.button if button.label == "Remove them").click().run()
    assert_no_trouble(app)
    assert not shelf_of(app).raters


def test_a_table_that_is_loaded_again_is_one_rater(rating_page: Opened) -> None:
    app = rating_page()
    load(app, 2, TABLE)
    away_and_back(app)
    load(app, 2, TABLE, TABLE)
    assert list(shelf_of(app).raters) == ["rater0.csv", "rater1.csv"]
    assert "Loaded before" not in texts(app)


def test_ratings_belong_to_the_search_that_numbered_the_faces(rating_page: Opened) -> None:
    app = rating_page()
    press(app, "rate_sad")
    app.session_state["photo_effort"] = "quick"
    app.run()
    assert_no_trouble(app)
    assert (
        shelf_of(app).ratings(photo_search("quick")) == {} and len(shelf_of(app).ratings(photo_search())) == 1
    )


def test_a_table_may_name_expressions_by_code_or_in_either_language() -> None:
    words = expression_words()
    assert [words[word] for word in ("sad", "sedih", "contempt", "penghinaan", "unsure")] == [
        "sad", "sad", "contempt", "contempt", "unsure",
    ]  # fmt: skip


def test_the_faces_become_a_round_of_the_quiz_as_the_network_read_them(
    rating_page: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(
        "streamlit.switch_page", lambda page, *, query_params: went.append((page, query_params))
    )
    app = rating_page()
    press(app, "photos_quiz")
    ((page, query),) = went
    assert page == "pages/quiz/page.py" and query["set"] == "photos" and query["network"]
    given = app.session_state[session_keys.QUIZ_FACES]
    found = [face for finding in shelf_of(app).findings.values() for face in finding.result.faces]
    assert sorted(face.crop_gray.tobytes() for face in found) == sorted(
        face.tobytes() for face in given["faces_gray"]
    )
    assert given["meant"] == (None, None, None)
