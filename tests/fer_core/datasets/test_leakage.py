"""What duplicates add to accuracies, worked out by hand and against the evaluations that ship."""

import math

import numpy as np
import pytest

from fer_core.audit.leakage import leakage_of_networks
from fer_core.datasets.counts import shipped_counts
from fer_core.datasets.filters import Condition, Filter
from fer_core.datasets.leakage import (
    Answered,
    in_training,
    leaves_out_leaked,
    split_leakage,
    split_rows,
    without_leaked,
)
from fer_core.datasets.rows import RowTable
from fer_core.datasets.splits import SPLIT_NAMES
from fer_core.datasets.statistics.shipped import shipped_rows
from fer_core.errors import DatasetError
from fer_core.evaluation.report import read_report
from fer_core.places import MODELS_VARIABLE

TABLE = RowTable(
    {
        "row": np.arange(8),
        "split": np.array([0, 0, 0, 1, 1, 2, 2, 2]),
        "label": np.zeros(8),
        "duplicate_group": np.array([0, -1, -1, 0, -1, -1, 1, 1]),
        "near_group": np.array([0, -1, 1, 0, -1, 1, 2, 2]),
    }
)
"""Row 3 is an exact, row 5 a near duplicate of a training picture; 6 and 7 are duplicates of each other alone."""


def test_a_split_is_counted_with_and_without_duplicates_of_its_own_training_split():
    found = split_leakage(TABLE, "PrivateTest", "Training", np.array([6]))
    assert found.whole == Answered(3, 2)
    assert found.without_exact == Answered(3, 2)
    assert found.without_near == Answered(2, 1)
    public = split_leakage(TABLE, "PublicTest", "Training", np.array([4]))
    assert (public.whole, public.without_exact, public.without_near) == (
        Answered(2, 1), Answered(1, 0), Answered(1, 0),
    )  # fmt: skip


def test_without_near_groups_only_exact_duplicates_are_left_out():
    columns = {name: TABLE.values(name) for name in ("row", "split", "label", "duplicate_group")}
    assert split_leakage(RowTable(columns), "PublicTest", "Training", np.empty(0)).without_near is None


def test_nobody_has_an_accuracy_on_no_picture():
    assert math.isnan(Answered(0, 0).accuracy)


def test_pictures_without_a_group_are_never_in_training():
    groups = np.array([-1, -1, 3, 3])
    assert in_training(groups, np.array([True, False, True, False])).tolist() == [False, False, True, True]


def test_a_split_by_votes_needs_votes():
    with pytest.raises(DatasetError):
        split_rows(TABLE, "PaperTest")


def test_an_unknown_split_is_an_error():
    with pytest.raises(ValueError, match="Validation"):
        split_rows(shipped_rows(), "Validation")


@pytest.mark.parametrize("name", SPLIT_NAMES)
def test_the_shipped_table_gives_every_split_its_pictures(name):
    assert split_rows(shipped_rows(), name).sum() == sum(shipped_counts()[name].values())


def test_the_switch_keeps_the_rest_of_the_filter():
    fear = Filter((Condition("label", ("fear",)),))
    on = without_leaked(fear, True)
    assert leaves_out_leaked(on)
    assert on.mask(shipped_rows()).sum() < fear.mask(shipped_rows()).sum()
    assert without_leaked(on, False) == fear
    assert not leaves_out_leaked(fear)
    leaks = Filter((Condition("leaked", ("yes",)),))
    assert not leaves_out_leaked(leaks)
    assert leaves_out_leaked(without_leaked(leaks, True))


def test_the_figures_without_exact_duplicates_are_those_of_each_evaluation(monkeypatch):
    monkeypatch.delenv(MODELS_VARIABLE, raising=False)
    found = leakage_of_networks(shipped_rows())
    assert {("raut", "PrivateTest"), ("paper-small-table1", "Table1Test"), ("raut-plus", "PaperTest")} <= {
        (each.network.id, each.leakage.split) for each in found
    }
    for each in found:
        leakage = each.leakage
        report = read_report(each.network).splits[leakage.split]
        assert (report.n, report.accuracy) == (leakage.whole.n, leakage.whole.accuracy)
        without = report.without_duplicates
        assert (without.n, without.accuracy) == (leakage.without_exact.n, leakage.without_exact.accuracy)
        assert leakage.without_near.n < leakage.without_exact.n
