"""What makes a test figure too high, worked out by hand and against what is stored."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from fer_core.datasets.leakage import Answered, split_rows
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.shipped import shipped_rows
from fer_core.datasets.votes import majority_labels, strict_majority_labels
from fer_core.evaluation.paper_lesson import (
    OFFICIAL_TEST,
    choice_rows,
    gap_rows,
    kept_apart,
    leaked_rows,
    official_test,
    same_label_share,
    share_difference,
)
from fer_core.evaluation.paper_rows import PaperRow
from fer_core.evaluation.repetition import Repetition
from fer_core.evaluation.report import Report, SplitReport, read_report
from fer_core.store.folder import find_network
from fer_core.training.recipes.registry import RECIPES
from tests.network_records import network_of

SMALL = RECIPES["paper-small"]
NONE = np.empty(0, np.int64)


def row_votes(*places: int) -> np.ndarray:
    """Ten votes for one of the columns, for each row."""
    votes = np.zeros((len(places), 10), np.uint8)
    votes[np.arange(len(places)), places] = 10
    return votes


TABLE = RowTable(
    {
        "row": np.arange(10),
        "split": np.array([0, 0, 0, 0, 1, 1, 2, 2, 2, 2]),
        "label": np.zeros(10, int),
        "votes": row_votes(0, 1, 2, 9, 0, 1, 2, 3, 4, 9),
        "duplicate_group": np.array([0, -1, -1, -1, 0, -1, -1, -1, -1, -1]),
        "near_group": np.array([0, 1, -1, 2, 0, -1, 1, 2, -1, -1]),
    }
)
"""The paper's test has the rows 4 to 8, learnt are 0 to 2: 4 is an exact duplicate of 0, 6 a near one of 1 with another
label; 7 is one of row 3 alone, from which nobody learns; 9 is not a face."""


def part(n: int, wrong: list[int], name: str = "PaperTest") -> SplitReport:
    confusion = np.array([[n - len(wrong), len(wrong)], [0, 0]])
    rows = np.array(wrong, np.int64)
    return SplitReport(name, ("angry", "sad"), confusion, rows, np.zeros_like(rows), np.ones_like(rows))


def row(n: int, wrong: list[int], *, accuracy: float = 0.5, **changes: object) -> PaperRow:
    history = [{"epoch": 1.0, "accuracy": accuracy, "val_accuracy": 0.4, "loss": 1.0, "val_loss": 1.0}]
    found = PaperRow(SMALL, report=Report({"PaperTest": part(n, wrong)}, "csv"), history=history)
    return replace(found, **changes)


def test_duplicates_stand_apart_from_the_other_test_pictures():
    (found,) = leaked_rows([row(5, [5, 6])], TABLE)
    assert found.leakage.whole == Answered(5, 3)
    assert found.leakage.without_exact == Answered(4, 2)
    assert found.leakage.without_near == found.leakage.without == Answered(3, 2)
    assert found.leakage.on_duplicates == Answered(2, 1)
    assert found.difference.value == pytest.approx(1 / 2 - 2 / 3)
    assert found.added == pytest.approx(3 / 5 - 2 / 3)


def test_networks_that_learnt_most_by_heart_come_first():
    rows = [row(5, [5], accuracy=0.6), row(5, [6], accuracy=0.9)]
    assert [each.row.learnt for each in leaked_rows(rows, TABLE)] == [0.9, 0.6]


def test_of_other_pictures_nothing_is_said():
    ten, folders = row(10, [5]), replace(row(5, [5]), report=Report({"PaperTest": part(5, [5])}, "folders"))
    other_labels = PaperRow(RECIPES["paper-small-table1"], report=Report({"Table1Test": part(5, [5])}, "csv"))
    for each in (ten, folders, other_labels, PaperRow(SMALL)):
        assert leaked_rows([each], TABLE) == () and official_test(each, TABLE) is None


def test_the_label_of_a_near_duplicate_may_be_another_one():
    labels = majority_labels(TABLE.values("votes"))
    assert same_label_share(TABLE, "PaperTest", "PaperTrain", labels) == Answered(2, 1)


def test_the_official_test_split_is_part_of_the_papers():
    found = official_test(row(5, [5, 6]), TABLE)
    assert found is not None
    assert (found.split, found.whole, found.without_exact, found.without) == (
        OFFICIAL_TEST, Answered(3, 2), Answered(3, 2), Answered(2, 2),
    )  # fmt: skip


def test_its_labels_are_those_of_the_papers_test_and_a_network_has_one_figure_for_it():
    table = shipped_rows()
    votes, official = table.values("votes"), split_rows(table, OFFICIAL_TEST)
    assert np.array_equal(majority_labels(votes)[official], strict_majority_labels(votes)[official])
    measured = read_report(find_network("raut-plus"))
    assert measured is not None
    as_paper = PaperRow(SMALL, report=Report({"PaperTest": measured.splits["PaperTest"]}, "csv"))
    found, stored = official_test(as_paper, table), measured.splits[OFFICIAL_TEST]
    assert found is not None
    assert (found.whole.n, found.whole.accuracy) == (stored.n, stored.accuracy)
    assert stored.without_duplicates is not None
    assert found.without_exact.accuracy == stored.without_duplicates.accuracy


def test_the_interval_of_a_difference_is_that_of_newcombe():
    # Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, table II, example (a).
    found = share_difference(Answered(70, 56), Answered(80, 48))
    assert (found.value, found.low, found.high) == (
        pytest.approx(0.2), pytest.approx(0.0524, abs=1e-4), pytest.approx(0.3339, abs=1e-4),
    )  # fmt: skip
    assert found.n == 150
    for first, second in ((Answered(9, 0), Answered(10, 10)), (Answered(1121, 1015), Answered(5978, 4235))):
        as_there = confint_proportions_2indep(
            first.right, first.n, second.right, second.n, method="newcomb", compare="diff"
        )
        assert share_difference(first, second).ends == pytest.approx(as_there)
    assert math.isnan(share_difference(Answered(0, 0), Answered(5, 3)).low)


def history(*test: float) -> list[dict[str, float]]:
    return [
        {"epoch": at, "accuracy": 0.3 + at / 10, "val_accuracy": share, "loss": 1.0, "val_loss": abs(at - 2)}
        for at, share in enumerate(test, start=1)
    ]


def test_the_best_epoch_by_the_test_is_never_below_the_last():
    again = [
        Repetition(seed, "PaperTest", share, 4, 1.0, "float32", "a mill")
        for seed, share in ((1, 0.5), (2, 0.6))
    ]
    (found,) = choice_rows([row(5, [5], history=history(0.4, 0.7, 0.5, 0.6), repetitions=again)])
    assert (found.last, found.best, found.best_epoch, found.epochs) == (0.6, 0.7, 2, 4)
    assert found.gain == pytest.approx(0.1)
    assert found.spread is not None and found.spread.width == pytest.approx(0.1)
    assert found.low < 0.6 < found.high
    (last,) = choice_rows([row(5, [5], history=history(0.4, 0.6))])
    assert (last.gain, last.spread) == (0.0, None)
    assert choice_rows([row(5, [5], history=[])]) == ()


def test_what_chose_and_what_was_kept_for_the_end_stand_beside_each_other():
    info = network_of(
        "raut", training={"choice_split": "PublicTest", "best_epoch": 7, "recipe": {"keep": "best"}}
    )
    public, private = part(10, [1, 2], "PublicTest"), part(20, [3] * 6, "PrivateTest")
    found = kept_apart(info, Report({each.name: each for each in (public, private)}, "csv"))
    assert found is not None
    assert (found.epoch, found.chosen, found.tested) == (7, public, private)
    assert found.difference.value == pytest.approx(0.8 - 0.7)
    assert kept_apart(info, Report({"PublicTest": public}, "csv")) is None
    assert kept_apart(info, None) is None
    last = network_of("raut", training={"choice_split": "PublicTest", "recipe": {"keep": "last"}})
    assert kept_apart(last, Report({each.name: each for each in (public, private)}, "csv")) is None


def test_the_gap_is_that_of_the_last_epoch_and_the_largest_comes_first():
    small, large = row(5, [5], history=history(0.2, 0.5, 0.6)), row(5, [5], history=history(0.2, 0.3, 0.1))
    first, second = gap_rows([small, large])
    assert (first.gap, second.gap) == (pytest.approx(0.5), pytest.approx(0.0))
    assert (first.row, second.row) == (large, small)
    assert second.epochs.tolist() == [1, 2, 3] and second.test.tolist() == [0.2, 0.5, 0.6]
    assert first.least_loss_epoch == 2
    assert first.rise_after(1) == (pytest.approx(0.1), pytest.approx(-0.2))
    assert first.printed_gap == pytest.approx(0.9617 - 0.71)
    assert gap_rows([row(5, [5], history=[])]) == ()
