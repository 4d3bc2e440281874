"""A face on the projector, from the question to its reveal, and the round looked back on."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Final

import streamlit as st

from fer_core.codes import spoken
from fer_core.quiz.question import CANNOT_TELL, Question
from fer_core.quiz.room import Phase, Room, Stage
from pages.quiz.classroom.host_buttons import close_question, show_buttons
from pages.quiz.reveal.end import end_of_room
from pages.quiz.reveal.face import reveal_face, show_class
from pages.quiz.reveal.words import answer_words, place_words
from pages.ui.guard import guarded_page
from pages.ui.i18n import _, format_number, ngettext
from pages.ui.picture_grid import png_url
from pages.ui.signs import emotion_sign

LOOK_EVERY_S: Final = 0.5
"""An answer counts on the projector within a second."""


def show_face(room: Room) -> None:
    """The face that the class sees, as far as it is revealed.

    Args:
        room: asking, shown or revealed.
    """
    stage = room.stage
    question = room.quiz.questions[stage.question]
    with st.container(key="quiz_host_head", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title(
            place_words(stage.question, len(room.quiz)),
            anchor=False,
            width="content",
        )
        st.html(
            f'<p class="raut-quiz-room">{html.escape(_("Room"))} <b>{html.escape(spoken(room.code))}</b></p>',
            width="content",
        )
    with st.container(key=f"quiz_host_{stage.phase.value}"):
        _face(question, stage)
        with st.container(key="quiz_host_beside", gap="small"):
            if stage.phase is Phase.ASKING:
                _question(room, stage)
            elif stage.phase is Phase.SHOWN:
                _shown(room, stage)
            else:
                _revealed(room, stage)
    show_buttons(room, stage)
    if stage.phase is not Phase.ASKING:
        _follow(room, stage)


def _face(question: Question, stage: Stage) -> None:
    alt = _("Face {n}, 48×48 pixels in grey, as the network reads it").format(
        n=format_number(stage.question + 1)
    )
    st.html(
        f'<figure class="raut-quiz-host-face"><img src="{png_url(question.face_gray)}" '
        f'alt="{html.escape(alt, quote=True)}"></figure>'
    )


def _question(room: Room, stage: Stage) -> None:
    st.header(_("Which expression does this face show?"), anchor=False)
    if stage.vote > 1:
        st.markdown(_("Asked again: has talking changed what you see?"))
    options = "".join(f"<li>{_option(code)}</li>" for code in room.quiz.options)
    st.html(f'<ul class="raut-quiz-host-options">{options}</ul>')
    _count(room, stage)


def _option(code: str) -> str:
    words = f"<span>{html.escape(answer_words(code))}</span>"
    return words if code == CANNOT_TELL else f"{emotion_sign(code)} {words}"


def _count(room: Room, stage: Stage) -> None:
    """How many have answered, renewed by itself; the page runs anew once the round has gone on.

    One fragment does both: of two that ask at the same moment, Streamlit at times runs the last one only.
    """

    @st.fragment(run_every=LOOK_EVERY_S)
    @guarded_page()
    def count() -> None:
        if room.stage != stage or room.ended:
            st.rerun()
        answered, present = room.answered, room.present
        expected = max(answered, present)
        if not expected:
            text = _("No phone is here yet.")
        elif answered == expected:
            text = ngettext("The one phone has answered.", "All {n} have answered.", expected)
        else:
            text = ngettext("{answered} of {n} answered", "{answered} of {n} answered", expected)
        words = text.format(answered=format_number(answered), n=format_number(expected))
        share = 100 * answered / expected if expected else 0
        st.html(
            f'<div class="raut-quiz-count" style="--share:{share:.1f}%"><p>{html.escape(words)}</p>'
            '<i aria-hidden="true"></i></div>'
        )

    count()


def _follow(room: Room, stage: Stage) -> None:
    """The page runs anew once the round has gone on elsewhere: in another tab, or because it has ended."""

    @st.fragment(run_every=LOOK_EVERY_S)
    @guarded_page()
    def follow() -> None:
        if room.stage != stage or room.ended:
            st.rerun()

    with st.container(key="quiz_host_follow"):
        follow()


def _shown(room: Room, stage: Stage) -> None:
    st.header(_("What the class says"), anchor=False)
    show_class(
        room.quiz,
        room.quiz.questions[stage.question],
        room.tally(stage.question, stage.vote),
        before=room.tally(stage.question, 1) if stage.vote > 1 else None,
    )
    if stage.vote == 1:
        st.markdown(_("Talk to your neighbour: what do you see, and where?"))


def _revealed(room: Room, stage: Stage) -> None:
    vote = room.last_vote(stage.question)
    reveal_face(
        room.quiz,
        room.quiz.questions[stage.question],
        room.tally(stage.question, vote),
        before=room.tally(stage.question, 1) if vote > 1 else None,
        with_network=room.shows_network,
    )


def show_summary(room: Room, close: Callable[[], None]) -> None:
    """The round looked back on, with what can be taken along.

    Args:
        room: in the summary.
        close: callback that ends the round, and erases its answers.
    """
    with st.container(key="quiz_host_head", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title(_("Results of the round"), anchor=False, width="content")
        close_question(close, has_answers=True)
    end_of_room(room)
    _follow(room, room.stage)
