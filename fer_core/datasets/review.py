"""What people say of labels, picture after picture: kept, changed, or impossible to tell; as a table to take home.

A review is blind where the reviewer decided before anything else that is known of the picture was shown: the answers
of networks, the votes of FER+. Whoever decides again after that is no longer blind, and both decisions are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

import numpy as np

from fer_core.errors import N_, RautError
from fer_core.labels import FER2013_LABELS, UNSURE

NOT_A_FACE: Final = "not_a_face"
"""Code of the proposal that the picture shows no face, and so should have no label."""
PROPOSALS: Final = (*FER2013_LABELS, NOT_A_FACE, UNSURE)
"""What a reviewer can propose: a label, no label at all, or `unsure` for "I cannot tell"."""
NO_LABEL: Final = -1
"""In cleaned labels: the picture should have none."""

Decision = Literal["keep", "change", "cannot tell"]


class ReviewError(RautError):
    """A review that cannot be read, or that is of another data set."""


@dataclass(frozen=True)
class Review:
    """What one person said of the label of one picture.

    Attributes:
        row: of the picture, from 0.
        old: its label, a code of `FER2013_LABELS`.
        proposed: one of `PROPOSALS`; the old label where it is kept.
        reason: in the reviewer's words; "" for none.
        who: the reviewer's name; "" where none was given.
        when: the time of the decision with its zone, as 2026-11-28T14:05:09+07:00; as the table has it where it was read.
        blind: whether this was decided before votes and answers of networks were shown.
        at_first: what was proposed before they were shown; another code than `proposed` where the reviewer changed it
            after that, and "" where nothing was.

    Raises:
        ValueError: a code that is none.
    """

    row: int
    old: str
    proposed: str
    reason: str = ""
    who: str = ""
    when: str = ""
    blind: bool = True
    at_first: str = ""

    def __post_init__(self) -> None:
        if self.row < 0 or self.old not in FER2013_LABELS or self.proposed not in PROPOSALS:
            raise ValueError(f"Expected a row, a label and a proposal. Received: {self!r}")
        if self.at_first and self.at_first not in PROPOSALS:
            raise ValueError(f"at_first: expected one of {PROPOSALS}. Received: {self.at_first!r}")

    @property
    def decision(self) -> Decision:
        """In one word, whichever label is proposed."""
        if self.proposed == UNSURE:
            return "cannot tell"
        return "keep" if self.proposed == self.old else "change"

    @property
    def changed_after_seeing(self) -> bool:
        """Whether the reviewer proposed something else once votes and answers were shown."""
        return not self.blind and bool(self.at_first) and self.at_first != self.proposed


class ReviewLog:
    """The reviews of one person, of which the last can be taken back.

    Args:
        reviews: given before, as from a file: votes and answers may have been shown for these.
    """

    def __init__(self, reviews: Iterable[Review] = ()) -> None:
        self._reviews: dict[int, Review] = {}
        self._shown: set[int] = set()
        self._at_first: dict[int, str] = {}
        self._before: list[tuple[int, Review | None]] = []
        self.add(reviews)

    def __len__(self) -> int:
        return len(self._reviews)

    def of(self, row: int) -> Review | None:
        """Return what was said of a picture; None where nothing was."""
        return self._reviews.get(row)

    @property
    def reviews(self) -> tuple[Review, ...]:
        """All of them, by row."""
        return tuple(self._reviews[row] for row in sorted(self._reviews))

    def show(self, row: int) -> None:
        """Note that votes and answers of this picture are shown: whoever decides now is not blind."""
        self._shown.add(row)

    def decide(self, row: int, old: str, proposed: str, *, reason: str, who: str, when: datetime) -> Review:
        """Note a decision, which takes the place of the one before.

        Raises:
            ValueError: a code that is none, or a time without its zone.
        """
        if when.tzinfo is None:
            raise ValueError(f"when: expected a time with its zone. Received: {when!r}")
        blind = row not in self._shown
        at_first = proposed if blind else self._at_first.get(row, "")
        moment = when.isoformat(timespec="seconds")
        review = Review(row, old, proposed, reason.strip(), who.strip(), moment, blind, at_first)
        self._before.append((row, self._reviews.get(row)))
        self._reviews[row], self._at_first[row] = review, at_first
        return review

    def give_reason(self, row: int, reason: str) -> None:
        """Change the reason of a decision, and nothing else.

        Raises:
            KeyError: nothing was decided for this picture.
        """
        self._reviews[row] = replace(self._reviews[row], reason=reason.strip())

    @property
    def can_undo(self) -> bool:
        """Whether there is a decision to take back."""
        return bool(self._before)

    def undo(self) -> int:
        """Take the last decision back, and return the row of its picture. What was shown was seen nevertheless.

        Raises:
            IndexError: there is none.
        """
        row, before = self._before.pop()
        if before is None:
            del self._reviews[row]
        else:
            self._reviews[row] = before
        return row

    def add(self, reviews: Iterable[Review]) -> int:
        """Go on with reviews of a file, and return how many are new; what was said here of a picture stays."""
        new = [review for review in reviews if review.row not in self._reviews]
        for review in new:
            self._reviews[review.row] = review
            self._shown.add(review.row)
            self._at_first[review.row] = review.at_first
        return len(new)


def cleaned_labels(labels: np.ndarray, reviews: Iterable[Review]) -> np.ndarray:
    """Apply reviews to labels.

    A picture that is not a face gets `NO_LABEL`. A picture of which the reviewer could not tell keeps its label: nothing
    better is known of it.

    Args:
        labels: int8 (N,), codes of `FER2013_LABELS`.
        reviews: of any of them; of two on one picture the later one counts.

    Returns:
        int8 (N,), a copy.

    Raises:
        ReviewError: a review of a row that is not there, or whose old label is another one.
    """
    cleaned = np.array(labels, np.int8)
    for review in reviews:
        check_review(review, labels)
        if review.proposed == NOT_A_FACE:
            cleaned[review.row] = NO_LABEL
        elif review.proposed != UNSURE:
            cleaned[review.row] = FER2013_LABELS.index(review.proposed)
    return cleaned


def check_review(review: Review, labels: np.ndarray) -> None:
    """Check that a review is of these labels: rows of folders are numbered otherwise than those of fer2013.csv.

    Args:
        review: any.
        labels: int8 (N,), codes of `FER2013_LABELS`.

    Raises:
        ReviewError: it is not; the sentence says why.
    """
    if review.row >= len(labels):
        raise ReviewError(
            N_("Row {row} was reviewed, but this data set has only {count} rows, from 0."),
            row=str(review.row), count=len(labels),
        )  # fmt: skip
    here = FER2013_LABELS[labels[review.row]]
    if review.old != here:
        raise ReviewError(
            N_(
                "Row {row} was reviewed with the label “{old}”, but has the label “{here}” here. The review is of another "
                "copy of the data set, whose rows are numbered otherwise."
            ),
            row=str(review.row), old=review.old, here=here,
        )  # fmt: skip
