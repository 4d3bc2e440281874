"""Who may use the lab where Raut is open to other computers: whoever sits at this one, and others if the teacher says so."""

from __future__ import annotations

import streamlit as st

from fer_core.places import LAB_VISITORS_VARIABLE, setting
from pages.ui.access import is_shared
from pages.ui.i18n import _
from pages.ui.streamlit_inside import connected_address
from serving.addresses import is_this_computer


def lab_allowed() -> bool:
    """Whether this visitor may use the lab.

    A training takes this computer's processor for minutes. By the address of the connection, which no header changes.
    """
    return not is_shared() or setting(LAB_VISITORS_VARIABLE) == "1" or is_this_computer(connected_address())


def not_allowed() -> None:
    """The card in place of the page."""
    with st.container(border=True, key="lab_closed", width=640):
        st.subheader(_("The lab is closed for visitors"), anchor=False)
        st.markdown(
            _(
                "A training takes the processor of the computer that runs Raut for minutes, so only whoever sits at "
                "that computer may start one."
            )
        )
        st.markdown(
            _(
                "To open the lab for the class, the teacher ends Raut (Ctrl+C) and starts it again with this line:"
            )
        )
        st.code(f"{LAB_VISITORS_VARIABLE}=1 make serve", language=None)
