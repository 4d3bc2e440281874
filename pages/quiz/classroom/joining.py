"""How somebody joins a round who did not come by its QR code: the field for a room code."""

from __future__ import annotations

import streamlit as st

from pages.ui.access import go_to_room, room_code, try_code
from pages.ui.i18n import _


def join_round() -> None:
    """The button that opens the field."""
    with st.popover(_("Join a round"), icon=":material/login:", key="quiz_join"):
        room_field()


def room_field() -> None:
    """The field itself. A right code takes the session into its room."""
    with st.container(key="access_room"), st.form("quiz_join_form", clear_on_submit=True, border=False):
        typed = st.text_input(
            _("Room code"),
            autocomplete="off",
            placeholder="1234 5678",
            help=_("Eight digits. Spaces do not matter."),
        )
        sent = st.form_submit_button(_("Join"), width="stretch")
    if not (sent and typed.strip()):
        return
    problem = try_code(
        typed, _("No round is open under that code. Look at it once more on the projector and type it again.")
    )
    if problem is not None:
        st.error(problem, icon=":material/lock:")
    elif room_code() is None:
        st.rerun()  # it was the access code
    else:
        go_to_room()
