"""Two networks on the same pictures: which ones can be compared with the main one, and on which split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fer_core.errors import N_, RautError
from fer_core.evaluation.comparison import comparable
from fer_core.evaluation.report import Report, SplitReport
from pages.training.networks import NetworkResults
from pages.training.selection import Chosen


@dataclass(frozen=True, eq=False)
class Pair:
    """Two networks and how each answered one split; both are measured on the same pictures with the same labels."""

    first: NetworkResults
    second: NetworkResults
    first_part: SplitReport
    second_part: SplitReport

    @property
    def networks(self) -> tuple[NetworkResults, NetworkResults]:
        return self.first, self.second

    @property
    def split(self) -> str:
        """Name of the split."""
        return self.first_part.name


def pair_of(first: NetworkResults, second: NetworkResults, split: str) -> Pair | RautError:
    """Both networks on a split that both were measured on, or why they cannot be compared.

    Args:
        first, second: two networks.
        split: name of the split that is asked for; "": the headline of the first one where the second has it, too, else
            any that both have.
    """
    for results in (first, second):
        if isinstance(results.report, RautError):
            return results.report
        if results.report is None or not results.report.splits:
            return RautError(N_("“{name}” has not been evaluated yet."), name=results.info.name)
    ours, theirs = _splits(first), _splits(second)
    headline = first.headline.name if first.headline else ""
    wanted = [split] if split in ours else [headline, *ours]
    reason: RautError | None = None
    for name in wanted:
        if name not in ours:
            continue
        other = theirs.get(name) or second.headline
        if other is None:
            continue
        found = comparable(ours[name], other)
        if found is None:
            return Pair(first, second, ours[name], other)
        reason = reason or found
    return reason or RautError(N_("These two networks were not measured on the same pictures."))


def candidates(chosen: Chosen) -> dict[str, Pair | RautError]:
    """Every other network by its id, those first that can be compared with the main one, the most accurate first."""
    found = {
        results.info.id: pair_of(chosen.main, results, chosen.split)
        for results in chosen.all
        if results is not chosen.main
    }

    def place(name: str) -> tuple[bool, float]:
        pair = found[name]
        return not isinstance(pair, Pair), -pair.second_part.accuracy if isinstance(pair, Pair) else 0.0

    return {name: found[name] for name in sorted(found, key=place)}


def shared_splits(chosen: Chosen, others: Sequence[NetworkResults]) -> list[str]:
    """Names of the splits of the main network on which at least one of the others can be compared with it."""
    return [
        name
        for name in _splits(chosen.main)
        if any(isinstance(pair_of(chosen.main, other, name), Pair) for other in others)
    ]


def _splits(results: NetworkResults) -> dict[str, SplitReport]:
    return dict(results.report.splits) if isinstance(results.report, Report) else {}
