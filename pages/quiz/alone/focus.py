"""Where the keyboard is when another face comes: buttons that were pressed are gone, and the browser would begin at the
top of the page.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_SCRIPT = Path(__file__).with_name("focus.js")


def follow_turn(turn: str, target: str) -> None:
    """Put the keyboard where a turn goes on, once for each turn, unless the reader is elsewhere on the page.

    After a reveal it is the button for the next face, so that Enter goes on. Enter as a key of that button would take it
    from every other button and link.

    Args:
        turn: another one for each; `[data-turn]` on the page has it as soon as the turn is drawn.
        target: CSS selector of what gets the focus.
    """
    part = st.components.v2.component("quiz_focus", js=_SCRIPT.read_text("utf-8"))
    with st.container(key="quiz_focus_place"):
        part(key="quiz_focus", data={"turn": turn, "target": target})
