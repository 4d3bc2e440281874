"""Projector mode: the video across the page, its stop button and one line; all else is hidden.

Hidden and not left out: a part that moves in the page would start the video anew.
"""

from __future__ import annotations

import streamlit as st

from pages.ui.i18n import _

PROJECTED = "webcam_projected"

# The video is as wide as the page unless its stop button would then be below the screen.
_HIDE = """<style>
header, [data-testid="stSidebar"], .st-key-language_switch,
.st-key-page_header, [data-testid="stColumn"]:has(.st-key-webcam_bars),
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] > :not(:has(.st-key-webcam_stream_place)),
[data-testid="stColumn"]:has(.st-key-webcam_stream_place) > [data-testid="stVerticalBlock"]
  > :not(:has(.st-key-webcam_stream_place)):not(.st-key-webcam_stream_place):not(.st-key-webcam_projector):not(:has(.st-key-webcam_projector)) {
  display: none !important;
}
[data-testid="stMainBlockContainer"] { max-width: none; padding: 0.5rem 1rem 0; }
[data-testid="stColumn"]:has(.st-key-webcam_stream_place) { flex: 1 1 100%; max-width: none; }
.st-key-webcam_stream_place, .st-key-webcam_projector {
  width: min(100%, calc((100vh - 9rem) * RATIO)) !important;
  margin-inline: auto;
}
</style>"""


def is_projected() -> bool:
    """Whether the page is in projector mode."""
    return bool(st.session_state.get(PROJECTED))


def projector_switch(frame_size: tuple[int, int] | None) -> None:
    """The button into projector mode, or out of it with one line beside; Escape leaves it as well.

    Args:
        frame_size: width and height of the video in pixels; None where no frame has come yet.
    """
    with st.container(key="webcam_projector", horizontal=True, vertical_alignment="center"):
        if not is_projected():
            st.button(
                _("Projector mode"),
                icon=":material/fullscreen:",
                key="webcam_projector_on",
                on_click=_set,
                args=(True,),
                help=_("The video alone, as large as the page, with text to be read from ten metres."),
            )
            return
        width, height = frame_size or (4, 3)
        st.html(_HIDE.replace("RATIO", f"{width / height:.3f}"))
        st.button(
            _("Leave projector mode"),
            icon=":material/fullscreen_exit:",
            key="webcam_projector_off",
            on_click=_set,
            args=(False,),
            shortcut="Esc",
        )
        st.caption(_("An expression is what a face resembles, not what a person feels."))


def _set(projected: bool) -> None:
    st.session_state[PROJECTED] = projected
