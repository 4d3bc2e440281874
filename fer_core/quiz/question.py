"""A face to ask about, with all that is compared with an answer: the votes of FER+, the label of FER2013, the network.

The ten voters of FER+ could also say that they knew no expression for a picture, or that it shows no face. Both stand
beside a player's "I cannot tell".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from fer_core.datasets.votes import VOTE_COLUMNS
from fer_core.labels import EXPRESSIONS, FERPLUS_LABELS, in_reading_order
from fer_core.quiz.choice import MOST_QUESTIONS, SetChoice
from fer_core.recognition.answers import Answerer, Prediction

CANNOT_TELL: Final = "cannot_tell"
"""Code of the answer that a player cannot tell."""

SURENESS: Final = (0.25, 0.5, 0.75, 0.95)
"""How sure a player may say to be, as a probability that most of the ten voters see the same."""

_FACE_SIDE = 48


@dataclass(frozen=True, eq=False)
class Question:
    """One face, and what is known about it.

    Attributes:
        face_gray: uint8 (48, 48), what the network reads, and what players see.
        prediction: the network's answer, with its probabilities in the order of the network's labels.
        row: of `fer2013.csv`, from 0; None for a face that is not of FER2013.
        split: "Training", "PublicTest" or "PrivateTest", or "Test" where folders do not say which of the two; None for a
            face that is not of FER2013.
        label: code of the label of FER2013; None where there is none.
        votes: of FER+, ten counts in the order of `VOTE_COLUMNS`; None where nobody voted.
        meant: code of what a drawing is meant to show; None for anything else.
        learnt: whether the network learnt from this very picture.

    Raises:
        ValueError: a face or votes of another shape or dtype.
    """

    face_gray: np.ndarray
    prediction: Prediction
    row: int | None = None
    split: str | None = None
    label: str | None = None
    votes: tuple[int, ...] | None = None
    meant: str | None = None
    learnt: bool = False

    def __post_init__(self) -> None:
        shape = (_FACE_SIDE, _FACE_SIDE)
        if self.face_gray.shape != shape or self.face_gray.dtype != np.uint8:
            raise ValueError(
                f"face_gray: expected uint8 {shape}. Received: {self.face_gray.dtype} {self.face_gray.shape}"
            )
        if self.votes is not None and len(self.votes) != len(VOTE_COLUMNS):
            raise ValueError(f"votes: expected {len(VOTE_COLUMNS)} counts. Received: {self.votes}")

    @property
    def voters(self) -> int:
        """How many people voted, ten for most pictures; 0 where nobody did."""
        return sum(self.votes or ())

    @cached_property
    def vote_counts(self) -> Mapping[str, int]:
        """Votes by code: every expression in the order in which people read them, `CANNOT_TELL` last.

        All are 0 where nobody voted.
        """
        votes = dict(zip(VOTE_COLUMNS, self.votes or (0,) * len(VOTE_COLUMNS), strict=True))
        of_label = dict(zip(FERPLUS_LABELS, VOTE_COLUMNS, strict=False))
        counts = {code: votes[of_label[code]] for code in EXPRESSIONS}
        return {**counts, CANNOT_TELL: votes["unknown"] + votes["NF"]}

    @cached_property
    def majority(self) -> tuple[str, ...]:
        """The codes with the most votes, several where they have equally many; () where nobody voted."""
        most = max(self.vote_counts.values())
        return tuple(code for code, votes in self.vote_counts.items() if votes == most) if most else ()

    def agrees(self, answer: str) -> bool | None:
        """Whether an answer is what most of the voters said, one of several equally frequent ones included.

        Args:
            answer: code of an expression, or `CANNOT_TELL`.

        Returns:
            None where nobody voted.
        """
        return answer in self.majority if self.majority else None


@dataclass(frozen=True, eq=False)
class Quiz:
    """Questions in the order in which they are asked, all answered by one network.

    Attributes:
        questions: 1 to `MOST_QUESTIONS`.
        network: that answers, and whose labels players choose from.
        choice: which faces were asked for; None where it is not known.

    Raises:
        ValueError: too few or too many questions, or an answer of another network.
    """

    questions: tuple[Question, ...]
    network: Answerer
    choice: SetChoice | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.questions) <= MOST_QUESTIONS:
            raise ValueError(f"questions: expected 1 to {MOST_QUESTIONS}. Received: {len(self.questions)}")
        for question in self.questions:
            if question.prediction.label not in self.network.labels:
                raise ValueError(
                    f"prediction: expected one of {self.network.labels}. Received: {question.prediction.label!r}"
                )

    def __len__(self) -> int:
        return len(self.questions)

    @cached_property
    def options(self) -> tuple[str, ...]:
        """What a player chooses from: the network's expressions as people read them, then `CANNOT_TELL`."""
        return (*in_reading_order(self.network.labels), CANNOT_TELL)


@dataclass(frozen=True)
class Answer:
    """What one player says to one face.

    Attributes:
        option: code of an expression, or `CANNOT_TELL`.
        sure: one of `SURENESS`; None where nobody asked, or for `CANNOT_TELL`.

    Raises:
        ValueError: another sureness, or one with `CANNOT_TELL`.
    """

    option: str
    sure: float | None = None

    def __post_init__(self) -> None:
        if self.sure is not None and (self.sure not in SURENESS or self.option == CANNOT_TELL):
            raise ValueError(f"sure: expected one of {SURENESS} for an expression. Received: {self}")
