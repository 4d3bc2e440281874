"""The curves of networks as numbers: what is drawn of each, for chart, table and file."""

from __future__ import annotations

import math
import string
from collections.abc import Sequence
from dataclasses import dataclass

from fer_core.errors import N_, RautError
from fer_core.evaluation.learning_curves import (
    best_epoch,
    generalisation_gap,
    minutes_of_training,
    moving_average,
)
from pages.training.curves.settings import CurveSettings
from pages.training.networks import NetworkResults, Rows
from pages.ui.i18n import _, format_number, format_percent

COLUMNS = {
    ("accuracy", "training"): "accuracy",
    ("accuracy", "validation"): "val_accuracy",
    ("loss", "training"): "loss",
    ("loss", "validation"): "val_loss",
    ("rate", ""): "learning_rate",
}
"""Measure and data to the column of the history."""

PERCENT = ("accuracy", "gap")
"""Measures that are shares, or differences of shares."""


@dataclass(frozen=True)
class Series:
    """One curve.

    Attributes:
        results: the network.
        place: of the network among those that are drawn.
        part: "validation", "training", or "" for a measure of both or of neither.
        epochs: from 1.
        x: where the values lie: the epochs, or minutes.
        raw: values as they are in the history: shares, losses, rates or differences.
        values: what is drawn: `raw`, or means over several epochs.
    """

    results: NetworkResults
    place: int
    part: str
    epochs: list[int]
    x: list[float]
    raw: list[float]
    values: list[float]

    @property
    def is_smoothed(self) -> bool:
        return self.raw is not self.values

    def at_epoch(self, epoch: int) -> int | None:
        """Position of an epoch; None where it has no value."""
        return self.epochs.index(epoch) if epoch in self.epochs else None


def series_of(results: NetworkResults, place: int, part: str, settings: CurveSettings, rows: Rows) -> Series:
    """The curve of a training.

    Args:
        results: the network.
        place: of it among those that are drawn.
        part: "validation", "training" or "".
        settings: measure, axis and smoothing.
        rows: of the history that is drawn: the network's own, or another training's.

    Raises:
        RautError: the history does not have what is asked for.
    """
    try:
        if settings.measure == "gap":
            raw = generalisation_gap(rows)
        else:
            column = COLUMNS[settings.measure, part]
            raw = [row[column] for row in rows]
        epochs = [int(row["epoch"]) for row in rows]
        x = [float(epoch) for epoch in epochs] if settings.axis == "epoch" else minutes_of_training(rows)
    except KeyError as error:
        raise RautError(N_("The training history has no column “{column}”."), column=error.args[0]) from error
    values = raw if settings.window == 1 else moving_average(raw, settings.window)
    return Series(results, place, part, epochs, x, raw, values)


def data_name(results: NetworkResults, part: str) -> str:
    """ "Validation data (PublicTest)": the data of a curve, for the reader."""
    if part == "training":
        return f"{_('Training data')} ({results.info.training.split or _('training')})"
    # What is watched chooses nothing where the last epoch ships: then it is the test that the figures come from.
    watched = _("Test data, monitored") if results.info.recipe.keep == "last" else _("Validation data")
    return f"{watched} ({results.info.watched_split or _('validation')})"


def letter(place: int, networks: Sequence[NetworkResults]) -> str:
    """What stands at the end of a network's curves: "A" for the first of several; "" for the only one."""
    return string.ascii_uppercase[place] if len(networks) > 1 else ""


def short_name(place: int, networks: Sequence[NetworkResults]) -> str:
    """ "A · Raut": a network with its letter, where there are several."""
    name = _(networks[place].info.name)
    return f"{letter(place, networks)} · {name}" if len(networks) > 1 else name


def value_text(value: float, measure: str) -> str:
    """A value as the reader's language writes it: "71.2%", "1.034", "2.3 points", "0.0004"."""
    if measure == "accuracy":
        return format_percent(value)
    if measure == "gap":
        return _("{n} percentage points").format(n=format_number(100 * value, 1))
    if measure == "loss":
        return format_number(value, 3)
    return rate_text(value)


def rate_text(value: float) -> str:
    """A learning rate with two significant digits: "0.001", "0.000038"."""
    if value <= 0:
        return format_number(value, 1)
    most = 1 - math.floor(math.log10(value))  # decimals of two significant digits
    shortest = next((n for n in range(1, most) if math.isclose(round(value, n), round(value, most))), most)
    return format_number(value, max(shortest, 1))


def kept_epoch(results: NetworkResults) -> int | None:
    """The epoch whose weights ship: the one that was chosen, or the last one."""
    if results.info.recipe.keep == "last":
        return results.epochs or None
    return results.info.training.best_epoch


def best_of(results: NetworkResults) -> int | None:
    """The epoch with the highest accuracy on what was monitored; None without a history."""
    return best_epoch(results.history) if isinstance(results.history, list) and results.history else None
