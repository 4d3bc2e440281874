"""Sets hold the true label as often as they promise, and "unsure" is what cannot be narrowed down to two."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from fer_core.evaluation.report import read_report
from fer_core.recognition.conformal import (
    PredictionSets,
    fit_prediction_sets,
    read_prediction_sets,
    set_codes,
)
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import list_networks
from fer_core.store.network import NetworkInfo


def drawn(seed: int, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities, and labels that were drawn with other ones: a network that is too sure of itself."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(count, 6))
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    given = np.exp(3 * logits) / np.exp(3 * logits).sum(axis=1, keepdims=True)
    return given, (true.cumsum(axis=1) < rng.random((count, 1))).sum(axis=1)


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_sets_cover_new_samples_at_their_level_though_the_network_is_too_sure(level: float) -> None:
    sets = fit_prediction_sets(*drawn(0), "made up", level)
    probabilities, labels = drawn(1)
    held = sets.members(probabilities)[np.arange(len(labels)), labels]
    assert held.mean() == pytest.approx(level, abs=0.02)
    assert (sets.level, sets.n, sets.split) == (level, 4000, "made up")


def test_the_threshold_is_the_one_worked_out_by_hand() -> None:
    # True probabilities 0.9, 0.8, ..., 0.1; the ninth smallest score of nine is 0.9: ceil(10 * 0.9) = 9.
    true = np.arange(9, 0, -1) / 10
    probabilities = np.stack([true, 1 - true], axis=1)
    assert fit_prediction_sets(probabilities, np.zeros(9, int), "s").threshold == pytest.approx(0.1)
    assert fit_prediction_sets(probabilities, np.zeros(9, int), "s", 0.5).threshold == pytest.approx(0.5)


def test_too_few_samples_for_the_level_give_the_set_of_everything() -> None:
    sets = fit_prediction_sets(np.array([[0.9, 0.1]]), np.array([0]), "s")
    assert sets.members(np.array([[1.0, 0.0]])).all()


def test_a_set_is_never_empty_and_unsure_means_more_than_two() -> None:
    sets = PredictionSets(threshold=0.3, level=0.9, split="s", n=10)
    probabilities = np.array([[0.25, 0.25, 0.25, 0.25], [0.6, 0.3, 0.1, 0.0], [0.34, 0.33, 0.33, 0.0]])
    assert sets.members(probabilities).tolist() == [
        [True, True, True, False], [True, True, False, False], [True, True, True, False],
    ]  # fmt: skip
    assert sets.unsure(probabilities).tolist() == [True, False, True], "nothing of the first reaches 0.3"
    assert sets.members(np.empty((0, 4))).shape == (0, 4)
    assert sets.unsure(np.empty((0, 4))).shape == (0,)


def test_a_network_whose_sets_hold_hardly_more_than_one_is_unsure_from_two_on() -> None:
    sets = PredictionSets(threshold=0.4, level=0.9, split="s", n=10)
    probabilities = np.array([[0.9, 0.1, 0.0], [0.5, 0.45, 0.05], [0.36, 0.34, 0.3]])
    assert sets.members(probabilities).sum(axis=1).tolist() == [1, 2, 2]
    assert sets.unsure(probabilities).tolist() == [False, True, True]


@pytest.mark.parametrize("threshold", [0.05, 0.2, 0.33, 0.34, 0.45, 0.6, 0.9])
def test_unsure_can_be_said_at_any_threshold(threshold: float) -> None:
    sets = PredictionSets(threshold=threshold, level=0.9, split="s", n=10)
    assert sets.unsure(np.full((1, 8), 1 / 8)).all()
    assert not sets.unsure(np.array([[0.97] + [0.03 / 7] * 7])).any()


@pytest.mark.parametrize("network", list_networks(), ids=lambda network: network.id)
def test_every_network_with_sets_is_unsure_of_some_test_pictures_and_more_often_wrong_on_those(
    network: NetworkInfo,
) -> None:
    report = read_report(network)
    assert report is not None
    for part in report.splits.values():
        unsure = part.certainty.get("unsure")
        assert (unsure is None) == (report.sets is None)
        if unsure is not None:
            assert 0.01 < unsure["share"] < 0.7
            assert unsure["error_when_unsure"] > 1.5 * unsure["error_when_sure"]


def test_codes_of_a_set_stand_by_probability() -> None:
    probabilities = np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4], [0.1, 0.8, 0.1]])
    members = np.array([[True, True, True], [True, False, True], [False, True, False]])
    assert set_codes(members, probabilities, ("a", "b", "c")) == [("b", "c", "a"), ("a", "c"), ("b",)]
    assert set_codes(np.empty((0, 3), bool), np.empty((0, 3)), ("a", "b", "c")) == []
    assert set_codes(None, probabilities, ("a", "b", "c")) == [None, None, None], "not calibrated"


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="Received: 1.5"):
        PredictionSets(threshold=1.5, level=0.9, split="s", n=1)
    with pytest.raises(ValueError, match="Received"):
        fit_prediction_sets(np.empty((0, 3)), np.zeros(0, int), "s")


def test_a_recognizer_offers_the_sets_that_belong_to_its_weights(
    tiny_network: NetworkInfo, tmp_path: Path
) -> None:
    assert read_prediction_sets(dataclasses.replace(tiny_network, folder=tmp_path)) is None  # no evaluation
    sets = PredictionSets(threshold=0.25, level=0.9, split="PublicTest", n=3589)
    checksum = tiny_network.checksum
    evaluation = {"checksum": checksum, "prediction_sets": dataclasses.asdict(sets), "splits": {}}
    here = dataclasses.replace(tiny_network, folder=tmp_path)
    shutil.copy(tiny_network.file, here.file)
    (tmp_path / "evaluation.json").write_text(json.dumps(evaluation))
    assert ExpressionRecognizer(here).prediction_sets == sets
    (tmp_path / "evaluation.json").write_text(json.dumps({**evaluation, "checksum": "of others"}))
    assert ExpressionRecognizer(here).prediction_sets is None
