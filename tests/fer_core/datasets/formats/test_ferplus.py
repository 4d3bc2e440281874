"""Votes of FER+ and the label that most of them give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fer_core.datasets.formats.ferplus import read_ferplus
from fer_core.datasets.load import load_fer2013
from fer_core.datasets.votes import VOTE_COLUMNS, labels_by_votes, majority_labels
from fer_core.errors import DatasetError
from fer_core.labels import FERPLUS_LABELS

Write = Callable[..., Path]
USAGES = np.array([0, 0, 0, 1, 2], np.int8)


def sentence_of(file: Path, expected_rows: int = 5) -> str:
    with pytest.raises(DatasetError) as caught:
        read_ferplus(file, expected_rows, USAGES)
    return str(caught.value)


def test_votes_are_read_in_the_order_of_the_file(votes_table: list[str], write: Write) -> None:
    votes = read_ferplus(write(votes_table, "fer2013new.csv"), 5, USAGES)
    assert votes.dtype == np.uint8
    assert votes.tolist() == [
        [0, 0, 0, 0, 9, 1, 0, 0, 0, 0],
        [1, 9, 0, 0, 0, 0, 0, 0, 0, 0],
        [4, 0, 0, 4, 0, 0, 0, 0, 2, 0],
        [0, 0, 0, 0, 0, 0, 1, 0, 9, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 10],
    ]


def test_the_first_eight_vote_columns_are_the_labels_of_ferplus() -> None:
    same = {"happiness": "happy", "sadness": "sad", "anger": "angry"}
    assert tuple(same.get(name, name) for name in VOTE_COLUMNS[:8]) == FERPLUS_LABELS


def test_a_table_of_another_length_does_not_line_up(votes_table: list[str], write: Write) -> None:
    sentence = sentence_of(write(votes_table[:-1], "fer2013new.csv"))
    assert sentence.startswith("fer2013new.csv has 4 rows, but FER2013 has 5: they do not line up.")


def test_rows_in_another_order_do_not_line_up(votes_table: list[str], write: Write) -> None:
    votes_table[3], votes_table[4] = votes_table[4], votes_table[3]
    assert sentence_of(write(votes_table, "fer2013new.csv")) == (
        "Row 2 of fer2013new.csv belongs to “PublicTest”, but row 2 of FER2013 to “Training”: "
        "the two tables do not line up. Put both as they were published, or remove fer2013new.csv."
    )


def test_votes_that_do_not_line_up_stop_the_reading_of_fer2013(
    table: list[str], votes_table: list[str], write: Write
) -> None:
    write(votes_table[:-1], "fer2013new.csv")
    with pytest.raises(DatasetError, match="do not line up"):
        load_fer2013(write(table))


@pytest.mark.parametrize("column", ["Usage", "neutral", "NF"])
def test_a_missing_column_is_named(votes_table: list[str], write: Write, column: str) -> None:
    votes_table[0] = votes_table[0].replace(column, "other")
    assert f"no column “{column}”" in sentence_of(write(votes_table, "fer2013new.csv"))


@pytest.mark.parametrize("value", ["", "x", "-1", "1.5", "256", "9999999", "²"])
def test_a_vote_that_is_no_number(votes_table: list[str], write: Write, value: str) -> None:
    votes_table[2] = votes_table[2].rsplit(",", 1)[0] + "," + value
    assert sentence_of(write(votes_table, "fer2013new.csv")).startswith("Row 1 of fer2013new.csv has votes")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=repr)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_votes_that_were_saved_again_are_the_same(
    votes_table: list[str], write: Write, delimiter: str, encoding: str
) -> None:
    expected = read_ferplus(write(votes_table, "fer2013new.csv"), 5, USAGES)
    file = write([], "fer2013new.csv")
    text = "\r".join(line.replace(",", delimiter).replace("9", "9.0") for line in votes_table)
    file.write_bytes(f"{text}\r\r".encode(encoding))
    assert read_ferplus(file, 5, USAGES).tolist() == expected.tolist()


@pytest.mark.parametrize(
    "damage",
    [b"", b"a,b\n", b"\xff\xfe\x00", b'"', b"x" * 200_000, b"Usage,neutral\nTraining,1\n", bytes(1000)],
)  # fmt: skip
def test_every_sentence_on_a_bad_file_says_that_it_may_be_removed(write: Write, damage: bytes) -> None:
    file = write([], "fer2013new.csv")
    file.write_bytes(damage)
    assert "remove it" in sentence_of(file)


def test_a_file_that_cannot_be_votes_is_not_read(
    votes_table: list[str], write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fer_core.datasets.formats.ferplus._MOST_BYTES", 100)
    assert sentence_of(write(votes_table, "fer2013new.csv")).startswith(
        "fer2013new.csv cannot be read (too large)."
    )


def test_a_file_cut_off_in_its_last_row(votes_table: list[str], write: Write) -> None:
    file = write(votes_table, "fer2013new.csv", end="")
    file.write_bytes(file.read_bytes()[:-6])
    assert sentence_of(file).startswith("Row 4 of fer2013new.csv has votes that are not whole numbers")


def test_an_empty_file(write: Write) -> None:
    sentence = sentence_of(write([], "fer2013new.csv"))
    assert sentence.startswith("fer2013new.csv is empty. Download it again, or remove it: only")


def test_the_largest_vote_is_the_label_and_the_first_wins_a_tie(votes_table: list[str], write: Write) -> None:
    votes = read_ferplus(write(votes_table, "fer2013new.csv"), 5)
    labels = majority_labels(votes)
    assert labels.dtype == np.int8
    assert labels.tolist() == [4, 1, 0, -1, -1]  # angry, happy, neutral before sad, unknown, no face


def test_an_unknown_that_only_ties_does_not_drop_the_picture() -> None:
    assert majority_labels(np.array([[0, 0, 0, 0, 0, 0, 0, 5, 5, 0]], np.uint8)).tolist() == [7]


def test_no_votes_is_no_label_rather_than_neutral() -> None:
    assert majority_labels(np.zeros((2, 10), np.uint8)).tolist() == [-1, -1]
    assert majority_labels(np.zeros((0, 10), np.uint8)).shape == (0,)


def test_votes_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"Received: \(3, 8\)"):
        majority_labels(np.zeros((3, 8), np.uint8))


def test_a_likely_label_is_what_pictures_with_the_same_votes_are_called() -> None:
    """Ten votes for "neutral" that FER2013 calls sad (4) three times in four, and happy (3) else; and a few
    for "happiness" that it always calls happy."""
    votes = np.zeros((500, 10), np.uint8)
    votes[:400, 0] = votes[400:, 1] = 10
    labels = np.full(500, 3)
    labels[:400][np.arange(400) % 4 > 0] = 4
    likely = labels_by_votes(votes, labels)
    assert likely.shape == (500, 7) and likely.dtype == np.float32
    np.testing.assert_allclose(likely.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(likely[:400, 4], 0.75, atol=0.02)  # whatever the label of that picture is
    assert (likely[400:, 3] > 0.95).all()
    assert (likely[:, [0, 1, 2, 5, 6]] == 0).all()


def test_pictures_without_votes_still_have_a_likely_label() -> None:
    votes = np.zeros((4, 10), np.uint8)
    likely = labels_by_votes(votes, np.array([0, 1, 1, 1]))
    np.testing.assert_allclose(likely[:, 1], 0.75, atol=0.02)
