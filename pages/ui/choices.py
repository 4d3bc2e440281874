"""What a reader has chosen or opened outlasts a change of language.

To a browser, what is chosen in a list is its label. After a change of language it goes on sending the old one,
which is no longer in the list, and Streamlit falls back to the list's first. Tabs and what can be opened are others
to Streamlit once their labels are.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import streamlit as st

from pages.ui.i18n import language

SHOWN_KEY = "choices_shown"
"""Key of a widget to what its labels were made of when it was shown last."""


def keep_choice(key: str, *made_of: Hashable) -> None:
    """Tell the browser anew what is chosen, where the labels have changed. To be called right before the widget.

    Args:
        key: of a list (`selectbox`, `multiselect`, `select_slider`) or of what tells the page that it is open.
        made_of: what the labels depend on besides the language.
    """
    shown = st.session_state.setdefault(SHOWN_KEY, {})
    labels = (language(), *made_of)
    if shown.get(key, labels) != labels and key in st.session_state:
        # Read while Streamlit still knows the old labels; written, it is sent.
        st.session_state[key] = st.session_state[key]
    shown[key] = labels


def keep_tab(key: str, labels: Sequence[str]) -> None:
    """As `keep_choice`, for tabs, of which the label is all that Streamlit knows."""
    shown = st.session_state.setdefault(SHOWN_KEY, {})
    before, chosen = shown.get(key, ()), st.session_state.get(key)
    if chosen in before:
        st.session_state[key] = labels[before.index(chosen)]
    shown[key] = tuple(labels)
