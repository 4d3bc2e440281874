"""The history of a training: one row an epoch, as `history.csv`, which `fer_core.store.folder` reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

COLUMNS = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds")
"""`epoch` counts from 1; `loss` and `accuracy` are means over the epoch, augmentation and dropout on;
`val_*` are those of the split that chooses; `seconds` is the whole epoch, validation included."""

COMPANION = "companion_"
"""Prefix of the second head's figures in the rows of `RunState.history`."""


def history_csv(rows: Sequence[dict[str, float]], *, companion: bool = False) -> str:
    """The rows of a training as CSV text, six significant digits.

    Args:
        rows: of `RunState.history`.
        companion: the figures of the second head instead of the first.
    """
    shared = ("epoch", "learning_rate", "seconds")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        values = (row[name if name in shared or not companion else COMPANION + name] for name in COLUMNS[1:])
        writer.writerow([int(row["epoch"]), *(f"{value:.6g}" for value in values)])
    return text.getvalue()
