"""The access code of `make serve`: before anything else is shown, a visitor types it.

Without the variable `RAUT_ACCESS_CODE`, as with `make run`, nobody is asked.
"""

from __future__ import annotations

import os

import streamlit as st

from fer_core.places import ACCESS_CODE_VARIABLE
from pages.ui import session_keys
from pages.ui.i18n import _, format_number, ngettext
from pages.ui.streamlit_inside import session_id
from serving.access import CONNECTION_HEADER, GATEKEEPER


def is_shared() -> bool:
    """Whether Raut is open to other computers: then "this computer" is not the one that works."""
    return bool(os.environ.get(ACCESS_CODE_VARIABLE))


def may_enter() -> bool:
    """Whether this browser session typed the access code, or none is asked for."""
    return not is_shared() or st.session_state.get(session_keys.ADMITTED) is True


def visitors_address() -> str | None:
    """Network address of the visitor's connection, which no header changes; None on this computer itself."""
    return st.context.ip_address


def ask_for_code() -> None:
    """The page that stands in place of all others until the code was right."""
    st.title(_("Access code"), anchor=False)
    st.markdown(_("Ask the person who started Raut for the code. Spaces do not matter."))
    with st.container(key="access"), st.form("access_form", clear_on_submit=True, width=420):
        typed = st.text_input(_("Access code"), autocomplete="off")
        sent = st.form_submit_button(_("Enter"), width="stretch")
    if not (sent and typed.strip()):
        return
    client = visitors_address()
    if GATEKEEPER.try_code(client, typed, os.environ[ACCESS_CODE_VARIABLE]):
        st.session_state[session_keys.ADMITTED] = True
        for known in (session_id(), st.context.headers.get(CONNECTION_HEADER)):
            if known is not None:
                GATEKEEPER.admit(known)
        st.rerun()
    wait_s = GATEKEEPER.wait_s(client)
    if wait_s:
        message = ngettext(
            "Too many wrong codes. Wait {n} second, then try again.",
            "Too many wrong codes. Wait {n} seconds, then try again.",
            wait_s,
        ).format(n=format_number(wait_s))
    else:
        message = _("That is not the code. Look at it once more and type it again.")
    st.error(message, icon=":material/lock:")
