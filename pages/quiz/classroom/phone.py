"""A pupil's side of a round: one phone, with a place in the room that its browser keeps.

What is on the page changes only when the round goes on, or the phone answers; in between the phone asks once a second
whether it has to, by a fragment that shows nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from fer_core.quiz.room import Room
from fer_core.quiz.rooms import ROOMS
from pages.quiz.classroom.joining import room_field
from pages.quiz.classroom.phone_stages import Shown, show_stage, shown_now
from pages.quiz.classroom.phone_status import say
from pages.quiz.classroom.phone_summary import own_result, show_own_result
from pages.ui.access import ROOM_PARAMETER, leave_room, may_enter, room_code
from pages.ui.browser_token.kept import BrowserToken
from pages.ui.guard import guarded_page
from pages.ui.i18n import _

ASKS_EVERY_S: Final = 1.0
_STYLE: Final = Path(__file__).with_name("phone.css")
_SHOWN_KEY: Final = "quiz_phone_shown"
_RESULT_KEY: Final = "quiz_phone_result"
_OVER_KEY: Final = "quiz_phone_over"


def _room() -> Room | None:
    code = room_code()
    return None if code is None else ROOMS.find(code)


def _is_known(token: str) -> bool:
    room = _room()
    return room is not None and room.knows(token)


PHONE: Final = BrowserToken(name="raut-quiz-phone", key="quiz_phone", lasts="browser", is_known=_is_known)
"""The phone's place; all tabs of a browser share it. A browser is in one room at a time."""


def render_round() -> None:
    """The round that this session is in; `room_code` says which.

    Raises:
        RoomError: the room is full.
    """
    st.html(_STYLE)
    room = _room()
    token = PHONE.token()  # before anything else: it forgets the place in a room that has ended
    if room is None:
        _ended()
        PHONE.ask()
        return
    st.session_state.pop(_OVER_KEY, None)
    if st.query_params.get(ROOM_PARAMETER) != room.code:
        st.query_params[ROOM_PARAMETER] = room.code
    if token is None:
        if not PHONE.heard:
            PHONE.wait(_("You are being let in …"))
        token = room.join(None)
        PHONE.keep(token)
    _follow(room, token)
    PHONE.ask()


def _follow(room: Room, token: str) -> None:
    @st.fragment
    @guarded_page()
    def stage() -> None:
        shown = shown_now(room, token)
        st.session_state[_SHOWN_KEY] = shown
        _keep_result(room, token, shown)
        with st.container(key="quiz_phone"):
            show_stage(room, token, shown)

    @st.fragment(run_every=ASKS_EVERY_S)
    @guarded_page()
    def look() -> None:
        room.see(token)
        if shown_now(room, token) != st.session_state.get(_SHOWN_KEY):
            st.rerun()

    stage()
    look()


def _keep_result(room: Room, token: str, shown: Shown) -> None:
    """What this phone answered stays on it until its page is closed, when the room has ended."""
    if shown.is_over:
        st.session_state[_RESULT_KEY] = (room.code, own_result(room, token))


def _ended() -> None:
    # A reload would try its code, and a class that shares one address has five wrong tries a minute.
    st.query_params.pop(ROOM_PARAMETER, None)
    code, result = st.session_state.get(_RESULT_KEY, (None, None))
    with st.container(key="quiz_phone"):
        say("ended", _("This round has ended, and all its answers are erased. Nothing of it was kept."))
        st.html(f"<h1>{_('The round has ended')}</h1>")
        if result is not None and code == room_code():
            show_own_result(result)
        st.markdown(_("Is there another round? Type its room code."))
        room_field()
        if may_enter():
            st.button(
                _("To the quiz"),
                icon=":material/quiz:",
                key="quiz_phone_leave",
                on_click=leave_room,
                type="tertiary",
            )
