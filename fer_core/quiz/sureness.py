"""How sure people and the network are against how often most of the voters say the same.

People are asked how sure they are that most of the ten voters see the same, so both are measured by that, and not by the
label. Faces without votes say nothing here, and neither do answers without a sureness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fer_core.evaluation.certainty import calibration_bins, expected_calibration_error
from fer_core.evaluation.figures import Estimate, share_of_groups
from fer_core.evaluation.headline import headline_of
from fer_core.quiz.question import SURENESS
from fer_core.quiz.results import Asked
from fer_core.recognition.answers import Answerer
from fer_core.store.network import NetworkInfo

BINS: Final = 5
"""Of the network's confidence on the few faces of a quiz, equally wide."""


@dataclass(frozen=True)
class SureAnswers:
    """Answers of about the same sureness.

    Attributes:
        sure: their mean, 0 to 1.
        answers: how many they are.
        agreed: share of them that most of the voters gave; its 95% interval counts faces, not answers, and `n` is how many
            those are.
    """

    sure: float
    answers: int
    agreed: Estimate


@dataclass(frozen=True)
class SureRater:
    """One who answers, by how sure.

    Attributes:
        groups: from the least sure on, those with answers.
        error: expected calibration error, 0 to 1; NaN without an answer.
    """

    groups: tuple[SureAnswers, ...]
    error: float

    @property
    def answers(self) -> int:
        """All of them."""
        return sum(group.answers for group in self.groups)


@dataclass(frozen=True)
class StoredCalibration:
    """A network's calibration as its evaluation has it.

    Attributes:
        split: whose pictures they are.
        pictures: how many.
        groups: (confidence, share of right answers, answers) of each bin with answers.
        error: expected calibration error, 0 to 1.
    """

    split: str
    pictures: int
    groups: tuple[tuple[float, float, int], ...]
    error: float


def players_by_sureness(asked: Iterable[Asked]) -> SureRater:
    """The answers of a class or a player, a group for each of `SURENESS`."""
    of_level: dict[float, list[tuple[int, bool]]] = {sure: [] for sure in SURENESS}
    for each in asked:
        for sure, counts in each.last.by_sureness.items() if each.question.majority else ():
            of_level[sure] += [
                (each.number, bool(each.question.agrees(option)))
                for option, count in counts.items()
                for _answer in range(count)
            ]
    return _rater(list(of_level.items()))


def network_by_sureness(asked: Iterable[Asked], network: Answerer) -> SureRater:
    """The network's answers to the same faces, in `BINS` groups by the probability of its answer."""
    faces = [each for each in asked if each.question.majority]
    if not faces:
        return _rater([])
    probabilities = np.array([each.question.prediction.probabilities for each in faces], np.float64)  # (N, C)
    answers = probabilities.argmax(axis=1)
    agreed = np.array(
        [network.labels[at] in each.question.majority for at, each in zip(answers, faces, strict=True)]
    )
    # Bins want one right class a face, where votes may have several: the answer itself, or any other.
    right = np.where(agreed, answers, (answers + 1) % probabilities.shape[1])
    bins = calibration_bins(probabilities, right, BINS)
    place = np.clip(np.ceil(probabilities.max(axis=1) * BINS).astype(int) - 1, 0, BINS - 1)
    numbers = np.array([each.number for each in faces])
    return SureRater(
        tuple(
            SureAnswers(
                bins["confidence"][at], count, share_of_groups(agreed[place == at], numbers[place == at])
            )
            for at, count in enumerate(bins["count"])
            if count
        ),
        expected_calibration_error(bins),
    )


def stored_calibration(network: Answerer) -> StoredCalibration | None:
    """What the evaluation of a shipped network says; None where there is none, as of a network of the lab."""
    part = headline_of(network) if isinstance(network, NetworkInfo) else None
    counted: Mapping[str, Any] | None = part.certainty.get("calibration") if part is not None else None
    if part is None or not counted or counted["ece"] is None:
        return None
    bins = counted["bins"]
    return StoredCalibration(
        part.name,
        part.n,
        tuple(
            (float(sure), float(right), int(count))
            for sure, right, count in zip(bins["confidence"], bins["accuracy"], bins["count"], strict=True)
            if count
        ),
        float(counted["ece"]),
    )


def _rater(levels: Sequence[tuple[float, Sequence[tuple[int, bool]]]]) -> SureRater:
    """Groups of (number of the face, whether the answer agrees) by how sure."""
    groups = []
    for sure, answers in levels:
        if answers:
            numbers, agreed = (np.array(values) for values in zip(*answers, strict=True))
            groups.append(SureAnswers(sure, len(answers), share_of_groups(agreed, numbers)))
    bins: dict[str, list[Any]] = {
        "count": [group.answers for group in groups],
        "confidence": [group.sure for group in groups],
        "accuracy": [group.agreed.value for group in groups],
    }
    return SureRater(tuple(groups), expected_calibration_error(bins))
