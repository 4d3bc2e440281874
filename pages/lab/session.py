"""Which desk of the lab a browser's tab is at: the tab keeps its token, so that a reload finds its desk again.

The token lies in the tab's `sessionStorage` and in the session on the server: in no address, no cookie and no file. A tab
that was duplicated has the same token, and is at the same desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from fer_core.lab.desk import DESKS, Desk
from pages.ui import session_keys
from pages.ui.i18n import _
from pages.ui.streamlit_inside import session_id, session_lives

TAB_KEY = "lab_tab"
"""Of the component that keeps the token."""
LONGEST_TOKEN = 100
"""Characters of what a browser says that are said back to it."""
ANSWERS_WITHIN_S = 15.0
"""A browser that has not said by then what its tab kept gets a new desk, until it says so."""
_TOKEN_KEY = session_keys.LAB_TOKEN
_HEARD_KEY, _ASKED_KEY, _MOVED_KEY, _REFUSED_KEY = "lab_heard", "lab_asked", "lab_moved", "lab_refused"
_STYLE = """<style>
/* A script and nothing to see: without this it would take a gap. */
[data-testid="stLayoutWrapper"]:has(> .st-key-lab_tab_place) { display: none; }
/* Mostly over within a tenth of a second; words that come and go so fast are a flicker. */
.st-key-lab_arriving { animation: lab-arriving 0s 0.5s both; }
@keyframes lab-arriving { from { opacity: 0; } }
</style>"""
_SCRIPT = Path(__file__).with_name("tab.js")


def desk_of_session() -> Desk:
    """The desk of this tab; to be called in each run of the page, before anything that shows it.

    A visitor gets a desk at once. Only where the tab of some desk is away just now, which may be this one that loads again,
    the page ends here, and runs anew as soon as the browser has said what its tab kept.

    Raises:
        DeskError: too many people are in the lab.
    """
    state = st.session_state
    desk = DESKS.find(state.get(_TOKEN_KEY, ""))
    if desk is None:
        state.pop(_TOKEN_KEY, None)
        if not state.get(_HEARD_KEY) and DESKS.somebody_is_away():
            _tab(waits=True)
            with st.container(key="lab_arriving"):
                st.caption(_("The lab comes back …"))
            st.stop()
        state[_TOKEN_KEY] = DESKS.open()
        desk = DESKS.find(state[_TOKEN_KEY])
        assert desk is not None  # its 90 seconds have only begun
    DESKS.attend(state[_TOKEN_KEY], session_id() or "", session_lives())
    _tab(waits=False)
    if state.get(_HEARD_KEY):  # by a browser, and nothing else that asks for the page
        DESKS.workers.prepare()
    return desk


def _tab(*, waits: bool) -> None:
    """The component, in a fragment: what the tab says runs the page anew only where it changes something."""
    st.fragment(_ask_tab, run_every=ANSWERS_WITHIN_S if waits else None)(waits)


def _ask_tab(waits: bool) -> None:
    state = st.session_state
    part = st.components.v2.component("lab_tab", js=_SCRIPT.read_text("utf-8"))
    with st.container(key="lab_tab_place"):
        st.html(_STYLE)
        part(
            key=TAB_KEY,
            data={
                "token": state.get(_TOKEN_KEY, ""),
                "heard": state.get(_HEARD_KEY, False),
                "refused": state.get(_REFUSED_KEY, ""),
            },
            on_kept_change=_told,
        )
    if waits and not state.get(_HEARD_KEY) and state.pop(_ASKED_KEY, False):
        state[_HEARD_KEY] = True  # it says nothing
    state[_ASKED_KEY] = True
    if state.pop(_MOVED_KEY, False) or (waits and state.get(_HEARD_KEY)):
        st.rerun()


def _told() -> None:
    """The tab says what it kept, which may be anything."""
    state = st.session_state
    said = getattr(state[TAB_KEY], "kept", None)
    kept = said.get("token") if isinstance(said, Mapping) else None
    here = state.get(_TOKEN_KEY)
    state[_HEARD_KEY] = True
    if not isinstance(kept, str) or kept == here:
        return
    if DESKS.find(kept) is None:
        state[_REFUSED_KEY] = kept[:LONGEST_TOKEN]
        return
    state[_TOKEN_KEY] = kept
    state[_MOVED_KEY] = True
    DESKS.attend(kept, session_id() or "", session_lives())
    if here is not None:
        DESKS.leave(here, session_id() or "")
