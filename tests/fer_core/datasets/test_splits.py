"""Splits, their counts, exact duplicates, and the numbers that are shipped."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fer_core.datasets.counts import describe, shipped_counts, write_counts
from fer_core.datasets.duplicates import duplicate_rows
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.load import load_fer2013
from fer_core.datasets.splits import (
    OFFICIAL_ROWS,
    SPLIT_NAMES,
    available_splits,
    class_counts,
    is_official,
    pack_table1,
    split,
    table1_is_train,
)
from fer_core.datasets.votes import strict_majority_labels, vote_shares
from fer_core.errors import DatasetError
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS

Write = Callable[..., Path]

# The official counts, and the paper's Table 1 and its results split; angry, disgust, fear, happy, sad,
# surprise, neutral.
KNOWN_COUNTS = {
    "Training": (3_995, 436, 4_097, 7_215, 4_830, 3_171, 4_965),
    "PublicTest": (467, 56, 496, 895, 653, 415, 607),
    "PrivateTest": (491, 55, 528, 879, 594, 416, 626),
    "Table1Train": (3_993, 436, 4_103, 7_164, 4_938, 3_205, 4_982),
    "Table1Test": (960, 111, 1_018, 1_825, 1_139, 797, 1_216),
}
KNOWN_TOTALS = {
    "Training": 28_709, "PublicTest": 3_589, "PrivateTest": 3_589,
    "Table1Train": 28_821, "Table1Test": 7_066, "PaperTrain": 28_389, "PaperTest": 7_099,
    # As published for the majority rule of FER+.
    "FERplusTraining": 25_060, "FERplusPublicTest": 3_199, "FERplusPrivateTest": 3_153,
}  # fmt: skip


@pytest.fixture
def small(table: list[str], votes_table: list[str], write: Write) -> Fer2013:
    write(votes_table, "fer2013new.csv")
    return load_fer2013(write(table))


def made_up(usages: np.ndarray, form: str = "csv") -> Fer2013:
    """A data set of blank pictures; the label of row r is r modulo 7."""
    count = len(usages)
    return Fer2013(
        images_gray=np.broadcast_to(np.zeros((1, 1, 1), np.uint8), (count, 48, 48)).copy(),
        emotions=(np.arange(count) % 7).astype(np.int8),
        usages=usages.astype(np.int8),
        votes=None,
        rows=np.arange(count, dtype=np.int64),
        source=Path("made_up"),
        form=form,
    )


def test_official_splits_follow_the_usage(small: Fer2013) -> None:
    for name, rows, labels in (
        ("Training", [0, 1, 2], [0, 3, 6]), ("PublicTest", [3], [2]), ("PrivateTest", [4], [5]),
        ("Test", [3, 4], [2, 5]),
    ):  # fmt: skip
        part = split(small, name)
        assert (part.name, part.task) == (name, "fer2013")
        assert part.rows.dtype == np.int64
        assert part.rows.tolist() == rows
        assert part.labels.tolist() == labels


def test_the_results_split_takes_ferplus_labels_and_drops_unlabelled_pictures(small: Fer2013) -> None:
    part = split(small, "PaperTrain")
    assert part.task == "ferplus"
    assert part.rows.tolist() == [0, 1, 2]
    assert [FERPLUS_LABELS[label] for label in part.labels] == ["angry", "happy", "neutral"]
    with pytest.raises(DatasetError, match="no picture that belongs to PaperTest"):  # unknown and NF
        split(small, "PaperTest")


def test_the_majority_rule_of_ferplus_wants_more_than_half_without_single_votes() -> None:
    votes = np.array(
        [
            [5, 4, 1, 0, 0, 0, 0, 0, 0, 0],  # 5 of 9 once the single vote is out
            [5, 5, 0, 0, 0, 0, 0, 0, 0, 0],  # half is not more than half
            [0, 0, 0, 0, 0, 0, 0, 0, 9, 1],  # unknown
            [0, 0, 0, 0, 0, 0, 0, 3, 2, 0],  # contempt
            [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],  # single votes only
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ],
        np.uint8,
    )
    assert strict_majority_labels(votes).tolist() == [0, -1, -1, 7, -1, -1]


def test_vote_shares_leave_out_single_votes_and_pictures_without_an_expression() -> None:
    votes = np.array(
        [
            [6, 3, 1, 0, 0, 0, 0, 0, 0, 0],
            [2, 0, 0, 0, 0, 0, 0, 0, 8, 0],
            [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        ],
        np.uint8,
    )
    shares = vote_shares(votes)
    assert shares.dtype == np.float32
    assert shares[0] == pytest.approx([6 / 9, 3 / 9, 0, 0, 0, 0, 0, 0])
    assert shares[1].tolist() == [0.0] * 8
    assert shares[2].tolist() == [1.0] + [0.0] * 7  # the first wins a tie, as in `majority_labels`


def test_ferplus_splits_follow_the_usage(small: Fer2013) -> None:
    part = split(small, "FERplusTraining")
    assert part.task == "ferplus"
    assert np.array_equal(part.labels, strict_majority_labels(small.votes)[part.rows])
    assert set(part.rows) <= set(split(small, "Training").rows)
    with pytest.raises(DatasetError, match="need its votes"):
        split(replace(small, votes=None), "FERplusTraining")


def test_the_results_split_without_votes_says_what_is_missing(small: Fer2013) -> None:
    without = replace(small, votes=None)
    with pytest.raises(DatasetError, match=r"need its votes: fer2013new\.csv"):
        split(without, "PaperTest")
    assert "PaperTrain" not in available_splits(without)


def test_an_unknown_name_is_refused(small: Fer2013) -> None:
    with pytest.raises(ValueError, match="Received: 'training'"):
        split(small, "training")


def test_a_split_without_a_picture_is_an_error_rather_than_an_empty_training() -> None:
    only_training = made_up(np.zeros(3))
    assert available_splits(only_training) == ("Training",)
    with pytest.raises(DatasetError, match="made_up has no picture that belongs to PublicTest"):
        split(only_training, "PublicTest")


def test_table1_needs_all_rows_in_the_official_order(small: Fer2013) -> None:
    official = np.repeat([0, 1, 2], OFFICIAL_ROWS)
    for usages in (official[:-1], official[::-1]):
        with pytest.raises(DatasetError, match="does not have all of its 35,887 rows in the official order"):
            split(made_up(usages), "Table1Train")
    assert len(split(made_up(official), "Table1Train")) == 28_821
    assert is_official(made_up(official))
    assert not is_official(small)


def test_the_two_sides_of_table1_share_no_row_and_leave_none_out() -> None:
    dataset = made_up(np.repeat([0, 1, 2], OFFICIAL_ROWS))
    rows = np.concatenate([split(dataset, "Table1Train").rows, split(dataset, "Table1Test").rows])
    assert np.array_equal(np.sort(rows), np.arange(35_887))


def test_folders_of_the_papers_resplit_are_recognised_by_their_sizes() -> None:
    dataset = made_up(np.repeat([0, 3], (28_821, 7_066)), form="folders")
    assert available_splits(dataset) == ("Table1Train", "Table1Test")
    assert split(dataset, "Table1Test").rows[0] == 28_821
    with pytest.raises(DatasetError, match="are the paper's Table 1 .* cannot give Training"):
        split(dataset, "Training")
    assert not is_official(dataset)


def test_folders_cannot_give_table1_by_row_number() -> None:
    dataset = made_up(np.repeat([0, 3], (28_709, 7_178)), form="folders")
    assert is_official(dataset)
    assert available_splits(dataset) == ("Training", "Test")
    with pytest.raises(DatasetError, match="goes by the row numbers"):
        split(dataset, "Table1Test")


def test_table1_survives_packing(tmp_path: Path) -> None:
    source = tmp_path / "table1_split.csv"
    is_train = table1_is_train()
    names = np.where(is_train, "train", "test")
    lines = ["row,split", *(f"{row},{name}" for row, name in enumerate(names))]
    source.write_text("\n".join(lines))
    pack_table1(source, tmp_path / "table1.npy")
    assert np.array_equal(
        np.unpackbits(np.load(tmp_path / "table1.npy"), count=35_887).astype(bool), is_train
    )

    lines[1], lines[2] = lines[2], lines[2]
    source.write_text("\n".join(lines))
    with pytest.raises(ValueError, match="row 1: listed twice"):
        pack_table1(source, tmp_path / "table1.npy")
    source.write_text("\n".join(lines[:1] + lines[2:]))
    with pytest.raises(ValueError, match="Received:"):
        pack_table1(source, tmp_path / "table1.npy")


def test_counts_name_every_label_also_those_without_a_picture(small: Fer2013) -> None:
    assert class_counts(split(small, "PublicTest")) == {
        "angry": 0, "disgust": 0, "fear": 1, "happy": 0, "sad": 0, "surprise": 0, "neutral": 0,
    }  # fmt: skip


def test_a_duplicate_is_the_same_to_the_last_pixel(images_gray: np.ndarray, small: Fer2013) -> None:
    pictures = images_gray.copy()
    pictures[3] = pictures[1]
    pictures[4] = pictures[1]
    pictures[4, 47, 47] ^= 1
    dataset = replace(small, images_gray=pictures)
    train_rows = split(dataset, "Training").rows
    assert duplicate_rows(dataset, np.array([3, 4]), train_rows).tolist() == [True, False]
    assert duplicate_rows(dataset, np.array([4, 3, 1]), train_rows).tolist() == [False, True, True]


def test_no_rows_have_no_duplicates(small: Fer2013) -> None:
    nothing = np.array([], dtype=np.int64)
    assert duplicate_rows(small, nothing, np.array([0])).shape == (0,)
    assert duplicate_rows(small, np.array([0]), nothing).tolist() == [False]


def test_shipped_counts_are_the_known_ones() -> None:
    counts = shipped_counts()
    assert tuple(counts) == SPLIT_NAMES
    for name, known in KNOWN_COUNTS.items():
        assert counts[name] == dict(zip(FER2013_LABELS, known, strict=True))
    for name, total in KNOWN_TOTALS.items():
        assert sum(counts[name].values()) == total
    assert tuple(counts["PaperTest"]) == FERPLUS_LABELS


def test_shipped_counts_cannot_be_changed_by_whoever_asks() -> None:
    shipped_counts()["Training"]["angry"] = 0
    assert shipped_counts()["Training"]["angry"] == 3_995


def test_incomplete_data_cannot_become_shipped_counts(small: Fer2013, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"made from the complete fer2013\.csv"):
        write_counts(small, tmp_path / "counts.json")
    assert not (tmp_path / "counts.json").exists()


def test_a_description_is_plain_data(small: Fer2013) -> None:
    facts = describe(small)
    assert json.loads(json.dumps(facts)) == facts
    assert facts["rows"] == 5
    assert facts["official"] is False
    assert facts["has_ferplus"] is True
    assert facts["usages"] == {"Training": 3, "PublicTest": 1, "PrivateTest": 1}
    assert facts["duplicates"] == {"PublicTest": 0, "PrivateTest": 0}
    assert list(facts["splits"]) == ["Training", "PublicTest", "PrivateTest", "PaperTrain", "FERplusTraining"]  # type: ignore[call-overload]


def test_a_description_counts_test_pictures_of_unknown_set() -> None:
    facts = describe(made_up(np.array([0, 3, 3]), form="folders"))
    assert facts["usages"] == {"Training": 1, "PublicTest": 0, "PrivateTest": 0, "unnamed": 2}
    assert facts["duplicates"] == {}
