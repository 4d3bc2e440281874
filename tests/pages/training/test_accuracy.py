"""The view "Accuracy" of Training: figures with their intervals, confusion matrix, mistakes."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from pathlib import Path

from fer_core.evaluation.repetition import record_repetition, shipped_training
from fer_core.recognition.provenance import Provenance, local_now
from fer_core.reports.bundle import network_bundle
from fer_core.store.folder import read_network
from pages.ui.signs import emotion_sign
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_fer2013, write_network
from tests.pages.training.conftest import PAGE, charts, table_rows

ACCURACY = {"view": "accuracy"}


def test_every_figure_says_what_it_was_measured_on(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    shown = texts(open_app(PAGE, address=ACCURACY))
    assert "**Accuracy: 70.0% (PrivateTest, 10 images)**" in shown
    assert "1 of these images has an exact duplicate" in shown and "66.7% (9 images)" in shown


def test_an_accuracy_says_how_far_it_can_be_trusted(open_app: OpenApp, models: Path) -> None:
    """7 of 10 are right; a second training found half of them."""
    folder = write_network(models)
    assert "another one would differ" not in texts(open_app(PAGE, address=ACCURACY)), (
        "nothing is known of a seed"
    )
    file = folder / "metadata.json"
    metadata = json.loads(file.read_text())
    measured = {"seed": 1, "choice_split": "PrivateTest", "precision": "float32", "machine": "a machine"}
    file.write_text(json.dumps({**metadata, "training": {**metadata["training"], **measured}}))
    alone = open_app(PAGE, address=ACCURACY)
    assert "95% confidence interval: 39.7 to 89.2%" in texts(alone)
    assert "Only one training was measured" in texts(alone)

    info = read_network(folder)
    shipped = shipped_training(info)
    assert shipped is not None
    record_repetition(info, dataclasses.replace(shipped, seed=2, accuracy=0.5))
    repeated = open_app(PAGE, address=ACCURACY)
    assert "(seeds) gave 50.0 to 70.0% on PrivateTest" in texts(repeated)
    networks = open_app(PAGE, address={"view": "networks"})
    assert dict(zip(*table_rows(networks, "Over seeds"), strict=True))["Over seeds"] == "50.0–70.0%"


def test_card_and_figures_of_a_network_can_be_taken_away(open_app: OpenApp, models: Path) -> None:
    folder = write_network(models)
    app = open_app(PAGE, address=ACCURACY)
    (button,) = [each for each in app.get("download_button") if each.proto.label.startswith("Model card")]
    assert button.proto.id
    with zipfile.ZipFile(io.BytesIO(network_bundle(Provenance(local_now(), read_network(folder))))) as bundle:
        assert bundle.namelist() == [
            "README.md", "MODEL_CARD.md", "metadata.json", "evaluation.json", "history.csv",
        ]  # fmt: skip
        assert bundle.read("history.csv") == (folder / "history.csv").read_bytes()
        assert "70.0%" in bundle.read("MODEL_CARD.md").decode()
        assert str(read_network(folder).record.checksum) in bundle.read("README.md").decode()


def test_the_table_has_all_four_counts_and_what_follows(open_app: OpenApp, models: Path) -> None:
    """PrivateTest, rows 50 to 59, is labelled 1 2 3 4 5 6 0 1 2 3; 51, 53 and 57 are called 6, 0 and 3."""
    write_network(models)
    app = open_app(PAGE, address=ACCURACY)
    rows = table_rows(app, "TP")
    assert rows[0] == ["Expression", "TP", "TN", "FP", "FN", "Accuracy, one against all"]
    assert rows[2] == ["Disgust", "1", "8", "0", "1", "90.0%"]
    assert rows[4] == ["Happy", "2", "7", "1", "0", "90.0%"]
    assert rows[5] == ["Sad", "0", "9", "0", "1", "90.0%"]
    shares = table_rows(app, "Precision")
    assert shares[0] == ["Expression", "Images (n)", "Sensitivity (recall)", "Precision", "F1", "Specificity"]
    assert [cell.partition(" (")[0] for cell in shares[4]] == [
        "Happy", "2", "100.0%", "66.7%", "80.0%", "87.5%",
    ]  # fmt: skip
    assert shares[2][2] == "50.0% (9.5–90.5%)", "Wilson, 1 of 2"


def test_means_over_the_expressions_stand_beside_the_accuracy_with_their_intervals(
    open_app: OpenApp, models: Path
) -> None:
    write_network(models)
    rows = table_rows(open_app(PAGE, address=ACCURACY), "Figure")
    assert [row[0] for row in rows[1:]] == [
        "Accuracy", "Balanced accuracy (macro recall)", "Macro precision", "Macro F1",
    ]  # fmt: skip
    assert rows[1][1:] == ["70.0% (39.7–89.2%)", "10"]
    assert rows[2][1].startswith("71.4% (") and rows[2][2] == "10"
    assert rows[3][1] == "–", "no answer is “sad”"


def test_an_undefined_figure_is_a_dash_with_its_explanation(open_app: OpenApp, models: Path) -> None:
    folder = write_network(models)
    evaluation = json.loads((folder / "evaluation.json").read_text())
    figures = evaluation["splits"]["PrivateTest"]
    figures["confusion"][5] = [0] * 7  # no surprised face; row 54 was answered rightly
    figures["n"] = 9
    (folder / "evaluation.json").write_text(json.dumps(evaluation))
    app = open_app(PAGE, address=ACCURACY)
    assert_no_trouble(app)
    assert table_rows(app, "Precision")[6][2] == "–"
    assert "– : undefined" in texts(app)


def test_all_defined_figures_need_no_explanation_of_a_dash(open_app: OpenApp, models: Path) -> None:
    write_network(models, answers={51: 6, 57: 3})
    assert "– : undefined" not in texts(open_app(PAGE, address=ACCURACY))


def test_the_matrix_shows_counts_or_rates(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    app = open_app(PAGE, address=ACCURACY)
    cells = {(n["y"], n["x"]): n["text"] for n in charts(app)[0]["layout"]["annotations"]}
    assert (cells[1, 1], cells[1, 3], cells[2, 6]) == ("1", "1", "1")
    app.segmented_control(key="training_matrix").set_value("rates").run()
    cells = {(n["y"], n["x"]): n["text"] for n in charts(app)[0]["layout"]["annotations"]}
    assert (cells[1, 1], cells[1, 3], cells[4, 0]) == ("50", "50", "100")


def test_mistakes_are_row_numbers_where_there_is_no_data(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    app = open_app(PAGE, address=ACCURACY)
    assert "3 of 10 images of PrivateTest were misclassified." in texts(app)
    assert table_rows(app, "Row")[1:] == [
        ["51", "Fear", "Neutral"],
        ["53", "Sad", "Angry"],
        ["57", "Disgust", "Happy"],
    ]
    assert "<img" not in texts(app)


def test_mistakes_are_pictures_where_the_data_is_there(
    open_app: OpenApp, models: Path, tmp_path: Path
) -> None:
    write_network(models)
    write_fer2013(tmp_path / "fer2013")
    app = open_app(PAGE, address=ACCURACY)
    assert_no_trouble(app)
    shown = texts(app)
    assert shown.count("<img") == 3
    assert (
        f"<b>row 53</b><span>{emotion_sign('sad')} label: Sad</span>"
        f"<span>{emotion_sign('angry')} answer: Angry</span>"
    ) in shown


def test_pictures_of_another_data_set_are_not_shown(open_app: OpenApp, models: Path, tmp_path: Path) -> None:
    write_network(models)
    folder = write_fer2013(tmp_path / "fer2013")
    lines = (folder / "fer2013.csv").read_text().splitlines()
    lines[54] = "0" + lines[54][1:]  # row 53 is sad in what was measured
    (folder / "fer2013.csv").write_text("\n".join(lines) + "\n")
    app = open_app(PAGE, address=ACCURACY)
    assert_no_trouble(app)
    assert "<img" not in texts(app)
    assert "has other rows than the one that was measured" in texts(app)


def test_a_damaged_data_set_is_a_sentence_and_the_figures_stay(
    open_app: OpenApp, models: Path, tmp_path: Path
) -> None:
    write_network(models)
    write_fer2013(tmp_path / "fer2013", broken=True)
    app = open_app(PAGE, address=ACCURACY)
    assert_no_trouble(app)
    assert len(app.error) == 1 and "2,304" in app.error[0].value
    assert len(charts(app)) == 1
    assert table_rows(app, "Row")[1][0] == "51"


def test_no_mistake_at_all_is_said(open_app: OpenApp, models: Path) -> None:
    write_network(models, answers={})
    app = open_app(PAGE, address=ACCURACY)
    assert_no_trouble(app)
    assert "No image of PrivateTest was misclassified." in [box.value for box in app.success]
