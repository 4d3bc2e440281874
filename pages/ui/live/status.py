"""Beside or below a video: why there is none, or no face in it, in the reader's words."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from fer_core.faces.search import FaceSearch
from fer_core.live.session import LiveSession
from fer_core.recognition.frames import LiveResult
from pages.ui.i18n import _
from pages.ui.live.stream import camera_lost, connection_lost, place_lost

LIVE_STYLE: Final = Path(__file__).with_name("live.css")
"""Of the cards beside a video; a page with live video loads it."""

SECONDS_BETWEEN_BARS: Final = 0.4
"""Fast enough for a changing face, slow enough to read a figure; more while frames come late (`pace.Effort`)."""


def permission_hint(otherwise: str) -> None:
    """What the browser says about a camera comes in its own words, and Raut cannot hear it.

    Args:
        otherwise: what the page has that works without live video, as a translated sentence.
    """
    with st.container(border=True, key="live_permission"):
        st.markdown(
            ":material/videocam: "
            + _(
                "**The browser asks before it gives this page the camera.** Press Start, then choose "
                "Allow.\n\nNothing happens, or an error appears? If the camera was refused before, click the "
                "camera sign in the address bar and allow it. Check that the camera is plugged in, and close "
                "other programs that use it."
            )
            + f" {otherwise}"
        )


def no_card_because(
    session: LiveSession, playing: bool, result: LiveResult | None, search: FaceSearch, stream: str
) -> str:
    """Why no face of a video is shown, and what to do.

    Args:
        session: of this video.
        playing: whether it runs.
        result: the newest one, without a face; None where there is none.
        search: how faces are looked for.
        stream: key of the component.
    """
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
