"""Below the video: what is being recorded, how many faces of it there are, and whether a face is in sight."""

from __future__ import annotations

import html
from typing import Final

import streamlit as st

from fer_core.lab.bursts import FaceStore
from fer_core.lab.desk import Desk
from pages.lab.own.bursts import finished_bursts
from pages.lab.video import STREAM, lab_session, largest_face, video_runs, why_no_face
from pages.ui.guard import guarded_page
from pages.ui.i18n import _, format_number, ngettext
from pages.ui.live.status import SECONDS_BETWEEN_BARS
from pages.ui.live.stream import camera_lost, renewal_wait

_SHOWN: Final = "lab_bursts_shown"


def note_shown(faces: FaceStore) -> None:
    """The page shows the bursts that there are now."""
    st.session_state[_SHOWN] = _finished(faces)


def recording_status(desk: Desk) -> None:
    """Renewed while the video runs. The page runs again once a recording has ended, by itself or otherwise.

    Args:
        desk: whose faces are recorded.
    """
    playing, wait = video_runs(), renewal_wait(STREAM)
    if not playing:
        return

    @st.fragment(run_every=SECONDS_BETWEEN_BARS * wait)
    @guarded_page()
    def status() -> None:
        if renewal_wait(STREAM) != wait or st.session_state.get(_SHOWN) != _finished(desk.faces):
            st.rerun()
        recording = desk.faces.recording
        sight = _sight()
        if recording is None:
            st.html(f'<p class="raut-lab-status">{html.escape(sight or _seen())}</p>')
            return
        count = ngettext("{n} face", "{n} faces", recording.faces).format(n=format_number(recording.faces))
        text = _("Recording “{name}”: {faces}").format(name=recording.class_name, faces=count)
        if recording.condition is not None:
            text = f"{text} ({recording.condition})"
        st.html(
            f'<p class="raut-lab-status on" role="status"><i aria-hidden="true"></i><b>{html.escape(text)}</b>'
            f"{html.escape(sight)}</p>"
        )

    status()


def _finished(faces: FaceStore) -> tuple[int, ...]:
    return tuple(burst.id for burst in finished_bursts(faces))


def _sight() -> str:
    """Why no face would be recorded just now; "" where one would."""
    session = lab_session()
    if session is None:
        return ""
    result = session.latest.get()
    if session.error is None and (
        result is None or not result.faces or camera_lost(session) or session.watch.is_flat()
    ):
        return why_no_face(session, True, result)
    if result is not None and largest_face(result) is None:
        return _("The face is too far away to be recorded. Come closer to the camera.")
    return ""


def _seen() -> str:
    session = lab_session()
    result = None if session is None else session.latest.get()
    count = 0 if result is None else len(result.faces)
    if count > 1:
        return _("{n} faces in the picture: the largest is recorded.").format(n=format_number(count))
    return _("A face is in the picture: ready to record.")
