"""How often the network is known to be wrong: read from its evaluation, with confidence intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fer_core.errors import NetworkError
from fer_core.evaluation.figures import figures_of
from fer_core.evaluation.repetition import Spread, spread_of
from fer_core.evaluation.report import read_report
from fer_core.recognition.conformal import PredictionSets, read_prediction_sets
from fer_core.store.network import NetworkInfo


@dataclass(frozen=True)
class ClassError:
    """One expression in the test split."""

    label: str
    n: int
    sensitivity: float
    """Share of them that was found; NaN without any."""
    interval: tuple[float, float]


@dataclass(frozen=True)
class KnownError:
    """The headline split of a network: pictures that decided nothing in the training, where such were measured."""

    split: str
    n: int
    accuracy: float
    interval: tuple[float, float]
    seeds: Spread | None
    """Of several trainings, on the split that chose; None where one was measured."""
    classes: tuple[ClassError, ...]
    accuracy_without_duplicates: float | None
    """Without the test pictures that are also among the training pictures; None where not measured."""
    n_without_duplicates: int
    calibration_error: float | None
    temperature: float
    """1 where none was fitted."""
    choice_split: str | None
    """Where the epoch and the temperature were chosen."""
    sets: PredictionSets | None
    certainty: Mapping[str, Any]
    """`prediction_sets` and `unsure` of the split; {} where they were not measured."""


def known_error(network: NetworkInfo) -> KnownError | None:
    """Read how often a network is wrong on its headline split, with intervals of 95%.

    Returns:
        None where the network was not evaluated, or its evaluation is damaged or belongs to other weights.
    """
    try:
        report = read_report(network)
    except NetworkError:
        return None
    headline = report.headline if report else None
    if headline is None:
        return None
    figures = figures_of(headline.confusion)
    duplicates = headline.without_duplicates
    sets = read_prediction_sets(network)
    measured = {
        key: headline.certainty[key] for key in headline.certainty if key in ("prediction_sets", "unsure")
    }
    calibration = headline.certainty.get("calibration") or {}
    return KnownError(
        split=headline.name,
        n=headline.n,
        accuracy=headline.accuracy,
        interval=figures.accuracy.ends,
        seeds=spread_of(network),
        classes=tuple(
            ClassError(label, one.n, one.sensitivity.value, one.sensitivity.ends)
            for label, one in zip(headline.labels, figures.classes, strict=True)
        ),
        accuracy_without_duplicates=duplicates.accuracy if duplicates else None,
        n_without_duplicates=duplicates.n if duplicates else 0,
        calibration_error=calibration.get("ece"),
        temperature=1.0 if network.record.temperature is None else float(network.record.temperature),
        choice_split=network.training.choice_split,
        sets=sets,
        certainty=measured if sets and len(measured) == 2 else {},
    )
