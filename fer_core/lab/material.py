"""The faces of a training from FER2013: some of Training to learn from, all of PublicTest to measure with."""

from __future__ import annotations

from typing import Final

import numpy as np

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.splits import Split, split
from fer_core.lab.settings import LabSettings
from fer_core.lab.task import FaceSet, TrainingTask
from fer_core.labels import FER2013_LABELS

LEARNT_SPLIT: Final = "Training"
TEST_SPLIT: Final = "PublicTest"
"""The lab never touches PrivateTest, which the figures of the networks that ship are of."""

SHOWN_PER_CLASS: Final = 4
"""Test pictures of each class whose answers are shown while it learns."""


def fer2013_task(settings: LabSettings, dataset: Fer2013) -> TrainingTask:
    """The training that these settings mean.

    Args:
        settings: of the way `fer2013`. The seed chooses the pictures.
        dataset: FER2013 in any form that tells the two official test sets apart.

    Returns:
        Of each class `per_class` pictures of Training, or all where there are fewer; all of PublicTest, in the order
        of the data set. The pictures that are shown are the first of each class there.

    Raises:
        DatasetError: this copy of FER2013 cannot give Training or PublicTest.
        LabTaskError: it has no picture of a class to learn from.
    """
    rng = np.random.default_rng(settings.seed)
    codes = [FER2013_LABELS.index(name) for name in settings.classes]
    learnt, tested = (split(dataset, name) for name in (LEARNT_SPLIT, TEST_SPLIT))
    chosen = []
    for code in codes:
        places = np.flatnonzero(learnt.labels == code)
        chosen.append(rng.permutation(places)[: settings.per_class])
    test_places = np.flatnonzero(np.isin(tested.labels, codes))
    test = _face_set(dataset, tested, test_places, codes)
    shown = [
        place for each in range(len(codes)) for place in np.flatnonzero(test.labels == each)[:SHOWN_PER_CLASS]
    ]
    return TrainingTask(
        settings=settings,
        train=_face_set(dataset, learnt, np.sort(np.concatenate(chosen)), codes),
        test=test,
        shown=tuple(int(place) for place in shown),
    )


def _face_set(dataset: Fer2013, part: Split, places: np.ndarray, codes: list[int]) -> FaceSet:
    rows = part.rows[places]
    position = np.full(len(FER2013_LABELS), -1, np.int64)
    position[codes] = np.arange(len(codes))
    return FaceSet(dataset.images_gray[rows], position[part.labels[places]], dataset.rows[rows])
