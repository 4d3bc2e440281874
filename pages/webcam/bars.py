"""Beside the video: a card for each face, or a sentence on why there is none."""

from __future__ import annotations

import streamlit as st

from fer_core.faces.search import FaceSearch
from fer_core.live.session import LiveSession, LiveSettings
from fer_core.recognition.frames import LiveResult
from pages.ui.face_cards import blank_card, face_cards
from pages.ui.guard import guarded_page, show_error
from pages.ui.i18n import _
from pages.webcam.hints import (
    face_memory,
    neutral_changes,
    neutral_controls,
    neutral_failures,
    quality_notes,
)
from pages.webcam.stream import camera_lost, connection_lost, place_lost, renewal_wait

SECONDS_BETWEEN_BARS = 0.4
"""Fast enough for a changing face, slow enough to read a figure; more while frames come late (`pace.Effort`)."""


def live_bars(session: LiveSession, playing: bool, settings: LiveSettings, stream: str) -> None:
    """The newest result beside the video, renewed while it runs; a blank card while it does not.

    Args:
        session: whose result is shown.
        playing: whether its video runs.
        settings: the expressions of its network are on the blank card.
        stream: key of the component.
    """
    wait = renewal_wait(stream)

    @st.fragment(run_every=SECONDS_BETWEEN_BARS * wait if playing else None)
    @guarded_page()
    def bars() -> None:
        if playing and renewal_wait(stream) != wait:
            # How often a part renews itself is settled when the whole page runs. `Pace` leaves seconds between
            # its steps.
            st.rerun()
        result = session.show() if playing else None
        if playing and session.error is not None:
            show_error(session.error)
        elif result is None or not result.faces or camera_lost(session) or session.watch.is_flat():
            labels = settings.network.labels if result is None else result.labels
            blank_card(labels, _no_card_because(session, playing, result, settings.search, stream))
        else:
            changes = neutral_changes(result, session.baselines)
            notes, away = quality_notes(session.latest, face_memory(), settings.search)
            small = [face.number for face in result.faces if face.too_small]
            face_cards(result.faces, result.labels, notes, changes, small)
            for text in away:
                st.caption(f":material/info: {text}")
            neutral_controls(result, session.baselines, changes)
        neutral_failures(session.baselines)

    bars()


def _no_card_because(
    session: LiveSession, playing: bool, result: LiveResult | None, search: FaceSearch, stream: str
) -> str:
    if not playing:
        return _("Press Start. Each face gets a card like this one.")
    if place_lost(session):
        return _(
            "While no picture came from your camera, somebody else took your place. Your video is not analysed "
            "now; that goes on by itself as soon as a place is free."
        )
    if connection_lost(stream):
        return _("The connection to this browser is lost. Press Stop, then Start.")
    if result is None:
        return _("Waiting for the first picture …")
    if camera_lost(session):
        return _("No more pictures come from the camera. Is it still connected? Press Stop, then Start.")
    if session.watch.is_flat():
        return _(
            "The camera gives no picture: it is unplugged, covered, or taken by another program. Uncover it or plug "
            "it in, and close other programs that use it. If that does not help, press Stop, then Start."
        )
    if search.uses_blazeface:
        return _("No face in the picture. Look towards the camera, in good light.")
    return _("No face in the picture. Look straight at the camera, in good light.")
