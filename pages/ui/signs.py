"""The drawn signs of the answers on pages.

Streamlit drops SVG from HTML, so a sign is a mask that is filled with the colour of the text beside it; it follows
the theme and is printed as it is shown.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from fer_core.labels import EMOTIONS, EXPRESSIONS, look_of
from fer_core.signs import SIGNS, sign_url
from pages.ui.i18n import answer_name

_RULES = """
:root { %(addresses)s }
%(chosen)s
span.raut-sign[data-sign],
%(buttons)s {
  display: inline-block;
  flex: none;
  width: 1.25em;
  height: 1.25em;
  vertical-align: -0.28em;
  background: currentColor;
  mask: var(--sign) center / contain no-repeat;
  print-color-adjust: exact;
}
%(buttons)s {
  content: "";
  margin-right: 0.4em;
}
@media (forced-colors: active) {
  span.raut-sign[data-sign],
  %(buttons)s {
    forced-color-adjust: none;
    background: CanvasText;
  }
}
"""
_BUTTONS = ":is({}) button p::before".format(", ".join(f".st-key-rate_{code}" for code in EMOTIONS))
"""Buttons hold text only: the sign of a rating comes before it by the style."""


def sign_style() -> None:
    """The rules that draw the signs; part of the frame of every page."""
    addresses = " ".join(f'--sign-{code}: url("{sign_url(code)}");' for code in SIGNS)
    chosen = "\n".join(
        f'[data-sign="{code}"], .st-key-rate_{code} {{ --sign: var(--sign-{code}); }}' for code in SIGNS
    )
    rules = _RULES % {"addresses": addresses, "chosen": chosen, "buttons": _BUTTONS}
    st.html(f"<style>{rules}</style>")


def emotion_sign(look: str) -> str:
    """The sign of a look, see `fer_core.labels.look_of`, as HTML; a screen reader reads the name beside it."""
    return f'<span class="raut-sign" data-sign="{look}" aria-hidden="true"></span>'


def emotion_html(answer: str, labels: Sequence[str] = EXPRESSIONS) -> str:
    """Sign and name of an answer as HTML.

    Args:
        answer: a label, or `unsure`.
        labels: of the network that gave it.
    """
    return f"{emotion_sign(look_of(answer, labels))} {html.escape(answer_name(answer, labels))}"
