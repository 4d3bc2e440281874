"""What is read off the history of a training: smoothed values, the generalisation gap, times, the best epoch, and a band
over several trainings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np

Rows = Sequence[Mapping[str, float]]
"""Rows of `history.csv`, in the order of the epochs; see `fer_core.store.folder.read_history`."""


def moving_average(values: Sequence[float], window: int) -> list[float]:
    """The mean of each value and as many neighbours on either side.

    Near the ends, where there are fewer neighbours on one side, as many are taken on the other: so the first and the
    last value stay as they are, and the curve is not moved to the left or right.

    Args:
        values: finite.
        window: how many values one mean is of, odd; 1 changes nothing.

    Raises:
        ValueError: the window is even or below 1.
    """
    if window < 1 or window % 2 == 0:
        raise ValueError(f"Expected an odd number of values. Received: {window}")
    totals = np.concatenate(([0.0], np.cumsum(np.asarray(values, float))))
    at = np.arange(len(values))
    reach = np.minimum(np.minimum(at, len(values) - 1 - at), window // 2)
    means = (totals[at + reach + 1] - totals[at - reach]) / (2 * reach + 1)
    return [
        float(mean) if side else float(value) for mean, side, value in zip(means, reach, values, strict=True)
    ]


def generalisation_gap(rows: Rows) -> list[float]:
    """Accuracy on the training data minus accuracy on the validation data of each epoch, -1 to 1.

    Raises:
        KeyError: the history has no accuracies.
    """
    return [row["accuracy"] - row["val_accuracy"] for row in rows]


def minutes_of_training(rows: Rows) -> list[float]:
    """Minutes from the beginning of the training to the end of each epoch.

    Raises:
        KeyError: the history has no times.
    """
    return [seconds / 60 for seconds in accumulate(row["seconds"] for row in rows)]


def best_epoch(rows: Rows) -> int:
    """The epoch with the highest accuracy on the validation data, the first of several.

    Raises:
        ValueError: there is no epoch.
    """
    return int(max(rows, key=lambda row: (row["val_accuracy"], -row["epoch"]))["epoch"])


def band(
    at: Sequence[float], trainings: Sequence[tuple[Sequence[float], Sequence[float]]]
) -> tuple[list[float], list[float], list[float]]:
    """Between which values several trainings lie.

    Args:
        at: where the band is wanted: epochs or minutes, rising.
        trainings: where each has values, rising, and the values. Between two of them a value is put in on a straight
            line.

    Returns:
        The places of `at` at which every training has a value, the lowest and the highest value at each.
    """
    if not trainings:
        return [], [], []
    first = max(x[0] for x, _values in trainings)
    last = min(x[-1] for x, _values in trainings)
    places = [place for place in at if first <= place <= last]
    found = np.array([np.interp(places, x, values) for x, values in trainings])  # (trainings, places)
    return places, found.min(axis=0).tolist(), found.max(axis=0).tolist()
