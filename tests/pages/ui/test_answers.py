"""Answers of a network whose classes people named: shown as they wrote them, each in its colour, in their order."""

from __future__ import annotations

import re

import numpy as np
import pytest

from fer_core.labels import CLASS_COLOURS, FER2013_LABELS, UNSURE
from fer_core.photos.analysis import PhotoFace, PhotoResult
from fer_core.recognition.answers import Prediction
from pages.ui.captions import captions
from pages.ui.face_cards import blank_card, face_cards
from pages.ui.i18n import answer_name, speaking
from pages.ui.photo_block import bars_html, picture_in_words
from pages.ui.signs import emotion_html
from tests.lab_networks import NAMES

CLASSES = ("Start", "happy", "<b>笑</b>")
"""A word that the app translates, an expression and HTML."""
FACE = PhotoFace(
    1,
    np.array([0, 0, 9, 9], np.int32),
    Prediction(np.array([0.2, 0.7, 0.1], np.float32), "happy", 0.7),
    np.zeros((48, 48), np.uint8),
)


def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    monkeypatch.setattr("pages.ui.face_cards.st.html", texts.append)
    return texts


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_class_is_called_as_people_wrote_it_in_every_language(language: str) -> None:
    with speaking(language):
        assert [answer_name(name, CLASSES) for name in CLASSES] == list(CLASSES)
        assert answer_name(UNSURE, CLASSES) == {"en": "Unsure", "id": "Tidak yakin"}[language]
        assert answer_name("happy", FER2013_LABELS) == {"en": "Happy", "id": "Senang"}[language]
        assert set(captions(NAMES).names) == {*NAMES, UNSURE} and "contempt" in captions().names


def test_cards_have_a_bar_for_each_class_in_its_colour_and_in_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = shown(monkeypatch)
    face_cards([FACE], CLASSES)
    blank_card(CLASSES, "No face")
    for text in texts:
        bars = re.findall(r'--emotion:(#\w+);--share.*?data-sign="(.*?)".*?<span>(.*?)</span>', text)
        names = ["Start", "happy", "&lt;b&gt;笑&lt;/b&gt;"]
        assert bars == list(
            zip(list(CLASS_COLOURS.values())[:3], list(CLASS_COLOURS)[:3], names, strict=True)
        )
    assert "<strong>happy</strong>" in texts[0]


def test_a_photo_is_described_with_the_names_of_the_classes() -> None:
    result = PhotoResult("a.jpg", None, (FACE,), CLASSES, "ok", None, 1.0)
    assert picture_in_words("a.jpg", result) == "a.jpg – 1 face (1: happy)"
    bars = bars_html(CLASSES, FACE.probabilities, ("happy",))
    assert bars.count("<tr") == 3 and "<b>" not in bars and 'data-sign="class-2"' in bars
    assert emotion_html("happy").endswith(" Happy") and emotion_html("happy", CLASSES).endswith(" happy")
