"""What is chosen on the page Quiz besides the set of faces: the way and the network stand in the address.

A value that is not possible gives a sentence, and the default holds.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal, get_args

import streamlit as st

from fer_core.errors import N_, RautError
from pages.ui import session_keys
from pages.ui.guard import show_error

Way = Literal["alone", "class"]

WAY: Final = "way"
"""Parameter of the address: one of `WAYS`."""
NETWORK: Final = "network"
"""Parameter: id of the network that answers."""
WAYS: Final[tuple[Way, ...]] = get_args(Way)

WAY_KEY: Final = "quiz_way"
"""Session key of the control of the way."""

_LAST_KEY: Final = "quiz_last"
_FRAME: Final = (session_keys.LANGUAGE, session_keys.PROJECTOR_SIZE)
_LONGEST_SHOWN: Final = 30


def way_of_address() -> Way:
    """The way that the address names, "alone" where it names none; a sentence where it names something else."""
    ways: dict[str, Way] = {way: way for way in WAYS}
    return ways[choice_of_address(WAY, ways, WAYS[0])]


def choice_of_address(name: str, possible: Collection[str], default: str) -> str:
    """The value of a parameter, or the default, with a sentence where the address asks for something else."""
    text = str(st.query_params.get(name, ""))
    if text in possible:
        return text
    if text:
        shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
        show_error(
            RautError(
                N_("The address asks for “{asked}”, which is not possible. What holds instead: “{shown}”."),
                asked=f"{name}={shown}",
                shown=f"{name}={default}",
            )
        )
    return default


def put(name: str, text: str | None) -> None:
    """Change a parameter of the address; to be called in a callback. None takes it out."""
    if text is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != text:
        st.query_params[name] = text


def come_back() -> None:
    """Where the reader comes from another page by a plain link: what was in the address when this one was left."""
    own = {name: text for name, text in st.query_params.to_dict().items() if name not in _FRAME}
    if own:
        st.session_state[_LAST_KEY] = own
    else:
        for name, text in st.session_state.get(_LAST_KEY, {}).items():
            put(name, text)
