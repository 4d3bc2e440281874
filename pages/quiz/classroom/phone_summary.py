"""How often this phone agreed with the votes: shown on it alone, kept nowhere."""

from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fer_core.quiz.room import MOST_VOTES, Room
from pages.quiz.reveal.words import answer_words, look_of_answer
from pages.ui.i18n import _, format_number, ngettext
from pages.ui.picture_grid import png_url
from pages.ui.signs import emotion_sign


@dataclass(frozen=True, eq=False)
class OwnFace:
    """One face that this phone answered.

    Attributes:
        number: in the round, from 0.
        face_gray: uint8 (48, 48).
        option: the phone's last answer.
        majority: what most of the annotators said, several where equally many did; () where nobody voted.
        network_agrees: whether the network says that, too; None where nobody voted.
    """

    number: int
    face_gray: np.ndarray
    option: str
    majority: tuple[str, ...]
    network_agrees: bool | None

    @property
    def agrees(self) -> bool:
        """Whether the answer is what most of the annotators said."""
        return self.option in self.majority


@dataclass(frozen=True, eq=False)
class OwnResult:
    """What this phone answered in a round.

    Attributes:
        faces: that it answered, in their order.
        shows_network: whether the network may be spoken of.
    """

    faces: tuple[OwnFace, ...]
    shows_network: bool


def own_result(room: Room, token: str) -> OwnResult:
    """The last answer of a phone to each face that it answered.

    Args:
        room: that it is in.
        token: of the phone.
    """
    faces = []
    for number in range(room.asked):
        question = room.quiz.questions[number]
        votes = (room.answer_of(token, number, vote) for vote in range(MOST_VOTES, 0, -1))
        answer = next((given for given in votes if given is not None), None)
        if answer is not None:
            faces.append(
                OwnFace(
                    number,
                    question.face_gray,
                    answer.option,
                    question.majority,
                    question.agrees(question.prediction.label),
                )
            )
    return OwnResult(tuple(faces), room.shows_network)


def show_own_result(result: OwnResult) -> None:
    """How often, and face by face."""
    voted = [face for face in result.faces if face.majority]
    if voted:
        st.markdown(f"**{_agreement(result, voted)}**")
    elif not result.faces:
        st.markdown(_("This phone answered none of the faces."))
    if result.faces:
        st.html(_table(result))
    st.caption(_("Only this phone shows this, and it is kept nowhere: when you close the page, it is gone."))


def _agreement(result: OwnResult, voted: list[OwnFace]) -> str:
    count = len(voted)
    text = ngettext(
        "You said what most annotators said for {n} of {count} face.",
        "You said what most annotators said for {n} of {count} faces.",
        count,
    ).format(n=format_number(sum(face.agrees for face in voted)), count=format_number(count))
    if not result.shows_network:
        return text
    return f"{text} " + _("The network did so for {n} of them.").format(
        n=format_number(sum(bool(face.network_agrees) for face in voted))
    )


def _table(result: OwnResult) -> str:
    rows = ""
    for face in result.faces:
        alt = html.escape(_("Face {n}").format(n=format_number(face.number + 1)), quote=True)
        rows += (
            f'<tr><th scope="row"><img src="{png_url(face.face_gray)}" alt="{alt}"></th>'
            f"<td>{_answer(face.option)}</td><td>{_most(face.majority)}</td></tr>"
        )
    head = "".join(
        f'<th scope="col">{html.escape(words)}</th>' for words in (_("Face"), _("You"), _("Most annotators"))
    )
    return f'<table class="raut-phone-own"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _most(majority: tuple[str, ...]) -> str:
    if not majority:
        return html.escape(_("no votes"))
    return "<br>".join(map(_answer, majority))


def _answer(option: str) -> str:
    return f"{emotion_sign(look_of_answer(option))} {html.escape(answer_words(option))}"
