"""Words that several parts of the quiz say: which face it is, who answers, and what is said of answers."""

from __future__ import annotations

from fer_core.quiz.question import CANNOT_TELL
from fer_core.quiz.results import Rater
from pages.ui.i18n import _, emotion_name, format_number


def place_words(at: int, count: int) -> str:
    """Which face of a round it is: "Face 3 of 10".

    Args:
        at: the face, from 0.
        count: how many faces the round has.
    """
    return _("Face {n} of {count}").format(n=format_number(at + 1), count=format_number(count))


def answer_words(code: str) -> str:
    """Name of an expression, or that one cannot tell."""
    return _("I cannot tell") if code == CANNOT_TELL else emotion_name(code)


def in_a_sentence(code: str) -> str:
    """The same within a sentence: "fear", "“I cannot tell”"."""
    return f"“{answer_words(code)}”" if code == CANNOT_TELL else answer_words(code).lower()


def look_of_answer(code: str) -> str:
    """What an answer is drawn with: a key of `fer_core.labels.COLOURS` and of the drawn signs."""
    return "unsure" if code == CANNOT_TELL else code


def rater_name(rater: Rater, *, alone: bool) -> str:
    """Who answers.

    Args:
        rater: of `fer_core.quiz.results`.
        alone: whether one player answers, and not a class.
    """
    names = {
        "players": _("You") if alone else _("Class"),
        "voters": _("Annotators"),
        "network": _("Network"),
        "label": _("Label of FER2013"),
        "drawing": _("Drawn as"),
    }
    return names[rater]
