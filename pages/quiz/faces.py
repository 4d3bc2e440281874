"""The questions of a round: the faces that were asked for, with what the network answers to them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.datasets.load import fer2013_signature
from fer_core.datasets.statistics.tables import table_of
from fer_core.errors import N_, DatasetError, DatasetNotFoundError, QuizError
from fer_core.quiz.choice import SetChoice
from fer_core.quiz.question import Question, Quiz
from fer_core.quiz.sets import choose_rows, learnt_rows, own_questions, row_questions, sample_questions
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.network import NetworkInfo
from pages.ui import session_keys
from pages.ui.resources import dataset_or_none, recognizer


def quiz_of(choice: SetChoice, network: NetworkInfo) -> Quiz:
    """The round that a choice asks for; a progress bar while the data set is read.

    Args:
        choice: from `pages.quiz.set_choice.choose_set`.
        network: that answers, and whose expressions players choose from.

    Raises:
        QuizError: too few faces fit, or they are not here; the sentence says what to do.
        DatasetError: the data set cannot be read, or has no votes.
        NetworkError: the network is damaged.
    """
    reader = recognizer(network.id)
    if choice.kind == "samples":
        questions = sample_questions(reader, choice.seed)
    elif choice.kind == "photos":
        questions = own_questions(*own_faces(), reader)
    else:
        questions = _of_rows(choice, network, reader)
    return Quiz(questions, network, choice)


def _of_rows(choice: SetChoice, network: NetworkInfo, reader: ExpressionRecognizer) -> tuple[Question, ...]:
    dataset = dataset_or_none()
    if dataset is None:
        raise QuizError(
            N_("These faces are pictures of FER2013, which is not on this computer. Choose the samples: they come with "
               "Raut."),
        )  # fmt: skip
    if choice.kind == "pair" and not set(choice.pair) <= set(network.labels):
        raise QuizError(
            N_("“{network}” does not know both of these expressions. Choose other ones, or another network under “More”."),
            network=network.name,
        )  # fmt: skip
    table = table_of(dataset)
    learnt = learnt_rows(dataset, network)
    rows = choose_rows(table, choice, network.id, learnt)
    return row_questions(table, dataset.images_gray, rows, reader, learnt)


def own_faces() -> tuple[np.ndarray, tuple[str | None, ...]]:
    """The faces that the page Photos gave: uint8 (N, 48, 48), and what each is meant to show where it is a drawing.

    Raises:
        QuizError: there are none in this session.
    """
    given = st.session_state.get(session_keys.QUIZ_FACES)
    if given is None:
        raise QuizError(
            N_("Faces from photos stay in the memory of the session in which they were chosen, so they are not here. "
               "Choose them on the page Photos, or choose another set."),
        )  # fmt: skip
    return given["faces_gray"], given["meant"]


def has_own_faces() -> bool:
    """Whether the page Photos gave any in this session."""
    return session_keys.QUIZ_FACES in st.session_state


def has_dataset() -> bool:
    """Whether FER2013 is on this computer, readable or not; it is not read."""
    try:
        fer2013_signature()
    except DatasetNotFoundError:
        return False
    except DatasetError:
        return True  # whoever asks for its faces gets the sentence
    return True
