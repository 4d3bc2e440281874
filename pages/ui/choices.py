"""What a reader has chosen or opened outlasts a change of language.

To a browser, what is chosen in a list is its label. After a change of language it goes on sending the old one,
which is no longer in the list, and Streamlit falls back to the list's first. Tabs and what can be opened are others
to Streamlit once their labels are.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import streamlit as st

from pages.ui.i18n import language

LABELS_KEY = "choices_shown"
"""Session key of a dictionary: key of a widget to what its labels depended on when it was last on the page."""


def keep_choice(key: str, *depends_on: Hashable) -> None:
    """Tell the browser anew what is chosen, where the labels have changed. To be called right before the widget.

    Args:
        key: of a list (`selectbox`, `multiselect`, `select_slider`) or of what tells the page that it is open.
        depends_on: what the labels depend on besides the language.
    """
    labels_before = st.session_state.setdefault(LABELS_KEY, {})
    labels = (language(), *depends_on)
    if labels_before.get(key, labels) != labels and key in st.session_state:
        # Read while Streamlit still knows the old labels; written, it is sent.
        st.session_state[key] = st.session_state[key]
    labels_before[key] = labels


def keep_tab(key: str, labels: Sequence[str]) -> None:
    """As `keep_choice`, for tabs, of which the label is all that Streamlit knows."""
    labels_before = st.session_state.setdefault(LABELS_KEY, {})
    before, chosen = labels_before.get(key, ()), st.session_state.get(key)
    if chosen in before:
        st.session_state[key] = labels[before.index(chosen)]
    labels_before[key] = tuple(labels)
