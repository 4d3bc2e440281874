"""What a phone shows of each stage of a round: the lobby, the question, the wait, the reveal, the end."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

import streamlit as st

from fer_core.quiz.question import CANNOT_TELL, SURENESS, Answer, Question
from fer_core.quiz.room import MOST_VOTES, Phase, Room, Stage
from pages.quiz.classroom.phone_status import say
from pages.quiz.classroom.phone_summary import own_result, show_own_result
from pages.quiz.reveal.face import reveal_face
from pages.quiz.reveal.words import answer_words, place_words
from pages.ui.access import leave_room
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_percent
from pages.ui.picture_grid import png_url

_LATE_KEY: Final = "quiz_phone_late"


@dataclass(frozen=True)
class Shown:
    """What decides what a phone shows.

    Attributes:
        stage: of the round.
        answer: of this phone in the stage's vote; None where it gave none.
        shows_network: whether the reveal says what the network says.
        ended: whether the room was closed.
    """

    stage: Stage
    answer: Answer | None
    shows_network: bool
    ended: bool

    @property
    def is_over(self) -> bool:
        """Whether the round is looked back on."""
        return self.stage.phase is Phase.SUMMARY and not self.ended


def shown_now(room: Room, token: str) -> Shown:
    """What a phone has to show just now; cheap, since each phone asks once a second.

    Args:
        room: that it is in.
        token: of the phone.
    """
    stage = room.stage
    return Shown(stage, room.answer_of(token, stage.question, stage.vote), room.shows_network, room.ended)


def show_stage(room: Room, token: str, shown: Shown) -> None:
    """The page of a phone.

    Args:
        room: that it is in.
        token: of the phone.
        shown: of `shown_now`.
    """
    stage = shown.stage
    say(f"{stage.phase.value}-{stage.question}-{stage.vote}", _status(room, shown))
    match stage.phase:
        case Phase.LOBBY:
            _lobby()
        case Phase.ASKING:
            _question(room, token, shown)
        case Phase.SHOWN:
            _waiting(room, shown)
        case Phase.REVEALED:
            _revealed(room, token, shown)
        case Phase.SUMMARY:
            st.html(f"<h1>{html.escape(_('The round is over'))}</h1>")
            show_own_result(own_result(room, token))


def _status(room: Room, shown: Shown) -> str:
    stage = shown.stage
    was_late = st.session_state.pop(_LATE_KEY, False)
    match stage.phase:
        case Phase.LOBBY:
            return _("You are in. The first face comes here as soon as your teacher starts.")
        case Phase.ASKING if was_late:
            return _("Your last answer came too late for its face. Answer this one.")
        case Phase.ASKING if shown.answer is not None:
            return _("Counted. You can change it until the answers are shown.")
        case Phase.ASKING if stage.vote > 1:
            return _("Second vote, after talking: choose what you think now.")
        case Phase.ASKING:
            return _("Choose the answer that fits best.")
        case _ if was_late:
            return _("Your last answer came too late: the answers are already shown.")
        case Phase.SHOWN if stage.vote < MOST_VOTES:
            return _(
                "The answers of the class are on the projector. Talk about them: next comes a second vote, or what others said "
                "to this face."
            )
        case Phase.SHOWN:
            return _(
                "The answers of the class are on the projector. Next comes what others said to this face."
            )
        case Phase.REVEALED if stage.question + 1 < len(room.quiz):
            return _("The next face comes here as soon as your teacher goes on.")
        case Phase.REVEALED:
            return _("That was the last face. Next comes how often you agreed with the annotators.")
    return _("Your teacher closes the round, and then all answers are erased.")


def _lobby() -> None:
    st.html(f"<h1>{html.escape(_('Which expression does this face show?'))}</h1>")
    with st.container(key="quiz_phone_lobby"):
        st.markdown(
            _(
                "You will see one face after the other. Say which expression you see: annotators and networks often disagree, so "
                "there is no score.\n\nNobody learns who answered what: there are no names, and all answers are erased "
                "when the round ends."
            )
        )
        st.button(
            _("Leave the round"),
            icon=":material/logout:",
            type="tertiary",
            key="quiz_phone_leave",
            on_click=leave_room,
        )


def _head(room: Room, stage: Stage) -> None:
    question = room.quiz.questions[stage.question]
    place = html.escape(place_words(stage.question, len(room.quiz)))
    st.html(
        f'<figure class="raut-phone-face"><img src="{png_url(question.face_gray)}" alt="{place}">'
        f"<figcaption>{place}</figcaption></figure>"
    )


def _question(room: Room, token: str, shown: Shown) -> None:
    stage = shown.stage
    question = room.quiz.questions[stage.question]
    _head(room, stage)
    st.html(f"<h1>{html.escape(_('Which expression does this face show?'))}</h1>")
    if stage.vote > 1:
        first = room.answer_of(token, stage.question, 1)
        if first is not None:
            st.caption(_("Your first answer: {answer}").format(answer=escape_markdown(_own_words(first))))
    chosen = None if shown.answer is None else shown.answer.option
    with st.container(key="quiz_options"):
        for option in room.quiz.options:
            st.button(
                escape_markdown(answer_words(option)),
                key=f"quiz_option_{option}",
                type="primary" if option == chosen else "secondary",
                width="stretch",
                on_click=_answer,
                args=(room, token, stage, Answer(option)),
            )
    if room.asks_sure and question.voters and chosen not in (None, CANNOT_TELL):
        _sureness(room, token, shown)


def _sureness(room: Room, token: str, shown: Shown) -> None:
    answer = shown.answer
    assert answer is not None
    st.markdown(f"**{_('How sure are you that most of the ten annotators chose the same?')}**")
    with st.container(key="quiz_sureness", horizontal=True, gap="small"):
        for number, sure in enumerate(SURENESS):
            st.button(
                format_percent(sure, 0),
                key=f"quiz_phone_sure_{number}",
                type="primary" if sure == answer.sure else "secondary",
                width="stretch",
                on_click=_answer,
                args=(room, token, shown.stage, Answer(answer.option, sure)),
            )


def _answer(room: Room, token: str, at: Stage, answer: Answer) -> None:
    """Callback of a button: the answer counts for the face that the phone showed, and for no other."""
    if not room.answer(token, at, answer):
        st.session_state[_LATE_KEY] = True


def _own_words(answer: Answer) -> str:
    if answer.sure is None:
        return answer_words(answer.option)
    return _("{answer}, {sure} sure").format(
        answer=answer_words(answer.option), sure=format_percent(answer.sure, 0)
    )


def _waiting(room: Room, shown: Shown) -> None:
    _head(room, shown.stage)
    text = (
        _("You did not answer this time.")
        if shown.answer is None
        else _("Your answer: {answer}").format(answer=_own_words(shown.answer))
    )
    st.html(f"<h1>{html.escape(text)}</h1>")


def _revealed(room: Room, token: str, shown: Shown) -> None:
    number = shown.stage.question
    question: Question = room.quiz.questions[number]
    vote = room.last_vote(number)
    _head(room, shown.stage)
    reveal_face(
        room.quiz,
        question,
        room.tally(number, vote),
        before=room.tally(number, 1) if vote > 1 else None,
        own=room.answer_of(token, number, vote),
        with_network=room.shows_network,
    )
