"""The view "All networks" of Training: a table that sorts, and accuracy against speed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_network, write_speed
from tests.pages.training.conftest import PAGE, charts, rename_split, table_rows

NETWORKS = {"view": "networks"}


def tables(app: AppTest, heading: str) -> list[list[list[str]]]:
    """Cells of every table that has that column, in the order of the page."""
    bodies = [element.proto.body for element in app.get("html") if f">{heading}</th>" in element.proto.body]
    rows = [re.findall(r"<tr.*?</tr>", body) for body in bodies]
    return [[re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table] for table in rows]


def names(rows: list[list[str]]) -> list[str]:
    return [row[0] for row in rows[1:]]


def test_all_networks_stand_in_one_table_that_sorts(open_app: OpenApp, models: Path) -> None:
    write_network(models, "wayang")
    write_network(models, "better", default=False, answers={51: 6})
    folder = write_network(models, "bare", default=False)
    (folder / "evaluation.json").unlink()
    (folder / "model.tflite").write_bytes(b"x" * 1_500_000)
    app = open_app(PAGE, address=NETWORKS)
    assert_no_trouble(app)
    rows, bare_rows = tables(app, "Calibration error")
    assert names(rows) == ["Better", "Wayang"]
    assert rows[0][:2] == ["Network", "Accuracy"], "on a phone the accuracy is in sight"
    assert rows[1][1] == "90.0%"
    assert rows[1][rows[0].index("Accuracy without duplicates")] == "88.9%"
    assert rows[1][rows[0].index("Calibrated")] == "not calibrated"
    assert names(bare_rows) == ["Bare"]
    bare = dict(zip(*bare_rows, strict=True))
    for column in ("Accuracy", "Accuracy without duplicates", "Calibration error"):
        assert bare[column] == "–"  # not evaluated: nothing is made up
    app.segmented_control(key="training_order").set_value("size").run()
    assert names(tables(app, "Calibration error")[0]) == ["Wayang", "Better"], "no size: their own order"


def test_networks_of_different_test_sets_are_never_ranked_among_each_other(
    open_app: OpenApp, models: Path
) -> None:
    write_network(models, "wayang")
    write_network(models, "better", default=False, answers={51: 6})
    file = write_network(models, "elsewhere", default=False, answers={}) / "evaluation.json"
    file.write_text(file.read_text().replace("PrivateTest", "Table1Test"))
    app = open_app(PAGE, address=NETWORKS)
    assert_no_trouble(app)
    assert [names(rows) for rows in tables(app, "Calibration error")] == [["Better", "Wayang"], ["Elsewhere"]]
    shown = texts(app)
    assert "**PrivateTest (7 expressions), 10 pictures**" in shown
    assert "**Table1Test (7 expressions), 10 pictures**" in shown


def test_the_table_marks_a_network_that_is_not_finished(open_app: OpenApp, models: Path) -> None:
    write_network(models, "wayang")
    assert "Epochs" not in table_rows(open_app(PAGE, address=NETWORKS), "Calibration error")[0]
    write_network(models, "gong", epochs=2, planned=50, default=False)
    rows = table_rows(open_app(PAGE, address=NETWORKS), "Calibration error")
    assert {row[0]: row[rows[0].index("Epochs")] for row in rows[1:]} == {"Wayang": "3", "Gong": "2 / 50"}


def test_the_table_sorts_by_time_and_by_macs(open_app: OpenApp, models: Path) -> None:
    write_network(models, "wayang", macs=123_456_789)
    write_network(models, "better", default=False, answers={}, macs=None)
    write_network(models, "third", default=False, answers={51: 6}, macs=77_000_000)
    write_speed(models, {"wayang": 0.5, "better": 1.234})
    app = open_app(PAGE, address=NETWORKS)
    assert_no_trouble(app)
    rows = table_rows(app, "Calibration error")
    column = {name: rows[0].index(name) for name in ("ms a face", "MACs (millions)")}
    told = {row[0]: [row[place] for place in column.values()] for row in rows[1:]}
    assert told == {"Better": ["1.23", "–"], "Third": ["–", "77.0"], "Wayang": ["0.50", "123.5"]}
    app.segmented_control(key="training_order").set_value("speed").run()
    assert names(table_rows(app, "Calibration error")) == ["Wayang", "Better", "Third"]
    app.segmented_control(key="training_order").set_value("macs").run()
    assert names(table_rows(app, "Calibration error")) == ["Third", "Wayang", "Better"]


def test_a_network_of_which_only_figures_ship_is_here_and_nowhere_else(
    open_app: OpenApp,
    models: Path,
) -> None:
    write_network(models, "wayang")
    folder = write_network(models, "gone", default=False)
    assert "come with Raut" not in texts(open_app(PAGE, address=NETWORKS))
    file = folder / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "ships": False, "litert_bytes": 2_700_000}))
    app = open_app(PAGE, address=NETWORKS)
    assert_no_trouble(app)
    rows = table_rows(app, "Calibration error")
    sizes = {row[0]: row[rows[0].index("File (MB)")] for row in rows}
    assert sizes["Gone"] == "2.7"
    assert "cannot be chosen for photos: Gone." in texts(app)
    figures = open_app(PAGE, address={"view": "accuracy"})
    assert any("Gone" in option for option in figures.selectbox(key="training_network").options)
    photos = open_app("pages/photos/page.py")
    assert_no_trouble(photos)
    assert not any("Gone" in option for box in photos.selectbox for option in box.options)


def speed_chart(app: AppTest) -> dict:
    (figure,) = [figure for figure in charts(app) if figure["layout"]["xaxis"].get("type") == "log"]
    return figure


def marks(figure: dict) -> dict[str, tuple[float, float, str]]:
    """Name to milliseconds, percent and group."""
    return {
        text.strip("\u00a0"): (x, y, trace["name"])
        for trace in figure["data"]
        for text, x, y in zip(trace["text"], trace["x"], trace["y"], strict=True)
    }


@pytest.mark.parametrize("language", ["en", "id"])
def test_accuracy_stands_against_speed_with_all_that_is_known(
    open_app: OpenApp,
    models: Path,
    language: str,
) -> None:
    write_network(models, "wayang")
    write_network(models, "gong", default=False, answers={}, architecture="paper-large")
    write_network(models, "kendang", default=False, answers={51: 6}, architecture="mobilenet")
    write_speed(models, {"wayang": 0.5, "gong": 1.5, "kendang": 4.0})
    app = open_app(PAGE, address=NETWORKS, language=language)
    assert_no_trouble(app)
    figure = speed_chart(app)
    own, paper, further = (
        ("Raut's own", "the paper's three", "the paper's further work")
        if language == "en"
        else ("buatan Raut", "tiga model makalah", "saran lanjutan makalah")
    )
    assert marks(figure) == {
        "Wayang": (0.5, 70, own),
        "Gong": (1.5, 100, paper),
        "Kendang": (4.0, 90, further),
    }
    hover = next(t for trace in figure["data"] for t in trace["customdata"] if "Wayang" in t)
    row = [
        "<b>Wayang</b>",
        "70.0% ",
        "PrivateTest",
        "0.50 ms",
        "0.45 ",
        "0.55 ",
        "0.25 ",
        "1,234,567 ",
        "98.8 ",
    ]
    for fact in row:
        assert (fact if language == "en" else fact.translate(str.maketrans(".,", ",."))) in hover
    rows = table_rows(app, "Time, reference = 1" if language == "en" else "Waktu, acuan = 1")
    assert names(rows) == ["Gong", "Kendang", "Wayang"], "the best first"
    shown = texts(app)
    for fact in (r"Gamelan \*9000\*", "2026", "7.8.9", "123", "3 November"):
        assert fact in shown
    assert ("2.00 ms in the same run" if language == "en" else "2,00 ms pada pengukuran") in shown


def test_accuracies_of_different_splits_never_share_a_chart(open_app: OpenApp, models: Path) -> None:
    write_network(models, "wayang")
    write_network(models, "gong", default=False)
    both = write_network(models, "kendang", default=False)
    rename_split(models / "gong", "PrivateTest", "PaperTest")
    file = both / "evaluation.json"
    evaluation = json.loads(file.read_text())
    evaluation["splits"]["PaperTest"] = evaluation["splits"]["PrivateTest"]
    file.write_text(json.dumps(evaluation))
    write_speed(models, {"wayang": 0.5, "gong": 1.5, "kendang": 4.0})
    app = open_app(PAGE, address=NETWORKS)
    assert_no_trouble(app)
    assert set(marks(speed_chart(app))) == {"Wayang", "Kendang"}
    choice = app.segmented_control(key="training_speed_split")
    assert choice.options == ["PrivateTest (7 expressions)", "PaperTest (7 expressions)"]
    choice.set_value(1).run()
    assert_no_trouble(app)
    figure = speed_chart(app)
    assert set(marks(figure)) == {"Gong", "Kendang"} and "PaperTest" in figure["layout"]["title"]["text"]


def test_one_split_needs_no_choice(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    write_speed(models, {"wayang": 0.5})
    app = open_app(PAGE, address=NETWORKS)
    assert "training_speed_split" not in [control.key for control in app.segmented_control]
    assert set(marks(speed_chart(app))) == {"Wayang"}


def test_what_is_not_in_the_chart_is_named(open_app: OpenApp, models: Path) -> None:
    write_network(models, "wayang")
    write_network(models, "gong", default=False)
    folder = write_network(models, "bare", default=False)
    (folder / "evaluation.json").unlink()
    write_speed(models, {"wayang": 0.5, "bare": 0.5})
    app = open_app(PAGE, address=NETWORKS)
    assert set(marks(speed_chart(app))) == {"Wayang"}
    shown = texts(app)
    assert "because their time was not measured: Gong." in shown
    assert "because they have not been evaluated: Bare." in shown


def test_a_time_of_other_weights_is_not_shown(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    write_speed(models, {"wayang": 0.5}, checksum="of another file")
    app = open_app(PAGE, address=NETWORKS)
    assert_no_trouble(app)
    assert any("has not been measured yet" in box.value for box in app.info)
    assert "0.50" not in table_rows(app, "Calibration error")[1]


@pytest.mark.parametrize("language", ["en", "id"])
def test_without_a_measurement_a_sentence_says_how_to_make_one(
    open_app: OpenApp,
    models: Path,
    language: str,
) -> None:
    write_network(models)
    app = open_app(PAGE, address=NETWORKS, language=language)
    assert_no_trouble(app)
    assert any("python -m fer_core speed" in box.value for box in app.info)
    assert not charts(app)


def test_without_an_evaluation_there_is_a_sentence_and_no_chart(open_app: OpenApp, models: Path) -> None:
    folder = write_network(models)
    (folder / "evaluation.json").unlink()
    write_speed(models, {"wayang": 0.5})
    app = open_app(PAGE, address=NETWORKS)
    assert_no_trouble(app)
    assert any("No network has been evaluated yet." in box.value for box in app.info)
    assert not charts(app)


def test_a_split_without_a_measured_network_has_a_sentence(open_app: OpenApp, models: Path) -> None:
    write_network(models, "wayang")
    write_network(models, "gong", default=False)
    rename_split(models / "gong", "PrivateTest", "PaperTest")
    write_speed(models, {"gong": 0.5})
    app = open_app(PAGE, address=NETWORKS)
    assert_no_trouble(app)
    assert any("measured on PrivateTest" in box.value for box in app.info)


def test_damaged_times_are_a_sentence_and_the_rest_stays(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    write_speed(models, {"wayang": 0.5}).write_text("{")
    app = open_app(PAGE, address=NETWORKS)
    assert_no_trouble(app)
    assert any("speed.json" in box.value for box in app.error)
    assert table_rows(app, "Calibration error")[1][0] == "Wayang"
