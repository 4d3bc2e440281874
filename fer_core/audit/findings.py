"""What an audit finds in a data set, as numbers: the same for fer2013.csv, for folders, and for other sets of faces.

Everything is counted from a `RowTable`. What its columns cannot answer is None and never 0. The numbers do not depend
on how the rows are numbered, so that a set gives the same findings in each of its forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.datasets.columns import RIGHT, SPLIT_CODES, VOTE_CODES
from fer_core.datasets.rows import RowTable, leaked
from fer_core.datasets.tallies import class_counts, cross_counts
from fer_core.labels import FER2013_LABELS
from fer_core.store.folder import list_measured

MEASURES: Final = ("brightness", "contrast", "sharpness")
LEARNT_FROM_TRAINING: Final = ("Training", "PaperTrain")
"""Splits whose pictures are all of Training, so that the test splits are new to a network that learnt from them."""
AGREED: Final = 9
"""Votes of ten from which on annotators agree so far that another label is doubtful."""


@dataclass(frozen=True)
class Votes:
    """FER2013's labels beside the votes of FER+.

    Attributes:
        pictures: with votes.
        matrix: pictures of each label (row, in the order of `FER2013_LABELS`) and majority (column, of `VOTE_CODES`).
        same: pictures whose majority is their label.
        expression: pictures whose majority is an expression, not "unknown" or "not a face".
        agreed_otherwise: pictures of which `AGREED` or more of ten votes are for one other expression.
        not_a_face: pictures whose majority is "not a face".
        mean_entropy_bits: mean entropy of the ten votes.
        by_agreement: pictures by how many votes the majority has, for 1 to 10.
    """

    pictures: int
    matrix: tuple[tuple[int, ...], ...]
    same: int
    expression: int
    agreed_otherwise: int
    not_a_face: int
    mean_entropy_bits: float
    by_agreement: tuple[int, ...]


@dataclass(frozen=True)
class Groups:
    """Pictures that are the same, or nearly so, as groups of two or more.

    Attributes:
        groups: how many.
        pictures: in them.
        conflicting: groups with more than one label.
        across: groups with pictures of more than one split.
        leaked: split to how many of its pictures have such a one in Training; the test splits that are there.
    """

    groups: int
    pictures: int
    conflicting: int
    across: int
    leaked: Mapping[str, int]


@dataclass(frozen=True)
class Measure:
    """How the pictures of one class look: mean and standard deviation of a measure, NaN for a class without pictures."""

    mean: float
    deviation: float


@dataclass(frozen=True)
class Leakage:
    """Accuracy of one network on one test split, with and without the pictures that Training has, too.

    Attributes:
        network: its id.
        split: the test split.
        n: pictures that have a label of the network's task.
        accuracy: on all of these.
        n_without_exact: of them, pictures without an exact duplicate in Training.
        without_exact: accuracy on these; NaN for none.
        n_without_near: pictures with neither an exact nor a near duplicate there; None where these are unknown.
        without_near: accuracy on these.
    """

    network: str
    split: str
    n: int
    accuracy: float
    n_without_exact: int
    without_exact: float
    n_without_near: int | None
    without_near: float | None


@dataclass(frozen=True)
class Findings:
    """What an audit found.

    Attributes:
        pictures: all of them.
        splits: code of each split that is there to pictures by label.
        votes: None without votes.
        exact: duplicates in every pixel; None where they were not looked for.
        near: near and exact duplicates together; None where they were not looked for.
        leakage: of networks that answered and learnt from Training alone; empty without any.
        undetected: pictures in which no detector finds a face; None where none looked.
        doubted: pictures with a figure for the doubt about their label; None without any.
        measures: measure to label to how it looks.
    """

    pictures: int
    splits: Mapping[str, Mapping[str, int]]
    votes: Votes | None
    exact: Groups | None
    near: Groups | None
    leakage: tuple[Leakage, ...]
    undetected: int | None
    doubted: int | None
    measures: Mapping[str, Mapping[str, Measure]]

    @property
    def classes(self) -> dict[str, int]:
        """Pictures by label in all splits together."""
        return {label: sum(counts[label] for counts in self.splits.values()) for label in FER2013_LABELS}

    @property
    def imbalance(self) -> float:
        """Pictures of the largest class for each one of the smallest that has any; NaN for an empty set."""
        held = [count for count in self.classes.values() if count]
        return max(held) / min(held) if held else float("nan")


def findings_of(table: RowTable) -> Findings:
    """Count everything that a table can answer. It takes some 0.1 s for FER2013."""
    split = table.values("split")
    codes = [code for number, code in enumerate(SPLIT_CODES) if (split == number).any()]
    return Findings(
        pictures=len(table),
        splits={
            code: class_counts(table, "label", split == SPLIT_CODES.index(code)) for code in codes
        },
        votes=_votes(table) if table.has("votes") else None,
        exact=_groups(table, "duplicate_group") if table.has("duplicate_group") else None,
        near=_groups(table, "near_group") if table.has("near_group") else None,
        leakage=tuple(_leakage(table)) if table.has("duplicate_group") else (),
        undetected=int(table.values("undetected").sum()) if table.has("undetected") else None,
        doubted=int((~np.isnan(table.values("doubt"))).sum()) if table.has("doubt") else None,
        measures={
            name: {label: _measure(table, name, number) for number, label in enumerate(FER2013_LABELS)}
            for name in MEASURES
            if table.has(name)
        },
    )  # fmt: skip


def conflicting(groups: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Mark the pictures of groups with more than one label: bool (N,).

    Args:
        groups: int (N,), -1 for none.
        labels: int (N,), from 0.
    """
    return _varied(groups, labels)


def _varied(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Mark the rows whose group has more than one value."""
    pairs = np.unique(np.stack([groups, values.astype(groups.dtype)], axis=1), axis=0)  # (P, 2)
    numbers, kinds = np.unique(pairs[:, 0], return_counts=True)
    return np.isin(groups, numbers[(kinds > 1) & (numbers >= 0)])


def _groups(table: RowTable, column_id: str) -> Groups:
    groups, split = table.values(column_id), table.values("split")
    in_group = groups >= 0
    leaks = leaked(split, groups)
    return Groups(
        groups=len(np.unique(groups[in_group])),
        pictures=int(in_group.sum()),
        conflicting=len(np.unique(groups[conflicting(groups, table.values("label"))])),
        across=len(np.unique(groups[_varied(groups, split)])),
        leaked={
            code: int(leaks[split == number].sum())
            for number, code in enumerate(SPLIT_CODES)
            if number and (split == number).any()
        },
    )


def _votes(table: RowTable) -> Votes:
    votes, majority, agreement = (table.values(each) for each in ("votes", "vote", "agreement"))
    voted = majority >= 0
    # A label and a majority are numbers of different lists: they are compared by their names.
    same = table.texts("label") == table.texts("vote")
    expression = voted & (majority < VOTE_CODES.index("unknown"))
    return Votes(
        pictures=int(voted.sum()),
        matrix=tuple(tuple(int(cell) for cell in row) for row in cross_counts(table, "label", "vote")),
        same=int(same.sum()),
        expression=int(expression.sum()),
        agreed_otherwise=int((expression & ~same & (agreement >= AGREED)).sum()),
        not_a_face=int(table.values("not_a_face").sum()),
        mean_entropy_bits=_mean(table.values("entropy")[voted]),
        by_agreement=tuple(
            int(count) for count in np.bincount(agreement[voted], minlength=votes.shape[1] + 1)[1:]
        ),
    )


def _leakage(table: RowTable) -> list[Leakage]:
    split = table.values("split")
    exact = leaked(split, table.values("duplicate_group"))
    near = leaked(split, table.values("near_group")) if table.has("near_group") else None
    learnt_from = {info.id: info.training.split for info in list_measured()}
    found = []
    for network in table.networks:
        knows_the_tests = learnt_from.get(network, "Training") not in LEARNT_FROM_TRAINING
        if knows_the_tests or not table.has(f"{RIGHT}:{network}"):
            continue
        right = table.values(f"{RIGHT}:{network}")
        for number, code in enumerate(SPLIT_CODES):
            here = (split == number) & (right >= 0)
            if not number or not here.any():
                continue
            clean = here & ~exact
            cleaner = None if near is None else here & ~near & ~exact
            found.append(
                Leakage(
                    network, code, int(here.sum()), _share(right[here]), int(clean.sum()), _share(right[clean]),
                    None if cleaner is None else int(cleaner.sum()),
                    None if cleaner is None else _share(right[cleaner]),
                )
            )  # fmt: skip
    return found


def _share(right: np.ndarray) -> float:
    return float(right.mean()) if len(right) else float("nan")


def _measure(table: RowTable, name: str, label: int) -> Measure:
    values = table.values(name)[table.values("label") == label].astype(np.float64)
    if not len(values):
        return Measure(float("nan"), float("nan"))
    return Measure(_mean(values), _mean((values - _mean(values)) ** 2) ** 0.5)


def _mean(values: np.ndarray) -> float:
    """Summed in one order, so that a set gives the same figure however its rows are numbered; NaN of nothing."""
    return float(np.sort(values.astype(np.float64)).mean()) if len(values) else float("nan")
