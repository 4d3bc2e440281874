"""A numbered list of steps, each with a picture."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st


def step_list(steps: Sequence[tuple[str, str, str]]) -> None:
    """Numbered steps side by side, down on a phone: a picture as HTML, a heading and a sentence for each."""
    items = "".join(
        f"<li>{figure}<strong>{number}. {html.escape(title)}</strong>"
        f'<span class="raut-text">{html.escape(text)}</span></li>'
        for number, (figure, title, text) in enumerate(steps, start=1)
    )
    st.html(f'<ol class="raut-steps">{items}</ol>')
