from __future__ import annotations

import logging
import math
import threading
from datetime import date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.errors import ImageError, NetworkError, RautError
from fer_core.labels import EMOTIONS
from pages.ui import i18n


@pytest.fixture
def in_indonesian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "language", lambda: "id")


def test_outside_a_page_everything_is_english() -> None:
    heard: list[str] = []
    thread = threading.Thread(target=lambda: heard.extend((i18n.language(), i18n._("Happy"))))
    thread.start()
    thread.join()
    assert heard == ["en", "Happy"]
    assert i18n.language() == "en"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("id", "id"),
        ("id-ID", "id"),
        ("in_ID", "id"),
        ("ID", "id"),
        ("en-GB", "en"),
        ("de", "en"),
        ("it", "en"),
    ]
    + [("", "en"), (None, "en")],
)
def test_the_browser_decides_at_first(locale: str | None, expected: str) -> None:
    assert i18n.language_of_locale(locale) == expected


SCRIPT = (
    "import streamlit as st\nfrom pages.ui.i18n import _, language\nst.text(language())\nst.text(_('Happy'))"
)


@pytest.mark.parametrize(
    ("chosen", "expected"), [("id", ["id", "Senang"]), ("en", ["en", "Happy"]), ("xx", ["en", "Happy"])]
)
def test_a_choice_in_the_session_decides(chosen: str, expected: list[str]) -> None:
    app = AppTest.from_string(SCRIPT)
    app.session_state["lang"] = chosen
    assert [text.value for text in app.run().text] == expected


def test_a_link_can_carry_the_language() -> None:
    app = AppTest.from_string(SCRIPT)
    app.query_params["lang"] = "id"
    assert [text.value for text in app.run().text] == ["id", "Senang"]


def test_every_expression_has_the_same_name_as_in_the_core() -> None:
    assert {code: emotion.english for code, emotion in EMOTIONS.items()} == i18n.EMOTION_NAMES


def test_a_choice_of_names_reads_as_people_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [i18n.either(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a or b", "a, b or c",
    ]  # fmt: skip
    monkeypatch.setattr(i18n, "language", lambda: "id")
    assert i18n.either(["a", "b", "c"]) == "a, b, atau c"


def test_expressions_in_indonesian(in_indonesian: None) -> None:
    names = [i18n.emotion_name(code) for code in EMOTIONS]
    assert names == [
        "Marah", "Jijik", "Takut", "Senang", "Sedih", "Terkejut", "Netral", "Penghinaan", "Tidak yakin",
    ]  # fmt: skip


def test_plural_follows_the_count_in_english_and_not_in_indonesian(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr ""\n"Language: id\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    (folder / "a.po").write_text(
        header + 'msgid "{n} cat"\nmsgid_plural "{n} cats"\nmsgstr[0] "{n} kucing"\n', encoding="utf-8"
    )
    (folder / "b.po").write_text(header + 'msgid "Dog"\nmsgstr "Anjing"\n', encoding="utf-8")
    monkeypatch.setattr(i18n, "LOCALE_DIR", tmp_path)
    i18n.catalogue.cache_clear()
    try:
        assert [i18n.ngettext("{n} cat", "{n} cats", n) for n in (0, 1, 2)] == [
            "{n} cats",
            "{n} cat",
            "{n} cats",
        ]
        monkeypatch.setattr(i18n, "language", lambda: "id")
        assert [i18n.ngettext("{n} cat", "{n} cats", n) for n in (0, 1, 2)] == ["{n} kucing"] * 3
        assert i18n._("Dog") == "Anjing"
        assert i18n._("no such text") == "no such text"
    finally:
        i18n.catalogue.cache_clear()


def test_numbers_in_english() -> None:
    assert i18n.format_number(28709) == "28,709"
    assert i18n.format_number(1234.567, decimals=2) == "1,234.57"
    assert i18n.format_number(-0.4) == "0"
    assert i18n.format_percent(0.7312) == "73.1%"
    assert i18n.format_percent(1) == "100.0%"


def test_numbers_in_indonesian(in_indonesian: None) -> None:
    assert i18n.format_number(28709) == "28.709"
    assert i18n.format_number(1234.567, decimals=2) == "1.234,57"
    assert i18n.format_percent(0.7312) == "73,1%"
    assert i18n.format_probability(0.9999, decimals=1) == ">99,9%"


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_an_undefined_figure_is_a_dash_and_not_zero(nothing: float | None) -> None:
    assert i18n.format_number(nothing) == "–"
    assert i18n.format_percent(nothing) == "–"
    assert i18n.format_probability(nothing) == "–"


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (1.0, ">99%"),
        (0.9951, ">99%"),
        (0.994, "99%"),
        (0.5, "50%"),
        (0.0049, "<1%"),
        (1e-9, "<1%"),
        (0.0, "0%"),
    ],
)
def test_a_guess_is_never_certain(probability: float, expected: str) -> None:
    assert i18n.format_probability(probability) == expected


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_no_probability_reads_as_certain_or_impossible(decimals: int) -> None:
    for thousandth in range(1, 1001):
        shown = i18n.format_probability(thousandth / 1000, decimals)
        assert shown.startswith((">", "<")) or 0 < float(shown.removesuffix("%")) < 100


def test_a_known_error_becomes_its_sentence_with_its_fields() -> None:
    error = ImageError("This file is empty ({name}), {n} bytes.", name="a.jpg", n=12345)
    assert i18n.error_sentence(error) == "This file is empty (a.jpg), 12,345 bytes."


def test_an_error_within_an_error_is_told_in_the_same_language() -> None:
    inner = NetworkError("gone")
    assert (
        i18n.error_sentence(RautError("It did not work: {reason}", reason=inner)) == "It did not work: gone"
    )


def test_an_unknown_error_becomes_an_apology_and_its_details_go_to_the_log(
    caplog: pytest.LogCaptureFixture, in_indonesian: None
) -> None:
    with caplog.at_level(logging.ERROR):
        sentence = i18n.error_sentence(ValueError("secret path /home/someone"))
    assert sentence.startswith("Terjadi kesalahan")
    assert "secret" not in sentence
    assert "secret path /home/someone" in caplog.text


def test_a_sentence_that_does_not_fit_its_fields_is_no_crash(caplog: pytest.LogCaptureFixture) -> None:
    sentence = i18n.error_sentence(RautError("There is no {such} field", other=1))
    assert sentence.startswith("Something went wrong")
    assert "such" in caplog.text


@pytest.mark.parametrize(
    ("code", "day", "time"), [("en", "27 August 2026", "14:05"), ("id", "27 Agustus 2026", "14.05")]
)
def test_dates_are_in_words_of_the_language(code: str, day: str, time: str) -> None:
    with i18n.speaking(code):
        assert i18n.format_date(date(2026, 8, 27)) == day
        assert i18n.format_time(datetime(2026, 8, 27, 14, 5)) == time


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "between 0.01 and 1; it is 1,200.5"), ("id", "antara 0,01 dan 1; nilainya sekarang 1.200,5")],
)
def test_numbers_in_an_error_are_those_of_the_language(code: str, said: str) -> None:
    error = RautError(
        "The face detection setting “{what}” must lie between {low} and {high}; it is {received}.",
        what="x",
        low=0.01,
        high=1.0,
        received=1200.5,
    )
    with i18n.speaking(code):
        assert said in i18n.error_sentence(error)
