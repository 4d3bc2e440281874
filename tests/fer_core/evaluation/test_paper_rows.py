"""The paper's results beside ours."""

from __future__ import annotations

import pytest

from fer_core.evaluation.paper_rows import PaperRow, paper_rows
from fer_core.evaluation.repetition import Repetition
from fer_core.machine import names_a_gpu
from fer_core.paper import PAPER_RESULTS
from fer_core.store.folder import list_measured
from fer_core.store.network import NetworkInfo
from fer_core.training.recipes.registry import RECIPES
from tests.network_records import with_facts

SMALL = RECIPES["paper-small"]


def epoch(number: int, accuracy: float, seconds: float) -> dict[str, float]:
    return {"epoch": number, "accuracy": accuracy + 0.1, "val_accuracy": accuracy, "seconds": seconds}


def test_time_is_that_of_a_training_that_never_stood_still() -> None:
    row = PaperRow(SMALL, history=[epoch(1, 0.3, 50), epoch(2, 0.5, 3600), epoch(3, 0.4, 48)])
    assert row.seconds == 3 * 50
    assert row.best == (0.5, 2)
    assert row.learnt == pytest.approx(0.5)


def test_time_is_that_of_the_quickest_training() -> None:
    rows = [epoch(1, 0.3, 50), epoch(2, 0.5, 52), epoch(3, 0.4, 48)]

    def again(seed: int, epoch_seconds: float | None) -> Repetition:
        return Repetition(seed, "PaperTest", 0.4, 3, 9000.0, "float32", "a machine", epoch_seconds)

    quicker = PaperRow(SMALL, history=rows, repetitions=[again(2, 30.0), again(3, 70.0)])
    assert (quicker.seconds, quicker.machine) == (3 * 30, "a machine")
    assert PaperRow(SMALL, history=rows, repetitions=[again(2, 70.0), again(3, None)]).seconds == 3 * 50


def test_the_time_of_a_training_on_a_gpu_counts_where_there_is_no_other() -> None:
    def again(seed: int, machine: str, epoch_seconds: float) -> Repetition:
        return Repetition(seed, "PaperTest", 0.4, 3, 9000.0, "mixed_bfloat16", machine, epoch_seconds)

    mill = "A mill, 2 cores, Linux, Keras 3.15.1 on tensorflow"
    gpu = "A mill, 16 cores, NVIDIA H100 80GB HBM3, Linux, Keras 3.15.1 on torch"
    assert [machine for machine in (mill, gpu, "", "a mill") if names_a_gpu(machine)] == [gpu]
    rows = [epoch(1, 0.3, 50), epoch(2, 0.5, 52), epoch(3, 0.4, 48)]
    row = PaperRow(SMALL, history=rows, repetitions=[again(2, gpu, 2.0), again(3, mill, 40.0)])
    assert (row.seconds, row.machine) == (3 * 40, mill)
    assert PaperRow(SMALL, history=rows, repetitions=[again(2, gpu, 2.0)]).seconds == 3 * 50


def test_a_training_that_went_on_with_another_machine_has_no_time_of_either(own_network: NetworkInfo) -> None:
    stages = [{"from_epoch": 1, "machine": "a mill"}, {"from_epoch": 2, "machine": "a loom"}]
    moved = with_facts(own_network, training={"machine": "a loom", "stages": stages})
    rows = [epoch(1, 0.3, 2), epoch(2, 0.5, 100), epoch(3, 0.4, 100)]
    row = PaperRow(SMALL, moved, history=rows)
    assert (row.seconds, row.machine) == (None, "")
    other = Repetition(2, "PaperTest", 0.4, 3, 9000.0, "float32", "a mangle", 70.0)
    assert PaperRow(SMALL, moved, history=rows, repetitions=[other]).seconds == 3 * 70


def test_what_the_last_ten_epochs_gave() -> None:
    rows = [epoch(number, number / 100, 50) for number in range(1, 21)]
    assert PaperRow(SMALL, history=rows).rise == (pytest.approx(0.1), 10)
    assert PaperRow(SMALL, history=rows[:4]).rise == (pytest.approx(0.03), 3)
    assert PaperRow(SMALL, history=rows[:1]).rise is None


def test_a_network_without_history_has_no_time_and_no_best_epoch() -> None:
    row = PaperRow(SMALL)
    assert (row.seconds, row.best, row.learnt, row.measured, row.machine) == (None, None, None, None, "")
    assert row.parameters == 2_679_592


def test_figures_of_other_labels_are_not_set_beside_the_papers() -> None:
    assert PaperRow(SMALL).printed is PAPER_RESULTS["paper-small"]
    assert PaperRow(RECIPES["paper-small-table1"]).printed is None


def test_the_papers_three_always_have_a_row_and_other_recipes_where_they_ship() -> None:
    assert [row.recipe.id for row in paper_rows([])] == list(PAPER_RESULTS)
    shipped: list[NetworkInfo] = [network for network in list_measured() if network.id in RECIPES]
    rows = paper_rows(PaperRow(RECIPES[network.id], network) for network in shipped)
    assert {"paper-small-tuned", *PAPER_RESULTS} <= {row.recipe.id for row in rows}
    assert all(row.recipe.architecture in PAPER_RESULTS for row in rows)
