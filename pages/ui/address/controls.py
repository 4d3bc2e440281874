"""Controls whose choice stands in the address.

They are not bound to it by Streamlit, which would write the name of a choice there, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

import streamlit as st

from pages.ui.choices import keep_choice

Code = TypeVar("Code", bound=Hashable)


def choose_part(
    label: str,
    names: Mapping[Code, str],
    chosen: Code,
    follow: Callable[[Code], None],
    *,
    key: str,
    hidden: bool = False,
    disabled: bool = False,
) -> None:
    """Buttons side by side, of which one is pressed.

    Args:
        label: translated.
        names: code to words, translated.
        chosen: code that the address names.
        follow: puts another code into the address; it is called in a callback.
        key: of the control.
        hidden: the label is there for a screen reader only.
        disabled: the choice has no meaning at the moment.
    """
    st.session_state[key] = chosen
    st.segmented_control(
        label,
        list(names),
        required=True,
        format_func=names.__getitem__,
        key=key,
        on_change=_follow,
        args=(follow, key),
        label_visibility="collapsed" if hidden else "visible",
        disabled=disabled,
    )


def choose_from_list(
    label: str,
    names: Mapping[Code, str],
    chosen: Code,
    follow: Callable[[Code], None],
    *depends_on: Hashable,
    key: str,
    width: int | None = None,
) -> None:
    """As `choose_part`, as a list that opens.

    Args:
        depends_on: what the words depend on besides the language.
        width: in pixels, less on a phone; None for all that there is.
    """
    st.session_state[key] = chosen
    keep_choice(key, *depends_on)
    st.selectbox(
        label,
        list(names),
        format_func=names.__getitem__,
        key=key,
        on_change=_follow,
        args=(follow, key),
        width="stretch" if width is None else width,
    )


def _follow(follow: Callable[[Code], None], key: str) -> None:
    follow(st.session_state[key])
