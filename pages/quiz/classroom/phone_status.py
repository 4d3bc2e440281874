"""The line below a phone's page: whether the answer counts, and what comes next."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

_SCRIPT: Final = Path(__file__).with_name("phone_status.js")
_STYLE: Final = """p {
  margin: 0;
  padding: 0.5rem 0;
  background: var(--st-background-color);
  font: 600 1.05rem/1.35 var(--st-font);
  color: var(--st-text-color);
}"""


def say(turn: str, words: str) -> None:
    """Show the line; to be called first in the container of the page, whose style puts it below.

    Args:
        turn: another one for each stage: with a new one the page goes back to its top.
        words: plain text, translated.
    """
    part = st.components.v2.component(
        "quiz_phone_status", html='<p role="status"></p>', css=_STYLE, js=_SCRIPT.read_text("utf-8")
    )
    with st.container(key="quiz_phone_status"):
        part(key="quiz_phone_status_part", data={"turn": turn, "words": words})
