"""Which desk of the lab a browser's tab is at: the tab keeps its token, so that a reload finds its desk again.

A tab that was duplicated has the same token, and is at the same desk.
"""

from __future__ import annotations

import streamlit as st

from fer_core.lab.desk import DESKS, Desk
from pages.ui.browser_token.kept import BrowserToken
from pages.ui.i18n import _
from pages.ui.streamlit_inside import session_id, session_lives


def desk_of_session() -> Desk:
    """The desk of this tab; to be called in each run of the page, before anything that shows it.

    A visitor gets a desk at once. Only where the tab of some desk is away just now, which may be this one that loads again,
    the page ends here, and runs anew as soon as the browser has said what its tab kept.

    Raises:
        DeskError: too many people are in the lab.
    """
    token = _TAB.token() or ""
    desk = DESKS.find(token)
    if desk is None:
        if not _TAB.heard and DESKS.somebody_is_away():
            _TAB.wait(_("The lab comes back …"))
        token = DESKS.open()
        _TAB.keep(token)
        desk = DESKS.find(token)
        assert desk is not None  # its 90 seconds have only begun
    DESKS.attend(token, session_id() or "", session_lives())
    _TAB.ask()
    if _TAB.heard:  # by a browser, and nothing else that asks for the page
        DESKS.workers.prepare()
    return desk


def _told() -> None:
    before = st.session_state.get(_TAB.token_key)
    if not _TAB.told():
        return
    DESKS.attend(st.session_state[_TAB.token_key], session_id() or "", session_lives())
    if before is not None:
        DESKS.leave(before, session_id() or "")


_TAB = BrowserToken(
    name="raut-lab",
    key="lab",
    lasts="tab",
    is_known=lambda token: DESKS.find(token) is not None,
    on_told=_told,
)
TAB_KEY = _TAB.component_key
"""Of the component that keeps the token."""
