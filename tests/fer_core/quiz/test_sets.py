"""The faces that a choice asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fer_core.datasets.columns import VOTE_CODES
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.rows import RowTable
from fer_core.datasets.splits import OFFICIAL_ROWS, TABLE1_ROWS, table1_is_train
from fer_core.datasets.statistics.shipped import shipped_rows
from fer_core.errors import DatasetError, QuizError
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS
from fer_core.photos.samples import DRAWINGS
from fer_core.quiz.choice import DRAWN, SetChoice
from fer_core.quiz.question import Question
from fer_core.quiz.sets import (
    CONTESTED_BITS,
    choose_rows,
    learnt_rows,
    missing_rows,
    own_questions,
    row_questions,
    sample_questions,
)
from fer_core.recognition.conformal import PredictionSets
from fer_core.store.folder import list_networks

NETWORK = "raut-plus"


class _Reader:
    """A network that answers with the brightness of a face: its mean grey value is the number of the label."""

    labels = FERPLUS_LABELS
    prediction_sets: PredictionSets | None = None

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        numbers = faces_gray.mean(axis=(1, 2)).astype(np.int64) % len(self.labels)
        return np.eye(len(self.labels), dtype=np.float32)[numbers]


def _votes(**counts: int) -> list[int]:
    return [counts.get(code, 0) for code in VOTE_CODES]


def _table(votes: list[list[int]], **columns: np.ndarray) -> RowTable:
    """Rows 100, 101 … of PublicTest with these votes, unless columns say otherwise."""
    count = len(votes)
    held = {
        "row": np.arange(100, 100 + count),
        "split": np.ones(count, np.int8),
        "label": np.zeros(count, np.int8),
        "votes": np.array(votes, np.uint8),
    }
    return RowTable({**held, **columns}, {NETWORK: FERPLUS_LABELS})


@pytest.mark.parametrize("kind", DRAWN)
def test_a_seed_makes_the_same_round_again_and_another_seed_another_one(kind: str) -> None:
    choice = SetChoice(kind, seed=7)  # type: ignore[arg-type]
    rows = choose_rows(shipped_rows(), choice, NETWORK)
    assert rows.dtype == np.int64
    assert len(set(rows.tolist())) == choice.count
    assert rows.tolist() == choose_rows(shipped_rows(), choice, NETWORK).tolist()
    assert rows.tolist() != choose_rows(shipped_rows(), replace(choice, seed=8), NETWORK).tolist()
    assert set(rows.tolist()) < set(
        choose_rows(shipped_rows(), replace(choice, count=30), NETWORK).tolist()
    ) or kind in ("pair", "unanimous")


@pytest.mark.parametrize("kind", DRAWN)
def test_no_set_draws_what_a_network_learnt_or_what_most_annotators_called_no_face(kind: str) -> None:
    table = shipped_rows()
    for seed in range(20):
        rows = choose_rows(table, SetChoice(kind, seed=seed, count=30), NETWORK)  # type: ignore[arg-type]
        drawn = table.take(rows)  # the shipped table has row n at place n
        assert set(drawn.texts("split")) <= {"PublicTest", "PrivateTest"}
        assert not drawn.values("leaked").any()
        assert not drawn.values("not_a_face").any()


def test_two_sets_of_one_seed_have_draws_of_their_own() -> None:
    table, shared = shipped_rows(), 0
    for seed in range(10):
        contested, wrong = (
            choose_rows(table, SetChoice(kind, seed=seed, count=30), NETWORK)
            for kind in ("contested", "wrong")
        )
        shared += len(np.intersect1d(contested, wrong))
    assert shared < 30, "one of ten faces, though many contested ones are also misread"


def test_contested_faces_have_scattered_votes_and_unanimous_ones_ten_equal_ones() -> None:
    table = shipped_rows()
    contested = choose_rows(table, SetChoice("contested", count=30), NETWORK)
    assert table.values("entropy")[contested].min() >= CONTESTED_BITS
    unanimous = choose_rows(table, SetChoice("unanimous", count=30), NETWORK)
    assert table.values("agreement")[unanimous].min() == 10


def test_unanimous_faces_are_equally_many_of_each_expression() -> None:
    table = shipped_rows()
    rows = choose_rows(table, SetChoice("unanimous", count=30), NETWORK)
    expressions, counts = np.unique(table.texts("vote")[rows], return_counts=True)
    assert counts.tolist() == [6] * 5
    assert set(expressions) == {
        "angry",
        "happy",
        "neutral",
        "sad",
        "surprise",
    }  # no other has ten votes in a test set


def test_faces_on_which_all_said_that_they_cannot_tell_are_not_unanimous_faces() -> None:
    table = _table([_votes(unknown=10)] * 5 + [_votes(happy=10)] * 4)
    with pytest.raises(QuizError, match="^4 faces"):
        choose_rows(table, SetChoice("unanimous", count=5), NETWORK)


@pytest.mark.parametrize("count", [10, 11])
def test_a_pair_has_equally_many_faces_of_both(count: int) -> None:
    table = shipped_rows()
    choice = SetChoice("pair", count=count, pair=("fear", "surprise"))
    majority = table.texts("vote")[choose_rows(table, choice, NETWORK)]
    assert abs((majority == "fear").sum() - (majority == "surprise").sum()) == count % 2
    assert set(majority) == {"fear", "surprise"}


def test_the_next_face_of_a_pair_cannot_be_told_from_the_one_before() -> None:
    table = shipped_rows()
    changes = []
    for seed in range(20):
        majority = table.texts("vote")[choose_rows(table, SetChoice("pair", seed=seed, count=11), NETWORK)]
        changes.append(int((majority[1:] != majority[:-1]).sum()))
    assert 4 < np.mean(changes) < 7, "of ten, about half"


def test_a_face_with_as_many_votes_for_both_of_a_pair_is_in_no_pair() -> None:
    both = [_votes(fear=5, surprise=5)] * 50
    table = _table(both + [_votes(fear=6, surprise=4)] * 3 + [_votes(surprise=9, sad=1)] * 3)
    rows = choose_rows(table, SetChoice("pair", count=5), NETWORK)
    assert rows.min() >= 150


def test_a_pair_with_too_few_faces_of_one_is_not_filled_with_the_other() -> None:
    table = _table([_votes(fear=10)] * 50 + [_votes(surprise=10)] * 2)
    with pytest.raises(QuizError, match=r"^5 faces .* fewer than the 10 "):
        choose_rows(table, SetChoice("pair", count=10), NETWORK)


def test_a_network_is_wrong_where_it_names_none_of_the_most_frequent_votes() -> None:
    votes = [_votes(happy=6, sad=4), _votes(happy=5, sad=5), _votes(unknown=6, sad=4), _votes(sad=9, happy=1)]
    says = np.full(4 * 5, FERPLUS_LABELS.index("sad"), np.int8)
    table = _table(votes * 5, **{f"predicted:{NETWORK}": says})
    rows = choose_rows(table, SetChoice("wrong", count=5), NETWORK)
    assert sorted(rows.tolist()) == [100, 104, 108, 112, 116]  # happy with 6 votes, every fourth row


def test_without_votes_the_label_says_where_a_network_is_wrong() -> None:
    says = np.array([0, 1, 0, 1, 1, 1, 1], np.int8)  # against label 0
    columns = {"row": np.arange(7), "split": np.full(7, 3), "label": np.zeros(7)}
    table = RowTable({**columns, "predicted:raut": says}, {"raut": FER2013_LABELS})
    rows = choose_rows(table, SetChoice("wrong", count=5), "raut")
    assert sorted(rows.tolist()) == [1, 3, 4, 5, 6]
    with pytest.raises(DatasetError, match="votes of FER"):
        choose_rows(table, SetChoice("contested", count=5), "raut")


def test_rows_given_by_hand_are_asked_in_their_order_whatever_they_are() -> None:
    splits = np.array([0, 0, 1], np.int8)
    table = _table([_votes(NF=10), _votes(happy=10), _votes(sad=10)], split=splits)
    choice = SetChoice("rows", rows=(102, 7, 100, 101))
    assert choose_rows(table, choice, NETWORK).tolist() == [102, 100, 101]
    assert [str(problem) for problem in missing_rows(table, choice.rows)] == [
        "There is no row 7 in the data set. It is left out."
    ]
    assert [problem.fields for problem in missing_rows(table, range(6))][-1] == {"count": 3}
    with pytest.raises(QuizError, match="None of these rows"):
        choose_rows(table, SetChoice("rows", rows=(7,)), NETWORK)


def test_a_question_about_a_row_has_its_picture_votes_label_and_split() -> None:
    votes = [_votes(happy=10), _votes(), _votes(sad=6, fear=4)]
    table = _table(votes, split=np.array([1, 2, 0]), label=np.array([3, 4, 6]))
    images_gray = np.stack([np.full((48, 48), number, np.uint8) for number in (1, 2, 5)])
    questions = row_questions(table, images_gray, np.array([102, 100, 101]), _Reader())
    assert [question.face_gray[0, 0] for question in questions] == [5, 1, 2]
    assert [question.prediction.label for question in questions] == [
        FERPLUS_LABELS[number] for number in (5, 1, 2)
    ]
    assert [(question.row, question.split, question.label) for question in questions] == [
        (102, "Training", "neutral"), (100, "PublicTest", "happy"), (101, "PrivateTest", "sad"),
    ]  # fmt: skip
    assert [question.majority for question in questions] == [("sad",), ("happy",), ()]
    assert questions[2].votes is None
    assert [question.learnt for question in questions] == [True, False, False]
    learnt = np.array([True, False, False])  # of the table
    again = row_questions(table, images_gray, np.array([102, 100, 101]), _Reader(), learnt)
    assert [question.learnt for question in again] == [False, True, False]


def test_what_a_network_learnt_goes_by_its_own_split() -> None:
    known = {network.id: network for network in list_networks()}
    usages = np.repeat(np.arange(3, dtype=np.int8), OFFICIAL_ROWS)
    count = len(usages)
    faces, labels = np.zeros((count, 48, 48), np.uint8), np.zeros(count, np.int8)
    dataset = Fer2013(faces, labels, usages, None, np.arange(count), Path("fer2013.csv"), "csv")
    assert np.array_equal(learnt_rows(dataset, known["raut"]), usages == 0)
    of_table1 = learnt_rows(dataset, known["paper-small-table1"])
    assert int(of_table1.sum()) == TABLE1_ROWS[0] and (of_table1 & (usages != 0)).any()
    # Without votes nobody can say which rows the paper's results split has: those of Training, then.
    assert np.array_equal(learnt_rows(dataset, known["paper-small"]), usages == 0)


def test_no_picture_that_the_network_learnt_is_drawn() -> None:
    table = shipped_rows()
    learnt = table1_is_train()
    choice = SetChoice("random", seed=7, count=30)
    assert learnt[choose_rows(table, choice, NETWORK)].any()
    assert not learnt[choose_rows(table, choice, NETWORK, learnt)].any()


def test_the_samples_are_a_portrait_and_every_drawing_shuffled_by_the_seed() -> None:
    def meant(seed: int) -> list[str | None]:
        return [question.meant for question in sample_questions(_Reader(), seed)]

    assert sorted(map(str, meant(1))) == sorted([*(str(sample.expression) for sample in DRAWINGS), "None"])
    assert meant(1) == meant(1) != meant(2)
    assert all(question.votes is None and question.row is None for question in sample_questions(_Reader(), 1))


def test_no_own_face_is_no_question() -> None:
    nothing: tuple[Question, ...] = own_questions(np.empty((0, 48, 48), np.uint8), [], _Reader())
    assert nothing == ()
