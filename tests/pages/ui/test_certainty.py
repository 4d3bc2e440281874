""" "Unsure" in words: what a face could be, and the figures, which come from the evaluation and nowhere else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.faces import pose
from fer_core.labels import FER2013_LABELS
from fer_core.recognition.answers import Prediction, RecognizedFace
from pages.ui import i18n
from pages.ui.certainty import measured_certainty, set_in_words
from tests.pages.harness import texts
from tests.pages.made_up import write_network

SCRIPT = """
from fer_core.store.folder import find_network
from pages.ui.certainty import unsure_term
unsure_term(find_network("wayang"))
"""
CERTAINTY: dict[str, Any] = {
    "prediction_sets": {
        "coverage": 0.9134,
        "coverage_by_class": dict.fromkeys(FER2013_LABELS, 0.9) | {"fear": 0.25},
        "mean_size": 2.1,
        "sizes": [],
    },
    "unsure": {"share": 0.3141, "error_when_sure": 0.1764, "error_when_unsure": 0.5432},
}
SETS = {"threshold": 0.1, "level": 0.85, "split": "PublicTest", "n": 10}


@pytest.fixture
def network_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RAUT_MODELS_DIR", str(tmp_path))
    return write_network(tmp_path)


def add_to_evaluation(folder: Path, sets: object = SETS, **split: object) -> None:
    path = folder / "evaluation.json"
    evaluation = json.loads(path.read_text())
    evaluation["prediction_sets"] = sets
    evaluation["splits"]["PrivateTest"] |= split
    path.write_text(json.dumps(evaluation))


def explained(language: str = "en") -> str:
    app = AppTest.from_string(SCRIPT)
    app.session_state["lang"] = language
    app.run()
    assert not app.exception
    return texts(app)


def face(*prediction_set: str) -> RecognizedFace:
    shares = np.full(7, 1 / 7, np.float32)
    found = prediction_set or None
    prediction = Prediction(shares, (*prediction_set, "sad")[0], float(shares[0]), found)
    return RecognizedFace(1, np.zeros(4, np.int32), prediction)


# --- what a face could be ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "prediction_set", "words"),
    [
        ("en", (), ""),
        ("en", ("sad",), ""),
        ("en", ("sad", "neutral"), "or neutral"),
        ("en", ("sad", "fear", "angry"), "could be sad, fear or angry"),
        ("id", ("sad", "neutral"), "atau netral"),
        ("id", ("sad", "fear", "angry"), "bisa jadi sedih, takut, atau marah"),
    ],
)
def test_a_set_in_words(
    monkeypatch: pytest.MonkeyPatch, language: str, prediction_set: tuple[str, ...], words: str
) -> None:
    monkeypatch.setattr(i18n, "language", lambda: language)
    assert set_in_words(face(*prediction_set)) == words


@pytest.mark.parametrize(
    ("language", "prediction_set", "words"),
    [
        ("en", (), "Turned away: could be sad"),
        ("en", ("fear", "sad"), "Turned away: could be fear or sad"),
        ("id", ("fear", "sad"), "Berpaling: bisa jadi takut atau sedih"),
    ],
)
def test_of_a_face_that_is_turned_away_it_is_said_and_what_it_could_be(
    monkeypatch: pytest.MonkeyPatch, language: str, prediction_set: tuple[str, ...], words: str
) -> None:
    monkeypatch.setattr(i18n, "language", lambda: language)
    monkeypatch.setattr(pose, "turned_away_from", lambda: 0.3)
    aside = np.array([[30, 40], [70, 40], [65, 60], [50, 80], [10, 45], [90, 45]], np.float32)
    turned = replace(face(*prediction_set), points_xy=aside)
    assert (turned.answer, turned.unsure) == ("unsure", True)
    assert set_in_words(turned) == words


def test_a_live_picture_names_the_set_in_the_order_of_its_bars() -> None:
    assert set_in_words(face("sad", "fear", "angry"), FER2013_LABELS) == "could be angry, fear or sad"
    assert set_in_words(face("sad", "angry"), FER2013_LABELS) == "or angry"


# --- how often it is wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "When is Raut unsure?", "“Wayang” on 10 test images (PrivateTest)", "for 85%", "for 91.3%",
                "31% of the answers", "wrong for 54%", "18% are wrong", "only for pictures like those of FER2013",
                "average over all faces", "| Fear | 25% | 2 |",
            ),
        ),
        (
            "id",
            (
                "Kapan Raut menjawab “tidak yakin”?", "“Wayang” pada 10 gambar uji (PrivateTest)", "pada 85%", "91,3%",
                "31% jawaban", "keliru pada 54%", "18% keliru", "hanya berlaku untuk gambar seperti di FER2013",
                "rata-rata atas semua wajah", "| Takut | 25% | 2 |",
            ),
        ),
    ],
)  # fmt: skip
def test_the_explanation_carries_the_figures_of_the_evaluation(
    network_folder: Path, language: str, words: tuple[str, ...]
) -> None:
    add_to_evaluation(network_folder, **CERTAINTY)
    shown = explained(language)
    for word in words:
        assert word in shown, word


@pytest.mark.parametrize(("language", "words"), [("en", "not been calibrated"), ("id", "belum dikalibrasi")])
def test_a_network_without_sets_says_that_it_was_not_calibrated(
    network_folder: Path, language: str, words: str
) -> None:
    assert words in explained(language)


@pytest.mark.parametrize("damage", ["no file", "no JSON", "no figures", "other weights", "no split"])
def test_without_figures_of_these_weights_none_are_shown(network_folder: Path, damage: str) -> None:
    add_to_evaluation(network_folder, **({} if damage == "no figures" else CERTAINTY))
    path = network_folder / "evaluation.json"
    evaluation = json.loads(path.read_text())
    if damage == "no file":
        path.unlink()
    elif damage == "no JSON":
        path.write_text("{")
    elif damage == "other weights":
        path.write_text(json.dumps({**evaluation, "checksum": "of others"}))
    elif damage == "no split":
        path.write_text(json.dumps({**evaluation, "splits": {}}))
    shown = explained()
    assert "not been calibrated" in shown
    assert "Measured" not in shown


def test_what_nobody_answered_has_no_rate(network_folder: Path) -> None:
    from fer_core.store.folder import find_network

    add_to_evaluation(
        network_folder,
        **{**CERTAINTY, "unsure": {"share": 0.0, "error_when_sure": 0.2, "error_when_unsure": None}},
    )
    found = measured_certainty(find_network("wayang"))
    assert found is not None
    assert found.error_when_unsure is None
    assert "wrong for –" in explained()
