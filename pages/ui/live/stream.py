"""A camera's video through the browser: the only file that imports `streamlit_webrtc` and `av`.

`RAUT_ICE_SERVERS` names servers that help two networks to reach each other (STUN, TURN), as JSON in the
browser's form: `[{"urls": "turn:example.org:3478", "username": "u", "credential": "c"}]`. Unset, there are
none: on one computer and within one network none is needed, and nobody outside is asked.

`RAUT_LIVE_VIEWERS` says how many may have live video at once; unset, four.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import streamlit as st

from fer_core.errors import N_, RautError
from fer_core.live.pace import Pace
from fer_core.live.viewers import Viewers
from fer_core.places import ICE_SERVERS_VARIABLE, VIEWERS_VARIABLE, setting
from pages.ui.i18n import _
from pages.ui.live.component_words import ERRORS, camera_denied, camera_missing, words_of_the_component
from pages.ui.streamlit_inside import forget_old_connection, wants_video

if TYPE_CHECKING:
    import av

    from fer_core.live.session import LiveSession

logger = logging.getLogger(__name__)

DEFAULT_VIEWERS = 4

LOST_AFTER_S = 4.0
"""Seconds without a frame after which the camera counts as lost: over a slow network frames pause for two."""

CONSTRAINTS: dict[str, Any] = {
    "audio": False,  # unasked, the component would want the microphone too
    "video": {"width": {"ideal": 640}, "height": {"ideal": 480}, "frameRate": {"ideal": 30, "max": 30}},
}
"""What is asked of the camera: its frames are analysed one by one, so more pixels would only be slower."""


def ice_servers() -> list[dict[str, Any]]:
    """Servers from `RAUT_ICE_SERVERS`; none when it is unset.

    Raises:
        RautError: the variable holds something else than a JSON list of servers.
    """
    text = setting(ICE_SERVERS_VARIABLE)
    if not text:
        return []
    try:
        servers = json.loads(text)
    except ValueError:
        servers = None
    if not isinstance(servers, list) or not all(isinstance(s, dict) and s.get("urls") for s in servers):
        raise RautError(
            N_(
                "The setting {variable} cannot be read. Expected a JSON list such as {example}. "
                "Correct it, or remove it to use none."
            ),
            variable=ICE_SERVERS_VARIABLE,
            example='[{"urls": "stun:example.org:3478"}]',
        )
    return servers


def viewer_limit() -> int:
    """How many may have live video at once: `RAUT_LIVE_VIEWERS`, or four.

    Raises:
        RautError: the variable holds something else than a whole number above 0.
    """
    text = setting(VIEWERS_VARIABLE)
    if not text:
        return DEFAULT_VIEWERS
    if not text.isdecimal() or int(text) < 1:
        raise RautError(
            N_(
                "The setting {variable} cannot be read. Expected a whole number above 0, such as {example}. "
                "Correct it, or remove it."
            ),
            variable=VIEWERS_VARIABLE,
            example=str(DEFAULT_VIEWERS),
        )
    return int(text)


VIEWERS = Viewers(viewer_limit)
"""Of this whole server, whatever browser they use."""


def has_place(session: LiveSession) -> bool:
    """Whether this viewer's video runs or may be started now."""
    return VIEWERS.has_room(session)


def place_lost(session: LiveSession) -> bool:
    """Whether others took this viewer's place while no frame came; the analysis goes on once one is free."""
    return VIEWERS.lapsed(session)


def connection_lost(key: str) -> bool:
    """Whether the server's end of a video is closed, of which the browser may not know yet."""
    flow: FrameFlow | None = st.session_state.get(f"{key}_flow")
    return flow is not None and flow.ended


def renewal_wait(key: str) -> float:
    """How many times as long as usual to wait between two renewals of what stands beside the video."""
    flow: FrameFlow | None = st.session_state.get(f"{key}_flow")
    return 1.0 if flow is None else flow.wait


def camera_lost(session: LiveSession) -> bool:
    """Whether a running video gets no frames any more, as when the camera was unplugged."""
    return VIEWERS.quiet_s(session) > LOST_AFTER_S


class FrameFlow:
    """The way of one viewer's frames: from the browser through the analysis and back. Its own thread calls it.

    Args:
        session: analyses the frames.
        viewers: counts who watches.
    """

    def __init__(self, session: LiveSession, viewers: Viewers = VIEWERS) -> None:
        self._session = session
        self._viewers = viewers
        self._pace = Pace()
        self._count = 0
        self._newest: av.VideoFrame | None = None
        self._failed = False
        self.ended = False
        """Whether the video ended; a page sets it back before a new start."""

    @property
    def wait(self) -> float:
        """As in `Effort`."""
        return self._pace.effort.wait

    def on_frame(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The frame with what was found drawn in, smaller while frames come late.

        Never raises, which would end the video: a frame that cannot be worked on goes back as it came.
        """
        try:
            worked_on = self._worked_on(frame)
        except Exception:  # any failure here would end the video
            if not self._failed:  # once for each run of such frames, not thirty times a second
                logger.exception("A frame of the live video cannot be worked on: %s", frame)
            self._failed = True
            return frame
        self._failed = False
        return worked_on

    def on_ended(self) -> None:
        """Stopped, page left, tab closed or connection lost: free everything, the place included."""
        self.ended = True
        self._viewers.leave(self._session)
        self._session.close()
        self._newest = None
        self._pace = Pace()

    def _worked_on(self, frame: av.VideoFrame) -> av.VideoFrame:
        import av

        if not self._viewers.enter(self._session):
            # The place went to another while no frame came: the video goes on, the analysis waits.
            self._session.latest.clear()
            return frame
        begin_s = time.monotonic()
        effort = self._pace.effort
        self._count += 1
        if self._newest is not None and self._count % effort.every:
            return self._newest
        drawn_bgr = self._session.process(_shrunk(frame.to_ndarray(format="bgr24"), effort.longest_side))
        self._newest = av.VideoFrame.from_ndarray(drawn_bgr, format="bgr24")
        if frame.time is not None:
            self._pace.note(frame.time, begin_s, time.monotonic() - begin_s)
        return self._newest


def _shrunk(frame_bgr: np.ndarray, longest_side: int | None) -> np.ndarray:
    """At most that many pixels wide and high; even in both, as the codec likes it."""
    height, width = frame_bgr.shape[:2]
    if longest_side is None or max(height, width) <= longest_side:
        return frame_bgr
    scale = longest_side / max(height, width)
    size = [max(2, 2 * round(side * scale / 2)) for side in (width, height)]
    return cv2.resize(frame_bgr, size, interpolation=cv2.INTER_AREA)


def _all_places_taken(key: str, otherwise: str) -> None:
    st.info(
        _(
            "**Live video is in full use just now.** As many people watch as Raut can serve. Wait until "
            "somebody presses Stop, then try again."
        )
        + f" {otherwise}",
        icon=":material/group:",
    )
    st.button(_("Try again"), icon=":material/refresh:", key=f"{key}_try_again")


def webcam_stream(session: LiveSession, key: str, otherwise: str) -> bool:
    """Start and stop button, choice of the camera, and the video with what was found drawn in.

    Args:
        session: gets the frames, in a thread of its own; freed when the video ends.
        key: session key of the component.
        otherwise: what the page has that works without live video, as a translated sentence.

    Returns:
        Whether the video is running.

    Raises:
        RautError: `RAUT_ICE_SERVERS` or `RAUT_LIVE_VIEWERS` cannot be read.
    """
    from streamlit_webrtc import WebRtcMode, webrtc_streamer
    from streamlit_webrtc.component import generate_frontend_component_key

    # Who lost the place keeps the video: with the next frame after a place is free, the analysis goes on.
    if not (VIEWERS.enter(session) or place_lost(session) if wants_video(key) else has_place(session)):
        # Without the component the browser lets go of the camera.
        _all_places_taken(key, otherwise)
        return False
    said = st.session_state.get(generate_frontend_component_key(key))
    forget_old_connection(key, said.get("sdpOffer") if isinstance(said, Mapping) else None)
    flow: FrameFlow = st.session_state.setdefault(f"{key}_flow", FrameFlow(session))
    context = webrtc_streamer(
        key=key,
        mode=WebRtcMode.SENDRECV,
        # An empty list is not the same as none at all, which would fall back to a public server.
        rtc_configuration={"iceServers": ice_servers()},
        media_stream_constraints=CONSTRAINTS,
        video_frame_callback=flow.on_frame,
        on_video_ended=flow.on_ended,
        async_processing=True,
        media_toggle_controls=False,
        video_html_attrs={
            "autoPlay": True,
            "controls": False,
            "muted": True,
            "style": {"width": "100%", "borderRadius": "0.6rem"},
        },
        translations={
            "start": _("Start"),
            "stop": _("Stop"),
            "select_device": _("Choose camera"),
            "select_camera": _("Camera"),
            "media_api_not_available": f"{_(ERRORS['insecure'])} {otherwise}",
            "device_ask_permission": _(
                "The browser asks whether this page may use the camera. Choose Allow."
            ),
            "device_not_available": camera_missing(),
            "device_access_denied": camera_denied(),
        },
    )
    words_of_the_component(otherwise)
    if not context.state.playing:
        flow.ended = False
        if not context.state.signalling:
            VIEWERS.leave(session)
    return bool(context.state.playing)
