"""The access code of `make serve`, and the codes of rooms of the quiz: before anything is shown, a visitor types one.

The access code opens all pages. The code of a room opens that room alone, typed in its place or as `room` in the address:
such a visitor is a guest. Without the variable `RAUT_ACCESS_CODE`, as with `make run`, nobody is asked.
"""

from __future__ import annotations

import os
from typing import Final, NoReturn

import streamlit as st

from fer_core.codes import normalized
from fer_core.places import ACCESS_CODE_VARIABLE
from fer_core.quiz.rooms import ROOMS
from pages.ui import session_keys
from pages.ui.address.parameters import of_every_page
from pages.ui.i18n import _, format_number, ngettext
from pages.ui.streamlit_inside import session_id
from serving.access import CONNECTION_HEADER, GATEKEEPER, Opens

ROOM_PARAMETER: Final = "room"
"""Parameter of the address: the code of the room that a phone joins, or is in."""
ROOM_PAGE: Final = "pages/quiz/page.py"
_ROOM_ADDRESS: Final = "quiz"
_PROBLEM_KEY: Final = "access_problem"


def is_shared() -> bool:
    """Whether Raut is open to other computers: then "this computer" is not the one that works."""
    return bool(os.environ.get(ACCESS_CODE_VARIABLE))


def may_enter() -> bool:
    """Whether this browser session typed the access code, or none is asked for."""
    return not is_shared() or st.session_state.get(session_keys.ADMITTED) is True


def room_code() -> str | None:
    """Code of the room of the quiz that this session is in, open or ended meanwhile; None where it is in none."""
    code = st.session_state.get(session_keys.ROOM)
    return code if isinstance(code, str) else None


def may_see(url_path: str) -> bool:
    """Whether this session may see a page: a guest the one that its room is on, and nothing else.

    Args:
        url_path: of the page.
    """
    return may_enter() or (url_path == _ROOM_ADDRESS and room_code() is not None)


def leave_room() -> None:
    """This session is in no room any more, nor does its address say so."""
    st.session_state.pop(session_keys.ROOM, None)
    st.query_params.pop(ROOM_PARAMETER, None)


def visitors_address() -> str | None:
    """Network address of the visitor's connection, which no header changes; None on this computer itself."""
    return st.context.ip_address


def try_code(typed: str, wrong: str) -> str | None:
    """Let the visitor into whatever a code opens: all pages, or a room.

    Args:
        typed: what the visitor typed.
        wrong: the sentence where it opens nothing, translated.

    Returns:
        The sentence to show where it opened nothing; None where it did.
    """
    if ROOMS.has_ended(typed):
        # No wrong try: the phones of a class, which may share an address, come back with it.
        return _("The round with this code has ended. Ask for the new code.")
    client = visitors_address()
    code = "" if may_enter() else os.environ[ACCESS_CODE_VARIABLE]
    opens = GATEKEEPER.try_code(client, typed, code, lambda text: ROOMS.find(text) is not None)
    if opens is None:
        wait_s = GATEKEEPER.wait_s(client)
        if not wait_s:
            return wrong
        return ngettext(
            "Too many wrong codes. Wait {n} second, then try again.",
            "Too many wrong codes. Wait {n} seconds, then try again.",
            wait_s,
        ).format(n=format_number(wait_s))
    if opens is Opens.EVERYTHING:
        st.session_state[session_keys.ADMITTED] = True
    else:
        st.session_state[session_keys.ROOM] = normalized(typed)
    if is_shared():
        for known in (session_id(), st.context.headers.get(CONNECTION_HEADER)):
            if known is not None:
                GATEKEEPER.admit(known, opens)
    return None


def enter_by_address() -> None:
    """Let a visitor into the room that the address names, as a QR code does; a wrong code is a try as any other.

    To be called in each run, before anything that depends on who the visitor is.
    """
    typed = st.query_params.get(ROOM_PARAMETER)
    if typed is None or normalized(typed) == room_code():
        return
    problem = try_code(
        typed,
        _("No round is open under the code in the address. Look at it once more, or ask for the new code."),
    )
    if problem is not None:
        # Out of the address: a page that runs again would try once more.
        st.query_params.pop(ROOM_PARAMETER, None)
        st.session_state[_PROBLEM_KEY] = problem


def show_problem_of_address() -> None:
    """Why the address led into no room, once."""
    problem = st.session_state.pop(_PROBLEM_KEY, None)
    if problem is not None:
        st.error(problem, icon=":material/lock:")


def go_to_room() -> NoReturn:
    """To the page of the session's room; its code is in the address, so that a reload comes back."""
    st.switch_page(ROOM_PAGE, query_params={**of_every_page(), ROOM_PARAMETER: room_code() or ""})


def ask_for_code() -> None:
    """The page that stands in place of all others until a code was right, and of those that a guest may not see."""
    st.title(_("Access code"), anchor=False)
    is_guest = room_code() is not None
    if is_guest:
        st.markdown(_("You are in a round of the quiz. For the other pages you need the access code."))
        if st.button(_("Back to the round"), icon=":material/arrow_back:", type="primary"):
            go_to_room()
    show_problem_of_address()
    st.markdown(
        _("Ask the person who started Raut for the code. Spaces do not matter.")
        if is_guest
        else _(
            "Ask the person who started Raut for the code; the code of a round of the quiz lets you into that round. Spaces "
            "do not matter."
        )
    )
    with st.container(key="access"), st.form("access_form", clear_on_submit=True, width=420):
        typed = st.text_input(_("Access code"), autocomplete="off")
        sent = st.form_submit_button(_("Enter"), width="stretch")
    if not (sent and typed.strip()):
        return
    problem = try_code(typed, _("That is not the code. Look at it once more and type it again."))
    if problem is not None:
        st.error(problem, icon=":material/lock:")
    elif may_enter():
        st.rerun()
    else:
        go_to_room()
