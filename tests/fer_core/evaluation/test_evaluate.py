"""A report says what the recogniser answered, row by row."""

from __future__ import annotations

import dataclasses
import errno
import json
import stat
from pathlib import Path

import numpy as np
import pytest

from fer_core.cards.card import write_card
from fer_core.datasets.fer2013 import Fer2013
from fer_core.errors import DatasetError, NetworkError
from fer_core.evaluation.evaluate import evaluate_network, write_evaluation
from fer_core.evaluation.metrics import confusion_matrix
from fer_core.evaluation.report import read_report
from fer_core.labels import EXPRESSIONS, FER2013_LABELS, FERPLUS_LABELS
from fer_core.store.folder import read_evaluation
from fer_core.store.network import NetworkInfo
from fer_core.store.read_only import read_only
from tests.network_records import with_facts, with_training


def test_figures_of_answers_that_are_known(dataset: Fer2013, recognizer) -> None:
    figures = evaluate_network(recognizer, dataset, ["PrivateTest"])["splits"]["PrivateTest"]
    assert (figures["n"], figures["accuracy"]) == (5, pytest.approx(3 / 5))
    assert figures["labels"] == list(FER2013_LABELS)
    expected = confusion_matrix(np.array([0, 0, 3, 3, 5]), np.array([0, 4, 3, 3, 2]), 7)
    assert figures["confusion"] == expected.tolist()
    assert figures["sensitivity"]["angry"] == pytest.approx(1 / 2)
    assert figures["specificity"]["sad"] == pytest.approx(4 / 5)


def test_misclassified_are_row_numbers_with_true_and_given_label(dataset: Fer2013, recognizer) -> None:
    figures = evaluate_network(recognizer, dataset, ["PrivateTest"])["splits"]["PrivateTest"]
    assert figures["misclassified"] == [107, 110]
    assert [FER2013_LABELS[code] for code in figures["misclassified_true"]] == ["angry", "surprise"]
    assert [FER2013_LABELS[code] for code in figures["misclassified_predicted"]] == ["sad", "fear"]


def test_an_undefined_figure_is_null(dataset: Fer2013, recognizer) -> None:
    figures = evaluate_network(recognizer, dataset, ["PrivateTest"])["splits"]["PrivateTest"]
    assert figures["sensitivity"]["disgust"] is None
    assert figures["specificity"]["disgust"] == 1.0
    assert "NaN" not in json.dumps(figures)


def test_a_test_split_is_given_without_its_duplicates_as_well(dataset: Fer2013, recognizer) -> None:
    splits = evaluate_network(recognizer, dataset, ["Training", "PublicTest", "PrivateTest"])["splits"]
    assert list(splits) == [
        "Training", "PublicTest", "PublicTestNoDuplicates", "PrivateTest", "PrivateTestNoDuplicates",
    ]  # fmt: skip
    without = splits["PrivateTestNoDuplicates"]
    assert (without["n"], without["duplicates"], without["accuracy"]) == (4, 1, pytest.approx(2 / 4))
    assert splits["PublicTestNoDuplicates"]["duplicates"] == 0


def test_duplicates_are_those_of_the_split_that_the_network_learnt_from(dataset: Fer2013, recognizer) -> None:
    recognizer.network = with_training(recognizer.network, split="PrivateTest")
    splits = evaluate_network(recognizer, dataset, ["PrivateTest"])["splits"]
    assert splits["PrivateTestNoDuplicates"]["n"] == 0
    assert splits["PrivateTestNoDuplicates"]["accuracy"] is None


@pytest.mark.parametrize(("batch", "asked"), [(256, [5]), (2, [2, 2, 1]), (5, [5])])
def test_batches_do_not_change_figures(dataset: Fer2013, recognizer, batch: int, asked: list[int]) -> None:
    figures = evaluate_network(recognizer, dataset, ["PrivateTest"], batch=batch)["splits"]["PrivateTest"]
    assert figures["misclassified"] == [107, 110]
    assert recognizer.asked == asked


def test_progress_rises_to_one_over_all_splits(dataset: Fer2013, recognizer) -> None:
    parts: list[float] = []
    evaluate_network(recognizer, dataset, ["PublicTest", "PrivateTest"], batch=2, progress=parts.append)
    assert parts == pytest.approx([2 / 7, 4 / 7, 6 / 7, 1])


def test_a_network_with_its_labels_in_another_order_gets_the_same_report(
    dataset: Fer2013, recognizer, network: NetworkInfo
) -> None:
    expected = evaluate_network(recognizer, dataset, ["PrivateTest"])
    turned = with_facts(network, labels=FER2013_LABELS[::-1])
    assert evaluate_network(type(recognizer)(turned), dataset, ["PrivateTest"]) == expected


def test_other_labels_than_the_split_has_give_a_sentence(dataset: Fer2013, recognizer) -> None:
    with pytest.raises(NetworkError, match="knows 7 expressions and the pictures of PaperTest .* with 8"):
        evaluate_network(recognizer, dataset, ["PaperTest"])


def test_eight_classes_are_counted_in_the_order_of_ferplus(
    dataset: Fer2013, recognizer, network: NetworkInfo
) -> None:
    ferplus = with_facts(network, task="ferplus", labels=FERPLUS_LABELS)
    eight = type(recognizer)(with_training(ferplus, split="PaperTrain"))
    figures = evaluate_network(eight, dataset, ["PaperTest"])["splits"]["PaperTest"]
    assert figures["n"] == 6  # both test sets less the row voted unknown
    assert sum(figures["confusion"][FERPLUS_LABELS.index("neutral")]) == 6
    assert figures["misclassified"] == [104, 106, 107, 108, 109, 110]


def test_a_report_of_eight_classes_is_read_with_contempt_last(network: NetworkInfo) -> None:
    neutral, contempt, happy = (FERPLUS_LABELS.index(code) for code in ("neutral", "contempt", "happy"))
    confusion = np.zeros((8, 8), int)
    confusion[neutral, neutral], confusion[contempt, happy], confusion[happy, neutral] = 5, 1, 1
    figures = {
        "labels": list(FERPLUS_LABELS), "n": 7, "accuracy": 5 / 7, "confusion": confusion.tolist(), "misclassified": [3, 7],
        "misclassified_true": [contempt, happy], "misclassified_predicted": [happy, neutral],
        "prediction_sets": {"coverage_by_class": dict.fromkeys(FERPLUS_LABELS, 0.9) | {"contempt": 0.1}},
    }  # fmt: skip
    (network.folder / "evaluation.json").write_text(json.dumps({"splits": {"PaperTest": figures}}))
    report = read_report(network)
    assert report is not None
    part = report.splits["PaperTest"]
    assert part.labels == EXPRESSIONS
    assert [part.labels[place] for place in part.true] == ["contempt", "happy"]
    assert [part.labels[place] for place in part.predicted] == ["happy", "neutral"]
    place = part.labels.index
    assert part.confusion[place("neutral"), place("neutral")] == 5
    assert part.confusion[place("contempt"), place("happy")] == 1
    assert part.confusion[place("happy"), place("neutral")] == 1
    by_class = part.certainty["prediction_sets"]["coverage_by_class"]
    assert tuple(by_class) == EXPRESSIONS and by_class["contempt"] == 0.1


def test_a_split_that_the_copy_cannot_give_is_named(dataset: Fer2013, recognizer) -> None:
    with pytest.raises(DatasetError):
        evaluate_network(recognizer, dataset, ["Table1Test"])


def test_what_is_written_is_what_is_read(dataset: Fer2013, recognizer, network: NetworkInfo) -> None:
    evaluation = evaluate_network(recognizer, dataset, ["PrivateTest"])
    file = write_evaluation(network, evaluation)
    assert read_evaluation(network) == read_only(evaluation)
    assert json.loads(file.read_text()) == evaluation
    assert [entry.name for entry in network.folder.iterdir() if entry.name.startswith(".")] == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_splits_of_the_same_weights_are_kept_and_others_dropped(
    dataset: Fer2013, recognizer, network: NetworkInfo
) -> None:
    write_evaluation(network, evaluate_network(recognizer, dataset, ["PublicTest"]))
    write_evaluation(network, evaluate_network(recognizer, dataset, ["PrivateTest"]))
    assert {"PublicTest", "PrivateTest"} <= set(read_evaluation(network)["splits"])
    recognizer.network = with_facts(network, checksum={"model.tflite": "cd34"})
    write_evaluation(network, evaluate_network(recognizer, dataset, ["PrivateTest"]))
    assert set(read_evaluation(network)["splits"]) == {"PrivateTest", "PrivateTestNoDuplicates"}


def test_figures_of_the_complete_data_set_do_not_give_way_to_those_of_a_part(
    dataset: Fer2013, recognizer, network: NetworkInfo
) -> None:
    whole = evaluate_network(recognizer, dataset, ["PrivateTest"])
    whole["data"]["official"] = True
    file = write_evaluation(network, whole)
    before = file.read_bytes()
    with pytest.raises(NetworkError, match="not complete"):
        write_evaluation(network, evaluate_network(recognizer, dataset, ["PrivateTest"]))
    assert file.read_bytes() == before


def test_row_numbers_of_another_form_of_the_data_set_are_not_mixed_in(
    dataset: Fer2013, recognizer, network: NetworkInfo
) -> None:
    write_evaluation(network, evaluate_network(recognizer, dataset, ["PublicTest"]))
    folders = evaluate_network(recognizer, dataclasses.replace(dataset, form="folders"), ["PrivateTest"])
    write_evaluation(network, folders)
    assert set(read_evaluation(network)["splits"]) == {"PrivateTest", "PrivateTestNoDuplicates"}


def test_sets_are_fitted_where_the_network_was_chosen_and_used_where_it_is_tested(
    dataset: Fer2013, recognizer, network: NetworkInfo
) -> None:
    alone = evaluate_network(recognizer, dataset, ["PrivateTest"])
    assert "prediction_sets" not in alone and "prediction_sets" not in alone["splits"]["PrivateTest"]
    write_evaluation(network, evaluate_network(recognizer, dataset, ["PublicTest"]))
    later = evaluate_network(recognizer, dataset, ["PrivateTest"])
    assert (later["prediction_sets"]["split"], later["prediction_sets"]["n"]) == ("PublicTest", 2)
    assert later["splits"]["PrivateTest"]["prediction_sets"]["coverage"] == 1.0  # two samples: everything
    assert later["splits"]["PrivateTest"]["unsure"] == {
        "share": 1.0, "error_when_sure": None, "error_when_unsure": 0.4,
    }  # fmt: skip
    recognizer.network = with_training(network, report_splits=["PublicTest"])
    chosen_on_its_test = evaluate_network(recognizer, dataset, ["PublicTest"])
    assert "prediction_sets" not in chosen_on_its_test


def test_the_card_tells_how_sure_the_network_is_and_shows_it(
    dataset: Fer2013, recognizer, network: NetworkInfo
) -> None:
    write_evaluation(network, evaluate_network(recognizer, dataset, ["PublicTest", "PrivateTest"]))
    card = write_card(network).read_text()
    assert "### Calibration" in card and "![Calibration on PrivateTest](calibration.svg)" in card
    assert (network.folder / "calibration.svg").read_text().startswith("<svg")
    (network.folder / "evaluation.json").unlink()
    assert "Calibration" not in write_card(network).read_text()
    assert not (network.folder / "calibration.svg").exists()


def test_a_damaged_evaluation_is_replaced(dataset: Fer2013, recognizer, network: NetworkInfo) -> None:
    (network.folder / "evaluation.json").write_text('{"splits": {"Priv')
    write_evaluation(network, evaluate_network(recognizer, dataset, ["PublicTest"]))
    assert set(read_evaluation(network)["splits"]) == {"PublicTest", "PublicTestNoDuplicates"}


def test_an_evaluation_that_cannot_be_written_leaves_the_earlier_one(
    dataset: Fer2013, recognizer, network: NetworkInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluation = evaluate_network(recognizer, dataset, ["PrivateTest"])
    file = write_evaluation(network, evaluation)
    before = file.read_bytes()

    def full_disk(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("fer_core.files.os.replace", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_evaluation(network, evaluate_network(recognizer, dataset, ["PublicTest"]))
    assert file.read_bytes() == before
    assert sorted(path.name for path in Path(network.folder).iterdir()) == [
        "evaluation.json", "history.csv", "metadata.json",
    ]  # fmt: skip
