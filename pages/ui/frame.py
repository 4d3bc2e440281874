"""What surrounds every page: icon, wordmark, style, switches for size, language and theme."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from pages.ui import session_keys
from pages.ui.i18n import LANGUAGES, _, browser_language, language
from pages.ui.signs import sign_style
from pages.ui.streamlit_inside import (
    CLOSE_PAGE_NOT_FOUND,
    POPOVERS_BY_KEYBOARD,
    is_first_run_of_a_bare_server,
    keep_uploads_in_memory,
)
from pages.ui.theme import theme_switch

ASSETS = Path(__file__).parent / "assets"
WORDMARK = Path(__file__).parents[2] / "static" / "wordmark.svg"


def page_frame() -> None:
    """Favicon, wordmark, and the few rules that Streamlit's theme has no option for."""
    keep_uploads_in_memory()
    st.set_page_config(page_icon=str(ASSETS / "favicon.png"), layout="wide")
    st.logo(str(WORDMARK), size="large")
    st.html(ASSETS / "style.css")
    sign_style()
    css_texts(**{"more-pages": _("More pages")})
    # Streamlit says "en" always; a screen reader would read Indonesian with an English voice.
    with st.container(key="document_language"):
        st.html(
            f"<script>document.documentElement.lang = {language()!r}</script>{POPOVERS_BY_KEYBOARD}",
            unsafe_allow_javascript=True,
        )
    if is_first_run_of_a_bare_server():
        with st.container(key="first_run"):
            st.html(CLOSE_PAGE_NOT_FOUND, unsafe_allow_javascript=True)


def css_texts(container: str | None = None, **words: str) -> None:
    """Give the style sheets the reader's words for what Streamlit writes in English only.

    Args:
        container: key of the container in which they hold; None for the whole page.
        words: text by name; `choose="Pilih"` is `var(--choose)` there.
    """
    # JSON quotes a text as CSS does.
    rules = "".join(f"--{name}: {json.dumps(text, ensure_ascii=False)};" for name, text in words.items())
    place = ":root" if container is None else f".st-key-{container}"
    st.html(f"<style>{place} {{{rules}}}</style>")


def page_controls() -> None:
    """Projector size, English or Bahasa Indonesia, light or dark, at the top of every page.

    Size and language are bound to query parameters: a choice survives a change of page and a reload, and a link can
    carry it. Languages show their codes, in capitals by the style: the top bar is narrow on a phone.
    """
    with st.container(key="language_switch", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="projector_size", width="content"):
            larger = st.toggle(
                f":material/connected_tv: {_('Projector size')}",
                key=session_keys.PROJECTOR_SIZE,
                bind="query-params",
                help=_("Larger type and charts on every page, for a class that reads from the back."),
            )
        st.segmented_control(
            _("Language"),
            list(LANGUAGES),
            default=browser_language(),
            required=True,
            key=session_keys.LANGUAGE,
            bind="query-params",
            label_visibility="collapsed",
        )
        theme_switch()
    if larger:
        st.html(ASSETS / "projector_size.css")


def release_video_set_aside(url_path: str) -> None:
    """Up to a gigabyte that only a drop area in sight could bring back.

    Args:
        url_path: of the page that is shown.
    """
    if url_path != "videos":
        st.session_state.pop(session_keys.VIDEO_SET_ASIDE, None)
