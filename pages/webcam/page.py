"""Webcam: live video with a box and a label at each face, bars beside it, and two ways without live video."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from fer_core.faces.search import FaceSearch, photo_search
from fer_core.lab.recognizer import open_network
from fer_core.live.session import LiveSession, LiveSettings
from fer_core.store.network import NetworkInfo
from pages.ui.access import is_shared
from pages.ui.blocks import no_network_card, page_header
from pages.ui.certainty import unsure_term
from pages.ui.guard import escape_markdown, guarded_page
from pages.ui.i18n import _
from pages.ui.live.status import LIVE_STYLE, permission_hint
from pages.ui.live.stream import has_place, renewal_wait, webcam_stream
from pages.ui.network_choice import choose_expressions, damaged_networks_note, network_name
from pages.ui.resources import AnyNetwork
from pages.ui.streamlit_inside import DeltaGenerator
from pages.webcam.bars import live_bars
from pages.webcam.freeze import (
    FrozenFrame,
    freeze_button,
    frozen_bars,
    frozen_details,
    frozen_frame,
    frozen_picture,
)
from pages.webcam.hints import forget_faces
from pages.webcam.projector import fit_to_screen, projector_sentence, projector_switch
from pages.webcam.settings import settings_from_reader
from pages.webcam.steps import Still, live_steps
from pages.webcam.still_photo import without_live_video
from pages.webcam.timeline import last_minute, session_summary

SESSION = "webcam_session"
STREAM = "webcam_stream"


def session_for(settings: LiveSettings) -> LiveSession:
    """The viewer's own, with these settings from its next frame on."""
    if SESSION not in st.session_state:
        st.session_state[SESSION] = LiveSession(settings, open_network)
    session: LiveSession = st.session_state[SESSION]
    session.configure(settings)
    return session


def two_ways_below() -> str:
    """What a reader without live video is told at the end of each sentence on why there is none."""
    return _("Or take one of the two ways below: they work at once.")


def nothing_is_recorded() -> None:
    """Said on the page itself, where people look into a camera."""
    if is_shared():
        promise = _(
            "No picture is recorded. Each one goes encrypted to the computer that serves this page, is "
            "analysed there and deleted at once."
        )
    else:
        promise = _(
            "No picture is recorded. Each one is analysed on this computer and deleted at once; the figures "
            "stay in this page until it is closed."
        )
    st.caption(f":material/lock: {promise}")


def render() -> None:
    page_header(
        _("Live with the webcam"),
        _("Look into the camera. Each face gets a box, a number and the expression that it resembles most."),
    )
    st.html(LIVE_STYLE)
    st.html(Path(__file__).with_name("webcam.css"))
    picture, beside = st.columns([2, 1], gap="medium")
    with beside:
        bars_place = st.container(key="webcam_bars")
        task = choose_expressions(lab=True)
        term_place = st.container()
    with picture:
        stream_place, frozen_place = (
            st.container(key="webcam_stream_place"),
            st.container(key="webcam_frozen"),
        )
        hint_place = st.container()
        controls_place = st.container(key="webcam_controls", horizontal=True)
        sentence_place = st.container()
        details_place = st.container()
        nothing_is_recorded()
        damaged_networks_note()
        settings = settings_from_reader(task)
    if settings is None:
        no_network_card()
        return
    session = session_for(settings)
    search = photo_search(settings.search.effort, settings.search.detector)
    playing = False
    with stream_place, guarded_page():
        playing = webcam_stream(session, key=STREAM, otherwise=two_ways_below())
    newest = session.latest.get()
    fit_to_screen(newest.frame_size if newest else None, playing)
    frozen = frozen_frame(playing)
    with controls_place:
        projector_switch()
        with guarded_page():
            freeze_button(session, frozen, settings.mirrored, playing)
    with sentence_place:
        projector_sentence()
    if not playing:
        session.latest.clear()
        forget_faces()
        if has_place(session):
            with hint_place:
                permission_hint(two_ways_below())
    # Before the bars and outside of their container: on a busy computer, what shared it with a part that
    # renews itself was seen to vanish.
    with term_place:
        if isinstance(settings.network, NetworkInfo):
            unsure_term(settings.network)
        else:
            st.markdown(
                ":material/science: "
                + _("The network {network} answers.").format(
                    network=f"**{escape_markdown(network_name(settings.network))}**"
                )
            )
            st.caption(
                _(
                    "With a network of the lab there is no neutral baseline and no table of shares; they are made for the "
                    "expressions of FER2013 and FER+."
                )
            )
    still = None
    if frozen is None:
        with bars_place:
            live_bars(session, playing, settings, STREAM)
    else:
        still = _show_frozen(frozen, settings.network, search, frozen_place, bars_place, details_place)
    wait = renewal_wait(STREAM)
    with picture:
        last_minute(session, playing, settings.network, wait)
    live_steps(session, playing, settings, wait, still)
    session_summary(session, playing)
    without_live_video(settings.network, search)


def _show_frozen(
    frozen: FrozenFrame,
    network: AnyNetwork,
    search: FaceSearch,
    picture_place: DeltaGenerator,
    bars_place: DeltaGenerator,
    details_place: DeltaGenerator,
) -> Still | None:
    """The frame in place of the video and of its bars, and what the network saw below."""
    finding = None
    with picture_place, guarded_page():
        finding = frozen_picture(frozen, network, search)
    with bars_place:
        frozen_bars(finding, network)
    if finding is None:
        return None
    with details_place, guarded_page():
        frozen_details(frozen, finding, network)
    return Still(frozen.frame_bgr, finding.result.faces, finding.result.labels, search)


render()
