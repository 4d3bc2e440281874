"""The view "Curves" of Training: how networks learnt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_network
from tests.pages.training.conftest import PAGE, charts


def test_curves_are_training_against_validation_in_two_charts(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    accuracy, loss = charts(open_app(PAGE))
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


def test_a_network_under_way_says_how_far_it_is(open_app: OpenApp, models: Path) -> None:
    write_network(models, epochs=12, planned=50)
    shown = texts(open_app(PAGE))
    assert "12 of 50 epochs" in shown
    assert "<dt>12 of 50</dt>" in shown


def test_a_finished_network_does_not(open_app: OpenApp, models: Path) -> None:
    write_network(models, epochs=12, planned=12)
    assert "still on its way" not in texts(open_app(PAGE))


@pytest.mark.parametrize("language", ["en", "id"])
def test_two_networks_stand_side_by_side_on_the_same_axes(
    open_app: OpenApp, models: Path, language: str
) -> None:
    write_network(models)
    write_network(models, "gamelan", epochs=9, planned=9, default=False, answers={})
    app = open_app(PAGE, language=language, address={"network": "wayang,gamelan"})
    assert_no_trouble(app)
    assert app.selectbox(key="training_network_2").value == "gamelan"
    figures = charts(app)
    assert len(figures) == 4
    titles = [figure["layout"]["title"]["text"].split(" · ") for figure in figures]
    accuracy = [f for f, title in zip(figures, titles, strict=True) if title[0] in ("Accuracy", "Akurasi")]
    assert len(accuracy) == 2
    for axis in ("xaxis", "yaxis"):
        assert accuracy[0]["layout"][axis]["range"] == accuracy[1]["layout"][axis]["range"]
    assert ("100.0%" if language == "en" else "100,0%") in texts(app)


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
    assert {"wayang-accuracy", "wayang-loss", "dalang-accuracy"} <= {
        name.removeprefix("raut-")[: -len("-2026-11-28")] for name in saved_as
    }
    assert "after 2 h 3 min for the networks it is built on" in page
