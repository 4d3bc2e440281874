"""The camera's video through the browser: the only file that imports `streamlit_webrtc` and `av`.

`RAUT_ICE_SERVERS` names servers that help two networks to reach each other (STUN, TURN), as JSON in the
browser's form: `[{"urls": "turn:example.org:3478", "username": "u", "credential": "c"}]`. Unset, there are
none: on one computer and within one network none is needed, and nobody outside is asked.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from fer_core.errors import N_, RautError
from pages.ui.i18n import _

if TYPE_CHECKING:
    import av

    from fer_core.recognition.live import LiveSession

ICE_SERVERS_VARIABLE = "RAUT_ICE_SERVERS"

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
    text = os.environ.get(ICE_SERVERS_VARIABLE, "").strip()
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


def _on_frame(session: LiveSession, frame: av.VideoFrame) -> av.VideoFrame:
    import av

    drawn_bgr = session.process(frame.to_ndarray(format="bgr24"))
    return av.VideoFrame.from_ndarray(drawn_bgr, format="bgr24")


def webcam_stream(session: LiveSession, key: str) -> bool:
    """Start and stop button, choice of the camera, and the video with what was found drawn in.

    Args:
        session: gets the frames, in a thread of its own; freed when the video ends.
        key: session key of the component.

    Returns:
        Whether the video is running.

    Raises:
        RautError: `RAUT_ICE_SERVERS` cannot be read.
    """
    from streamlit_webrtc import WebRtcMode, webrtc_streamer

    on_frame: Callable[[av.VideoFrame], av.VideoFrame] = partial(_on_frame, session)
    context = webrtc_streamer(
        key=key,
        mode=WebRtcMode.SENDRECV,
        # An empty list is not the same as none at all, which would fall back to a public server.
        rtc_configuration={"iceServers": ice_servers()},
        media_stream_constraints=CONSTRAINTS,
        video_frame_callback=on_frame,
        on_video_ended=session.close,
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
            "media_api_not_available": _("This browser gives no camera to this page."),
            "device_ask_permission": _(
                "The browser asks whether this page may use the camera. Choose Allow."
            ),
            "device_not_available": _("No camera was found."),
            "device_access_denied": _("The browser does not allow this page to use the camera."),
        },
    )
    return bool(context.state.playing)
