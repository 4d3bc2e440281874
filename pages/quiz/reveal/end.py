"""What a round comes to: where people, annotators and network disagree, and what so few faces can tell."""

from __future__ import annotations

import streamlit as st

from fer_core.quiz.game import Game
from fer_core.quiz.results import asked_alone, asked_in_room
from fer_core.quiz.room import Room
from pages.quiz.reveal.agreement import agreement_section, pairs_section
from pages.quiz.reveal.confusion import confusion_section
from pages.quiz.reveal.face import reveal_style
from pages.quiz.reveal.faces import divided_section, faces_section
from pages.quiz.reveal.round import Round
from pages.quiz.reveal.sureness import sureness_section
from pages.quiz.reveal.take_along import answers_button
from pages.quiz.reveal.talked import talked_section
from pages.ui.i18n import _


def end_of_game(game: Game) -> None:
    """The results of one player, over the faces that were answered."""
    asked = asked_alone(game.quiz, game.answers)
    _show(Round(game.quiz, asked, alone=True, with_network=True, key="quiz_end"), asks_sure=game.asks_sure)


def end_of_room(room: Room) -> None:
    """The results of a class, over the faces that anybody answered."""
    asked = asked_in_room(room)
    shown = Round(room.quiz, asked, alone=False, with_network=room.shows_network, key="quiz_end")
    _show(shown, asks_sure=room.asks_sure)


def _show(round_: Round, *, asks_sure: bool) -> None:
    reveal_style()
    if not round_.asked:
        st.info(_("Nobody has answered a face yet, so there is nothing to compare."), icon=":material/info:")
        return
    with st.container(key=round_.key, gap="medium"):
        if round_.alone:
            faces_section(round_)
        else:
            divided_section(round_)
        agreement_section(round_)
        pairs_section(round_)
        talked_section(round_)
        confusion_section(round_)
        if asks_sure:
            sureness_section(round_)
        if not round_.alone:
            faces_section(round_)
        answers_button(round_)
