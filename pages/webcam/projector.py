"""What of the page is in sight beside a running video, and projector mode: picture, bars at its sides, one sentence.

What is not in sight is hidden and not left out: a part that moves in the page would start the video anew.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui.i18n import _

PROJECTED = "webcam_projected"
RUNNING_STYLE = Path(__file__).with_name("running.css")
PROJECTOR_STYLE = Path(__file__).with_name("projector.css")


def is_projected() -> bool:
    """Whether the page is in projector mode."""
    return bool(st.session_state.get(PROJECTED))


def fit_to_screen(frame_size: tuple[int, int] | None, playing: bool) -> None:
    """Arrange the page so that picture, buttons and bars are in sight without scrolling.

    Args:
        frame_size: width and height of the video in pixels; None where no frame has come yet.
        playing: whether the video runs; while it does not, only projector mode changes the page.
    """
    if not (playing or is_projected()):
        return
    width, height = frame_size or (4, 3)
    style = PROJECTOR_STYLE if is_projected() else RUNNING_STYLE
    st.html(f"<style>:root {{ --ratio: {width / height:.3f}; }}\n{style.read_text(encoding='utf-8')}</style>")


def projector_switch() -> None:
    """The button into projector mode, or out of it; Escape leaves it as well."""
    if is_projected():
        st.button(
            _("Leave projector mode"),
            icon=":material/fullscreen_exit:",
            key="webcam_projector_off",
            on_click=_set,
            args=(False,),
            shortcut="Esc",
        )
        return
    st.button(
        _("Projector mode"),
        icon=":material/fullscreen:",
        key="webcam_projector_on",
        on_click=_set,
        args=(True,),
        help=_("Picture and bars across the page, to be read from ten metres."),
    )


def projector_sentence() -> None:
    """What a class must know of all that it sees; in projector mode only."""
    if is_projected():
        with st.container(key="webcam_sentence"):
            st.markdown(_("An expression is what a face resembles, not what a person feels."))


def _set(projected: bool) -> None:
    st.session_state[PROJECTED] = projected
