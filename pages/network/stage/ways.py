"""Buttons to the next and the previous map or stage, and the keys that do the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.ui.i18n import _

_HERE = Path(__file__)


@dataclass(frozen=True)
class Way:
    """One button.

    Attributes:
        code: of where it leads.
        name: on the button, translated.
        key: as browsers call it, such as "ArrowLeft" or "Shift+ArrowLeft"; "" for none.
        key_name: the same as people call it.
        go: called when it is pressed, before the page is drawn; None where it leads nowhere.
    """

    code: str
    name: str
    key: str
    key_name: str
    go: Callable[[], None] | None


def ways(shown: Sequence[Way], *, of: str, key: str) -> None:
    """The buttons.

    Args:
        shown: in their order.
        of: another text for each other place, so that a press on one that is gone does not count.
        key: unique on the page.
    """
    by_code = {way.code: way for way in shown}

    def went() -> None:
        said = getattr(st.session_state[key], "go", None)
        way = (
            by_code.get(str(said.get("code"))) if isinstance(said, Mapping) and said.get("of") == of else None
        )
        if way is not None and way.go is not None:
            way.go()

    part = st.components.v2.component(
        "network_ways",
        html='<div class="ways" role="group"></div>',
        css=_HERE.with_name("ways.css").read_text("utf-8"),
        js=_HERE.with_name("ways.js").read_text("utf-8"),
    )
    part(
        key=key,
        data={
            "of": of,
            "title": _("Go on"),
            "ways": [
                {
                    "code": way.code,
                    "name": way.name,
                    "hint": _("Or the key {key}").format(key=way.key_name) if way.key else "",
                    "key": way.key,
                    "disabled": way.go is None,
                }
                for way in shown
            ],
        },
        on_go_change=went,
    )
