"""The sets of faces in words: in the list, as a line that explains one, and as a line that says what was asked."""

from __future__ import annotations

from typing import Final

from fer_core.quiz.choice import Kind, SetChoice
from fer_core.quiz.question import Quiz
from fer_core.quiz.sets import CONTESTED_BITS
from pages.quiz.faces import own_faces
from pages.ui.i18n import N_, _, emotion_name, format_number, ngettext
from pages.ui.network_choice import network_name

SET_NAMES: Final[dict[Kind, str]] = {
    "random": N_("At random"),
    "contested": N_("Contested: annotators disagree"),
    "unanimous": N_("Unanimous: annotators agree"),
    "pair": N_("One expression against another"),
    "wrong": N_("Misread by the network"),
    "rows": N_("Chosen on the page Data set"),
    "photos": N_("Faces from your photos"),
    "samples": N_("Samples that come with Raut"),
}
"""What the list calls each set, in English."""


def set_meaning(choice: SetChoice) -> str:
    """One or two sentences about a set, before it is asked: which faces it has, and what to mind.

    Raises:
        QuizError: faces from photos, which are not here.
    """
    if choice.kind == "rows":
        return ngettext(
            "{n} picture that was chosen on the page Data set. The network may have learned from it.",
            "{n} pictures that were chosen on the page Data set. The network may have learned from some of them.",
            len(choice.rows),
        ).format(n=format_number(len(choice.rows)))
    if choice.kind == "photos":
        return _own_faces_meaning(len(own_faces()[0]))
    if choice.kind == "samples":
        return _(
            "A portrait and eight drawings. Nobody voted on them: the network’s answer and what a drawing is meant to show "
            "stand beside yours."
        )
    meant = {
        "random": _("Pictures of PublicTest and PrivateTest that the network has not learned."),
        "contested": _(
            "Pictures of PublicTest and PrivateTest whose ten votes have an entropy of {bits} bits or more, such as 5, 2, 2 "
            "and 1 votes."
        ).format(bits=format_number(CONTESTED_BITS, 2)),
        "unanimous": _(
            "Pictures of PublicTest and PrivateTest for which all ten annotators chose the same expression, as many of each "
            "expression as of any other."
        ),
        "pair": _(
            "As many pictures of the one as of the other, by what most annotators chose. All answers stay possible."
        ),
        "wrong": _(
            "Pictures of PublicTest and PrivateTest for which the network names another expression than most annotators."
        ),
    }
    return meant[choice.kind]


def _own_faces_meaning(count: int) -> str:
    faces = ngettext(
        "{n} face from the page Photos, as the network reads it: grey, 48×48 pixels.",
        "{n} faces from the page Photos, as the network reads them: grey, 48×48 pixels.",
        count,
    ).format(n=format_number(count))
    return f"{faces} " + _(
        "Ask the people first, and show only faces of those who agreed. Nothing is stored: the faces are gone with this "
        "session, in a class with its round."
    )


def set_words(quiz: Quiz) -> str:
    """One line that says what a round asked, for headings and exports: "10 faces of PublicTest and PrivateTest at random,
    seed 7".
    """
    choice, count = quiz.choice, len(quiz)
    faces = ngettext("{n} face", "{n} faces", count).format(n=format_number(count))
    if choice is None:
        return faces
    if choice.kind == "rows":
        return ngettext(
            "{n} picture chosen on the page Data set", "{n} pictures chosen on the page Data set", count
        ).format(n=format_number(count))
    if choice.kind == "photos":
        return ngettext("{n} face from own photos", "{n} faces from own photos", count).format(
            n=format_number(count)
        )
    if choice.kind == "samples":
        return ngettext(
            "{n} sample that comes with Raut, seed {seed}",
            "{n} samples that come with Raut, seed {seed}",
            count,
        ).format(n=format_number(count), seed=choice.seed)
    official = all(question.split in ("PublicTest", "PrivateTest") for question in quiz.questions)
    fields = {
        "faces": faces,
        "split": _("PublicTest and PrivateTest") if official else _("the test set"),
        "seed": choice.seed,
        "network": network_name(quiz.network),
        "bits": format_number(CONTESTED_BITS, 2),
        "first": emotion_name(choice.pair[0]).lower(),
        "second": emotion_name(choice.pair[1]).lower(),
    }
    texts = {
        "random": _("{faces} of {split} at random, seed {seed}"),
        "contested": _(
            "{faces} of {split} on which annotators disagree (entropy of the votes: {bits} bits or more), seed {seed}"
        ),
        "unanimous": _("{faces} of {split} on which all ten annotators agree, seed {seed}"),
        "pair": _("{faces} of {split}, {first} against {second} by the majority of the votes, seed {seed}"),
        "wrong": _("{faces} of {split} that {network} misreads, seed {seed}"),
    }
    return texts[choice.kind].format(**fields)
