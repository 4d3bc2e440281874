"""The lesson on the paper's figures: each step with the networks that ship, its figures counted once more here."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.datasets.statistics.shipped import shipped_rows
from fer_core.places import models_dir
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_network
from tests.pages.training.conftest import PAGE, charts, rename_split, table_rows

UNSHIPPED = "paper-small-rate"
"""Without weights: of it, too, every figure is told."""


def stored(name: str) -> dict:
    return json.loads((models_dir() / name / "evaluation.json").read_text())["splits"]["PaperTest"]


def history(name: str) -> list[dict[str, float]]:
    with (models_dir() / name / "history.csv").open() as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


def paper_test() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """bool (N,) each: rows of the paper's test, those with an exact, and those with any duplicate in its training."""
    table = shipped_rows()
    votes = table.values("votes")
    labelled = votes.argmax(axis=1) < 8
    trained = labelled & (table.values("split") == 0)
    tested = labelled & (table.values("split") != 0)

    def leaked(name: str) -> np.ndarray:
        groups = table.values(name)
        learnt = set(groups[trained].tolist()) - {-1}
        return tested & np.array([group in learnt for group in groups.tolist()])

    exact = leaked("duplicate_group")
    return tested, exact, exact | leaked("near_group")


def percent(share: float, decimals: int = 1) -> str:
    return f"{100 * share:.{decimals}f}%"


def answered(app: AppTest) -> AppTest:
    """The page with the answer to its question shown."""
    (button,) = [each for each in app.button if each.label in ("Show the answer", "Tampilkan jawaban")]
    return button.click().run()


def test_the_papers_tables_have_figures_without_duplicates_and_on_the_official_split(
    open_app: OpenApp,
) -> None:
    app = open_app(PAGE, address={"view": "paper"})
    assert_no_trouble(app)
    rows = table_rows(app, "Official FER+ test, without duplicates")
    large = dict(zip(rows[0], rows[2], strict=True))
    tested, exact, any_duplicate = paper_test()
    wrong = np.zeros(len(tested), bool)
    wrong[stored("paper-large")["misclassified"]] = True
    table = shipped_rows()
    votes = np.where(table.values("votes") > 1, table.values("votes"), 0).astype(int)
    most = votes.max(axis=1)
    official = (table.values("split") == 2) & (2 * most > votes.sum(axis=1)) & (votes.argmax(axis=1) < 8)
    expected = {
        "Test, paper": 0.7616,
        "Test, Raut": 1 - wrong[tested].mean(),
        "Without exact duplicates": 1 - wrong[tested & ~exact].mean(),
        "Without near duplicates, too": 1 - wrong[tested & ~any_duplicate].mean(),
        "Official FER+ test, without duplicates": 1 - wrong[official & ~any_duplicate].mean(),
        "Training, Raut": history("paper-large")[-1]["accuracy"],
    }
    assert {name: large[name] for name in expected} == {
        name: percent(share, 2) for name, share in expected.items()
    }


def test_step_1_counts_what_duplicates_add(open_app: OpenApp) -> None:
    app = open_app(PAGE, address={"view": "paper", "lesson": "1"})
    tested, exact, leaked = paper_test()
    assert f"{leaked.sum():,} of the {tested.sum():,} test pictures" in texts(app)
    assert f"{exact.sum():,} in every pixel, and {leaked.sum() - exact.sum():,} nearly" in texts(app)
    assert not charts(app), "what is right stands nowhere before the answer"
    app = answered(app)
    assert_no_trouble(app)
    rows = table_rows(app, "With a duplicate")
    found = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    wrong = np.zeros(len(tested), bool)
    wrong[stored(UNSHIPPED)["misclassified"]] = True
    row = found["Paper, small, ten times the rate"]
    assert row["With a duplicate"].startswith(percent(1 - wrong[leaked].mean()))
    assert row["Without a duplicate"].startswith(percent(1 - wrong[tested & ~leaked].mean()))
    assert row["Without exact duplicates"].startswith(percent(1 - wrong[tested & ~exact].mean()))
    learnt = [float(each["Training, Raut"].removesuffix("%")) for each in found.values()]
    assert learnt == sorted(learnt, reverse=True)
    assert len(charts(app)) == 1


def test_step_2_sets_the_best_epoch_beside_the_last_and_beside_other_seeds(open_app: OpenApp) -> None:
    app = answered(open_app(PAGE, address={"view": "paper", "lesson": "2"}))
    assert_no_trouble(app)
    rows = table_rows(app, "Gained by the choice")
    found = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    row, epochs = found["Paper, small, ten times the rate"], history(UNSHIPPED)
    best = max(epochs, key=lambda epoch: epoch["val_accuracy"])
    assert row["Last epoch"].startswith(percent(epochs[-1]["val_accuracy"]))
    assert (row["Best epoch, Raut"], row["Best epoch, number"]) == (
        percent(best["val_accuracy"]), f"{best['epoch']:.0f}",
    )  # fmt: skip
    again = json.loads((models_dir() / UNSHIPPED / "repetitions.json").read_text())
    seeds = [stored(UNSHIPPED)["accuracy"], *(each["accuracy"] for each in again)]
    assert (row["Seeds, lowest"], row["Seeds, highest"]) == (percent(min(seeds)), percent(max(seeds)))
    kept = table_rows(app, "Split kept for the end")
    own = json.loads((models_dir() / "raut" / "evaluation.json").read_text())["splits"]
    (raut,) = [each for each in kept if each[0] == "Raut"]
    assert raut[2].startswith(percent(own["PublicTest"]["accuracy"]))
    assert raut[3].startswith(percent(own["PrivateTest"]["accuracy"]))


@pytest.mark.parametrize("language", ["en", "id"])
def test_step_3_shows_the_gap_of_the_network_in_the_address(open_app: OpenApp, language: str) -> None:
    app = open_app(PAGE, language=language, address={"view": "paper", "lesson": "3", "network": UNSHIPPED})
    assert app.selectbox(key="lesson_network").value == UNSHIPPED
    app = answered(app)
    assert_no_trouble(app)
    last = history(UNSHIPPED)[-1]
    gap = f"{100 * (last['accuracy'] - last['val_accuracy']):.1f}"
    printed = f"{96.17 - 71.00:.1f}"
    said = texts(app)
    for number in (gap, printed, f"{100 * last['val_accuracy']:.1f}"):
        assert (number if language == "en" else number.replace(".", ",")) in said
    assert len(charts(app)) == 2


def test_the_steps_stand_in_the_address_and_one_that_there_is_not_is_said(
    open_app: OpenApp, models: Path
) -> None:
    folder = write_network(models, "paper-small")
    rename_split(folder, "PrivateTest", "PaperTest")
    app = open_app(PAGE, address={"view": "paper", "lesson": "7"})
    assert_no_trouble(app)
    assert [error.value for error in app.error] == ["The lesson has no step “7”; its steps are 1, 2 and 3."]
    app.button(key="lesson_next").click().run()
    assert app.query_params["lesson"] in ("1", ["1"])
    # Ten made-up pictures are not those that the duplicates are known of.
    assert not app.error and any("None of the paper's networks" in info.value for info in app.info)
    for step in ("2", "3"):
        app.button(key="lesson_next").click().run()
        assert_no_trouble(app)
        assert app.query_params["lesson"] in (step, [step])
        answered(app)
        assert_no_trouble(app)
    app.button(key="lesson_next").click().run()
    assert "lesson" not in app.query_params
