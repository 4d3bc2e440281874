"""The faces that a choice asks for: rows of a data set by their votes and by what a network answers, and what ships.

Rows are drawn from what the network has not learnt of PublicTest and PrivateTest, without pictures that most annotators
called no face and without those that Training holds, too (`leaked`). Rows given by hand may be any.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from fer_core.datasets.columns import PREDICTED, RIGHT, SPLIT_CODES, VOTE_CODES
from fer_core.datasets.fer2013 import USAGES, Fer2013
from fer_core.datasets.rows import RowTable
from fer_core.datasets.splits import split
from fer_core.errors import N_, DatasetError, QuizError
from fer_core.labels import FERPLUS_LABELS
from fer_core.photos.samples import DRAWINGS, PORTRAIT, sample_face
from fer_core.quiz.choice import KINDS, MOST_QUESTIONS, SetChoice, first_named
from fer_core.quiz.question import Question
from fer_core.recognition.answers import Recognizes, read_faces
from fer_core.store.network import NetworkInfo

CONTESTED_BITS: Final = 1.75
"""From this entropy of the ten votes on a face is contested: 5, 2, 2 and 1 votes have 1.76 bits, 5, 3 and 2 have 1.49."""

_EXPRESSIONS_OF_VOTES: Final = len(FERPLUS_LABELS)  # the votes behind them are "unknown" and "not a face"


def choose_rows(
    table: RowTable, choice: SetChoice, network_id: str, learnt: np.ndarray | None = None
) -> np.ndarray:
    """The rows that a choice asks for, in the order in which they are asked.

    Args:
        table: of the data set.
        choice: of a kind that is drawn, or "rows".
        network_id: of the network that answers; matters for the faces that it gets wrong.
        learnt: bool (N,), which rows of the table that network learnt from: `learnt_rows`; None for those of Training.

    Returns:
        int64 (n,), row numbers as in the column `row`. Those of kind "rows" that the table does not have are left out:
        `missing_rows` names them.

    Raises:
        QuizError: fewer faces fit than asked for; or no row is left.
        DatasetError: the table lacks a column that the set is made from, such as the votes.
        ValueError: a kind that has no rows.
    """
    held = table.values("row")
    if choice.kind == "rows":
        wanted = np.array(choice.rows[:MOST_QUESTIONS], np.int64)
        found = wanted[np.isin(wanted, held)]
        if not len(found):
            raise QuizError(
                N_(
                    "None of these rows is in the data set. Choose pictures on the page Data set, or another set."
                )
            )
        return found
    # Each kind has draws of its own, so that two rounds of one seed do not share their faces.
    random = np.random.default_rng([choice.seed, KINDS.index(choice.kind)])
    draw = random.permutation(len(table))
    order = draw[_fitting(table, choice, network_id, learnt)[draw]]
    if choice.kind == "pair":
        order = random.permutation(_equally_many(table, order, choice.pair, choice.count))
    elif choice.kind == "unanimous":
        order = random.permutation(_mixed(table, order, choice.count))
    if len(order) < choice.count:
        raise QuizError(
            N_("{found} faces of the data set fit this set, fewer than the {count} asked for. Ask for fewer, or choose "
               "another set."),
            found=len(order),
            count=choice.count,
        )  # fmt: skip
    return np.asarray(held[order[: choice.count]], np.int64)


def missing_rows(table: RowTable, rows: Sequence[int]) -> tuple[QuizError, ...]:
    """A sentence for each of the rows that the table does not have; one for all of them behind the third."""
    held = set(table.values("row").tolist())
    missing = [row for row in rows if row not in held]
    problems = [
        QuizError(N_("There is no row {row} in the data set. It is left out."), row=str(row))
        for row in missing
    ]
    return tuple(first_named(problems, N_("Rows that are not in the data set, beside those: {count}.")))


def sample_questions(recognizer: Recognizes, seed: int) -> tuple[Question, ...]:
    """Questions about the pictures that ship: the portrait, and a drawing for each expression, shuffled.

    Args:
        recognizer: the network that answers.
        seed: of the order.
    """
    samples = [PORTRAIT, *DRAWINGS]
    samples = [samples[place] for place in np.random.default_rng(seed).permutation(len(samples))]
    faces_gray = np.stack([sample_face(sample) for sample in samples])  # (9, 48, 48)
    return own_questions(faces_gray, [sample.expression for sample in samples], recognizer)


def own_questions(
    faces_gray: np.ndarray, meant: Sequence[str | None], recognizer: Recognizes
) -> tuple[Question, ...]:
    """Questions about faces that nobody voted on.

    Args:
        faces_gray: uint8 (N, 48, 48), as a network reads them; N may be 0.
        meant: N codes of what a drawing is meant to show, None for any other face.
        recognizer: the network that answers.
    """
    answers = read_faces(faces_gray, recognizer)
    return tuple(
        Question(face, answer, meant=code)
        for face, answer, code in zip(faces_gray, answers, meant, strict=True)
    )


def row_questions(
    table: RowTable,
    images_gray: np.ndarray,
    rows: np.ndarray,
    recognizer: Recognizes,
    learnt: np.ndarray | None = None,
) -> tuple[Question, ...]:
    """Questions about rows of a data set.

    Args:
        table: of the data set.
        images_gray: uint8 (N, 48, 48), its pictures in the order of the table.
        rows: int (n,), row numbers that the table has.
        recognizer: the network that answers.
        learnt: as for `choose_rows`.

    Raises:
        KeyError: a row that the table does not have.
    """
    place_of = {int(row): place for place, row in enumerate(table.values("row"))}
    places = np.array([place_of[int(row)] for row in rows], np.int64)
    chosen = table.take(places)
    if learnt is None:
        learnt = table.values("split") == SPLIT_CODES.index("Training")
    labels, splits = chosen.texts("label"), chosen.texts("split")
    votes = (
        chosen.values("votes") if chosen.has("votes") else np.zeros((len(rows), len(VOTE_CODES)), np.uint8)
    )
    faces_gray = np.asarray(images_gray[places])
    return tuple(
        Question(
            faces_gray[at],
            answer,
            row=int(rows[at]),
            split=str(splits[at]),
            label=str(labels[at]),
            votes=tuple(map(int, votes[at])) if votes[at].any() else None,
            learnt=bool(learnt[places[at]]),
        )
        for at, answer in enumerate(read_faces(faces_gray, recognizer))
    )


def learnt_rows(dataset: Fer2013, network: NetworkInfo) -> np.ndarray:
    """Which pictures a network that ships learnt from: bool (N,), in the order of the data set.

    Some learnt from the paper's own splits, of which one mixes the official parts. Where this copy of FER2013 cannot give
    the split, those of Training.
    """
    try:
        rows = split(dataset, network.training.split or "Training").rows
    except DatasetError:
        return np.asarray(dataset.usages == USAGES.index("Training"))
    learnt = np.zeros(len(dataset), bool)
    learnt[rows] = True
    return learnt


def _fitting(table: RowTable, choice: SetChoice, network_id: str, learnt: np.ndarray | None) -> np.ndarray:
    """Which rows a set may be drawn from: bool (N,)."""
    fits = table.values("split") != SPLIT_CODES.index("Training")
    if learnt is not None:
        fits = fits & ~learnt
    for column_id in ("not_a_face", "leaked"):
        if table.has(column_id):
            fits = fits & ~table.values(column_id)
    if choice.kind == "contested":
        return np.asarray(fits & (table.values("entropy") >= CONTESTED_BITS))
    if choice.kind == "unanimous":
        of_expression = table.values("vote") < _EXPRESSIONS_OF_VOTES
        return np.asarray(fits & of_expression & (table.values("entropy") == 0))
    if choice.kind == "pair":
        return np.asarray(fits & np.isin(_majority(table), [VOTE_CODES.index(code) for code in choice.pair]))
    if choice.kind == "wrong":
        return np.asarray(fits & _wrong(table, network_id))
    if choice.kind != "random":
        raise ValueError(f"Expected a kind that is drawn from rows. Received: {choice.kind!r}")
    return np.asarray(fits)


def _majority(table: RowTable) -> np.ndarray:
    """What most annotators chose, int64 (N,), a number of `VOTE_CODES`; -1 where two choices have equally many votes."""
    votes = table.values("votes")
    most = votes.max(axis=1, keepdims=True)
    alone = (votes == most).sum(axis=1) == 1
    return np.where(alone, votes.argmax(axis=1), -1)


def _wrong(table: RowTable, network_id: str) -> np.ndarray:
    """Which faces a network gets wrong, bool (N,): it does not name what most annotators chose, one of several equally
    frequent choices included. Without votes, the label of FER2013 says what is right.

    Faces for which most annotators chose something that the network cannot name are none of them.
    """
    right = table.values(f"{RIGHT}:{network_id}")
    if not table.has("votes"):
        return np.asarray(right == 0)
    labels = table.codes(f"{PREDICTED}:{network_id}")
    votes = table.values("votes")
    most = votes.max(axis=1)
    votes_of_labels = votes[:, [VOTE_CODES.index(label) for label in labels]]  # (N, C)
    named = votes_of_labels[np.arange(len(table)), table.values(f"{PREDICTED}:{network_id}")]
    can_name = votes_of_labels.max(axis=1) == most
    return np.asarray(can_name & (named < most))


def _mixed(table: RowTable, order: np.ndarray, count: int) -> np.ndarray:
    """Of shuffled positions the first ones, at most `count`, of which each majority is as frequent as any other, as far as
    there are faces of it. The rare ones stand behind the frequent ones: shuffle them again.
    """
    majority = _majority(table)[order]
    turn = np.empty(len(order), np.int64)  # the how-manieth of its majority each one is
    for code in np.unique(majority):
        of_code = np.flatnonzero(majority == code)
        turn[of_code] = np.arange(len(of_code))
    return np.asarray(order[np.argsort(turn, kind="stable")[:count]])


def _equally_many(table: RowTable, order: np.ndarray, pair: tuple[str, str], count: int) -> np.ndarray:
    """As `_mixed`, of two majorities, of which none may have more than one face more than the other."""
    majority = _majority(table)[order]
    fewest = min(int((majority == VOTE_CODES.index(code)).sum()) for code in pair)
    return _mixed(table, order, min(count, 2 * fewest + 1))
