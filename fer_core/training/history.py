"""The history of a training: one row an epoch, as `history.csv`, which `fer_core.store` reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

COLUMNS = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds")
"""`epoch` counts from 1; `loss` and `accuracy` are means over the epoch, augmentation and dropout on;
`val_*` are those of the split that chooses; `seconds` is the whole epoch, validation included."""


def history_csv(rows: Sequence[dict[str, float]]) -> str:
    """The rows as CSV text, six significant digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([int(row["epoch"]), *(f"{row[name]:.6g}" for name in COLUMNS[1:])])
    return text.getvalue()
