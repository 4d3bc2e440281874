"""Quizzes of made-up faces, for tests of rooms and games."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fer_core.labels import FERPLUS_LABELS
from fer_core.quiz.question import Question, Quiz
from fer_core.recognition.answers import Prediction

CODES = FERPLUS_LABELS


@dataclass(frozen=True)
class Network:
    """What a quiz knows of a network that answers."""

    id: str = "made-up"
    name: str = "Made up"
    task: str = "ferplus"
    labels: tuple[str, ...] = CODES
    expressions: tuple[str, ...] = CODES
    parameters: int = 1
    checksum: str | None = None


def made_quiz(questions: int = 3) -> Quiz:
    """So many faces, each of one shade, which the network takes for happy."""
    probabilities = np.full(len(CODES), 1 / len(CODES), np.float32)
    prediction = Prediction(probabilities, "happy", 1 / len(CODES))
    faces = (np.full((48, 48), shade, np.uint8) for shade in range(questions))
    return Quiz(tuple(Question(face, prediction) for face in faces), Network())
