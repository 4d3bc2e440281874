"""Training: every shipped network with what is known about it, and a sentence for what is not."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from pathlib import Path

import pytest

from fer_core.evaluation.repetition import record_repetition, shipped_training
from fer_core.recognition.provenance import Provenance, local_now
from fer_core.reports.bundle import network_bundle
from fer_core.store.folder import read_network
from pages.ui.signs import emotion_sign
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_fer2013, write_network
from tests.pages.training.conftest import PAGE, charts, table_rows


@pytest.mark.parametrize("language", ["en", "id"])
def test_without_a_network_a_card_says_how_to_get_one(open_app: OpenApp, models: Path, language: str) -> None:
    app = open_app(PAGE, language=language)
    assert_no_trouble(app)
    assert "python -m fer_core train" in texts(app)
    assert not charts(app)


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_network_has_curves_matrix_figures_layers_and_mistakes(
    open_app: OpenApp, models: Path, language: str
) -> None:
    write_network(models)
    app = open_app(PAGE, language=language)
    assert_no_trouble(app)
    assert len(charts(app)) == 3
    shown = texts(app)
    for fact in (
        ("1,234,567", "70.0%", "4 h 1 min") if language == "en" else ("1.234.567", "70,0%", "4 jam 1 mnt")
    ):
        assert fact in shown


def test_every_figure_says_what_it_was_measured_on(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    shown = texts(open_app(PAGE))
    assert "**Accuracy: 70.0% (PrivateTest, 10 images)**" in shown
    assert "<dt>70.0%</dt><dd>accuracy (PrivateTest, 10 images)</dd>" in shown
    assert "1 of these images has an exact duplicate" in shown and "66.7% (9 images)" in shown


def test_an_accuracy_says_how_far_it_can_be_trusted(open_app: OpenApp, models: Path) -> None:
    """7 of 10 are right; a second training found half of them."""
    folder = write_network(models)
    assert "another one would differ" not in texts(open_app(PAGE)), "nothing is known of a seed"
    file = folder / "metadata.json"
    metadata = json.loads(file.read_text())
    measured = {"seed": 1, "choice_split": "PrivateTest", "precision": "float32", "machine": "a machine"}
    file.write_text(json.dumps({**metadata, "training": {**metadata["training"], **measured}}))
    alone = open_app(PAGE)
    assert "95% confidence interval: 39.7 to 89.2%" in texts(alone)
    assert "Only one training was measured" in texts(alone)
    assert dict(zip(*table_rows(alone, "Over seeds"), strict=True))["Over seeds"] == "–"

    info = read_network(folder)
    shipped = shipped_training(info)
    assert shipped is not None
    record_repetition(info, dataclasses.replace(shipped, seed=2, accuracy=0.5))
    repeated = open_app(PAGE)
    assert "(seeds) gave 50.0 to 70.0% on PrivateTest" in texts(repeated)
    assert dict(zip(*table_rows(repeated, "Over seeds"), strict=True))["Over seeds"] == "50.0–70.0%"


def test_card_and_figures_of_a_network_can_be_taken_away(open_app: OpenApp, models: Path) -> None:
    folder = write_network(models)
    app = open_app(PAGE)
    (button,) = [each for each in app.get("download_button") if each.proto.label.startswith("Model card")]
    assert button.proto.id
    with zipfile.ZipFile(io.BytesIO(network_bundle(Provenance(local_now(), read_network(folder))))) as bundle:
        assert bundle.namelist() == [
            "README.md", "MODEL_CARD.md", "metadata.json", "evaluation.json", "history.csv",
        ]  # fmt: skip
        assert bundle.read("history.csv") == (folder / "history.csv").read_bytes()
        assert "70.0%" in bundle.read("MODEL_CARD.md").decode()
        assert str(read_network(folder).record.checksum) in bundle.read("README.md").decode()


def test_curves_are_training_against_validation_in_two_charts(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    accuracy, loss, _matrix = charts(open_app(PAGE))
    assert [trace["name"] for trace in accuracy["data"]] == [
        "Validation data (PublicTest)",
        "Training data (Training)",
    ]
    assert accuracy["data"][0]["customdata"] == ["40.0%", "56.7%", "65.0%"]
    assert loss["data"][1]["customdata"] == ["2.000", "1.000", "0.667"]
    assert "yaxis2" not in accuracy["layout"] and "yaxis2" not in loss["layout"]
    assert "Wayang" in accuracy["layout"]["title"]["text"]


def test_what_is_watched_is_test_data_where_it_chooses_no_epoch(open_app: OpenApp, models: Path) -> None:
    file = write_network(models) / "metadata.json"
    metadata = json.loads(file.read_text())
    metadata["training"]["recipe"]["keep"] = "last"
    file.write_text(json.dumps(metadata))
    for chart in charts(open_app(PAGE))[:2]:
        assert chart["data"][0]["name"] == "Test data, monitored (PublicTest)"


def test_the_time_of_a_training_says_on_what(open_app: OpenApp, models: Path) -> None:
    file = write_network(models) / "metadata.json"
    assert "Trained on" not in texts(open_app(PAGE)), "nothing is known of the computer"
    metadata = json.loads(file.read_text())
    metadata["training"]["machine"] = "a loom, 2 cores"
    file.write_text(json.dumps(metadata))
    assert "Trained on a loom, 2 cores." in texts(open_app(PAGE))
    metadata["training"]["stages"] = [
        {"from_epoch": 1, "machine": "a mill"},
        {"from_epoch": 3, "machine": "a loom"},
    ]
    file.write_text(json.dumps(metadata))
    assert "Trained in parts: from epoch 1 on a mill; from epoch 3 on a loom." in texts(open_app(PAGE))


def test_the_curve_comes_first_and_what_compares_all_networks_last(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    app = open_app(PAGE)
    assert "[All networks](#networks) · [The paper and Raut](#paper)" in texts(app)
    headers = [header.value for header in app.header]
    assert headers[0] == "Accuracy" and headers[-2:] == ["All networks", "The paper and Raut"]


def test_the_table_has_all_four_counts_and_what_follows(open_app: OpenApp, models: Path) -> None:
    """PrivateTest, rows 50 to 59, is labelled 1 2 3 4 5 6 0 1 2 3; 51, 53 and 57 are called 6, 0 and 3."""
    write_network(models)
    app = open_app(PAGE)
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
    rows = table_rows(open_app(PAGE), "Figure")
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
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert table_rows(app, "Precision")[6][2] == "–"
    assert "– : undefined" in texts(app)


def test_all_defined_figures_need_no_explanation_of_a_dash(open_app: OpenApp, models: Path) -> None:
    write_network(models, answers={51: 6, 57: 3})
    assert "– : undefined" not in texts(open_app(PAGE))


def test_the_matrix_shows_counts_or_rates(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    app = open_app(PAGE)
    cells = {(n["y"], n["x"]): n["text"] for n in charts(app)[2]["layout"]["annotations"]}
    assert (cells[1, 1], cells[1, 3], cells[2, 6]) == ("1", "1", "1")
    app.segmented_control(key="training_matrix").set_value("rates").run()
    cells = {(n["y"], n["x"]): n["text"] for n in charts(app)[2]["layout"]["annotations"]}
    assert (cells[1, 1], cells[1, 3], cells[4, 0]) == ("50", "50", "100")


def test_layers_are_listed_with_shape_and_parameters(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    rows = table_rows(open_app(PAGE), "Output")
    assert rows[1:] == [
        ["1. kulit", "Conv2D", "48 × 48 × 32", "320"],
        ["2. dalang", "Dense", "7", "1,234,247"],
    ]


def test_mistakes_are_row_numbers_where_there_is_no_data(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    app = open_app(PAGE)
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
    app = open_app(PAGE)
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
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert "<img" not in texts(app)
    assert "has other rows than the one that was measured" in texts(app)


def test_a_damaged_data_set_is_a_sentence_and_the_figures_stay(
    open_app: OpenApp, models: Path, tmp_path: Path
) -> None:
    write_network(models)
    write_fer2013(tmp_path / "fer2013", broken=True)
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert len(app.error) == 1 and "2,304" in app.error[0].value
    assert len(charts(app)) == 3
    assert table_rows(app, "Row")[1][0] == "51"


def test_no_mistake_at_all_is_said(open_app: OpenApp, models: Path) -> None:
    write_network(models, answers={})
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert "No image of PrivateTest was misclassified." in [box.value for box in app.success]


def test_a_network_under_way_says_how_far_it_is(open_app: OpenApp, models: Path) -> None:
    write_network(models, epochs=12, planned=50)
    shown = texts(open_app(PAGE))
    assert "12 of 50 epochs" in shown
    assert "<dt>12 of 50</dt>" in shown


def test_a_finished_network_does_not(open_app: OpenApp, models: Path) -> None:
    write_network(models, epochs=12, planned=12)
    assert "still on its way" not in texts(open_app(PAGE))


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("history.csv", None, "comes without a history"),
        ("history.csv", "epoch,loss\n1,abc\n", "history.csv"),
        ("history.csv", "epoch,val_accuracy\n1,0.5\n", "has no column “loss”"),
        ("history.csv", "epoch,loss,accuracy,val_loss,val_accuracy\n1,nan,0.1,nan,0.1\n", "comes without a history"),
        ("evaluation.json", None, "has not been evaluated yet"),
        ("evaluation.json", "{", "is damaged"),
        ("evaluation.json", '{"splits": {}}', "has not been evaluated yet"),
        ("evaluation.json", '{"checksum": "zz", "splits": {}}', "made with other weights"),
    ],
)  # fmt: skip
def test_what_is_missing_or_damaged_is_a_sentence(
    open_app: OpenApp, models: Path, file: str, content: str | None, sentence: str
) -> None:
    folder = write_network(models)
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_text(content)
    app = open_app(PAGE)
    assert_no_trouble(app)
    said = [box.value.replace("\\_", "_") for box in (*app.error, *app.info)]
    assert any(sentence in text for text in said), said
    assert len(charts(app)) == (1 if file == "history.csv" else 2), "the rest is still shown"


def test_layers_that_are_not_listed_are_said(open_app: OpenApp, models: Path) -> None:
    folder = write_network(models)
    metadata = json.loads((folder / "metadata.json").read_text())
    del metadata["layers"], metadata["training"]
    (folder / "metadata.json").write_text(json.dumps(metadata))
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert "The layers of this network are not listed." in [box.value for box in app.info]


def test_one_network_has_nothing_to_compare_with(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    assert [toggle.key for toggle in open_app(PAGE).toggle] == ["projector"]  # the one of every page


@pytest.mark.parametrize("language", ["en", "id"])
def test_two_networks_stand_side_by_side_on_the_same_axes(
    open_app: OpenApp, models: Path, language: str
) -> None:
    write_network(models)
    write_network(models, "gamelan", epochs=9, planned=9, default=False, answers={})
    app = open_app(language=language)
    app.session_state["training_compare"] = True
    app.switch_page(PAGE).run()
    assert_no_trouble(app)
    assert app.selectbox(key="training_network_2").value == "gamelan"
    figures = charts(app)
    assert len(figures) == 6
    titles = [figure["layout"]["title"]["text"].split(" · ") for figure in figures]
    accuracy = [f for f, title in zip(figures, titles, strict=True) if title[0] in ("Accuracy", "Akurasi")]
    assert len(accuracy) == 2
    for axis in ("xaxis", "yaxis"):
        assert accuracy[0]["layout"][axis]["range"] == accuracy[1]["layout"][axis]["range"]
    assert ("100.0%" if language == "en" else "100,0%") in texts(app)


def test_the_same_network_twice_is_said(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    write_network(models, "gamelan", default=False)
    app = open_app(PAGE)
    app.toggle(key="training_compare").set_value(True).run()
    app.selectbox(key="training_network_2").set_value("wayang").run()
    assert_no_trouble(app)
    assert any("same network" in box.value for box in app.info)


def test_a_name_with_markdown_and_html_is_shown_as_it_is(open_app: OpenApp, models: Path) -> None:
    folder = write_network(models)
    metadata = json.loads((folder / "metadata.json").read_text())
    metadata["layers"][0]["name"] = "<script>alert(1)</script>"
    (folder / "metadata.json").write_text(json.dumps(metadata))
    app = open_app(PAGE)
    assert "<script>alert" not in texts(app)
    assert "&lt;script&gt;alert(1)" in texts(app)
