"""The columns that can be worked out from a data set at hand, whatever set of 48x48 faces it is."""

from __future__ import annotations

import numpy as np

from fer_core.datasets.duplicates import duplicate_groups
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.rows import RowTable
from fer_core.picture_measures import brightness, contrast, sharpness_of_each


def rows_of(dataset: Fer2013) -> RowTable:
    """The table of a data set: labels, splits, votes where it has them, exact duplicates, and how its pictures look.

    It takes 2 to 3 seconds for FER2013: keep it. Answers of networks, what detectors find, near duplicates and doubts
    about labels are not in it; `shipped_rows` has those of FER2013, for which `is_shipped_set` asks.
    """
    columns = {
        "row": dataset.rows.astype(np.int32),
        "split": dataset.usages,
        "label": dataset.emotions,
        "duplicate_group": duplicate_groups(dataset.images_gray),
        "brightness": brightness(dataset.images_gray),
        "contrast": contrast(dataset.images_gray),
        "sharpness": sharpness_of_each(dataset.images_gray),
    }
    if dataset.votes is not None:
        columns["votes"] = dataset.votes
    return RowTable(columns)
