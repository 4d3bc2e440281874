"""What is said of a face below its table: how far the annotators agree, the prediction set, where the picture is from."""

from __future__ import annotations

from collections.abc import Iterator

from fer_core.quiz.question import Question
from fer_core.recognition.conformal import LEVEL
from pages.quiz.reveal.words import in_a_sentence
from pages.ui.i18n import _, either, format_number, format_percent

_DISAGREE_UP_TO = 0.5
"""Where no more of the annotators give one answer, they disagree."""


def sentences(question: Question, *, with_network: bool) -> Iterator[str]:
    """Each is plain text, translated; the most important one first.

    Args:
        question: the face.
        with_network: whether the network is spoken of.
    """
    if question.voters:
        yield _of_annotators(question)
    elif question.meant is not None:
        yield _("A drawing: no annotator has voted on it, so nobody is in agreement with the votes.")
    else:
        yield _(
            "No annotator has voted on this face, so nobody is in agreement with the votes: answers only stand beside each "
            "other."
        )
    if not with_network:
        return
    if question.prediction.prediction_set:
        yield _("The network’s {level} prediction set (framed): {expressions}.").format(
            level=format_percent(LEVEL, 0),
            expressions=either([in_a_sentence(code) for code in question.prediction.prediction_set]),
        )
    if question.learnt:
        yield _(
            "The network has learnt this picture: it is one of its training data. Its answer says little about pictures that "
            "it has never seen."
        )


def _of_annotators(question: Question) -> str:
    """How many said what most of them said."""
    most = max(question.vote_counts.values())
    fields = {
        "n": format_number(most),
        "total": format_number(question.voters),
        "answer": in_a_sentence(question.majority[0]),
        "answers": ", ".join(in_a_sentence(code) for code in question.majority),
    }
    if len(question.majority) > 1:
        text = _(
            "The annotators themselves disagree. Equally frequent, with {n} of {total} votes each: {answers}. Either counts as "
            "agreement."
        )
    elif most <= _DISAGREE_UP_TO * question.voters:
        text = _(
            "The annotators themselves disagree: the most frequent answer, {answer}, has {n} of {total} votes."
        )
    elif most == question.voters:
        text = _("All {total} annotators say the same: {answer}.")
    else:
        text = _("{n} of {total} annotators chose the most frequent answer, {answer}.")
    return text.format(**fields)
