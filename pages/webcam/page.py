"""Webcam: live video with a box and a label at each face, bars beside it, and two ways without live video."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from fer_core.live.session import LiveSession, LiveSettings
from pages.ui.access import is_shared
from pages.ui.blocks import no_network_card, page_header
from pages.ui.certainty import unsure_term
from pages.ui.guard import guarded_page
from pages.ui.i18n import _
from pages.ui.network_choice import choose_expressions, damaged_networks_note
from pages.webcam.bars import live_bars
from pages.webcam.hints import forget_faces
from pages.webcam.projector import projector_switch
from pages.webcam.settings import settings_from_reader
from pages.webcam.steps import live_steps
from pages.webcam.still_photo import without_live_video
from pages.webcam.stream import has_place, renewal_wait, webcam_stream
from pages.webcam.timeline import freeze_button, last_minute, session_summary

SESSION = "webcam_session"
STREAM = "webcam_stream"


def session_for(settings: LiveSettings) -> LiveSession:
    """The viewer's own, with these settings from its next frame on."""
    if SESSION not in st.session_state:
        st.session_state[SESSION] = LiveSession(settings)
    session: LiveSession = st.session_state[SESSION]
    session.configure(settings)
    return session


def permission_hint() -> None:
    """What the browser says about a camera comes in its own words, and Raut cannot hear it."""
    with st.container(border=True, key="webcam_permission"):
        st.markdown(
            ":material/videocam: "
            + _(
                "**The browser asks before it gives this page the camera.** Press Start, then choose "
                "Allow.\n\nNothing happens, or an error appears? If the camera was refused before, click the "
                "camera sign in the address bar and allow it. Check that the camera is plugged in, and close "
                "other programs that use it. Or take one of the two ways below."
            )
        )


def nothing_is_recorded() -> None:
    """Said on the page itself, where people look into a camera."""
    if is_shared():
        promise = _(
            "No picture is recorded. Each one goes encrypted to the computer that serves this page, is "
            "analysed there and forgotten at once."
        )
    else:
        promise = _(
            "No picture is recorded. Each one is analysed on this computer and forgotten at once; the figures stay "
            "in this page until it is closed."
        )
    st.caption(f":material/lock: {promise}")


def render() -> None:
    page_header(
        _("Live with the webcam"),
        _("Look into the camera. Each face gets a box, a number and the expression that it resembles."),
    )
    st.html(Path(__file__).with_name("webcam.css"))
    damaged_networks_note()
    picture, beside = st.columns([2, 1], gap="medium")
    with beside:
        task = choose_expressions()
        bars_place, term_place = st.container(key="webcam_bars"), st.container()
    with picture:
        stream_place, hint_place = st.container(key="webcam_stream_place"), st.container()
        switch_place = st.container()
        nothing_is_recorded()
        settings = settings_from_reader(task)
    if settings is None:
        no_network_card()
        return
    session = session_for(settings)
    playing = False
    with stream_place, guarded_page():
        playing = webcam_stream(session, key=STREAM)
    newest = session.latest.get()
    with switch_place:
        projector_switch(newest.frame_size if newest else None)
    if not playing:
        session.latest.clear()
        forget_faces()
        if has_place(session):
            with hint_place:
                permission_hint()
    # Before the bars and outside of their container: on a busy computer, what shared it with a part that
    # renews itself was seen to vanish.
    with term_place:
        unsure_term(settings.network)
    with bars_place:
        live_bars(session, playing, settings.network, STREAM)
    wait = renewal_wait(STREAM)
    with picture:
        with guarded_page():
            freeze_button(session, playing)
        last_minute(session, playing, settings.network, wait)
    live_steps(session, playing, settings, wait)
    session_summary(session, playing)
    without_live_video(settings.network)


render()
