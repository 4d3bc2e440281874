"""Who agrees with whom over the faces of a quiz, and what so few faces can tell.

Whoever answers a face is a distribution over the answers: a class, the ten voters of FER+, a network with its most
probable label, the label of FER2013. Two of them agree on a face as often as one answer drawn from each is the same;
where each gives one answer, that is 1 or 0. All intervals count faces and not answers: thirty answers to one face tell
little more about other faces than one does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.evaluation.figures import Estimate, share_estimate
from fer_core.quiz.question import Quiz
from fer_core.quiz.results import ANSWERS, RATERS, Asked, Rater, counts_of, shares
from fer_core.quiz.room import MOST_VOTES

MANY_FACES: Final = 100
"""How many faces an interval is compared with, to show what few of them tell."""

_COMPARED: Final[tuple[Rater, ...]] = ("players", "voters", "network", "label")


@dataclass(frozen=True)
class Standing:
    """How often a rater says what most of the voters say.

    Attributes:
        rater: whose answers.
        estimate: mean over the faces, with its 95% interval; `n` is the number of faces, however many people answered.
        at_many: the same share with the interval that `MANY_FACES` faces would give.
    """

    rater: Rater
    estimate: Estimate
    at_many: Estimate


@dataclass(frozen=True)
class PairAgreement:
    """How often two raters say the same; of a class with itself, two of its answers.

    Attributes:
        first, second: the raters, in the order of `RATERS`.
        estimate: mean over the faces that both answered, with its 95% interval.
    """

    first: Rater
    second: Rater
    estimate: Estimate


@dataclass(frozen=True, eq=False)
class Confusion:
    """What was answered where most of the voters said something.

    Attributes:
        codes: of rows and columns, C of them, `CANNOT_TELL` last.
        counts: int64 (C, C), what most of the voters said in rows, answers in columns.
    """

    codes: tuple[str, ...]
    counts: np.ndarray


@dataclass(frozen=True)
class Talked:
    """One face before and after talking.

    Attributes:
        number: of the question in its quiz, from 0.
        agreed: share of the answers that most of the voters gave, before and after; None for a face without votes.
        same: how often two answers of the class are the same, before and after; NaN with fewer than two answers.
    """

    number: int
    agreed: tuple[float, float] | None
    same: tuple[float, float]


def standings(asked: Iterable[Asked]) -> tuple[Standing, ...]:
    """How often each rater says what most of the voters say, over the faces with votes.

    A voter is compared with the other nine, as whoever answers is compared with ten others: among the ten, each would
    agree with itself. "I cannot tell" agrees where most of the voters could not tell either.

    Returns:
        players, voters (one of them on average), network, label; [] without such a face.
    """
    faces = [each for each in asked if each.question.majority]
    found = []
    for rater in _COMPARED:
        agreed = [share for each in faces if (share := _agreed(each, rater)) is not None]
        if agreed:
            found.append(Standing(rater, _mean(agreed), _at_many(agreed)))
    return tuple(found)


def pair_agreements(asked: Iterable[Asked]) -> tuple[PairAgreement, ...]:
    """How often each two raters say the same, over the faces that both answered; pairs without such a face are left out.

    A class and the voters stand beside themselves, too: how often two of them say the same.
    """
    faces = tuple(asked)
    found = []
    for place, first in enumerate(RATERS):
        for second in RATERS[place:]:
            same = [share for each in faces if (share := _same(each, first, second)) is not None]
            if same:
                found.append(PairAgreement(first, second, _mean(same)))
    return tuple(found)


def confusion_of(asked: Iterable[Asked], quiz: Quiz) -> Confusion:
    """What was answered where most of the voters said something; faces without votes are left out.

    Where voters gave several answers equally often, an answer stands in its own row if it is one of them, else in the
    row of the first: so the diagonal counts what `Question.agrees` does.
    """
    cells: dict[tuple[str, str], int] = {}
    for each in asked:
        majority = each.question.majority
        for option, count in each.last.counts.items() if majority else ():
            row = option if option in majority else majority[0]
            cells[row, option] = cells.get((row, option), 0) + count
    rows = {row for (row, _option), count in cells.items() if count}
    codes = tuple(code for code in ANSWERS if code in rows | {*quiz.options})
    counts = np.array([[cells.get((row, option), 0) for option in codes] for row in codes], np.int64)
    return Confusion(codes, counts)


def talked_about(asked: Iterable[Asked]) -> tuple[Talked, ...]:
    """The faces with two votes, before and after talking, in the order of the quiz."""
    found = []
    for each in asked:
        if len(each.tallies) < MOST_VOTES:
            continue
        before, after = (tally.counts for tally in each.tallies)
        agreed = [_share_of(counts, each.question.majority) for counts in (before, after)]
        found.append(
            Talked(
                each.number,
                (agreed[0], agreed[1]) if each.question.majority else None,
                (_same_twice(before), _same_twice(after)),
            )
        )
    return tuple(found)


def _agreed(each: Asked, rater: Rater) -> float | None:
    """Share of a rater's answers to a face that most of the voters gave; None where it gave none."""
    counts = counts_of(each.question, each.last, rater)
    if rater == "voters":
        return _of_other_voters(counts)
    return _share_of(counts, each.question.majority) if counts else None


def _of_other_voters(counts: Mapping[str, int]) -> float | None:
    """Share of the voters who say what most of the others say; None with fewer than two voters."""
    total = sum(counts.values())
    if total < 2:
        return None
    agreed = 0
    for code, votes in counts.items():
        others = max((count for other, count in counts.items() if other != code), default=0)
        if votes > others:  # without the one that is compared, still as many as any other answer has
            agreed += votes
    return agreed / total


def _share_of(counts: Mapping[str, int], codes: Sequence[str]) -> float:
    return sum(counts.get(code, 0) for code in codes) / sum(counts.values())


def _same(each: Asked, first: Rater, second: Rater) -> float | None:
    """How often two raters say the same of a face; None where one of them says nothing, or is asked beside itself alone."""
    one, other = (counts_of(each.question, each.last, rater) for rater in (first, second))
    if first == second:
        same = _same_twice(one)
        return None if math.isnan(same) else same
    if not one or not other:
        return None
    second_shares = shares(other)
    return sum(share * second_shares.get(code, 0.0) for code, share in shares(one).items())


def _same_twice(counts: Mapping[str, int]) -> float:
    """How often two different ones of these answers are the same; NaN with fewer than two."""
    total = sum(counts.values())
    if total < 2:
        return math.nan
    return sum(count * (count - 1) for count in counts.values()) / (total * (total - 1))


def _mean(values: Sequence[float]) -> Estimate:
    return share_estimate(_within(sum(values), len(values)), len(values))


def _at_many(values: Sequence[float]) -> Estimate:
    return share_estimate(_within(MANY_FACES * sum(values) / len(values), MANY_FACES), MANY_FACES)


def _within(total: float, most: int) -> float:
    """A sum of shares without what rounding adds to it."""
    return min(max(total, 0.0), float(most))
