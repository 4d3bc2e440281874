"""What duplicates add to the accuracy of each network that was measured."""

from __future__ import annotations

from dataclasses import dataclass

from fer_core.datasets.leakage import SplitLeakage, split_leakage
from fer_core.datasets.rows import RowTable
from fer_core.errors import RautError
from fer_core.evaluation.evaluate import TRAINING_SPLIT_OF
from fer_core.evaluation.report import read_report
from fer_core.store.folder import list_measured
from fer_core.store.network import NetworkInfo


@dataclass(frozen=True)
class NetworkLeakage:
    """A network, and what duplicates add to its accuracy on one test split."""

    network: NetworkInfo
    leakage: SplitLeakage


def leakage_of_networks(table: RowTable) -> tuple[NetworkLeakage, ...]:
    """Every network on every test split that it was evaluated on, from the row numbers that it got wrong.

    A network whose evaluation is missing, damaged, or of folders, whose rows are numbered otherwise, is left out.

    Args:
        table: all rows of FER2013 in their order, with groups of duplicates.
    """
    found = []
    for info in list_measured():
        try:
            report = read_report(info)
        except RautError:
            continue
        if report is None or report.form != "csv":
            continue
        for name, figures in report.splits.items():
            if name not in TRAINING_SPLIT_OF or name == "Test":
                continue
            learnt_from = info.training.split or TRAINING_SPLIT_OF[name]
            found.append(NetworkLeakage(info, split_leakage(table, name, learnt_from, figures.misclassified)))
    return tuple(found)
