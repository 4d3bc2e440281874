"""The one video of the page Lab: the network in use reads its faces, and what is recorded comes from it."""

from __future__ import annotations

import logging
import time
from typing import Final

import cv2
import numpy as np
import streamlit as st

from fer_core.faces.detection import crop_as_read
from fer_core.faces.search import DEFAULT_LIVE_DETECTOR, live_search
from fer_core.lab.bursts import FaceStore
from fer_core.lab.desk import Desk
from fer_core.lab.recognizer import open_network
from fer_core.live.session import LiveSession, LiveSettings
from fer_core.recognition.answers import Answerer
from fer_core.recognition.frames import LiveFace, LiveResult
from pages.ui.blocks import no_network_card
from pages.ui.captions import captions
from pages.ui.face_cards import blank_card, face_cards
from pages.ui.guard import guarded_page, show_error
from pages.ui.i18n import _
from pages.ui.live import stream
from pages.ui.live.status import LIVE_STYLE, SECONDS_BETWEEN_BARS, no_card_because, permission_hint
from pages.ui.live.stream import camera_lost, has_place, renewal_wait
from pages.ui.network_choice import first_network

logger = logging.getLogger(__name__)

STREAM: Final = "lab_stream"
SESSION: Final = "lab_session"
_RUNS: Final = "lab_video_runs"
_RED_BGR: Final = (40, 40, 220)


class RecordingSession(LiveSession):
    """Live video whose faces are kept while something is recorded. Thread-safe.

    Args:
        settings: what to start with.
        faces: take what is recorded.
    """

    def __init__(self, settings: LiveSettings, faces: FaceStore) -> None:
        super().__init__(settings, open_network)
        self._faces = faces
        self._failed = False
        self.search = settings.search
        """How faces are looked for."""

    def configure(self, settings: LiveSettings) -> None:
        """As in `LiveSession`."""
        super().configure(settings)
        self.search = settings.search

    def keep_in(self, faces: FaceStore) -> None:
        """Record into this store from now on."""
        self._faces = faces

    def process(self, frame_bgr: np.ndarray) -> np.ndarray:
        """As in `LiveSession`; while something is recorded, the largest face is kept and a red mark is in the picture.

        Never raises, which would end the video.
        """
        drawn_bgr = super().process(frame_bgr)
        try:
            return self._recorded(drawn_bgr)
        except Exception:  # any failure here would end the video
            if not self._failed:  # once for each run of such frames
                logger.exception("A face of the live video cannot be kept")
            self._failed = True
            return drawn_bgr

    def close(self) -> None:
        """As in `LiveSession`; a recording ends with the video."""
        self._faces.stop()
        super().close()

    def _recorded(self, drawn_bgr: np.ndarray) -> np.ndarray:
        recording = self._faces.recording
        if recording is None:
            return drawn_bgr
        newest = self.latest.with_frame()
        face = None if newest is None else largest_face(newest[0])
        if newest is not None and face is not None:
            frame_gray = cv2.cvtColor(newest[1], cv2.COLOR_BGR2GRAY)
            crop_gray = crop_as_read(frame_gray, face.box_xyxy, face.turn_degrees, self.search)
            self._faces.add(crop_gray, time.monotonic())
        height = drawn_bgr.shape[0]
        radius = max(3, height // 28)
        cv2.circle(drawn_bgr, (2 * radius, 2 * radius), radius, _RED_BGR, -1, cv2.LINE_AA)
        self._failed = False
        return drawn_bgr


def largest_face(result: LiveResult) -> LiveFace | None:
    """The face that is recorded: the largest one that is near enough to be read; None where there is none."""
    faces = [face for face in result.faces if not face.too_small]

    def area(face: LiveFace) -> int:
        left, top, right, bottom = (int(value) for value in face.box_xyxy)
        return (right - left) * (bottom - top)

    return max(faces, key=area, default=None)


def lab_video(desk: Desk, otherwise: str) -> bool:
    """Start and stop button and the video, read by the network in use; to be called at one place of the page.

    Args:
        desk: of this visitor; its faces take what is recorded.
        otherwise: what the page has that works without live video, as a translated sentence.

    Returns:
        Whether the video runs.
    """
    st.session_state[_RUNS] = False
    st.html(LIVE_STYLE)
    network = answerer_in_use(desk)
    if network is None:
        no_network_card()
        return False
    session = _session_of(desk, network)
    playing = False
    with st.container(key="lab_video", gap="small"), guarded_page():
        playing = stream.webcam_stream(session, STREAM, otherwise)  # tests put another one there
    st.session_state[_RUNS] = playing
    if not playing:
        session.latest.clear()
        if has_place(session):
            permission_hint(otherwise)
    return playing


def answerer_in_use(desk: Desk) -> Answerer | None:
    """The network of the desk that is tried, else the one that ships; None where there is neither."""
    return desk.network_in_use or first_network()


def video_runs() -> bool:
    """Whether the video runs, as the page has called it in this run."""
    return bool(st.session_state.get(_RUNS))


def lab_session() -> RecordingSession | None:
    """The visitor's live video; None before the page has called it."""
    session: RecordingSession | None = st.session_state.get(SESSION)
    return session


def lab_bars(desk: Desk) -> None:
    """A card with the answers of the network in use for each face of the video; to be called after `lab_video`, or on a
    page where the video stands elsewhere.

    Args:
        desk: of this visitor.
    """
    network = answerer_in_use(desk)
    if network is None:
        return
    playing, labels = video_runs(), network.labels
    wait = renewal_wait(STREAM)

    @st.fragment(run_every=SECONDS_BETWEEN_BARS * wait if playing else None)
    @guarded_page()
    def bars() -> None:
        session = lab_session()
        if playing and renewal_wait(STREAM) != wait:
            st.rerun()  # how often a part renews itself is settled when the whole page runs
        result = session.show() if session is not None and playing else None
        if session is None:
            blank_card(labels, _("Press Start. Each face gets a card like this one."))
        elif playing and session.error is not None:
            show_error(session.error)
        elif result is None or not result.faces or camera_lost(session) or session.watch.is_flat():
            blank_card(labels, why_no_face(session, playing, result))
        else:
            small = [face.number for face in result.faces if face.too_small]
            notes = dict.fromkeys(small, _("Too far away to be read. Come closer to the camera."))
            face_cards(result.faces, result.labels, notes, too_small=small)

    bars()


def why_no_face(session: RecordingSession, playing: bool, result: LiveResult | None) -> str:
    """Why no face of the video is shown, and what to do."""
    return no_card_because(session, playing, result, session.search, STREAM)


def _session_of(desk: Desk, network: Answerer) -> RecordingSession:
    settings = LiveSettings(
        network, live_search("normal", DEFAULT_LIVE_DETECTOR), captions(network.labels), mirrored=True
    )
    session = lab_session()
    if session is None:
        session = st.session_state[SESSION] = RecordingSession(settings, desk.faces)
    session.configure(settings)
    session.keep_in(desk.faces)
    return session
