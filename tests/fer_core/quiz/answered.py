"""Questions and votes made up for tests, with the answers to them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fer_core.labels import EXPRESSIONS, FERPLUS_LABELS
from fer_core.quiz.question import CANNOT_TELL, SURENESS, Question
from fer_core.quiz.results import ANSWERS, Asked
from fer_core.quiz.room import Tally
from fer_core.recognition.answers import Prediction
from tests.network_records import network_of

NETWORK = network_of("wayang", task="ferplus")
_COLUMNS = (*FERPLUS_LABELS, CANNOT_TELL)  # "unknown" stands for all who could not tell


def question(
    voted: Mapping[str, int] | None = None,
    *,
    answered: str = "sad",
    probability: float = 0.65,
    label: str | None = "sad",
    row: int | None = 28_709,
    split: str | None = "PublicTest",
    meant: str | None = None,
) -> Question:
    """A face.

    Args:
        voted: code to votes, `CANNOT_TELL` among them; None where nobody voted.
        answered: what the network answers, and with which probability; the other seven have alike parts of the rest.
    """
    probabilities = np.full(len(NETWORK.labels), (1 - probability) / (len(NETWORK.labels) - 1), np.float32)
    probabilities[NETWORK.labels.index(answered)] = probability
    votes = None if voted is None else (*(voted.get(code, 0) for code in _COLUMNS), 0)
    return Question(
        np.zeros((48, 48), np.uint8),
        Prediction(probabilities, answered, probability, (answered,)),
        row,
        split,
        label,
        votes,
        meant,
    )


def tally(
    counts: Mapping[str, int], sure: Mapping[float, Mapping[str, int]] | None = None, vote: int = 1
) -> Tally:
    """A vote: code to answers, and the same by how sure."""
    by_sureness = {
        level: {code: (sure or {}).get(level, {}).get(code, 0) for code in ANSWERS} for level in SURENESS
    }
    return Tally(0, vote, {code: counts.get(code, 0) for code in ANSWERS}, by_sureness)


def asked(number: int, face: Question, *votes: Tally) -> Asked:
    """A face with its votes."""
    return Asked(number, face, votes)


assert set(_COLUMNS) == {*EXPRESSIONS, CANNOT_TELL}
