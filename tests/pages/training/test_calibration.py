"""Training: how sure a network is, against how often it is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fer_core.evaluation.certainty import certainty_figures, perfect_calibration
from fer_core.labels import FER2013_LABELS
from fer_core.recognition.conformal import PredictionSets
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import EMOTION_OF_ROW, PRIVATE_ROWS, write_network
from tests.pages.training.conftest import PAGE, charts, table_rows, write_certain_answers

CALIBRATION = {"view": "calibration"}
SETS = PredictionSets(threshold=0.2, level=0.9, split="PublicTest", n=123)


def write_certainty(folder: Path, sets: PredictionSets | None = SETS, **changes: Any) -> dict[str, Any]:
    """Add to a made-up evaluation how sure its answers were: 0.7, and 0.3 for the next expression."""
    file = folder / "evaluation.json"
    evaluation = json.loads(file.read_text())
    figures = evaluation["splits"]["PrivateTest"]
    labels = np.array([EMOTION_OF_ROW[row] for row in PRIVATE_ROWS])
    answers = labels.copy()
    answers[[row - PRIVATE_ROWS[0] for row in figures["misclassified"]]] = figures["misclassified_predicted"]
    probabilities = np.zeros((10, 7))
    probabilities[np.arange(10), answers] = 0.7
    probabilities[np.arange(10), (answers + 1) % 7] = 0.3
    added = certainty_figures(probabilities, labels, FER2013_LABELS, sets)
    added["calibration"] = {**added["calibration"], **changes}
    figures.update(added)
    if sets is not None:
        evaluation["prediction_sets"] = vars(sets)
    file.write_text(json.dumps(evaluation))
    return added


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_error_stands_beside_what_chance_makes_of_a_perfect_network(
    open_app: OpenApp, models: Path, language: str
) -> None:
    added = write_certainty(write_network(models))
    app = open_app(PAGE, address=CALIBRATION, language=language)
    assert_no_trouble(app)
    chance = perfect_calibration(added["calibration"]["bins"])
    shown = texts(app)
    assert added["calibration"]["ece"] == pytest.approx(0.0, abs=1e-9)  # seven of ten, and 70% sure
    for share in (0.0, chance.mean_error, chance.most_error):
        number = f"{100 * share:.1f}%"
        assert (number if language == "en" else number.replace(".", ",")) in shown
    assert len(charts(app)) == 1


def test_the_diagram_has_a_mark_for_each_group_and_its_table(open_app: OpenApp, models: Path) -> None:
    write_certainty(write_network(models))
    app = open_app(PAGE, address=CALIBRATION)
    diagram = charts(app)[0]
    (sure,), (right,) = diagram["data"][2]["x"], diagram["data"][2]["y"]
    assert (sure, right) == (pytest.approx(70), pytest.approx(70))
    assert table_rows(app, "Confidence")[1] == ["10", "70.0%", "70.0%", "40.0%", "100.0%"]


def test_before_and_after_the_temperature_stand_in_one_picture_and_one_table(
    open_app: OpenApp, models: Path
) -> None:
    folder = write_network(models)
    write_certainty(folder)
    shown = texts(open_app(PAGE, address=CALIBRATION))
    assert "Calibration before the temperature needs the probabilities of every image." in shown
    file = folder / "metadata.json"
    metadata = json.loads(file.read_text())
    file.write_text(json.dumps({**metadata, "temperature": 2.0}))
    probabilities = write_certain_answers(folder)
    app = open_app(PAGE, address=CALIBRATION)
    assert_no_trouble(app)
    before = np.square(probabilities.astype(np.float64))  # softmax(2 log q)
    before /= before.sum(axis=1, keepdims=True)
    rows = {row[0]: row[1:] for row in table_rows(app, "after the temperature")}
    assert rows["Figure"] == ["after the temperature", "before the temperature"]
    assert rows["Mean confidence"] == [
        f"{100 * each.max(axis=1).mean():.1f}%" for each in (probabilities, before)
    ]
    assert rows["Accuracy"] == ["70.0%", "70.0%"], "a temperature changes no answer"
    names = [trace.get("name") for trace in charts(app)[0]["data"]]
    assert "Before the temperature" in names and "After the temperature; large: many answers" in names
    assert {row[0] for row in table_rows(app, "expected, from")[1:]} == {"after", "before"}


def test_accuracy_over_confidence_lists_how_many_are_answered(open_app: OpenApp, models: Path) -> None:
    """Certainties rise from 0.4 to 0.95 with the row; 51, 53 and 57 are wrong, so the last two are right."""
    folder = write_network(models)
    write_certainty(folder)
    write_certain_answers(folder)
    app = open_app(PAGE, address=CALIBRATION)
    assert_no_trouble(app)
    rows = {row[0]: row[1:] for row in table_rows(app, "Share answered")}
    assert rows["0%"] == ["10", "100.0%", "70.0% (39.7–89.2%)"]
    assert rows["80%"][:2] == ["3", "30.0%"] and rows["80%"][2].startswith("66.7% (")
    assert rows["90%"][:2] == ["1", "10.0%"] and "95%" in rows
    assert "99%" not in rows, "no answer is so certain"
    accuracy, share = charts(app)[1]["data"]
    assert len(accuracy["x"]) == len(share["x"]) and share["y"][0] == 1


def test_sets_and_unsure_are_told_with_the_level_they_were_made_for(open_app: OpenApp, models: Path) -> None:
    added = write_certainty(write_network(models))
    app = open_app(PAGE, address=CALIBRATION)
    shown = texts(app)
    assert "Its 90% prediction set" in shown and "with 2.00 expressions" in shown
    assert f"contained the label of {100 * added['prediction_sets']['coverage']:.1f}%" in shown
    assert len(table_rows(app, "Coverage of the prediction sets")) == 8
    assert "look better" not in shown


def test_figures_of_the_images_that_it_was_adjusted_on_say_so(open_app: OpenApp, models: Path) -> None:
    write_certainty(
        write_network(models), PredictionSets(threshold=0.2, level=0.9, split="PrivateTest", n=10)
    )
    assert "so the figures here look better" in texts(open_app(PAGE, address=CALIBRATION))


def test_a_network_without_sets_says_so_and_one_that_was_not_measured_how_to(
    open_app: OpenApp, models: Path
) -> None:
    folder = write_network(models)
    write_certainty(folder, None)
    assert "has no prediction sets" in texts(open_app(PAGE, address=CALIBRATION))
    file = folder / "evaluation.json"  # sets came later, from other images
    file.write_text(json.dumps({**json.loads(file.read_text()), "prediction_sets": vars(SETS)}))
    shown = texts(open_app(PAGE, address=CALIBRATION))
    assert "has no prediction sets" not in shown and "evaluate wayang --split PrivateTest" in shown
    write_network(models, "gong", default=False)
    app = open_app(PAGE, address=CALIBRATION)
    app.selectbox(key="training_network").set_value("gong").run()
    assert_no_trouble(app)
    assert "python -m fer_core evaluate gong" in texts(app)


def test_damaged_bins_are_a_damaged_evaluation(open_app: OpenApp, models: Path) -> None:
    write_certainty(write_network(models), bins={"count": [1, 2], "confidence": [0.5], "accuracy": [0.5]})
    app = open_app(PAGE, address=CALIBRATION)
    assert_no_trouble(app)
    assert any("is damaged" in error.value for error in app.error)
