"""Reviews of labels: what counts as blind, what can be taken back, what a table of them gives when it is read again."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from fer_core.datasets.review import (
    NO_LABEL,
    NOT_A_FACE,
    Review,
    ReviewError,
    ReviewLog,
    cleaned_labels,
)
from fer_core.datasets.review_table import COLUMNS, read_reviews, review_codebook, reviews_csv
from fer_core.labels import FER2013_LABELS, UNSURE

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
LABELS = np.array([FER2013_LABELS.index(label) for label in ("fear", "sad", "happy", "fear")], np.int8)
HEADER = "row,old_label,proposed_label,reason,who,when,decided_blind,proposed_at_first"


def decide(log: ReviewLog, row: int, proposed: str) -> Review:
    return log.decide(row, FER2013_LABELS[LABELS[row]], proposed, reason=" why ", who=" Ana ", when=NOON)


def some_reviews() -> tuple[Review, ...]:
    log = ReviewLog()
    decide(log, 0, "surprise")
    decide(log, 1, UNSURE)
    log.show(1)
    decide(log, 1, "neutral")
    decide(log, 2, "happy")
    decide(log, 3, NOT_A_FACE)
    return log.reviews


def test_a_decision_is_blind_until_votes_and_answers_were_shown_and_the_first_one_is_kept() -> None:
    log = ReviewLog()
    assert decide(log, 0, "surprise") == Review(
        0, "fear", "surprise", "why", "Ana", "2026-11-28T12:00:00+00:00", True, "surprise"
    )
    assert decide(log, 0, "sad").at_first == "sad", "nothing was shown between: still blind"
    log.show(0)
    after = decide(log, 0, "neutral")
    assert (after.blind, after.at_first, after.changed_after_seeing) == (False, "sad", True)
    same = decide(log, 0, "sad")
    assert (same.blind, same.changed_after_seeing) == (False, False)
    log.show(1)
    never_blind = decide(log, 1, "sad")
    assert (never_blind.blind, never_blind.at_first, never_blind.changed_after_seeing) == (False, "", False)


def test_undo_gives_back_the_decision_before_and_forgets_nothing_that_was_seen() -> None:
    log = ReviewLog()
    decide(log, 0, "surprise")
    log.show(0)
    decide(log, 0, "sad")
    decide(log, 1, "sad")
    assert log.undo() == 1 and log.of(1) is None
    assert log.undo() == 0
    first = log.of(0)
    assert first is not None and (first.proposed, first.blind) == ("surprise", True)
    log.undo()
    assert not log.can_undo and not len(log)
    again = decide(log, 0, "sad")
    assert (again.blind, again.at_first) == (False, "surprise")


def test_the_decision_in_one_word() -> None:
    assert [review.decision for review in some_reviews()] == ["change", "change", "keep", "change"]
    assert Review(1, "sad", UNSURE).decision == "cannot tell"


def test_the_table_gives_back_what_was_said() -> None:
    reviews = (
        *some_reviews(),
        Review(7, "sad", "sad", '=1+1;-2 "quoted",\nsecond line', "＠Ana", "today", False, ""),
    )
    assert read_reviews(reviews_csv(reviews, {"raut_version": "1"}), "a.csv") == reviews
    header = reviews_csv(reviews).decode("utf-8-sig").splitlines()[0]
    assert header == HEADER
    assert [line.split(",")[0] for line in review_codebook(str).decode("utf-8-sig").splitlines()] == [
        "column", *COLUMNS,
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_tables_that_spreadsheets_saved_again_are_read(delimiter: str) -> None:
    line = ("1.0", "SAD", "Sedih", "", "Ana", "28/11/2026 12.00", "TRUE", "Not a face")
    text = delimiter.join(HEADER.upper().split(",")) + "\r\n" + delimiter.join(line) + "\r\n" + delimiter * 7
    for encoding in ("utf-8-sig", "utf-16"):
        assert read_reviews(text.encode(encoding), "a.csv", {"sedih": "sad"}) == (
            Review(1, "sad", "sad", "", "Ana", "28/11/2026 12.00", True, NOT_A_FACE),
        )


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["x,sad,sad"], "a.csv, line 2: “x” is no row. Rows are whole numbers from 0."),
        (["1,sad,sad", "2,happy,great"], "a.csv, line 3: “great” is none of the labels"),
        (["1,unsure,sad"], "a.csv, line 2: “unsure” is none of the labels"),
        (["1,contempt,sad"], "a.csv, line 2: “contempt” is none of the labels"),
        (["1,sad,sad,,,,perhaps"], "a.csv, line 2: decided_blind is “perhaps”. Possible are yes and no."),
        (["1,sad,sad", "1,sad,happy"], "a.csv, line 3: row 1 was reviewed before in this file, and otherwise."),
        (["4,sad,sad"], "a.csv, line 2: Row 4 was reviewed, but this data set has only 4 rows, from 0."),
        (["0,sad,sad"], "a.csv, line 2: Row 0 was reviewed with the label “sad”, but has the label “fear” here."),
        (["0,fear,"], "a.csv holds no review."),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence_with_its_line(lines: list[str], sentence: str) -> None:
    content = "\n".join([HEADER, *lines]).encode()
    with pytest.raises(ReviewError) as raised:
        read_reviews(content, "a.csv", {}, LABELS)
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize("content", [b"", b"row,old_label\n1,sad\n", b"\xff\xfe\x00", b'row,old_label,"'])
def test_what_is_no_table_of_reviews_is_a_sentence(content: bytes) -> None:
    with pytest.raises(ReviewError):
        read_reviews(content, "a.csv")


def test_labels_are_cleaned_as_the_reviews_say() -> None:
    expected = [FER2013_LABELS.index(label) for label in ("surprise", "neutral", "happy")]
    assert cleaned_labels(LABELS, some_reviews()).tolist() == [*expected, NO_LABEL]
    kept = cleaned_labels(LABELS, [Review(1, "sad", UNSURE)])
    assert kept.tolist() == LABELS.tolist() and kept is not LABELS
    with pytest.raises(ReviewError, match="whose rows are numbered otherwise"):
        cleaned_labels(LABELS, [Review(0, "sad", "happy")])


def test_reviews_of_a_file_do_not_replace_those_given_here_and_do_not_count_as_blind_again() -> None:
    log = ReviewLog()
    decide(log, 0, "surprise")
    assert log.add([Review(0, "fear", "fear"), Review(1, "sad", "happy", at_first="happy")]) == 1
    kept = log.of(0)
    assert kept is not None and kept.proposed == "surprise"
    again = decide(log, 1, "sad")
    assert (again.blind, again.changed_after_seeing) == (False, True)
