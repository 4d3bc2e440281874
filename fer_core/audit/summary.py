"""What a data set holds, in tables: the same from fer2013.csv, from folders, and from other sets of 48x48 faces."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from fer_core.audit.findings import MEASURES, Findings, findings_of
from fer_core.datasets.columns import SPLIT_CODES, VOTE_CODES
from fer_core.datasets.rows import RowTable
from fer_core.labels import FER2013_LABELS

Cell = str | int | float | None
"""None: not known, or not defined."""


@dataclass(frozen=True)
class SummaryTable:
    """One table of a summary."""

    id: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """The first cell names the row."""


def summary(table: RowTable) -> tuple[SummaryTable, ...]:
    """The tables that a data set can fill; what it lacks, such as votes, is left out."""
    found = findings_of(table)
    return (
        *_classes(found),
        *_duplicates(found),
        *_votes(found),
        *(made for maker in (_votes_by_label, _looks, _faces, _networks) for made in maker(table)),
        *_leakage(found),
    )


def as_text(tables: tuple[SummaryTable, ...]) -> str:
    """The tables for a terminal, in columns of equal width."""
    blocks = []
    for each in tables:
        cells = [list(each.header), *([_shown(cell) for cell in row] for row in each.rows)]
        widths = [max(len(row[at]) for row in cells) for at in range(len(each.header))]
        lines = [
            "  ".join(
                [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
            )
            for row in cells
        ]
        blocks.append("\n".join([each.title, *(line.rstrip() for line in lines)]))
    return "\n\n".join(blocks) + "\n"


def as_csv(tables: tuple[SummaryTable, ...]) -> str:
    """All tables as one, a row for each number: table, row, column, value."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("table", "row", "column", "value"))
    for each in tables:
        for row in each.rows:
            for name, cell in zip(each.header[1:], row[1:], strict=True):
                writer.writerow((each.id, row[0], name, "" if cell is None else cell))
    return text.getvalue()


def as_json(tables: tuple[SummaryTable, ...]) -> str:
    """Id of each table to its rows: name of the row to its numbers by column."""
    whole = {
        each.id: {str(row[0]): dict(zip(each.header[1:], row[1:], strict=True)) for row in each.rows}
        for each in tables
    }
    return json.dumps(whole, indent=1) + "\n"


def _splits(table: RowTable) -> list[tuple[str, np.ndarray]]:
    """The splits that have pictures, then all of them together."""
    held = table.values("split")
    parts = [(code, held == number) for number, code in enumerate(SPLIT_CODES)]
    return [*((code, mask) for code, mask in parts if mask.any()), ("all", np.ones(len(table), bool))]


def _classes(found: Findings) -> Iterator[SummaryTable]:
    splits = {**found.splits, "all": found.classes}
    counted = tuple(
        (code, *counts.values(), sum(counts.values()), _rounded(_imbalance(counts), 2))
        for code, counts in splits.items()
    )
    yield SummaryTable(
        "pictures", "Pictures of each label; imbalance: of the largest class for one of the smallest",
        ("split", *FER2013_LABELS, "total", "imbalance"), counted,
    )  # fmt: skip
    shares = tuple(
        (code, *(_rounded(count / sum(counts.values())) for count in counts.values()))
        for code, counts in splits.items()
    )
    yield SummaryTable("shares", "Share of each label in its split", ("split", *FER2013_LABELS), shares)


def _imbalance(counts: Mapping[str, int]) -> float | None:
    held = [count for count in counts.values() if count]
    return max(held) / min(held) if held else None


def _duplicates(found: Findings) -> Iterator[SummaryTable]:
    titles = {
        "duplicates": ("Exact duplicates: the same in every pixel", found.exact),
        "near_duplicates": ("Near and exact duplicates together", found.near),
    }
    for name, (title, groups) in titles.items():
        if groups is not None:
            rows: list[tuple[Cell, ...]] = [
                ("groups", groups.groups),
                ("pictures in groups", groups.pictures),
                ("groups with more than one label", groups.conflicting),
                ("groups in more than one split", groups.across),
            ]
            for code, leaked in groups.leaked.items():
                rows.append((f"{code}: pictures with a duplicate in Training", leaked))
            yield SummaryTable(name, title, ("", "n"), tuple(rows))


def _votes(found: Findings) -> Iterator[SummaryTable]:
    votes = found.votes
    if votes is None:
        return
    share = f" ({votes.same / votes.expression:.1%})" if votes.expression else ""
    yield SummaryTable(
        "label_by_vote",
        f"Label (rows) against FER+ majority (columns): the same for {votes.same:,} of {votes.expression:,} with an "
        f"expression{share}",
        ("label", *VOTE_CODES),
        tuple((label, *row) for label, row in zip(FER2013_LABELS, votes.matrix, strict=True)),
    )
    by_agreement = tuple((str(n), count) for n, count in enumerate(votes.by_agreement, start=1) if count)
    yield SummaryTable(
        "agreement", "Votes for what most annotators chose", ("votes", "pictures"), by_agreement
    )


def _leakage(found: Findings) -> Iterator[SummaryTable]:
    if found.leakage:
        rows = tuple(
            (f"{each.network}, {each.split}", each.n, _rounded(each.accuracy), each.n_without_exact,
             _rounded(each.without_exact), each.n_without_near, _rounded(each.without_near))
            for each in found.leakage
        )  # fmt: skip
        yield SummaryTable(
            "leakage", "Accuracy with and without the pictures that have a duplicate in Training",
            ("network, split", "n", "accuracy", "n without exact", "without exact", "n without near", "without near"),
            rows,
        )  # fmt: skip


def _votes_by_label(table: RowTable) -> Iterator[SummaryTable]:
    if table.has("entropy"):
        entropy, labels = table.values("entropy"), table.values("label")
        rows = [
            (code, *_spread(entropy[mask]), int((table.values("agreement")[mask] == 10).sum()))
            for code, mask in _labels(labels)
        ]
        yield SummaryTable(
            "entropy", "Entropy of the ten votes in bits, by label; unanimous: all ten agree",
            ("label", *_SPREAD, "unanimous"), tuple(rows),
        )  # fmt: skip


def _looks(table: RowTable) -> Iterator[SummaryTable]:
    for measure in MEASURES:
        if table.has(measure):
            held = table.values(measure)
            rows = tuple((code, *_spread(held[mask])) for code, mask in _labels(table.values("label")))
            yield SummaryTable(measure, f"{measure.capitalize()} by label", ("label", *_SPREAD), rows)


def _faces(table: RowTable) -> Iterator[SummaryTable]:
    flags = [name for name in ("not_a_face", "undetected") if table.has(name)]
    if flags:
        rows: list[tuple[Cell, ...]] = []
        for code, mask in _splits(table):
            rows.append((code, *(int(table.values(name)[mask].sum()) for name in flags)))
        yield SummaryTable(
            "faces", "Not a face by the votes; no face found by either detector", ("split", *flags), tuple(rows)
        )  # fmt: skip


def _networks(table: RowTable) -> Iterator[SummaryTable]:
    networks = [each for each in table.networks if table.has(f"right:{each}")]
    if networks:
        rows = []
        for network in networks:
            right = table.values(f"right:{network}")
            known = [right[mask & (right >= 0)] for _code, mask in _splits(table)]
            rows.append((network, *(_rounded(float(some.mean())) if len(some) else None for some in known)))
        yield SummaryTable(
            "accuracy", "Accuracy of each network by the labels of its task",
            ("network", *(code for code, _mask in _splits(table))), tuple(rows),
        )  # fmt: skip


_SPREAD = ("mean", "sd", "quarter", "median", "three quarters")


def _spread(values: np.ndarray) -> tuple[float | None, ...]:
    known = values[~np.isnan(values)].astype(np.float64)
    if not len(known):
        return (None,) * len(_SPREAD)
    quarters = np.quantile(known, (0.25, 0.5, 0.75))
    return tuple(_rounded(float(value)) for value in (known.mean(), known.std(), *quarters))


def _labels(labels: np.ndarray) -> list[tuple[str, np.ndarray]]:
    return [
        *((code, labels == number) for number, code in enumerate(FER2013_LABELS)),
        ("all", labels >= 0),
    ]


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None or math.isnan(value) else round(value, digits)


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
