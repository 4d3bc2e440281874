"""The view "Comparison" of Training: two networks on the same pictures, or why there is no comparison."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar

from fer_core.places import models_dir
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_fer2013, write_network
from tests.pages.training.conftest import PAGE, charts, parts, rename_split, table_rows, write_certain_answers

VIEW = {"view": "comparison"}
GONG = {50: 0, 51: 6, 53: 0}
"""Wayang answers 51, 53 and 57 wrongly: both are wrong on 51 and 53 with the same answers."""


def pair_of_made_up(models: Path) -> None:
    write_network(models)
    write_network(models, "gong", default=False, answers=GONG)


def wrong(name: str, split: str) -> tuple[int, dict[int, int]]:
    """Number of pictures, and row to wrong answer."""
    part = json.loads((models_dir() / name / "evaluation.json").read_text())["splits"][split]
    return part["n"], dict(zip(part["misclassified"], part["misclassified_predicted"], strict=True))


@pytest.mark.parametrize("names", [("raut", "raut-compact"), ("paper-small-rate", "paper-large")])
def test_figures_are_those_of_the_evaluations_that_ship(open_app: OpenApp, names: tuple[str, str]) -> None:
    """The second pair has a network without weights."""
    split = "PrivateTest" if names[0] == "raut" else "PaperTest"
    app = open_app(PAGE, address={**VIEW, "network": ",".join(names)})
    assert_no_trouble(app)
    (n, first), (_n, second) = (wrong(name, split) for name in names)
    both = set(first) & set(second)
    counts = [
        [n - len(set(first) | set(second)), len(second) - len(both)], [len(first) - len(both), len(both)],
    ]  # fmt: skip
    rows = table_rows(app, "Pictures")
    fields = [[int(cell.replace(",", "")) for cell in row[1:3]] for row in rows[1:3]]
    assert fields == counts
    test = mcnemar(np.array(counts), exact=False, correction=True)
    p = "p < 0.001" if test.pvalue < 0.001 else f"p = {test.pvalue:.3f}"
    shown = texts(app)
    assert f"McNemar's test: χ² = {test.statistic:.1f}, {p}" in shown
    assert f"{100 * abs(len(second) - len(first)) / n:.1f} percentage points more" in shown
    same = sum(first[row] == second[row] for row in both)
    assert f"Both are wrong on {len(both):,} pictures" in shown
    assert f"independent errors would meet on {len(first) * len(second) / n:,.0f}." in shown
    assert f"{100 * same / len(both):.1f}% get the same wrong answer" in shown
    options = app.selectbox(key="comparison_who").options
    assert options[1].endswith(f"({counts[0][1]:,})") and options[4].endswith(f"({same:,})")
    orders = app.selectbox(key="comparison_order").options
    assert len(orders) == (4 if names[0] == "raut" else 3), "no certainty is stored where weights do not ship"


@pytest.mark.parametrize("language", ["en", "id"])
def test_few_pictures_are_tested_exactly_and_listed_by_row(
    open_app: OpenApp, models: Path, language: str
) -> None:
    pair_of_made_up(models)
    app = open_app(PAGE, language=language, address=VIEW)
    assert_no_trouble(app)
    p = binomtest(1, 2).pvalue
    assert f"p = {p:.3f}".replace(".", "." if language == "en" else ",") in texts(app)
    assert app.selectbox(key="comparison_network").value == "gong"
    (shown,) = parts(app, "training_answers")
    assert [item["row"] for item in shown["items"]] == [50, 57]
    assert not shown["pictures"] and shown["networks"] == ["Wayang", "Gong"]
    assert shown["items"][0]["href"].startswith("dataset?sheet=50")
    assert [answer["right"] for answer in shown["items"][0]["answers"]] == [True, False]


def test_pictures_are_filtered_by_who_is_right_and_sorted_by_certainty(
    open_app: OpenApp, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair_of_made_up(models)
    write_certain_answers(models / "wayang")
    monkeypatch.setenv("FER2013_DIR", str(write_fer2013(tmp_path / "here")))
    app = open_app(PAGE, address={**VIEW, "who": "same", "order": "first"})
    assert_no_trouble(app)
    (shown,) = parts(app, "training_answers")
    assert [item["row"] for item in shown["items"]] == [53, 51], (
        "the later a row, the more certain its answer"
    )
    assert shown["pictures"] and shown["items"][0]["image"].startswith("data:image/png")
    assert shown["items"][0]["answers"][0]["certainty"] and not shown["items"][0]["answers"][1]["certainty"]
    app.selectbox(key="comparison_who").set_value("second").run()
    assert app.query_params["who"] in ("second", ["second"])
    (shown,) = parts(app, "training_answers")
    assert [item["row"] for item in shown["items"]] == [57]
    app.selectbox(key="comparison_who").set_value("neither").run()
    assert not parts(app, "training_answers") and not app.error


def test_networks_of_other_pictures_are_not_compared_and_those_that_could_be_are_named(
    open_app: OpenApp, models: Path
) -> None:
    pair_of_made_up(models)
    other = write_network(models, "kendang", default=False)
    rename_split(other, "PrivateTest", "Table1Test")
    app = open_app(PAGE, address={**VIEW, "network": "wayang,kendang"})
    assert_no_trouble(app)
    assert "One network was measured on PrivateTest and the other on Table1Test" in app.warning[0].value
    assert not charts(app) and not parts(app, "training_answers")
    assert app.selectbox(key="comparison_network").options == [
        "Gong — 70.0% (PrivateTest)", "✕ Kendang — other pictures or labels",
    ]  # fmt: skip
    app.button(key="comparison_take_gong").click().run()
    assert app.query_params["network"] in ("wayang,gong", ["wayang,gong"])
    assert not app.warning and charts(app)


def test_one_network_alone_and_one_that_nothing_fits(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    app = open_app(PAGE, address=VIEW)
    assert_no_trouble(app)
    assert "There is only one network here" in app.info[0].value
    other = write_network(models, "gong", default=False)
    (other / "evaluation.json").unlink()
    app = open_app(PAGE, address=VIEW)
    assert_no_trouble(app)
    assert app.warning[0].value == "“Gong” has not been evaluated yet."
    assert "No other network here can be compared" in texts(app)


def test_at_most_five_controls_are_in_sight(open_app: OpenApp, models: Path) -> None:
    """Where two splits can be compared; the order is behind its button."""
    for name in ("wayang", "gong"):
        file = write_network(models, name, default=name == "wayang") / "evaluation.json"
        evaluation = json.loads(file.read_text())
        evaluation["splits"]["PublicTest"] = evaluation["splits"]["PrivateTest"]
        file.write_text(json.dumps(evaluation))
    app = open_app(PAGE, address=VIEW)
    keys = {
        control.key for control in (*app.segmented_control, *app.multiselect, *app.selectbox, *app.toggle)
    }
    frame, behind = {"lang", "projector"}, {"comparison_order"}
    assert keys - frame - behind == {
        "training_view", "training_network", "comparison_network", "comparison_split", "comparison_who",
    }  # fmt: skip
    app.segmented_control(key="comparison_split").set_value("PublicTest").run()
    assert app.query_params["split"] in ("PublicTest", ["PublicTest"])
    assert "Both are right on 70.0% of the same 10 pictures (PublicTest)" in texts(app)


def test_what_the_address_names_in_vain_is_said(open_app: OpenApp, models: Path) -> None:
    pair_of_made_up(models)
    app = open_app(PAGE, address={**VIEW, "who": "nobody", "order": "second"})
    assert_no_trouble(app)
    assert [error.value for error in app.error] == [
        "There is no group of pictures “nobody”.", "These pictures cannot be sorted by “second”.",
    ]  # fmt: skip
    assert parts(app, "training_answers")
