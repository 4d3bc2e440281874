"""No reader ever sees a traceback: whatever a page raises becomes a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from fer_core.plain_text import in_markdown
from pages.ui.i18n import error_sentence

NOTHING = ":color[]"
"""Streamlit makes an element without text or colour of it."""


def escape_markdown(text: str) -> str:
    """The text as it is, where Streamlit reads Markdown: texts and labels, but not the entries of a list."""
    return in_markdown(text, NOTHING)


def show_error(error: BaseException) -> None:
    """The error's sentence in a red card."""
    st.error(escape_markdown(error_sentence(error)), icon=":material/error:")


@contextmanager
def guarded_page() -> Iterator[None]:
    """Show what goes wrong inside as a sentence and log what nobody expected.

    Works as `with guarded_page():` and as a decorator, `@guarded_page()`. `app.py` puts it around every
    page; a fragment and a callback run outside of that and need it themselves. Streamlit's own signals
    (stop, rerun) are not `Exception`s and pass through.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the one place where everything must end in a sentence
        show_error(error)
