"""What is chosen on the page Network. All of it stands in the address, so that a link opens the page as it is.

Each step reads its own parameters with `number_of_address` and `choice_of_address`, once a run, and changes them with
`put` in a callback. A value that is not possible gives a sentence, and what is shown instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import streamlit as st

from pages.ui.address import parameters as address
from pages.ui.address.parameters import shortened, text_of_address
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _

STEP: Final = "step"
"""Parameter of the address and key of the control: which step of the page is shown."""
NETWORK: Final = "network"
"""Parameter: id of the network."""
FACE: Final = "face"
"""Parameter: code of the face; see `pages/network/faces.py`."""
STAGE: Final = "stage"
"""Parameter: name of a stage in the file of the network, such as `conv2`; see `fer_core.explanation.layers.Stage`."""
MAP: Final = "map"
"""Parameter: number of a feature map of the stage, from 1 in the address."""
X: Final = "x"
"""Parameter: column of a place in a map, from 1 in the address."""
Y: Final = "y"
"""Parameter: row of a place in a map, from 1 in the address."""
EXPRESSION: Final = "expression"
"""Parameter: code of an expression."""
AGAINST: Final = "against"
"""Parameter: code of a second expression; "none" for none."""
LAST_MAP: Final = "lastmap"
"""Parameter: number of one of the last feature maps, from 1."""
KIND: Final = "parts"
"""Parameter: into what a score is taken apart."""
TEMPERATURE: Final = "temperature"
"""Parameter: where its slider stands; absent: the network's own."""
MOVES: Final = "scores"
"""Parameter: how far scores were moved, as "happy:1.5,sad:-2"."""
ORDER: Final = "order"
"""Parameter: in which order the maps of a stage are shown."""

KERNEL: Final = ("kernel", "bias", "patch", "stride", "padding", "window", "numbers", "relu")
"""Parameters: what the step Convolution works out."""
POOLING: Final = ("pool_stage", "pool_map", "pool_patch", "pool_window", "pool_kind")
"""Parameters: what the worked pooling shows."""

_OF_A_NETWORK: Final = (
    STAGE, MAP, X, Y, EXPRESSION, AGAINST, LAST_MAP, KIND, TEMPERATURE, MOVES, *KERNEL, *POOLING,
)  # fmt: skip
"""Parameters that mean something else in another network."""


def number_of_address(name: str, count: int, default: int = 0) -> int:
    """A number from 0 to below `count`, which the address and the page count from 1; another value is refused.

    Args:
        name: of the parameter.
        count: how many there are, from 1.
        default: what is shown where the address names none, from 0.
    """
    text = text_of_address(name)
    if not text:
        return default
    if text.isascii() and text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= count:
        return int(text) - 1
    refuse(name, text, str(default + 1))
    return default


def choice_of_address(name: str, options: Iterable[str], default: str) -> str:
    """One of the options; another value is refused with a sentence."""
    return address.choice_of_address(name, options, default, refuse)


def refuse(name: str, text: str, shown: str) -> None:
    """Say that a parameter of the address is not possible, and what is shown instead."""
    st.warning(
        _("The address asks for {asked}, which is not there. What is shown instead: {shown}.").format(
            asked=f"**{escape_markdown(f'{name}={shortened(text)}')}**",
            shown=escape_markdown(f"{name}={shown}"),
        ),
        icon=":material/link_off:",
    )


def put(**parameters: str | int | None) -> None:
    """Change parameters of the address; to be called in a callback, before the page is drawn.

    Args:
        parameters: a text as it is; a number from 0, as `number_of_address` gives it; None takes one out.
    """
    address.put(
        {name: str(value + 1) if isinstance(value, int) else value for name, value in parameters.items()}
    )


def go(step: str, **parameters: str | int | None) -> None:
    """Go to a step with those parameters; to be called in a callback."""
    put(**{STEP: step, **parameters})


def show_map(number: int | None, stage: str | None = None) -> None:
    """Open a map in the step "stage", or all maps of a stage; to be called in a callback.

    Args:
        number: of the map, from 0; None for all.
        stage: its name; None for the one that is shown.
    """
    parameters: dict[str, str | int | None] = {STEP: "stage", MAP: number, X: None, Y: None}
    put(**parameters if stage is None else {**parameters, STAGE: stage})


def choose_network(network_id: str) -> None:
    """Another network: what was chosen of the one before means nothing in it."""
    put(**{NETWORK: network_id, **dict.fromkeys(_OF_A_NETWORK)})


def choose_face(code: str) -> None:
    """Another face, at the same place of the same network."""
    put(**{FACE: code, MOVES: None})
