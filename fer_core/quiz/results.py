"""What was answered to the faces of a quiz, beside what the voters, the network and the label say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from fer_core.labels import EXPRESSIONS, shares_in_reading_order
from fer_core.quiz.question import CANNOT_TELL, SURENESS, Answer, Question, Quiz
from fer_core.quiz.room import MOST_VOTES, Room, Tally
from fer_core.recognition.answers import Answerer

Rater = Literal["players", "voters", "network", "label", "drawing"]
"""Who answers a face: the class or the one player, the ten voters of FER+, the network with its most probable label, the
label of FER2013, and what a drawing is meant to show."""

RATERS: Final[tuple[Rater, ...]] = ("players", "voters", "network", "label", "drawing")

ANSWERS: Final = (*EXPRESSIONS, CANNOT_TELL)
"""All there are, in the order in which people read them."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A face, and what was answered to it.

    Attributes:
        number: of the question in its quiz, from 0.
        question: the face.
        tallies: of each vote that anybody answered, at least one.
    """

    number: int
    question: Question
    tallies: tuple[Tally, ...]

    @property
    def last(self) -> Tally:
        """What counts: the last vote."""
        return self.tallies[-1]


@dataclass(frozen=True)
class Camp:
    """Those who say the same of one face.

    Attributes:
        answer: what they say.
        raters: who says it most, in the order of `RATERS`.
    """

    answer: str
    raters: tuple[Rater, ...]


def tally_of(number: int, answer: Answer | None, options: Sequence[str]) -> Tally:
    """One player's answer as a vote of one.

    Args:
        number: of the question, from 0.
        answer: None where there is none.
        options: of the quiz.

    Raises:
        ValueError: an answer that is none of the options.
    """
    if answer is not None and answer.option not in options:
        raise ValueError(f"answer: expected one of {tuple(options)}. Received: {answer.option!r}")
    return Tally(
        number,
        1,
        {option: int(answer is not None and answer.option == option) for option in options},
        {
            sure: {
                option: int(answer is not None and answer.option == option and answer.sure == sure)
                for option in options
            }
            for sure in SURENESS
        },
    )


def asked_alone(quiz: Quiz, answers: Sequence[Answer | None]) -> tuple[Asked, ...]:
    """The faces that one player answered, in the order of the quiz.

    Args:
        quiz: the faces.
        answers: one for each; None where there is none.
    """
    return tuple(
        Asked(number, question, (tally_of(number, answer, quiz.options),))
        for number, (question, answer) in enumerate(zip(quiz.questions, answers, strict=True))
        if answer is not None
    )


def asked_in_room(room: Room) -> tuple[Asked, ...]:
    """The faces that a class answered so far, in the order of the quiz, each with every vote that anybody answered."""
    found = []
    for number in range(room.asked):
        votes = (room.tally(number, vote) for vote in range(1, MOST_VOTES + 1))
        tallies = tuple(tally for tally in votes if tally.answers)
        if tallies:
            found.append(Asked(number, room.quiz.questions[number], tallies))
    return tuple(found)


def shown_answers(question: Question, network: Answerer) -> tuple[str, ...]:
    """The answers that stand beside each other for a face, in the order in which people read them.

    Those of the network, and what voters, label or drawing say beyond; `CANNOT_TELL` last.
    """
    beyond = {code for code, votes in question.vote_counts.items() if votes}
    beyond |= {code for code in (question.label, question.meant) if code}
    return tuple(code for code in ANSWERS if code in beyond | {*network.labels, CANNOT_TELL})


def network_shares(question: Question, network: Answerer) -> dict[str, float]:
    """The network's probability of each of its expressions, in the order in which people read them."""
    return shares_in_reading_order(network.labels, question.prediction.probabilities)


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    """Counts of answers as shares of all of them; {} where there is none."""
    total = sum(counts.values())
    return {code: count / total for code, count in counts.items()} if total else {}


def most_frequent(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The answers with the largest count, several where they have equally many; () where there is none."""
    most = max(counts.values(), default=0)
    return tuple(code for code, count in counts.items() if count == most) if most else ()


def camps(question: Question, tally: Tally) -> tuple[Camp, ...]:
    """Who says what of a face: the largest camp first, then in the order in which people read the answers.

    Several people say what most of them say; where two answers are equally frequent, they stand in both camps.
    """
    said = {rater: most_frequent(counts) for rater in RATERS if (counts := counts_of(question, tally, rater))}
    found = [
        Camp(code, tuple(rater for rater in RATERS if code in said.get(rater, ())))
        for code in ANSWERS
        if any(code in codes for codes in said.values())
    ]
    return tuple(sorted(found, key=lambda camp: -len(camp.raters)))


def entropy_bits(counts: Mapping[str, int]) -> float:
    """Entropy of the answers, in bits: 0 where all are the same; NaN where there is none."""
    known = [share for share in shares(counts).values() if share]
    return abs(-sum(share * math.log2(share) for share in known)) if known else math.nan


def most_divided(asked: Iterable[Asked], count: int) -> tuple[Asked, ...]:
    """The faces whose answers are spread most, by their entropy; those that all answered alike are left out."""
    spread = [(entropy_bits(each.last.counts), each) for each in asked]
    spread.sort(key=lambda pair: (-pair[0], pair[1].number))
    return tuple(each for bits, each in spread[:count] if bits > 0)


def counts_of(question: Question, tally: Tally, rater: Rater) -> Mapping[str, int]:
    """A rater's answers to a face: code to count; {} where it gave none."""
    if rater == "players":
        return tally.counts if tally.answers else {}
    if rater == "voters":
        return question.vote_counts if question.voters else {}
    one = {"network": question.prediction.label, "label": question.label, "drawing": question.meant}[rater]
    return {one: 1} if one else {}
