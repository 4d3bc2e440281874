"""Training, all networks at once: a table that sorts, and the paper's figures beside ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_network
from tests.pages.test_training import PAGE, models, table_rows  # noqa: F401  (a fixture)


def rename_split(folder: Path, old: str, new: str) -> None:
    file = folder / "evaluation.json"
    evaluation = json.loads(file.read_text())
    evaluation["splits"] = {name.replace(old, new): value for name, value in evaluation["splits"].items()}
    file.write_text(json.dumps(evaluation))


def names(rows: list[list[str]]) -> list[str]:
    return [row[0] for row in rows[1:]]


def test_all_networks_stand_in_one_table_that_sorts(open_app: OpenApp, models: Path) -> None:  # noqa: F811
    write_network(models, "wayang")
    write_network(models, "better", default=False, answers={51: 6})
    folder = write_network(models, "bare", default=False)
    (folder / "evaluation.json").unlink()
    (folder / "model.tflite").write_bytes(b"x" * 1_500_000)
    app = open_app(PAGE)
    assert_no_trouble(app)
    rows = table_rows(app, "Calibration error")
    assert names(rows) == ["Better", "Wayang", "Bare"]
    assert rows[1][2:5] == ["PrivateTest (10)", "90.0 %", "88.9 %"]
    assert rows[3][2:6] == ["–", "–", "–", "–"]  # not evaluated: nothing is made up
    app.segmented_control(key="training_order").set_value("size").run()
    assert names(table_rows(app, "Calibration error"))[0] == "Bare"


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_papers_results_stand_beside_ours_and_gaps_stay_visible(
    open_app: OpenApp,
    models: Path,  # noqa: F811
    language: str,
) -> None:
    folder = write_network(models, "paper-small", epochs=3, planned=50)
    rename_split(folder, "PrivateTest", "PaperTest")
    app = open_app(PAGE, language=language)
    assert_no_trouble(app)
    point = "." if language == "en" else ","
    rows = table_rows(app, "Epochs, Raut" if language == "en" else "Epoch, Raut")
    assert len(rows) == 4
    small, large = rows[1], rows[2]
    assert small[1:5] == [f"96{point}17 %", f"75{point}00 %", f"71{point}00 %", f"70{point}00 %"]
    assert small[-2:] == ["50", "3"]
    assert large[2] == large[4] == large[5] == large[-1] == "–"
    assert ("not been trained here yet" if language == "en" else "belum dilatih di sini") in texts(app)
