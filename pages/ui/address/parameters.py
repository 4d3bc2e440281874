"""Parameters of the address: read with a sentence for what is not possible, changed, and brought back.

Each page has its own names of parameters and defaults, in its `selection.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

import streamlit as st

from fer_core.errors import N_, RautError
from pages.ui import session_keys
from pages.ui.guard import show_error

Choice = TypeVar("Choice", bound=str)
Refuse = Callable[[str, str, str], None]
"""Says that a parameter is not possible: its name, its text, and what holds instead."""

_OF_EVERY_PAGE: Final = (session_keys.LANGUAGE, session_keys.PROJECTOR_SIZE)
_LAST_KEY: Final = "address_last"
_LONGEST_SHOWN: Final = 30


def text_of_address(name: str) -> str:
    """A parameter as it stands in the address; "" where it is not there."""
    return str(st.query_params.get(name, ""))


def refusal(name: str, text: str, shown: str) -> RautError:
    """The sentence that a parameter is not possible, and what holds instead."""
    return RautError(
        N_("The address asks for “{asked}”, which is not possible. What holds instead: “{shown}”."),
        asked=f"{name}={shortened(text)}",
        shown=f"{name}={shown}",
    )


def shortened(text: str) -> str:
    """A text of the address as a sentence repeats it."""
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _show_refusal(name: str, text: str, shown: str) -> None:
    show_error(refusal(name, text, shown))


def choice_of_address(
    name: str, possible: Iterable[Choice], default: Choice, refuse: Refuse = _show_refusal
) -> Choice:
    """The code that a parameter names, or the default, with a sentence where the address asks for something else."""
    text = text_of_address(name)
    if not text:
        return default
    for code in possible:
        if code == text:
            return code
    refuse(name, text, default)
    return default


def put(parameters: Mapping[str, str | None], *, page: str | None = None) -> None:
    """Change parameters of the address, the others stay; to be called in a callback, before the page is drawn.

    Args:
        parameters: None takes one out.
        page: whose `come_back` brings back what is there now, also where nothing is left.
    """
    for name, text in parameters.items():
        if text is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != text:
            st.query_params[name] = text
    if page is not None:
        _keep(page)


def come_back(page: str, *, arrives: bool = True) -> None:
    """Where the reader comes from another page by a plain link: what was in the address when this one was left.

    Args:
        page: any name that no other page has.
        arrives: False: an address without parameters is what the reader wants.
    """
    if arrives and not _own():
        put(st.session_state.get(_LAST_KEY, {}).get(page, {}))
    _keep(page)


def of_every_page() -> dict[str, str]:
    """The parameters of the address that hold on every page, for links to another one: language and size."""
    return {name: text for name, text in st.query_params.to_dict().items() if name in _OF_EVERY_PAGE}


def _own() -> dict[str, str]:
    return {name: text for name, text in st.query_params.to_dict().items() if name not in _OF_EVERY_PAGE}


def _keep(page: str) -> None:
    st.session_state.setdefault(_LAST_KEY, {})[page] = _own()
