"""The view "Curves" of Training: how networks learnt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fer_core.evaluation.repetition import Repetition, record_repetition
from fer_core.plots import LearningBand
from fer_core.store.folder import read_network
from fer_core.store.network import NetworkInfo
from pages.training.curves.chart import epochs_for_programs
from pages.training.curves.seeds import OtherTrainings
from pages.training.curves.series import series_of
from pages.training.curves.settings import CurveSettings
from pages.training.networks import read_network as page_network
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_network
from tests.pages.training.conftest import PAGE, charts, set_training, table_rows


def test_curves_are_training_against_validation_with_their_table_and_file(
    open_app: OpenApp, models: Path
) -> None:
    write_network(models)
    app = open_app(PAGE)
    (chart,) = charts(app)
    validation, training = chart["data"][:2]
    assert [validation["name"], training["name"]] == [
        "Validation data (PublicTest)",
        "Training data (Training)",
    ]
    assert validation["customdata"] == [
        f"Validation data (PublicTest): {share}%" for share in (40.0, 56.7, 65.0)
    ]
    assert "Wayang" in chart["layout"]["title"]["text"]
    assert table_rows(app, "Epoch")[2] == ["2", "56.7%", "66.7%"]


@pytest.mark.parametrize(
    ("address", "column", "drawn"),
    [
        ({"measure": "loss"}, 0, [2.2, 1.1, 2.2 / 3]),
        ({"measure": "loss", "data": "training"}, 0, [2, 1, 2 / 3]),
        ({"measure": "gap"}, 0, [10, 10, 10]),
        ({"measure": "rate"}, 0, [0.001, 0.001, 0.001]),
        ({"smooth": "3", "data": "training"}, 1, [50, (50 + 200 / 3 + 75) / 3, 75]),
    ],
)
def test_each_measure_is_drawn_from_the_history(
    open_app: OpenApp, models: Path, address: dict[str, str], column: int, drawn: list[float]
) -> None:
    write_network(models)
    app = open_app(PAGE, address=address)
    assert_no_trouble(app)
    (chart,) = charts(app)
    assert chart["data"][column]["y"] == pytest.approx(drawn)
    assert ("Smoothed: each point" in texts(app)) == ("smooth" in address)


def test_minutes_are_those_of_the_history_and_the_scale_can_be_logarithmic(
    open_app: OpenApp, models: Path
) -> None:
    write_network(models)
    app = open_app(PAGE, address={"axis": "minute", "scale": "log", "measure": "loss"})
    assert_no_trouble(app)
    (chart,) = charts(app)
    assert chart["data"][0]["x"] == pytest.approx([80.5, 161, 241.5])
    assert chart["layout"]["yaxis"]["type"] == "log"
    assert [row[1] for row in table_rows(app, "Minutes of training")[1:]] == ["80.5", "161.0", "241.5"]


def test_controls_write_the_address_and_wrong_texts_in_it_are_said(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    app = open_app(PAGE, address={"measure": "beauty", "smooth": "4"})
    assert_no_trouble(app)
    assert [("beauty" in box.value, "“4”" in box.value) for box in app.error] == [
        (True, False),
        (False, True),
    ]
    assert len(charts(app)) == 1
    app.segmented_control(key="training_measure").set_value("loss").run()
    app.segmented_control(key="training_smooth").set_value("5").run()
    address = {name: "".join(text) for name, text in app.query_params.items()}
    assert (address["measure"], address["smooth"]) == ("loss", "5") and not app.error
    app.segmented_control(key="training_measure").set_value("accuracy").run()
    assert "measure" not in app.query_params, "what holds anyway needs no parameter"


def test_at_most_five_controls_are_in_sight(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    app = open_app(PAGE)
    keys = {control.key for control in (*app.segmented_control, *app.multiselect, *app.selectbox)}
    behind = {"training_axis", "training_smooth", "training_scale", "training_seeds"}
    frame = {"lang"}
    assert keys - behind - frame == {
        "training_view",
        "training_networks",
        "training_measure",
        "training_data",
    }


def test_what_is_watched_is_test_data_where_it_chooses_no_epoch(open_app: OpenApp, models: Path) -> None:
    file = write_network(models) / "metadata.json"
    metadata = json.loads(file.read_text())
    metadata["training"]["recipe"]["keep"] = "last"
    file.write_text(json.dumps(metadata))
    app = open_app(PAGE)
    (chart,) = charts(app)
    assert chart["data"][0]["name"] == "Test data, monitored (PublicTest)"
    assert "The weights of the last epoch ship." in texts(app)


def test_the_file_has_a_row_for_each_epoch_of_each_curve_with_network_and_checksum(models: Path) -> None:
    write_network(models)
    results = page_network(read_network(models / "wayang"))
    assert isinstance(results.history, list)
    settings = CurveSettings("accuracy", "both", "minute", 3, log=False, seeds=True)
    drawn = [series_of(results, 0, part, settings, results.history) for part in settings.parts]
    band = LearningBand([161.0], [0.5], [0.75], 0)
    columns = epochs_for_programs(drawn, OtherTrainings({(0, "validation"): band}, [], []), settings)
    assert [column.name for column in columns] == [
        "curve_of", "curve_of_sha256", "data", "epoch", "minutes", "accuracy", "accuracy_mean_of_3",
        "accuracy_lowest_over_seeds", "accuracy_highest_over_seeds",
    ]  # fmt: skip
    rows = list(zip(*(column.values for column in columns), strict=True))
    assert len(rows) == 6
    mean = pytest.approx((0.4 + 0.9 - 1 / 3 + 0.65) / 3)
    assert rows[1] == ("wayang", "ab12", "validation", 2, 161.0, pytest.approx(0.9 - 1 / 3), mean, 0.5, 0.75)
    assert rows[3][:4] == ("wayang", "ab12", "training", 1) and rows[3][-2:] == (None, None)


def marked(chart: dict, text: str) -> list[tuple[float, float]]:
    return [
        (x, y)
        for trace in chart["data"]
        for x, y, told in zip(trace["x"], trace["y"], trace.get("customdata", ()), strict=False)
        if text in told
    ]


def test_the_kept_epoch_is_marked_and_the_best_where_it_is_another(open_app: OpenApp, models: Path) -> None:
    file = write_network(models) / "metadata.json"
    (chart,) = charts(open_app(PAGE))
    assert marked(chart, "kept: epoch 3 (65.0%)") == [(3, 65)] and not marked(chart, "highest accuracy")
    metadata = json.loads(file.read_text())
    metadata["training"]["best_epoch"] = 2
    file.write_text(json.dumps(metadata))
    (chart,) = charts(open_app(PAGE))
    assert marked(chart, "kept: epoch 2") == [(2, pytest.approx(170 / 3))]
    assert marked(chart, "highest accuracy: epoch 3") == [(3, 65)]


def with_seed(models: Path, name: str = "wayang") -> NetworkInfo:
    """A network with what a recorded repetition needs."""
    folder = models / name
    set_training(folder, seed=1, choice_split="PublicTest", precision="float32", machine="a loom")
    return read_network(folder)


def test_trainings_with_other_seeds_are_a_band_or_where_no_curve_was_kept_a_mark(
    open_app: OpenApp, models: Path
) -> None:
    write_network(models)
    info = with_seed(models)
    again = Repetition(2, "PublicTest", 0.5, 3, 120.0, "float32", "a loom")
    record_repetition(info, again)
    app = open_app(PAGE)
    (chart,) = charts(app)
    assert marked(chart, "training with seed 2: 50.0% at the end (PublicTest)") == [(3, 50)]
    assert "no curve of it was kept: Wayang 50.0% (PublicTest, seed 2)." in texts(app)
    assert "the shade reaches" not in texts(app)
    (loss,) = charts(open_app(PAGE, address={"measure": "loss"}))
    assert not marked(loss, "seed 2"), "an accuracy is no loss"

    lower = ["epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds"]
    lower += [f"{epoch},1,0.5,1,0.{epoch},0.001,60" for epoch in (1, 2, 3)]
    record_repetition(info, again, "\n".join(lower) + "\n")
    app = open_app(PAGE, address={"data": "validation"})
    assert_no_trouble(app)
    (chart,) = charts(app)
    low, high = chart["data"][0], chart["data"][1]
    assert (low["y"], high["y"]) == (pytest.approx([10, 20, 30]), pytest.approx([40, 170 / 3, 65]))
    assert table_rows(app, "Validation data (PublicTest), lowest")[1:] == [
        ["1", "40.0%", "10.0%", "40.0%"], ["2", "56.7%", "20.0%", "56.7%"], ["3", "65.0%", "30.0%", "65.0%"],
    ]  # fmt: skip
    assert "lowest to the highest of 2 trainings" in texts(app) and "no curve" not in texts(app)
    app.segmented_control(key="training_seeds").set_value("hidden").run()
    assert "lowest to the highest" not in texts(app)

    (models / "wayang" / "history-seed2.csv").write_text("no history")
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert any("history-seed2.csv" in box.value for box in app.error) and len(charts(app)) == 1


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


def test_a_network_under_way_says_how_far_it_is(open_app: OpenApp, models: Path) -> None:
    write_network(models, epochs=12, planned=50)
    shown = texts(open_app(PAGE))
    assert "12 of 50 epochs" in shown
    assert "<dt>12 of 50</dt>" in shown


def test_a_finished_network_does_not(open_app: OpenApp, models: Path) -> None:
    write_network(models, epochs=12, planned=12)
    assert "still on its way" not in texts(open_app(PAGE))


@pytest.mark.parametrize("language", ["en", "id"])
def test_several_networks_lie_over_each_other_and_one_without_a_history_is_named(
    open_app: OpenApp, models: Path, language: str
) -> None:
    write_network(models)
    write_network(models, "gamelan", epochs=9, planned=9, default=False, answers={})
    (write_network(models, "gong", default=False) / "history.csv").unlink()
    app = open_app(PAGE, language=language, address={"network": "wayang,gamelan,gong"})
    assert_no_trouble(app)
    assert app.multiselect(key="training_networks").value == ["wayang", "gamelan", "gong"]
    (chart,) = charts(app)
    lines = [trace for trace in chart["data"] if trace.get("customdata") and "lines" in trace["mode"]]
    assert [(line["name"], len(line["x"])) for line in lines if line["showlegend"]] == [
        ("A · Wayang", 3), ("B · Gamelan", 9),
    ]  # fmt: skip
    assert len({line["line"]["color"] for line in lines}) == 2
    assert {note["text"] for note in chart["layout"]["annotations"]} == {"<b>A</b>", "<b>B</b>"}
    (said,) = [box.value for box in app.info]
    assert "Gong" in said
    rows = table_rows(app, {"en": "Kept epoch", "id": "Epoch yang dipakai"}[language])
    assert [(row[0], row[2], row[6]) for row in rows[1:]] == [
        ("A · Wayang", "3", "10.0" if language == "en" else "10,0"),
        ("B · Gamelan", "9", "10.0" if language == "en" else "10,0"),
        ("C · Gong", "3", "–"),
    ]
    app.multiselect(key="training_networks").set_value(["gamelan"]).run()
    assert app.query_params["network"] in ("gamelan", ["gamelan"])
    assert "Gamelan" in charts(app)[0]["layout"]["title"]["text"]


def test_a_network_that_learnt_small_faces_first_says_why_its_curve_jumps(
    open_app: OpenApp,
    models: Path,
) -> None:
    folder = write_network(models, "wayang")
    assert "small faces first" not in texts(open_app(PAGE))
    file = folder / "metadata.json"
    metadata = json.loads(file.read_text())
    metadata["training"]["recipe"] = {"id": "wayang", "face_sizes": [[0, 32], [2, 48]]}
    file.write_text(json.dumps(metadata))
    assert "from epoch 1 on 32×32, from epoch 3 on 48×48 pixels" in texts(open_app(PAGE))


def test_a_network_that_learnt_from_others_says_what_its_curves_mean(
    open_app: OpenApp,
    models: Path,
) -> None:
    folder = write_network(models, "wayang")
    plain = texts(open_app(PAGE))
    assert (
        "distillation" not in plain and "last training alone" not in plain and "it is built on" not in plain
    )
    file = folder / "metadata.json"
    metadata = json.loads(file.read_text())
    metadata["training"] |= {
        "recipe": {"id": "wayang", "teachers": ["dalang", "sinden"], "averaged_with": ["dalang"]},
        "built_on_seconds": 7384.0, "built_on_seeds": {"dalang": 1, "sinden": 1, "gone": 1},
    }  # fmt: skip
    file.write_text(json.dumps(metadata))
    (folder / "history-dalang.csv").write_text((folder / "history.csv").read_text())
    (folder / "history-sinden.csv").write_text("no history")
    app = open_app(PAGE)
    assert "The 2 trainings before this one" in [expander.label for expander in app.expander]
    page = texts(app)
    assert "what 2 other networks say of each changed face" in page
    assert "the curves are those of the last training alone" in page
    assert "history-sinden.csv" in page
    charts = [json.loads(chart.proto.config) for chart in app.get("plotly_chart")]
    saved_as = [chart["toImageButtonOptions"]["filename"] for chart in charts]
    assert {"wayang-accuracy", "dalang-accuracy"} <= {
        name.removeprefix("raut-")[: -len("-2026-11-28")] for name in saved_as
    }
    assert "after 2 h 3 min for the networks it is built on" in page
