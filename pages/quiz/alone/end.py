"""After the last face: what the round came to, and another one."""

from __future__ import annotations

import html

import streamlit as st

from fer_core.errors import RautError
from fer_core.quiz.game import Game
from pages.quiz.alone import session
from pages.quiz.alone.focus import follow_turn
from pages.quiz.reveal.end import end_of_game
from pages.ui.guard import show_error
from pages.ui.i18n import _


def render_end(game: Game) -> None:
    """The results of the faces that were answered, and the ways on."""
    at, left = game.place, len(game.quiz) - game.answered
    title = html.escape(_("Results so far") if left else _("Results"))
    st.html(f'<h2 class="raut-quiz-question" tabindex="-1" data-turn="end">{title}</h2>')
    with st.container(key="quiz_end_row", horizontal=True, vertical_alignment="center", gap="small"):
        if left:
            st.button(
                _("Go on with the next face"), key="quiz_go_on", type="primary", shortcut="Right",
                on_click=game.go, args=(at, game.answered),
            )  # fmt: skip
        else:
            st.button(
                _("Back to the faces"), key="quiz_back", shortcut="Left",
                on_click=game.go, args=(at, at - 1),
            )  # fmt: skip
        st.button(
            _("Other faces"),
            key="quiz_other_faces",
            icon=":material/shuffle:",
            type="secondary" if left else "primary",
            on_click=session.choose_others,
            args=(game,),
        )
        same = st.button(_("The same faces again"), key="quiz_same_faces", icon=":material/replay:")
    if same:
        try:
            session.begin(game.quiz, asks_sure=game.asks_sure)
        except RautError as error:
            show_error(error)
        else:
            st.rerun()
    end_of_game(game)
    follow_turn("end", ".raut-quiz-question")
