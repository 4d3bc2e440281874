"""Beside the video: a card for each face, or a sentence on why there is none."""

from __future__ import annotations

import streamlit as st

from fer_core.live.session import LiveSession, LiveSettings
from fer_core.store.network import NetworkInfo
from pages.ui.face_cards import blank_card, face_cards
from pages.ui.guard import guarded_page, show_error
from pages.ui.live.status import SECONDS_BETWEEN_BARS, no_card_because
from pages.ui.live.stream import camera_lost, renewal_wait
from pages.webcam.hints import (
    face_memory,
    neutral_changes,
    neutral_controls,
    neutral_failures,
    quality_notes,
)


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
            blank_card(labels, no_card_because(session, playing, result, settings.search, stream))
        else:
            shipped = isinstance(settings.network, NetworkInfo)
            changes = neutral_changes(result, session.baselines) if shipped else {}
            notes, away = quality_notes(session.latest, face_memory(), settings.search)
            small = [face.number for face in result.faces if face.too_small]
            face_cards(result.faces, result.labels, notes, changes, small)
            for text in away:
                st.caption(f":material/info: {text}")
            if shipped:  # a network of the lab has no neutral expression of its own
                neutral_controls(result, session.baselines, changes)
        neutral_failures(session.baselines)

    bars()
