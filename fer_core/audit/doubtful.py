"""The part "doubt" of the statistics of FER2013: how much speaks against each label, and how good that is."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from fer_core.audit.cross_validation import (
    CELLS,
    FOLD_CORRELATION,
    FOLDS,
    TRAINING,
    deal_folds,
    fold_groups,
    out_of_sample_probabilities,
)
from fer_core.audit.findings import AGREED
from fer_core.audit.kept import Progress, kept_folder
from fer_core.audit.statistics import check_complete, facts_of
from fer_core.datasets.duplicates import duplicate_groups
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.near_duplicates import similar_pairs
from fer_core.datasets.splits import needed_votes
from fer_core.datasets.statistics.shipped import FOLDER, write_part
from fer_core.datasets.votes import VOTE_COLUMNS
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS

OUT_OF_SAMPLE: Final = "out_of_sample"
"""A part without columns: uint8 (N, 7), the probabilities in 255ths, and the fold of each picture."""

JUDGED_AT: Final = (100, 1000)
"""How many labels, the most doubtful first, are compared with the votes."""


def make_doubt(dataset: Fer2013, folder: Path = FOLDER, progress: Progress | None = None) -> Path:
    """Make the part "doubt": 1 minus cleanlab's label quality (normalised margin) of out-of-sample probabilities.

    What decides stands in docs/experiments/doubtful-labels.md. It takes some 10 minutes of one core; each fold is kept in
    `kept_folder()`.

    Args:
        dataset: the complete FER2013, with the votes of FER+, which judge and do not decide.
        folder: where the part goes.
        progress: called with the part that is done.

    Returns:
        The file that was written.

    Raises:
        DatasetError: the data set is not complete.
    """
    check_complete(dataset)
    labels = dataset.emotions.astype(np.int64)
    folds = deal_folds(
        fold_groups(duplicate_groups(dataset.images_gray), similar_pairs(dataset.images_gray)), labels
    )
    probabilities = out_of_sample_probabilities(
        dataset.images_gray, labels, folds, kept_folder(), progress=progress
    )
    doubt = doubts(labels, probabilities)
    estimated = estimated_errors(labels, probabilities)
    threshold = float(np.sort(doubt)[-estimated])
    facts = facts_of(
        "doubt",
        dataset,
        cleanlab=_cleanlab_version(),
        folds=FOLDS,
        fold_correlation=FOLD_CORRELATION,
        cells_px=CELLS,
        training=asdict(TRAINING),
        accuracy=float((probabilities.argmax(axis=1) == labels).mean()),
        estimated_errors=estimated,
        threshold=threshold,
        **judged(doubt, labels, needed_votes(dataset)),
    )
    write_part(
        OUT_OF_SAMPLE,
        {"probabilities": np.round(probabilities * 255).astype(np.uint8), "fold": folds},
        facts_of("doubt", dataset),
        folder,
    )
    return write_part("doubt", {"doubt": doubt}, facts, folder)


def doubts(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """How much speaks against each label: float16 (N,), 0 to 1, 0.5 where another class is as probable.

    Args:
        labels: int (N,).
        probabilities: float32 (N, C), out of sample, rows sum to 1.
    """
    from cleanlab.rank import get_label_quality_scores

    quality = get_label_quality_scores(labels, probabilities, method="normalized_margin")
    return np.asarray(1 - quality, np.float16)


def estimated_errors(labels: np.ndarray, probabilities: np.ndarray) -> int:
    """How many labels confident learning estimates to be wrong (Northcutt et al. 2021), at least 1."""
    from cleanlab.count import num_label_issues

    return max(1, int(num_label_issues(labels, probabilities)))


def votes_for_another(labels: np.ndarray, votes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether nine or ten of ten voters agree on one of FER2013's seven expressions, and whether it is not the label.

    Args:
        labels: int (N,), positions in `FER2013_LABELS`.
        votes: uint8 (N, 10).

    Returns:
        agreed bool (N,), and other bool (N,), which is only where they agree.
    """
    most = votes.argmax(axis=1)
    codes = np.array([*FERPLUS_LABELS, *VOTE_COLUMNS[len(FERPLUS_LABELS) :]])[most]
    agreed = (votes.max(axis=1) >= AGREED) & np.isin(codes, FER2013_LABELS)
    return agreed, agreed & (codes != np.array(FER2013_LABELS)[labels])


def judged(doubt: np.ndarray, labels: np.ndarray, votes: np.ndarray) -> dict[str, Any]:
    """How good the order by doubt is, by votes that had no part in it.

    Returns:
        {"all": {…}, "at": {"100": {…}, "1000": {…}}}, each with "n", "agreed" (nine or ten votes agree on one of the seven
        expressions) and "another" (on another one than the label); ready for JSON.
    """
    agreed, other = votes_for_another(labels, votes)
    order = np.argsort(-doubt.astype(np.float64), kind="stable")

    def counted(rows: np.ndarray) -> dict[str, int]:
        return {"n": len(rows), "agreed": int(agreed[rows].sum()), "another": int(other[rows].sum())}

    return {"all": counted(order), "at": {str(k): counted(order[:k]) for k in JUDGED_AT}}


def _cleanlab_version() -> str:
    from importlib.metadata import version

    return version("cleanlab")
