"""Controls whose choice stands in the address, as those of every step do."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.network import selection
from pages.ui.choices import keep_choice


def choose_part(
    name: str, label: str, names: Mapping[str, str], default: str, *, hidden: bool = False
) -> str:
    """Buttons side by side, of which one is pressed.

    Args:
        name: of the parameter, and key of the control.
        label: translated.
        names: code, as the address has it, to words, translated.
        default: what is shown where the address names none.
        hidden: the label is there for a screen reader only.

    Returns:
        Code of the one that is pressed.
    """
    st.session_state[name] = chosen = selection.choice_of_address(name, tuple(names), default)
    st.segmented_control(
        label,
        list(names),
        required=True,
        format_func=names.__getitem__,
        key=name,
        on_change=_follow,
        args=(name,),
        label_visibility="collapsed" if hidden else "visible",
    )
    return chosen


def choose_from_list(name: str, label: str, names: Mapping[str, str], default: str) -> str:
    """As `choose_part`, as a list that opens."""
    st.session_state[name] = chosen = selection.choice_of_address(name, tuple(names), default)
    keep_choice(name)
    st.selectbox(label, list(names), format_func=names.__getitem__, key=name, on_change=_follow, args=(name,))
    return chosen


def _follow(name: str) -> None:
    selection.put(**{name: str(st.session_state[name])})
