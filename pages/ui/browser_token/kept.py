"""Keeps a token for a name in the browser: nothing else finds what belongs to it on the server after a reload.

The token lies in the browser's storage, `sessionStorage` or `localStorage`, and in the session on the server: in no
address, no cookie and no file. What the browser says may be anything; only a token that the server knows counts.

A page calls `token` first. Where that is None and the browser was not `heard` yet, it may `wait` for what the browser
kept, or begin something new and `keep` its token. It ends with `ask`, in each run that does not wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn

import streamlit as st

LONGEST_TOKEN = 100
"""Characters of what a browser says that are said back to it."""
ANSWERS_WITHIN_S = 15.0
"""A browser that has not said by then what it kept keeps nothing, until it says so."""
_STYLE = """<style>
/* A script and nothing to see: without this it would take a gap. */
[data-testid="stLayoutWrapper"]:has(> [class*="st-key-browser_token_place"]) { display: none; }
/* Mostly over within a tenth of a second; words that come and go so fast are a flicker. */
.st-key-browser_token_arriving { animation: browser-token-arriving 0s 0.5s both; }
@keyframes browser-token-arriving { from { opacity: 0; } }
</style>"""
_SCRIPT = Path(__file__).with_name("kept.js")


@dataclass(frozen=True)
class BrowserToken:
    """One kind of token, of which a session has at most one at a time.

    Attributes:
        name: of its place in the browser's storage.
        key: begins the names of its session keys; the token itself is under `token_key`.
        lasts: "tab" for `sessionStorage`, where a reload finds it but no other tab; "browser" for `localStorage`, which
            all tabs of a browser share until it is erased.
        is_known: whether something on the server belongs to a token.
        on_told: callback for what the browser says; it calls `told`. None: that alone.
    """

    name: str
    key: str
    lasts: Literal["tab", "browser"]
    is_known: Callable[[str], bool]
    on_told: Callable[[], None] | None = None

    @property
    def token_key(self) -> str:
        """Session key of the token."""
        return f"{self.key}_token"

    @property
    def component_key(self) -> str:
        """Session key of the component."""
        return f"{self.key}_tab"

    @property
    def heard(self) -> bool:
        """Whether the browser has said what it kept, or has had its time to; never where nothing but a program asks."""
        return bool(st.session_state.get(f"{self.key}_heard"))

    def token(self) -> str | None:
        """The session's token; None where it has none, or nothing belongs to it any more."""
        token = st.session_state.get(self.token_key)
        if isinstance(token, str) and self.is_known(token):
            return token
        if isinstance(token, str):
            self.forget()
        return None

    def keep(self, token: str) -> None:
        """This is the session's token from now on, and the browser keeps it unless it has one that is known."""
        st.session_state[self.token_key] = token

    def forget(self) -> None:
        """The session has no token any more; the browser erases it with the next `ask`."""
        token = st.session_state.pop(self.token_key, None)
        if token is not None:
            st.session_state[f"{self.key}_refused"] = token

    def ask(self) -> None:
        """The component: what the browser says runs the page anew only where it changes something."""
        st.fragment(self._ask)(False)

    def wait(self, words: str) -> NoReturn:
        """The page ends here, and runs anew as soon as the browser has said what it kept.

        Args:
            words: shown where that takes longer than half a second.
        """
        st.fragment(self._ask, run_every=ANSWERS_WITHIN_S)(True)
        with st.container(key="browser_token_arriving"):
            st.caption(words)
        st.stop()

    def _ask(self, waits: bool) -> None:
        state = st.session_state
        part = st.components.v2.component("browser_token", js=_SCRIPT.read_text("utf-8"))
        with st.container(key=f"browser_token_place_{self.key}"):
            st.html(_STYLE)
            part(
                key=self.component_key,
                data={
                    "name": self.name,
                    "lasts": self.lasts,
                    "token": state.get(self.token_key, ""),
                    "heard": self.heard,
                    "refused": state.get(f"{self.key}_refused", ""),
                },
                on_kept_change=self._on_told,
            )
        since_s = state.setdefault(f"{self.key}_asked", time.monotonic())
        if waits and not self.heard and time.monotonic() - since_s > ANSWERS_WITHIN_S - 1:
            state[f"{self.key}_heard"] = True  # it says nothing
        if state.pop(f"{self.key}_moved", False) or (waits and self.heard):
            st.rerun()

    def _on_told(self) -> None:
        if self.on_told is not None:
            self.on_told()
        else:
            self.told()

    def told(self) -> bool:
        """The browser says what it kept, which may be anything. True where the session moves to that."""
        state = st.session_state
        said = getattr(state[self.component_key], "kept", None)
        kept = said.get("token") if isinstance(said, Mapping) else None
        state[f"{self.key}_heard"] = True
        if not isinstance(kept, str) or kept == state.get(self.token_key):
            return False
        if not self.is_known(kept):
            state[f"{self.key}_refused"] = kept[:LONGEST_TOKEN]
            return False
        state[self.token_key] = kept
        state[f"{self.key}_moved"] = True
        return True
