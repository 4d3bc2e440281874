"""The table of a data set: a set worked out by hand, and the figures that are known of FER2013."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fer_core.datasets.columns import COLUMNS, VOTE_CODES, class_index, column
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.computed import rows_of
from fer_core.datasets.statistics.shipped import is_shipped_set, shipped_rows, shipped_statistics
from fer_core.datasets.tallies import class_counts, cross_counts, histogram
from fer_core.errors import DatasetError
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS

VOTES = np.array(
    [
        [5, 0, 0, 5, 0, 0, 0, 0, 0, 0],  # a tie: neutral comes first
        [0, 10, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 2, 8],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    ],
    np.uint8,
)


def small_set() -> Fer2013:
    """Five pictures: the first and the fourth are the same, under two labels and in two splits."""
    grey = np.array([10, 20, 0, 10, 255], np.uint8)
    images = np.repeat(grey, 48 * 48).reshape(5, 48, 48).copy()
    images[2, :, 24:] = 200
    return Fer2013(
        images_gray=images,
        emotions=np.array([6, 3, 0, 4, 3], np.int8),
        usages=np.array([0, 0, 0, 2, 1], np.int8),
        votes=VOTES,
        rows=np.arange(5, dtype=np.int64),
        source=Path("made-up.csv"),
        form="csv",
    )


def test_a_small_set_as_worked_out_by_hand() -> None:
    table = rows_of(small_set())
    assert table.texts("label").tolist() == ["neutral", "happy", "angry", "sad", "happy"]
    assert table.texts("split").tolist() == ["Training"] * 3 + ["PrivateTest", "PublicTest"]
    assert table.texts("vote").tolist() == ["neutral", "happy", "NF", "none", "neutral"]
    assert table.values("agreement").tolist() == [5, 10, 8, 0, 1]
    assert table.values("entropy") == pytest.approx([1, 0, 0.721928, np.nan, np.log2(10)], nan_ok=True)
    assert table.values("not_a_face").tolist() == [False, False, True, False, False]
    assert table.values("duplicate_group").tolist() == [0, -1, -1, 0, -1]
    assert table.values("duplicates").tolist() == [2, 1, 1, 2, 1]
    assert table.values("leaked").tolist() == [False, False, False, True, False]
    assert table.values("brightness").tolist() == [10, 20, 100, 10, 255]
    assert table.values("contrast").tolist() == [0, 0, 100, 0, 0]
    assert table.values("sharpness")[[0, 1, 3, 4]].tolist() == [0, 0, 0, 0]
    assert table.values("sharpness")[2] > 0


def test_what_a_table_lacks_is_a_sentence() -> None:
    dataset = small_set()
    table = rows_of(dataset)
    plain = RowTable({name: table.columns[name] for name in ("row", "split", "label")})
    assert not plain.has("vote") and plain.column_ids() == ("row", "split", "label")
    with pytest.raises(DatasetError, match="fer2013new.csv"):
        plain.values("agreement")
    with pytest.raises(DatasetError, match="network"):
        plain.values("right:raut")
    with pytest.raises(DatasetError, match="no column"):
        plain.values("colour")


def test_right_or_wrong_goes_by_the_labels_that_the_network_knows() -> None:
    answers = {"predicted:seven": np.array([6, 0, 0, 4, 3]), "predicted:eight": np.array([0, 0, 0, 0, 1])}
    networks = {"seven": FER2013_LABELS, "eight": FERPLUS_LABELS}
    table = rows_of(small_set()).with_columns(answers, networks)
    assert table.texts("right:seven").tolist() == ["right", "wrong", "right", "right", "right"]
    # "Not a face" and no votes at all are no expression.
    assert table.texts("right:eight").tolist() == ["right", "wrong", "none", "none", "wrong"]
    without_votes = {name: table.columns[name] for name in ("row", "split", "label", *answers)}
    assert not RowTable(without_votes, networks).has("right:eight")
    assert RowTable(without_votes, networks).has("right:seven")


def test_a_near_duplicate_in_training_is_a_leak_too() -> None:
    table = rows_of(small_set()).with_columns({"near_group": np.array([0, 1, -1, 0, 1])})
    assert table.values("leaked").tolist() == [False, False, False, True, True]


def test_some_rows_keep_the_groups_of_the_whole_set() -> None:
    some = rows_of(small_set()).take(np.array([4, 3]))
    assert some.values("row").tolist() == [4, 3]
    assert some.values("duplicates").tolist() == [1, 2]
    assert some.values("leaked").tolist() == [False, True]


def test_counts_are_what_a_condition_would_leave() -> None:
    table = rows_of(small_set())
    assert class_counts(table, "label", table.values("split") == 0) == {
        "angry": 1, "disgust": 0, "fear": 0, "happy": 1, "sad": 0, "surprise": 0, "neutral": 1,
    }  # fmt: skip
    assert class_counts(table, "leaked") == {"no": 4, "yes": 1}
    cells = cross_counts(table, "label", "vote")
    assert cells.sum() == 4  # one picture has no votes
    assert cells[class_index("label", "happy"), class_index("vote", "neutral")] == 1
    assert histogram(table, "brightness", [0, 10, 20, 255]).tolist() == [0, 2, 2]
    assert histogram(table, "entropy", [0, 1, 4]).tolist() == [2, 2]


def test_columns_of_another_length_and_tables_without_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="agreement"):
        RowTable({"row": np.arange(2), "split": np.zeros(2), "label": np.zeros(2), "agreement": np.zeros(3)})
    with pytest.raises(ValueError, match="label"):
        RowTable({"row": np.arange(2), "split": np.zeros(2)})


def test_every_column_has_a_meaning_and_flags_and_classes_have_codes() -> None:
    for each in (*COLUMNS.values(), column("predicted:raut"), column("certainty:raut"), column("right:raut")):
        assert each.meaning.endswith(".") and each.name
        assert bool(each.codes) == (each.kind in ("class", "flag")) or each.network
    with pytest.raises(KeyError):
        column("predicted")


def test_what_ships_has_the_known_figures_of_fer2013() -> None:
    table = shipped_rows()
    groups, splits = table.values("duplicate_group"), table.values("split")
    assert len(table) == 35_887 and np.bincount(splits).tolist() == [28_709, 3_589, 3_589]
    assert (groups.max() + 1, (groups >= 0).sum()) == (1_518, 3_374)
    labels = table.values("label")
    conflicting = [len(set(labels[groups == group])) > 1 for group in range(groups.max() + 1)]
    assert sum(conflicting) == 59
    exact = rows_with_a_twin_in_training(table)
    assert [(exact & (splits == code)).sum() for code in (1, 2)] == [280, 288]
    in_fer2013_order = np.array(
        [*(FER2013_LABELS.index(c) if c in FER2013_LABELS else -1 for c in VOTE_CODES)]
    )
    votes = table.values("vote")
    expressions = votes < len(FERPLUS_LABELS)
    agree = in_fer2013_order[votes[expressions]] == labels[expressions]
    assert round(100 * agree.mean()) == 63
    assert not table.values("label").flags.writeable


def rows_with_a_twin_in_training(table: RowTable) -> np.ndarray:
    groups, trained = table.values("duplicate_group"), table.values("split") == 0
    return ~trained & np.isin(groups, groups[trained & (groups >= 0)])


def test_another_set_is_not_the_shipped_one() -> None:
    assert set(shipped_statistics()["rows"]["made_from"]) >= {"rows", "pixels", "labels", "splits", "votes"}
    assert not is_shipped_set(small_set())
