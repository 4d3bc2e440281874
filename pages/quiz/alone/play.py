"""One face: the question with its answers, then what everybody said."""

from __future__ import annotations

import html

import streamlit as st

from fer_core.quiz.game import Game
from fer_core.quiz.question import CANNOT_TELL, SURENESS
from pages.quiz.alone import session
from pages.quiz.alone.focus import follow_turn
from pages.quiz.reveal.face import reveal_face
from pages.quiz.reveal.words import answer_words, place_words
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_percent
from pages.ui.network_choice import network_name
from pages.ui.picture_grid import png_url

KEY_OF_CANNOT_TELL = "0"
KEYS_OF_SURENESS = "ASDF"
"""Beside each other on a keyboard, and apart from the digits of the answers, so that an answer can still be changed."""


def render_play(game: Game) -> None:
    """The face at the player's place."""
    at = game.place
    answer = game.answers[at]
    turn = f"{at}-{'asked' if answer is None else 'revealed'}"
    with st.container(key="quiz_play"):
        with st.container(key="quiz_face"):
            _face(game, at, turn)
        with st.container(key="quiz_body", gap="small"):
            if answer is None:
                _question(game, at)
            else:
                reveal_face(game.quiz, game.quiz.questions[at], answer)
        with st.container(key="quiz_steps", horizontal=True, vertical_alignment="center", gap="small"):
            _steps(game, at)
        with st.container(key="quiz_beside"):
            _more(game, at)
    follow_turn(turn, ".st-key-quiz_next button" if answer is not None else ".raut-quiz-question")


def _face(game: Game, at: int, turn: str) -> None:
    words = html.escape(place_words(at, len(game.quiz)))
    url = png_url(game.quiz.questions[at].face_gray)
    st.html(f'<figure class="raut-quiz-face" data-turn="{turn}"><img src="{url}" alt="{words}"></figure>')


def _question(game: Game, at: int) -> None:
    question = html.escape(_("Which expression does this face show?"))
    st.html(f'<h2 class="raut-quiz-question" tabindex="-1">{question}</h2>')
    with st.container(key="quiz_options"):
        for number, option in enumerate(game.quiz.options, start=1):
            tells = option != CANNOT_TELL
            st.button(
                escape_markdown(answer_words(option)),
                key=f"quiz_option_{option}",
                type="primary" if option == game.chosen else "secondary",
                shortcut=str(number) if tells else KEY_OF_CANNOT_TELL,
                width="stretch",
                on_click=game.choose,
                args=(at, option),
            )
    if game.chosen is not None:
        st.markdown(f"**{_('How sure are you that most of the ten annotators chose the same?')}**")
        with st.container(key="quiz_sureness", horizontal=True, gap="small"):
            for sure, key in zip(SURENESS, KEYS_OF_SURENESS, strict=True):
                st.button(
                    format_percent(sure, 0),
                    key=f"quiz_sure_{key}",
                    shortcut=key,
                    on_click=game.say_how_sure,
                    args=(at, sure),
                )


def _steps(game: Game, at: int) -> None:
    st.button(
        _("Back"), key="quiz_back", shortcut="Left", disabled=at == 0,
        on_click=game.go, args=(at, at - 1),
    )  # fmt: skip
    st.progress(game.answered / len(game.quiz), place_words(at, len(game.quiz)))
    if game.answers[at] is not None:
        is_last = at + 1 == len(game.quiz)
        st.button(
            _("Results") if is_last else _("Next"),
            key="quiz_next",
            type="primary",
            shortcut="Right",
            on_click=game.go,
            args=(at, at + 1),
        )


def _more(game: Game, at: int) -> None:
    with st.popover(_("More"), icon=":material/more_horiz:", key="quiz_more"):
        st.caption(_("Network: {network}").format(network=escape_markdown(network_name(game.quiz.network))))
        st.button(
            _("Results so far"),
            key="quiz_results",
            icon=":material/bar_chart:",
            disabled=not game.answered,
            on_click=game.go,
            args=(at, len(game.quiz)),
            width="stretch",
        )
        st.button(
            _("Choose other faces"),
            key="quiz_leave",
            icon=":material/face_retouching_natural:",
            on_click=session.choose_others,
            args=(game,),
            help=_("Your round waits: you can go on with it."),
            width="stretch",
        )
