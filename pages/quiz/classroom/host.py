"""The teacher's side of a round: opened here, then led from stage to stage on the projector.

The browser keeps the token of the round, so that a reload, or another tab, goes on where it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from fer_core.codes import spoken
from fer_core.quiz.room import Phase, Room
from fer_core.quiz.rooms import ROOMS
from pages.quiz import selection
from pages.quiz.classroom.host_lobby import show_lobby
from pages.quiz.classroom.host_open import open_round
from pages.quiz.classroom.host_stages import show_face, show_summary
from pages.ui.browser_token.kept import BrowserToken
from pages.ui.i18n import _

HOST: Final = BrowserToken(
    name="raut-quiz-host",
    key="quiz_host",
    lasts="browser",
    is_known=lambda token: ROOMS.of_host(token) is not None,
)
"""The token of the teacher's round."""

_STYLE: Final = Path(__file__).with_name("host.css")
_ENDED_KEY: Final = "quiz_host_ended"


def show_open_round() -> bool:
    """The round that this browser leads, where it is, with a head of its own; False where it leads none."""
    room = _room()
    if room is None:
        return False
    st.html(_STYLE)
    phase = room.stage.phase
    if phase is Phase.LOBBY:
        show_lobby(room, _close)
    elif phase is Phase.SUMMARY:
        show_summary(room, _close)
    else:
        show_face(room)
    HOST.ask()
    return True


def render_class() -> None:
    """The way "With a class" while no round is open: the set of faces, and the button that opens a room.

    Where a browser that has just come may lead one, the page ends here, and runs anew as soon as it has said.
    """
    if not HOST.heard and len(ROOMS):
        HOST.wait(_("Your round comes back …"))
    st.html(_STYLE)
    if st.session_state.pop(_ENDED_KEY, False):
        st.info(
            _("Your round has ended: for two hours nothing happened in it. Its answers are erased."),
            icon=":material/timer_off:",
        )
    token = open_round()
    if token is not None:
        HOST.keep(token)
        st.rerun()
    HOST.ask()


def tell_of_open_round() -> None:
    """Where the page shows something else: that this browser's round goes on, and the way back to it."""
    room = _room()
    if room is not None:
        st.html(_STYLE)
        with st.container(
            key="quiz_host_still_open", horizontal=True, vertical_alignment="center", border=True
        ):
            st.markdown(_("Your round is still open: room **{code}**.").format(code=spoken(room.code)))
            st.button(
                _("Back to the round"),
                icon=":material/groups:",
                key="quiz_host_back",
                on_click=selection.choose_way,
                args=("class",),
            )
    HOST.ask()


def _room() -> Room | None:
    led_one = HOST.token_key in st.session_state
    token = HOST.token()
    room = None if token is None else ROOMS.of_host(token)
    if led_one and room is None:
        st.session_state[_ENDED_KEY] = True
    return room


def _close() -> None:
    token = HOST.token()
    if token is not None:
        ROOMS.end(token)
        HOST.forget()
