"""Which game a browser's tab plays: the tab keeps its token, so that a reload goes on where it was.

A new tab begins anew: computers of a school are shared, and the next pupil must not find somebody else's answers.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.quiz.choice import SetChoice
from fer_core.quiz.game import GAMES, Game
from fer_core.quiz.question import Quiz
from pages.quiz.faces import has_own_faces, own_faces
from pages.quiz.set_choice import keep_in_address, other_faces
from pages.ui.browser_token.kept import BrowserToken
from pages.ui.i18n import _

_SET_ASIDE_KEY = "quiz_set_aside"
"""True while other faces are chosen and a game waits."""
_TOKEN = BrowserToken(
    name="raut-quiz-game", key="quiz_game", lasts="tab", is_known=lambda token: GAMES.find(token) is not None
)


def game_of_session() -> Game | None:
    """The game of this tab; None where it plays none. To be called in each run of the page, before anything of a game.

    Where a tab that has just been opened may have one, the page ends here, and runs anew as soon as the browser has said.
    """
    token = _TOKEN.token()
    if token is None and not _TOKEN.heard and GAMES.look():
        _TOKEN.wait(_("Your round comes back …"))
    _TOKEN.ask()
    return None if token is None else GAMES.find(token)


def begin(quiz: Quiz, *, asks_sure: bool) -> None:
    """A new game in place of the one before; the address says which faces it asks about.

    Raises:
        RautError: too many people play.
    """
    end()
    _TOKEN.keep(GAMES.add(Game(quiz, asks_sure=asks_sure)))
    resume(quiz)


def end() -> None:
    """Erase the game of this tab; nothing happens where it plays none."""
    token = _TOKEN.token()
    if token is not None:
        GAMES.remove(token)
        _TOKEN.forget()
    st.session_state.pop(_SET_ASIDE_KEY, None)


def choose_others(game: Game) -> None:
    """Choose other faces while the game waits; a draw gives others than those of the game."""
    choice = game.quiz.choice
    if choice is not None and (choice.is_drawn or choice.kind == "samples"):
        other_faces()
    st.session_state[_SET_ASIDE_KEY] = True


def resume(quiz: Quiz) -> None:
    """Go on with the game of these faces, which waits."""
    st.session_state.pop(_SET_ASIDE_KEY, None)
    if quiz.choice is not None:
        keep_in_address(quiz.choice)


def is_set_aside(game: Game) -> bool:
    """Whether a game waits: its player chooses other faces, or came by an address that asks for others."""
    if st.session_state.get(_SET_ASIDE_KEY):
        return True
    choice = game.quiz.choice
    if choice is None:
        return False
    if SetChoice.from_query(st.query_params.to_dict(), choice)[0] != choice:
        return True
    return choice.kind == "photos" and has_own_faces() and not _asks_about_own_faces(game)


def _asks_about_own_faces(game: Game) -> bool:
    """Whether a game asks about the faces that the page Photos gave last, and not about earlier ones."""
    faces_gray, _meant = own_faces()
    asked = [question.face_gray for question in game.quiz.questions]
    return len(asked) == len(faces_gray) and bool(np.array_equal(np.stack(asked), faces_gray))
