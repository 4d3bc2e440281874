"""The view "Accuracy" of Training: figures with their intervals, confusion matrix, mistakes."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import average_precision_score, roc_auc_score
from streamlit.testing.v1 import AppTest

from fer_core.evaluation.answers import read_answers
from fer_core.evaluation.repetition import record_repetition, shipped_training
from fer_core.evaluation.report import read_report
from fer_core.recognition.provenance import Provenance, local_now
from fer_core.reports.bundle import network_bundle
from fer_core.store.folder import find_network, read_network
from pages.training.accuracy.rows import KnownRows, cell_query, known_rows
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import EMOTION_OF_ROW, PRIVATE_ROWS, write_fer2013, write_network
from tests.pages.training.conftest import PAGE, charts, parts, rename_split, table_rows, write_certain_answers

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
    assert shares[0] == [
        "Expression", "Images (n)", "Sensitivity (recall)", "Precision", "F1", "Specificity", "Unbiased hit rate",
        "Hit rate by chance",
    ]  # fmt: skip
    assert [cell.partition(" (")[0] for cell in shares[4]] == [
        "Happy", "2", "100.0%", "66.7%", "80.0%", "87.5%", "66.7%", "6.00%",
    ], "2 of 10 have the label, 3 of 10 the answer"  # fmt: skip
    assert shares[2][2] == "50.0% (9.5–90.5%)", "Wilson, 1 of 2"


def test_means_over_the_expressions_are_the_last_row_with_their_intervals(
    open_app: OpenApp, models: Path
) -> None:
    write_network(models)
    mean = table_rows(open_app(PAGE, address=ACCURACY), "Precision")[-1]
    assert mean[:2] == ["Mean of the expressions", "10"]
    assert mean[2].startswith("71.4% (")
    assert mean[3:] == ["–", mean[4], "–", "–", "–"], "no answer is “sad”; two columns have no mean"
    assert mean[4].startswith("63.8% ("), "2/3, 2/3, 2/3, 4/5, 0, 1 and 2/3"


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


def matrix(app: AppTest) -> list[list[str]]:
    (shown,) = parts(app, "training_matrix")
    return [[cell["text"] for cell in row] for row in shown["cells"]]


def listed(app: AppTest) -> list[tuple[int, str, str, str]]:
    """Row, label, answer and certainty of each picture or line."""
    (shown,) = parts(app, "training_answers")
    return [
        (each["row"], each["label"]["code"], answer["code"], answer["certainty"])
        for each in shown["items"]
        for answer in each["answers"]
    ]


def test_the_matrix_shows_counts_and_rates_of_rows_and_columns(open_app: OpenApp, models: Path) -> None:
    """Of disgust, one of two is called happy, and so is one of the three that are called happy."""
    write_network(models)
    app = open_app(PAGE, address=ACCURACY)
    cells = matrix(app)
    assert (cells[1][1], cells[1][3], cells[3][3], cells[2][6]) == ("1", "1", "2", "1")
    (shown,) = parts(app, "training_matrix")
    assert shown["sums"]["down"][1] == "2" and shown["sums"]["across"][3] == "3"
    assert shown["cells"][1][3]["facts"] == [
        "label: Disgust", "answer: Happy", "1 of 10 pictures", "50.0% of the 2 with this label",
        "33.3% of the 3 with this answer",
    ]  # fmt: skip
    assert "row" in shown["legend"]["name"] and shown["legend"]["ticks"][-1] == "100%"
    app.segmented_control(key="training_numbers").set_value("rows").run()
    cells = matrix(app)
    assert (cells[1][1], cells[1][3], cells[4][0]) == ("50", "50", "100")
    assert app.query_params["numbers"] in ("rows", ["rows"])
    app.segmented_control(key="training_numbers").set_value("columns").run()
    cells = matrix(app)
    assert (cells[1][1], cells[1][3], cells[3][3], cells[0][4]) == ("100", "33", "67", "–")
    assert "column" in parts(app, "training_matrix")[0]["legend"]["name"]


def test_the_picture_of_the_matrix_is_drawn_once_it_is_asked_for(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    app = open_app(PAGE, address=ACCURACY)
    assert not charts(app)
    app.session_state["training_matrix_picture"] = True
    (figure,) = charts(app.run())
    cells = {(n["y"], n["x"]): n["text"] for n in figure["layout"]["annotations"]}
    assert (cells[1, 1], cells[1, 3], cells[2, 6]) == ("1", "1", "1")


def test_mistakes_are_row_numbers_where_there_is_no_data(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    app = open_app(PAGE, address=ACCURACY)
    assert "3 of 10 images of PrivateTest were misclassified." in texts(app)
    assert "How certain the network was is not stored" in texts(app)
    assert listed(app) == [
        (51, "fear", "neutral", ""), (53, "sad", "angry", ""), (57, "disgust", "happy", ""),
    ]  # fmt: skip
    (shown,) = parts(app, "training_answers")
    assert [each["href"] for each in shown["items"]] == [
        "dataset?sheet=51",
        "dataset?sheet=53",
        "dataset?sheet=57",
    ]
    assert not any(each["image"] for each in shown["items"])


def test_mistakes_are_pictures_where_the_data_is_there(
    open_app: OpenApp, models: Path, tmp_path: Path
) -> None:
    write_network(models)
    write_fer2013(tmp_path / "fer2013")
    app = open_app(PAGE, address=ACCURACY)
    assert_no_trouble(app)
    (shown,) = parts(app, "training_answers")
    ramp = (np.arange(2304) + 37 * 53) % 256
    image = Image.open(io.BytesIO(base64.b64decode(shown["items"][1]["image"].partition(",")[2])))
    assert np.array_equal(np.asarray(image).ravel(), ramp)


@pytest.mark.parametrize("language", ["en", "id"])
def test_with_the_answers_the_most_certain_mistakes_come_first(
    open_app: OpenApp, models: Path, language: str
) -> None:
    write_certain_answers(write_network(models))
    app = open_app(PAGE, language=language, address=ACCURACY)
    assert_no_trouble(app)
    assert [(row, certainty) for row, _label, _answer, certainty in listed(app)] == [
        (57, "83%"), (53, "58%"), (51, "46%"),
    ]  # fmt: skip


def test_a_cell_of_the_address_lists_its_pictures_with_the_filter_of_their_sheets(
    open_app: OpenApp, models: Path
) -> None:
    write_network(models)
    app = open_app(PAGE, address=ACCURACY | {"cell": "disgust-happy"})
    assert_no_trouble(app)
    assert listed(app) == [(57, "disgust", "happy", "")]
    assert "1 image: 50.0% of the 2 with the label “Disgust”." in texts(app)
    (shown,) = parts(app, "training_answers")
    assert shown["items"][0]["href"] == "dataset?row=57&sheet=57"
    assert parts(app, "training_matrix")[0]["open"] == 7 + 3
    app.button(key="accuracy_close").click().run()
    assert len(listed(app)) == 3 and "cell" not in app.query_params


def test_right_answers_are_listed_where_they_are_stored_and_else_the_page_says_why_not(
    open_app: OpenApp, models: Path
) -> None:
    folder = write_network(models)
    happy = ACCURACY | {"cell": "happy-happy"}
    app = open_app(PAGE, address=happy)
    assert not parts(app, "training_answers")
    assert any("The right answers cannot be listed." in box.value for box in app.info)
    write_certain_answers(folder)
    app = open_app(PAGE, address=happy)
    assert listed(app) == [(59, "happy", "happy", "95%"), (52, "happy", "happy", "52%")]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ({"cell": "disgust-contempt"}, "This matrix has no cell “disgust-contempt”"),
        ({"cell": "<script>"}, "This matrix has no cell"),
        ({"numbers": "all"}, "The matrix cannot show “all”"),
    ],
)
def test_what_the_address_asks_in_vain_is_said_once_and_nothing_is_lost(
    open_app: OpenApp, models: Path, address: dict[str, str], sentence: str
) -> None:
    write_network(models)
    app = open_app(PAGE, address=ACCURACY | address)
    assert_no_trouble(app)
    assert [sentence in box.value.replace("\\", "") for box in app.error] == [True]
    assert matrix(app)[1][3] == "1" and len(listed(app)) == 3


def test_without_the_duplicates_everything_is_of_the_rest(open_app: OpenApp, models: Path) -> None:
    """Row 50, of disgust and answered rightly, is a duplicate."""
    write_certain_answers(write_network(models))
    app = open_app(PAGE, address=ACCURACY | {"cell": "disgust-disgust"})
    assert [row for row, *_rest in listed(app)] == [50]
    app.toggle(key="training_duplicates").set_value(True).run()
    assert_no_trouble(app)
    assert app.query_params["duplicates"] in ("without", ["without"])
    assert "66.7% (PrivateTest, 9 images)**" in texts(app) and "without duplicates" in texts(app)
    assert matrix(app)[1][1] == "0" and not parts(app, "training_answers")


def test_two_networks_on_the_same_pictures_have_a_difference(open_app: OpenApp, models: Path) -> None:
    """Of the two pictures of disgust the second network calls none happy; of the one of fear, both none."""
    write_network(models)
    write_network(models, "gong", default=False, answers={51: 6})
    asked = ACCURACY | {"numbers": "difference"}
    alone = open_app(PAGE, address=asked)
    assert any("Choose the second network" in box.value for box in alone.info)
    assert matrix(alone)[1][3] == "1", "the counts meanwhile"
    app = open_app(PAGE, address=asked | {"network": "wayang,gong"})
    assert_no_trouble(app)
    cells = matrix(app)
    assert (cells[1][1], cells[1][3], cells[2][6], cells[4][0]) == ("−50", "+50", "0", "+100")
    (shown,) = parts(app, "training_matrix")
    assert shown["legend"] == shown["legend"] | {
        "name": "Shade: Wayang minus Gong", "ticks": ["−100", "−50", "0", "+50", "+100"],
    }  # fmt: skip
    assert shown["cells"][1][3]["facts"][2:] == [
        "Wayang: 1 of 2 (50.0%)", "Gong: 0 of 2 (0.0%)", "difference: +50 percentage points",
    ]  # fmt: skip
    assert shown["sums"] is None
    app.toggle(key="training_duplicates").set_value(True).run()
    assert (matrix(app)[1][1], matrix(app)[1][3]) == ("−100", "+100"), "both without row 50"


def test_networks_of_different_pictures_have_no_difference_and_the_page_says_why(
    open_app: OpenApp, models: Path
) -> None:
    write_network(models)
    folder = write_network(models, "gong", default=False)
    asked = ACCURACY | {"numbers": "difference", "network": "wayang,gong"}
    evaluation = (folder / "evaluation.json").read_text()
    more = json.loads(evaluation)
    more["splits"]["PrivateTest"]["confusion"][3][3] += 1
    (folder / "evaluation.json").write_text(json.dumps(more))
    app = open_app(PAGE, address=asked)
    assert any("different numbers of pictures: 10 and 11" in box.value for box in app.info)
    (folder / "evaluation.json").write_text(evaluation)
    rename_split(folder, "PrivateTest", "Table1Test")
    app = open_app(PAGE, address=asked)
    assert_no_trouble(app)
    (box,) = [each.value for each in app.info if "Gong" in each.value]
    assert "was not measured on PrivateTest but on Table1Test" in box
    assert matrix(app)[1][3] == "1"


@pytest.mark.parametrize("language", ["en", "id"])
def test_curves_and_their_areas_follow_from_the_answers(
    open_app: OpenApp, models: Path, language: str
) -> None:
    probabilities = write_certain_answers(write_network(models))
    app = open_app(PAGE, language=language, address=ACCURACY)
    assert_no_trouble(app)
    roc, precision_recall = charts(app)
    assert len(roc["data"]) == 8 and len(precision_recall["data"]) == 7, "the diagonal is that of chance"
    rows = table_rows(app, "Area under the ROC curve" if language == "en" else "Luas di bawah kurva ROC")
    happy = np.array([EMOTION_OF_ROW[row] for row in PRIVATE_ROWS]) == 3
    expected = [
        f"{100 * share:.1f}%"
        for share in (
            roc_auc_score(happy, probabilities[:, 3]),
            average_precision_score(happy, probabilities[:, 3]),
            0.2,
        )
    ]
    assert [cell.partition(" (")[0].replace(",", ".") for cell in rows[4][1:]] == ["2", *expected]
    assert len(rows) == 9 and rows[8][1] == "10"
    listed_at = table_rows(app, "False positive rate" if language == "en" else "Tingkat positif palsu")
    assert listed_at[1][0] == "0%" and listed_at[-1][1:] == ["100.0%" if language == "en" else "100,0%"] * 7


def test_without_the_answers_there_are_no_curves_and_the_page_says_why(
    open_app: OpenApp, models: Path
) -> None:
    folder = write_network(models)
    app = open_app(PAGE, address=ACCURACY)
    assert not charts(app)
    (box,) = [each.value for each in app.info if "The curves need the probabilities" in each.value]
    assert "python -m fer_core evaluate wayang" in box
    file = folder / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "ships": False}))
    app = open_app(PAGE, address=ACCURACY)
    (box,) = [each.value for each in app.info if "The curves need the probabilities" in each.value]
    assert "whose weights do not ship" in box


def test_damaged_answers_are_a_sentence_and_the_counts_stay(open_app: OpenApp, models: Path) -> None:
    (write_network(models) / "answers.npz").write_bytes(b"PK")
    app = open_app(PAGE, address=ACCURACY)
    assert_no_trouble(app)
    assert ["damaged" in box.value for box in app.error] == [True]
    assert matrix(app)[1][3] == "1" and len(listed(app)) == 3


def test_at_most_five_controls_are_in_sight_above_the_matrix(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    write_network(models, "gong", default=False)
    app = open_app(PAGE, address=ACCURACY)
    in_more = ("training_network_2", "training_duplicates")
    found = [
        each.key for kind in ("selectbox", "button_group", "toggle", "multiselect") for each in app.get(kind)
    ]
    beside = {"lang", "theme", "projector"}  # of every page
    shown = [key for key in found if key not in in_more and key not in beside]
    assert set(in_more) <= set(found), "these are behind More"
    assert len(shown) + 1 <= 5, shown


def test_a_cell_of_the_network_that_ships_is_a_filter_in_words() -> None:
    """As in the table of rows that comes with Raut; what no words say is a list of rows."""
    info = find_network("raut")
    report = read_report(info)
    answers = read_answers(info)
    assert report is not None and answers is not None
    part = report.splits["PrivateTest"]
    angry, fear = part.labels.index("angry"), part.labels.index("fear")
    for known in (known_rows(part, None), known_rows(part, answers.splits["PrivateTest"])):
        assert cell_query(known, (angry, fear), "raut", None) == {
            "split": "PrivateTest", "label": "angry", "predicted.raut": "fear",
        }  # fmt: skip
        assert len(known.of((angry, fear)).rows) == part.confusion[angry, fear]
    assert part.without_duplicates is not None
    rest = known_rows(part.without_duplicates, None)
    rows = np.sort(rest.of((angry, fear)).rows).tolist()
    assert cell_query(rest, (angry, fear), "raut", None) == {"row": ",".join(map(str, rows))}
    nothing = KnownRows(part.labels, *(np.empty(0, np.int64) for _ in range(3)))
    assert cell_query(nothing, (angry, fear), "raut", None) is None


def test_pictures_of_another_data_set_are_not_shown(open_app: OpenApp, models: Path, tmp_path: Path) -> None:
    write_network(models)
    folder = write_fer2013(tmp_path / "fer2013")
    lines = (folder / "fer2013.csv").read_text().splitlines()
    lines[54] = "0" + lines[54][1:]  # row 53 is sad in what was measured
    (folder / "fer2013.csv").write_text("\n".join(lines) + "\n")
    app = open_app(PAGE, address=ACCURACY)
    assert_no_trouble(app)
    (shown,) = parts(app, "training_answers")
    assert [(each["image"], each["href"]) for each in shown["items"]] == [("", None)] * 3, (
        "another picture has the row"
    )
    assert "has other rows than the one that was measured" in texts(app)


def test_a_damaged_data_set_is_a_sentence_and_the_figures_stay(
    open_app: OpenApp, models: Path, tmp_path: Path
) -> None:
    write_network(models)
    write_fer2013(tmp_path / "fer2013", broken=True)
    app = open_app(PAGE, address=ACCURACY)
    assert_no_trouble(app)
    assert len(app.error) == 1 and "2,304" in app.error[0].value
    assert matrix(app)[1][3] == "1" and listed(app)[0][0] == 51


def test_no_mistake_at_all_is_said(open_app: OpenApp, models: Path) -> None:
    write_network(models, answers={})
    app = open_app(PAGE, address=ACCURACY)
    assert_no_trouble(app)
    assert "No image of PrivateTest was misclassified." in [box.value for box in app.success]
