"""The results that Ekawati et al. (2024) print, and what the same networks reach here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from fer_core.evaluation.repetition import Repetition
from fer_core.evaluation.report import Report, SplitReport
from fer_core.machine import names_a_gpu
from fer_core.paper import PAPER_RESULTS, PAPER_SPLIT, Printed
from fer_core.store.network import NetworkInfo
from fer_core.store.record import TrainingRecord
from fer_core.training.recipes.paper import FASTER, SMALL_BATCHES, TUNED
from fer_core.training.recipes.recipe import Recipe
from fer_core.training.recipes.registry import RECIPES


@dataclass(frozen=True, eq=False)
class PaperRow:
    """One of the paper's networks under one recipe.

    Attributes:
        recipe: how it is trained.
        info: None where it does not ship.
        report: its evaluation; None where there is none, or it cannot be read.
        history: one row an epoch, as in `history.csv`; [] where there is none, or it cannot be read.
        repetitions: its trainings with other seeds.
    """

    recipe: Recipe
    info: NetworkInfo | None = None
    report: Report | None = None
    history: Sequence[Mapping[str, float]] = ()
    repetitions: Sequence[Repetition] = ()

    @property
    def title(self) -> str:
        """Name of the network, not translated."""
        return self.info.name if self.info else self.recipe.title

    @property
    def parameters(self) -> int | None:
        if self.info:
            return self.info.parameters
        return self.printed.parameters if self.printed else None

    @property
    def split(self) -> str:
        """What is tested on."""
        return self.recipe.report_splits[-1]

    @property
    def printed(self) -> Printed | None:
        """The paper's figures, where they were measured on the same pictures and labels."""
        return PAPER_RESULTS[self.recipe.architecture] if self.split == PAPER_SPLIT else None

    @property
    def measured(self) -> SplitReport | None:
        return self.report.splits.get(self.split) if self.report else None

    @property
    def without_duplicates(self) -> SplitReport | None:
        return self.measured.without_duplicates if self.measured else None

    @property
    def learnt(self) -> float | None:
        """Training accuracy of the last epoch."""
        return self.history[-1]["accuracy"] if self.history else None

    @property
    def rise(self) -> tuple[float, int] | None:
        """By how much the training accuracy rose in the last ten epochs, 0.1 for ten points, or in as many as there
        are before the last one, and how many those were."""
        before = min(10, len(self.history) - 1)
        if before < 1:
            return None
        return self.history[-1]["accuracy"] - self.history[-1 - before]["accuracy"], before

    @property
    def best(self) -> tuple[float, int] | None:
        """Test accuracy of the best epoch, and which one that was."""
        if not self.history or self.recipe.choice_split != self.split:
            return None
        row = max(self.history, key=lambda row: row["val_accuracy"])
        return row["val_accuracy"], int(row["epoch"])

    @property
    def machine(self) -> str:
        """What the training of `seconds` ran on; "" where nothing says it."""
        quickest = self._quickest
        return quickest[1] if quickest else ""

    @property
    def seconds(self) -> float | None:
        """That the training takes: its median epoch, times their number. So the hours in which it stood still do
        not count. Of several trainings the quickest: the computer had other work during the others. One on a GPU counts
        where there is no other, so that the networks can be compared."""
        quickest = self._quickest
        return quickest[0] * len(self.history) if quickest else None

    @property
    def _quickest(self) -> tuple[float, str] | None:
        """Seconds of the median epoch in the quickest of several trainings, and what it ran on: processors first."""
        seconds = [row["seconds"] for row in self.history if "seconds" in row]
        if not seconds:
            return None
        training = self.info.training if self.info else TrainingRecord()
        # A training that went on with another machine has no median epoch of either.
        own = [] if training.stages else [(median(seconds), training.machine or "")]
        trainings = own + [
            (again.epoch_seconds, again.machine) for again in self.repetitions if again.epoch_seconds
        ]
        return min(trainings, key=lambda each: (names_a_gpu(each[1]), each[0]), default=None)


class PaperShortfall(NamedTuple):
    """One of the paper's networks that stays below its figure, and other trainings of it; None for one that is missing."""

    row: PaperRow
    small_batches: PaperRow | None
    faster: PaperRow | None
    tuned: PaperRow | None


def below_the_paper(rows: Sequence[PaperRow]) -> list[PaperShortfall]:
    """The networks that, trained as the paper describes, are right less often than it prints.

    Args:
        rows: of the table.

    Returns:
        Each with the same network in batches of 16, at ten times the learning rate, and tuned.
    """
    trained = {row.recipe.id: row for row in rows if row.measured and row.history}
    found = []
    for name in PAPER_RESULTS:
        row = trained.get(name)
        if row and row.measured and row.printed and row.measured.accuracy < row.printed.test_accuracy:
            found.append(
                PaperShortfall(
                    row, *(trained.get(name + ending) for ending in (SMALL_BATCHES, FASTER, TUNED))
                )
            )
    return found


def paper_rows(shipped: Iterable[PaperRow]) -> list[PaperRow]:
    """The rows of the table of the paper's results.

    The three protocols of the paper always have one; its networks under other recipes have one where they ship.

    Args:
        shipped: one for each network that ships, of whatever kind.
    """
    ours = {row.info.id: row for row in shipped if row.info}
    return [
        ours.get(recipe.id, PaperRow(recipe))
        for recipe in RECIPES.values()
        if recipe.architecture in PAPER_RESULTS and (recipe.id in PAPER_RESULTS or recipe.id in ours)
    ]
