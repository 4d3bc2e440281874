"""What the worked convolution and the worked pooling share: their parts in the browser and what crosses to them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import streamlit as st

from pages.network import selection
from pages.network.map_pictures import ABOVE_RGB, BELOW_RGB
from pages.ui.i18n import _, language

_HERE: Final = Path(__file__)
_LONGEST: Final = 4000
"""Characters of a parameter that a browser may send."""


def part(name: str, folder: Path, html: str) -> Any:
    """A component whose script and style begin with what both share.

    Args:
        name: of the component; its files are `<name>.js` and `<name>.css`.
        folder: where they are.
        html: what it begins with.
    """

    def both(suffix: str) -> str:
        own = (folder / f"{name}.{suffix}").read_text("utf-8")
        return f"{_HERE.with_suffix(f'.{suffix}').read_text('utf-8')}\n{own}"

    return st.components.v2.component(f"network_{name}", html=html, css=both("css"), js=both("js"))


def block(kind: str, *, note: bool = False) -> str:
    """A heading and a grid of numbers."""
    below = '<p class="note"></p>' if note else ""
    return f'<section class="{kind}"><h3></h3><div class="grid"><div class="numbers"></div></div>{below}</section>'


def picture(kind: str, *, legend: bool = True) -> str:
    """A map as a picture, with its legend and what it is."""
    scale = '<div class="legend"></div>' if legend else ""
    return (
        f'<figure class="{kind}"><div class="picture"></div>{scale}'
        '<figcaption><span class="caption"></span> <span class="note"></span></figcaption></figure>'
    )


def float_text(values: np.ndarray) -> str:
    """float32 in rows as text."""
    return base64.b64encode(np.ascontiguousarray(values, np.float32).tobytes()).decode()


def shared_data() -> dict[str, object]:
    """What both parts are told: language, colours and the words of their buttons."""
    return {
        "language": language(),
        "colours": {"below": list(BELOW_RGB), "above": list(ABOVE_RGB)},
    }


def shared_texts() -> dict[str, str]:
    """Words of both parts."""
    return {
        "back": _("Back"),
        "on": _("Next"),
        "play": _("Play"),
        "pause": _("Pause"),
        "position": _("Window {n} of {count}"),
        "no_number": _("“{text}” is no number. The last number that could be read holds."),
        "not_yet": _("not reached yet"),
    }


def said_of(key: str, of: str, names: tuple[str, ...]) -> Mapping[str, Any] | None:
    """What the browser said with "state": its turn and the parameters; None where it is something else.

    Args:
        key: of the component.
        of: what it must be about.
        names: of the parameters.
    """
    said = getattr(st.session_state[key], "state", None)  # whatever a browser may say
    if not isinstance(said, Mapping) or said.get("of") != of or not isinstance(said.get("turn"), int):
        return None
    state = said.get("state")
    if not isinstance(state, Mapping) or set(state) != set(names):
        return None
    if not all(isinstance(text, str) and len(text) <= _LONGEST for text in state.values()):
        return None
    return said


def put_state(said: Mapping[str, Any], usual: Mapping[str, str], prefix: str = "") -> None:
    """Put what the browser said into the address, without what is as usual; to be called in a callback."""
    state: Mapping[str, str] = said["state"]
    selection.put(**{prefix + name: None if text == usual[name] else text for name, text in state.items()})
